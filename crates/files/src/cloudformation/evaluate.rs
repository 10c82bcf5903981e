//! The values of a template, evaluated as far as they are known.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::template::Template;
use crate::run::Assumption;
use kms_alias_foresee::verdict::{Need, Place};

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Evaluated {
    /// `AWS::NoValue`, or nothing.
    Nothing,
    /// A text, of parts.
    Text(Vec<Part>),
    /// A boolean, a number, or an object that is no function.
    Json(Value),
    List(Vec<Self>),
    /// One of these: which, hangs on a condition that is not known.
    OneOf(Vec<Self>),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Known(String),
    /// The ID or ARN of a key of a stack.
    Key {
        stack: usize,
        logical_id: String,
    },
    /// What is not known, by its label.
    Unknown(String),
}

/// What is exported by stacks that run together: the value of an export, and the stack's number.
pub(super) type Exports = BTreeMap<String, (usize, Evaluated)>;

/// Where a template is evaluated.
pub(super) struct Scope<'v> {
    pub(super) template: &'v Template,
    pub(super) parameters: &'v BTreeMap<String, String>,
    pub(super) place: Place,
    /// The stack's number, and its name where that is known.
    pub(super) stack: usize,
    pub(super) stack_name: Option<&'v str>,
    pub(super) exports: &'v Exports,
    pub(super) assumed: &'v [Assumption],
}

/// As deep are functions evaluated: the reader of JSON nests no deeper.
const DEEPEST: usize = 128;

impl Evaluated {
    pub(super) fn known(text: &str) -> Self {
        Self::Text(Vec::from([Part::Known(text.to_owned())]))
    }

    fn unknown(label: impl Into<String>) -> Self {
        Self::Text(Vec::from([Part::Unknown(label.into())]))
    }

    /// The text, if all of it is known.
    pub(super) fn as_known(&self) -> Option<String> {
        match self {
            Self::Text(parts) => parts
                .iter()
                .map(|part| match part {
                    Part::Known(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect(),
            Self::Json(Value::Bool(boolean)) => Some(boolean.to_string()),
            Self::Json(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The text as it is shown, with `${…}` for what is not known.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Text(parts) => parts.iter().map(Part::shown).collect(),
            Self::OneOf(values) => {
                let shown: Vec<_> = values.iter().map(Self::shown).collect();
                shown.join(" or ")
            }
            _ => self.as_known().unwrap_or_default(),
        }
    }

    fn parts(self) -> Vec<Part> {
        match self {
            Self::Text(parts) => parts,
            Self::Nothing => Vec::new(),
            Self::Json(Value::Bool(_) | Value::Number(_)) => {
                Vec::from([Part::Known(self.as_known().unwrap_or_default())])
            }
            other => Vec::from([Part::Unknown(other.shown())]),
        }
    }
}

impl Part {
    fn shown(&self) -> String {
        match self {
            Self::Known(text) => text.clone(),
            Self::Key { logical_id, .. } => format!("${{{logical_id}}}"),
            Self::Unknown(label) => format!("${{{label}}}"),
        }
    }
}

impl Scope<'_> {
    pub(super) fn value(&self, value: &Value) -> Evaluated {
        self.at_depth(value, DEEPEST)
    }

    fn at_depth(&self, value: &Value, depth: usize) -> Evaluated {
        let Some(depth) = depth.checked_sub(1) else {
            return Evaluated::unknown("a value that is nested too deep");
        };
        match value {
            Value::Null => Evaluated::Nothing,
            Value::String(text) => literal(text),
            Value::Array(list) => {
                let each = list.iter().map(|value| self.at_depth(value, depth));
                Evaluated::List(each.filter(|value| *value != Evaluated::Nothing).collect())
            }
            Value::Object(members) => match members.iter().next() {
                Some((name, argument))
                    if members.len() == 1 && (name == "Ref" || name.starts_with("Fn::")) =>
                {
                    self.function(name, argument, depth)
                }
                _ => Evaluated::Json(value.clone()),
            },
            other => Evaluated::Json(other.clone()),
        }
    }

    fn function(&self, name: &str, argument: &Value, depth: usize) -> Evaluated {
        let list = argument.as_array().map_or(&[][..], Vec::as_slice);
        match (name, list) {
            ("Ref", _) => match argument.as_str() {
                Some(name) => self.reference(name, depth),
                None => Evaluated::unknown("Ref"),
            },
            ("Fn::GetAtt", [Value::String(logical_id), Value::String(attribute)]) => {
                self.attribute(logical_id, attribute)
            }
            ("Fn::GetAtt", []) => match argument.as_str().and_then(|text| text.split_once('.')) {
                Some((logical_id, attribute)) => self.attribute(logical_id, attribute),
                None => Evaluated::unknown("Fn::GetAtt"),
            },
            ("Fn::Sub", []) => match argument.as_str() {
                Some(text) => self.substitute(text, None, depth),
                None => Evaluated::unknown("Fn::Sub"),
            },
            ("Fn::Sub", [Value::String(text), variables]) => {
                self.substitute(text, Some(variables), depth)
            }
            ("Fn::Join", [Value::String(delimiter), list]) => self.join(delimiter, list, depth),
            ("Fn::Split", [Value::String(delimiter), text]) => {
                split(delimiter, self.at_depth(text, depth))
            }
            ("Fn::Select", [index, list]) => self.select(index, list, depth),
            ("Fn::If", [Value::String(condition), yes, no]) => {
                self.either(condition, yes, no, depth)
            }
            ("Fn::FindInMap", [map, first, second, ..]) => {
                self.find_in_map(map, first, second, depth)
            }
            ("Fn::ImportValue", _) => self.import(argument, depth),
            _ => Evaluated::unknown(name),
        }
    }

    fn reference(&self, name: &str, depth: usize) -> Evaluated {
        let unknown = || Evaluated::unknown(name);
        match name {
            "AWS::NoValue" => return Evaluated::Nothing,
            // A pseudo parameter can be handed in like any other.
            _ if name.starts_with("AWS::") && self.parameters.contains_key(name) => {
                let given = self.parameters.get(name);
                return given.map_or_else(unknown, |text| Evaluated::known(text));
            }
            "AWS::Region" => {
                let region = self.place.region.as_ref();
                return region.map_or_else(unknown, |it| Evaluated::known(it.as_str()));
            }
            "AWS::AccountId" => {
                let account = self.place.account.as_ref();
                return account.map_or_else(unknown, |it| Evaluated::known(it.as_str()));
            }
            "AWS::Partition" => {
                let partition = self.place.partition();
                return partition.map_or_else(unknown, |it| Evaluated::known(it.as_str()));
            }
            "AWS::StackName" => return self.stack_name.map_or_else(unknown, Evaluated::known),
            _ => {}
        }
        if let Some(parameter) = self.template.entry("Parameters", name) {
            return self.parameter(name, parameter);
        }
        let resource = self.template.entry("Resources", name);
        match self.template.kind_of(name) {
            Some("AWS::KMS::Key" | "AWS::KMS::ReplicaKey") => self.key(name),
            // An alias is referred to by its name.
            Some("AWS::KMS::Alias") => {
                let properties = resource.and_then(|body| body.get("Properties"));
                let alias_name = properties.and_then(|all| all.get("AliasName"));
                alias_name.map_or_else(unknown, |value| self.at_depth(value, depth))
            }
            _ => unknown(),
        }
    }

    fn key(&self, logical_id: &str) -> Evaluated {
        Evaluated::Text(Vec::from([Part::Key {
            stack: self.stack,
            logical_id: logical_id.to_owned(),
        }]))
    }

    fn attribute(&self, logical_id: &str, attribute: &str) -> Evaluated {
        let kind = self.template.kind_of(logical_id);
        match (kind, attribute) {
            (Some("AWS::KMS::Key" | "AWS::KMS::ReplicaKey"), "Arn" | "KeyId") => {
                self.key(logical_id)
            }
            _ => Evaluated::unknown(format!("{logical_id}.{attribute}")),
        }
    }

    fn parameter(&self, name: &str, parameter: &Value) -> Evaluated {
        let kind = parameter
            .get("Type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let given = self.parameters.get(name).cloned();
        let default = || match parameter.get("Default")? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        };
        if kind.starts_with("AWS::SSM::") {
            return Evaluated::unknown(name);
        }
        match given.or_else(default) {
            None => Evaluated::unknown(name),
            Some(text) if kind.contains("List") => {
                let each = text.split(',').map(|item| literal(item.trim()));
                Evaluated::List(each.collect())
            }
            Some(text) => literal(&text),
        }
    }

    fn substitute(&self, text: &str, variables: Option<&Value>, depth: usize) -> Evaluated {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, inner)) = rest.split_once("${") {
            parts.push(Part::Known(before.to_owned()));
            let Some((name, after)) = inner.split_once('}') else {
                parts.push(Part::Known(["${", inner].concat()));
                rest = "";
                break;
            };
            rest = after;
            let name = name.trim();
            if let Some(escaped) = name.strip_prefix('!') {
                parts.push(Part::Known(format!("${{{escaped}}}")));
                continue;
            }
            let value = match variables.and_then(|all| all.get(name)) {
                Some(value) => self.at_depth(value, depth),
                None => match name.split_once('.') {
                    Some((logical_id, attribute)) => self.attribute(logical_id, attribute),
                    None => self.reference(name, depth),
                },
            };
            parts.extend(value.parts());
        }
        parts.push(Part::Known(rest.to_owned()));
        text_of(parts)
    }

    fn join(&self, delimiter: &str, list: &Value, depth: usize) -> Evaluated {
        let Evaluated::List(values) = self.at_depth(list, depth) else {
            return Evaluated::unknown("Fn::Join");
        };
        let mut parts = Vec::new();
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                parts.push(Part::Known(delimiter.to_owned()));
            }
            parts.extend(value.parts());
        }
        text_of(parts)
    }

    fn select(&self, index: &Value, list: &Value, depth: usize) -> Evaluated {
        let index = self.at_depth(index, depth).as_known();
        let index = index.and_then(|index| index.parse::<usize>().ok());
        match (index, self.at_depth(list, depth)) {
            (Some(index), Evaluated::List(list)) => list
                .into_iter()
                .nth(index)
                .unwrap_or_else(|| Evaluated::unknown("Fn::Select")),
            _ => Evaluated::unknown("Fn::Select"),
        }
    }

    fn either(&self, condition: &str, yes: &Value, no: &Value, depth: usize) -> Evaluated {
        match self.condition_at(condition, depth) {
            Some(true) => self.at_depth(yes, depth),
            Some(false) => self.at_depth(no, depth),
            None => {
                let (yes, no) = (self.at_depth(yes, depth), self.at_depth(no, depth));
                if yes == no {
                    return yes;
                }
                Evaluated::OneOf(Vec::from([yes, no]))
            }
        }
    }

    fn find_in_map(&self, map: &Value, first: &Value, second: &Value, depth: usize) -> Evaluated {
        let known = |value| self.at_depth(value, depth).as_known();
        let found = known(map).zip(known(first)).zip(known(second));
        let found = found.and_then(|((map, first), second)| {
            let map = self.template.entry("Mappings", &map)?;
            map.get(&first)?.get(&second)
        });
        found.map_or_else(
            || Evaluated::unknown("Fn::FindInMap"),
            |value| self.at_depth(value, depth),
        )
    }

    fn import(&self, argument: &Value, depth: usize) -> Evaluated {
        let name = self.at_depth(argument, depth);
        let export = name.as_known().and_then(|name| self.exports.get(&name));
        match export {
            Some((_, value)) => value.clone(),
            None => Evaluated::unknown(format!("Fn::ImportValue {}", name.shown())),
        }
    }

    /// Whether a condition holds, if that is known.
    pub(super) fn condition(&self, name: &str) -> Option<bool> {
        self.condition_at(name, DEEPEST)
    }

    fn condition_at(&self, name: &str, depth: usize) -> Option<bool> {
        if let Some(holds) = self.assumed(&self.of_stack(name), "") {
            return Some(holds);
        }
        let depth = depth.checked_sub(1)?;
        self.holds(self.template.entry("Conditions", name)?, depth)
    }

    fn holds(&self, condition: &Value, depth: usize) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        let (name, argument) = condition.as_object()?.iter().next()?;
        let list = argument.as_array().map_or(&[][..], Vec::as_slice);
        let mut each = list.iter().map(|inner| self.holds(inner, depth));
        match name.as_str() {
            "Condition" => self.condition_at(argument.as_str()?, depth),
            "Fn::Not" => each.next()?.map(|holds| !holds),
            "Fn::And" => {
                let all: Vec<_> = each.collect();
                if all.contains(&Some(false)) {
                    return Some(false);
                }
                all.iter().all(Option::is_some).then_some(true)
            }
            "Fn::Or" => {
                let all: Vec<_> = each.collect();
                if all.contains(&Some(true)) {
                    return Some(true);
                }
                all.iter().all(Option::is_some).then_some(false)
            }
            "Fn::Equals" => match list {
                [one, other] => {
                    let (one, other) = (self.at_depth(one, depth), self.at_depth(other, depth));
                    equal(&one, &other).or_else(|| {
                        let (value, compared_with) = self.compared(&one, &other);
                        self.assumed(&value, &compared_with)
                    })
                }
                _ => None,
            },
            _ => None,
        }
    }
}

impl Scope<'_> {
    /// A name of this stack, apart from those of other stacks.
    fn of_stack(&self, name: &str) -> String {
        match self.stack_name {
            Some(stack) => [stack, ": ", name].concat(),
            None => name.to_owned(),
        }
    }

    /// What is compared: the value that is not known first.
    fn compared(&self, one: &Evaluated, other: &Evaluated) -> (String, String) {
        let (first, second) = match one.as_known() {
            Some(_) => (other, one),
            None => (one, other),
        };
        (self.of_stack(&first.shown()), second.shown())
    }

    /// What is assumed of two values; a value that equals one text equals no other.
    fn assumed(&self, value: &str, compared_with: &str) -> Option<bool> {
        let of_value = || self.assumed.iter().filter(|one| &*one.value == value);
        let known = of_value().find(|one| &*one.compared_with == compared_with);
        let is_other = !compared_with.contains("${")
            && of_value().any(|one| one.holds && !one.compared_with.contains("${"));
        known.map(|one| one.holds).or(is_other.then_some(false))
    }

    /// A comparison that is not known and on which a condition hangs; the condition itself if there
    /// is none.
    pub(super) fn open(&self, condition: &str) -> Assumption {
        let found = self.template.entry("Conditions", condition);
        let found = found.and_then(|it| self.open_comparison(it, DEEPEST));
        let (value, compared_with) =
            found.unwrap_or_else(|| (self.of_stack(condition), String::new()));
        let label = value.as_str().into();
        Assumption {
            value: value.into(),
            compared_with: compared_with.into(),
            holds: true,
            need: Need::Name { label },
        }
    }

    fn open_comparison(&self, condition: &Value, depth: usize) -> Option<(String, String)> {
        let depth = depth.checked_sub(1)?;
        if self.holds(condition, depth).is_some() {
            return None;
        }
        let (name, argument) = condition.as_object()?.iter().next()?;
        let list = argument.as_array().map_or(&[][..], Vec::as_slice);
        match (name.as_str(), list) {
            ("Condition", _) => {
                let inner = self.template.entry("Conditions", argument.as_str()?)?;
                self.open_comparison(inner, depth)
            }
            ("Fn::Equals", [one, other]) => {
                let (one, other) = (self.at_depth(one, depth), self.at_depth(other, depth));
                Some(self.compared(&one, &other))
            }
            _ => list.iter().find_map(|it| self.open_comparison(it, depth)),
        }
    }
}

fn equal(one: &Evaluated, other: &Evaluated) -> Option<bool> {
    match (one.as_known(), other.as_known()) {
        (Some(one), Some(other)) => Some(one == other),
        _ if one == other => Some(true),
        _ => None,
    }
}

/// A text as it is written; a dynamic reference in it is not known.
fn literal(text: &str) -> Evaluated {
    let Some((before, rest)) = text.split_once("{{resolve:") else {
        return Evaluated::known(text);
    };
    let (inner, after) = rest.split_once("}}").unwrap_or((rest, ""));
    let mut parts = Vec::from([
        Part::Known(before.to_owned()),
        Part::Unknown(["resolve:", inner].concat()),
    ]);
    // What follows is shown as it is written.
    parts.push(match after.contains("{{resolve:") {
        true => Part::Unknown(after.to_owned()),
        false => Part::Known(after.to_owned()),
    });
    text_of(parts)
}

/// A text of parts, neighbours that are known joined.
fn text_of(parts: Vec<Part>) -> Evaluated {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match (joined.last_mut(), part) {
            (_, Part::Known(text)) if text.is_empty() => {}
            (Some(Part::Known(before)), Part::Known(text)) => before.push_str(&text),
            (_, part) => joined.push(part),
        }
    }
    if joined.is_empty() {
        joined.push(Part::Known(String::new()));
    }
    Evaluated::Text(joined)
}

fn split(delimiter: &str, text: Evaluated) -> Evaluated {
    if let Some(text) = text.as_known() {
        let each = text.split(delimiter).map(Evaluated::known);
        return Evaluated::List(each.collect());
    }
    // The ID of a key is what follows the slash in its ARN.
    match text {
        Evaluated::Text(parts) if delimiter == "/" && matches!(&parts[..], [Part::Key { .. }]) => {
            Evaluated::List(Vec::from([
                Evaluated::unknown("the ARN of a key"),
                Evaluated::Text(parts),
            ]))
        }
        _ => Evaluated::unknown("Fn::Split"),
    }
}
