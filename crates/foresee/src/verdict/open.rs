//! Aliases that no list tells of, where the list of an account is not complete.

use kms_alias::{KeyId, Operation};

use super::engine::Engine;
use super::facts::KeyFacts;
use super::knowledge::AliasList;
use super::task::StandIn;
use super::world::{Event, KeyIndex, NameIndex, World};

/// What the IDs of keys begin with on which an alias may stand that no list tells of.
const SOME_KEY: [u8; 4] = [0x50, 0x3e, 0xd1, 0x00];

impl Engine<'_, '_> {
    /// Whether a name may be taken, though no list tells of it.
    pub(super) fn is_open(&self, name: NameIndex) -> bool {
        let Some(entry) = self.name_entry(name) else {
            return false;
        };
        let operation = self.tasks.get(entry.step).and_then(|task| task.operation());
        let text = operation.and_then(Operation::alias_name);
        let (Some(account), Some(text)) = (self.accounts.get(entry.place), text) else {
            return false;
        };
        account.knowledge.alias_list == AliasList::Incomplete
            && account.knowledge.stands_on(text.as_str()).is_none()
            && !account.freed.contains(text.as_str())
            && !self
                .unique
                .contains(&(entry.place, Box::from(text.as_str())))
    }

    /// The quota of a key that may have more aliases than a list tells.
    pub(super) fn open_quota(&self, key: KeyIndex) -> Option<u32> {
        let entry = self.key_entry(key)?;
        let account = self.accounts.get(entry.place)?;
        let stand_in = self.stand_ins.get(&(entry.place, entry.key_id));
        let is_made = stand_in.is_some_and(|stand_in| stand_in.is_made) || self.is_fresh(key);
        let open = account.knowledge.alias_list == AliasList::Incomplete && !is_made;
        open.then_some(account.settings.quota)
    }

    /// A name that is free in some of the worlds, and in the others names some key of a
    /// customer, on a key to which a step would update it, which adds none to it (rule U7), or on one
    /// that the steps fill: it is full no longer once the alias has left (rule T6).
    pub(super) fn put_open_name(&mut self, name: NameIndex, worlds: &mut Vec<World>) -> Option<()> {
        let key = self.some_key(name)?;
        let set = self.set_in_account(key);
        let mut taken = worlds.clone();
        self.put_name(name, Some(key), &mut taken);
        self.put_key(key, set, &mut taken);
        let mut keys = self.name_entry(name)?.updated_to.clone();
        keys.extend(self.filled_keys(name));
        for key in keys {
            if worlds.len().saturating_add(taken.len()) > self.bound.worlds {
                return None;
            }
            // Of a key that the run makes every alias is known.
            if self.open_quota(key).is_some() {
                let mut on_key = worlds.clone();
                self.put_name(name, Some(key), &mut on_key);
                taken.extend(on_key);
            }
        }
        self.put_name(name, None, worlds);
        worlds.extend(taken);
        (worlds.len() <= self.bound.worlds).then_some(())
    }

    /// The keys that are full for certain after some of the steps, if the alias of a name may leave
    /// one of them.
    fn filled_keys(&mut self, name: NameIndex) -> Vec<KeyIndex> {
        let entry = self.name_entry(name).filter(|entry| entry.leaves);
        let Some(place) = entry.map(|entry| entry.place) else {
            return Vec::new();
        };
        let mut keys = self.keys_that_can_fill(place);
        self.note_work(keys.len());
        keys.retain(|key| {
            let targeted = self.key_entry(*key).map_or(0, |entry| entry.targeted);
            let most = self.count_in_account(*key).saturating_add(targeted);
            self.open_quota(*key).is_some_and(|quota| most > quota)
        });
        keys
    }

    /// The keys of a place that steps can fill, whatever was done of them already: each step counts
    /// twice, as one that was done is in the account too. They are looked for once.
    fn keys_that_can_fill(&mut self, place: usize) -> Vec<KeyIndex> {
        let Some(ledger) = &self.ledger else {
            return Vec::new();
        };
        if let Some(known) = ledger.can_fill.get(&place) {
            return known.clone();
        }
        let can_fill = |key: &KeyIndex| {
            let targeted = self.key_entry(*key).map_or(0, |entry| entry.targeted);
            let most = targeted.saturating_mul(2);
            let most = most.saturating_add(self.count_in_account(*key));
            targeted > 0 && self.open_quota(*key).is_some_and(|quota| most > quota)
        };
        let keys: Vec<_> = ledger.keys_of(place).filter(can_fill).collect();
        self.note_work(self.ledger.as_ref().map_or(0, |ledger| ledger.keys.len()));
        if let Some(ledger) = &mut self.ledger {
            ledger.can_fill.insert(place, keys.clone());
        }
        keys
    }

    /// A key that may have any number of aliases from those that are listed up to its quota; those
    /// that name it in a world though no list tells of them come on top.
    pub(super) fn put_open_count(
        &mut self,
        key: KeyIndex,
        quota: u32,
        worlds: &mut Vec<World>,
    ) -> Option<()> {
        let listed = self.count_in_account(key);
        // With fewer aliases no step can meet a full key: one number stands for all of these.
        let targeted = self.key_entry(key).map_or(0, |entry| entry.targeted);
        let has_room = quota.saturating_sub(targeted);
        let mut all = Vec::new();
        for world in worlds.iter() {
            let names = world.content.names.iter();
            let unlisted = names.filter(|(name, on)| *on == Some(key) && self.is_open(*name));
            let unlisted = u32::try_from(unlisted.count()).unwrap_or(u32::MAX);
            let least = listed.saturating_add(unlisted);
            for count in least.max(has_room)..=quota.max(least) {
                let mut world = world.clone();
                world.content.counts.set(key, count);
                world.trail = self.past.then(world.trail, Event::Count(key, count));
                all.push(world);
            }
            if all.len() > self.bound.worlds {
                return None;
            }
        }
        *worlds = all;
        Some(())
    }

    /// The key on which such an alias stands, if it stands.
    fn some_key(&mut self, name: NameIndex) -> Option<KeyIndex> {
        let entry = self.name_entry(name)?;
        let (place, step) = (entry.place, entry.step);
        let operation = self.tasks.get(step)?.operation()?;
        let text = operation.alias_name()?;
        let [a, b, c, d] = name.0.to_be_bytes();
        let [e, f, g, h] = SOME_KEY;
        let id = [e, f, g, h, e, f, g, h, e, f, g, h, a, b, c, d];
        let key_id = KeyId::new(id, false);
        let label = format!("key of {text}").into();
        self.stand_ins.entry((place, key_id)).or_insert(StandIn {
            label,
            facts: KeyFacts::customer_managed(),
            is_made: false,
            is_absent: false,
            depends_on: Vec::new(),
            is_state_open: false,
        });
        Some(self.ledger.as_mut()?.key(place, key_id))
    }
}
