//! The names and keys that the steps of a run mention, and where the truth about each is kept.
//!
//! What is certain of described keys stays in the account's table. What is not is followed here:
//! a fact is at home here as long as it has one value in every world, and in a cluster of worlds
//! while it has several.

use std::collections::{BTreeSet, BinaryHeap};

use core::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use kms_alias::{AliasName, KeyId, Operation};

use super::closed::key_id;
use super::set::SetIndex;
use super::task::{Asks, Make, Task};
use super::world::{KeyIndex, NameIndex};

/// Where the value of a fact is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home<T> {
    /// In the account's table, or as the account was said to be.
    Account,
    /// Here: it is the same in every world.
    Here(T),
    /// In the cluster of this index: worlds differ.
    Cluster(usize),
    /// Nowhere: worlds differ, and no step asks any more.
    Forgotten,
}

/// A name that steps mention.
#[derive(Clone, Debug)]
pub(super) struct NameEntry {
    pub(super) place: usize,
    /// A step that mentions it.
    pub(super) step: usize,
    pub(super) home: Home<Option<KeyIndex>>,
    /// The keys to which steps would update its alias.
    pub(super) updated_to: BTreeSet<KeyIndex>,
    /// Whether a step would delete its alias or move it away.
    pub(super) leaves: bool,
    /// How many steps delete it.
    pub(super) deleted: usize,
    /// The position of the last step that mentions it.
    pub(super) last: usize,
}

/// A key that steps mention, or on which an alias stands that they mention.
#[derive(Clone, Debug)]
pub(super) struct KeyEntry {
    pub(super) place: usize,
    pub(super) key_id: KeyId,
    pub(super) home: Home<SetIndex>,
    pub(super) count: Home<u32>,
    /// The ways in which it could be when it was first asked about.
    pub(super) first: Option<SetIndex>,
    /// The position of the last step that names it.
    pub(super) last: usize,
    /// How many steps would make it the key of an alias.
    pub(super) targeted: u32,
    /// The last of those steps.
    targeted_by: Option<usize>,
    /// Whether a step changes its state, or makes or deletes it.
    pub(super) changes: bool,
    /// How many steps make it as a replica.
    pub(super) replicates: u32,
    /// Whether its quota of aliases could matter (rule T6), once that was asked.
    pub(super) quota_matters: Option<bool>,
    /// Whether it takes the part of a key of which no step speaks any more.
    pub(super) is_anonymous: bool,
    /// The position of the last step on an alias that names it and is not followed here.
    pub(super) last_alias: usize,
    /// The names of the aliases that stood on it by the account when it was first asked whether one is
    /// to come, by the last step that mentions each. One that has left may still be among them.
    pub(super) aliases_by_last: Option<BinaryHeap<(usize, NameIndex)>>,
}

/// All of them.
pub(super) struct Ledger {
    pub(super) names: Vec<NameEntry>,
    pub(super) keys: Vec<KeyEntry>,
    key_indexes: HashMap<(usize, KeyId), KeyIndex>,
    /// The name of each step, by the step's index.
    name_of_step: Vec<Option<NameIndex>>,
    key_of_step: Vec<Option<KeyIndex>>,
    /// The replica of each step that makes one.
    replica_of_step: HashMap<usize, KeyIndex>,
    /// The step before each step that would make its key the key of an alias.
    targeted_before: Vec<Option<usize>>,
    name_indexes: HashTable<NameIndex>,
    hasher: DefaultHashBuilder,
    /// Whether the quota of some key matters whose aliases the table no longer counts rightly.
    pub(super) counts_apart: bool,
    /// The keys of each place that steps can fill with aliases, once that was asked.
    pub(super) can_fill: HashMap<usize, Vec<KeyIndex>>,
}

impl Ledger {
    /// Reads the steps; `position` says when each is judged, at the latest.
    pub(super) fn of(tasks: &[Task<'_>], position: impl Fn(usize) -> usize) -> Self {
        let count = tasks.len();
        let mut ledger = Self {
            names: Vec::with_capacity(count),
            keys: Vec::with_capacity(count),
            key_indexes: HashMap::with_capacity(count),
            name_of_step: Vec::with_capacity(count),
            key_of_step: Vec::with_capacity(count),
            replica_of_step: HashMap::new(),
            targeted_before: Vec::with_capacity(count),
            name_indexes: HashTable::with_capacity(count),
            hasher: DefaultHashBuilder::default(),
            counts_apart: false,
            can_fill: HashMap::new(),
        };
        for (step, task) in tasks.iter().enumerate() {
            ledger.read(step, tasks, task, position(step));
        }
        ledger
    }

    fn read(&mut self, step: usize, tasks: &[Task<'_>], task: &Task<'_>, position: usize) {
        let name = task.operation().and_then(Operation::alias_name);
        let name = name.map(|name| self.mention_name(step, tasks, task.place, name, position));
        self.name_of_step.push(name);
        let named = match &task.asks {
            Asks::Operation(operation) => key_id(operation).map(|key_id| (task.place, key_id)),
            Asks::Make(Make::New { key_id, .. }) => Some((task.place, *key_id)),
            Asks::Make(Make::Replica(replica)) => Some(replica.primary),
            Asks::Refused(_) | Asks::Never(_) => None,
        };
        if let Asks::Make(Make::Replica(replica)) = &task.asks
            && let Some(key_id) = replica.key_id
        {
            self.read_replica(step, task.place, key_id, position);
        }
        let mut targeted_before = None;
        let key = named.map(|(place, key_id)| {
            let key = self.key(place, key_id);
            if let Some(entry) = self.keys.get_mut(key.place()) {
                entry.last = entry.last.max(position);
                if name.is_some() {
                    entry.targeted = entry.targeted.saturating_add(1);
                    targeted_before = entry.targeted_by.replace(step);
                }
                entry.changes |= name.is_none() && !matches!(task.asks, Asks::Make(_));
            }
            key
        });
        if let Some(entry) = name.and_then(|name| self.names.get_mut(name.place())) {
            match task.operation() {
                Some(Operation::UpdateAlias { .. }) => {
                    entry.updated_to.extend(key);
                    entry.leaves = true;
                }
                Some(Operation::DeleteAlias { .. }) => {
                    entry.leaves = true;
                    entry.deleted = entry.deleted.saturating_add(1);
                }
                _ => {}
            }
        }
        self.targeted_before.push(targeted_before);
        self.key_of_step.push(key);
    }

    /// A key that a step makes as a replica: two steps that do so contend.
    fn read_replica(&mut self, step: usize, place: usize, key_id: KeyId, position: usize) {
        let key = self.key(place, key_id);
        self.replica_of_step.insert(step, key);
        if let Some(entry) = self.keys.get_mut(key.place()) {
            entry.last = entry.last.max(position);
            entry.changes |= entry.replicates > 0;
            entry.replicates = entry.replicates.saturating_add(1);
        }
    }

    /// The replica that a step makes.
    pub(super) fn replica_of_step(&self, step: usize) -> Option<KeyIndex> {
        self.replica_of_step.get(&step).copied()
    }

    fn mention_name(
        &mut self,
        step: usize,
        tasks: &[Task<'_>],
        place: usize,
        name: &AliasName,
        position: usize,
    ) -> NameIndex {
        let hash = self.hasher.hash_one((place, name.as_str()));
        let names = &self.names;
        let known = self.name_indexes.find(hash, |index| {
            is_name(names, tasks, *index, place, name.as_str())
        });
        let index = match known {
            Some(index) => *index,
            None => {
                let index = NameIndex(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
                self.names.push(NameEntry {
                    place,
                    step,
                    home: Home::Account,
                    updated_to: BTreeSet::new(),
                    leaves: false,
                    deleted: 0,
                    last: position,
                });
                let (names, hasher) = (&self.names, &self.hasher);
                let again = |index: &NameIndex| {
                    let entry = names.get(index.place());
                    let name = entry.and_then(|entry| name_of(tasks, entry));
                    hasher.hash_one((
                        entry.map_or(0, |entry| entry.place),
                        name.unwrap_or_default(),
                    ))
                };
                self.name_indexes.insert_unique(hash, index, again);
                index
            }
        };
        if let Some(entry) = self.names.get_mut(index.place()) {
            entry.last = entry.last.max(position);
        }
        index
    }

    /// The index of a key, which is entered if it is new.
    pub(super) fn key(&mut self, place: usize, key_id: KeyId) -> KeyIndex {
        let next = KeyIndex(u32::try_from(self.keys.len()).unwrap_or(u32::MAX));
        let keys = &mut self.keys;
        *self.key_indexes.entry((place, key_id)).or_insert_with(|| {
            keys.push(KeyEntry {
                place,
                key_id,
                home: Home::Account,
                count: Home::Account,
                first: None,
                last: 0,
                targeted: 0,
                targeted_by: None,
                changes: false,
                replicates: 0,
                quota_matters: None,
                is_anonymous: false,
                last_alias: 0,
                aliases_by_last: None,
            });
            next
        })
    }

    pub(super) fn known_key(&self, place: usize, key_id: KeyId) -> Option<KeyIndex> {
        self.key_indexes.get(&(place, key_id)).copied()
    }

    pub(super) fn known_name(
        &self,
        tasks: &[Task<'_>],
        place: usize,
        name: &str,
    ) -> Option<NameIndex> {
        let hash = self.hasher.hash_one((place, name));
        let is_it = |index: &NameIndex| is_name(&self.names, tasks, *index, place, name);
        self.name_indexes.find(hash, is_it).copied()
    }

    /// The names of the aliases that steps would put on a key, each once.
    pub(super) fn names_for(&self, key: KeyIndex) -> BTreeSet<NameIndex> {
        let last = self.key_entry(key).and_then(|entry| entry.targeted_by);
        let before = |step: &usize| self.targeted_before.get(*step).copied().flatten();
        let steps = core::iter::successors(last, before);
        steps.filter_map(|step| self.name_of_step(step)).collect()
    }

    pub(super) fn name_of_step(&self, step: usize) -> Option<NameIndex> {
        self.name_of_step.get(step).copied().flatten()
    }

    pub(super) fn key_of_step(&self, step: usize) -> Option<KeyIndex> {
        self.key_of_step.get(step).copied().flatten()
    }

    /// The keys of an account and Region.
    pub(super) fn keys_of(&self, place: usize) -> impl Iterator<Item = KeyIndex> {
        let keys = (0..).map(KeyIndex).zip(&self.keys);
        keys.filter_map(move |(key, entry)| (entry.place == place).then_some(key))
    }

    pub(super) fn name_entry(&self, name: NameIndex) -> Option<&NameEntry> {
        self.names.get(name.place())
    }

    pub(super) fn name_entry_mut(&mut self, name: NameIndex) -> Option<&mut NameEntry> {
        self.names.get_mut(name.place())
    }

    pub(super) fn key_entry(&self, key: KeyIndex) -> Option<&KeyEntry> {
        self.keys.get(key.place())
    }

    pub(super) fn key_entry_mut(&mut self, key: KeyIndex) -> Option<&mut KeyEntry> {
        self.keys.get_mut(key.place())
    }
}

/// The name that an entry stands for.
fn name_of<'t>(tasks: &'t [Task<'_>], entry: &NameEntry) -> Option<&'t str> {
    let operation = tasks.get(entry.step)?.operation()?;
    operation.alias_name().map(AliasName::as_str)
}

/// Whether an index is that of a name of a place.
fn is_name(
    names: &[NameEntry],
    tasks: &[Task<'_>],
    index: NameIndex,
    place: usize,
    name: &str,
) -> bool {
    let entry = names.get(index.place());
    entry.is_some_and(|entry| entry.place == place && name_of(tasks, entry) == Some(name))
}
