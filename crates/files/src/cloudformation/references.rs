//! Names that a template refers to and does not have: CloudFormation refuses it before it runs.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::template::Template;
use crate::fault::{AccountError, Fault};
use crate::near::did_you_mean;

/// Refuses a template that refers to what it does not have.
///
/// What a transform, a loop or a module makes has names that are not seen here: nothing is said then.
pub(super) fn check(file: &str, template: &Template) -> Result<(), AccountError> {
    let resources = || template.section("Resources");
    let is_made = |(name, body): (&String, &Value)| {
        let kind = body.get("Type").and_then(Value::as_str);
        name.starts_with("Fn::") || kind.is_some_and(|kind| kind.ends_with("::MODULE"))
    };
    if !template.transforms().is_empty() || resources().any(is_made) {
        return Ok(());
    }
    let parameters = template.section("Parameters");
    let names = parameters.chain(resources()).map(|(name, _)| name.as_str());
    let known = Known {
        values: names.collect(),
        resources: resources().map(|(name, _)| name.as_str()).collect(),
        conditions: template
            .section("Conditions")
            .map(|(name, _)| name.as_str())
            .collect(),
    };
    for (logical_id, body) in resources() {
        let path = format!("Resources.{logical_id}");
        known
            .of_resource(&path, body)
            .map_err(|words| AccountError::of_file(file, Fault::Json(words)))?;
    }
    Ok(())
}

/// The names of a template.
struct Known<'v> {
    /// Of parameters and resources.
    values: BTreeSet<&'v str>,
    resources: BTreeSet<&'v str>,
    conditions: BTreeSet<&'v str>,
}

impl Known<'_> {
    fn of_resource(&self, path: &str, body: &Value) -> Result<(), String> {
        let depends_on = match body.get("DependsOn") {
            Some(Value::Array(list)) => &list[..],
            Some(one) => core::slice::from_ref(one),
            None => &[],
        };
        for name in depends_on.iter().filter_map(Value::as_str) {
            self.resource(&format!("{path}.DependsOn"), name)?;
        }
        if let Some(condition) = body.get("Condition").and_then(Value::as_str) {
            self.condition(&format!("{path}.Condition"), condition)?;
        }
        let mut open: Vec<(String, &Value)> = Vec::new();
        open.extend(
            body.get("Properties")
                .map(|it| (format!("{path}.Properties"), it)),
        );
        while let Some((path, value)) = open.pop() {
            match value {
                Value::Array(list) => {
                    let each = list.iter().enumerate();
                    open.extend(each.map(|(index, it)| (format!("{path}[{index}]"), it)));
                }
                Value::Object(members) => {
                    if let (1, Some((name, argument))) = (members.len(), members.iter().next()) {
                        self.function(&path, name, argument)?;
                    }
                    let each = members.iter();
                    open.extend(each.map(|(name, it)| (format!("{path}.{name}"), it)));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn function(&self, path: &str, name: &str, argument: &Value) -> Result<(), String> {
        let list = argument.as_array().map_or(&[][..], Vec::as_slice);
        let first = list.first().and_then(Value::as_str);
        match name {
            "Ref" => argument
                .as_str()
                .map_or(Ok(()), |name| self.value(path, name)),
            "Fn::GetAtt" => {
                let dotted = argument.as_str().and_then(|text| text.split('.').next());
                first
                    .or(dotted)
                    .map_or(Ok(()), |name| self.resource(path, name))
            }
            "Fn::If" => first.map_or(Ok(()), |name| self.condition(path, name)),
            "Fn::Sub" => {
                let variables = list.get(1).and_then(Value::as_object);
                let text = first.or(argument.as_str()).unwrap_or_default();
                for part in text.split("${").skip(1) {
                    let Some((name, _)) = part.split_once('}') else {
                        continue;
                    };
                    let name = name.trim();
                    if name.starts_with('!') || variables.is_some_and(|it| it.contains_key(name)) {
                        continue;
                    }
                    match name.split_once('.') {
                        Some((resource, _)) if !name.starts_with("AWS::") => {
                            self.resource(path, resource)?
                        }
                        _ => self.value(path, name)?,
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn value(&self, path: &str, name: &str) -> Result<(), String> {
        let is_known = name.starts_with("AWS::") || self.values.contains(name);
        refuse(is_known, path, name, "parameter or resource", &self.values)
    }

    fn resource(&self, path: &str, name: &str) -> Result<(), String> {
        refuse(
            self.resources.contains(name),
            path,
            name,
            "resource",
            &self.resources,
        )
    }

    fn condition(&self, path: &str, name: &str) -> Result<(), String> {
        refuse(
            self.conditions.contains(name),
            path,
            name,
            "condition",
            &self.conditions,
        )
    }
}

fn refuse(
    is_known: bool,
    path: &str,
    name: &str,
    what: &str,
    names: &BTreeSet<&str>,
) -> Result<(), String> {
    if is_known {
        return Ok(());
    }
    let near = did_you_mean(name, names.iter().copied());
    Err(format!(
        "{path} refers to `{name}`, and the template has no {what} of that name: CloudFormation refuses the template{near}"
    ))
}
