//! Names that are not known and may be one and the same.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::place::Place;
use super::request::{NameReference, UnknownName};
use super::run::Run;
use super::stand_in_name::new_name;

/// The unknown names of each place that others may be.
#[derive(Debug, Default)]
pub(super) struct Alike<'r> {
    places: BTreeMap<Place, Names<'r>>,
}

/// The unknown names of a place.
#[derive(Debug, Default)]
struct Names<'r> {
    /// Those that are one of some texts, by each of these.
    of_text: BTreeMap<Box<str>, Vec<&'r str>>,
    /// Those of which each text is not known.
    open: Vec<&'r UnknownName>,
    /// Whether these are too many to be held against each other.
    are_too_many: bool,
}

/// So many names of a place are held against each other: more of them are more cases than are tried.
pub(super) const MOST_ALIKE: usize = 12;

impl<'r> Alike<'r> {
    /// Finds the unknown names of a run.
    pub(super) fn of(run: &'r Run) -> Self {
        let mut places: BTreeMap<Place, Names<'_>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for step in &run.steps {
            let (Some(NameReference::Unknown(unknown)), _) = step.request.references() else {
                continue;
            };
            if unknown.is_unique || !seen.insert((step.place, &*unknown.label)) {
                continue;
            }
            let names = places.entry(step.place).or_default();
            let Some(texts) = unknown.texts() else {
                names.open.push(unknown);
                continue;
            };
            for text in texts.iter() {
                let labels = names.of_text.entry(text.clone()).or_default();
                labels.push(&unknown.label);
            }
        }
        Self { places }
    }

    /// The names that an unknown one may be because another unknown one may be it.
    pub(super) fn names(
        &self,
        place: Place,
        unknown: &UnknownName,
    ) -> impl Iterator<Item = Box<str>> {
        let mut found = BTreeSet::new();
        if let Some(names) = self.places.get(&place) {
            names.shared_texts(unknown, &mut found);
            let held = names.open.iter();
            let is_open = unknown.texts().is_none() && !names.are_too_many;
            let held = held.filter(|_| is_open);
            // Of two, the one of which more is known is as it is, and the other is that.
            let rank = |name: &UnknownName| (Reverse(name.prefix.len()), name.label.clone());
            let before = held.filter(|other| rank(other) < rank(unknown));
            let before = before.filter(|other| unknown.may_be_that(other));
            found.extend(before.map(|other| new_name(other).into()));
        }
        found.into_iter()
    }

    /// Holds names against each other no more where they are more than so many in a place; returns
    /// those that may be others.
    pub(super) fn give_up_beyond(&mut self, most: usize) -> BTreeSet<(Place, Box<str>)> {
        let mut given_up = BTreeSet::new();
        for (place, names) in &mut self.places {
            if names.open.len() <= most || names.are_too_many {
                continue;
            }
            names.are_too_many = true;
            let alike = others_may_be(&names.open).into_iter();
            given_up.extend(alike.map(|name| (*place, name.label.clone())));
        }
        given_up
    }
}

/// As many pairs of names are held against each other to find those that are like no other; if there
/// are more, all are taken for alike.
const MOST_PAIRS: usize = 1_000_000;

/// The names that others may be: of two of which one may be the other, one begins as the other does.
fn others_may_be<'n>(names: &[&'n UnknownName]) -> Vec<&'n UnknownName> {
    let mut sorted = names.to_vec();
    sorted.sort_unstable_by(|one, other| one.prefix.cmp(&other.prefix));
    let mut alike = vec![false; sorted.len()];
    let mut pairs = 0_usize;
    for (number, one) in sorted.iter().enumerate() {
        let after = sorted.iter().enumerate().skip(number.saturating_add(1));
        let begins_so =
            |(_, other): &(usize, &&UnknownName)| other.prefix.starts_with(&*one.prefix);
        for (place, other) in after.take_while(begins_so) {
            pairs = pairs.saturating_add(1);
            if pairs > MOST_PAIRS {
                return sorted;
            }
            if one.may_be_that(other) {
                for place in [number, place] {
                    if let Some(is_alike) = alike.get_mut(place) {
                        *is_alike = true;
                    }
                }
            }
        }
    }
    let found = sorted.into_iter().zip(alike);
    found
        .filter_map(|(name, is_alike)| is_alike.then_some(name))
        .collect()
}

impl Names<'_> {
    /// The texts that an unknown name and another one share of which one is one of some texts.
    fn shared_texts(&self, unknown: &UnknownName, found: &mut BTreeSet<Box<str>>) {
        let Some(texts) = unknown.texts() else {
            let may_be = self.of_text.keys().filter(|text| unknown.may_be(text));
            found.extend(may_be.cloned());
            return;
        };
        for text in texts.iter() {
            let others = self.of_text.get(text);
            let is_other = |label: &&str| **label != *unknown.label;
            let is_shared = others.is_some_and(|labels| labels.iter().any(is_other))
                || self.open.iter().any(|other| other.may_be(text));
            if is_shared {
                found.insert(text.clone());
            }
        }
    }
}
