//! What a template passes to its nested stacks, and takes from them: what these do not have, or need and do not
//! get. CloudFormation refuses to make such a nested stack, before it makes anything in it.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;

use serde_json::Value;

use super::constraints::not_allowed;
use super::evaluate::{Evaluated, Scope};
use super::nested::Nested;
use super::references::{Named, for_each};
use crate::fault::{AccountError, Fault};
use crate::near::did_you_mean;

/// Refuses a nested stack that does not get what it needs, or is asked for what it does not have.
pub(super) fn check(
    file: &str,
    scope: &Scope<'_>,
    inner: &Scope<'_>,
    nested: &Nested,
) -> Result<(), AccountError> {
    let body = scope.template.entry("Resources", &nested.logical_id);
    let is_certain = body.is_some_and(|body| scope.is_there(body))
        && scope.template.is_as_written()
        && inner.template.is_as_written();
    if !is_certain {
        return Ok(());
    }
    let parameters = format!("Resources.{}.Properties.Parameters", nested.logical_id);
    let found = scope
        .passes_wrong(inner, nested)
        .map(|words| Fault::in_template(&parameters, format!("{parameters} {words}")));
    match found.or_else(|| scope.takes_nothing(inner, nested)) {
        Some(fault) => Err(AccountError::of_file(file, fault)),
        None => Ok(()),
    }
}

impl Scope<'_> {
    /// What is wrong with the parameters that a nested stack gets.
    fn passes_wrong(&self, inner: &Scope<'_>, nested: &Nested) -> Option<String> {
        let given = self.given_to(&nested.logical_id)?;
        let file = &nested.file;
        let refuses = "CloudFormation refuses to make the nested stack";
        let parameters = || inner.template.section("Parameters");
        let names = || parameters().map(|(name, _)| name.as_str());
        if let Some(name) = given.keys().find(|name| names().all(|it| it != *name)) {
            let near = did_you_mean(name, names());
            return Some(format!(
                "has `{name}`, but the template {file} has no parameter of that name: {refuses}{near}"
            ));
        }
        let is_there = |value: &Value| self.value(value) != Evaluated::Nothing;
        let has_value = |name: &str| given.get(name).is_some_and(is_there);
        let is_needed = |(name, parameter): &(&String, &Value)| {
            parameter.get("Default").is_none() && !has_value(name)
        };
        if let Some((name, _)) = parameters().find(is_needed) {
            return Some(format!(
                "has no value for the parameter `{name}` of the template {file}, which has no default: {refuses}"
            ));
        }
        let known = names().filter_map(|name| Some((name.into(), inner.bound(name)?.as_known()?)));
        let known: BTreeMap<String, String> = known.collect();
        let (name, value, wanted) = not_allowed(inner.template, &known)?;
        Some(format!(
            "gives the parameter `{name}` of the template {file} the value `{value}`, but {wanted}: {refuses}"
        ))
    }

    /// An output that a nested stack is asked for and does not have.
    fn takes_nothing(&self, inner: &Scope<'_>, nested: &Nested) -> Option<Fault> {
        let found = for_each(self.template, &mut |path, named, guards| {
            let Named::Attribute(of, attribute) = named else {
                return Ok(());
            };
            let mut guards = guards.iter();
            let counts = guards.all(|(name, holds)| self.condition(name) == Some(*holds));
            if of != nested.logical_id || !counts {
                return Ok(());
            }
            let Some(output) = attribute.strip_prefix("Outputs.") else {
                let words = format!(
                    "{path} refers to the attribute `{attribute}` of the nested stack `{of}`, but a nested stack has no \
                     others than its outputs: CloudFormation refuses the template; did you mean `Outputs.{attribute}`?"
                );
                return Err(Fault::in_template(path, words));
            };
            let written = inner.template.entry("Outputs", output);
            let condition = written.and_then(|it| it.get("Condition")?.as_str());
            let left_out = condition.filter(|name| inner.condition(name) == Some(false));
            if written.is_some() && left_out.is_none() {
                return Ok(());
            }
            if let Some(condition) = left_out {
                let words = format!(
                    "{path} refers to the output `{output}` of the nested stack `{of}`, which is not made, as its condition \
                     `{condition}` in the template {} does not hold: the parent stack fails",
                    nested.file
                );
                return Err(Fault::in_template(path, words));
            }
            let names = inner
                .template
                .section("Outputs")
                .map(|(name, _)| name.as_str());
            let near = did_you_mean(output, names);
            let words = format!(
                "{path} refers to the output `{output}` of the nested stack `{of}`, but its template {} has no output of \
                 that name: the parent stack fails{near}",
                nested.file
            );
            Err(Fault::in_template(path, words))
        });
        found.err()
    }
}
