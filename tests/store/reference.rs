//! The same store in plain `BTreeMap`s: slow, and simple enough to be seen to be right.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, btree_map};
use alloc::vec::Vec;
use core::ops::Bound::{Excluded, Unbounded};

use super::{AliasRecord, AliasSlot, AliasStore, KeySlot, MOST_ALIASES, NewAlias};
use crate::identifier::KeyId;
use crate::key::{KeyMetadata, KeyTraits, Timestamp};

#[derive(Clone, Debug)]
pub(crate) struct ReferenceRecord {
    name: Box<str>,
    key: Option<u32>,
    creation_date: Option<Timestamp>,
    last_updated_date: Option<Timestamp>,
}

impl AliasRecord for ReferenceRecord {
    fn name(&self) -> &str {
        &self.name
    }

    fn key(&self) -> Option<KeySlot> {
        self.key.map(KeySlot)
    }

    fn creation_date(&self) -> Option<Timestamp> {
        self.creation_date
    }

    fn last_updated_date(&self) -> Option<Timestamp> {
        self.last_updated_date
    }
}

/// Slots are numbers that are used once.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReferenceStore {
    aliases: BTreeMap<u32, ReferenceRecord>,
    by_name: BTreeMap<Box<str>, u32>,
    on_key: BTreeMap<(u32, Box<str>), u32>,
    keys: BTreeMap<u32, (KeyId, Option<KeyMetadata>)>,
    by_key_id: BTreeMap<KeyId, u32>,
    next: u32,
}

/// The slots of aliases in the order of their names.
#[derive(Clone, Debug)]
pub(crate) struct ReferenceSlots<'a>(btree_map::Values<'a, Box<str>, u32>);

impl Iterator for ReferenceSlots<'_> {
    type Item = AliasSlot;

    fn next(&mut self) -> Option<AliasSlot> {
        self.0.next().copied().map(AliasSlot)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for ReferenceSlots<'_> {}

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "the caller hands in slots in use, and a test uses few"
)]
impl AliasStore for ReferenceStore {
    type Record = ReferenceRecord;
    type Slots<'a> = ReferenceSlots<'a>;

    fn alias_count(&self) -> usize {
        self.aliases.len()
    }

    fn room(&self) -> usize {
        MOST_ALIASES - self.aliases.len()
    }

    fn find_alias(&self, name: &[u8]) -> Option<(AliasSlot, &ReferenceRecord)> {
        let slot = self.by_name.get(core::str::from_utf8(name).ok()?)?;
        Some((AliasSlot(*slot), &self.aliases[slot]))
    }

    fn alias(&self, slot: AliasSlot) -> &ReferenceRecord {
        &self.aliases[&slot.0]
    }

    fn aliases(&self) -> ReferenceSlots<'_> {
        ReferenceSlots(self.by_name.values())
    }

    fn aliases_after(&self, text: &str, count: usize) -> Vec<AliasSlot> {
        let above = self.by_name.range::<str, _>((Excluded(text), Unbounded));
        above
            .take(count)
            .map(|(_, slot)| AliasSlot(*slot))
            .collect()
    }

    fn insert_alias(&mut self, alias: &NewAlias<'_>) {
        let (slot, name) = (self.next, Box::<str>::from(alias.name));
        self.next += 1;
        assert_eq!(self.by_name.insert(name.clone(), slot), None);
        let record = ReferenceRecord {
            name: name.clone(),
            key: alias.key.map(|key| key.0),
            creation_date: alias.creation_date,
            last_updated_date: alias.last_updated_date,
        };
        if let Some(key) = record.key {
            assert!(self.keys.contains_key(&key));
            self.on_key.insert((key, name), slot);
        }
        self.aliases.insert(slot, record);
    }

    fn move_alias(&mut self, slot: AliasSlot, to: KeySlot, updated: Option<Timestamp>) {
        assert!(self.keys.contains_key(&to.0));
        if let Some(record) = self.aliases.get_mut(&slot.0) {
            if let Some(from) = record.key {
                self.on_key.remove(&(from, record.name.clone()));
            }
            self.on_key.insert((to.0, record.name.clone()), slot.0);
            record.key = Some(to.0);
            record.last_updated_date = updated;
        }
    }

    fn remove_alias(&mut self, slot: AliasSlot) {
        if let Some(record) = self.aliases.remove(&slot.0) {
            self.by_name.remove(&record.name);
            if let Some(key) = record.key {
                self.on_key.remove(&(key, record.name));
            }
        }
    }

    fn begin_load(&mut self, _: usize) {}

    fn load(&mut self, aliases: &[NewAlias<'_>]) -> usize {
        let mut loaded = 0;
        for alias in aliases {
            if self.find_alias(alias.name.as_bytes()).is_some() {
                break;
            }
            self.insert_alias(alias);
            loaded += 1;
        }
        loaded
    }

    fn end_load(&mut self) {}

    fn described_count(&self) -> usize {
        self.keys.values().filter(|(_, key)| key.is_some()).count()
    }

    fn find_key(&self, key_id: KeyId) -> Option<KeySlot> {
        self.by_key_id.get(&key_id).copied().map(KeySlot)
    }

    fn key_id(&self, slot: KeySlot) -> KeyId {
        self.keys[&slot.0].0
    }

    fn traits(&self, slot: KeySlot) -> Option<KeyTraits> {
        self.metadata(slot).map(KeyMetadata::traits)
    }

    fn metadata(&self, slot: KeySlot) -> Option<&KeyMetadata> {
        self.keys[&slot.0].1.as_ref()
    }

    fn keys_after(&self, key_id: Option<KeyId>) -> impl Iterator<Item = KeySlot> {
        let above = key_id.map_or(Unbounded, Excluded);
        let keys = self.by_key_id.range((above, Unbounded));
        keys.map(|(_, slot)| KeySlot(*slot))
    }

    fn insert_key(&mut self, key_id: KeyId) -> KeySlot {
        let slot = self.next;
        self.next += 1;
        assert_eq!(self.by_key_id.insert(key_id, slot), None);
        self.keys.insert(slot, (key_id, None));
        KeySlot(slot)
    }

    fn describe_key(&mut self, slot: KeySlot, key: Option<KeyMetadata>) {
        let key_id = self.key_id(slot);
        self.keys.insert(slot.0, (key_id, key));
    }

    fn remove_key(&mut self, slot: KeySlot) {
        assert_eq!(self.count_on_key(slot), 0);
        if let Some((key_id, _)) = self.keys.remove(&slot.0) {
            self.by_key_id.remove(&key_id);
        }
    }

    fn count_on_key(&self, slot: KeySlot) -> usize {
        self.aliases_on_key(slot, "", usize::MAX).len()
    }

    fn aliases_on_key(&self, slot: KeySlot, text: &str, count: usize) -> Vec<AliasSlot> {
        let from = (Excluded((slot.0, Box::from(text))), Unbounded);
        let above = self.on_key.range(from);
        let of_key = above.take_while(|((key, _), _)| *key == slot.0);
        of_key
            .take(count)
            .map(|(_, slot)| AliasSlot(*slot))
            .collect()
    }
}
