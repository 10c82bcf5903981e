//! CreateKey as plans and templates ask for it: values that KMS does not have.

use kms_alias::model::{Given, Path, Violations};
use kms_alias::{KmsOperation, Refusal};

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
