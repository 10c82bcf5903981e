//! Reading the aliases of a table.

use core::fmt;

use super::alias_table::AliasTable;
use super::store::{AliasRecord, AliasSlot, AliasStore, KeySlot, Record, Store};
use crate::identifier::{AliasArn, AnyAliasName, KeyId, is_aws_alias_name};
use crate::key::Timestamp;
use crate::operation::AliasListEntry;

/// An alias as it stands in a table, borrowed from it: what a list shows of it (rule L1).
///
/// ```
/// use kms_alias::AliasListEntry;
#[doc = include_str!("example_table.md")]
///
/// table.create_alias(AliasName::from_static("alias/payments"), key_id, at)?;
/// let alias = table.get("alias/payments").expect("it was created");
/// assert_eq!((alias.name(), alias.target_key_id()), ("alias/payments", Some(key_id)));
/// // Rule C1: both dates are the time of the create.
/// assert_eq!((alias.creation_date(), alias.last_updated_date()), (Some(at), Some(at)));
///
/// assert_eq!(alias.arn().to_string(), "arn:aws:kms:eu-west-3:111122223333:alias/payments");
/// assert!(!alias.is_aws()); // rule A8
/// // By value, to keep it while the table changes.
/// let entry: AliasListEntry = alias.to_entry();
/// assert_eq!(entry.alias_name, alias.to_name());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Alias<'a> {
    slot: AliasSlot,
    record: &'a Record,
    table: &'a AliasTable,
}

impl<'a> Alias<'a> {
    /// The name: rules A1–A3 hold of it.
    #[must_use]
    #[inline]
    pub fn name(&self) -> &'a str {
        self.record.name()
    }

    /// The ARN (rule A7).
    #[must_use]
    pub fn arn(&self) -> AliasArn {
        self.table.alias_arn(self.to_name())
    }

    /// Whether the alias is one of AWS's own (rule A8).
    #[must_use]
    pub fn is_aws(&self) -> bool {
        is_aws_alias_name(self.name().as_bytes())
    }

    /// The key that it names; an AWS alias may have none yet (rule A8).
    #[must_use]
    pub fn target_key_id(&self) -> Option<KeyId> {
        self.key().map(|key| self.table.store.key_id(key))
    }

    /// When it was created, where that is known.
    #[must_use]
    pub fn creation_date(&self) -> Option<Timestamp> {
        self.record.creation_date()
    }

    /// When it was last given a key, where that is known (rule U6).
    #[must_use]
    pub fn last_updated_date(&self) -> Option<Timestamp> {
        self.record.last_updated_date()
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
    pub(super) fn key(&self) -> Option<KeySlot> {
        self.record.key()
    }

    pub(super) const fn slot(&self) -> AliasSlot {
        self.slot
    }
}

/// Aliases are equal if name, key and dates are, in whatever tables they stand.
impl PartialEq for Alias<'_> {
    fn eq(&self, other: &Alias<'_>) -> bool {
        self.name() == other.name()
            && self.target_key_id() == other.target_key_id()
            && self.creation_date() == other.creation_date()
            && self.last_updated_date() == other.last_updated_date()
    }
}

impl Eq for Alias<'_> {}

impl fmt::Debug for Alias<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_entry().fmt(f)
    }
}

/// The aliases of a table in the byte order of their names (rule L4).
///
/// ```
#[doc = include_str!("example_table.md")]
/// table.create_alias(AliasName::from_static("alias/payments"), key_id, at)?;
/// for alias in &table {
///     assert_eq!(alias.name(), "alias/payments");
/// }
/// assert_eq!(table.iter().len(), 1);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Aliases<'a> {
    slots: <Store as AliasStore>::Slots<'a>,
    table: &'a AliasTable,
}

impl<'a> Iterator for Aliases<'a> {
    type Item = Alias<'a>;

    #[inline]
    fn next(&mut self) -> Option<Alias<'a>> {
        self.slots.next().map(|slot| self.table.alias(slot))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.slots.size_hint()
    }
}

impl ExactSizeIterator for Aliases<'_> {}

impl fmt::Debug for Aliases<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<'a> IntoIterator for &'a AliasTable {
    type Item = Alias<'a>;
    type IntoIter = Aliases<'a>;

    fn into_iter(self) -> Aliases<'a> {
        self.iter()
    }
}

impl AliasTable {
    /// The aliases, in the byte order of their names (rule L4).
    #[must_use]
    pub fn iter(&self) -> Aliases<'_> {
        Aliases {
            slots: self.store.aliases(),
            table: self,
        }
    }

    #[inline(always)]
    pub(super) fn alias(&self, slot: AliasSlot) -> Alias<'_> {
        Alias {
            slot,
            record: self.store.alias(slot),
            table: self,
        }
    }

    /// The alias of a name, if there is one.
    #[inline(always)]
    pub(super) fn find_alias(&self, name: &[u8]) -> Option<Alias<'_>> {
        let (slot, record) = self.store.find_alias(name)?;
        Some(Alias {
            slot,
            record,
            table: self,
        })
    }
}
