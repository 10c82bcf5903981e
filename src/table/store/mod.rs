//! How a table keeps its aliases and keys, behind one trait; no rule of KMS is decided here.
//!
//! [`AliasStore`] is the trait. The store of a table, [`Store`], is that of [`cells`], whose layout is
//! made for speed. [`reference`] does the same with plain `BTreeMap`s and is compiled for tests only:
//! with `--cfg kms_alias_reference_store` tables use that one, so that every test of tables and the
//! fuzz target can be run with either.

mod block;
mod cell;
#[cfg_attr(
    kms_alias_reference_store,
    allow(dead_code, reason = "tables have the other store")
)]
mod cells;
#[cfg(test)]
#[path = "../../../tests/store/differential.rs"]
mod differential;
mod index;
mod key_list;
mod order;
#[cfg(any(test, kms_alias_reference_store))]
#[cfg_attr(
    not(kms_alias_reference_store),
    allow(dead_code, reason = "tests use what they compare")
)]
#[path = "../../../tests/store/reference.rs"]
mod reference;
mod slab;
mod sort;

use alloc::vec::Vec;
use core::fmt::Debug;

use crate::identifier::KeyId;
use crate::key::{KeyMetadata, KeyTraits, Timestamp};
use crate::operation::AliasListEntry;

#[cfg(not(kms_alias_reference_store))]
pub(crate) type Store = cells::CellStore;
#[cfg(kms_alias_reference_store)]
pub(crate) type Store = reference::ReferenceStore;

/// An alias as the store of a table keeps it.
pub(crate) type Record = <Store as AliasStore>::Record;

/// How many aliases a store holds: 2³¹, or few, so that tests can fill one.
const MOST_ALIASES: usize = if cfg!(test) { 5_000 } else { 1 << 31 };

/// The number of an alias in its store, which never changes and is used again once it is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AliasSlot(u32);

/// The number of a key in its store, which never changes and is used again once it is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeySlot(u32);

/// An alias that is to be put into a store.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewAlias<'a> {
    pub(super) name: &'a str,
    pub(super) key: Option<KeySlot>,
    pub(super) creation_date: Option<Timestamp>,
    pub(super) last_updated_date: Option<Timestamp>,
}

impl<'a> NewAlias<'a> {
    /// The alias of an entry, on the slot of its target.
    pub(super) fn of(entry: &'a AliasListEntry, key: Option<KeySlot>) -> Self {
        Self {
            name: entry.alias_name.as_str(),
            key,
            creation_date: entry.creation_date,
            last_updated_date: entry.last_updated_date,
        }
    }
}

/// What is read of an alias.
pub(crate) trait AliasRecord {
    fn name(&self) -> &str;
    fn key(&self) -> Option<KeySlot>;
    fn creation_date(&self) -> Option<Timestamp>;
    fn last_updated_date(&self) -> Option<Timestamp>;
}

/// What a table asks of its store.
///
/// A slot is that of an alias or key which is in the store: whoever hands in another breaks a
/// promise, and the store may panic.
pub(crate) trait AliasStore: Clone + Debug + Default {
    type Record: AliasRecord;
    type Slots<'a>: Clone + ExactSizeIterator<Item = AliasSlot>
    where
        Self: 'a;

    fn alias_count(&self) -> usize;
    /// How many more aliases can be put in.
    fn room(&self) -> usize;
    fn find_alias(&self, name: &[u8]) -> Option<(AliasSlot, &Self::Record)>;
    fn alias(&self, slot: AliasSlot) -> &Self::Record;
    /// All aliases, in the byte order of their names.
    fn aliases(&self) -> Self::Slots<'_>;
    /// The first `count` aliases whose names are above a text, in the byte order of their names.
    fn aliases_after(&self, text: &str, count: usize) -> Vec<AliasSlot>;
    /// Puts in an alias whose name is free; there is room.
    fn insert_alias(&mut self, alias: &NewAlias<'_>);
    /// Puts an alias on a key and sets the date of its last update.
    fn move_alias(&mut self, slot: AliasSlot, to: KeySlot, updated: Option<Timestamp>);
    fn remove_alias(&mut self, slot: AliasSlot);

    /// Prepares an empty store for so many aliases, which [`load`](Self::load) puts in.
    fn begin_load(&mut self, count: usize);
    /// Puts in aliases, for which there is room, up to the first whose name is taken: how many those
    /// are. What is said of order holds only after [`end_load`](Self::end_load).
    fn load(&mut self, aliases: &[NewAlias<'_>]) -> usize;
    fn end_load(&mut self);

    /// The number of keys that are described.
    fn described_count(&self) -> usize;
    fn find_key(&self, key_id: KeyId) -> Option<KeySlot>;
    fn key_id(&self, slot: KeySlot) -> KeyId;
    /// What rules ask of a key, if it is described.
    fn traits(&self, slot: KeySlot) -> Option<KeyTraits>;
    /// All that is known of a key, if it is described.
    fn metadata(&self, slot: KeySlot) -> Option<&KeyMetadata>;
    /// The keys whose IDs are above one, or all of them, in the order of their IDs.
    fn keys_after(&self, key_id: Option<KeyId>) -> impl Iterator<Item = KeySlot>;
    /// Puts in a key that is not described; its ID is free.
    fn insert_key(&mut self, key_id: KeyId) -> KeySlot;
    /// Describes a key of this ID, anew if it was described before; or takes the description out.
    fn describe_key(&mut self, slot: KeySlot, key: Option<KeyMetadata>);
    /// Removes a key that has no aliases.
    fn remove_key(&mut self, slot: KeySlot);
    /// How many aliases are on a key, AWS's own included.
    fn count_on_key(&self, slot: KeySlot) -> usize;
    /// As [`aliases_after`](Self::aliases_after), of the aliases that are on a key.
    fn aliases_on_key(&self, slot: KeySlot, text: &str, count: usize) -> Vec<AliasSlot>;

    /// Asks memory for aliases that will be read soon, so that their cache misses overlap.
    fn prefetch_aliases(&self, _: &[AliasSlot]) {}
    /// Asks memory for what operations on up to [`PREFETCH`] names and keys will read.
    fn prefetch<'a>(&self, _: impl Iterator<Item = (&'a str, Option<KeyId>)>) {}
}

/// How many operations are prefetched together: more would push each other out of the cache.
pub(super) const PREFETCH: usize = 32;
