//! Keys that are taken by an index: which index it is, a plan does not tell.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::address::{Address, join, longest, segments};
use super::configuration::{DEEPEST, Tree};
use super::follow::Follower;
use super::instance::{Instances, Kind};
use super::keys;
use super::plan::Expression;
use super::standpoint::Standpoint;
use super::values::Each;

/// The index by which an expression takes what it refers to.
pub(super) struct OwnIndex {
    index: String,
    by: By,
    /// That of the resource or the module call that has the expression.
    own: Option<String>,
    /// Texts of which the index may be one as well.
    others: Vec<String>,
}

/// How an expression has the index.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// As `each.key` or `count.index`.
    Key,
    /// As `each.value` of a set: that of the index.
    Value,
    /// As `each.value` of what the plan does not tell: a set and a map look alike.
    AnyValue,
    /// As `each.value`, where the plan has the map.
    KnownValue,
    /// As a variable, or as `each.value` of the map that a variable is, where the plan has its value.
    Variable,
}

impl<'a> Follower<'_, '_, 'a> {
    /// None if an expression refers to something else that may be the index, or to nothing that is
    /// taken by one.
    pub(super) fn own_index(
        &mut self,
        at: &Standpoint<'a>,
        references: &[String],
    ) -> Option<OwnIndex> {
        let reference = only_index(references)?;
        let own = at.index.clone();
        if matches!(reference, "each.key" | "count.index") {
            return Some(OwnIndex::new(own.clone()?, By::Key, own));
        }
        // A value is an index only beside what is taken by one.
        let mut wholes = longest(references).into_iter();
        if !wholes.any(|it| is_taken(it) && is_whole(it) && self.has_names(at, it)) {
            return None;
        }
        match reference.starts_with("each.") {
            true => self.value_of_each(at, reference),
            false => {
                let value = self.tree.variable(&at.module_path, reference, DEEPEST)?;
                Some(OwnIndex::new(self.values.index(value)?, By::Variable, own))
            }
        }
    }

    /// Whether the instances of what is referred to have names: of others no text is the index.
    fn has_names(&mut self, at: &Standpoint<'a>, reference: &str) -> bool {
        let of = self
            .indexes
            .of(self.instances, &join(&at.module_instance, reference));
        of.by_index.keys().any(|index| index.starts_with('"'))
    }

    /// The index that `each.value` or a member of it is.
    fn value_of_each(&mut self, at: &Standpoint<'a>, reference: &str) -> Option<OwnIndex> {
        let own = at.index.clone()?;
        let segments = segments(reference);
        let path = segments.get(1..).unwrap_or_default();
        let known = self.values.each(at.for_each, at.each_of, &own, path);
        let of = |index, by| OwnIndex::new(index, by, Some(own.clone()));
        let index = match known {
            Each::Constant(value) => value.map(|index| of(index, By::KnownValue)),
            Each::OfVariable(Some(index)) if index != own => Some(of(index, By::Variable)),
            // What is made of a variable may have its keys for values, or its values.
            _ if reference == "each.value" => {
                Some(self.whole_value(at, of(own.clone(), By::Value)))
            }
            Each::OfVariable(Some(index)) => Some(of(index, By::Variable)),
            _ => Some(of(own.clone(), By::AnyValue)),
        };
        self.by_any_value |= index.as_ref().is_some_and(|it| it.by == By::AnyValue);
        index
    }

    /// The texts of which an index may be one by which keys are taken where `for_each` goes over these, beside that of
    /// its own; none where it may be any, as in `{for name, key in local.keys : name => aws_kms_key.k[key].id}`.
    pub(super) fn others_than(
        &mut self,
        index: &str,
        at: &Standpoint<'a>,
        over: &[String],
    ) -> Option<Vec<String>> {
        let mut others = Vec::new();
        for reference in longest(over).into_iter().filter(|it| !is_taken(it)) {
            let value = self.tree.variable(&at.module_path, reference, DEEPEST)?;
            others.extend(self.values.texts_at(value, index));
        }
        Some(others)
    }

    /// `each.value` itself: the index of its own in a set, which is one that is written or that a variable is.
    fn whole_value(&mut self, at: &Standpoint<'a>, own: OwnIndex) -> OwnIndex {
        let over = at.for_each.map(|raw| Expression::of(raw).references);
        match at.each_of {
            Some(variable) => OwnIndex {
                others: self.values.texts_at(variable, &own.index),
                ..own
            },
            None if over.is_none_or(|over| over.is_empty()) => own,
            None => OwnIndex {
                by: By::AnyValue,
                ..own
            },
        }
    }
}

/// The one reference that can be an index, beside what may be taken by it.
fn only_index(references: &[String]) -> Option<&str> {
    let mut found = None;
    for reference in longest(references) {
        let is_index = ["each.key", "count.index"].contains(&reference)
            || ["each.value", "var."]
                .iter()
                .any(|begin| reference.starts_with(begin));
        match found {
            _ if reference == "each" || is_taken(reference) => {}
            Some(other) if other != reference => return None,
            _ if is_index => found = Some(reference),
            _ => return None,
        }
    }
    found
}

/// Whether what a reference names is taken by an index where there are several of it.
fn is_taken(reference: &str) -> bool {
    let mut segments = reference.split('.');
    let kind = segments.next().unwrap_or_default();
    let kind = match kind {
        "data" => segments.next().unwrap_or_default(),
        kind => kind,
    };
    kind == "module" || Kind::of(kind).is_some()
}

impl OwnIndex {
    const fn new(index: String, by: By, own: Option<String>) -> Self {
        let others = Vec::new();
        Self {
            index,
            by,
            own,
            others,
        }
    }

    /// Whether the plan tells the value that is the index.
    pub(super) fn is_known(&self) -> bool {
        self.by == By::KnownValue
    }

    pub(super) fn is_key(&self) -> bool {
        self.by == By::Key
    }

    /// Whether a reference is the index, and no key.
    pub(super) fn is_value(&self, reference: &str) -> bool {
        match self.by {
            By::Key => false,
            By::Value | By::AnyValue | By::KnownValue => reference.starts_with("each.value"),
            By::Variable => reference.starts_with("each.value") || reference.starts_with("var."),
        }
    }

    /// The index of what has the expression, if it is taken by that.
    pub(super) fn key(&self) -> Option<&str> {
        self.is_key().then_some(&*self.index)
    }

    /// Whether what has the expression takes this among what has these indexes in lower case, though it has others;
    /// where they are too many to be compared, it is not known.
    fn is_apart_from_others(&self, in_lower_case: Option<&[String]>) -> bool {
        let Some(in_lower_case) = in_lower_case else {
            return self.by == By::KnownValue;
        };
        match self.by {
            By::KnownValue => true,
            By::Value | By::AnyValue => false,
            By::Key => is_in_one(&self.index, in_lower_case),
            // The values may be made of the keys or of the values of the map: of neither is another index made.
            By::Variable => {
                let index = self.index.to_ascii_lowercase();
                let own = self.own.as_deref().and_then(text_of);
                let is_of_own = |own: &str| {
                    let own = own.to_ascii_lowercase();
                    let mut others = in_lower_case.iter().filter(|other| **other != index);
                    others.any(|other| other.contains(&own))
                };
                is_in_one(&self.index, in_lower_case) && !own.is_some_and(is_of_own)
            }
        }
    }
}

/// Whether a reference names a resource or a module as a whole, as it does where an index is computed.
fn is_whole(reference: &str) -> bool {
    let address = Address::parse(reference);
    address.attribute.is_none() && address.index.is_none()
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
    /// How many indexes were compared with another one.
    compared: usize,
}

/// As many indexes are compared with others in all.
const MOST_COMPARED: usize = 100_000_000;

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
        let is_other = |other: &String| *other != own.index && of.by_index.contains_key(other);
        let is_open = own.by == By::AnyValue || own.others.iter().any(is_other);
        if is_open || !of.by_index.contains_key(&own.index) {
            return None;
        }
        if matches!(own.by, By::Key | By::Value) && self.are_same(instances, takes, taken) {
            return Some(own.index.clone());
        }
        let compared = self.compared.saturating_add(of.in_lower_case.len());
        let others = (compared <= MOST_COMPARED).then_some(&*of.in_lower_case);
        self.compared = compared;
        let is_own = own.is_apart_from_others(others);
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

/// The text that an index is.
fn text_of(index: &str) -> Option<&str> {
    let text = index.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    text.filter(|text| !text.is_empty())
}

/// Whether an index is a text that one of these has in it, and no other one.
fn is_in_one(index: &str, all: &[String]) -> bool {
    let Some(text) = text_of(index) else {
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
