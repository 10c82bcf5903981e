//! Intrinsic functions with which CloudFormation refuses a template before it makes anything.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::evaluate::{Evaluated, Scope};
use super::loops::TRANSFORM;
use super::references::{Named, for_each, written};
use super::template::Template;
use crate::fault::{AccountError, Fault};

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
    let found = known.and_then(|()| scope.finds_nothing().map_or(Ok(()), Err));
    found.map_err(|words| AccountError::of_file(file, Fault::Json(words)))
}

/// A function that may find nothing.
pub(super) struct Call {
    path: String,
    name: String,
    argument: Value,
    /// On which conditions it hangs that the function counts.
    guards: Vec<(String, bool)>,
}

/// The functions of a template that may find nothing.
pub(super) fn calls(template: &Template) -> Vec<Call> {
    let mut found = Vec::new();
    if !template.is_as_written() {
        return found;
    }
    // None of them stops the walk.
    let _: Result<(), String> = for_each(template, &mut |path, named, guards| {
        if let Named::Function(name @ ("Fn::Select" | "Fn::FindInMap"), argument) = named {
            found.push(Call {
                path: path.to_owned(),
                name: name.to_owned(),
                argument: argument.clone(),
                guards: written(guards),
            });
        }
        Ok(())
    });
    found
}

fn no_loops(template: &Template) -> Result<(), String> {
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

fn no_extensions(template: &Template) -> Result<(), String> {
    for_each(template, &mut |path, named, _| match named {
        Named::Function(name, argument) => not_extended(path, name, argument),
        _ => Ok(()),
    })
}

fn not_extended(path: &str, name: &str, argument: &Value) -> Result<(), String> {
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

fn unknown_function(path: &str, what: &str) -> String {
    format!(
        "{path}: CloudFormation has {what} only with the transform `{TRANSFORM}`, and refuses the template: add \
         `Transform: {TRANSFORM}`"
    )
}

impl Scope<'_> {
    /// What is said of a function that counts and certainly finds nothing.
    pub(super) fn finds_nothing(&self) -> Option<String> {
        self.template.calls().iter().find_map(|call| {
            let list = call.argument.as_array().map_or(&[][..], Vec::as_slice);
            let words = match (call.name.as_str(), list) {
                ("Fn::Select", [index, list]) => self.selects_nothing(index, list),
                ("Fn::FindInMap", [map, first, second]) => self.maps_nothing([map, first, second]),
                _ => None,
            }?;
            let is = |(name, holds): &(String, bool)| self.condition(name) == Some(*holds);
            call.guards.iter().all(is).then(|| {
                format!(
                    "{}.{}: {words}: CloudFormation refuses the template; mend it, or give other values with \
                     `--parameter NAME=VALUE`",
                    call.path, call.name
                )
            })
        })
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
                "the list has {count} values, and none with the index {index}, which counts from 0"
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
            "the mapping `{map}` of the template has no `{second}` of `{first}`"
        ))
    }
}
