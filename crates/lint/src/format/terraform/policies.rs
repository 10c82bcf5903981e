//! The policies of a module: `aws_iam_policy_document`, `jsonencode` and heredocs of JSON.
//!
//! A file that is read by `file` or `templatefile` is not followed.

use std::collections::HashSet;
use std::ops::Range;

use super::evaluate::{Resolved, Scope};
use super::expression::{Block, Entry, Expression, Kind, Piece};
use super::trail::{Budget, Trail};
use crate::format::Sink;
use crate::policy::{self, PolicyKind};
use crate::text::{HOLE, Text};
use crate::tree::{Member, Node, Value};

const DOCUMENT: &str = "aws_iam_policy_document";

/// Checks the policies of a module.
pub(super) fn lint(blocks: &[Block], scope: &Scope<'_>, sink: &mut Sink) {
    let of_keys = documents_of(blocks, PolicyKind::Key);
    let scps = documents_of(blocks, PolicyKind::Scp);
    for block in blocks {
        if block.kind == "data" && block.label(0) == DOCUMENT {
            let name = block.label(1);
            let kind = if of_keys.contains(name) {
                PolicyKind::Key
            } else if scps.contains(name) {
                PolicyKind::Scp
            } else {
                PolicyKind::Identity
            };
            sink.policy(policy::document(&document(block, scope), kind, ""));
        } else {
            embedded(block, kind_of(block), scope, sink);
        }
    }
}

/// What the policies in a block are attached to.
fn kind_of(block: &Block) -> PolicyKind {
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

/// The names of the policy documents that a resource of this kind uses.
fn documents_of(blocks: &[Block], kind: PolicyKind) -> HashSet<&str> {
    let blocks = blocks.iter().filter(|block| kind_of(block) == kind);
    let attributes = blocks.flat_map(|block| &block.attributes);
    let named = attributes.filter_map(|(_, value)| match &value.kind {
        Kind::Reference(parts) => name_of_document(parts),
        _ => None,
    });
    named.collect()
}

fn name_of_document(parts: &[String]) -> Option<&str> {
    match parts {
        [data, kind, name, ..] if data == "data" && kind == DOCUMENT => Some(name),
        _ => None,
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
        Kind::Conditional(then, otherwise) => {
            within(then, kind, scope, sink);
            within(otherwise, kind, scope, sink);
        }
        Kind::Template(pieces) => {
            if let [Piece::Value(value)] = pieces.as_slice() {
                within(value, kind, scope, sink);
            }
        }
        Kind::Reference(_) | Kind::Plain(_) | Kind::Unknown => {}
    }
}

/// A document of a heredoc with what its interpolations are, as far as it is known.
fn with_values(mut document: Node, pieces: &[Piece], scope: &Scope<'_>) -> Node {
    let whole = document.at.clone();
    match &mut document.value {
        Value::Text(text) if text.has_holes() => {
            let within = pieces.iter().filter_map(|piece| match piece {
                Piece::Value(value) if whole.start <= value.at.start => Some(value),
                _ => None,
            });
            let mut within = within.filter(|value| value.at.end <= whole.end);
            let is_hole = text.as_str().chars().eq([HOLE]);
            if let (Some(value), None, true) = (within.next(), within.next(), is_hole)
                && let Value::Text(known) = node(value, scope).value
            {
                *text = known.placed(&whole);
            }
        }
        Value::List(items) => {
            let with_values = |item| with_values(item, pieces, scope);
            *items = std::mem::take(items).into_iter().map(with_values).collect();
        }
        Value::Map(members) => {
            for member in members {
                let node = std::mem::replace(&mut member.node, Node::new(Value::Unknown, 0..0));
                member.node = with_values(node, pieces, scope);
            }
        }
        Value::Unknown => {
            if let Some(Kind::Call(name, arguments)) = piece_at(pieces, &whole)
                && let ("jsonencode", [argument]) = (name.as_str(), arguments.as_slice())
            {
                return node(argument, scope);
            }
        }
        Value::Text(_) | Value::Plain(_) => {}
    }
    document
}

/// What an interpolation is that stands at a place alone.
fn piece_at<'a>(pieces: &'a [Piece], at: &Range<usize>) -> Option<&'a Kind> {
    let mut values = pieces.iter().filter_map(|piece| match piece {
        Piece::Value(value) => Some(value),
        _ => None,
    });
    let value = values.find(|value| at.start <= value.at.start && value.at.end <= at.end)?;
    Some(&value.kind)
}

/// An expression as the tree that JSON has of it.
fn node(expression: &Expression, scope: &Scope<'_>) -> Node {
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

/// The attributes that bring the statements of other documents.
const MERGED: &[&str] = &[
    "source_policy_documents",
    "override_policy_documents",
    "source_json",
    "override_json",
];

/// The document that `aws_iam_policy_document` makes.
fn document(block: &Block, scope: &Scope<'_>) -> Node {
    let version = block.attribute("version").map_or_else(
        || Node::new(Value::Plain("2012-10-17".to_owned()), block.at.clone()),
        |version| node(version, scope),
    );
    let statements = block
        .blocks
        .iter()
        .flat_map(|inner| match inner.kind.as_str() {
            "statement" => vec![statement(inner, scope)],
            "dynamic" => repeated(inner, scope),
            _ => Vec::new(),
        });
    let is_repeated = block.blocks("dynamic").next().is_some();
    // What other documents bring is not looked up, nor what each round of a repeated block makes.
    let brings = is_repeated || MERGED.iter().any(|name| block.attribute(name).is_some());
    let brought = brings.then(|| Node::new(Value::Unknown, block.at.clone()));
    let statements = statements.chain(brought).collect();
    let statements = Node::new(Value::List(statements), block.at.clone());
    map(
        vec![
            ("Version".to_owned(), version),
            ("Statement".to_owned(), statements),
        ],
        &block.at,
    )
}

/// The statement of a `dynamic` block as it is written.
fn repeated(block: &Block, scope: &Scope<'_>) -> Vec<Node> {
    let is_statement = block.label(0) == "statement";
    let contents = block.blocks("content").filter(|_| is_statement);
    contents.map(|content| statement(content, scope)).collect()
}

fn map(members: Vec<(String, Node)>, at: &Range<usize>) -> Node {
    let member = |(name, node): (String, Node)| Member {
        name,
        name_at: at.clone(),
        node,
    };
    Node::new(
        Value::Map(members.into_iter().map(member).collect()),
        at.clone(),
    )
}

fn statement(block: &Block, scope: &Scope<'_>) -> Node {
    const NAMES: &[(&str, &str)] = &[
        ("sid", "Sid"),
        ("effect", "Effect"),
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ];
    let mut members = Vec::new();
    if block.attribute("effect").is_none() {
        let allow = Text::literal("Allow", block.at.clone());
        let effect = Node::new(Value::Text(allow), block.at.clone());
        members.push(("Effect".to_owned(), effect));
    }
    for (own, name) in NAMES {
        if let Some(value) = block.attribute(own) {
            members.push(((*name).to_owned(), with_variables(node(value, scope))));
        }
    }
    let principals = block.blocks("principals").filter_map(|inner| {
        let kind = inner.attribute("type")?.literal()?;
        Some((
            kind.to_owned(),
            node(inner.attribute("identifiers")?, scope),
        ))
    });
    members.push(("Principal".to_owned(), map(principals.collect(), &block.at)));
    let conditions = block
        .blocks
        .iter()
        .filter_map(|inner| match inner.kind.as_str() {
            "condition" => Some(condition(inner, scope)),
            "dynamic" => Some((
                String::from(HOLE),
                Node::new(Value::Unknown, inner.at.clone()),
            )),
            _ => None,
        });
    members.push(("Condition".to_owned(), map(conditions.collect(), &block.at)));
    map(members, &block.at)
}

/// An operator, with a map of one key and its values.
fn condition(block: &Block, scope: &Scope<'_>) -> (String, Node) {
    let literal = |name| block.attribute(name).and_then(Expression::literal);
    let values = block.attribute("values").map_or_else(
        || Node::new(Value::Unknown, block.at.clone()),
        |values| with_variables(node(values, scope)),
    );
    let member = Member {
        name: literal("variable").map_or_else(|| String::from(HOLE), str::to_owned),
        name_at: block
            .attribute("variable")
            .map_or(block.at.clone(), |own| own.at.clone()),
        node: values,
    };
    let keys = Node::new(Value::Map(vec![member]), block.at.clone());
    (
        literal("test").map_or_else(|| String::from(HOLE), str::to_owned),
        keys,
    )
}

/// `&{...}` stands for a variable of IAM.
fn with_variables(mut node: Node) -> Node {
    match &mut node.value {
        Value::Text(text) if text.as_str().contains("&{") => {
            *text = text.replaced("&{", "${");
        }
        Value::List(items) => {
            let replaced = std::mem::take(items).into_iter().map(with_variables);
            *items = replaced.collect();
        }
        _ => {}
    }
    node
}
