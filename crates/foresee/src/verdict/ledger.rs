//! The names and keys that the steps of a run mention, and where the truth about each is kept.
//!
//! What is certain of described keys stays in the account's table. What is not is followed here:
//! a fact is at home here as long as it has one value in every world, and in a cluster of worlds
//! while it has several.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use kms_alias::{AliasName, KeyId};

use super::closed::{alias_name, key_id};
use super::set::SetIndex;
use super::task::{Asks, Task};
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
    /// The names of those aliases.
    pub(super) names: BTreeSet<NameIndex>,
    /// Whether a step changes its state, or makes or deletes it.
    pub(super) changes: bool,
    /// Whether its quota of aliases could matter (rule T6), once that was asked.
    pub(super) quota_matters: Option<bool>,
    /// Whether it takes the part of a key of which no step speaks any more.
    pub(super) is_anonymous: bool,
    /// The position of the last step on an alias that stands on it and is not followed here.
    pub(super) last_alias: usize,
}

/// All of them.
pub(super) struct Ledger {
    pub(super) names: Vec<NameEntry>,
    pub(super) keys: Vec<KeyEntry>,
    key_indexes: HashMap<(usize, KeyId), KeyIndex>,
    /// The name of each step, by the step's index.
    name_of_step: Vec<Option<NameIndex>>,
    key_of_step: Vec<Option<KeyIndex>>,
    /// The names of each place.
    name_indexes: Vec<HashMap<AliasName, NameIndex>>,
    /// Whether the quota of some key matters whose aliases the table no longer counts rightly.
    pub(super) counts_apart: bool,
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
            name_indexes: Vec::new(),
            counts_apart: false,
        };
        for (step, task) in tasks.iter().enumerate() {
            ledger.read(step, task, position(step));
        }
        ledger
    }

    fn read(&mut self, step: usize, task: &Task<'_>, position: usize) {
        let name = task.operation().and_then(alias_name);
        let name = name.map(|name| self.mention_name(step, task.place, name, position));
        self.name_of_step.push(name);
        let key_id = match &task.asks {
            Asks::Operation(operation) => key_id(operation),
            Asks::Make(key_id) => Some(*key_id),
            Asks::Refused(_) => None,
        };
        let key = key_id.map(|key_id| {
            let key = self.key(task.place, key_id);
            if let Some(entry) = self.keys.get_mut(key.place()) {
                entry.last = entry.last.max(position);
                entry.targeted = entry.targeted.saturating_add(u32::from(name.is_some()));
                entry.names.extend(name);
                entry.changes |= name.is_none() && !matches!(task.asks, Asks::Make(_));
            }
            key
        });
        self.key_of_step.push(key);
    }

    fn mention_name(
        &mut self,
        step: usize,
        place: usize,
        name: &AliasName,
        position: usize,
    ) -> NameIndex {
        let next = NameIndex(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
        let names = &mut self.names;
        while self.name_indexes.len() <= place {
            self.name_indexes.push(HashMap::new());
        }
        let Some(known) = self.name_indexes.get_mut(place) else {
            return next;
        };
        let index = match known.get(name) {
            Some(index) => *index,
            None => {
                known.insert(name.clone(), next);
                names.push(NameEntry {
                    place,
                    step,
                    home: Home::Account,
                    last: position,
                });
                next
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
                names: BTreeSet::new(),
                changes: false,
                quota_matters: None,
                is_anonymous: false,
                last_alias: 0,
            });
            next
        })
    }

    pub(super) fn known_key(&self, place: usize, key_id: KeyId) -> Option<KeyIndex> {
        self.key_indexes.get(&(place, key_id)).copied()
    }

    pub(super) fn known_name(&self, place: usize, name: &str) -> Option<NameIndex> {
        self.name_indexes.get(place)?.get(name).copied()
    }

    pub(super) fn name_of_step(&self, step: usize) -> Option<NameIndex> {
        self.name_of_step.get(step).copied().flatten()
    }

    pub(super) fn key_of_step(&self, step: usize) -> Option<KeyIndex> {
        self.key_of_step.get(step).copied().flatten()
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
