//! What stands in a table, to be read: the view that rules and lists are given.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::record::{Record, WhichDate};
use super::store::{AliasSlot, KeySlot, Store};
use crate::identifier::{AliasArn, AnyAliasName, KeyArn, KeyId, ReservedNames, Scope};
use crate::key::Timestamp;
use crate::operation::AliasListEntry;
use crate::rule::Rule;

/// A table as its rules see it.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub(super) scope: &'a Scope,
    pub(super) reserved_names: ReservedNames,
    pub(super) aliases_per_key: u32,
    pub(super) store: &'a Store,
}

impl<'a> Facts<'a> {
    pub(super) const fn key_arn(&self, key_id: KeyId) -> KeyArn {
        KeyArn::new(*self.scope, key_id)
    }

    pub(super) fn alias_arn(&self, alias_name: impl Into<AnyAliasName>) -> AliasArn {
        AliasArn::new(*self.scope, alias_name)
    }

    #[inline(always)]
    pub(super) fn alias(&self, slot: AliasSlot) -> Alias<'a> {
        Alias {
            slot,
            record: self.store.record(slot),
            store: self.store,
        }
    }

    /// The alias of a name, if there is one.
    #[inline(always)]
    pub(super) fn find_alias(&self, name: &[u8]) -> Option<Alias<'a>> {
        let (slot, record) = self.store.find_alias(name)?;
        Some(Alias {
            slot,
            record,
            store: self.store,
        })
    }

    /// The aliases of a key, in the order of their names.
    pub(super) fn aliases_of(&self, slot: KeySlot) -> Vec<Alias<'a>> {
        let mut aliases: Vec<_> = self
            .store
            .aliases_of(slot)
            .map(|slot| self.alias(slot))
            .collect();
        aliases.sort_unstable_by_key(Alias::name);
        aliases
    }
}

/// An alias as it stands in a table, borrowed from it: what a list shows of it (rule L1).
///
/// ```
/// use kms_alias::AliasListEntry;
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// table.create_alias(AliasName::from_static("alias/payments"), key_id, at)?;
/// let alias = table.get("alias/payments").expect("it was created");
/// assert_eq!((alias.name(), alias.target_key_id()), ("alias/payments", Some(key_id)));
/// // Rule C1: both dates are the time of the create.
/// assert_eq!((alias.creation_date(), alias.last_updated_date()), (Some(at), Some(at)));
///
/// // By value, to keep it while the table changes.
/// let entry: AliasListEntry = alias.to_entry();
/// assert_eq!(entry.alias_name, alias.to_name());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Alias<'a> {
    slot: AliasSlot,
    record: Record<'a>,
    store: &'a Store,
}

impl<'a> Alias<'a> {
    /// The name: rules A1–A3 hold of it.
    #[must_use]
    #[inline]
    pub fn name(&self) -> &'a str {
        core::str::from_utf8(self.record.name()).unwrap_or_default()
    }

    /// The key that it names; an AWS alias may have none yet (rule A8).
    #[must_use]
    pub fn target_key_id(&self) -> Option<KeyId> {
        self.target().map(|key| self.store.key_id(key))
    }

    /// When it was created, where that is known.
    #[must_use]
    pub fn creation_date(&self) -> Option<Timestamp> {
        self.store.date(self.slot, self.record, WhichDate::Created)
    }

    /// When it was last given a key, where that is known (rule U6).
    #[must_use]
    pub fn last_updated_date(&self) -> Option<Timestamp> {
        self.store.date(self.slot, self.record, WhichDate::Updated)
    }

    /// The name as a value of its own.
    #[must_use]
    pub fn to_name(&self) -> AnyAliasName {
        AnyAliasName::standing(self.name())
    }

    /// The alias as a value of its own.
    #[must_use]
    pub fn to_entry(&self) -> AliasListEntry {
        let mut entry = AliasListEntry::new(self.to_name(), self.target_key_id());
        entry.creation_date = self.creation_date();
        entry.last_updated_date = self.last_updated_date();
        entry
    }

    #[inline(always)]
    pub(super) fn target(&self) -> Option<KeySlot> {
        Store::target(self.record)
    }

    pub(super) const fn slot(&self) -> AliasSlot {
        self.slot
    }
}

impl fmt::Debug for Alias<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_entry().fmt(f)
    }
}

/// A fact that no operation would have brought about, and that stands all the same (rule I3).
///
/// ```
/// use kms_alias::{AliasListEntry, Rule};
/// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
/// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// # let mut table = AliasTable::new(scope);
/// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
/// # let at = Timestamp::from_millis(1_700_000_000_000);
///
/// // An account may hold what today's rules would refuse (rule I3).
/// let mut parts = table.to_parts();
/// parts.aliases = vec![AliasListEntry::new("alias/awsome".parse()?, Some(key_id))];
/// let table = parts.assemble()?;
/// let warnings: Vec<_> = table.warnings().map(|warning| warning.rule()).collect();
/// assert_eq!(warnings, [Rule::A4]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Warning {
    /// A key has more aliases than the quota, which conditions on its aliases deny (rule P5).
    #[error(
        "key {key} has {count} aliases, more than the quota of {quota} (rule T6): while it has, \
         every condition on kms:ResourceAliases denies its use (rule P5)"
    )]
    AboveQuota {
        /// The key.
        key: KeyArn,
        /// Its aliases.
        count: u32,
        /// The quota.
        quota: u32,
    },
    /// A customer's alias has a name that the table's reading of rule A4 reserves.
    #[error(
        "alias {alias_name} has a reserved name: names that begin with {} are refused here (rule \
         A4). AWS's current rule reserves alias/aws/ only: choose it with --reserved alias/aws/ or \
         `ReservedNames::AliasAwsSlash`",
        reserved_names.prefix()
    )]
    ReservedName {
        /// The name.
        alias_name: String,
        /// The reading.
        reserved_names: ReservedNames,
    },
}

impl Warning {
    /// The rule that the fact is beyond.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self {
            Self::AboveQuota { .. } => Rule::T6,
            Self::ReservedName { .. } => Rule::A4,
        }
    }
}
