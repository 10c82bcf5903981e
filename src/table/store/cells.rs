//! The store that tables use: the cells of aliases, the keys, and the indexes by which both are found.
//!
//! An alias is a cell of 64 bytes, found by the hash of its name; the order of names is kept apart,
//! as UpdateAlias does not touch it. What rules ask of a key and the list of its aliases are 64 bytes
//! too; all else that is known of it lies elsewhere. So an update of one of 1,000,000 aliases waits
//! for some five places in memory, and no growth moves more than a part of one index: no operation
//! pauses. An alias with a name of 31 bytes takes 85 bytes: the cell 64, the rest its places in the
//! index, in the order and in the list of its key (measured).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::hash::{BuildHasher, Hasher};
use core::ops::Bound::{Excluded, Unbounded};

use hashbrown::DefaultHashBuilder;

use super::cell::{Cell, NONE};
use super::index::Index;
use super::key_list::KeyList;
use super::order::{Order, Slots};
use super::slab::Slab;
use super::{AliasRecord, AliasSlot, AliasStore, KeySlot, MOST_ALIASES, NewAlias, PREFETCH};
use crate::identifier::KeyId;
use crate::key::{KeyMetadata, KeyTraits, Timestamp};

/// What operations on aliases read of a key and change.
#[derive(Clone, Debug)]
#[repr(align(64))]
struct KeyRecord {
    key_id: KeyId,
    /// None for a key that is not described.
    traits: Option<KeyTraits>,
    /// Where the rest of its description lies, or [`NONE`].
    metadata: u32,
    aliases: KeyList,
}

const _: () = assert!(size_of::<KeyRecord>() == 64);

/// INVARIANT: the alias index and the order have every cell once, the key index and the order of
/// keys every key; each cell with a key is in that key's list once, at the place that it knows.
#[derive(Clone, Debug, Default)]
pub(crate) struct CellStore {
    hasher: DefaultHashBuilder,
    cells: Slab<Cell>,
    alias_index: Index,
    alias_order: Order,
    /// The slots that were loaded and are not in the order yet.
    loaded: Vec<u32>,
    keys: Slab<KeyRecord>,
    key_index: Index,
    key_order: BTreeMap<KeyId, KeySlot>,
    metadata: Slab<KeyMetadata>,
}

impl CellStore {
    #[inline(always)]
    fn hash_of_name(&self, name: &[u8]) -> u64 {
        hash_of_name(&self.hasher, name)
    }

    /// Puts an alias everywhere but into the orders.
    fn append(&mut self, alias: &NewAlias<'_>, hash: u64) -> u32 {
        debug_assert!(self.room() > 0 && self.find_alias(alias.name.as_bytes()).is_none());
        let slot = self.cells.insert(Cell::new(alias));
        let (hasher, cells) = (&self.hasher, &self.cells);
        self.alias_index
            .insert(hash, slot, |slot| hash_of_name(hasher, cells.name(slot)));
        slot
    }

    /// Puts in an alias that is not in order yet, if its name is free.
    #[inline(always)]
    fn load_one(&mut self, alias: &NewAlias<'_>, hash: u64) -> bool {
        let is_it = |slot| self.cells.name(slot) == alias.name.as_bytes();
        let is_free = self.alias_index.find(hash, is_it).is_none();
        if is_free {
            let slot = self.append(alias, hash);
            self.loaded.push(slot);
            if let Some(key) = alias.key {
                self.cells.get_mut(slot).key = key.0;
                let list = &mut self.keys.get_mut(key.0).aliases;
                list.load(slot, &mut self.cells);
            }
        }
        is_free
    }

    /// Puts a cell on a key.
    #[inline(always)]
    fn attach(&mut self, slot: u32, key: KeySlot) {
        self.cells.get_mut(slot).key = key.0;
        let list = &mut self.keys.get_mut(key.0).aliases;
        list.insert(slot, &mut self.cells);
    }

    #[inline(always)]
    fn detach(&mut self, slot: u32, key: KeySlot) {
        let list = &mut self.keys.get_mut(key.0).aliases;
        list.remove(slot, &mut self.cells);
    }
}

#[inline(always)]
fn hash_of_name(hasher: &DefaultHashBuilder, name: &[u8]) -> u64 {
    let mut hasher = hasher.build_hasher();
    hasher.write(name);
    hasher.finish()
}

impl AliasStore for CellStore {
    type Record = Cell;
    type Slots<'a> = Slots<'a>;

    fn alias_count(&self) -> usize {
        self.cells.len()
    }

    #[inline(always)]
    fn room(&self) -> usize {
        MOST_ALIASES.saturating_sub(self.cells.len())
    }

    #[inline(always)]
    fn find_alias(&self, name: &[u8]) -> Option<(AliasSlot, &Cell)> {
        let hash = self.hash_of_name(name);
        let is_it = |slot| self.cells.name(slot) == name;
        let slot = self.alias_index.find(hash, is_it)?;
        Some((AliasSlot(slot), self.cells.get(slot)))
    }

    #[inline(always)]
    fn alias(&self, slot: AliasSlot) -> &Cell {
        self.cells.get(slot.0)
    }

    fn aliases(&self) -> Slots<'_> {
        self.alias_order.iter()
    }

    fn aliases_after(&self, text: &str, count: usize) -> Vec<AliasSlot> {
        self.alias_order.after(text.as_bytes(), count, &self.cells)
    }

    fn insert_alias(&mut self, alias: &NewAlias<'_>) {
        let slot = self.append(alias, self.hash_of_name(alias.name.as_bytes()));
        self.alias_order
            .insert(slot, alias.name.as_bytes(), &self.cells);
        if let Some(key) = alias.key {
            self.attach(slot, key);
        }
    }

    #[inline(always)]
    fn move_alias(&mut self, slot: AliasSlot, to: KeySlot, updated: Option<Timestamp>) {
        let cell = self.cells.get_mut(slot.0);
        cell.set_last_updated_date(updated);
        let from = cell.key();
        if from != Some(to) {
            if let Some(from) = from {
                self.detach(slot.0, from);
            }
            self.attach(slot.0, to);
        }
    }

    fn remove_alias(&mut self, slot: AliasSlot) {
        let cell = self.cells.get(slot.0);
        let name = cell.name().as_bytes();
        let key = cell.key();
        self.alias_order.remove(slot.0, name, &self.cells);
        let hash = self.hash_of_name(name);
        let (hasher, cells) = (&self.hasher, &self.cells);
        self.alias_index
            .remove(hash, slot.0, |slot| hash_of_name(hasher, cells.name(slot)));
        if let Some(key) = key {
            self.detach(slot.0, key);
        }
        self.cells.remove(slot.0);
    }

    fn begin_load(&mut self, count: usize) {
        self.alias_index.reserve(count);
        self.loaded.reserve_exact(count);
    }

    fn load(&mut self, aliases: &[NewAlias<'_>]) -> usize {
        let before = self.loaded.len();
        for aliases in aliases.chunks(PREFETCH) {
            let mut hashes = [0; PREFETCH];
            for (hash, alias) in hashes.iter_mut().zip(aliases) {
                *hash = self.hash_of_name(alias.name.as_bytes());
            }
            // Asked once for all of them, so that their cache misses overlap.
            core::hint::black_box(hashes.map(|hash| self.alias_index.find(hash, |_| true)));
            let mut names = aliases.iter().zip(hashes);
            if !names.all(|(alias, hash)| self.load_one(alias, hash)) {
                break;
            }
        }
        self.loaded.len().saturating_sub(before)
    }

    fn end_load(&mut self) {
        let loaded = core::mem::take(&mut self.loaded);
        debug_assert_eq!(loaded.len(), self.cells.len(), "what was there is lost");
        self.alias_order = Order::of(loaded, &self.cells);
        for key in self.key_order.values() {
            self.keys.get_mut(key.0).aliases.order(&self.cells);
        }
    }

    fn described_count(&self) -> usize {
        self.metadata.len()
    }

    #[inline(always)]
    fn find_key(&self, key_id: KeyId) -> Option<KeySlot> {
        let hash = self.hasher.hash_one(key_id);
        let is_it = |slot| self.keys.get(slot).key_id == key_id;
        self.key_index.find(hash, is_it).map(KeySlot)
    }

    #[inline(always)]
    fn key_id(&self, slot: KeySlot) -> KeyId {
        self.keys.get(slot.0).key_id
    }

    #[inline(always)]
    fn traits(&self, slot: KeySlot) -> Option<KeyTraits> {
        self.keys.get(slot.0).traits
    }

    fn metadata(&self, slot: KeySlot) -> Option<&KeyMetadata> {
        let at = self.keys.get(slot.0).metadata;
        (at != NONE).then(|| self.metadata.get(at))
    }

    fn keys_after(&self, key_id: Option<KeyId>) -> impl Iterator<Item = KeySlot> {
        let above = key_id.map_or(Unbounded, Excluded);
        let keys = self.key_order.range((above, Unbounded));
        keys.map(|(_, slot)| *slot)
    }

    fn insert_key(&mut self, key_id: KeyId) -> KeySlot {
        debug_assert!(self.find_key(key_id).is_none());
        let slot = self.keys.insert(KeyRecord {
            key_id,
            traits: None,
            metadata: NONE,
            aliases: KeyList::default(),
        });
        let (hasher, keys) = (&self.hasher, &self.keys);
        let hash_of = |slot| hasher.hash_one(keys.get(slot).key_id);
        self.key_index.insert(hash_of(slot), slot, hash_of);
        self.key_order.insert(key_id, KeySlot(slot));
        KeySlot(slot)
    }

    fn describe_key(&mut self, slot: KeySlot, key: Option<KeyMetadata>) {
        let record = self.keys.get_mut(slot.0);
        if record.metadata != NONE {
            self.metadata.remove(record.metadata);
        }
        record.traits = key.as_ref().map(KeyMetadata::traits);
        record.metadata = key.map_or(NONE, |key| self.metadata.insert(key));
    }

    fn remove_key(&mut self, slot: KeySlot) {
        self.describe_key(slot, None);
        let record = self.keys.get(slot.0);
        debug_assert_eq!(record.aliases.len(), 0, "a key that has aliases is removed");
        let (hasher, keys) = (&self.hasher, &self.keys);
        let hash_of = |slot| hasher.hash_one(keys.get(slot).key_id);
        self.key_index.remove(hash_of(slot.0), slot.0, hash_of);
        self.key_order.remove(&record.key_id);
        self.keys.remove(slot.0);
    }

    #[inline(always)]
    fn count_on_key(&self, slot: KeySlot) -> usize {
        self.keys.get(slot.0).aliases.len()
    }

    fn aliases_on_key(&self, slot: KeySlot, text: &str, count: usize) -> Vec<AliasSlot> {
        let list = &self.keys.get(slot.0).aliases;
        list.after(text.as_bytes(), count, &self.cells)
    }

    fn prefetch_aliases(&self, slots: &[AliasSlot]) {
        slots.iter().for_each(|slot| self.cells.prefetch(slot.0));
        slots
            .iter()
            .for_each(|slot| self.cells.prefetch_name(slot.0));
    }

    /// Step by step, each for all operations: where the indexes point, the cells, their keys.
    fn prefetch<'a>(&self, operations: impl Iterator<Item = (&'a str, Option<KeyId>)>) {
        let mut hashes = [None; PREFETCH];
        for (hashes, (name, key_id)) in hashes.iter_mut().zip(operations) {
            let key = key_id.map(|key_id| self.hasher.hash_one(key_id));
            *hashes = Some((self.hash_of_name(name.as_bytes()), key));
        }
        // The first entry with the same hash is nearly always the one.
        let aliases = hashes.map(|hashes| self.alias_index.find(hashes?.0, |_| true));
        let targets = hashes.map(|hashes| self.key_index.find(hashes?.1?, |_| true));
        for slot in aliases.into_iter().flatten() {
            self.cells.prefetch(slot);
        }
        let sources = aliases.map(|slot| Some(self.cells.get(slot?).key()?.0));
        for slot in aliases.into_iter().flatten() {
            self.cells.prefetch_name(slot);
        }
        for slot in sources.into_iter().chain(targets).flatten() {
            core::hint::black_box(self.keys.get(slot).traits);
        }
    }
}
