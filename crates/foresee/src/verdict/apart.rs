//! Which of what is unknown decides about the same steps: the rest is looked at side by side.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::case::{Unknown, Unknowns, Value};
use super::identity::Identity;
use super::knowledge::{AliasList, Knowledge};
use super::place::Place;
use super::request::{KeyReference, NameReference, Request};
use super::run::{Run, RunStep};
use super::shared::{Shared, shared};
use super::stand_in_name::new_name;
use super::strand::{root, unite};
use super::typing::id_of_replica;

/// What hangs together: the group of each step, and of each of the unknown in their order.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    pub(super) of_step: Vec<usize>,
    pub(super) of_unknown: Vec<usize>,
}

impl Groups {
    /// How many cases each group has; none for one that has too many to count.
    pub(super) fn counts(&self, unknowns: &Unknowns) -> BTreeMap<usize, Option<usize>> {
        let mut counts: BTreeMap<usize, Option<usize>> = BTreeMap::new();
        for (group, values) in self.of_unknown.iter().zip(unknowns.values()) {
            let count = counts.entry(*group).or_insert(Some(1));
            *count = count.and_then(|count| count.checked_mul(values.len()));
        }
        counts
    }

    /// The steps that hang together with one of these names.
    pub(super) fn of_names(&self, run: &Run, names: &BTreeSet<(Place, Box<str>)>) -> Vec<bool> {
        let steps = || run.steps.iter().zip(&self.of_step);
        let is_of = |step: &RunStep| match step.request.references().0 {
            Some(NameReference::Unknown(name)) => names.contains(&(step.place, name.label.clone())),
            _ => false,
        };
        let groups: BTreeSet<usize> = steps()
            .filter(|(step, _)| is_of(step))
            .map(|(_, group)| *group)
            .collect();
        steps().map(|(_, group)| groups.contains(group)).collect()
    }
}

/// What steps do with a key.
#[derive(Default)]
struct Uses {
    /// How many steps would make it the key of an alias.
    targeted: u32,
    /// Whether a step changes its state, or it may be a key that is not known.
    is_open: bool,
}

/// Finds what hangs together: steps that share a name, or a key whose state changes or whose quota of
/// aliases could be full (rule T6). On other keys an alias decides nothing for another.
pub(super) fn groups(
    run: &Run,
    knowledge: &BTreeMap<Place, Knowledge>,
    unknowns: &Unknowns,
) -> Groups {
    let count = run.steps.len();
    let mut joining = Joining {
        knowledge,
        uses: uses(run, unknowns),
        quota: knowledge
            .values()
            .map(|known| known.table().aliases_per_key())
            .chain([Knowledge::new(Place::default()).table().aliases_per_key()])
            .min()
            .unwrap_or(0),
        first: HashMap::new(),
        groups: (0..count.saturating_add(unknowns.len())).collect(),
    };
    for (index, step) in run.steps.iter().enumerate() {
        for shared in shared(step, knowledge.get(&step.place)) {
            joining.join(index, shared);
        }
        if let (Some(NameReference::Unknown(name)), _) = step.request.references() {
            joining.join(index, Shared::Name(step.place, new_name(name).into()));
        }
        // Where a list is not complete, an alias may leave any key that others fill.
        if joining.is_partial(step.place) || unknowns.contains_key(&Unknown::Scope(step.place)) {
            joining.join(index, Shared::Place(step.place));
        }
        // One key under two names, and the primary key on which it hangs.
        for key in replicated(index, step) {
            joining.join(index, key);
        }
    }
    for ((unknown, values), node) in unknowns.iter().zip(count..) {
        joining.join_unknown(node, unknown, values);
    }
    let mut groups = joining.groups;
    let mut roots = (0..groups.len())
        .map(|node| root(&mut groups, node))
        .collect::<Vec<_>>();
    let of_unknown = roots.split_off(count);
    Groups {
        of_step: roots,
        of_unknown,
    }
}

/// What steps do with each key.
fn uses(run: &Run, unknowns: &Unknowns) -> HashMap<Shared, Uses> {
    let mut uses: HashMap<Shared, Uses> = HashMap::new();
    for (index, step) in run.steps.iter().enumerate() {
        let has_name = match &step.request {
            Request::Operation(operation) => operation.alias_name().is_some(),
            request => request.references().0.is_some(),
        };
        for key in shared(step, None) {
            if !key.is_key() {
                continue;
            }
            let uses = uses.entry(key).or_default();
            uses.is_open |= !has_name;
            uses.targeted = uses.targeted.saturating_add(u32::from(has_name));
        }
        for key in replicated(index, step) {
            uses.entry(key).or_default().is_open = true;
        }
    }
    for (unknown, values) in unknowns {
        for key in keys_of(unknown, values) {
            uses.entry(key).or_default().is_open = true;
        }
    }
    uses
}

/// The key that a step makes as a replica, by each of its names, and the primary key.
fn replicated(index: usize, step: &RunStep) -> Vec<Shared> {
    let Request::ReplicateKey {
        primary,
        primary_place,
        ..
    } = &step.request
    else {
        return Vec::new();
    };
    let mut keys = vec![Shared::Made(index)];
    if let KeyReference::MadeBy(primary) = primary {
        keys.push(Shared::Made(*primary));
    }
    if let Some(key_id) = id_of_replica(&step.request) {
        keys.push(Shared::Known(step.place, key_id));
        keys.push(Shared::Known(*primary_place, key_id));
    }
    keys
}

/// An unknown key, and those that it may be.
fn keys_of(unknown: &Unknown, values: &[Value]) -> Vec<Shared> {
    let Unknown::Key(place, label) = unknown else {
        return Vec::new();
    };
    let key = |value: &Value| match value {
        Value::Key(Identity::Known(key_id)) => Some(Shared::Known(*place, *key_id)),
        Value::Key(Identity::Made(index)) => Some(Shared::Made(*index)),
        Value::Key(Identity::Like(label)) => Some(Shared::Unknown(*place, label.clone())),
        _ => None,
    };
    let own = Shared::Unknown(*place, label.clone());
    values.iter().filter_map(key).chain([own]).collect()
}

struct Joining<'k> {
    knowledge: &'k BTreeMap<Place, Knowledge>,
    uses: HashMap<Shared, Uses>,
    /// The least quota of aliases that a place has.
    quota: u32,
    first: HashMap<Shared, usize>,
    groups: Vec<usize>,
}

impl Joining<'_> {
    /// Joins a node to all that share this with it, if that can make a difference.
    fn join(&mut self, node: usize, shared: Shared) {
        if shared.is_key() && !self.ties(&shared) {
            return;
        }
        let other = *self.first.entry(shared).or_insert(node);
        unite(&mut self.groups, other, node);
    }

    fn join_unknown(&mut self, node: usize, unknown: &Unknown, values: &[Value]) {
        match unknown {
            Unknown::Name(place, label) => {
                self.join(node, Shared::Name(*place, label.clone()));
                let known = self.knowledge.get(place);
                for value in values {
                    if let Value::Name(name) = value {
                        self.join(node, Shared::Name(*place, name.clone()));
                        let on = known.and_then(|known| known.stands_on(name));
                        on.into_iter()
                            .for_each(|on| self.join(node, Shared::Known(*place, on)));
                    }
                }
            }
            Unknown::Scope(place) => self.join(node, Shared::Place(*place)),
            Unknown::Key(..) => {
                for key in keys_of(unknown, values) {
                    self.join(node, key);
                }
            }
        }
    }

    fn is_partial(&self, place: Place) -> bool {
        let known = self.knowledge.get(&place);
        known.is_some_and(|known| known.alias_list == AliasList::Incomplete)
    }

    /// Whether steps on aliases of a key can decide about each other.
    fn ties(&self, key: &Shared) -> bool {
        let nothing = Uses::default();
        let uses = self.uses.get(key).unwrap_or(&nothing);
        let standing = match key {
            Shared::Known(place, key_id) => {
                let known = self.knowledge.get(place);
                known.map_or(0, |known| known.table().count_in_quota(*key_id))
            }
            _ => 0,
        };
        uses.is_open || standing.saturating_add(uses.targeted) > self.quota
    }
}
