//! What the readers of JSON and YAML make of a file: one tree, with places.

use std::collections::HashMap;
use std::ops::Range;

use crate::text::{Text, shifted, unmasked};

/// A value with its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// The bytes that it is written with; of a text the content, without quotes.
    pub(crate) at: Range<usize>,
    pub(crate) value: Value,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(Text),
    /// A number, a boolean or null, as it is written.
    Plain(String),
    List(Vec<Node>),
    Map(Vec<Member>),
    /// What only a run knows.
    Unknown,
}

/// A member of a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// Where the content of the name stands.
    pub(crate) name_at: Range<usize>,
    pub(crate) node: Node,
}

/// How deep a file may be nested.
pub(crate) const MOST_NESTED: usize = 128;

impl Node {
    pub(crate) const fn new(value: Value, at: Range<usize>) -> Self {
        Self { at, value }
    }

    /// Moves the tree by so many bytes.
    pub(crate) fn shift(&mut self, by: usize) {
        self.each_text(by, &|text| text.shifted(by), &|_| {});
    }

    /// Puts each place of the tree to another one.
    pub(crate) fn move_places(&mut self, to: &impl Fn(usize) -> usize) {
        let moved = |at: &Range<usize>| to(at.start)..to(at.end);
        self.at = moved(&self.at);
        match &mut self.value {
            Value::Text(text) => *text = text.moved(to),
            Value::List(items) => items.iter_mut().for_each(|item| item.move_places(to)),
            Value::Map(members) => {
                for member in members {
                    member.name_at = moved(&member.name_at);
                    member.node.move_places(to);
                }
            }
            Value::Plain(_) | Value::Unknown => {}
        }
    }

    /// Puts the tree of a document that was read with masks to its place in the file.
    pub(crate) fn unmask(&mut self, by: usize) {
        let name = |name: &mut String| *name = unmasked(name);
        self.each_text(by, &|text| text.shifted(by).unmasked(), &name);
    }

    fn each_text(
        &mut self,
        by: usize,
        change: &impl Fn(&Text) -> Text,
        change_name: &impl Fn(&mut String),
    ) {
        self.at = shifted(&self.at, by);
        match &mut self.value {
            Value::Text(text) => *text = change(text),
            Value::List(items) => {
                for item in items {
                    item.each_text(by, change, change_name);
                }
            }
            Value::Map(members) => {
                for member in members {
                    change_name(&mut member.name);
                    member.name_at = shifted(&member.name_at, by);
                    member.node.each_text(by, change, change_name);
                }
            }
            Value::Plain(_) | Value::Unknown => {}
        }
    }

    pub(crate) fn members(&self) -> &[Member] {
        match &self.value {
            Value::Map(members) => members,
            _ => &[],
        }
    }

    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The member of a name; the last one if it is there twice.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        let mut members = self.members().iter().rev();
        members.find_map(|member| (member.name == name).then_some(&member.node))
    }

    /// A name that a map of the tree has twice, and where it stands for the first and the second time.
    pub(crate) fn repeated(&self) -> Option<(&str, usize, usize)> {
        let mut seen = HashMap::new();
        let twice = self.members().iter().find_map(|member| {
            let first = seen.insert(&member.name, member.name_at.start);
            Some((member.name.as_str(), first?, member.name_at.start))
        });
        let mut inner = self.items().iter().chain(self.nodes());
        twice.or_else(|| inner.find_map(Self::repeated))
    }

    fn nodes(&self) -> impl Iterator<Item = &Self> {
        self.members().iter().map(|member| &member.node)
    }

    /// The node that a path of members leads to.
    pub(crate) fn path(&self, names: &[&str]) -> Option<&Self> {
        names.iter().try_fold(self, |node, name| node.member(name))
    }

    pub(crate) fn text(&self) -> Option<&Text> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text that is wholly known.
    pub(crate) fn literal(&self) -> Option<&str> {
        self.text()
            .filter(|text| !text.has_holes())
            .map(Text::as_str)
    }
}
