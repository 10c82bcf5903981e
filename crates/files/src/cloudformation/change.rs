//! What changes of a resource that stays under its logical ID.

use alloc::format;
use alloc::string::String;

use super::evaluate::{Evaluated, Part};
use super::stack::Resources;
use super::steps::{Stack, Stepper};
use super::template::{Kind, Resource};
use crate::advice::{Advice, AdviceRule};
use kms_alias_foresee::verdict::{KeyFacts, KeyReference};

/// Properties of a key that CloudFormation refuses to change.
const FIXED: [&str; 5] = [
    "KeySpec",
    "KeyUsage",
    "Origin",
    "MultiRegion",
    "PrimaryKeyArn",
];

impl Stepper<'_, '_> {
    /// What changes of a resource that stays.
    pub(super) fn change(
        &mut self,
        stack: &Stack<'_>,
        old: &Resources<'_>,
        before: &Resource<'_>,
        after: &Resource<'_>,
    ) -> Change {
        if after.kind == Kind::Alias {
            if old.name(before) != stack.new.name(after) {
                return Change::Replace;
            }
            let is_kept = self.is_same_key(stack, &old.target(before), &stack.new.target(after))
                && is_written_alike(
                    &old.value(before, "TargetKeyId"),
                    &stack.new.value(after, "TargetKeyId"),
                );
            return if is_kept {
                Change::None
            } else {
                Change::Update
            };
        }
        for property in FIXED {
            let values = [
                old.value(before, property),
                stack.new.value(after, property),
            ];
            let facts = [old.facts(before), stack.new.facts(after)];
            let (rule, words) = match is_kept(property, &values, &facts) {
                Some(true) => continue,
                Some(false) => (
                    AdviceRule::F9,
                    format!(
                        "the `{property}` of a key cannot be changed, and CloudFormation refuses the update"
                    ),
                ),
                None => (
                    AdviceRule::F8,
                    format!(
                        "it is not known whether the `{property}` of this key changes, and CloudFormation refuses an update that changes it"
                    ),
                ),
            };
            let words = format!("{words}: to make a new key, give it another logical ID");
            let label = self.label(stack, after.logical_id);
            self.advice.push(Advice::about(&label, rule, words));
        }
        match (old.is_enabled(before), stack.new.is_enabled(after)) {
            (Some(before), Some(after)) if before != after => Change::Update,
            _ => Change::None,
        }
    }

    /// Whether a target is what it was: a key that is made is not one that stands.
    fn is_same_key(&self, stack: &Stack<'_>, one: &Evaluated, other: &Evaluated) -> bool {
        let old = self.keys.reference(one);
        let new = self.keys.reference(other);
        let is_new = matches!(other, Evaluated::Text(parts) if parts.iter().any(|part| {
            matches!(part, Part::Key { stack: number, logical_id, .. }
                if *number == stack.number
                    && !stack.old.as_ref().is_some_and(|old| old.all.contains_key(logical_id.as_str())))
        }));
        let id = |reference: &KeyReference| match reference {
            KeyReference::Text(text) => text.rsplit(":key/").next().map(String::from),
            _ => None,
        };
        !is_new && (old == new || (id(&old).is_some() && id(&old) == id(&new)))
    }
}

/// Whether two targets, which name one key, name it in one form, by its ID or by its ARN:
/// CloudFormation asks KMS again where the value changes, though the key is the same.
fn is_written_alike(one: &Evaluated, other: &Evaluated) -> bool {
    let is_arn = |value: &Evaluated| match value {
        Evaluated::Text(parts) => match parts.first()? {
            Part::Known(text) => Some(text.starts_with("arn:")),
            Part::Key { is_arn, .. } => Some(*is_arn),
            Part::Unknown(_) => None,
        },
        _ => None,
    };
    one == other || is_arn(one) == is_arn(other)
}

/// What a change of a resource comes to.
pub(super) enum Change {
    None,
    /// In place.
    Update,
    /// A new one is made, and the old one goes.
    Replace,
}

/// Whether a property keeps its value, the default where it is absent; nothing where that is not known.
fn is_kept(property: &str, values: &[Evaluated; 2], facts: &[KeyFacts; 2]) -> Option<bool> {
    let [before, after] = values;
    if before == after {
        return Some(true);
    }
    let [one, other] = facts;
    match property {
        "KeySpec" => same(one.spec, other.spec),
        "KeyUsage" => same(one.usage, other.usage),
        "Origin" => same(one.origin, other.origin),
        "MultiRegion" => same(one.multi_region, other.multi_region),
        _ => same(before.as_known(), after.as_known()),
    }
}

fn same<T: PartialEq>(one: Option<T>, other: Option<T>) -> Option<bool> {
    Some(one? == other?)
}
