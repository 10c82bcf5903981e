//! The values of a template, evaluated as far as they are known.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;

use serde_json::Value;

use super::links::Links;
use super::split::split;
use super::template::{STACK, Template, names_in};
use super::texts::Parameters;
use super::written::base64;
use crate::run::Assumption;
use kms_alias_foresee::verdict::Place;

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
    /// One of these: which, depends on a condition that is not known.
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
        is_arn: bool,
    },
    /// What is not known, by its label.
    Unknown(String),
}

/// Where a template is evaluated.
pub(super) struct Scope<'v> {
    pub(super) template: &'v Template,
    pub(super) parameters: &'v BTreeMap<String, String>,
    /// Parameters whose values are not known, whatever their default is.
    pub(super) withheld: &'v BTreeSet<String>,
    pub(super) place: Place,
    /// The stack's number, what tells it from others, and its name where that is known.
    pub(super) stack: usize,
    pub(super) label: Option<&'v str>,
    pub(super) stack_name: Option<&'v str>,
    pub(super) links: &'v Links,
    pub(super) assumed: &'v [Assumption],
    /// What parameters may be that have no value.
    pub(super) may_be: Option<&'v Parameters<'v>>,
    /// The conditions whose value was asked for: each may be in many others.
    pub(super) conditions: RefCell<BTreeMap<String, Option<bool>>>,
}

/// As deep are functions evaluated: the reader of JSON nests no deeper.
pub(super) const DEEPEST: usize = 128;

impl Evaluated {
    pub(super) fn known(text: &str) -> Self {
        Self::Text(Vec::from([Part::Known(text.to_owned())]))
    }

    pub(super) fn unknown(label: impl Into<String>) -> Self {
        Self::Text(Vec::from([Part::Unknown(label.into())]))
    }

    /// The stack and the logical ID of the key of which this is the ID or the ARN.
    pub(super) fn as_key(&self) -> Option<(usize, &str)> {
        match self {
            Self::Text(parts) => match &parts[..] {
                [
                    Part::Key {
                        stack, logical_id, ..
                    },
                ] => Some((*stack, logical_id)),
                _ => None,
            },
            _ => None,
        }
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

    /// The text with those of its parts known that are known elsewhere.
    pub(super) fn with(self, text_of: impl Fn(&Part) -> Option<String>) -> Self {
        match self {
            Self::Text(parts) => {
                text_of_parts(parts.into_iter().map(|part| match text_of(&part) {
                    Some(text) => Part::Known(text),
                    None => part,
                }))
            }
            other => other,
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

    /// Whether an entry of a list that this is may not be there.
    fn may_be_nothing(&self) -> bool {
        matches!(self, Self::OneOf(values) if values.contains(&Self::Nothing))
    }

    pub(super) fn parts(self) -> Vec<Part> {
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
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Known(text) => text.clone(),
            Self::Key { logical_id, .. } => format!("${{{logical_id}}}"),
            Self::Unknown(label) if label.starts_with("resolve:") => format!("{{{{{label}}}}}"),
            Self::Unknown(label) => format!("${{{label}}}"),
        }
    }
}

impl Scope<'_> {
    pub(super) fn value(&self, value: &Value) -> Evaluated {
        self.at_depth(value, DEEPEST)
    }

    pub(super) fn at_depth(&self, value: &Value, depth: usize) -> Evaluated {
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
        let value = self.call(name, argument, depth);
        match name != "Ref" && value == Evaluated::unknown(name) {
            true => self.unknown_call(name, argument),
            false => value,
        }
    }

    fn call(&self, name: &str, argument: &Value, depth: usize) -> Evaluated {
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
            ("Fn::FindInMap", [map, first, second, more @ ..]) => {
                let default = more.first().and_then(|more| more.get("DefaultValue"));
                self.find_in_map([map, first, second], default, depth)
            }
            ("Fn::Length", _) => match self.at_depth(argument, depth) {
                Evaluated::List(list) if !list.iter().any(Evaluated::may_be_nothing) => {
                    Evaluated::Json(list.len().into())
                }
                _ => Evaluated::unknown(name),
            },
            ("Fn::ToJsonString", _) => match json_begin(argument) {
                Some(begin) => {
                    let rest = self.unknown_call(name, argument).parts();
                    text_of_parts([Part::Known(begin.to_owned())].into_iter().chain(rest))
                }
                None => Evaluated::unknown(name),
            },
            ("Fn::Base64", _) => match self.at_depth(argument, depth).as_known() {
                Some(text) => Evaluated::known(&base64(text.as_bytes())),
                None => Evaluated::unknown(name),
            },
            ("Fn::ImportValue", _) => self.import(argument, depth),
            _ => Evaluated::unknown(name),
        }
    }

    pub(super) fn reference(&self, name: &str, depth: usize) -> Evaluated {
        let unknown = || Evaluated::unknown(name);
        if let Some(value) = self.pseudo_parameter(name) {
            return value;
        }
        if let Some(parameter) = self.template.entry("Parameters", name) {
            return self.parameter(name, parameter);
        }
        let resource = self.template.entry("Resources", name);
        match self.template.kind_of(name) {
            Some("AWS::KMS::Key" | "AWS::KMS::ReplicaKey") => self.key(name, false),
            // An alias is referred to by its name.
            Some("AWS::KMS::Alias") => {
                let properties = resource.and_then(|body| body.get("Properties"));
                let alias_name = properties.and_then(|all| all.get("AliasName"));
                let alias_name = alias_name.filter(|name| !self.has_alias(name));
                alias_name.map_or_else(unknown, |value| self.at_depth(value, depth))
            }
            Some(STACK) => self.nested_stack_id(name),
            _ => unknown(),
        }
    }

    /// Whether the name of an alias is made of those of others: of what it is then nothing is told, as
    /// names that are made of each other may be of any length (ours).
    fn has_alias(&self, name: &Value) -> bool {
        let names = names_in([name].into_iter());
        names
            .iter()
            .any(|name| self.template.kind_of(name) == Some("AWS::KMS::Alias"))
    }

    fn key(&self, logical_id: &str, is_arn: bool) -> Evaluated {
        Evaluated::Text(Vec::from([Part::Key {
            stack: self.stack,
            logical_id: logical_id.to_owned(),
            is_arn,
        }]))
    }

    fn attribute(&self, logical_id: &str, attribute: &str) -> Evaluated {
        let kind = self.template.kind_of(logical_id);
        match (kind, attribute) {
            (Some("AWS::KMS::Key" | "AWS::KMS::ReplicaKey"), "Arn" | "KeyId") => {
                self.key(logical_id, attribute == "Arn")
            }
            (Some(STACK), _) => self.output(logical_id, attribute),
            _ => Evaluated::unknown(format!("{logical_id}.{attribute}")),
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
        text_of_parts(parts)
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
        text_of_parts(parts)
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

    /// The value of a map, or the default where it has none.
    fn find_in_map(&self, keys: [&Value; 3], default: Option<&Value>, depth: usize) -> Evaluated {
        let [map, first, second] = keys.map(|key| self.at_depth(key, depth).as_known());
        let unknown = || Evaluated::unknown("Fn::FindInMap");
        let Some(((map, first), second)) = map.zip(first).zip(second) else {
            return unknown();
        };
        let found = self.template.entry("Mappings", &map);
        let found = found.and_then(|map| map.get(&first)?.get(&second));
        let found = found.or(default);
        found.map_or_else(unknown, |value| self.at_depth(value, depth))
    }

    fn import(&self, argument: &Value, depth: usize) -> Evaluated {
        let name = self.at_depth(argument, depth);
        let exported = name
            .as_known()
            .and_then(|name| self.links.exports.get(&name));
        let exported = exported.map_or(&[][..], Vec::as_slice).iter();
        let near: Vec<_> = exported
            .filter(|one| !one.place.is_apart(&self.place))
            .collect();
        let own = near.iter().copied();
        let own: Vec<_> = own.filter(|one| one.place == self.place).collect();
        match (&near[..], &own[..]) {
            ([one], _) | (_, [one]) => one.value.clone(),
            _ => Evaluated::unknown(format!("Fn::ImportValue {}", name.shown())),
        }
    }
}

/// How the text of an object or a list begins, however that is written.
fn json_begin(value: &Value) -> Option<&'static str> {
    let is_function = |name: &String| name == "Ref" || name.starts_with("Fn::");
    match value {
        Value::Object(members) => (!members.keys().any(is_function)).then_some("{"),
        Value::Array(_) => Some("["),
        _ => None,
    }
}

/// A text as it is written; a dynamic reference in it is not known.
pub(super) fn literal(text: &str) -> Evaluated {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, reference)) = rest.split_once("{{resolve:") {
        let (inner, after) = reference.split_once("}}").unwrap_or((reference, ""));
        parts.push(Part::Known(before.to_owned()));
        parts.push(Part::Unknown(["resolve:", inner].concat()));
        rest = after;
    }
    parts.push(Part::Known(rest.to_owned()));
    text_of_parts(parts)
}

/// A text of parts, neighbours that are known joined.
pub(super) fn text_of_parts(parts: impl IntoIterator<Item = Part>) -> Evaluated {
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
