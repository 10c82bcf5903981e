//! What a block leaves: facts that are the same in every world are certain again.

use super::engine::{Cluster, Engine, Judged, Several};
use super::explore::Explored;
use super::ledger::Home;
use super::outcome::Need;
use super::set::SetIndex;
use super::world::{KeyIndex, NameIndex, World};

/// From so many worlds on, it is forgotten on which key an alias stands where only its kind counts.
const MANY: usize = 32;

impl Engine<'_, '_> {
    /// Takes the certain facts out of the worlds, and keeps the rest as a cluster.
    pub(super) fn settle(&mut self, explored: Explored) {
        for (name, endings) in &explored.endings {
            self.end_name(*name, endings);
        }
        let mut worlds = explored.worlds;
        if worlds.len() > MANY {
            worlds = self.without_identities(worlds);
        }
        self.settle_names(&mut worlds);
        self.settle_counts(&mut worlds);
        self.settle_keys(&mut worlds);
        for (key, set) in core::mem::take(&mut self.ended) {
            let is_followed = |world: &World| world.content.keys.get(key).is_some();
            if !worlds.iter().any(is_followed) {
                self.key_is(key, set);
            }
        }
        if worlds.iter().all(|world| world.content.is_empty()) {
            self.can_be_clean &= worlds.iter().any(|world| world.is_clean);
            return;
        }
        let cluster = self.clusters.len();
        self.move_into(cluster, &worlds);
        self.clusters.push(Some(Cluster {
            worlds,
            exceeded: false,
        }));
    }

    fn end_name(&mut self, name: NameIndex, endings: &[Option<KeyIndex>]) {
        match endings {
            [only] => self.name_is(name, *only),
            _ => self.set_name_home(name, Home::Forgotten),
        }
    }

    /// An alias names one key in every world.
    fn name_is(&mut self, name: NameIndex, on: Option<KeyIndex>) {
        let last = self.name_entry(name).map_or(0, |entry| entry.last);
        if let Some(entry) = on.and_then(|key| self.key_entry_mut(key)) {
            entry.last_alias = entry.last_alias.max(last);
        }
        let as_before = !self.is_open(name) && self.stands_on_in_account(name) == on;
        let home = if as_before {
            Home::Account
        } else {
            Home::Here(on)
        };
        self.set_name_home(name, home);
    }

    fn set_name_home(&mut self, name: NameIndex, home: Home<Option<KeyIndex>>) {
        let ledger = self.ledger.as_mut();
        if let Some(entry) = ledger.and_then(|ledger| ledger.name_entry_mut(name)) {
            entry.home = home;
        }
    }

    fn settle_names(&mut self, worlds: &mut [World]) {
        let followed = every(worlds, |world, all| all.extend(world.content.names.keys()));
        for name in followed {
            if let Some(on) = same(worlds, |world| world.content.names.get(name)) {
                self.name_is(name, on);
                worlds
                    .iter_mut()
                    .for_each(|world| world.content.names.remove(name));
            }
        }
    }

    fn settle_counts(&mut self, worlds: &mut [World]) {
        for key in every(worlds, |world, all| all.extend(world.content.counts.keys())) {
            let Some(count) = same(worlds, |world| world.content.counts.get(key)) else {
                continue;
            };
            worlds
                .iter_mut()
                .for_each(|world| world.content.counts.remove(key));
            let apart = self.open_quota(key).is_some() || self.count_in_account(key) != count;
            if let Some(ledger) = &mut self.ledger {
                ledger.counts_apart |= apart;
                if let Some(entry) = ledger.key_entry_mut(key) {
                    entry.count = if apart {
                        Home::Here(count)
                    } else {
                        Home::Account
                    };
                }
            }
        }
    }

    fn settle_keys(&mut self, worlds: &mut [World]) {
        for key in every(worlds, |world, all| all.extend(world.content.keys.keys())) {
            let Some(set) = same(worlds, |world| world.content.keys.get(key)) else {
                continue;
            };
            worlds
                .iter_mut()
                .for_each(|world| world.content.keys.remove(key));
            self.key_is(key, set);
        }
    }

    /// A key can be in the same ways in every world.
    fn key_is(&mut self, key: KeyIndex, set: SetIndex) {
        let home = if self.set_in_account(key) == set {
            Home::Account
        } else {
            Home::Here(set)
        };
        if let Some(entry) = self.key_entry_mut(key) {
            entry.home = home;
        }
    }

    /// The facts of these worlds are kept in a cluster.
    fn move_into(&mut self, cluster: usize, worlds: &[World]) {
        for name in every(worlds, |world, all| all.extend(world.content.names.keys())) {
            self.set_name_home(name, Home::Cluster(cluster));
        }
        for key in every(worlds, |world, all| all.extend(world.content.keys.keys())) {
            if let Some(entry) = self.key_entry_mut(key) {
                entry.home = Home::Cluster(cluster);
            }
        }
        for key in every(worlds, |world, all| all.extend(world.content.counts.keys())) {
            if let Some(ledger) = &mut self.ledger {
                ledger.counts_apart = true;
            }
            if let Some(entry) = self.key_entry_mut(key) {
                entry.count = Home::Cluster(cluster);
            }
        }
    }

    /// The bound is reached: these steps, and all that see what they may have changed, are
    /// undecided.
    pub(super) fn give_up(&mut self, steps: &[usize]) {
        self.exceeded = true;
        let cluster = self.clusters.len();
        self.clusters.push(Some(Cluster {
            worlds: Vec::new(),
            exceeded: true,
        }));
        let targets = self.targets_of(steps);
        for step in steps.iter().copied() {
            if self.is_refused_for_its_shape(step) {
                continue;
            }
            let several = Several {
                could_be: self.possible_of_given_up(step, &targets),
                needs: vec![Need::BoundReached],
            };
            self.set_judged(step, Judged::Several(Box::new(several)));
            self.lose(step, cluster);
        }
    }

    /// What a step may have changed is not known any more.
    fn lose(&mut self, step: usize, cluster: usize) {
        let Some(ledger) = &mut self.ledger else {
            return;
        };
        let (name, key) = (ledger.name_of_step(step), ledger.key_of_step(step));
        if let Some(entry) = name.and_then(|name| ledger.name_entry_mut(name)) {
            entry.home = Home::Cluster(cluster);
        }
        let replica = ledger.replica_of_step(step);
        if let Some(entry) = replica.and_then(|key| ledger.key_entry_mut(key)) {
            entry.home = Home::Cluster(cluster);
        }
        if let Some(entry) = key.and_then(|key| ledger.key_entry_mut(key)) {
            if name.is_none() || entry.home != Home::Account {
                entry.home = Home::Cluster(cluster);
            }
            entry.count = Home::Cluster(cluster);
            ledger.counts_apart = true;
        }
    }

    /// At the end of a run: whether what is left open can be without a refusal.
    pub(super) fn conclude(&mut self) {
        for cluster in self
            .clusters
            .iter()
            .flatten()
            .filter(|cluster| !cluster.exceeded)
        {
            self.can_be_clean &= cluster.worlds.iter().any(|world| world.is_clean);
        }
    }
}

impl Engine<'_, '_> {
    /// Keeps how a key ends whose state steps change: that is told after the run.
    pub(super) fn note_ended(&mut self, key: KeyIndex, set: SetIndex) {
        if self.key_entry(key).is_some_and(|entry| entry.changes) {
            let sets = &mut self.sets;
            let ended = self.ended.entry(key).or_insert(set);
            if *ended != set {
                *ended = sets.index([&*sets.get(*ended), &*sets.get(set)].concat());
            }
        }
    }
}

/// The value that a fact has in every world, if it is one.
fn same<T: PartialEq>(worlds: &[World], value: impl Fn(&World) -> Option<T>) -> Option<T> {
    let mut values = worlds.iter().map(value);
    let first = values.next()??;
    values
        .all(|value| value.as_ref() == Some(&first))
        .then_some(first)
}

/// Every fact that some world follows.
fn every<T: Ord>(worlds: &[World], add: impl Fn(&World, &mut Vec<T>)) -> Vec<T> {
    let mut every = Vec::new();
    worlds.iter().for_each(|world| add(world, &mut every));
    every.sort_unstable();
    every.dedup();
    every
}
