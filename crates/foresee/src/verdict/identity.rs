//! The keys that an unknown one may be, where that could fill a quota of aliases (rule T6).
//!
//! A key that cannot be followed may be any: one that stands, one that a step makes, or the same as
//! another that cannot be followed. Each of those is a case of its own, but only where some quota
//! could be full for it: otherwise such a key can do no more than a key of its own, which can be of
//! any kind too.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;
use kms_alias::{KeyId, KeyManager, KeySpec};

use super::case::{Unknown, Unknowns, Value};
use super::description::Description;
use super::facts::KeyFacts;
use super::kind::{Kind, Kinds, agrees};
use super::knowledge::{AliasList, Knowledge};
use super::place::Place;
use super::request::{KeyReference, Request};
use super::run::{Order, Run, RunStep};
use super::task::Case;
use super::typing::{is_state_open, made, made_with_id};

/// Which key an unknown one is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Identity {
    /// The key of this ID.
    Known(KeyId),
    /// The key that the step of this index makes.
    Made(usize),
    /// The one of this label.
    Like(Box<str>),
}

/// The targets of aliases in one place.
#[derive(Default)]
struct Targets {
    /// The unknown ones.
    unknown: BTreeMap<Box<str>, Open>,
    /// The keys that steps name by ID, and for how many of them it is the target.
    known: BTreeMap<KeyId, u32>,
    /// The steps that make a key, and how many have it as their target.
    made: BTreeMap<usize, u32>,
}

/// A target that is unknown.
#[derive(Default)]
struct Open {
    facts: KeyFacts,
    series: Option<Box<str>>,
    /// How many steps have this target.
    steps: u32,
}

/// The keys that each unknown one may be besides a key of its own.
pub(super) fn identities(run: &Run, knowledge: &BTreeMap<Place, Knowledge>) -> Unknowns {
    let mut identities = Unknowns::new();
    for (place, targets) in targets(run, knowledge) {
        let nothing = Knowledge::new(place);
        let known = knowledge.get(&place).unwrap_or(&nothing);
        let mut candidates = Candidates {
            run,
            known,
            targets: &targets,
            most: targets.most(),
            kinds: Kinds::new(run.at),
        };
        let all = candidates.all();
        let labels = targets.unknown.len();
        if labels.saturating_mul(all.len().saturating_add(labels)) > MOST_PAIRS {
            identities.extend(too_many(place, &targets, all));
            continue;
        }
        for (label, open) in &targets.unknown {
            let mut values = all.clone();
            values.retain(|identity| candidates.can_be(identity, &[open.facts]));
            values.extend(candidates.others(label, open));
            let values = values.into_iter().map(Value::Key).collect();
            identities.insert(Unknown::Key(place, label.clone()), values);
        }
    }
    identities
}

/// As many pairs of an unknown key and one that it may be are looked at.
const MOST_PAIRS: usize = 100_000;

/// More unknown keys, and more that they may be, than are tried: which of them agree is not asked.
fn too_many(place: Place, targets: &Targets, all: Vec<Identity>) -> Unknowns {
    let mut unknowns = Unknowns::new();
    let mut first: Option<&Box<str>> = None;
    for label in targets.unknown.keys() {
        let values = match first {
            Some(first) => vec![Value::Key(Identity::Like(first.clone()))],
            None => all.iter().cloned().map(Value::Key).collect(),
        };
        first = first.or(Some(label));
        unknowns.insert(Unknown::Key(place, label.clone()), values);
    }
    unknowns
}

/// The targets of each place where some are unknown.
fn targets(run: &Run, knowledge: &BTreeMap<Place, Knowledge>) -> BTreeMap<Place, Targets> {
    let mut places: BTreeMap<Place, Targets> = BTreeMap::new();
    for step in &run.steps {
        if let (Some(_), Some(KeyReference::Unknown(unknown))) = step.request.references() {
            let targets = places.entry(step.place).or_default();
            let open = targets.unknown.entry(unknown.label.clone()).or_default();
            open.facts = open.facts.or(unknown.facts);
            open.series.clone_from(&unknown.series);
            open.steps = open.steps.saturating_add(1);
        }
    }
    if places.is_empty() {
        return places;
    }
    let made = made_with_id(run, knowledge);
    for (index, step) in run.steps.iter().enumerate() {
        if let Some(targets) = places.get_mut(&step.place) {
            let made_by = |key_id| made.get(&(step.place, key_id)).copied();
            targets.read(index, &step.request, made_by);
        }
    }
    places
}

impl Targets {
    /// The most aliases that unknown targets can put on one key.
    fn most(&self) -> u32 {
        let mut of_series: BTreeMap<&str, u32> = BTreeMap::new();
        let mut most = 0_u32;
        for open in self.unknown.values() {
            match &open.series {
                Some(series) => {
                    let known = of_series.entry(series).or_default();
                    *known = open.steps.max(*known);
                }
                None => most = most.saturating_add(open.steps),
            }
        }
        of_series
            .values()
            .fold(most, |most, more| most.saturating_add(*more))
    }

    fn read(&mut self, index: usize, request: &Request, made_by: impl Fn(KeyId) -> Option<usize>) {
        let (name, key) = request.references();
        let more = u32::from(name.is_some());
        let count = match (key, request) {
            (Some(KeyReference::MadeBy(index)), _) => self.made.entry(*index).or_default(),
            (_, Request::CreateKey { .. } | Request::ReplicateKey { .. }) => {
                self.made.entry(index).or_default()
            }
            _ => match request.key_id() {
                Some(key_id) => match made_by(key_id) {
                    Some(index) => self.made.entry(index).or_default(),
                    None => self.known.entry(key_id).or_default(),
                },
                None => return,
            },
        };
        let more = more.max(u32::from(matches!(request, Request::Operation(_))));
        *count = count.saturating_add(more);
    }
}

/// The keys of a place whose quota an unknown target could fill.
struct Candidates<'r> {
    run: &'r Run,
    known: &'r Knowledge,
    targets: &'r Targets,
    /// The most aliases that unknown targets can put on one key.
    most: u32,
    kinds: Kinds,
}

impl Candidates<'_> {
    fn all(&mut self) -> Vec<Identity> {
        let made = self.targets.made.iter();
        let made = made.filter(|(_, targeted)| self.could_fill(0, **targeted));
        let mut all: Vec<_> = made.map(|(index, _)| Identity::Made(*index)).collect();
        // Where the list is not complete, any key that stands may be full anyway.
        if self.known.alias_list != AliasList::Incomplete {
            all.extend(self.named().map(Identity::Known));
            all.extend(self.not_named().into_iter().map(Identity::Known));
        }
        all
    }

    fn could_fill(&self, standing: u32, targeted: u32) -> bool {
        let most = standing.saturating_add(targeted).saturating_add(self.most);
        most > self.known.table().aliases_per_key()
    }

    fn named(&self) -> impl Iterator<Item = KeyId> + '_ {
        let named = self.targets.known.iter().filter(|(key_id, targeted)| {
            let standing = self.known.table().count_in_quota(**key_id);
            self.known.may_exist(key_id) && self.could_fill(standing, **targeted)
        });
        named.map(|(key_id, _)| *key_id)
    }

    /// Keys that stand and that no step names: of those that are alike as many as there are unknown
    /// ones. A key is like no other on which an alias stands that a step names.
    fn not_named(&mut self) -> Vec<KeyId> {
        let keys_of_names = self.keys_of_names();
        let table = self.known.table();
        let described = table.keys().map(kms_alias::KeyMetadata::key_id);
        let undescribed = self.known.undescribed_keys().map(|(key_id, _)| key_id);
        let mut alike: HashMap<(u32, Option<Kind>, KeyFacts), usize> = HashMap::new();
        let mut found = Vec::new();
        for key_id in described.chain(undescribed) {
            let standing = table.count_in_quota(key_id);
            if !table.is_described(&key_id) && !self.known.may_exist(&key_id) {
                continue;
            }
            if self.targets.known.contains_key(&key_id) || !self.could_fill(standing, 0) {
                continue;
            }
            if keys_of_names.contains(&key_id) {
                found.push(key_id);
                continue;
            }
            let kind = table.key(key_id).map(Kind::of);
            let facts = self.known.facts_of(&key_id);
            let count = alike.entry((standing, kind, facts)).or_default();
            *count = count.saturating_add(1);
            if *count <= self.targets.unknown.len() {
                found.push(key_id);
            }
        }
        found
    }

    /// The keys on which the aliases stand that steps name.
    fn keys_of_names(&self) -> BTreeSet<KeyId> {
        let here = |step: &&RunStep| step.place == self.known.place();
        let steps = self.run.steps.iter().filter(here);
        let names = steps.filter_map(|step| step.request.alias_name());
        names
            .filter_map(|name| self.known.stands_on(name))
            .collect()
    }

    /// The unknown ones before this one that may be the same key: one of which the account tells
    /// nothing.
    fn others(&mut self, label: &str, open: &Open) -> Vec<Identity> {
        if !self.could_fill(0, 0) {
            return Vec::new();
        }
        let before = self.targets.unknown.iter();
        let before = before.take_while(|(other, _)| ***other != *label);
        let apart = |other: &Open| open.series.is_some() && other.series == open.series;
        let before = before.filter(|(_, other)| !apart(other));
        before
            .map(|(other, _)| Identity::Like(other.clone()))
            .filter(|other| self.can_be(other, &[open.facts]))
            .collect()
    }

    /// The key spec of a key, as far as it is known.
    fn spec_of(&self, identity: &Identity) -> Option<KeySpec> {
        match identity {
            Identity::Known(key_id) => match self.known.table().key(*key_id) {
                Some(key) => Some(key.spec()),
                None => self.known.facts_of(key_id).spec,
            },
            Identity::Made(index) => match self.run.steps.get(*index).map(|step| &step.request) {
                Some(Request::CreateKey { key, .. } | Request::ReplicateKey { key, .. }) => {
                    key.spec
                }
                _ => None,
            },
            Identity::Like(label) => self.targets.unknown.get(label)?.facts.spec,
        }
    }

    /// Whether a key can be one of which all of this is known, and have an alias.
    fn can_be(&mut self, identity: &Identity, known: &[KeyFacts]) -> bool {
        let has_alias = |kind: &Kind| {
            let agrees = known.iter().all(|facts| agrees(kind, facts));
            agrees && kind.manager == KeyManager::Customer
        };
        let specs = known.iter().map(|facts| facts.spec);
        if !is_one_spec(specs.chain([self.spec_of(identity)])) {
            return false;
        }
        let kinds = match identity {
            Identity::Known(key_id) => {
                if let Some(key) = self.known.table().key(*key_id) {
                    return has_alias(&Kind::of(key));
                }
                let mut facts = self.known.facts_of(key_id);
                facts.multi_region = Some(key_id.is_multi_region());
                self.kinds.possible(&facts)
            }
            Identity::Made(index) => match self.run.steps.get(*index).map(|step| &step.request) {
                Some(Request::CreateKey { key, open }) => {
                    let is_possible = Description::is_possible(key, self.known.place());
                    let mut kinds = self
                        .kinds
                        .possible_when_made(&made(*key), is_state_open(open));
                    kinds.retain(|_| is_possible);
                    kinds
                }
                Some(Request::ReplicateKey { key, .. }) => {
                    let mut facts = made(*key);
                    facts.multi_region = Some(true);
                    self.kinds.possible(&facts)
                }
                _ => Vec::new(),
            },
            Identity::Like(label) => match self.targets.unknown.get(label) {
                Some(open) => self.kinds.possible(&open.facts),
                None => Vec::new(),
            },
        };
        let mut kinds = kinds.into_iter().filter_map(|kind| self.kinds.get(kind));
        kinds.any(has_alias)
    }
}

/// Whether key specs, as far as they are known, are one. Kinds do not tell the specs of one type and
/// usage apart.
fn is_one_spec(specs: impl Iterator<Item = Option<KeySpec>>) -> bool {
    let mut known = specs.flatten();
    let first = known.next();
    known.all(|other| Some(other) == first)
}

/// Whether a case can be: keys agree with all that is known of those that they are, and are made
/// before a step names them.
pub(super) fn is_possible(run: &Run, knowledge: &BTreeMap<Place, Knowledge>, case: &Case) -> bool {
    if case.keys.is_empty() {
        return true;
    }
    let run = adjusted(run, case);
    targets(&run, knowledge).iter().all(|(place, targets)| {
        let nothing = Knowledge::new(*place);
        let mut candidates = Candidates {
            run: &run,
            known: knowledge.get(place).unwrap_or(&nothing),
            targets,
            most: targets.most(),
            kinds: Kinds::new(run.at),
        };
        let mut of_key: BTreeMap<&Identity, Vec<&Open>> = BTreeMap::new();
        for (label, open) in &targets.unknown {
            let Some(identity) = case.keys.get(&(*place, label.clone())) else {
                continue;
            };
            let same = of_key.entry(identity).or_default();
            if let Identity::Like(other) = identity {
                // The first of those that are the same stands for all.
                if case.keys.contains_key(&(*place, other.clone())) {
                    return false;
                }
                if same.is_empty() {
                    same.extend(targets.unknown.get(other));
                }
            }
            same.push(open);
        }
        let mut keys = of_key.into_iter();
        keys.all(|(identity, same)| {
            let facts: Vec<_> = same.iter().map(|open| open.facts).collect();
            are_of_different_series(&same) && candidates.can_be(identity, &facts)
        })
    }) && made_before_they_are_named(&run, case)
}

fn are_of_different_series(keys: &[&Open]) -> bool {
    let series = keys.iter().filter_map(|open| open.series.as_ref());
    let mut seen = BTreeSet::new();
    series.into_iter().all(|series| seen.insert(series))
}

/// Whether every step that names a key which another makes can come after that one.
fn made_before_they_are_named(run: &Run, case: &Case) -> bool {
    let named = |index: usize| case.identity(run.steps.get(index)?);
    for make in case.made() {
        let mut open = vec![make];
        let mut seen = BTreeSet::new();
        while let Some(step) = open.pop() {
            if !seen.insert(step) {
                continue;
            }
            if named(step).is_some_and(|(_, identity)| *identity == Identity::Made(make)) {
                return false;
            }
            match run.order {
                Order::Listed => open.extend(step.checked_sub(1)),
                Order::Partial => {
                    let before = run.steps.get(step).map(|step| step.after.as_slice());
                    open.extend(before.unwrap_or_default());
                }
            }
        }
    }
    true
}

/// The run of a case: what names a key that a step makes comes after that step.
pub(super) fn adjusted<'r>(run: &'r Run, case: &Case) -> Cow<'r, Run> {
    if case.made().next().is_none() || run.order == Order::Listed {
        return Cow::Borrowed(run);
    }
    let mut run = run.clone();
    for step in &mut run.steps {
        if let Some((_, Identity::Made(index))) = case.identity(step) {
            let index = *index;
            step.after.push(index);
        }
    }
    Cow::Owned(run)
}

impl Case {
    /// The label of the unknown key that a step names, and which key it is in this case.
    pub(super) fn identity<'s>(&'s self, step: &'s RunStep) -> Option<(&'s str, &'s Identity)> {
        let Some(KeyReference::Unknown(unknown)) = step.request.references().1 else {
            return None;
        };
        let identity = self.keys.get(&(step.place, unknown.label.clone()))?;
        Some((&unknown.label, identity))
    }

    /// The steps whose keys unknown ones are.
    fn made(&self) -> impl Iterator<Item = usize> + '_ {
        self.keys.values().filter_map(|identity| match identity {
            Identity::Made(index) => Some(*index),
            _ => None,
        })
    }
}
