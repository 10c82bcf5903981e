//! The table: check, then commit. No rule is decided here.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::facts::{Alias, Facts, Warning};
use super::inconsistent::{Inconsistent, RefusedAt};
use super::store::{LOOK_AHEAD, Store};
use crate::identifier::{AliasName, KeyId, KeyIdentifier, ReservedNames, Scope, TargetKeyId};
use crate::key::{KeyMetadata, KmsOperation, Timestamp};
use crate::operation::{Change, Effect, Operation, Refusal};

/// The quota of aliases per key, unless AWS raised it (rule T6).
const ALIASES_PER_KEY: u32 = 50;

/// So many aliases lie in the processor's caches, and nobody waits for them.
const NEARBY: usize = 1 << 15;

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
/// table.undo(change)?;
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

    pub(super) const fn facts(&self) -> Facts<'_> {
        Facts {
            scope: &self.scope,
            reserved_names: self.reserved_names,
            aliases_per_key: self.aliases_per_key,
            store: &self.store,
        }
    }

    /// Puts a key into the table.
    ///
    /// # Errors
    /// I1: the key stands there already. I2: it is of another account or Region.
    pub fn insert_key(&mut self, key: KeyMetadata) -> Result<Change, Inconsistent> {
        let (scope, found) = (self.scope, key.arn().scope());
        if found != scope {
            return Err(Inconsistent::OtherScope { scope, found });
        }
        if self.store.find_key(key.key_id()).is_some() {
            return Err(Inconsistent::DuplicateKey(key.arn()));
        }
        self.store.put_key(key.clone());
        Ok(self.record(Effect::KeyInserted { key: Box::new(key) }))
    }

    /// Takes a key out of the table, as if it had never been there.
    ///
    /// # Errors
    /// T1: there is no such key. I5: aliases stand on it.
    pub fn remove_key(&mut self, key_id: &KeyId) -> Result<Change, Inconsistent> {
        let arn = self.facts().key_arn(*key_id);
        let (slot, _) = self
            .store
            .find_key(*key_id)
            .ok_or(Inconsistent::UnknownKey(arn))?;
        let count = self.store.count_aliases(slot);
        match self.store.key(slot) {
            Some(key) if count == 0 => {
                let key = Box::new(key.clone());
                self.store.remove_key(slot);
                Ok(self.record(Effect::KeyRemoved { key }))
            }
            _ => Err(Inconsistent::HasAliases { key: arn, count }),
        }
    }

    /// What an operation would do now, without doing it: exactly what [`apply`](Self::apply) says.
    ///
    /// # Errors
    /// The first rule that the operation breaks.
    pub fn check(&self, operation: &Operation, at: Timestamp) -> Result<Change, Refusal> {
        let effect = self.facts().judge(operation, at)?;
        Ok(Change::new(self.next(), effect))
    }

    /// Does an operation, or refuses it and changes nothing.
    ///
    /// # Errors
    /// The first rule that the operation breaks.
    pub fn apply(&mut self, operation: &Operation, at: Timestamp) -> Result<Change, Refusal> {
        match operation {
            Operation::CreateAlias {
                alias_name,
                target_key_id,
            } => self.create(alias_name.clone(), target_key_id, at),
            Operation::UpdateAlias {
                alias_name,
                target_key_id,
            } => self.update(alias_name.clone(), target_key_id, at),
            Operation::DeleteAlias { alias_name } => self.delete_alias(alias_name),
            operation => {
                let effect = self.facts().judge(operation, at)?;
                self.redo(&effect);
                Ok(self.record(effect))
            }
        }
    }

    /// Does all of these operations in their order, or none of them.
    ///
    /// # Errors
    /// Which operation is refused after those before it, and the first rule that it breaks.
    pub fn apply_all(
        &mut self,
        operations: &[Operation],
        at: Timestamp,
    ) -> Result<Vec<Change>, RefusedAt> {
        let mut changes = Vec::with_capacity(operations.len());
        for (index, operation) in operations.iter().enumerate() {
            if index.is_multiple_of(LOOK_AHEAD) && self.len() > NEARBY {
                let ahead = operations.get(index..).unwrap_or_default();
                self.store.look_ahead_of(ahead.iter().filter_map(names));
            }
            match self.apply(operation, at) {
                Ok(change) => changes.push(change),
                Err(refusal) => {
                    for change in changes.iter().rev() {
                        self.take_back(change);
                    }
                    return Err(RefusedAt { index, refusal });
                }
            }
        }
        Ok(changes)
    }

    /// Creates an alias (rules C1, A1–A6, T1–T6, Q).
    ///
    /// # Errors
    /// A4, A6, T3, T2, T1, T4, T5, T6, Q: the first that is broken.
    pub fn create_alias(
        &mut self,
        alias_name: AliasName,
        target_key_id: impl Into<TargetKeyId>,
        at: Timestamp,
    ) -> Result<Change, Refusal> {
        self.create(alias_name, &target_key_id.into(), at)
    }

    fn create(
        &mut self,
        alias_name: AliasName,
        target: &TargetKeyId,
        at: Timestamp,
    ) -> Result<Change, Refusal> {
        let target = self.facts().judge_create(&alias_name, target)?;
        let effect = self.facts().created(alias_name, target, at);
        self.insert_created(&effect, target.slot);
        Ok(self.record(effect))
    }

    /// Moves an alias to another key (rules U1–U7, T1–T6).
    ///
    /// # Errors
    /// A4, U1, T3, T2, T1, T4, T5, U4, U3, T6: the first that is broken.
    pub fn update_alias(
        &mut self,
        alias_name: AliasName,
        target_key_id: impl Into<TargetKeyId>,
        at: Timestamp,
    ) -> Result<Change, Refusal> {
        self.update(alias_name, &target_key_id.into(), at)
    }

    fn update(
        &mut self,
        alias_name: AliasName,
        target: &TargetKeyId,
        at: Timestamp,
    ) -> Result<Change, Refusal> {
        let moved = self.facts().judge_update(&alias_name, target)?;
        let (alias, keys) = (moved.alias.slot(), (Some(moved.from.slot), moved.to.slot));
        let effect = self.facts().updated(alias_name, moved, at);
        // A customer's alias, as the type of its name says (rule A4).
        self.store.move_between(alias, keys, false, Some(at));
        Ok(self.record(effect))
    }

    /// Deletes an alias (rule D1).
    ///
    /// # Errors
    /// A4, U1: the first that is broken.
    pub fn delete_alias(&mut self, alias_name: &AliasName) -> Result<Change, Refusal> {
        let alias = self.facts().judge_delete(alias_name)?;
        let (slot, alias) = (alias.slot(), alias.to_entry());
        self.store.remove_alias(slot);
        Ok(self.record(Effect::AliasDeleted { alias }))
    }

    #[inline]
    pub(super) const fn next(&self) -> u64 {
        self.sequence.wrapping_add(1)
    }

    #[inline]
    pub(super) fn record(&mut self, effect: Effect) -> Change {
        self.sequence = self.next();
        Change::new(self.sequence, effect)
    }

    /// The alias of a name, a customer's or AWS's.
    pub fn get(&self, name: impl AsRef<str>) -> Option<Alias<'_>> {
        self.facts().find_alias(name.as_ref().as_bytes())
    }

    /// The ID of the key that an identifier names (rule K6).
    ///
    /// # Errors
    /// As [`describe_key`](Self::describe_key).
    pub fn resolve(&self, identifier: &KeyIdentifier) -> Result<KeyId, Refusal> {
        self.describe_key(identifier).map(KeyMetadata::key_id)
    }

    /// The key that an identifier names (rules K6, L5).
    ///
    /// # Errors
    /// T3, T2 (an ARN of elsewhere), U1 (no such alias, or one without a key), T1.
    pub fn describe_key(&self, identifier: &KeyIdentifier) -> Result<&KeyMetadata, Refusal> {
        self.facts().resolve(identifier)
    }

    /// What a call on a key meets, through an alias or not (rules S6, S7, S8, T4): the key, if the call
    /// works.
    ///
    /// # Errors
    /// K8 (an alias where the operation takes none), what [`describe_key`](Self::describe_key)
    /// refuses, T4, S7, S6 or S8 with the note of the key-state table.
    pub fn check_use(
        &self,
        operation: KmsOperation,
        identifier: &KeyIdentifier,
    ) -> Result<&KeyMetadata, Refusal> {
        self.facts().judge_use(operation, identifier)
    }

    /// The key of an ID.
    #[must_use]
    pub fn key(&self, key_id: &KeyId) -> Option<&KeyMetadata> {
        let (slot, _) = self.store.find_key(*key_id)?;
        self.store.key(slot)
    }

    /// The keys, in the order of their IDs.
    pub fn keys(&self) -> impl Iterator<Item = &KeyMetadata> {
        self.store.keys().filter_map(|slot| self.store.key(slot))
    }

    /// The aliases of a key, in the order of their names; none if there is no such key.
    pub fn aliases_of(&self, key_id: &KeyId) -> impl Iterator<Item = Alias<'_>> {
        let found = self.store.find_key(*key_id);
        found
            .map(|(slot, _)| self.facts().aliases_of(slot))
            .unwrap_or_default()
            .into_iter()
    }

    /// The aliases, in the order of their names (rule L4).
    pub fn iter(&self) -> impl Iterator<Item = Alias<'_>> {
        let facts = self.facts();
        self.store.aliases().map(move |slot| facts.alias(slot))
    }

    /// The aliases whose names come after a text, in the order of their names (rule L4).
    pub fn iter_after(&self, text: &str) -> impl Iterator<Item = Alias<'_>> {
        let facts = self.facts();
        let slots = self.store.aliases_after(text);
        slots.map(move |slot| facts.alias(slot))
    }

    /// Whether a key of this ID stands here, or one of AWS's own aliases names it (rule I2).
    #[must_use]
    pub fn knows_key(&self, key_id: &KeyId) -> bool {
        self.store.knows_key_id(*key_id)
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

    /// The number of keys.
    #[must_use]
    pub fn key_count(&self) -> usize {
        self.store.key_count()
    }

    /// What stands here that no operation would have brought about (rule I3): keys above the
    /// quota, in the order of their IDs, then reserved names.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> {
        let (facts, quota, reserved_names) =
            (self.facts(), self.aliases_per_key, self.reserved_names);
        let above = self.store.keys().filter_map(move |slot| {
            let count = facts.store.counted_aliases(slot);
            let key = facts.key_arn(facts.store.key_id(slot));
            (count > quota).then_some(Warning::AboveQuota { key, count, quota })
        });
        let reserved = self.iter().filter_map(move |alias| {
            let is_reserved = reserved_names.reserves(alias.name()) && !alias.to_name().is_aws();
            let alias_name = String::from(alias.name());
            is_reserved.then_some(Warning::ReservedName {
                alias_name,
                reserved_names,
            })
        });
        above.chain(reserved)
    }
}

/// What an operation on an alias names.
fn names(operation: &Operation) -> Option<(&[u8], KeyId)> {
    match operation {
        Operation::CreateAlias {
            alias_name,
            target_key_id,
        }
        | Operation::UpdateAlias {
            alias_name,
            target_key_id,
        } => Some((alias_name.as_bytes(), target_key_id.key_id())),
        _ => None,
    }
}

/// Equal tables hold the same keys and aliases under the same rules, and have made as many
/// changes.
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
            && self.len() == other.len()
            && self.keys().eq(other.keys())
            && self
                .iter()
                .map(|alias| alias.to_entry())
                .eq(other.iter().map(|alias| alias.to_entry()))
    }
}

impl Eq for AliasTable {}

impl fmt::Debug for AliasTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AliasTable")
            .field("scope", &self.scope)
            .field("reserved_names", &self.reserved_names)
            .field("aliases_per_key", &self.aliases_per_key)
            .field("sequence", &self.sequence)
            .field("keys", &self.key_count())
            .field("aliases", &self.len())
            .finish()
    }
}
