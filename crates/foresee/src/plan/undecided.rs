//! What cannot be told of a wanted alias, because a key is not described.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use super::wants::Open;
use crate::verdict::{Need, Outcome, Possible};
use kms_alias::{AnyAliasName, Rule, TargetKeyId};

/// An alias of which it cannot be told whether, or in which way, it can have the key that is wanted:
/// this depends on a key that is not described (rule I6).
///
/// ```
/// use kms_alias_foresee::verdict::{Conclusion, Fact, Need};
/// use kms_alias_foresee::{Plan, PlanOptions, Wanted};
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyId, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// let mut table = AliasTable::new(scope);
/// table.insert_undescribed_key(key_id)?; // `list-keys` names it
/// let wanted = Wanted::from_iter([(AliasName::from_static("alias/payments"), key_id)]);
/// let no_plan = Plan::new(&table, &wanted, PlanOptions::default(), at).unwrap_err();
///
/// assert_eq!(no_plan.conclusion(), Conclusion::Undecided);
/// let [undecided] = no_plan.undecided() else { unreachable!() };
/// assert_eq!(undecided.alias_name(), "alias/payments");
/// assert_eq!(undecided.target_key_id().key_id(), key_id);
/// let fact = Fact::KeyState; // it could be pending deletion (rule T5)
/// assert!(undecided.needs().contains(&Need::Key { key: key_id.to_string().into(), fact }));
/// assert!(undecided.settle()[0].starts_with("aws kms describe-key --key-id 1234abcd-"));
/// assert!(undecided.could_be().len() > 1 && !undecided.may_need_gap());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    alias_name: AnyAliasName,
    target_key_id: TargetKeyId,
    needs: Vec<Need>,
    could_be: Vec<Possible>,
    settle: Vec<Box<str>>,
    may_need_gap: bool,
}

impl Undecided {
    /// Of a request whose outcome this is.
    pub(super) fn of(open: &Open, outcome: Outcome) -> Self {
        let (needs, mut could_be, settle) = match outcome {
            Outcome::Ok => (Vec::new(), Vec::new(), Vec::new()),
            Outcome::Refused { could_be } => {
                let answers = could_be.into_iter().map(Possible::Refused);
                (Vec::new(), answers.collect(), Vec::new())
            }
            Outcome::Undecided {
                needs,
                could_be,
                settle,
            } => (needs, could_be, settle),
        };
        let before = could_be.len();
        could_be.retain(|possible| !is_for_a_gap(possible));
        let may_need_gap = could_be.len() < before;
        if may_need_gap && !could_be.contains(&Possible::Ok) {
            could_be.insert(0, Possible::Ok);
        }
        Self {
            alias_name: open.alias_name.clone().into(),
            target_key_id: open.target,
            needs,
            could_be,
            settle,
            may_need_gap,
        }
    }

    /// The name.
    #[must_use]
    pub const fn alias_name(&self) -> &AnyAliasName {
        &self.alias_name
    }

    /// The key that the name is to have.
    #[must_use]
    pub const fn target_key_id(&self) -> &TargetKeyId {
        &self.target_key_id
    }

    /// What it depends on.
    #[must_use]
    pub fn needs(&self) -> &[Need] {
        &self.needs
    }

    /// What may come out: that the alias gets there, and the refusals that may stand in its way.
    #[must_use]
    pub fn could_be(&self) -> &[Possible] {
        &self.could_be
    }

    /// Commands that would settle it.
    #[must_use]
    pub fn settle(&self) -> &[Box<str>] {
        &self.settle
    }

    /// Whether the alias may have to be deleted and created, with a gap in which its name resolves
    /// to nothing (rules U3, U4).
    #[must_use]
    pub const fn may_need_gap(&self) -> bool {
        self.may_need_gap
    }
}

/// Whether it is a refusal that a delete and a create get round.
const fn is_for_a_gap(possible: &Possible) -> bool {
    match possible {
        Possible::Ok => false,
        Possible::Refused(answer) => matches!(answer.rule, Rule::U3 | Rule::U4),
    }
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (alias_name, target) = (&self.alias_name, &self.target_key_id);
        write!(
            f,
            "whether {alias_name} can have the key {target} is undecided"
        )?;
        for (index, need) in self.needs.iter().enumerate() {
            let separator = if index == 0 { ": it depends on " } else { "; " };
            write!(f, "{separator}{need}")?;
        }
        for (index, command) in self.settle.iter().enumerate() {
            let separator = if index == 0 {
                " (this would help to settle it: "
            } else {
                "; "
            };
            write!(f, "{separator}`{command}`")?;
        }
        f.write_str(if self.settle.is_empty() { "" } else { ")" })
    }
}
