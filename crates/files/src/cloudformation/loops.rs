//! Loops of a template (`Fn::ForEach`), which the transform `AWS::LanguageExtensions` writes out before
//! anything else is read.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{Map, Value};

use super::parameters::written;
use super::template::Template;

/// How a loop begins: a name of its own follows.
const LOOP: &str = "Fn::ForEach::";

/// The transform without which there are no loops.
pub(super) const TRANSFORM: &str = "AWS::LanguageExtensions";

/// As many turns are written out of all loops of a template: it has 500 resources at most.
const MOST_TURNS: usize = 10_000;

/// As deep are loops that are written out.
const DEEPEST: usize = 256;

impl Template {
    /// Writes out the loops over lists that stand in the template; others stay as they are, and so do
    /// those of a section where they are too many, or make two entries of one name.
    ///
    /// A loop over a parameter is over the values that this has among `lists`.
    pub(super) fn write_out_loops(&mut self, lists: &Lists) {
        if !self.transforms().contains(&TRANSFORM) {
            return;
        }
        for section in ["Conditions", "Resources", "Outputs"] {
            let mut turns = Turns {
                lists,
                bound: Vec::new(),
                left: MOST_TURNS,
            };
            if let Some(value) = self.root.get_mut(section)
                && let Some(written) = turns.value(value, DEEPEST)
            {
                *value = written;
            }
        }
    }
}

/// The values of parameters that are lists.
pub(super) type Lists = BTreeMap<String, Vec<String>>;

/// A turn of each of the loops around a value.
struct Turns<'l> {
    lists: &'l Lists,
    /// Their identifiers, and what they stand for.
    bound: Vec<(String, String)>,
    /// As many turns may follow.
    left: usize,
}

impl Turns<'_> {
    /// A value with its loops written out; nothing where they are too many or too deep.
    fn value(&mut self, value: &Value, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        Some(match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(list) => {
                let each = list.iter().map(|value| self.value(value, depth));
                Value::Array(each.collect::<Option<_>>()?)
            }
            Value::Object(members) => match self.referred(members) {
                Some(text) => Value::String(text.to_owned()),
                None => {
                    let mut written = Map::new();
                    self.members(members, &mut written, depth)?;
                    Value::Object(written)
                }
            },
            other => other.clone(),
        })
    }

    fn members(
        &mut self,
        members: &Map<String, Value>,
        written: &mut Map<String, Value>,
        depth: usize,
    ) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        for (name, value) in members {
            let Some((identifier, items, body)) = self.as_loop(name, value) else {
                let value = self.value(value, depth)?;
                // Two resources of one logical ID are no template.
                if written.insert(self.text(name), value).is_some() {
                    return None;
                }
                continue;
            };
            for item in items {
                self.left = self.left.checked_sub(1)?;
                self.bound.push((identifier.to_owned(), item));
                self.members(body, written, depth)?;
                self.bound.pop();
            }
        }
        Some(())
    }

    /// The identifier of a loop, what it stands for in turn, and what is written each time.
    fn as_loop<'v>(
        &self,
        name: &str,
        value: &'v Value,
    ) -> Option<(&'v str, Vec<String>, &'v Map<String, Value>)> {
        name.strip_prefix(LOOP)?;
        let [Value::String(identifier), items, Value::Object(body)] = value.as_array()?.as_slice()
        else {
            return None;
        };
        let Value::Array(items) = items else {
            let named = items.as_object().filter(|all| all.len() == 1)?;
            let items = self.lists.get(named.get("Ref")?.as_str()?)?;
            return Some((identifier, items.clone(), body));
        };
        let items = items.iter().map(|item| match item {
            Value::Object(members) => self.referred(members).map(ToOwned::to_owned),
            item => written(item).map(|text| self.text(&text)),
        });
        Some((identifier, items.collect::<Option<_>>()?, body))
    }

    /// What the identifier stands for to which `Ref` refers.
    fn referred(&self, members: &Map<String, Value>) -> Option<&str> {
        let name = members
            .get("Ref")
            .filter(|_| members.len() == 1)?
            .as_str()?;
        let mut bound = self.bound.iter().rev();
        bound
            .find(|(identifier, _)| identifier == name)
            .map(|(_, item)| item.as_str())
    }

    /// A text with what the identifiers in it stand for: `${Name}`, and `&{Name}` without what is no
    /// letter or digit.
    fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (identifier, item) in self.bound.iter().rev() {
            let plain: String = item.chars().filter(char::is_ascii_alphanumeric).collect();
            text = text.replace(&format!("${{{identifier}}}"), item);
            text = text.replace(&format!("&{{{identifier}}}"), &plain);
        }
        text
    }
}
