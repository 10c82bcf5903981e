//! Takes a whole table apart and puts one together, with every invariant checked (rules I1, I2,
//! I3).

use alloc::vec::Vec;
use core::fmt;

use arrayvec::ArrayVec;

use super::alias_table::AliasTable;
use super::inconsistency::Inconsistent;
use super::store::{AliasStore, NewAlias, PREFETCH};
use super::undo_and_replay::may_stand;
use crate::identifier::{KeyId, ReservedNames, Scope};
use crate::key::KeyMetadata;
use crate::operation::AliasListEntry;
use crate::rule::Rule;

/// Which of the parts of a table does not fit.
///
/// ```
/// use kms_alias::SnapshotEntry;
///
/// assert_eq!(SnapshotEntry::Alias(7).to_string(), "aliases[7]");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SnapshotEntry {
    /// The key at this place of the list, from 0.
    Key(usize),
    /// The key that is not described at this place of the list, from 0.
    UndescribedKey(usize),
    /// The alias at this place of the list, from 0.
    Alias(usize),
}

impl fmt::Display for SnapshotEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(index) => write!(f, "keys[{index}]"),
            Self::UndescribedKey(index) => write!(f, "undescribed_keys[{index}]"),
            Self::Alias(index) => write!(f, "aliases[{index}]"),
        }
    }
}

/// Why parts do not make a table: which of them, and the rule (I1, I2, A8, Q).
///
/// ```
/// use kms_alias::{AliasListEntry, SnapshotEntry, Rule};
#[doc = include_str!("example_table.md")]
///
/// let mut parts = table.snapshot();
/// parts.aliases = vec![AliasListEntry::new("alias/payments".parse()?, None)];
/// let error = parts.into_table().unwrap_err();
/// assert_eq!((error.entry, error.rule()), (SnapshotEntry::Alias(0), Rule::I2)); // it names no key
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{entry} cannot stand in the table")]
pub struct SnapshotError {
    /// Which part.
    pub entry: SnapshotEntry,
    /// Why it does not fit.
    #[source]
    pub cause: Inconsistent,
}

impl SnapshotError {
    /// The rule that is broken.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.cause.rule()
    }
}

/// The parts of a table, as it is taken apart and put together.
///
/// ```
/// use kms_alias::{AccountId, Snapshot, SnapshotEntry, KeyArn, KeyId, KeyMetadata, Region, Scope};
///
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// let key = KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?;
/// let mut parts = Snapshot::new(scope);
/// parts.keys = vec![key.clone()];
/// let table = parts.clone().into_table()?;
/// assert_eq!((table.key_count(), table.snapshot()), (1, parts.clone()));
/// parts.keys.push(key);
/// assert_eq!(parts.into_table().unwrap_err().entry, SnapshotEntry::Key(1));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields)
)]
#[non_exhaustive]
pub struct Snapshot {
    /// The account and Region.
    pub scope: Scope,
    /// The reading of rule A4.
    #[cfg_attr(feature = "serde", serde(default))]
    pub reserved_names: ReservedNames,
    /// The quota of rule T6.
    pub aliases_per_key: u32,
    /// The number of changes that were made and not undone.
    #[cfg_attr(feature = "serde", serde(default))]
    pub sequence: u64,
    /// The keys that are described.
    pub keys: Vec<KeyMetadata>,
    /// The keys of which only their existence is known (rule I6). Those that an alias names may be
    /// left out.
    #[cfg_attr(feature = "serde", serde(default))]
    pub undescribed_keys: Vec<KeyId>,
    /// The aliases.
    pub aliases: Vec<AliasListEntry>,
}

impl Snapshot {
    /// The parts of an empty table.
    #[must_use]
    pub fn new(scope: Scope) -> Self {
        AliasTable::new(scope).snapshot()
    }

    /// The table of these parts. Rules A4 and T6 are not asked: what stands is a fact (rule I3).
    ///
    /// # Errors
    /// I1, I2, A8 and Q, with the part that breaks them.
    pub fn into_table(self) -> Result<AliasTable, SnapshotError> {
        let mut table = AliasTable::new(self.scope)
            .with_reserved_names(self.reserved_names)
            .with_aliases_per_key(self.aliases_per_key);
        let at = |entry| move |cause| SnapshotError { entry, cause };
        for (index, key) in self.keys.into_iter().enumerate() {
            let inserted = table.insert_key(key);
            inserted.map_err(at(SnapshotEntry::Key(index)))?;
        }
        for (index, key_id) in self.undescribed_keys.into_iter().enumerate() {
            let inserted = table.insert_undescribed_key(key_id);
            inserted.map_err(at(SnapshotEntry::UndescribedKey(index)))?;
        }
        table.load(&self.aliases)?;
        table.sequence = self.sequence;
        Ok(table)
    }
}

impl AliasTable {
    /// The parts of the table: keys by ID, aliases by name.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            scope: self.scope,
            reserved_names: self.reserved_names,
            aliases_per_key: self.aliases_per_key,
            sequence: self.sequence,
            keys: self.keys().cloned().collect(),
            undescribed_keys: self.undescribed_keys().collect(),
            aliases: self.iter().map(|alias| alias.to_entry()).collect(),
        }
    }

    /// Puts aliases into a table that has none, each name once (rule I1).
    fn load(&mut self, aliases: &[AliasListEntry]) -> Result<(), SnapshotError> {
        self.store.begin_load(aliases.len());
        let mut index = 0_usize;
        for aliases in aliases.chunks(PREFETCH) {
            let (batch, broken) = self.new_aliases(aliases);
            let loaded = self.store.load(&batch);
            let cause = match aliases.get(loaded) {
                Some(alias) if loaded < batch.len() => {
                    Some(Inconsistent::DuplicateAlias(alias.alias_name.clone()))
                }
                _ => broken,
            };
            index = index.saturating_add(loaded);
            if let Some(cause) = cause {
                let entry = SnapshotEntry::Alias(index);
                return Err(SnapshotError { entry, cause });
            }
        }
        self.store.end_load();
        Ok(())
    }

    /// The aliases up to the first that no table can have, and why.
    fn new_aliases<'a>(
        &mut self,
        aliases: &'a [AliasListEntry],
    ) -> (ArrayVec<NewAlias<'a>, PREFETCH>, Option<Inconsistent>) {
        let mut batch = ArrayVec::new();
        let room = self.store.room();
        for alias in aliases {
            match self.new_alias(alias, batch.len() < room) {
                Ok(alias) => batch.push(alias),
                Err(cause) => return (batch, Some(cause)),
            }
        }
        (batch, None)
    }

    /// An alias on the slot of its key (rules A8, Q, I2); whether its name is free is not asked.
    fn new_alias<'a>(
        &mut self,
        alias: &'a AliasListEntry,
        has_room: bool,
    ) -> Result<NewAlias<'a>, Inconsistent> {
        let alias_name = &alias.alias_name;
        if !may_stand(alias_name) {
            return Err(Inconsistent::NoService(alias_name.clone()));
        }
        if !has_room {
            return Err(Inconsistent::NoRoom(alias_name.clone()));
        }
        let key = match alias.target_key_id {
            None if !alias_name.is_aws() => {
                return Err(Inconsistent::NoTarget(alias_name.clone()));
            }
            target => target.map(|key_id| self.key_slot(key_id)),
        };
        Ok(NewAlias::of(alias, key))
    }
}
