//! The reader of Terraform's JSON syntax.

use std::ops::Range;

use super::expression::{Block, Entry, Expression, Kind, Piece, VARIABLES, plain, variables_in};
use super::hcl;
use crate::format::embedded::document_in;
use crate::format::placeholder::with_holes;
use crate::text::Text;
use crate::tree::{Member, Node, Value};

/// Reads a file whose places count from 0.
pub(crate) fn read(root: &Node) -> Vec<Block> {
    each(root).flat_map(top_level).collect()
}

/// Reads a file of values of variables.
pub(crate) fn read_variables(root: &Node, name: &str) -> Vec<Block> {
    vec![block(VARIABLES, vec![name.to_owned()], root)]
}

/// What stands alone, or in a list.
fn each(node: &Node) -> impl Iterator<Item = &Node> {
    let alone = matches!(node.value, Value::Map(_)).then_some(node);
    alone.into_iter().chain(node.items())
}

fn top_level(root: &Node) -> Vec<Block> {
    let mut blocks = Vec::new();
    for member in root.members() {
        let kind = member.name.as_str();
        let labels = match kind {
            "resource" | "data" => 2,
            "provider" | "variable" | "module" | "output" => 1,
            "locals" => 0,
            _ => continue,
        };
        labelled(kind, labels, &member.node, &mut Vec::new(), &mut blocks);
    }
    blocks
}

/// The blocks below so many levels of labels.
fn labelled(
    kind: &str,
    levels: usize,
    node: &Node,
    labels: &mut Vec<String>,
    blocks: &mut Vec<Block>,
) {
    let Some(below) = levels.checked_sub(1) else {
        let bodies = each(node).filter(|node| matches!(node.value, Value::Map(_)));
        blocks.extend(bodies.map(|body| block(kind, labels.clone(), body)));
        return;
    };
    for member in each(node).flat_map(Node::members) {
        labels.push(member.name.clone());
        labelled(kind, below, &member.node, labels, blocks);
        labels.pop();
    }
}

/// A block; what may be an argument or a nested block is read as both.
fn block(kind: &str, labels: Vec<String>, body: &Node) -> Block {
    let members = || body.members().iter().filter(|member| member.name != "//");
    let attributes = members().map(|member| (member.name.clone(), expression(&member.node)));
    let nested = members().flat_map(|member| {
        let mut blocks = Vec::new();
        let labels = usize::from(member.name == "dynamic");
        labelled(
            &member.name,
            labels,
            &member.node,
            &mut Vec::new(),
            &mut blocks,
        );
        blocks
    });
    Block {
        at: body.at.clone(),
        kind: kind.to_owned(),
        labels,
        attributes: attributes.collect(),
        tested: (body.member("count").and_then(Node::text))
            .map_or_else(Vec::new, |count| variables_in(count.as_str())),
        blocks: nested.collect(),
    }
}

fn expression(node: &Node) -> Expression {
    let kind = match &node.value {
        Value::Text(text) => return text_expression(text, &node.at),
        Value::Plain(written) => Kind::Plain(plain(written)),
        Value::List(items) => Kind::List(items.iter().map(expression).collect()),
        Value::Map(members) => Kind::Object(members.iter().map(entry).collect()),
        Value::Unknown => Kind::Unknown,
    };
    Expression::new(kind, node.at.clone())
}

fn text_expression(text: &Text, at: &Range<usize>) -> Expression {
    let value = text.as_str();
    let template = if is_template(value) {
        hcl::template(value, at)
    } else {
        let piece = Piece::Literal(value.to_owned());
        Expression::new(Kind::Template(vec![piece]), at.clone())
    };
    match (template.kind, document(text)) {
        (Kind::Template(pieces), Some(document)) => {
            Expression::new(Kind::Document(pieces, Box::new(document)), at.clone())
        }
        (kind, _) => Expression::new(kind, at.clone()),
    }
}

/// Whether Terraform fills something into a text, or has another text for what is written.
fn is_template(text: &str) -> bool {
    text.contains("${") || text.contains("%{")
}

/// The policy that a text holds as JSON; what Terraform fills in is a hole.
fn document(text: &Text) -> Option<Node> {
    document_in(&with_holes(text, &[("$${", "}"), ("${", "}")]))
}

fn entry(member: &Member) -> Entry {
    let key = is_template(&member.name).then(|| hcl::template(&member.name, &member.name_at));
    Entry {
        name: key.is_none().then(|| member.name.clone()),
        name_at: member.name_at.clone(),
        key,
        value: expression(&member.node),
    }
}
