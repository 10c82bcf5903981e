//! The indexes, kept in step; no documented rule lives here.
//!
//! Aliases are records in an arena, found by hash and kept in the order of their names; keys live
//! in slots, found by hash, and each has the list of its aliases. When gaps take more room than
//! records the arena is laid anew, and every index is told the new addresses.
#![expect(
    clippy::indexing_slicing,
    reason = "a slot is handed out by this store alone, and only while it is in use"
)]

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::hash::{BuildHasher, Hasher};

use hashbrown::DefaultHashBuilder;

use super::arena::Arena;
use super::index::Index;
use super::key_aliases::KeyAliases;
use super::order::Order;
use super::record::{Record, WhichDate};
use super::slots::Slots;
use crate::identifier::{KeyId, is_aws_alias_name};
use crate::key::{KeyMetadata, KeyTraits, Timestamp};
use crate::operation::AliasListEntry;

/// Where a key lives in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeySlot(u32);

/// Where an alias lives in the store, until one is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AliasSlot(u32);

/// What operations on aliases read of a key and change, in one cache line.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct KeyRecord {
    key_id: KeyId,
    /// None for a key that only an AWS alias knows of.
    traits: Option<KeyTraits>,
    aliases: KeyAliases,
    /// How many of them are AWS's own, which count against no quota.
    aws_aliases: u32,
}

/// An alias that is to stand.
#[derive(Clone, Copy)]
pub(super) struct NewAlias<'a> {
    pub(super) name: &'a str,
    pub(super) target: Option<KeySlot>,
    pub(super) creation_date: Option<Timestamp>,
    pub(super) last_updated_date: Option<Timestamp>,
}

impl<'a> NewAlias<'a> {
    /// The alias of an entry, on the slot of its target.
    pub(super) fn of(entry: &'a AliasListEntry, target: Option<KeySlot>) -> Self {
        Self {
            name: entry.alias_name.as_str(),
            target,
            creation_date: entry.creation_date,
            last_updated_date: entry.last_updated_date,
        }
    }
}

/// How many operations are looked at before the first of them is judged.
pub(super) const LOOK_AHEAD: usize = 32;

/// Everything that stands in a table.
///
/// INVARIANT: each alias with a target is once in that key's list; the indexes and the orders hold
/// exactly the addresses and slots in use.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    hasher: DefaultHashBuilder,
    keys: Slots<KeyRecord>,
    /// What is known of the key of each slot, if there are traits.
    metadata: Vec<Option<KeyMetadata>>,
    key_index: Index,
    /// The keys with metadata.
    key_order: BTreeMap<KeyId, KeySlot>,
    arena: Arena,
    alias_index: Index,
    alias_order: Order,
}

fn hash_name(hasher: &DefaultHashBuilder, name: &[u8]) -> u64 {
    let mut hasher = hasher.build_hasher();
    hasher.write(name);
    hasher.finish()
}

impl Store {
    pub(super) fn alias_count(&self) -> usize {
        self.alias_index.len()
    }

    pub(super) fn key_count(&self) -> usize {
        self.key_order.len()
    }

    #[inline(always)]
    pub(super) fn find_alias(&self, name: &[u8]) -> Option<(AliasSlot, Record<'_>)> {
        let hash = hash_name(&self.hasher, name);
        let mut found = None;
        let address = self.alias_index.find(hash, |address| {
            let record = self.arena.record(address);
            found = Some(record);
            record.name() == name
        })?;
        Some((AliasSlot(address), found?))
    }

    /// The record of an alias.
    #[inline]
    pub(super) fn record(&self, slot: AliasSlot) -> Record<'_> {
        self.arena.record(slot.0)
    }

    /// Asks for aliases that will be read soon, all at once.
    pub(super) fn look_ahead(&self, slots: &[AliasSlot]) {
        for slot in slots {
            self.arena.ahead(slot.0);
        }
    }

    /// Asks for what operations on these names and keys will read, all at once, step by step: where
    /// the indexes point, then the records, then their keys.
    pub(super) fn look_ahead_of<'a>(&self, operations: impl Iterator<Item = (&'a [u8], KeyId)>) {
        let mut hashes = [None; LOOK_AHEAD];
        for (hashes, (name, key_id)) in hashes.iter_mut().zip(operations) {
            *hashes = Some((hash_name(&self.hasher, name), self.hasher.hash_one(key_id)));
        }
        for (alias, key) in hashes.into_iter().flatten() {
            self.alias_index.ahead(alias);
            self.key_index.ahead(key);
        }
        // The first with the same bits of the hash is nearly always the one.
        let aliases = hashes.map(|hashes| self.alias_index.find(hashes?.0, |_| true));
        let targets = hashes.map(|hashes| self.key_index.find(hashes?.1, |_| true));
        for address in aliases.into_iter().flatten() {
            self.arena.ahead(address);
        }
        let sources = aliases.map(|address| self.arena.record(address?).key());
        let keys = sources.into_iter().chain(targets).flatten();
        for slot in keys.clone() {
            core::hint::black_box(self.keys.get(slot).traits);
        }
        for slot in keys {
            self.keys.get(slot).aliases.ahead();
        }
    }

    /// The slot of a key ID that the table knows, with metadata or without.
    #[inline(always)]
    fn find_key_id(&self, key_id: KeyId) -> Option<KeySlot> {
        let hash = self.hasher.hash_one(key_id);
        self.key_index
            .find(hash, |slot| self.keys.get(slot).key_id == key_id)
            .map(KeySlot)
    }

    /// Whether a key ID is known at all: of a key, or of an AWS alias that names it.
    pub(super) fn knows_key_id(&self, key_id: KeyId) -> bool {
        self.find_key_id(key_id).is_some()
    }

    /// The slot of a key with metadata, and what rules ask of it.
    #[inline(always)]
    pub(super) fn find_key(&self, key_id: KeyId) -> Option<(KeySlot, KeyTraits)> {
        let slot = self.find_key_id(key_id)?;
        Some((slot, self.traits(slot)?))
    }

    #[inline(always)]
    pub(super) fn traits(&self, slot: KeySlot) -> Option<KeyTraits> {
        self.keys.get(slot.0).traits
    }

    pub(super) fn key(&self, slot: KeySlot) -> Option<&KeyMetadata> {
        self.metadata.get(slot.0 as usize)?.as_ref()
    }

    #[inline(always)]
    pub(super) fn key_id(&self, slot: KeySlot) -> KeyId {
        self.keys.get(slot.0).key_id
    }

    /// The key that a record names.
    #[inline]
    pub(super) fn target(record: Record<'_>) -> Option<KeySlot> {
        record.key().map(KeySlot)
    }

    #[inline]
    pub(super) fn date(
        &self,
        slot: AliasSlot,
        record: Record<'_>,
        which: WhichDate,
    ) -> Option<Timestamp> {
        self.arena.date(slot.0, record, which)
    }

    /// The aliases of a key, in no order.
    pub(super) fn aliases_of(&self, slot: KeySlot) -> impl Iterator<Item = AliasSlot> + '_ {
        self.keys.get(slot.0).aliases.iter().map(AliasSlot)
    }

    /// How many aliases stand on a key, AWS's own included.
    pub(super) fn count_aliases(&self, slot: KeySlot) -> usize {
        self.keys.get(slot.0).aliases.len()
    }

    /// How many aliases of a key count against its quota: not AWS's own (rule A8).
    #[inline(always)]
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

    /// The aliases whose names come after a text, in the order of their names.
    pub(super) fn aliases_after(&self, text: &str) -> impl Iterator<Item = AliasSlot> + '_ {
        let blocks = self.alias_order.above(text.as_bytes(), &self.arena);
        blocks.flatten().copied().map(AliasSlot)
    }

    /// The first so many of these.
    pub(super) fn page_after(&self, text: &str, count: usize) -> Vec<AliasSlot> {
        let mut page = Vec::with_capacity(count);
        for block in self.alias_order.above(text.as_bytes(), &self.arena) {
            let room = count.saturating_sub(page.len());
            page.extend(block.iter().take(room).copied().map(AliasSlot));
            if page.len() >= count {
                break;
            }
        }
        page
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
            traits: None,
            aliases: KeyAliases::default(),
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
        key_index.insert(hash, slot, |slot| hasher.hash_one(keys.get(slot).key_id));
        Some(KeySlot(slot))
    }

    /// Puts a key into the store, or new metadata in the place of its old.
    pub(super) fn put_key(&mut self, key: KeyMetadata) {
        let key_id = key.key_id();
        let Some(slot) = self.key_slot(key_id) else {
            return;
        };
        self.keys.get_mut(slot.0).traits = Some(key.traits());
        let place = slot.0 as usize;
        if self.metadata.len() <= place {
            self.metadata.resize(place.saturating_add(1), None);
        }
        self.metadata[place] = Some(key);
        self.key_order.insert(key_id, slot);
    }

    /// Takes a key's metadata out; its slot too, unless aliases stand on it.
    pub(super) fn remove_key(&mut self, slot: KeySlot) {
        let key_id = self.key_id(slot);
        self.key_order.remove(&key_id);
        self.keys.get_mut(slot.0).traits = None;
        self.metadata[slot.0 as usize] = None;
        self.drop_key_slot_if_idle(slot);
    }

    fn drop_key_slot_if_idle(&mut self, slot: KeySlot) {
        let record = self.keys.get(slot.0);
        if record.traits.is_some() || record.aliases.len() > 0 {
            return;
        }
        let hash = self.hasher.hash_one(record.key_id);
        self.key_index.remove(hash, slot.0);
        self.keys.take(slot.0);
    }

    /// Whether an alias of a name can stand beside all others (rule Q).
    pub(super) fn has_room(&self, name: &[u8]) -> bool {
        self.arena.has_room(name)
    }

    /// Makes room for so many aliases more.
    pub(super) fn reserve_aliases(&mut self, count: usize) {
        let hash = |address| hash_name(&self.hasher, self.arena.name(address));
        self.alias_index.reserve(count, hash);
    }

    /// Puts an alias into the store but not yet in the order: see [`Store::sort`].
    pub(super) fn append_alias(&mut self, alias: &NewAlias<'_>) -> Option<AliasSlot> {
        let Self {
            hasher,
            arena,
            alias_index,
            ..
        } = self;
        let name = alias.name.as_bytes();
        let address = arena.put(name, alias.target.map(|key| key.0))?;
        arena.set_date(address, WhichDate::Created, alias.creation_date);
        arena.set_date(address, WhichDate::Updated, alias.last_updated_date);
        alias_index.insert(hash_name(hasher, name), address, |address| {
            hash_name(hasher, arena.name(address))
        });
        let slot = AliasSlot(address);
        if let Some(key) = alias.target {
            self.attach(slot, key, is_aws_alias_name(name));
        }
        Some(slot)
    }

    /// Makes the order of names anew.
    pub(super) fn sort(&mut self) {
        let mut addresses: Vec<u32> = self.alias_index.iter().collect();
        // In the order of their coming, in which they may be sorted already.
        addresses.sort_unstable();
        self.alias_order = Order::of(addresses, &self.arena);
    }

    /// Puts an alias into the store, which has room for it, and in order.
    pub(super) fn insert_alias(&mut self, alias: &NewAlias<'_>) {
        let slot = self.append_alias(alias).or_else(|| {
            // There is room, but in gaps that are too small.
            self.compact();
            self.append_alias(alias)
        });
        if let Some(slot) = slot {
            self.alias_order
                .insert(slot.0, alias.name.as_bytes(), &self.arena);
        }
    }

    /// Takes an alias out of the store.
    pub(super) fn remove_alias(&mut self, slot: AliasSlot) {
        let record = self.arena.record(slot.0);
        let (key, is_aws) = (Self::target(record), is_aws_alias_name(record.name()));
        if let Some(key) = key {
            self.detach(slot, key, is_aws);
            self.drop_key_slot_if_idle(key);
        }
        let name = self.arena.name(slot.0);
        self.alias_order.remove(slot.0, name, &self.arena);
        let hash = hash_name(&self.hasher, name);
        self.alias_index.remove(hash, slot.0);
        self.arena.take(slot.0);
        if self.arena.is_sparse() {
            self.compact();
        }
    }

    /// Closes the gaps: a table that creates and deletes for ever does not grow.
    fn compact(&mut self) {
        let moved = self.arena.compact(self.alias_order.iter());
        let forwarded = |address| moved.forwarded(address);
        self.alias_order.forward(forwarded);
        self.alias_index.forward(forwarded);
        for key in self.keys.all.iter_mut().flatten() {
            key.aliases.forward(forwarded);
        }
        let hash = |address| hash_name(&self.hasher, self.arena.name(address));
        self.alias_index.shrink(hash);
    }

    /// Moves an alias to a key and sets the date of its last update.
    pub(super) fn move_alias(&mut self, slot: AliasSlot, to: KeySlot, updated: Option<Timestamp>) {
        let record = self.arena.record(slot.0);
        let (from, is_aws) = (Self::target(record), is_aws_alias_name(record.name()));
        self.move_between(slot, (from, to), is_aws, updated);
    }

    /// The same where it is known which key the alias has and whether it is AWS's own.
    #[inline(always)]
    pub(super) fn move_between(
        &mut self,
        slot: AliasSlot,
        (from, to): (Option<KeySlot>, KeySlot),
        is_aws: bool,
        updated: Option<Timestamp>,
    ) {
        if from != Some(to) {
            if let Some(from) = from {
                self.detach(slot, from, is_aws);
            }
            self.attach(slot, to, is_aws);
        }
        self.arena.update(slot.0, to.0, updated);
    }

    #[inline]
    fn attach(&mut self, slot: AliasSlot, key: KeySlot, is_aws: bool) {
        let record = self.keys.get_mut(key.0);
        record.aws_aliases = record.aws_aliases.saturating_add(u32::from(is_aws));
        record.aliases.insert(slot.0);
    }

    #[inline]
    fn detach(&mut self, slot: AliasSlot, key: KeySlot, is_aws: bool) {
        let record = self.keys.get_mut(key.0);
        record.aws_aliases = record.aws_aliases.saturating_sub(u32::from(is_aws));
        record.aliases.remove(slot.0);
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test holds little")]
mod tests {
    use super::{AliasListEntry, KeyRecord, NewAlias, Store, hash_name};
    use crate::identifier::KeyId;
    use alloc::{collections::BTreeSet, format};

    #[test]
    fn what_an_update_reads_of_a_key_is_one_cache_line() {
        assert_eq!(size_of::<Option<KeyRecord>>(), 64);
    }

    #[test]
    fn no_two_names_have_one_hash() {
        let store = Store::default();
        let hash = |number: u32| hash_name(&store.hasher, format!("alias/{number}").as_bytes());
        assert_eq!((0..1000).map(hash).collect::<BTreeSet<_>>().len(), 1000);
    }

    #[test]
    fn a_store_through_which_aliases_and_keys_pass_does_not_grow() {
        let mut store = Store::default();
        let key = |round: u32, number: u32| {
            let key_id = format!("{round:08x}-0000-0000-0000-{number:012x}");
            key_id.parse::<KeyId>().expect("a key ID")
        };
        for round in 0..20 {
            for number in 0..100 {
                let target = store.key_slot(key(round, number));
                // AWS's own, which bring and take along a key that is not described (rule A8).
                let name = format!("alias/aws/{round}-{number}{}", "-".repeat(100));
                let name = name.parse().expect("a name");
                store.insert_alias(&NewAlias::of(&AliasListEntry::new(name, None), target));
            }
            while let Some(first) = { store.aliases().next() } {
                store.remove_alias(first);
                assert!(!store.arena.is_sparse());
            }
        }
        assert_eq!((store.alias_count(), store.key_index.len()), (0, 0));
        assert_eq!(store.keys.all.len(), 100);
    }
}
