//! The worlds in which a step is judged: every fact that it may see is put into them.

use std::collections::BinaryHeap;

use hashbrown::HashSet;
use kms_alias::{KeyId, Operation};

use super::engine::Engine;
use super::kind::{Kind, NO_KEY, agrees};
use super::ledger::Home;
use super::set::{SetIndex, Way};
use super::world::{Content, Event, KeyIndex, NameIndex, Trail, World};

/// A fact that a step may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Seen {
    Name(NameIndex),
    Key(KeyIndex),
    Count(KeyIndex),
}

impl Engine<'_, '_> {
    /// The worlds of all facts that these steps may see; none if they are more than the bound
    /// allows.
    pub(super) fn gather(&mut self, steps: &[usize]) -> Option<Vec<World>> {
        let mut worlds = vec![World {
            content: Content::default(),
            is_clean: true,
            trail: Trail::START,
        }];
        self.joined.clear();
        let mut done = HashSet::new();
        let mut open = self.seen_by(steps, &worlds);
        while !open.is_empty() {
            for seen in open {
                if done.insert(seen) {
                    self.spend(cost(&worlds))?;
                    self.put_in(seen, &mut worlds)?;
                }
            }
            self.spend(steps.len().saturating_mul(worlds.len()).div_euclid(8))?;
            open = self.seen_by(steps, &worlds);
            open.retain(|seen| !done.contains(seen));
        }
        Some(worlds)
    }

    /// What the steps may see in these worlds.
    fn seen_by(&mut self, steps: &[usize], worlds: &[World]) -> Vec<Seen> {
        let mut seen = Vec::new();
        // How many aliases a key has depends on which of them no list tells of: those come first.
        let names = steps.iter().filter_map(|step| {
            let name = self.ledger.as_ref()?.name_of_step(*step)?;
            self.is_open(name).then_some(Seen::Name(name))
        });
        seen.extend(names);
        for step in steps.iter().copied() {
            let Some(ledger) = &self.ledger else {
                continue;
            };
            let (name, target) = (ledger.name_of_step(step), ledger.key_of_step(step));
            if let Some(made) = ledger.replica_of_step(step) {
                seen.push(Seen::Key(made));
            }
            if let Some(target) = target {
                seen.push(Seen::Key(target));
                if name.is_some() && self.quota_matters(target) {
                    seen.push(Seen::Count(target));
                }
            }
            if let Some(name) = name {
                // Whether it exists depends on its key.
                seen.extend(self.overdue_key_of(name).map(Seen::Key));
                seen.push(Seen::Name(name));
                for present in keys_of_name(name, worlds) {
                    seen.push(Seen::Key(present));
                    if self.quota_matters(present) {
                        seen.push(Seen::Count(present));
                    }
                }
            }
            if let Some(target) = target.filter(|_| self.deletes_key(step)) {
                let names = self.names_that_may_stand_on(target);
                seen.extend(names.into_iter().map(Seen::Name));
            }
        }
        seen
    }

    pub(super) fn deletes_key(&self, step: usize) -> bool {
        let task = self.tasks.get(step);
        let operation = task.and_then(|task| task.operation());
        matches!(operation, Some(Operation::DeleteKey { .. }))
    }

    /// The names that steps mention and that may name a key.
    fn names_that_may_stand_on(&self, key: KeyIndex) -> Vec<NameIndex> {
        let (Some(ledger), Some(entry)) = (&self.ledger, self.key_entry(key)) else {
            return Vec::new();
        };
        let mut names = self.names_in_account(entry.place, &entry.key_id);
        for (number, name) in ledger.names.iter().enumerate() {
            let stands = match name.home {
                Home::Here(on) => on == Some(key),
                Home::Cluster(_) => true,
                Home::Account | Home::Forgotten => false,
            };
            if stands && name.place == entry.place {
                names.extend(u32::try_from(number).map(NameIndex));
            }
        }
        names
    }

    /// The names that steps mention, name a key by the account, and are not followed apart.
    fn names_in_account(&self, place: usize, key_id: &KeyId) -> Vec<NameIndex> {
        let (Some(ledger), Some(account)) = (&self.ledger, self.accounts.get(place)) else {
            return Vec::new();
        };
        let aliases = account.knowledge.aliases_on(key_id);
        let known = aliases.filter_map(|alias| ledger.known_name(&self.tasks, place, alias.name()));
        let at_home = |name: &NameIndex| {
            let entry = ledger.name_entry(*name);
            entry.is_some_and(|entry| entry.home == Home::Account)
        };
        known.filter(at_home).collect()
    }

    /// Puts a fact into every world, with all that hangs together with it.
    fn put_in(&mut self, seen: Seen, worlds: &mut Vec<World>) -> Option<()> {
        match seen {
            Seen::Name(name) => match self.name_entry(name)?.home {
                Home::Cluster(cluster) => self.join(cluster, worlds)?,
                Home::Here(on) => self.put_name(name, on, worlds),
                Home::Account if self.is_open(name) => self.put_open_name(name, worlds)?,
                Home::Account => match self.overdue_key_of(name) {
                    Some(key) => self.put_name_if_there(name, key, worlds)?,
                    None => {
                        let on = self.stands_on_in_account(name);
                        self.put_name(name, on, worlds);
                    }
                },
                Home::Forgotten => {}
            },
            Seen::Key(key) => match self.key_entry(key)?.home {
                Home::Cluster(cluster) => self.join(cluster, worlds)?,
                Home::Here(set) => self.put_key(key, set, worlds),
                Home::Account => {
                    let set = self.set_in_account(key);
                    self.put_key(key, set, worlds);
                }
                Home::Forgotten => {}
            },
            // What was given up may have changed it.
            Seen::Count(_) if self.exceeded => return None,
            Seen::Count(key) => match self.key_entry(key)?.count {
                Home::Cluster(cluster) => self.join(cluster, worlds)?,
                Home::Here(count) => self.put_count(key, count, worlds),
                Home::Account => match self.open_quota(key) {
                    Some(quota) => self.put_open_count(key, quota, worlds)?,
                    None => self.put_count(key, self.count_in_account(key), worlds),
                },
                Home::Forgotten => {}
            },
        }
        Some(())
    }

    pub(super) fn put_name(&mut self, name: NameIndex, on: Option<KeyIndex>, worlds: &mut [World]) {
        for world in worlds {
            world.content.names.set(name, on);
            world.trail = self.past.then(world.trail, Event::Name(name, on));
        }
    }

    /// A key that can be in one way only, and that no step changes, need not be followed.
    pub(super) fn put_key(&mut self, key: KeyIndex, set: SetIndex, worlds: &mut [World]) {
        let changes = self.key_entry(key).is_some_and(|entry| entry.changes);
        let changes = changes || self.is_replica(key);
        if !changes && self.sets.get(set).len() == 1 {
            return;
        }
        for world in worlds {
            world.content.keys.set(key, set);
            world.trail = self.past.then(world.trail, Event::Key(key, set));
        }
    }

    fn put_count(&mut self, key: KeyIndex, count: u32, worlds: &mut [World]) {
        for world in worlds {
            world.content.counts.set(key, count);
            world.trail = self.past.then(world.trail, Event::Count(key, count));
        }
    }

    /// Joins a cluster: its worlds go together with these in every combination.
    fn join(&mut self, cluster: usize, worlds: &mut Vec<World>) -> Option<()> {
        let Some(other) = self.clusters.get_mut(cluster).and_then(Option::take) else {
            // It was joined already, or it was lost when the bound was reached.
            let is_here = !self.exceeded || self.joined.contains(&cluster);
            return is_here.then_some(());
        };
        self.joined.push(cluster);
        let count = worlds.len().saturating_mul(other.worlds.len());
        if other.exceeded || count > self.bound.worlds {
            return None;
        }
        let facts = cost(worlds).saturating_mul(other.worlds.len());
        let others = cost(&other.worlds).saturating_mul(worlds.len());
        self.spend(facts.saturating_add(others))?;
        if let [world] = &worlds[..] {
            let put_in = |mut other: World| {
                other.content.extend(&world.content);
                World {
                    is_clean: world.is_clean && other.is_clean,
                    trail: self.past.then(world.trail, Event::Joined(other.trail)),
                    ..other
                }
            };
            *worlds = other.worlds.into_iter().map(put_in).collect();
            return Some(());
        }
        let mut joined = Vec::with_capacity(count);
        for world in worlds.iter() {
            for other in &other.worlds {
                let mut content = world.content.clone();
                content.extend(&other.content);
                joined.push(World {
                    content,
                    is_clean: world.is_clean && other.is_clean,
                    trail: self.past.then(world.trail, Event::Joined(other.trail)),
                });
            }
        }
        *worlds = joined;
        Some(())
    }

    /// The key on which a name stands, by the account.
    pub(super) fn stands_on_in_account(&mut self, name: NameIndex) -> Option<KeyIndex> {
        let entry = self.name_entry(name)?;
        let place = entry.place;
        let operation = self.tasks.get(entry.step)?.operation()?;
        let name = operation.alias_name()?;
        let key_id = self
            .accounts
            .get(place)?
            .knowledge
            .stands_on(name.as_str())?;
        Some(self.ledger.as_mut()?.key(place, key_id))
    }

    /// The ways in which a key can be, by the account.
    pub(super) fn set_in_account(&mut self, key: KeyIndex) -> SetIndex {
        // What no step changes is in the account as it was when it was first asked about.
        let unchanged = self.key_entry(key).filter(|entry| !entry.changes);
        if let Some(first) = unchanged.and_then(|entry| entry.first) {
            return first;
        }
        let mut ways = self.ways_in_account(key);
        self.retain_besides(key, &mut ways);
        let set = self.sets.index(ways);
        if let Some(entry) = self.key_entry_mut(key) {
            entry.first = entry.first.or(Some(set));
        }
        set
    }

    /// Whether a later step is on an alias of a key that is not followed in these worlds.
    pub(super) fn has_alias_to_come(&mut self, key: KeyIndex) -> bool {
        let now = self.now;
        let Some(entry) = self.key_entry_mut(key) else {
            return false;
        };
        if entry.last_alias > now {
            return true;
        }
        let (place, key_id) = (entry.place, entry.key_id);
        let known = entry.aliases_by_last.take();
        let mut names = known.unwrap_or_else(|| self.aliases_by_last(place, &key_id));
        while let Some((last, name)) = names.peek().copied()
            && last > now
            && !self.stands_in_account(name, &key_id)
        {
            names.pop();
        }
        let is_to_come = names.peek().is_some_and(|(last, _)| *last > now);
        if let Some(entry) = self.key_entry_mut(key) {
            entry.aliases_by_last = Some(names);
        }
        is_to_come
    }

    /// The names of [`Self::names_in_account`], by the last step that mentions each.
    fn aliases_by_last(&self, place: usize, key_id: &KeyId) -> BinaryHeap<(usize, NameIndex)> {
        let names = self.names_in_account(place, key_id).into_iter();
        let by_last = names.filter_map(|name| Some((self.name_entry(name)?.last, name)));
        by_last.collect()
    }

    /// Whether a name is not followed apart, and names a key by the account.
    fn stands_in_account(&self, name: NameIndex, key_id: &KeyId) -> bool {
        let entry = self.name_entry(name);
        let entry = entry.filter(|entry| entry.home == Home::Account);
        let on = entry.and_then(|entry| {
            let name = self.tasks.get(entry.step)?.operation()?.alias_name()?;
            let account = self.accounts.get(entry.place)?;
            account.knowledge.stands_on(name.as_str())
        });
        on.as_ref() == Some(key_id)
    }

    /// Of the ways in which a key can be, keeps those in which it is what unknown ones are known to be.
    ///
    /// One that is described was held against that before the run, and may have changed since.
    fn retain_besides(&self, key: KeyIndex, ways: &mut Vec<Way>) {
        let entry = self.key_entry(key);
        let is_described = entry.is_some_and(|entry| {
            let account = self.accounts.get(entry.place);
            account.is_some_and(|account| {
                let is_certain = !account.overdue.contains(&entry.key_id);
                let table = account.knowledge.table();
                account.deleted.contains(&entry.key_id)
                    || (is_certain && table.is_described(&entry.key_id))
            })
        });
        if is_described || self.is_replica(key) {
            return;
        }
        let known = entry.and_then(|entry| self.besides.get(&(entry.place, entry.key_id)));
        for facts in known.into_iter().flatten() {
            ways.retain(|way| match self.closed.kinds.get(way.before) {
                Some(kind) => agrees(kind, facts),
                None => !facts.exists,
            });
        }
    }

    fn ways_in_account(&mut self, key: KeyIndex) -> Vec<Way> {
        let Some((place, key_id)) = self.key_entry(key).map(|key| (key.place, key.key_id)) else {
            return Vec::new();
        };
        if let Some(stand_in) = self.stand_ins.get(&(place, key_id)) {
            if stand_in.is_absent {
                return vec![Way::unchanged(NO_KEY)];
            }
            let (facts, is_made) = (stand_in.facts, stand_in.is_made);
            let kinds = if is_made {
                self.closed
                    .kinds
                    .possible_when_made(&facts, stand_in.is_state_open)
            } else {
                self.closed.kinds.possible(&facts)
            };
            let absent = is_made && self.made_in_between.contains(&(place, key_id));
            let mut ways: Vec<Way> = kinds.into_iter().map(Way::unchanged).collect();
            if absent {
                ways.iter_mut().for_each(|way| way.now = NO_KEY);
            }
            if !stand_in.depends_on.is_empty() || (!is_made && !facts.exists) {
                ways.push(Way::unchanged(NO_KEY));
            }
            return ways;
        }
        let Some(account) = self.accounts.get(place) else {
            return Vec::new();
        };
        if let Some(key) = account.knowledge.table().key(key_id) {
            let kind = self.closed.kinds.index(Kind::of(key));
            let gone = self.is_overdue(place, &key_id).then_some(NO_KEY);
            return [kind].into_iter().chain(gone).map(Way::unchanged).collect();
        }
        if account.deleted.contains(&key_id) || !account.knowledge.may_exist(&key_id) {
            return vec![Way::unchanged(NO_KEY)];
        }
        let mut facts = account.knowledge.facts_of(&key_id);
        facts.multi_region = Some(key_id.is_multi_region());
        let kinds = self.closed.kinds.possible(&facts);
        let mut ways: Vec<Way> = kinds.into_iter().map(Way::unchanged).collect();
        if !facts.exists {
            ways.push(Way::unchanged(NO_KEY));
        }
        ways
    }

    /// How many aliases a key has, by the account; AWS's own do not count (rule A8).
    pub(super) fn count_in_account(&self, key: KeyIndex) -> u32 {
        let Some(entry) = self.key_entry(key) else {
            return 0;
        };
        let account = self.accounts.get(entry.place);
        account.map_or(0, |account| {
            account.knowledge.table().count_in_quota(entry.key_id)
        })
    }

    /// Whether the steps of the run could fill a key's quota of aliases (rule T6): otherwise how
    /// many it has decides nothing.
    pub(super) fn quota_matters(&mut self, key: KeyIndex) -> bool {
        let Some(entry) = self.key_entry(key) else {
            return false;
        };
        if let Some(known) = entry.quota_matters {
            return known;
        }
        if entry.targeted == 0 {
            return false;
        }
        let (place, targeted) = (entry.place, entry.targeted);
        let is_open = self.open_quota(key).is_some();
        let quota = self
            .accounts
            .get(place)
            .map_or(0, |account| account.settings.quota);
        let stand = self.count_in_account(key);
        let most = stand.saturating_add(targeted);
        // No more aliases can ever name the key than there are names for it. A request for a
        // name that stands there already meets a full key only if all of them fill it.
        let fills = || stand >= quota || stand.saturating_add(self.new_names_of(key)) >= quota;
        let matters = is_open || (most > quota && fills());
        if let Some(entry) = self.key_entry_mut(key) {
            entry.quota_matters = Some(matters);
        }
        matters
    }
}

impl Engine<'_, '_> {
    /// How many names steps would put on a key that do not name it by the account.
    fn new_names_of(&self, key: KeyIndex) -> u32 {
        let (Some(entry), Some(ledger)) = (self.key_entry(key), &self.ledger) else {
            return 0;
        };
        let account = self.accounts.get(entry.place);
        let stands_not = |name: &&NameIndex| {
            let step = ledger.name_entry(**name).map(|name| name.step);
            let operation = step.and_then(|step| self.tasks.get(step)?.operation());
            let name = operation.and_then(Operation::alias_name);
            let on = name.and_then(|name| account?.knowledge.stands_on(name.as_str()));
            on != Some(entry.key_id)
        };
        let new = ledger.names_for(key).iter().filter(stands_not).count();
        u32::try_from(new).unwrap_or(u32::MAX)
    }
}

/// What it costs to put a fact into worlds.
fn cost(worlds: &[World]) -> usize {
    let facts = worlds.first().map_or(0, |world| world.content.len());
    worlds
        .len()
        .saturating_mul(facts.div_euclid(4).saturating_add(1))
}

/// The keys on which a name stands in some world.
fn keys_of_name(name: NameIndex, worlds: &[World]) -> Vec<KeyIndex> {
    let stands = worlds
        .iter()
        .filter_map(|world| world.content.names.get(name)?);
    let mut keys: Vec<_> = stands.collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}
