//! The policies that the attributes of a module hold: by `jsonencode`, and in heredocs and texts of JSON.
//!
//! A file that is read by `file` or `templatefile` is not followed.

use std::collections::HashSet;
use std::ops::Range;

use super::documents::{self, Documents};
use super::evaluate::{Resolved, Scope};
use super::expression::{Block, Entry, Expression, Kind, Piece};
use super::trail::{Budget, Trail};
use crate::format::Sink;
use crate::policy::{self, PolicyKind};
use crate::text::{HOLE, Text};
use crate::tree::{Member, Node, Value};

/// Checks the policies of a module.
pub(super) fn lint(blocks: &[Block], scope: &Scope<'_>, sink: &mut Sink) {
    let documents = Documents::new(blocks, scope);
    for (name, document) in documents.standing_alone() {
        let kind = documents.kind(name);
        sink.policy(policy::document(&document, kind, ""));
    }
    let others = blocks.iter().filter(|block| !documents::is_document(block));
    for block in others {
        let scope = scope.without(&block.tested);
        embedded(block, kind_of(block), &scope, sink);
    }
}

/// What the policies in a block are attached to.
pub(super) fn kind_of(block: &Block) -> PolicyKind {
    const OF_KEYS: &[&str] = &[
        "aws_kms_key",
        "aws_kms_key_policy",
        "aws_kms_external_key",
        "aws_kms_replica_key",
        "aws_kms_replica_external_key",
        "awscc_kms_key",
        "awscc_kms_replica_key",
    ];
    match block.label(0) {
        name if OF_KEYS.contains(&name) => PolicyKind::Key,
        "aws_organizations_policy" => PolicyKind::Scp,
        _ => PolicyKind::Identity,
    }
}

/// Every document that an attribute of a block holds.
fn embedded(block: &Block, kind: PolicyKind, scope: &Scope<'_>, sink: &mut Sink) {
    for (_, value) in &block.attributes {
        within(value, kind, scope, sink);
    }
    for inner in &block.blocks {
        embedded(inner, kind, scope, sink);
    }
}

/// Functions whose text is another one than that of their argument.
const CHANGING: &[&str] = &[
    "format",
    "regex",
    "replace",
    "split",
    "substr",
    "templatestring",
];

fn within(value: &Expression, kind: PolicyKind, scope: &Scope<'_>, sink: &mut Sink) {
    let mut check = |node: Node| {
        if policy::is_document(&node) {
            sink.policy(policy::document(&node, kind, ""));
        }
    };
    match &value.kind {
        Kind::Document(pieces, node) => check(with_values((**node).clone(), pieces, scope)),
        Kind::Call(name, arguments) if name == "jsonencode" => {
            if let [argument] = arguments.as_slice() {
                check(node(argument, scope));
            }
        }
        Kind::Call(name, _) if CHANGING.contains(&name.as_str()) => {}
        Kind::Call(_, items) | Kind::List(items) => {
            items
                .iter()
                .for_each(|item| within(item, kind, scope, sink));
        }
        Kind::Object(entries) => {
            for entry in entries {
                within(&entry.value, kind, scope, sink);
            }
        }
        Kind::Conditional(parts) => {
            for value in parts.iter().skip(1) {
                within(value, kind, scope, sink);
            }
        }
        Kind::Template(pieces) => {
            if let [Piece::Value(value)] = pieces.as_slice() {
                within(value, kind, scope, sink);
            }
        }
        Kind::Reference(_) | Kind::For(_) | Kind::Plain(_) | Kind::Absent | Kind::Unknown => {}
    }
}

/// A document of a heredoc with what its interpolations are, as far as it is known.
pub(super) fn with_values(document: Node, pieces: &[Piece], scope: &Scope<'_>) -> Node {
    let values = pieces.iter().filter_map(|piece| match piece {
        Piece::Value(value) => Some(value),
        Piece::Literal(_) | Piece::Unknown => None,
    });
    let mut values: Vec<_> = values.collect();
    values.sort_by_key(|value| value.at.start);
    with_values_of(document, &values, scope)
}

/// The same, with the interpolations in the order of their places.
fn with_values_of(mut document: Node, values: &[&Expression], scope: &Scope<'_>) -> Node {
    let whole = document.at.clone();
    match &mut document.value {
        Value::Text(text) if text.has_holes() => {
            let is_hole = text.as_str().chars().eq([HOLE]);
            let mut within = within_range(values, &whole);
            if let (Some(value), None, true) = (within.next(), within.next(), is_hole)
                && let Value::Text(known) = node(value, scope).value
            {
                *text = known.placed(&whole);
            }
        }
        Value::List(items) => {
            let with_values = |item| with_values_of(item, values, scope);
            *items = std::mem::take(items).into_iter().map(with_values).collect();
        }
        Value::Map(members) => {
            for member in members {
                let node = std::mem::replace(&mut member.node, Node::new(Value::Unknown, 0..0));
                member.node = with_values_of(node, values, scope);
            }
        }
        Value::Unknown => {
            let alone = within_range(values, &whole).next();
            if let Some(Kind::Call(name, arguments)) = alone.map(|value| &value.kind)
                && let ("jsonencode", [argument]) = (name.as_str(), arguments.as_slice())
            {
                return node(argument, scope);
            }
        }
        Value::Text(_) | Value::Plain(_) => {}
    }
    document
}

/// The interpolations that stand in a range.
fn within_range<'a>(
    values: &'a [&'a Expression],
    range: &Range<usize>,
) -> impl Iterator<Item = &'a Expression> {
    let first = values.partition_point(|value| value.at.start < range.start);
    let last = values.partition_point(|value| value.at.start <= range.end);
    let within = values.get(first..last).unwrap_or_default().iter().copied();
    let end = range.end;
    within.filter(move |value| value.at.end <= end)
}

/// An expression as the tree that JSON has of it.
pub(super) fn node(expression: &Expression, scope: &Scope<'_>) -> Node {
    node_along(expression, scope, Trail::new(&Budget::new()))
}

fn node_along(expression: &Expression, scope: &Scope<'_>, trail: Trail<'_>) -> Node {
    let at = expression.at.clone();
    if !trail.can_take(1) {
        return Node::new(Value::Unknown, at);
    }
    let node = |inner: &Expression| node_along(inner, scope, trail);
    let value = match &expression.kind {
        Kind::List(items) => Value::List(items.iter().map(node).collect()),
        Kind::Object(entries) => {
            let member = |entry: &Entry| Member {
                name: entry.name.clone().unwrap_or_else(|| String::from(HOLE)),
                name_at: entry.name_at.clone(),
                node: node(&entry.value),
            };
            Value::Map(entries.iter().map(member).collect())
        }
        Kind::Plain(plain) => Value::Plain(plain.clone()),
        Kind::Call(name, parts) if name == "concat" => concatenated(parts, scope, trail),
        Kind::Call(name, parts) if name == "merge" => merged(parts, scope, trail),
        _ => {
            if let Some(collection) = collection(expression, scope, trail) {
                return Node { at, ..collection };
            }
            text_of(expression, scope).map_or(Value::Unknown, Value::Text)
        }
    };
    Node::new(value, at)
}

/// The list or object that a reference leads to.
fn collection(expression: &Expression, scope: &Scope<'_>, trail: Trail<'_>) -> Option<Node> {
    let parts = expression.reference()?;
    let target = match parts.as_slice() {
        ["local", ..] => scope.at_path(&parts)?,
        _ => return None,
    };
    let node = node_along(target, scope, trail.further()?);
    matches!(node.value, Value::List(_) | Value::Map(_)).then_some(node)
}

fn concatenated(parts: &[Expression], scope: &Scope<'_>, trail: Trail<'_>) -> Value {
    let items = |part: &Expression| {
        let further = trail.further();
        match further.map(|trail| node_along(part, scope, trail).value) {
            Some(Value::List(items)) => items,
            _ => vec![Node::new(Value::Unknown, part.at.clone())],
        }
    };
    Value::List(parts.iter().flat_map(items).collect())
}

/// Objects put together, of which the later win; not known where one of them is not.
fn merged(parts: &[Expression], scope: &Scope<'_>, trail: Trail<'_>) -> Value {
    let mut members: Vec<Member> = Vec::new();
    for part in parts {
        let further = trail.further();
        let Some(Value::Map(own)) = further.map(|trail| node_along(part, scope, trail).value)
        else {
            return Value::Unknown;
        };
        let names: HashSet<&str> = own.iter().map(|member| member.name.as_str()).collect();
        members.retain(|member| !names.contains(member.name.as_str()));
        members.extend(own);
    }
    Value::Map(members)
}

/// The one text that an expression is.
fn text_of(expression: &Expression, scope: &Scope<'_>) -> Option<Text> {
    let resolved = scope.resolve(expression, None).into_iter();
    let texts: Option<Vec<Text>> = resolved
        .map(|resolved| match resolved {
            Resolved::Text(text) => Some(text),
            Resolved::Alias(reference, at) => alias(&reference, at),
        })
        .collect();
    // Both values of a condition may be aliases.
    let same = |texts: &Vec<Text>| {
        let mut texts = texts.iter().map(Text::as_str);
        let first = texts.next();
        texts.all(|text| Some(text) == first && text.contains(ALIAS_RESOURCE))
    };
    let texts = texts.filter(same)?;
    texts.into_iter().next()
}

/// Where the name begins in the ARN of an alias.
const ALIAS_RESOURCE: &str = ":alias/";

/// What is known of an attribute of an alias: the form of its ARN, or of its name.
pub(super) fn alias(reference: &str, at: Range<usize>) -> Option<Text> {
    let known: &[&str] = match reference.rsplit('.').next() {
        Some("arn") => &["arn:", ":kms:", ":", ALIAS_RESOURCE],
        Some("name" | "alias_name") => &["alias/"],
        _ => return None,
    };
    let mut text = Text::default();
    for part in known {
        text.push(part, at.clone());
        text.push_hole(at.clone());
    }
    Some(text)
}
