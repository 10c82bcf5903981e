//! The parameters of a template: values that are given, defaults, and values that are allowed.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::constraints::{default_not_allowed, not_allowed, wrong_pattern};
use super::evaluate::{DEEPEST, Evaluated, Part, Scope, literal};
use super::loops::Lists;
use super::pattern;
use super::template::Template;
use crate::fault::{AccountError, Fault};
use crate::near::did_you_mean;
use crate::run::{Assumption, RunInput};
use kms_alias_foresee::verdict::Need;

/// As many allowed values are tried of a parameter that is not known.
const MOST_ALLOWED: usize = 64;

/// The values of parameters that were handed in.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) new: BTreeMap<String, String>,
    pub(super) old: BTreeMap<String, String>,
    pub(super) none: BTreeSet<String>,
    /// What is given for the new template alone may have had another value in the running one.
    pub(super) withheld: BTreeSet<String>,
}

impl Given {
    pub(super) fn of(input: &RunInput<'_>) -> Self {
        let map = |values: &[(alloc::boxed::Box<str>, alloc::boxed::Box<str>)]| {
            let each = values.iter();
            each.map(|(name, value)| (name.to_string(), value.to_string()))
                .collect::<BTreeMap<_, _>>()
        };
        let (new, old) = (map(&input.parameters), map(&input.deployed_parameters));
        let withheld = new
            .keys()
            .filter(|name| !old.contains_key(*name) && !name.starts_with("AWS::"));
        Self {
            withheld: withheld.cloned().collect(),
            none: BTreeSet::new(),
            new,
            old,
        }
    }

    /// The same after the parameters that a manifest has for a stack, and the running manifest for it: what is given
    /// otherwise wins.
    pub(super) fn after(
        &self,
        own: &BTreeMap<String, String>,
        running: &BTreeMap<String, String>,
    ) -> Self {
        let (mut new, mut old) = (own.clone(), running.clone());
        new.extend(self.new.clone());
        old.extend(self.old.clone());
        let withheld = self.withheld.iter().chain(own.keys());
        let withheld = withheld.filter(|name| !old.contains_key(*name));
        Self {
            withheld: withheld.cloned().collect(),
            none: BTreeSet::new(),
            new,
            old,
        }
    }

    /// The lists that parameters of a template have for values; those of the running one that are known.
    pub(super) fn lists(&self, template: &Template, is_old: bool) -> Lists {
        let (given, withheld) = match is_old {
            true => self.of_old(),
            false => self.of_new(),
        };
        let each = template
            .section("Parameters")
            .filter_map(|(name, parameter)| {
                let kind = parameter.get("Type")?.as_str()?;
                let is_list = kind.contains("List") && !kind.starts_with("AWS::SSM::");
                let default = || {
                    written(
                        parameter
                            .get("Default")
                            .filter(|_| !withheld.contains(name))?,
                    )
                };
                let value = given
                    .get(name)
                    .cloned()
                    .or_else(default)
                    .filter(|_| is_list)?;
                let items = value.split(',').map(|item| item.trim().to_owned());
                Some((name.clone(), items.collect()))
            });
        each.collect()
    }

    /// The values for the new template, and the parameters whose values are not known.
    pub(super) fn of_new(&self) -> (&BTreeMap<String, String>, &BTreeSet<String>) {
        (&self.new, &self.none)
    }

    /// The same for the running template.
    pub(super) fn of_old(&self) -> (&BTreeMap<String, String>, &BTreeSet<String>) {
        (&self.old, &self.withheld)
    }
}

/// Refuses a name that none of these templates has a parameter of, and a value that one of them does
/// not allow.
pub(super) fn check_names(
    file: &str,
    giver: &str,
    given: &BTreeMap<String, String>,
    templates: &[&Template],
) -> Result<(), AccountError> {
    let sections = templates
        .iter()
        .flat_map(|template| template.section("Parameters"));
    let names: BTreeSet<&str> = sections.map(|(name, _)| name.as_str()).collect();
    let is_unknown = |name: &&String| !names.contains(name.as_str()) && !name.starts_with("AWS::");
    let Some(name) = given.keys().find(is_unknown) else {
        let mut faults = templates.iter().filter_map(|it| not_allowed(it, given));
        return match faults.next() {
            Some((name, value, wanted)) => {
                let words = format!(
                    "{giver} gives the parameter `{name}` the value `{value}`, but {wanted}"
                );
                let path = format!("Parameters.{name}");
                Err(AccountError::of_file(
                    file,
                    Fault::in_template(&path, words),
                ))
            }
            None => Ok(()),
        };
    };
    let nearest = did_you_mean(name, names.iter().copied());
    let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let has = match list.is_empty() {
        true => "it has none".to_owned(),
        false => format!("it has {}", list.join(", ")),
    };
    let words = format!(
        "{giver} names the parameter `{name}`, which the template does not have: {has}{nearest}"
    );
    Err(AccountError::of_file(file, Fault::Json(words)))
}

/// Refuses a template whose pattern for a parameter is none, or whose own default for one is a value
/// that it does not allow, where that default is the value it runs with.
pub(super) fn check_defaults(
    file: &str,
    template: &Template,
    given: &BTreeMap<String, String>,
) -> Result<(), AccountError> {
    if let Some((name, pattern, fault)) = wrong_pattern(template) {
        let words = format!(
            "the `AllowedPattern` of the parameter `{name}` is not a regular expression: `{pattern}`: {fault}"
        );
        return Err(AccountError {
            entry: Some(format!("Parameters.{name}.AllowedPattern")),
            ..AccountError::of_file(file, Fault::Json(words))
        });
    }
    let Some((name, value, wanted)) = default_not_allowed(template, given) else {
        return Ok(());
    };
    let words = format!(
        "the parameter `{name}` has the default `{value}`, but {wanted}: correct the default, or give \
         another value with `--parameter {name}=VALUE`"
    );
    Err(AccountError {
        entry: Some(format!("Parameters.{name}.Default")),
        ..AccountError::of_file(file, Fault::Json(words))
    })
}

/// The only text that the pattern of a parameter allows.
fn only_text(parameter: &Value) -> Option<String> {
    let is_text = parameter.get("Type").and_then(Value::as_str) == Some("String");
    let pattern = parameter.get("AllowedPattern").filter(|_| is_text)?;
    match &pattern::read(pattern.as_str()?)?.texts?[..] {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// A value as a parameter has it.
pub(super) fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(boolean) => Some(boolean.to_string()),
        _ => None,
    }
}

impl Scope<'_> {
    pub(super) fn parameter(&self, name: &str, parameter: &Value) -> Evaluated {
        let kind = parameter
            .get("Type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let bound = self.bound(name);
        let given = match bound {
            Some(value) => value.as_known(),
            None => self.parameters.get(name).cloned(),
        };
        let default = || match parameter.get("Default")? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        };
        if kind.starts_with("AWS::SSM::") {
            return Evaluated::unknown(name);
        }
        if let (Some(value), None, false) = (bound, &given, kind.contains("List"))
            && matches!(value, Evaluated::Text(_) | Evaluated::OneOf(_))
            && !value.is_wholly_unknown()
        {
            return value.clone();
        }
        if given.is_none() && self.is_withheld(name) {
            return Evaluated::unknown(format!("{name} of the running stack"));
        }
        let assumed = || {
            let known = self.allowed(name).or_else(|| self.assumed_value(name));
            known.or_else(|| only_text(parameter))
        };
        let default = || default().filter(|_| bound.is_none());
        match given.or_else(default).or_else(assumed) {
            None => Evaluated::unknown(name),
            Some(text) if kind.contains("List") => {
                let each = text.split(',').map(|item| literal(item.trim()));
                Evaluated::List(each.collect())
            }
            Some(text) => literal(&text),
        }
    }

    /// A target that is a parameter without a value, with how it begins: an alias is none, whichever it is (rule K5).
    pub(super) fn begun(&self, value: Evaluated) -> Evaluated {
        const ALIAS: &str = "alias/";
        let begins = |name: &str| {
            let parameter = self.template.entry("Parameters", name)?;
            let is_text = parameter.get("Type")?.as_str() == Some("String");
            let pattern = pattern::read(parameter.get("AllowedPattern")?.as_str()?)?;
            let mut begins = pattern.begins.iter();
            Some(is_text && begins.len() > 0 && begins.all(|text| text.starts_with(ALIAS)))
        };
        match value.wholly_unknown() {
            Some(name) if begins(name) == Some(true) => {
                let parts = [
                    Part::Known(ALIAS.to_owned()),
                    Part::Unknown(name.to_owned()),
                ];
                Evaluated::Text(Vec::from(parts))
            }
            _ => value,
        }
    }

    /// The value that an unknown parameter is assumed to have, of those that it may have.
    pub(super) fn allowed(&self, name: &str) -> Option<String> {
        let (value, allowed) = (
            self.of_stack(&format!("${{{name}}}")),
            self.allowed_values(name),
        );
        let mut open = Vec::new();
        for one in allowed {
            let of_value = |it: &&Assumption| *it.value == *value && *it.compared_with == *one;
            match self.assumed.iter().find(of_value) {
                Some(assumption) if assumption.holds => return Some(one),
                Some(_) => {}
                None => open.push(one),
            }
        }
        // All others are ruled out.
        open.pop().filter(|_| open.is_empty())
    }

    /// The text that an unknown parameter is assumed to be.
    fn assumed_value(&self, name: &str) -> Option<String> {
        let value = self.of_stack(&format!("${{{name}}}"));
        let is_it =
            |it: &&Assumption| *it.value == *value && it.holds && !it.compared_with.contains("${");
        let found = self.assumed.iter().find(is_it);
        found.map(|it| String::from(&*it.compared_with))
    }

    /// Whether an unknown parameter is none of the texts that the template allows it to be.
    pub(super) fn is_not_allowed(&self, name: &str, text: &str) -> bool {
        let allowed = self.allowed_values(name);
        !allowed.is_empty() && allowed.iter().all(|one| one != text)
    }

    /// The values that a parameter may have, if they are few.
    fn allowed_values(&self, name: &str) -> Vec<String> {
        if name == "AWS::Region" {
            let regions = self.template.regions();
            return Vec::from(if regions.len() <= MOST_ALLOWED {
                regions
            } else {
                &[]
            });
        }
        let parameter = self.template.entry("Parameters", name);
        let list = parameter.and_then(|it| it.get("AllowedValues")?.as_array());
        let kind = parameter
            .and_then(|it| it.get("Type")?.as_str())
            .unwrap_or_default();
        let few = list.filter(|list| list.len() <= MOST_ALLOWED && !kind.contains("List"));
        let each = few
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .filter_map(written);
        each.collect()
    }

    /// The first value of a parameter on which resources of KMS hang and of which it is not known
    /// whether it has it.
    pub(super) fn open_parameter(&self) -> Option<Assumption> {
        let names = self.template.parameters_read();
        let names = names
            .iter()
            .filter(|name| !self.may_be.is_some_and(|it| it.is_alone(name)));
        names.into_iter().find_map(|name| {
            let value = match self.template.entry("Parameters", name) {
                Some(parameter) => self.parameter(name, parameter),
                None if name == "AWS::Region" => self.reference(name, DEEPEST),
                None => return None,
            };
            let is_open = matches!(value, Evaluated::Text(parts)
                if matches!(&parts[..], [Part::Unknown(label)] if label == name));
            let value = self.of_stack(&format!("${{{name}}}"));
            let is_asked = |one: &String| {
                let mut all = self.assumed.iter();
                all.any(|it| *it.value == *value && *it.compared_with == **one)
            };
            let open = self
                .allowed_values(name)
                .into_iter()
                .find(|one| !is_asked(one))?;
            is_open.then(|| Assumption {
                need: Need::Name {
                    label: name.as_str().into(),
                },
                value: value.into(),
                compared_with: open.into(),
                holds: true,
            })
        })
    }
}
