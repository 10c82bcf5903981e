//! What CloudFormation refuses for its form, without asking KMS: properties that a resource does not have, and
//! values that are no text.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;

use serde_json::Value;

use super::evaluate::{Evaluated, Scope};
use super::loops::TRANSFORM;
use super::stack::Resources;
use super::template::{Kind, Resource, Template};
use crate::fault::Fault;
use crate::near::did_you_mean;

/// The policies by which a resource stays where it is deleted or replaced.
const POLICIES: [&str; 2] = ["DeletionPolicy", "UpdateReplacePolicy"];

/// The properties that a type of resource has, as AWS documents them.
const fn properties_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Alias => &["AliasName", "TargetKeyId"],
        Kind::Key => &[
            "BypassPolicyLockoutSafetyCheck",
            "Description",
            "EnableKeyRotation",
            "Enabled",
            "KeyPolicy",
            "KeySpec",
            "KeyUsage",
            "MultiRegion",
            "Origin",
            "PendingWindowInDays",
            "RotationPeriodInDays",
            "Tags",
        ],
        Kind::ReplicaKey => &[
            "Description",
            "Enabled",
            "KeyPolicy",
            "PendingWindowInDays",
            "PrimaryKeyArn",
            "Tags",
        ],
    }
}

/// What is said of each property that the type of its resource does not have, with the logical ID. AWS may add
/// some, so that it is a warning (ours).
pub(super) fn unknown_properties<'r, 'v>(
    resources: &'r Resources<'v>,
) -> impl Iterator<Item = (&'v str, Box<str>)> + use<'r, 'v> {
    let is_as_written = resources.scope.template.is_as_written();
    let all = resources.all.values().filter(move |_| is_as_written);
    all.flat_map(|resource| {
        let known = properties_of(resource.kind);
        let unknown = resource.properties();
        let unknown = unknown.filter(|(name, _)| !known.contains(name) && !name.starts_with("Fn::"));
        unknown.map(|(name, _)| {
            let kind = resource.kind.name();
            let near = did_you_mean(name, known.iter().copied());
            let words = format!(
                "`{kind}` has no property `{name}` that is known here, and CloudFormation refuses a property that the type \
                 does not have: leave it out{near}"
            );
            (resource.logical_id, words.into())
        })
    })
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Alias => "AWS::KMS::Alias",
            Self::Key => "AWS::KMS::Key",
            Self::ReplicaKey => "AWS::KMS::ReplicaKey",
        }
    }
}

/// Refuses a policy that is no text, which a function is only with the transform that has functions there.
pub(super) fn policies(template: &Template) -> Result<(), Fault> {
    let is_extended = template.transforms().contains(&TRANSFORM);
    for (logical_id, body) in template.section("Resources") {
        for policy in POLICIES {
            let is_allowed = match body.get(policy) {
                None | Some(Value::String(_)) => true,
                Some(Value::Object(_)) => is_extended,
                Some(_) => false,
            };
            if !is_allowed {
                let path = format!("Resources.{logical_id}.{policy}");
                let words = format!(
                    "{path}: a text such as `Retain` is expected here, and a function only with the transform `{TRANSFORM}`: \
                     CloudFormation refuses the template"
                );
                return Err(Fault::in_template(&path, words));
            }
        }
    }
    Ok(())
}

impl Scope<'_> {
    /// What is said of a value on which a verdict can hang, of a resource that is certainly made, if it is no text.
    pub(super) fn no_text(&self) -> Option<Fault> {
        let is_made = |resource: &Resource<'_>| {
            let condition = resource.condition();
            condition.is_none_or(|name| self.condition(name) == Some(true))
        };
        let made = self.template.resources().filter(is_made);
        let as_written = made.filter(|_| self.template.is_as_written());
        as_written.into_iter().find_map(|resource| {
            let place = format!("Resources.{}.Properties", resource.logical_id);
            if resource.has_null_properties() {
                return Some(refused(&place, NULL));
            }
            let written = resource
                .read()
                .filter(|(name, _)| !name.starts_with("Fn::"));
            let mut each = written.map(|(name, value)| (format!("{place}.{name}"), value));
            each.find_map(|(path, value)| {
                let words = self.is_no_text(value)?;
                Some(refused(&path, words))
            })
        })
    }

    fn is_no_text(&self, value: &Value) -> Option<&'static str> {
        if has_null(value) {
            return Some(NULL);
        }
        match self.value(value) {
            Evaluated::List(_) | Evaluated::Json(Value::Array(_)) => {
                Some("this is a list: write one text, or choose one of the list with `Fn::Select`")
            }
            Evaluated::Json(Value::Object(members)) => {
                let is_function = |name: &String| name == "Ref" || name.starts_with("Fn::");
                Some(
                    match members.keys().filter(|name| is_function(name)).count() {
                        0 => "this is a map, and no function",
                        1 => "this is a function with something beside it: leave that out",
                        _ => "these are two functions: write one, with the other inside it",
                    },
                )
            }
            _ => None,
        }
    }
}

const NULL: &str = "there is no value here: write one, or leave the name out";

fn refused(path: &str, words: &str) -> Fault {
    let words = format!("{path}: {words}; CloudFormation refuses the template");
    Fault::in_template(path, words)
}

/// Whether a null stands in a value, in which CloudFormation takes none.
fn has_null(value: &Value) -> bool {
    let mut open = alloc::vec::Vec::from([value]);
    while let Some(value) = open.pop() {
        match value {
            Value::Null => return true,
            Value::Array(list) => open.extend(list),
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    false
}

impl Resources<'_> {
    /// Whether a policy keeps what would be deleted: `DeletionPolicy`, `UpdateReplacePolicy`.
    pub(super) fn is_kept(&self, resource: &Resource<'_>, policy: &str) -> bool {
        let policy = resource.policy(policy).map(|value| self.scope.value(value));
        let policy: Option<String> = policy.and_then(|value| value.as_known());
        matches!(policy.as_deref(), Some("Retain" | "RetainExceptOnCreate"))
    }
}
