//! Policies that a text holds as JSON.

use std::collections::HashSet;

use crate::json::{self, Strictness};
use crate::policy;
use crate::text::{HOLE, MASK, Text};
use crate::tree::{Node, Value};

/// What stands for a hole outside of quotes: a value, or several with the comma behind them, as a loop
/// writes them. No policy holds this value otherwise.
const UNKNOWN: &[&str] = &["null", "null,"];

/// The policy document that a text holds, if it does, with the places that the text has.
pub(crate) fn document_in(text: &Text) -> Option<Node> {
    if !text.as_str().trim_start().starts_with('{') {
        return None;
    }
    let mut ways = UNKNOWN.iter();
    ways.find_map(|unknown| read(text, unknown))
}

fn read(text: &Text, unknown: &str) -> Option<Node> {
    let masked = Masked::new(text, unknown);
    let mut node = json::read(&masked.json, Strictness::Json).ok()?;
    masked.unknown(&mut node);
    node.unmask(0);
    node.move_places(&|at| masked.place(at));
    policy::is_document(&node).then_some(node)
}

/// JSON in which holes stand for something that JSON has.
struct Masked<'a> {
    text: &'a Text,
    json: String,
    /// Where a value begins that stands for a hole.
    values: HashSet<usize>,
    /// Where the JSON goes on behind such a value, and which byte of the text that is.
    goes_on: Vec<(usize, usize)>,
}

impl<'a> Masked<'a> {
    fn new(text: &'a Text, unknown: &str) -> Self {
        let mut masked = Self {
            text,
            json: String::with_capacity(text.as_str().len()),
            values: HashSet::new(),
            goes_on: vec![(0, 0)],
        };
        let (mut in_string, mut is_escaped) = (false, false);
        for (at, character) in text.as_str().char_indices() {
            match character {
                HOLE if in_string => masked.json.push(MASK),
                HOLE => {
                    masked.values.insert(masked.json.len());
                    masked.json.push_str(unknown);
                    let next = at.saturating_add(HOLE.len_utf8());
                    masked.goes_on.push((masked.json.len(), next));
                }
                other => masked.json.push(other),
            }
            in_string ^= character == '"' && !is_escaped;
            is_escaped = character == '\\' && in_string && !is_escaped;
        }
        masked
    }

    /// Makes unknown what stands for a hole.
    fn unknown(&self, node: &mut Node) {
        match &mut node.value {
            Value::Plain(_) if self.values.contains(&node.at.start) => node.value = Value::Unknown,
            Value::List(items) => items.iter_mut().for_each(|item| self.unknown(item)),
            Value::Map(members) => {
                for member in members {
                    self.unknown(&mut member.node);
                }
            }
            Value::Text(_) | Value::Plain(_) | Value::Unknown => {}
        }
    }

    /// Where a byte of the JSON is written in the file.
    fn place(&self, at: usize) -> usize {
        let index = self.goes_on.partition_point(|(json, _)| *json <= at);
        let known = self.goes_on.get(index.saturating_sub(1));
        let byte = known.map_or(at, |(json, text)| {
            at.saturating_sub(*json).saturating_add(*text)
        });
        self.text.place_of(byte)
    }
}
