//! Aliases that no list tells of, where the list of an account is not complete.

use core::ops::RangeInclusive;

use kms_alias::{KeyId, Operation};

use super::engine::Engine;
use super::facts::KeyFacts;
use super::knowledge::AliasList;
use super::stand_in_name::STAND_IN_NAME;
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
            && !text.as_str().contains(STAND_IN_NAME)
    }

    /// The quota of a key that may have more aliases than a list tells.
    pub(super) fn open_quota(&self, key: KeyIndex) -> Option<u32> {
        let entry = self.key_entry(key)?;
        let account = self.accounts.get(entry.place)?;
        let stand_in = self.stand_ins.get(&(entry.place, entry.key_id));
        let is_made = stand_in.is_some_and(|stand_in| stand_in.is_made);
        let open = account.knowledge.alias_list == AliasList::Incomplete && !is_made;
        open.then_some(account.settings.quota)
    }

    /// A name that is free in half of the worlds, and in the others stands on some key of a
    /// customer.
    pub(super) fn put_open_name(&mut self, name: NameIndex, worlds: &mut Vec<World>) -> Option<()> {
        let key = self.some_key(name)?;
        let set = self.set_in_account(key);
        let mut taken = worlds.clone();
        self.put_name(name, None, worlds);
        self.put_name(name, Some(key), &mut taken);
        self.put_key(key, set, &mut taken);
        worlds.extend(taken);
        (worlds.len() <= self.bound.worlds).then_some(())
    }

    /// A key that may have any number of aliases, up to its quota.
    pub(super) fn put_open_count(
        &mut self,
        key: KeyIndex,
        counts: RangeInclusive<u32>,
        worlds: &mut Vec<World>,
    ) -> Option<()> {
        let mut all = Vec::new();
        for count in counts {
            for world in worlds.iter() {
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
            is_elsewhere: false,
        });
        Some(self.ledger.as_mut()?.key(place, key_id))
    }
}
