//! What steps share: the names and keys that more than one of them sees.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use kms_alias::KeyId;

use super::case::{Unknown, Unknowns, Value};
use super::identity::Identity;
use super::knowledge::Knowledge;
use super::place::Place;
use super::request::{KeyReference, NameReference};
use super::run::{Run, RunStep};
use super::strand::{root, unite};

/// What steps can share.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Shared {
    Name(Place, Box<str>),
    Known(Place, KeyId),
    Unknown(Place, Box<str>),
    Made(usize),
    Place(Place),
}

impl Shared {
    pub(super) const fn is_key(&self) -> bool {
        matches!(self, Self::Known(..) | Self::Unknown(..) | Self::Made(_))
    }
}

/// The name and the keys that a step sees.
pub(super) fn shared(step: &RunStep, known: Option<&Knowledge>) -> Vec<Shared> {
    let place = step.place;
    let (name, key) = step.request.references();
    let name: Option<Box<str>> = match name {
        Some(NameReference::Unknown(unknown)) => Some(unknown.label.clone()),
        _ => step.request.alias_name().map(Box::from),
    };
    let stands_on = name.as_ref().and_then(|name| known?.stands_on(name));
    let key = match key {
        Some(KeyReference::Unknown(unknown)) => Some(Shared::Unknown(place, unknown.label.clone())),
        Some(KeyReference::MadeBy(index)) => Some(Shared::Made(*index)),
        _ => step
            .request
            .key_id()
            .map(|key_id| Shared::Known(place, key_id)),
    };
    let name = name.map(|name| Shared::Name(place, name));
    let stands_on = stands_on.map(|key_id| Shared::Known(place, key_id));
    [name, key, stands_on].into_iter().flatten().collect()
}

/// The keys that are not known, and those that they may be.
fn open_keys(unknowns: &Unknowns) -> Vec<Shared> {
    let mut keys = Vec::new();
    for (unknown, values) in unknowns {
        let Unknown::Key(place, label) = unknown else {
            continue;
        };
        keys.push(Shared::Unknown(*place, label.clone()));
        keys.extend(values.iter().filter_map(|value| match value {
            Value::Key(Identity::Known(key_id)) => Some(Shared::Known(*place, *key_id)),
            Value::Key(Identity::Made(index)) => Some(Shared::Made(*index)),
            _ => None,
        }));
    }
    keys
}

/// The steps on which it has an effect that unknown keys may be others: those that name one of these
/// keys, and all that share a name or a key with them.
pub(super) fn concerned(
    run: &Run,
    knowledge: &BTreeMap<Place, Knowledge>,
    unknowns: &Unknowns,
) -> Vec<bool> {
    let count = run.steps.len();
    // The last node stands for the keys that unknown ones may be.
    let mut groups: Vec<usize> = (0..=count).collect();
    let open = open_keys(unknowns).into_iter();
    let mut first: HashMap<Shared, usize> = open.map(|key| (key, count)).collect();
    for (index, step) in run.steps.iter().enumerate() {
        for shared in shared(step, knowledge.get(&step.place)) {
            let other = *first.entry(shared).or_insert(index);
            unite(&mut groups, other, index);
        }
    }
    let concerned = root(&mut groups, count);
    let steps = 0..count;
    steps
        .map(|step| root(&mut groups, step) == concerned)
        .collect()
}
