//! `aws_iam_policy_document`: its statements, and those of the documents that it brings together.
//!
//! As the provider does, the statements of `source_policy_documents` come first, then its own, then
//! those of `override_policy_documents`; one with a `sid` that is there already takes its place.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::evaluate::Scope;
use super::expression::{Block, Expression, Kind};
use super::policies::{kind_of, node, with_values};
use super::trail::{Budget, Trail};
use crate::policy::{PERHAPS, PolicyKind};
use crate::text::{HOLE, Text};
use crate::tree::{Member, Node, Value};

const DOCUMENT: &str = "aws_iam_policy_document";

/// The attributes that bring statements that the own ones replace.
const SOURCES: &[&str] = &["source_json", "source_policy_documents"];

/// The attributes that bring statements that replace the own ones.
const OVERRIDES: &[&str] = &["override_policy_documents", "override_json"];

/// Functions that give what is in the lists that they are given.
const LISTS: &[&str] = &["compact", "concat", "flatten"];

/// The attributes that hold the JSON of a document.
const JSON: &[&str] = &["json", "minified_json"];

/// Whether a block is such a document.
pub(super) fn is_document(block: &Block) -> bool {
    block.kind == "data" && block.label(0) == DOCUMENT
}

/// The documents of a module.
pub(super) struct Documents<'a> {
    by_name: HashMap<&'a str, &'a Block>,
    /// Those that other documents bring in, and nothing else uses.
    parts: HashSet<&'a str>,
    /// Those that are the policy of a key, or of an organization.
    kinds: HashMap<&'a str, PolicyKind>,
    scope: &'a Scope<'a>,
}

impl<'a> Documents<'a> {
    pub(super) fn new(blocks: &'a [Block], scope: &'a Scope<'a>) -> Self {
        let documents = blocks.iter().filter(|block| is_document(block));
        let (mut parts, mut alone) = (HashSet::new(), HashSet::new());
        let mut kinds = HashMap::new();
        for block in blocks {
            let mut used = HashSet::new();
            used_in(block, &mut used, &mut parts);
            let kind = kind_of(block);
            if kind != PolicyKind::Identity {
                let rank = |kind: PolicyKind| kind == PolicyKind::Key;
                for name in &used {
                    let known = kinds.entry(*name).or_insert(kind);
                    if rank(kind) {
                        *known = kind;
                    }
                }
            }
            alone.extend(used);
        }
        Self {
            by_name: documents.map(|block| (block.label(1), block)).collect(),
            parts: parts.difference(&alone).copied().collect(),
            kinds,
            scope,
        }
    }

    /// The documents that stand for themselves.
    pub(super) fn standing_alone(&self) -> impl Iterator<Item = (&'a str, Node)> {
        let mut names: Vec<_> = self.by_name.iter().collect();
        names.sort_by_key(|(_, block)| block.at.start);
        let alone = names
            .into_iter()
            .filter(|(name, _)| !self.parts.contains(**name));
        alone.map(|(name, block)| (*name, self.document(block)))
    }

    /// What a document is attached to.
    pub(super) fn kind(&self, name: &str) -> PolicyKind {
        self.kinds.get(name).copied().unwrap_or_default()
    }

    fn document(&self, block: &Block) -> Node {
        let version = block.attribute("version").map_or_else(
            || Node::new(Value::Plain("2012-10-17".to_owned()), block.at.clone()),
            |version| node(version, self.scope),
        );
        let statements = self.statements(block, Trail::new(&Budget::new()));
        let statements = Node::new(Value::List(statements), block.at.clone());
        let members = [("Version", version), ("Statement", statements)];
        let members = members.map(|(name, node)| (name.to_owned(), node));
        map(members.into(), &block.at)
    }

    /// The statements that a document comes to.
    fn statements(&self, block: &Block, trail: Trail<'_>) -> Vec<Node> {
        let mut merged = Merged::default();
        let brought = |names: &[&str]| {
            let attributes = names.iter().filter_map(|name| block.attribute(name));
            let all = attributes.flat_map(|own| self.brought(own, trail));
            all.collect::<Vec<_>>()
        };
        merged.add(brought(SOURCES));
        let scope = self.scope.without(&block.tested);
        merged.add(own_statements(block, &scope));
        merged.add(brought(OVERRIDES));
        // Where statements stand that are not known, nobody can say.
        let mut statements = merged.statements;
        statements.sort_by_key(|statement| statement.value == Value::Unknown);
        statements
    }

    /// The statements of a document, or of a list of documents, that an expression is.
    fn brought(&self, documents: &Expression, trail: Trail<'_>) -> Vec<Node> {
        let unknown = || vec![Node::new(Value::Unknown, documents.at.clone())];
        let Some(trail) = trail.further() else {
            return unknown();
        };
        match &documents.kind {
            Kind::List(items) => {
                return items
                    .iter()
                    .flat_map(|item| self.brought(item, trail))
                    .collect();
            }
            Kind::Call(name, items) if LISTS.contains(&&**name) => {
                return items
                    .iter()
                    .flat_map(|item| self.brought(item, trail))
                    .collect();
            }
            Kind::Call(name, arguments) if name == "jsonencode" => {
                if let [argument] = arguments.as_slice() {
                    return statements_of(&node(argument, self.scope)).unwrap_or_else(unknown);
                }
            }
            Kind::Document(pieces, inner) => {
                let inner = with_values((**inner).clone(), pieces, self.scope);
                return statements_of(&inner).unwrap_or_else(unknown);
            }
            _ => {}
        }
        let Some(parts) = documents.reference() else {
            return unknown();
        };
        if let Some(local) = self
            .scope
            .at_path(&parts)
            .filter(|_| parts.first() == Some(&"local"))
        {
            return self.brought(local, trail);
        }
        match name_of_document(&parts).and_then(|name| self.by_name.get(name)) {
            Some(block) => self.statements(block, trail),
            None => unknown(),
        }
    }
}

/// The name of the document whose JSON a reference is.
fn name_of_document<'p>(parts: &[&'p str]) -> Option<&'p str> {
    let (json, parts) = parts.split_last()?;
    match parts {
        ["data", DOCUMENT, name] if JSON.contains(json) => Some(name),
        ["data", DOCUMENT, name, index] if JSON.contains(json) && index.starts_with('[') => {
            Some(name)
        }
        _ => None,
    }
}

/// The documents that a block uses, apart from those that it brings in as a document itself.
fn used_in<'a>(block: &'a Block, used: &mut HashSet<&'a str>, parts: &mut HashSet<&'a str>) {
    for (name, value) in &block.attributes {
        let brings = SOURCES.iter().chain(OVERRIDES).any(|own| own == name);
        if is_document(block) && brings {
            brought_in(value, used, parts);
        } else {
            named_in(value, used);
        }
    }
    for inner in &block.blocks {
        used_in(inner, used, parts);
    }
}

/// The documents that are brought in for certain; others may stand alone.
fn brought_in<'a>(
    value: &'a Expression,
    used: &mut HashSet<&'a str>,
    parts: &mut HashSet<&'a str>,
) {
    let items = match &value.kind {
        Kind::Reference(_) => return named_in(value, parts),
        Kind::List(items) => items,
        Kind::Call(name, items) if LISTS.contains(&&**name) => items,
        _ => return named_in(value, used),
    };
    for item in items {
        brought_in(item, used, parts);
    }
}

fn named_in<'a>(value: &'a Expression, names: &mut HashSet<&'a str>) {
    if let Kind::Reference(parts) = &value.kind {
        let parts: Vec<&'a str> = parts.iter().map(String::as_str).collect();
        names.extend(name_of_document(&parts));
    }
    for part in value.parts() {
        named_in(part, names);
    }
}

/// Statements, of which one with a `Sid` that is there already takes its place.
#[derive(Default)]
struct Merged {
    statements: Vec<Node>,
    /// Where each `Sid` is.
    places: HashMap<String, usize>,
}

impl Merged {
    fn add(&mut self, statements: Vec<Node>) {
        for statement in statements {
            let end = self.statements.len();
            let place = match sid(&statement) {
                Some(sid) => *self.places.entry(sid.to_owned()).or_insert(end),
                None => end,
            };
            match self.statements.get_mut(place) {
                Some(known) => *known = statement,
                None => self.statements.push(statement),
            }
        }
    }
}

fn sid(statement: &Node) -> Option<&str> {
    let sid = statement.member("Sid").and_then(Node::literal);
    sid.filter(|sid| !sid.is_empty())
}

/// The statements of a document that is known.
fn statements_of(document: &Node) -> Option<Vec<Node>> {
    let statements = document.member("Statement")?;
    match &statements.value {
        Value::List(items) => Some(items.clone()),
        Value::Map(_) => Some(vec![statements.clone()]),
        _ => None,
    }
}

/// The statements that stand in a document itself.
fn own_statements(block: &Block, scope: &Scope<'_>) -> Vec<Node> {
    let inner = block.blocks.iter();
    let statements = inner.flat_map(|inner| match inner.kind.as_str() {
        "statement" => vec![statement(inner, scope)],
        "dynamic" => repeated(inner, scope),
        _ => Vec::new(),
    });
    statements.collect()
}

/// The statement of a `dynamic` block as it is written, and others that its turns make.
fn repeated(block: &Block, scope: &Scope<'_>) -> Vec<Node> {
    let is_statement = block.label(0) == "statement";
    let contents = block.blocks("content").filter(|_| is_statement);
    let statements = contents.map(|content| statement(content, scope));
    let others = Node::new(Value::Unknown, block.at.clone());
    statements.chain([others]).collect()
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
        .flat_map(|inner| match inner.kind.as_str() {
            "condition" => vec![condition(inner, scope)],
            "dynamic" => perhaps(inner, scope),
            _ => Vec::new(),
        });
    members.push(("Condition".to_owned(), map(conditions.collect(), &block.at)));
    map(members, &block.at)
}

/// What a `dynamic` block makes of conditions: the one that is written, which may be there not at all.
fn perhaps(block: &Block, scope: &Scope<'_>) -> Vec<(String, Node)> {
    let unknown = Node::new(Value::Unknown, block.at.clone());
    let contents = block
        .blocks("content")
        .filter(|_| block.label(0) == "condition");
    let written = contents.map(|content| {
        let (operator, keys) = condition(content, scope);
        (format!("{PERHAPS}{operator}"), keys)
    });
    written.chain([(String::from(HOLE), unknown)]).collect()
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
