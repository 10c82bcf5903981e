//! CloudFormation's intrinsic functions, as far as a template alone tells their value.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::placeholder::{Marks, key_arn, key_id, with_holes};
use crate::text::Text;
use crate::tree::{Member, Node, Value};

/// What a value of a template can be.
pub(crate) enum Resolved<'a> {
    Text(Text),
    /// `Ref` of a resource that is an alias: its name, and where it stands.
    Alias(&'a str, Range<usize>),
}

/// What texts of a template hold besides themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    CloudFormation,
    /// `${...}` is a variable of the Serverless Framework.
    Serverless,
}

/// What functions refer to.
#[derive(Clone)]
pub(crate) struct Scope<'a> {
    pub(crate) dialect: Dialect,
    /// The default of each parameter that has one which is a text.
    pub(crate) defaults: HashMap<&'a str, &'a Text>,
    /// The logical IDs of the resources that are KMS aliases.
    pub(crate) aliases: HashSet<&'a str>,
    /// Those of the resources that are KMS keys.
    pub(crate) keys: HashSet<&'a str>,
    pub(crate) mappings: Option<&'a Node>,
}

impl<'a> Scope<'a> {
    /// What a value can be: one text, one for each branch of `Fn::If`, or nothing for
    /// `AWS::NoValue`.
    pub(crate) fn resolve(&self, node: &'a Node) -> Vec<Resolved<'a>> {
        match &node.value {
            Value::Text(text) => vec![Resolved::Text(self.literal(text))],
            Value::Plain(plain) if plain == "null" => Vec::new(),
            Value::Plain(plain) => vec![Resolved::Text(Text::literal(plain, node.at.clone()))],
            Value::Map(members) => match members.as_slice() {
                [function] => self.function(function),
                _ => vec![hole(node)],
            },
            Value::List(_) | Value::Unknown => vec![hole(node)],
        }
    }

    /// A condition may ask for the very parameter that a branch refers to, so a branch is only what is
    /// written in it.
    pub(crate) fn without_defaults(&self) -> Self {
        Self {
            defaults: HashMap::new(),
            ..self.clone()
        }
    }

    /// The same without the defaults of some parameters.
    pub(crate) fn without(&self, parameters: &HashSet<&str>) -> Self {
        let mut own = self.clone();
        own.defaults.retain(|name, _| !parameters.contains(name));
        own
    }

    fn function(&self, function: &'a Member) -> Vec<Resolved<'a>> {
        let argument = &function.node;
        let arguments = argument.items();
        match function.name.as_str() {
            "Ref" => self.reference(argument),
            "Fn::GetAtt" => vec![Resolved::Text(self.attribute(argument))],
            "Fn::Sub" => vec![Resolved::Text(self.substitution(argument))],
            "Fn::Join" => vec![Resolved::Text(self.join(argument))],
            "Fn::If" => match arguments {
                [_, then, otherwise] => {
                    let own = self.without_defaults();
                    let mut branches = own.resolve(then);
                    branches.extend(own.resolve(otherwise));
                    branches.retain(|branch| !is_empty(branch));
                    branches
                }
                _ => vec![hole(argument)],
            },
            "Fn::FindInMap" => self.in_map(argument),
            "Fn::Select" => match arguments {
                [index, list] => self.select(index, list),
                _ => vec![hole(argument)],
            },
            _ => vec![hole(argument)],
        }
    }

    /// A text of the template; dynamic references (`{{resolve:...}}`) are holes, and so are variables
    /// of the Serverless Framework, whose resources may stand in files of their own.
    fn literal(&self, text: &Text) -> Text {
        let marks: &[(&str, &str)] = match self.dialect {
            Dialect::CloudFormation => OF_SERVERLESS,
            Dialect::Serverless => &[("{{resolve:", "}}"), ("${", "}")],
        };
        with_holes(text, marks)
    }

    fn reference(&self, argument: &'a Node) -> Vec<Resolved<'a>> {
        let Some(name) = argument.literal() else {
            return vec![hole(argument)];
        };
        if name == "AWS::NoValue" {
            return Vec::new();
        }
        if self.aliases.contains(name) {
            return vec![Resolved::Alias(name, argument.at.clone())];
        }
        let text = match self.defaults.get(name) {
            Some(default) => self.literal(default),
            None if self.keys.contains(name) => key_id(&argument.at),
            None => Text::hole(argument.at.clone()),
        };
        vec![Resolved::Text(text)]
    }

    /// `Fn::GetAtt` of a key: its ARN or its ID; all else is a hole.
    fn attribute(&self, argument: &Node) -> Text {
        let parts = match argument.items() {
            [name, attribute] => name.literal().zip(attribute.literal()),
            _ => argument.literal().and_then(|path| path.split_once('.')),
        };
        let text = parts.and_then(|(name, attribute)| self.of_key(name, attribute, &argument.at));
        text.unwrap_or_else(|| Text::hole(argument.at.clone()))
    }

    fn of_key(&self, name: &str, attribute: &str, at: &Range<usize>) -> Option<Text> {
        match attribute {
            _ if !self.keys.contains(name) => None,
            "Arn" => Some(key_arn(at)),
            "KeyId" => Some(key_id(at)),
            _ => None,
        }
    }

    /// The one text that a value is, or a hole.
    fn one(&self, node: &'a Node) -> Text {
        let mut resolved = self.resolve(node);
        match (resolved.pop(), resolved.is_empty()) {
            (Some(Resolved::Text(text)), true) => text,
            (Some(Resolved::Alias(_, at)), true) => alias_name(at),
            _ => Text::hole(node.at.clone()),
        }
    }

    /// `Fn::Sub`: a text, or a text and a map of values.
    fn substitution(&self, argument: &'a Node) -> Text {
        let (template, values) = match argument.items() {
            [template, values] => (template, Some(values)),
            _ => (argument, None),
        };
        let Some(text) = template.text() else {
            return Text::hole(argument.at.clone());
        };
        let mut result = Text::default();
        let whole = text.as_str();
        let mut next = 0_usize;
        let is_whole = |inner: &str| whole.len() == inner.len().saturating_add(3);
        while let Some((before, inner)) = split_variable(whole.get(next..).unwrap_or_default()) {
            let start = next.saturating_add(before.len());
            let end = start.saturating_add(inner.len()).saturating_add(3);
            result.push_text(&text.slice(next..start));
            let at = text.slice(start..end).at();
            match inner.strip_prefix('!') {
                Some(literal) => result.push(&format!("${{{literal}}}"), at),
                None => {
                    let value = self.variable(inner, values, &at);
                    // A default that is part of a text may be right where it stands.
                    let is_default = values.is_none_or(|values| values.member(inner).is_none());
                    if is_default && !is_whole(inner) {
                        result.push_text(&value.placed(&at));
                    } else {
                        result.push_text(&value);
                    }
                }
            }
            next = end;
        }
        result.push_text(&text.slice(next..whole.len()));
        if result.as_str().is_empty() {
            result.push("", text.at());
        }
        result
    }

    fn variable(&self, name: &str, values: Option<&'a Node>, at: &Range<usize>) -> Text {
        let name = name.trim();
        if let Some(value) = values.and_then(|values| values.member(name)) {
            return self.one(value);
        }
        match self.defaults.get(name) {
            Some(default) => self.literal(default),
            _ if self.aliases.contains(name) => alias_name(at.clone()),
            _ if self.keys.contains(name) => key_id(at),
            _ => (name.split_once('.'))
                .and_then(|(name, attribute)| self.of_key(name, attribute, at))
                .unwrap_or_else(|| Text::hole(at.clone())),
        }
    }

    /// `Fn::Join` of a list that stands in the template.
    fn join(&self, argument: &'a Node) -> Text {
        let [delimiter, list] = argument.items() else {
            return Text::hole(argument.at.clone());
        };
        let (Some(between), Value::List(items)) = (delimiter.literal(), &list.value) else {
            return Text::hole(argument.at.clone());
        };
        let mut result = Text::default();
        for (index, item) in items.iter().enumerate() {
            if index > 0 && !between.is_empty() {
                result.push(between, delimiter.at.clone());
            }
            let mut text = self.one(item);
            if item.member("Ref").is_some() {
                text = text.placed(&item.at);
            }
            if text.as_str().is_empty() && item.text().is_none() {
                text = Text::hole(item.at.clone());
            }
            result.push_text(&text);
        }
        result
    }

    /// `Fn::FindInMap` with names that stand there. A mapping holds no functions, so that what it
    /// holds leads nowhere else.
    fn in_map(&self, argument: &'a Node) -> Vec<Resolved<'a>> {
        let names = argument.items().iter().map(Node::literal);
        let names: Option<Vec<&str>> = names.collect();
        let names = names.filter(|names| names.len() == 3);
        let value = names.and_then(|names| self.mappings?.path(&names));
        match value {
            Some(value) if matches!(value.value, Value::Text(_) | Value::Plain(_)) => {
                self.resolve(value)
            }
            _ => vec![hole(argument)],
        }
    }

    fn select(&self, index: &Node, list: &'a Node) -> Vec<Resolved<'a>> {
        let index = match &index.value {
            Value::Text(text) => text.as_str().parse::<usize>().ok(),
            Value::Plain(plain) => plain.parse().ok(),
            _ => None,
        };
        let selected = index.and_then(|index| list.items().get(index));
        selected.map_or_else(|| vec![hole(list)], |item| self.resolve(item))
    }

    /// A tree in which every function is its value, as far as it is known.
    pub(crate) fn simplified(&self, node: &'a Node) -> Node {
        let value = match &node.value {
            Value::Text(text) => Value::Text(self.literal(text)),
            Value::Plain(plain) => Value::Plain(plain.clone()),
            Value::List(items) => {
                Value::List(items.iter().map(|item| self.simplified(item)).collect())
            }
            Value::Unknown => Value::Unknown,
            Value::Map(members) => match members.as_slice() {
                [only] if is_function(&only.name) => return self.simplified_function(node, only),
                _ => Value::Map(members.iter().map(|member| self.member(member)).collect()),
            },
        };
        Node::new(value, node.at.clone())
    }

    fn member(&self, member: &'a Member) -> Member {
        Member {
            name: member.name.clone(),
            name_at: member.name_at.clone(),
            node: self.simplified(&member.node),
        }
    }

    fn simplified_function(&self, node: &'a Node, function: &'a Member) -> Node {
        // Of two statements, or a statement and nothing, the first is looked at.
        if function.name == "Fn::If" {
            let branches = function.node.items().iter().skip(1);
            let mut statements = branches.filter(|branch| branch.member("Effect").is_some());
            if let Some(statement) = statements.next() {
                return self.simplified(statement);
            }
        }
        let mut resolved = self.resolve(node);
        let value = match (resolved.pop(), resolved.is_empty()) {
            (Some(Resolved::Text(text)), true) => Value::Text(text),
            (Some(Resolved::Alias(_, at)), true) => Value::Text(alias_name(at)),
            _ => Value::Unknown,
        };
        Node::new(value, node.at.clone())
    }
}

/// Dynamic references, and the variables of the Serverless Framework that are none of
/// CloudFormation's and none of a policy.
const OF_SERVERLESS: &[Marks] = &[
    ("{{resolve:", "}}"),
    ("${self:", "}"),
    ("${opt:", "}"),
    ("${sls:", "}"),
    ("${env:", "}"),
    ("${file(", "}"),
    ("${ssm:", "}"),
    ("${cf:", "}"),
    ("${cf(", "}"),
    ("${param:", "}"),
    ("${aws:accountId", "}"),
    ("${aws:region", "}"),
];

/// The name of an alias, of which only its beginning is told.
fn alias_name(at: Range<usize>) -> Text {
    let mut name = Text::default();
    name.push("alias/", at.clone());
    name.push_hole(at);
    name
}

fn hole<'a>(node: &Node) -> Resolved<'a> {
    Resolved::Text(Text::hole(node.at.clone()))
}

fn is_empty(resolved: &Resolved<'_>) -> bool {
    matches!(resolved, Resolved::Text(text) if text.as_str().is_empty())
}

fn is_function(name: &str) -> bool {
    name == "Ref" || name.starts_with("Fn::")
}

/// The text before a variable, and its name.
fn split_variable(text: &str) -> Option<(&str, &str)> {
    let (before, after) = text.split_once("${")?;
    let (inner, _) = after.split_once('}')?;
    Some((before, inner))
}
