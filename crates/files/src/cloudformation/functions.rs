//! Intrinsic functions with which CloudFormation refuses a template before it makes anything.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::evaluate::{Evaluated, Scope};
use super::loops::TRANSFORM;
use super::references::{Named, for_each, written};
use super::shapes;
use super::template::Template;
use crate::fault::{AccountError, Fault};
use crate::near::did_you_mean;

/// The functions that only the transform `AWS::LanguageExtensions` has.
const EXTENSIONS: [&str; 2] = ["Fn::Length", "Fn::ToJsonString"];

/// Refuses a template with a function that CloudFormation does not have without a transform, or that
/// selects or finds what is not there, with the values that the parameters have.
///
/// What a transform of another kind makes of a function is not seen here: nothing is said then.
pub(super) fn check(file: &str, scope: &Scope<'_>) -> Result<(), AccountError> {
    let template = scope.template;
    let extended = template.transforms().contains(&TRANSFORM);
    let known = if extended || !template.is_as_written() {
        Ok(())
    } else {
        no_loops(template).and_then(|()| no_extensions(template))
    };
    let known = match template.is_as_written() {
        true => known.and_then(|()| shapes::policies(template)),
        false => known,
    };
    let found = known.and_then(|()| {
        scope
            .wrong_call()
            .or_else(|| scope.no_text())
            .map_or(Ok(()), Err)
    });
    found.map_err(|fault| AccountError::of_file(file, fault))
}

/// A function that may find nothing, or an attribute that a resource may not have.
pub(super) struct Call {
    path: String,
    what: What,
    /// On which conditions it hangs that the function counts.
    guards: Vec<(String, bool)>,
}

enum What {
    Function { name: String, argument: Value },
    Attribute { of: String, attribute: String },
}

/// The attributes that resources of KMS have for `Fn::GetAtt`.
fn attributes_of(kind: &str) -> Option<&'static [&'static str]> {
    match kind {
        "AWS::KMS::Key" | "AWS::KMS::ReplicaKey" => Some(&["Arn", "KeyId"]),
        "AWS::KMS::Alias" => Some(&[]),
        _ => None,
    }
}

/// The functions of a template that may find nothing, and the attributes of its resources of KMS.
pub(super) fn calls(template: &Template) -> Vec<Call> {
    let mut found = Vec::new();
    if !template.is_as_written() {
        return found;
    }
    // None of them stops the walk.
    let _: Result<(), Fault> = for_each(template, &mut |path, named, guards| {
        let (path, what) = match named {
            Named::Function(name @ ("Fn::Select" | "Fn::FindInMap"), argument) => {
                let (name, argument) = (name.to_owned(), argument.clone());
                (format!("{path}.{name}"), What::Function { name, argument })
            }
            Named::Attribute(of, attribute) if template.resource(of).is_some() => {
                let (of, attribute) = (of.to_owned(), attribute.to_owned());
                (path.to_owned(), What::Attribute { of, attribute })
            }
            _ => return Ok(()),
        };
        let guards = written(guards);
        found.push(Call { path, what, guards });
        Ok(())
    });
    found
}

fn no_loops(template: &Template) -> Result<(), Fault> {
    for section in ["Resources", "Conditions", "Outputs"] {
        let mut names = template.section(section).map(|(name, _)| name);
        if let Some(name) = names.find(|name| name.starts_with("Fn::ForEach::")) {
            return Err(unknown_function(
                &format!("{section}.{name}"),
                "`Fn::ForEach`",
            ));
        }
    }
    Ok(())
}

fn no_extensions(template: &Template) -> Result<(), Fault> {
    for_each(template, &mut |path, named, _| match named {
        Named::Function(name, argument) => not_extended(path, name, argument),
        _ => Ok(()),
    })
}

fn not_extended(path: &str, name: &str, argument: &Value) -> Result<(), Fault> {
    if EXTENSIONS.contains(&name) {
        return Err(unknown_function(
            &format!("{path}.{name}"),
            &format!("`{name}`"),
        ));
    }
    let count = argument.as_array().map_or(0, Vec::len);
    if name == "Fn::FindInMap" && count > 3 {
        return Err(unknown_function(
            &format!("{path}.{name}"),
            "the `DefaultValue` of `Fn::FindInMap`",
        ));
    }
    Ok(())
}

fn unknown_function(path: &str, what: &str) -> Fault {
    let words = format!(
        "{path}: CloudFormation has {what} only with the transform `{TRANSFORM}`, and refuses the template: add \
         `Transform: {TRANSFORM}`"
    );
    Fault::in_template(path, words)
}

impl Scope<'_> {
    /// Whether a function that counts certainly finds nothing.
    pub(super) fn has_wrong_call(&self) -> bool {
        self.wrong_call().is_some() || self.no_text().is_some()
    }

    /// What is said of a function that counts and certainly finds nothing.
    fn wrong_call(&self) -> Option<Fault> {
        self.template.calls().iter().find_map(|call| {
            let words = match &call.what {
                What::Function { name, argument } => self.finds_nothing(name, argument)?,
                What::Attribute { of, attribute } => self.has_no_attribute(of, attribute)?,
            };
            let is = |(name, holds): &(String, bool)| self.condition(name) == Some(*holds);
            let counts = call.guards.iter().all(is);
            counts.then(|| Fault::in_template(&call.path, format!("{}: {words}", call.path)))
        })
    }

    fn finds_nothing(&self, name: &str, argument: &Value) -> Option<String> {
        let list = argument.as_array().map_or(&[][..], Vec::as_slice);
        let words = match (name, list) {
            ("Fn::Select", [index, list]) => self.selects_nothing(index, list),
            ("Fn::FindInMap", [map, first, second]) => self.maps_nothing([map, first, second]),
            _ => None,
        }?;
        Some(format!(
            "{words}: CloudFormation refuses the template; mend it, or give other values with `--parameter NAME=VALUE`"
        ))
    }

    fn has_no_attribute(&self, of: &str, attribute: &str) -> Option<String> {
        let kind = self.template.kind_of(of)?;
        let all = attributes_of(kind)?;
        if all.contains(&attribute) {
            return None;
        }
        let (instead, near) = match all {
            [] => (
                "it has none: `Ref` gives its name".to_owned(),
                String::new(),
            ),
            all => {
                let shown: Vec<String> = all.iter().map(|name| format!("`{name}`")).collect();
                let instead = format!("it has {}", shown.join(" and "));
                (instead, did_you_mean(attribute, all.iter().copied()))
            }
        };
        Some(format!(
            "`{of}` is of type `{kind}`, which has no attribute `{attribute}` for `Fn::GetAtt`, {instead}: CloudFormation \
             refuses the template{near}"
        ))
    }

    fn selects_nothing(&self, index: &Value, list: &Value) -> Option<String> {
        let index = self.value(index).as_known()?.parse::<usize>().ok()?;
        let Evaluated::List(list) = self.value(list) else {
            return None;
        };
        // What is not known may be a list itself.
        let is_one = |value: &Evaluated| value.as_known().is_some() || value.as_key().is_some();
        let is_outside = index >= list.len() && list.iter().all(is_one);
        is_outside.then(|| {
            let count = list.len();
            format!(
                "the list has {count} values, and none with the index {index} (the first has 0)"
            )
        })
    }

    fn maps_nothing(&self, keys: [&Value; 3]) -> Option<String> {
        let [map, first, second] = keys.map(|key| self.value(key).as_known());
        let (map, first, second) = (map?, first?, second?);
        let mappings = self.template.root.get("Mappings");
        let members = [
            mappings,
            mappings.and_then(|all| all.get(&map)),
            mappings.and_then(|all| all.get(&map)?.get(&first)),
        ];
        // What a transform within the mappings brings is not seen here.
        let is_brought = |value: &Option<&Value>| {
            let members = value.and_then(Value::as_object);
            members.is_some_and(|all| all.keys().any(|name| name.starts_with("Fn::")))
        };
        let found = members.last().copied().flatten();
        if found.and_then(|of| of.get(&second)).is_some() || members.iter().any(is_brought) {
            return None;
        }
        Some(format!(
            "the mapping `{map}` of the template has no `{second}` under `{first}`"
        ))
    }
}
