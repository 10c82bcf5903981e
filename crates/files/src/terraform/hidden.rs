//! What Terraform's provider does not show of what KMS answers.

use kms_alias::Rule;
use kms_alias_foresee::verdict::Note;

/// What the provider does with an answer of KMS: the words, and the rules of the refusal.
#[derive(Clone, Copy)]
pub(super) struct Hidden(&'static str, &'static [Rule]);

impl Hidden {
    pub(super) fn note(self) -> Note {
        Note::new(self.0, self.1)
    }
}

pub(super) const HIDDEN_DELETE: Hidden = Hidden(
    "the Terraform provider takes an alias that is not found as deleted: it would not show a refusal with NotFoundException",
    &[Rule::U1],
);
pub(super) const RETRIED_CREATE: Hidden = Hidden(
    "the Terraform provider tries again while the key is not found yet",
    &[Rule::T1],
);
pub(super) const NOT_MADE: Hidden = Hidden(
    "Terraform asks for this alias only once its key is made",
    &[Rule::T1],
);
pub(super) const HIDDEN_SCHEDULE: Hidden = Hidden(
    "the Terraform provider takes a key that is pending deletion or gone as deleted: it would not show that KMS refuses it for that",
    &[Rule::T1, Rule::S8],
);

/// What to do where an alias takes a key by a value of which the plan tells nothing.
pub(super) fn by_any_value() -> Note {
    Note::new(
        "which key it takes by `each.value` a plan does not tell where `for_each` goes over a local or another value \
         that is not in the plan: with `each.key`, or with a variable, it does",
        &[Rule::T1, Rule::T4, Rule::T5, Rule::T6, Rule::U3, Rule::U4],
    )
}
