//! Loops of a template (`Fn::ForEach`), which the transform `AWS::LanguageExtensions` writes out before
//! anything else is read.
//!
//! A loop over a list that stands there is written out. Of any other one turn is written, in which
//! what the loop is over is not known.

use std::borrow::Cow;

use crate::text::{HOLE, Text};
use crate::tree::{Member, Node, Value};

/// How a loop begins: a name of its own follows.
const LOOP: &str = "Fn::ForEach::";

/// As many nodes are written out of the loops of a section of a template; CloudFormation takes 500
/// resources.
const MOST_NODES: usize = 1 << 18;

/// What an identifier stands for in a turn.
struct Bound {
    identifier: String,
    item: Text,
}

/// Whether a member is a loop.
pub(super) fn is_loop(member: &Member) -> bool {
    member.name.starts_with(LOOP)
}

/// Whether there is a loop in a section of a template.
fn has_loop(node: &Node) -> bool {
    let within = |member: &Member| is_loop(member) || has_loop(&member.node);
    node.members().iter().any(within) || node.items().iter().any(has_loop)
}

/// A section of a template with its loops written out.
pub(super) fn written_out(section: &Node) -> Cow<'_, Node> {
    if !has_loop(section) {
        return Cow::Borrowed(section);
    }
    let mut turns = Turns {
        bound: Vec::new(),
        left: MOST_NODES,
    };
    Cow::Owned(turns.node(section))
}

/// A turn of each of the loops around a node.
struct Turns {
    bound: Vec<Bound>,
    left: usize,
}

impl Turns {
    /// A node with its loops written out. The depth of a tree is bounded.
    fn node(&mut self, node: &Node) -> Node {
        let Some(left) = self.left.checked_sub(1) else {
            return Node::new(Value::Unknown, node.at.clone());
        };
        self.left = left;
        let value = match &node.value {
            Value::Text(text) => Value::Text(self.text(text)),
            Value::List(items) => Value::List(items.iter().map(|own| self.node(own)).collect()),
            Value::Map(members) => match self.referred(members) {
                Some(text) => {
                    return Node::new(Value::Text(text.clone()), text.at());
                }
                None => {
                    let mut written = Vec::new();
                    self.members(members, &mut written);
                    Value::Map(written)
                }
            },
            Value::Plain(plain) => Value::Plain(plain.clone()),
            Value::Unknown => Value::Unknown,
        };
        Node::new(value, node.at.clone())
    }

    fn members(&mut self, members: &[Member], written: &mut Vec<Member>) {
        for member in members {
            let Some((identifier, collection, body)) = as_loop(member) else {
                let name = Text::literal(&member.name, member.name_at.clone());
                written.push(Member {
                    name: self.text(&name).as_str().to_owned(),
                    name_at: member.name_at.clone(),
                    node: self.node(&member.node),
                });
                continue;
            };
            for item in self.items(collection) {
                if self.left == 0 {
                    return;
                }
                let identifier = identifier.to_owned();
                self.bound.push(Bound { identifier, item });
                self.members(body, written);
                self.bound.pop();
            }
        }
    }

    /// What a loop is over: one text that is not known where that does not stand there.
    fn items(&self, collection: &Node) -> Vec<Text> {
        let item = |item: &Node| match &item.value {
            Value::Text(text) => self.text(text),
            Value::Plain(plain) => Text::literal(plain, item.at.clone()),
            Value::Map(members) => match self.referred(members) {
                Some(text) => text.clone(),
                None => Text::hole(item.at.clone()),
            },
            Value::List(_) | Value::Unknown => Text::hole(item.at.clone()),
        };
        match &collection.value {
            Value::List(items) => items.iter().map(item).collect(),
            _ => vec![Text::hole(collection.at.clone())],
        }
    }

    /// What the identifier stands for to which `Ref` refers.
    fn referred(&self, members: &[Member]) -> Option<&Text> {
        let [only] = members else {
            return None;
        };
        let name = only.node.literal().filter(|_| only.name == "Ref")?;
        let mut bound = self.bound.iter().rev();
        let bound = bound.find(|bound| bound.identifier == name)?;
        Some(&bound.item)
    }

    /// A text with what the identifiers in it stand for: `${Name}`, and `&{Name}` without what is no
    /// letter or digit.
    fn text(&self, text: &Text) -> Text {
        let mut text = text.clone();
        if !text.as_str().contains("${") && !text.as_str().contains("&{") {
            return text;
        }
        for Bound { identifier, item } in self.bound.iter().rev() {
            text = replaced(&text, &format!("${{{identifier}}}"), item);
            let plain = item.as_str().chars();
            let plain: String = plain
                .filter(|character| character.is_ascii_alphanumeric() || *character == HOLE)
                .collect();
            let mut alone = Text::default();
            for (index, part) in plain.split(HOLE).enumerate() {
                if index > 0 {
                    alone.push_hole(item.at());
                }
                alone.push(part, item.at());
            }
            text = replaced(&text, &format!("&{{{identifier}}}"), &alone);
        }
        text
    }
}

/// The identifier of a loop, what it is over, and what is written each time.
fn as_loop(member: &Member) -> Option<(&str, &Node, &[Member])> {
    member.name.strip_prefix(LOOP)?;
    let [identifier, collection, body] = member.node.items() else {
        return None;
    };
    let Value::Map(body) = &body.value else {
        return None;
    };
    Some((identifier.literal()?, collection, body))
}

/// A text with each occurrence of a mark replaced by another text.
fn replaced(text: &Text, mark: &str, by: &Text) -> Text {
    if !text.as_str().contains(mark) {
        return text.clone();
    }
    let mut result = Text::default();
    let mut next = 0;
    for (at, _) in text.as_str().match_indices(mark) {
        result.push_text(&text.slice(next..at));
        result.push_text(by);
        next = at.saturating_add(mark.len());
    }
    result.push_text(&text.slice(next..text.as_str().len()));
    result
}
