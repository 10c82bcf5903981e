//! CreateKey as plans and templates ask for it: values that KMS does not have.

use kms_alias::model::{Given, Path, Violations};
use kms_alias::{KmsOperation, Refusal};
use kms_alias_foresee::verdict::{Fact, KeyFacts};

/// What the service model says of the members of a CreateKey that are known (rule K7): nothing if each
/// is one of its values.
pub(crate) fn none_of_kms(members: &[(&'static str, Option<&str>)]) -> Option<Refusal> {
    let mut violations = Violations::default();
    for member in KmsOperation::CreateKey.members() {
        let given = members.iter().find(|(name, _)| *name == member.name);
        if let Some((name, Some(text))) = given {
            violations.check(&Path::Member(None, name), member, Given::Text(text));
        }
    }
    violations.or_none().err().map(Refusal::Constraints)
}

/// The state of a new key, where it is not known what the tool does to it: whether the key is to be
/// enabled, or its key material imported, is a value that is not known.
pub(crate) fn open_state(facts: &KeyFacts) -> Option<Fact> {
    let is_open = facts.state.is_none() && facts.enabled.is_none();
    is_open.then_some(Fact::KeyState)
}
