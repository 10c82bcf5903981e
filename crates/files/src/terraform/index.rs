//! Keys that are taken by an index: which index it is, a plan does not tell.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::address::Address;

use super::configuration::Tree;
use super::instance::{Instances, Kind};
use super::keys;
use super::standpoint::Standpoint;

/// The index of its own resource or module by which an expression takes what it refers to.
pub(super) struct OwnIndex {
    index: String,
    by: By,
}

/// How an expression has the index.
#[derive(PartialEq, Eq)]
enum By {
    /// As `each.key` or `count.index`.
    Key,
    /// As `each.value`, which is that of the index in a set, and may be another one in a map.
    Value,
    /// As `each.value`, where the plan has the map.
    KnownValue,
}

impl OwnIndex {
    /// None if an expression refers to something else that may be the index, or to nothing that is
    /// taken by one.
    pub(super) fn of(at: &Standpoint<'_>, references: &[String]) -> Option<Self> {
        let index = at.index.clone()?;
        let is_key = |reference: &str| matches!(reference, "each.key" | "count.index");
        let is_taken = |reference: &str| {
            let mut segments = reference.split('.');
            let kind = segments.next().unwrap_or_default();
            let kind = match kind {
                "data" => segments.next().unwrap_or_default(),
                kind => kind,
            };
            kind == "module" || Kind::of(kind).is_some()
        };
        let all_but = |is_index: &dyn Fn(&str) -> bool| {
            let mut each = references.iter().map(String::as_str);
            each.clone().any(is_index)
                && each.all(|one| is_index(one) || one == "each" || is_taken(one))
        };
        if all_but(&is_key) {
            return Some(Self { index, by: By::Key });
        }
        let is_value = |reference: &str| reference == "each.value";
        // A value is an index only beside what is taken by one.
        let is_bare = |reference: &String| is_taken(reference) && is_whole(reference);
        if !all_but(&is_value) || !references.iter().any(is_bare) {
            return None;
        }
        if let Some(value) = at.for_each.and_then(|it| known_value(it, &index)) {
            return value.map(|index| Self {
                index,
                by: By::KnownValue,
            });
        }
        let value = at.each_of.and_then(|it| value_at(it, &index));
        // What is made of a variable may have its keys for values, or its values.
        (value.is_none_or(|value| value == index)).then_some(Self {
            index,
            by: By::Value,
        })
    }

    /// Whether the plan tells the value that is the index.
    pub(super) fn is_known(&self) -> bool {
        self.by == By::KnownValue
    }

    pub(super) fn is_key(&self) -> bool {
        self.by == By::Key
    }

    /// The index of what has the expression, if it is taken by that.
    pub(super) fn key(&self) -> Option<&str> {
        self.is_key().then_some(&*self.index)
    }
}

/// Whether a reference names a resource or a module as a whole, as it does where an index is computed.
fn is_whole(reference: &str) -> bool {
    let address = Address::parse(reference);
    address.attribute.is_none() && address.index.is_none()
}

/// The value at an index of a constant map; none in it if the map has no text there, and none at all
/// if the plan does not have the map.
fn known_value(for_each: &RawValue, index: &str) -> Option<Option<String>> {
    #[derive(Deserialize)]
    struct Constant {
        constant_value: BTreeMap<String, Value>,
    }
    let known: Constant = serde_json::from_str(for_each.get()).ok()?;
    let key: Option<String> = serde_json::from_str(index).ok();
    let value = known.constant_value.get(&key?);
    // An index is written as JSON writes a text.
    Some(
        value
            .and_then(Value::as_str)
            .map(|it| Value::from(it).to_string()),
    )
}

/// The text at an index of a map, as an index is written.
fn value_at(map: &RawValue, index: &str) -> Option<String> {
    let map: BTreeMap<String, Value> = serde_json::from_str(map.get()).ok()?;
    let key: String = serde_json::from_str(index).ok()?;
    let text = map.get(&key)?.as_str()?;
    Some(Value::from(text).to_string())
}

/// The instances of a resource or a module, by their indexes.
#[derive(Default)]
pub(super) struct Numbered {
    numbers: Vec<usize>,
    /// A module has no number.
    by_index: BTreeMap<String, Option<usize>>,
    /// The indexes in lower case.
    in_lower_case: Vec<String>,
}

impl Numbered {
    pub(super) fn numbers(&self) -> &[usize] {
        &self.numbers
    }

    /// The instance of an index.
    pub(super) fn number(&self, index: &str) -> Option<usize> {
        self.by_index.get(index).copied().flatten()
    }
}

/// The indexes of what has several instances, each found once.
#[derive(Default)]
pub(super) struct Indexes {
    of: BTreeMap<String, Rc<Numbered>>,
    /// Whether two have the same indexes.
    are_same: BTreeMap<(String, String), bool>,
}

impl Indexes {
    /// The instances of what has this address, without an index.
    pub(super) fn of(&mut self, instances: &Instances<'_>, address: &str) -> Rc<Numbered> {
        if let Some(known) = self.of.get(address) {
            return Rc::clone(known);
        }
        let numbers = instances.at(address);
        let mut by_index = BTreeMap::new();
        for number in &numbers {
            let instance = instances.all.get(*number);
            if let Some(index) = instance.and_then(|instance| instance.index.clone()) {
                by_index.insert(index, Some(*number));
            }
        }
        let others = instances.of_call(address).flatten();
        let others = others.chain(instances.indexes_read(address));
        by_index.extend(others.map(|index| (index.to_owned(), None)));
        let in_lower_case = by_index.keys().map(|it| it.to_ascii_lowercase());
        let found = Rc::new(Numbered {
            numbers,
            in_lower_case: in_lower_case.collect(),
            by_index,
        });
        self.of.insert(address.to_owned(), Rc::clone(&found));
        found
    }

    /// The index at which the one of two addresses takes the other, if that is certain enough (ours): that of
    /// its own, where each has the same indexes. Where there are more to take it may be another one that is
    /// made of it, as in `k["${each.key}-old"]` or `k[count.index + 1]`; a text that is in no other index
    /// is not made so.
    pub(super) fn own(
        &mut self,
        instances: &Instances<'_>,
        own: &OwnIndex,
        takes: &str,
        taken: &str,
    ) -> Option<String> {
        let of = self.of(instances, taken);
        if !of.by_index.contains_key(&own.index) {
            return None;
        }
        let is_own = own.by == By::KnownValue
            || self.are_same(instances, takes, taken)
            || (own.by == By::Key && is_in_one(&own.index, &of.in_lower_case));
        is_own.then(|| own.index.clone())
    }

    fn are_same(&mut self, instances: &Instances<'_>, one: &str, other: &str) -> bool {
        let pair = (one.to_owned(), other.to_owned());
        if let Some(known) = self.are_same.get(&pair) {
            return *known;
        }
        let (one, other) = (self.of(instances, one), self.of(instances, other));
        let are_same = one.by_index.keys().eq(other.by_index.keys());
        self.are_same.insert(pair, are_same);
        are_same
    }
}

/// Whether an index is a text that one of these has in it, and no other one.
fn is_in_one(index: &str, all: &[String]) -> bool {
    let text = index.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return false;
    };
    let text = text.to_ascii_lowercase();
    let having = all.iter().filter(|other| other.contains(&text));
    having.take(2).count() == 1
}

/// The instances of a resource by their index, if they are new keys that are alike; else none.
pub(super) fn made_alike(
    tree: &Tree<'_, '_>,
    instances: &Instances<'_>,
    numbers: &[usize],
) -> BTreeMap<String, usize> {
    let mut by_index = BTreeMap::new();
    let mut first = None;
    for number in numbers {
        let Some(key) = instances.all.get(*number) else {
            continue;
        };
        let made = (keys::made(key, tree), key.after.text("region"));
        let is_one = key.kind.is_key() && !key.kind.is_replica() && key.is_created();
        if !is_one || *first.get_or_insert(made) != made {
            return BTreeMap::new();
        }
        if let Some(index) = &key.index {
            by_index.insert(index.clone(), *number);
        }
    }
    by_index
}

/// Whether a key is in the Region of what refers to it, and each of the others in another one.
pub(super) fn is_of_region(
    own: usize,
    at: &Standpoint<'_>,
    instances: &Instances<'_>,
    numbers: &[usize],
) -> bool {
    let region = |number: usize| {
        let key = instances.all.get(number)?;
        key.after.text("region").filter(|_| key.kind.is_key())
    };
    let Some(here) = at.region.as_deref() else {
        return false;
    };
    let is_elsewhere = |number: usize| region(number).is_some_and(|region| region != here);
    region(own) == Some(here)
        && numbers
            .iter()
            .all(|number| *number == own || is_elsewhere(*number))
}
