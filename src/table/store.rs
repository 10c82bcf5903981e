//! The indexes, kept in step; no documented rule lives here.
//!
//! Keys and aliases live in slots, found by hash. Each key has the list of its aliases, and each
//! alias knows its place in that list, so that an alias moves between keys without a search. The
//! order of names is apart.
#![expect(
    clippy::indexing_slicing,
    reason = "a slot is handed out by this store alone, and only while it is in use"
)]

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::order::Order;
use crate::identifier::KeyId;
use crate::key::{KeyMetadata, Timestamp};
use crate::operation::AliasListEntry;

/// Where a key lives in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeySlot(u32);

/// Where an alias lives in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AliasSlot(u32);

/// A key, and what stands on it.
#[derive(Clone, Debug)]
pub(super) struct KeyRecord {
    key_id: KeyId,
    /// None for a key that only an AWS alias knows of.
    metadata: Option<KeyMetadata>,
    aliases: Vec<AliasSlot>,
    /// How many of them are AWS's own, which count against no quota.
    aws_aliases: u32,
}

/// An alias.
#[derive(Clone, Debug)]
pub(super) struct AliasRecord {
    pub(super) name: Box<str>,
    pub(super) target: Option<KeySlot>,
    /// Its place in its key's list.
    place: u32,
    is_aws: bool,
    pub(super) creation_date: Option<Timestamp>,
    pub(super) last_updated_date: Option<Timestamp>,
}

/// An alias that is to stand.
#[derive(Clone, Copy)]
pub(super) struct NewAlias<'a> {
    pub(super) name: &'a str,
    pub(super) is_aws: bool,
    pub(super) target: Option<KeySlot>,
    pub(super) creation_date: Option<Timestamp>,
    pub(super) last_updated_date: Option<Timestamp>,
}

impl<'a> NewAlias<'a> {
    /// The alias of an entry, on the slot of its target.
    pub(super) fn of(entry: &'a AliasListEntry, target: Option<KeySlot>) -> Self {
        Self {
            name: entry.alias_name.as_str(),
            is_aws: entry.alias_name.is_aws(),
            target,
            creation_date: entry.creation_date,
            last_updated_date: entry.last_updated_date,
        }
    }
}

/// Slots that can be given back and are used again.
#[derive(Clone, Debug)]
struct Slots<T> {
    all: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Slots<T> {
    /// The slot of a value; none once 2³² are in use, which memory does not hold.
    fn put(&mut self, value: T) -> Option<u32> {
        if let Some(slot) = self.free.pop() {
            self.all[slot as usize] = Some(value);
            return Some(slot);
        }
        let slot = u32::try_from(self.all.len()).ok()?;
        self.all.push(Some(value));
        Some(slot)
    }

    fn take(&mut self, slot: u32) -> Option<T> {
        let value = self.all[slot as usize].take();
        self.free.push(slot);
        value
    }

    #[expect(
        clippy::expect_used,
        reason = "a slot is handed out only while it is in use"
    )]
    fn get(&self, slot: u32) -> &T {
        self.all[slot as usize].as_ref().expect("a slot in use")
    }

    #[expect(
        clippy::expect_used,
        reason = "a slot is handed out only while it is in use"
    )]
    fn get_mut(&mut self, slot: u32) -> &mut T {
        self.all[slot as usize].as_mut().expect("a slot in use")
    }
}

/// Everything that stands in a table.
///
/// INVARIANT: each alias with a target is once in that key's list, at its place; the indexes and
/// the orders hold exactly the slots in use.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    hasher: DefaultHashBuilder,
    keys: Slots<KeyRecord>,
    key_index: HashTable<u32>,
    /// The keys with metadata.
    key_order: BTreeMap<KeyId, KeySlot>,
    aliases: Slots<AliasRecord>,
    alias_index: HashTable<u32>,
    alias_order: Order,
}

impl Store {
    pub(super) fn alias_count(&self) -> usize {
        self.alias_index.len()
    }

    pub(super) fn key_count(&self) -> usize {
        self.key_order.len()
    }

    pub(super) fn find_alias(&self, name: &str) -> Option<AliasSlot> {
        let hash = self.hasher.hash_one(name);
        self.alias_index
            .find(hash, |slot| *self.aliases.get(*slot).name == *name)
            .copied()
            .map(AliasSlot)
    }

    /// The slot of a key ID that the table knows, with metadata or without.
    fn find_key_id(&self, key_id: KeyId) -> Option<KeySlot> {
        let hash = self.hasher.hash_one(key_id);
        self.key_index
            .find(hash, |slot| self.keys.get(*slot).key_id == key_id)
            .copied()
            .map(KeySlot)
    }

    /// Whether a key ID is known at all: of a key, or of an AWS alias that names it.
    pub(super) fn knows_key_id(&self, key_id: KeyId) -> bool {
        self.find_key_id(key_id).is_some()
    }

    /// The slot of a key with metadata.
    pub(super) fn find_key(&self, key_id: KeyId) -> Option<KeySlot> {
        self.find_key_id(key_id)
            .filter(|slot| self.key(*slot).is_some())
    }

    pub(super) fn key(&self, slot: KeySlot) -> Option<&KeyMetadata> {
        self.keys.get(slot.0).metadata.as_ref()
    }

    pub(super) fn key_id(&self, slot: KeySlot) -> KeyId {
        self.keys.get(slot.0).key_id
    }

    pub(super) fn alias(&self, slot: AliasSlot) -> &AliasRecord {
        self.aliases.get(slot.0)
    }

    /// The aliases of a key, in no order.
    pub(super) fn aliases_of(&self, slot: KeySlot) -> &[AliasSlot] {
        &self.keys.get(slot.0).aliases
    }

    /// How many aliases of a key count against its quota.
    pub(super) fn counted_aliases(&self, slot: KeySlot) -> u32 {
        let record = self.keys.get(slot.0);
        u32::try_from(record.aliases.len())
            .unwrap_or(u32::MAX)
            .saturating_sub(record.aws_aliases)
    }

    /// The aliases in the order of their names.
    pub(super) fn aliases(&self) -> impl Iterator<Item = AliasSlot> + '_ {
        self.alias_order.iter().map(AliasSlot)
    }

    /// The aliases whose names come after one, in the order of their names.
    pub(super) fn aliases_after(&self, name: &str) -> impl Iterator<Item = AliasSlot> + '_ {
        self.alias_order
            .iter_above(|slot| (*self.aliases.get(slot).name).cmp(name))
            .map(AliasSlot)
    }

    /// The keys in the order of their IDs.
    pub(super) fn keys(&self) -> impl Iterator<Item = KeySlot> + '_ {
        self.key_order.values().copied()
    }

    /// The keys whose IDs come after one, in the order of their IDs.
    pub(super) fn keys_after(&self, key_id: KeyId) -> impl Iterator<Item = KeySlot> + '_ {
        use core::ops::Bound::{Excluded, Unbounded};
        self.key_order
            .range((Excluded(key_id), Unbounded))
            .map(|(_, slot)| *slot)
    }

    /// The slot of a key ID, made if it is not there.
    pub(super) fn key_slot(&mut self, key_id: KeyId) -> Option<KeySlot> {
        if let Some(slot) = self.find_key_id(key_id) {
            return Some(slot);
        }
        let record = KeyRecord {
            key_id,
            metadata: None,
            aliases: Vec::new(),
            aws_aliases: 0,
        };
        let slot = self.keys.put(record)?;
        let Self {
            hasher,
            keys,
            key_index,
            ..
        } = self;
        let hash = hasher.hash_one(key_id);
        key_index.insert_unique(hash, slot, |slot| hasher.hash_one(keys.get(*slot).key_id));
        Some(KeySlot(slot))
    }

    /// Puts a key into the store, or new metadata in the place of its old.
    pub(super) fn put_key(&mut self, key: KeyMetadata) {
        let key_id = key.key_id();
        let Some(slot) = self.key_slot(key_id) else {
            return;
        };
        self.keys.get_mut(slot.0).metadata = Some(key);
        self.key_order.insert(key_id, slot);
    }

    /// Takes a key's metadata out; its slot too, unless aliases stand on it.
    pub(super) fn remove_key(&mut self, slot: KeySlot) {
        let key_id = self.key_id(slot);
        self.key_order.remove(&key_id);
        self.keys.get_mut(slot.0).metadata = None;
        self.drop_key_slot_if_idle(slot);
    }

    fn drop_key_slot_if_idle(&mut self, slot: KeySlot) {
        let record = self.keys.get(slot.0);
        if record.metadata.is_some() || !record.aliases.is_empty() {
            return;
        }
        let hash = self.hasher.hash_one(record.key_id);
        if let Ok(entry) = self.key_index.find_entry(hash, |other| *other == slot.0) {
            entry.remove();
        }
        self.keys.take(slot.0);
    }

    /// Puts an alias into the store but not yet in the order: see [`Store::sort`].
    pub(super) fn append_alias(&mut self, alias: &NewAlias<'_>) -> Option<AliasSlot> {
        let NewAlias {
            name,
            is_aws,
            target,
            creation_date,
            last_updated_date,
        } = *alias;
        let name = name.into();
        let record = AliasRecord {
            name,
            target,
            place: 0,
            is_aws,
            creation_date,
            last_updated_date,
        };
        let slot = AliasSlot(self.aliases.put(record)?);
        let Self {
            hasher,
            aliases,
            alias_index,
            ..
        } = self;
        let hash = hasher.hash_one(alias.name);
        alias_index.insert_unique(hash, slot.0, |slot| {
            hasher.hash_one(&*aliases.get(*slot).name)
        });
        if let Some(key) = target {
            self.attach(slot, key);
        }
        Some(slot)
    }

    /// Makes the order of names anew.
    pub(super) fn sort(&mut self) {
        let mut slots: Vec<u32> = self.alias_index.iter().copied().collect();
        slots.sort_unstable_by_key(|slot| &*self.aliases.get(*slot).name);
        self.alias_order = Order::from_sorted(&slots);
    }

    /// Puts an alias into the store and in order.
    pub(super) fn insert_alias(&mut self, alias: &NewAlias<'_>) {
        let slot = self.append_alias(alias);
        let Self {
            aliases,
            alias_order,
            ..
        } = self;
        if let Some(slot) = slot {
            alias_order.insert(slot.0, |other| (*aliases.get(other).name).cmp(alias.name));
        }
    }

    /// Takes an alias out of the store.
    pub(super) fn remove_alias(&mut self, slot: AliasSlot) {
        if let Some(key) = self.alias(slot).target {
            self.detach(slot, key);
            self.drop_key_slot_if_idle(key);
        }
        let Self {
            hasher,
            aliases,
            alias_index,
            alias_order,
            ..
        } = self;
        let name = &*aliases.get(slot.0).name;
        alias_order.remove(|other| (*aliases.get(other).name).cmp(name));
        if let Ok(entry) = alias_index.find_entry(hasher.hash_one(name), |other| *other == slot.0) {
            entry.remove();
        }
        aliases.take(slot.0);
    }

    /// Moves an alias to a key and sets the date of its last update.
    pub(super) fn move_alias(&mut self, slot: AliasSlot, to: KeySlot, updated: Option<Timestamp>) {
        let from = self.alias(slot).target;
        if from != Some(to) {
            if let Some(from) = from {
                self.detach(slot, from);
            }
            self.attach(slot, to);
        }
        let record = self.aliases.get_mut(slot.0);
        record.target = Some(to);
        record.last_updated_date = updated;
    }

    fn attach(&mut self, slot: AliasSlot, key: KeySlot) {
        let record = self.keys.get_mut(key.0);
        let alias = self.aliases.get_mut(slot.0);
        alias.place = u32::try_from(record.aliases.len()).unwrap_or(u32::MAX);
        record.aws_aliases = record.aws_aliases.saturating_add(u32::from(alias.is_aws));
        record.aliases.push(slot);
    }

    fn detach(&mut self, slot: AliasSlot, key: KeySlot) {
        let Self { keys, aliases, .. } = self;
        let alias = aliases.get(slot.0);
        let (place, is_aws) = (alias.place, alias.is_aws);
        let record = keys.get_mut(key.0);
        record.aliases.swap_remove(place as usize);
        record.aws_aliases = record.aws_aliases.saturating_sub(u32::from(is_aws));
        if let Some(moved) = record.aliases.get(place as usize) {
            aliases.get_mut(moved.0).place = place;
        }
    }
}
