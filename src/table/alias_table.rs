//! The table of an account and Region: what it holds, and what is read of it.

use alloc::vec::Vec;
use core::fmt;

use super::alias::Alias;
use super::quota::ALIASES_PER_KEY;
use super::store::{AliasSlot, AliasStore, KeySlot, Store};
use crate::identifier::{
    AliasArn, AnyAliasName, KeyArn, KeyId, KeyIdentifier, ReservedNames, Scope, TargetKeyId,
};
use crate::key::{KeyMetadata, KmsOperation, Timestamp};
use crate::operation::Refusal;

/// The keys and aliases of one account and Region.
///
/// Every operation is checked against every rule before anything changes: it happens wholly or
/// not at all. Time is handed in, and nothing is random. A check costs the same in a table of a
/// thousand aliases and in one of five million (rule Q), but for the caches of the processor.
///
/// Names and key IDs are found by a hash whose seed differs from process to process: no result
/// depends on it, and whoever picks the names cannot aim at it without knowing the seed. It is no
/// cryptographic hash; where hostile names come in great numbers, keep to the account's quotas.
///
/// ```
/// use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
///
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// let (old, new): (KeyId, KeyId) = (
///     "1234abcd-12ab-34cd-56ef-1234567890ab".parse()?,
///     "0987dcba-09fe-87dc-65ba-ab0987654321".parse()?,
/// );
/// let mut table = AliasTable::new(scope);
/// table.insert_key(KeyMetadata::builder(KeyArn::new(scope, old)).build()?)?;
/// table.insert_key(KeyMetadata::builder(KeyArn::new(scope, new)).build()?)?;
///
/// let at = Timestamp::from_millis(1_700_000_000_000);
/// let payments = AliasName::from_static("alias/payments");
/// table.create_alias(payments.clone(), old, at)?;
/// let change = table.update_alias(payments.clone(), new, at)?;
/// assert_eq!(table.get(&payments).and_then(|alias| alias.target_key_id()), Some(new));
/// table.undo(&change)?;
/// assert_eq!(table.get(&payments).and_then(|alias| alias.target_key_id()), Some(old));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[doc = include_str!("alias_table.md")]
#[derive(Clone)]
pub struct AliasTable {
    pub(super) scope: Scope,
    pub(super) reserved_names: ReservedNames,
    pub(super) aliases_per_key: u32,
    /// The number of the newest change.
    pub(super) sequence: u64,
    /// No key is to be deleted before this; none, if no date is known.
    pub(super) none_due_before: Option<Timestamp>,
    pub(super) store: Store,
}

impl AliasTable {
    /// An empty table, with the default reading of rule A4 and the quota of 50 (rule T6).
    #[must_use]
    pub fn new(scope: Scope) -> Self {
        Self {
            scope,
            reserved_names: ReservedNames::default(),
            aliases_per_key: ALIASES_PER_KEY,
            sequence: 0,
            none_due_before: None,
            store: Store::default(),
        }
    }

    /// The same table under another reading of rule A4.
    #[must_use]
    pub fn with_reserved_names(mut self, reserved_names: ReservedNames) -> Self {
        self.reserved_names = reserved_names;
        self
    }

    /// The same table with another quota of aliases per key (rule T6).
    #[must_use]
    pub fn with_aliases_per_key(mut self, quota: u32) -> Self {
        self.aliases_per_key = quota;
        self
    }

    /// The account and Region.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// The reading of rule A4.
    #[must_use]
    pub const fn reserved_names(&self) -> ReservedNames {
        self.reserved_names
    }

    /// The quota of aliases per key (rule T6).
    #[must_use]
    pub const fn aliases_per_key(&self) -> u32 {
        self.aliases_per_key
    }

    /// The number of changes that were made and not undone.
    #[must_use]
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// A moment before which [`delete_due_keys`](Self::delete_due_keys) deletes nothing; none, if no
    /// key has a date of deletion.
    #[must_use]
    pub const fn no_deletion_before(&self) -> Option<Timestamp> {
        self.none_due_before
    }

    pub(super) const fn key_arn(&self, key_id: KeyId) -> KeyArn {
        KeyArn::new(self.scope, key_id)
    }

    pub(super) fn alias_arn(&self, alias_name: impl Into<AnyAliasName>) -> AliasArn {
        AliasArn::new(self.scope, alias_name)
    }

    /// The alias of a name, a customer's or AWS's.
    pub fn get(&self, name: impl AsRef<str>) -> Option<Alias<'_>> {
        self.find_alias(name.as_ref().as_bytes())
    }

    /// The ID of the key that an identifier names (rule K6), described or not.
    ///
    /// # Errors
    /// T3, T2 (an ARN of elsewhere), U1 (no such alias, or one without a key), T1.
    pub fn resolve(&self, identifier: &KeyIdentifier) -> Result<KeyId, Refusal> {
        let key = self.identified_key(identifier)?;
        Ok(self.store.key_id(key))
    }

    /// The key that an identifier names (rules K6, L5).
    ///
    /// # Errors
    /// T3, T2 (an ARN of elsewhere), U1 (no such alias, or one without a key), T1; I6 (the key is not
    /// described).
    pub fn describe_key(&self, identifier: &KeyIdentifier) -> Result<&KeyMetadata, Refusal> {
        self.metadata(self.identified_key(identifier)?)
    }

    /// What a call on a key meets, through an alias or not (rules S6, S7, S8, T4): the key, if the call
    /// works.
    ///
    /// # Errors
    /// K8 (an alias where the operation takes none), what [`describe_key`](Self::describe_key)
    /// refuses, T4, S7, M (a key of another usage), S6 or S8 with the note of the key-state table.
    pub fn check_use(
        &self,
        operation: KmsOperation,
        identifier: &KeyIdentifier,
    ) -> Result<&KeyMetadata, Refusal> {
        self.judge_use(operation, identifier)
    }

    /// The slot of a key that is named by ID or ARN; none if the ARN is of another scope.
    pub(super) fn find_target(&self, key: &TargetKeyId) -> Option<KeySlot> {
        match key {
            TargetKeyId::KeyArn(arn) if arn.scope() != self.scope => None,
            key => self.store.find_key(key.key_id()),
        }
    }

    /// The key of an ID or ARN, if it is described; none if the ARN is of another account or Region.
    #[must_use]
    pub fn key(&self, key: impl Into<TargetKeyId>) -> Option<&KeyMetadata> {
        self.store.metadata(self.find_target(&key.into())?)
    }

    /// The keys that are described, in the order of their IDs.
    pub fn keys(&self) -> impl Iterator<Item = &KeyMetadata> {
        let keys = self.store.keys_after(None);
        keys.filter_map(|slot| self.store.metadata(slot))
    }

    /// The aliases of a key, in the order of their names; none if there is no such key, or if the
    /// ARN is of another account or Region.
    pub fn aliases_of(&self, key: impl Into<TargetKeyId>) -> impl Iterator<Item = Alias<'_>> {
        let key = self.find_target(&key.into());
        let slots = key.map(|key| self.aliases_on(key));
        slots.into_iter().flatten().map(|slot| self.alias(slot))
    }

    /// All aliases on a key, in the order of their names.
    pub(super) fn aliases_on(&self, key: KeySlot) -> Vec<AliasSlot> {
        // Every name is above the empty text.
        self.store.aliases_on_key(key, "", usize::MAX)
    }

    /// Whether a key is here, described or not.
    #[must_use]
    pub fn knows_key(&self, key_id: &KeyId) -> bool {
        self.store.find_key(*key_id).is_some()
    }

    /// Whether a key is here and more of it is known than that it exists.
    #[must_use]
    pub fn is_described(&self, key_id: &KeyId) -> bool {
        self.key(key_id).is_some()
    }

    /// The keys of which only their existence is known (rule I6), in the order of their IDs: those
    /// that were put in so, and those that only an alias names.
    pub fn undescribed_keys(&self) -> impl Iterator<Item = KeyId> {
        let keys = self.store.keys_after(None);
        let undescribed = keys.filter(|slot| self.store.traits(*slot).is_none());
        undescribed.map(|slot| self.store.key_id(slot))
    }

    /// The number of aliases, AWS's own included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.store.alias_count()
    }

    /// Whether there are no aliases.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of keys that are described.
    #[must_use]
    pub fn key_count(&self) -> usize {
        self.store.described_count()
    }
}

/// Two tables are equal if they hold the same under the same rules after as many changes.
impl PartialEq for AliasTable {
    fn eq(&self, other: &Self) -> bool {
        let rules = |table: &Self| {
            (
                table.scope,
                table.reserved_names,
                table.aliases_per_key,
                table.sequence,
            )
        };
        rules(self) == rules(other)
            && self.keys().eq(other.keys())
            && self.undescribed_keys().eq(other.undescribed_keys())
            && self.iter().eq(other)
    }
}

impl Eq for AliasTable {}

/// `{:#?}` prints all that the table holds, `{:?}` how many keys and aliases that is.
impl fmt::Debug for AliasTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prints_all = f.alternate();
        let mut table = f.debug_struct("AliasTable");
        table
            .field("scope", &self.scope)
            .field("reserved_names", &self.reserved_names)
            .field("aliases_per_key", &self.aliases_per_key)
            .field("sequence", &self.sequence);
        if prints_all {
            table
                .field("keys", &self.keys().collect::<Vec<_>>())
                .field(
                    "undescribed_keys",
                    &self.undescribed_keys().collect::<Vec<_>>(),
                )
                .field("aliases", &self.iter());
        } else {
            table
                .field("keys", &self.key_count())
                .field("aliases", &self.len());
        }
        table.finish()
    }
}
