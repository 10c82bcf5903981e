//! What the target of an alias is: an ARN of the stack's own account and Region names what its ID
//! names.

use alloc::vec::Vec;

use super::evaluate::{Evaluated, Part};
use super::stack::Resources;
use super::template::Resource;
use kms_alias_foresee::verdict::Place;

impl Resources<'_> {
    /// The target of an alias; an ARN of the own account and Region by what it is the ARN of.
    pub(super) fn target(&self, alias: &Resource<'_>) -> Evaluated {
        let value = self.value(alias, "TargetKeyId");
        let Evaluated::Text(parts) = &value else {
            return value;
        };
        let resource = own(parts, &self.scope.place).map(Evaluated::Text);
        let resource = resource.filter(|_| value.as_known().is_none());
        let Some(Evaluated::Text(resource)) = &resource else {
            return value;
        };
        match &resource[..] {
            [Part::Known(begin), ..] if begin.starts_with("alias/") => {
                Evaluated::Text(resource.clone())
            }
            [Part::Known(only)] => match only.strip_prefix("key/") {
                Some(key_id) => Evaluated::known(key_id),
                None => value,
            },
            _ => value,
        }
    }
}

/// What an ARN of KMS is of, if its partition, Region and account are those of the stack, known or
/// not.
fn own(parts: &[Part], place: &Place) -> Option<Vec<Part>> {
    let mut rest = parts.to_vec();
    let partition = place.partition();
    let wanted = [
        ("", Some("arn")),
        ("AWS::Partition", partition.as_ref().map(|it| it.as_str())),
        ("", Some("kms")),
        ("AWS::Region", place.region.as_ref().map(|it| it.as_str())),
        (
            "AWS::AccountId",
            place.account.as_ref().map(|it| it.as_str()),
        ),
    ];
    for (pseudo, known) in wanted {
        let (first, after) = split(&rest)?;
        let is_it = match first {
            Part::Known(text) => Some(text.as_str()) == known,
            Part::Unknown(label) => label == pseudo,
            Part::Key { .. } => false,
        };
        if !is_it {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

/// What comes before the first colon, if it is one part, and what comes after.
fn split(parts: &[Part]) -> Option<(Part, Vec<Part>)> {
    let (first, others) = parts.split_first()?;
    if let Part::Known(text) = first {
        let (before, after) = text.split_once(':')?;
        let mut rest = Vec::new();
        if !after.is_empty() {
            rest.push(Part::Known(after.into()));
        }
        rest.extend_from_slice(others);
        return Some((Part::Known(before.into()), rest));
    }
    let (Part::Known(next), others) = others.split_first()? else {
        return None;
    };
    let after = next.strip_prefix(':')?;
    let mut rest = Vec::new();
    if !after.is_empty() {
        rest.push(Part::Known(after.into()));
    }
    rest.extend_from_slice(others);
    Some((first.clone(), rest))
}
