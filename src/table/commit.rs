//! Changing a table: the rules judge, then the effect is committed. No rule is decided here.

use alloc::vec::Vec;
use core::borrow::Borrow;

use super::alias_table::AliasTable;
use super::inconsistency::{Inconsistent, RefusedAt};
use super::store::{AliasSlot, AliasStore, KeySlot, NewAlias, PREFETCH};
use crate::identifier::{AliasName, KeyId, TargetKeyId};
use crate::key::{KeyMetadata, Timestamp};
use crate::operation::{Change, Effect, Operation, Refusal};

/// Up to so many aliases a table fits into the processor's caches, and prefetching costs more than
/// it gains.
const IN_CACHE: usize = 1 << 15;

/// Where in the store an effect takes place: found once, by the rules or by a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Site {
    /// The alias that is moved or deleted.
    pub(super) alias: Option<AliasSlot>,
    /// The key on which the alias is put, or which is changed itself.
    pub(super) key: Option<KeySlot>,
}

impl Site {
    /// The site of an effect on a key itself.
    pub(super) const fn of_key(key: Option<KeySlot>) -> Self {
        Self { alias: None, key }
    }
}

/// An effect that no rule refuses, and where it takes place.
pub(super) struct Planned {
    pub(super) effect: Effect,
    pub(super) site: Site,
}

impl AliasTable {
    /// What an operation would do now, without doing it: exactly what [`apply`](Self::apply) says.
    ///
    /// # Errors
    /// The first rule that the operation breaks.
    pub fn check(&self, operation: &Operation, at: Timestamp) -> Result<Change, Refusal> {
        let planned = self.judge(operation, at)?;
        Ok(Change::new(self.next_or_full()?, planned.effect))
    }

    /// Does an operation, or refuses it and changes nothing.
    ///
    /// # Errors
    /// The first rule that the operation breaks.
    pub fn apply(&mut self, operation: &Operation, at: Timestamp) -> Result<Change, Refusal> {
        let planned = self.judge(operation, at)?;
        self.make(planned)
    }

    /// Does all of these operations in their order, or none of them.
    ///
    /// In a large table this takes less time than to apply them one by one, as what several of them
    /// read is asked of memory together.
    ///
    /// # Errors
    /// Which operation is refused after those before it, and the first rule that it breaks.
    pub fn apply_all<T: Borrow<Operation>>(
        &mut self,
        operations: impl IntoIterator<Item = T>,
        at: Timestamp,
    ) -> Result<Vec<Change>, RefusedAt> {
        let operations: Vec<T> = operations.into_iter().collect();
        let mut changes = Vec::with_capacity(operations.len());
        for batch in operations.chunks(PREFETCH) {
            if self.len() > IN_CACHE {
                let named = batch
                    .iter()
                    .filter_map(|operation| names(operation.borrow()));
                self.store.prefetch(named);
            }
            for operation in batch {
                match self.apply(operation.borrow(), at) {
                    Ok(change) => changes.push(change),
                    Err(refusal) => {
                        let index = changes.len();
                        self.take_all_back(&changes);
                        return Err(RefusedAt { index, refusal });
                    }
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
        let target = self.judge_create(&alias_name, &target_key_id.into())?;
        self.make(Self::created(alias_name, target, at))
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
        let moved = self.judge_update(&alias_name, &target_key_id.into())?;
        let planned = Self::updated(alias_name, &moved, at);
        self.make(planned)
    }

    /// Deletes an alias (rule D1).
    ///
    /// # Errors
    /// A4, U1: the first that is broken.
    pub fn delete_alias(&mut self, alias_name: &AliasName) -> Result<Change, Refusal> {
        let planned = self.judge_delete(alias_name)?;
        self.make(planned)
    }

    /// Deletes every key whose deletion is due, with its aliases (rules S4, S5), in the order of
    /// their IDs. A key whose date is not known is due at no time.
    ///
    /// Nothing in a table happens by itself: whoever plays KMS calls this as time passes.
    ///
    /// ```
    /// use kms_alias::{Operation, WaitingPeriod};
    /// # use kms_alias::{AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp};
    /// # let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
    /// # let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    /// # let mut table = AliasTable::new(scope);
    /// # table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
    /// # let at = Timestamp::from_millis(1_700_000_000_000);
    /// let waiting_period = WaitingPeriod::LEAST; // 7 days
    /// table.apply(&Operation::ScheduleKeyDeletion { key_id: key_id.into(), waiting_period }, at)?;
    /// assert_eq!(table.delete_due_keys(at.plus_days(6)), []);
    /// assert_eq!(table.delete_due_keys(at.plus_days(7)).len(), 1);
    /// assert_eq!(table.key_count(), 0);
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    pub fn delete_due_keys(&mut self, at: Timestamp) -> Vec<Change> {
        if self.none_due_before.is_none_or(|due| at < due) {
            return Vec::new();
        }
        let is_due = |key: &&KeyMetadata| key.deletion_date().is_some_and(|due| due <= at);
        let due = self.keys().filter(is_due).map(KeyMetadata::key_id);
        let due: Vec<KeyId> = due.collect();
        let delete = |key_id| self.apply(&Operation::DeleteKey { key_id }, at).ok();
        let changes = due.into_iter().filter_map(delete).collect();
        self.none_due_before = self.keys().filter_map(KeyMetadata::deletion_date).min();
        changes
    }

    /// The number of the next change; none after `u64::MAX` of them.
    #[inline(always)]
    pub(super) const fn next(&self) -> Option<u64> {
        self.sequence.checked_add(1)
    }

    #[inline(always)]
    fn next_or_full(&self) -> Result<u64, Refusal> {
        self.next().ok_or_else(|| self.full())
    }

    /// Commits what the rules let through, unless no number is left for it (rule Q).
    #[inline(always)]
    fn make(&mut self, planned: Planned) -> Result<Change, Refusal> {
        let sequence = self.next_or_full()?;
        self.commit(&planned.effect, planned.site);
        Ok(Change::new(sequence, planned.effect))
    }

    /// As [`make`](Self::make), for a change that no operation asks for.
    pub(super) fn insist(&mut self, effect: Effect, site: Site) -> Result<Change, Inconsistent> {
        let full = Inconsistent::TooManyChanges(self.sequence);
        let sequence = self.next().ok_or(full)?;
        self.commit(&effect, site);
        Ok(Change::new(sequence, effect))
    }

    /// Does what an effect says at the site that was found for it, and counts it: the only way in
    /// which a table changes forwards.
    #[inline(always)]
    pub(super) fn commit(&mut self, effect: &Effect, site: Site) {
        debug_assert_eq!(Some(site), self.site_before(effect), "{effect:?}");
        match effect {
            Effect::AliasCreated { alias_name, at, .. } => {
                self.store.insert_alias(&NewAlias {
                    name: alias_name.as_str(),
                    key: site.key,
                    creation_date: Some(*at),
                    last_updated_date: Some(*at),
                });
            }
            Effect::AliasUpdated { at, .. } => self.move_alias(site, Some(*at)),
            Effect::AliasDeleted { .. } => self.remove_alias(site),
            Effect::AwsAliasPut { after, .. } => {
                self.remove_alias(site);
                self.store.insert_alias(&NewAlias::of(after, site.key));
            }
            Effect::UndescribedKeyInserted { key_id } => {
                self.store.insert_key(*key_id);
            }
            Effect::KeyInserted { key } => {
                self.put_key(key);
            }
            Effect::KeyDescribed { key: after } | Effect::KeyChanged { after, .. } => {
                self.describe_site(site, after);
            }
            Effect::KeyRemoved { .. }
            | Effect::UndescribedKeyRemoved { .. }
            | Effect::KeyDeleted { .. } => self.remove_key_with_aliases(site),
        }
        self.sequence = self.sequence.saturating_add(1);
    }

    /// Removes the alias of a site, if there is one.
    #[inline(always)]
    pub(super) fn remove_alias(&mut self, site: Site) {
        if let Some(alias) = site.alias {
            self.store.remove_alias(alias);
        }
    }

    /// Moves the alias of a site to its key.
    #[inline(always)]
    pub(super) fn move_alias(&mut self, site: Site, updated: Option<Timestamp>) {
        if let (Some(alias), Some(key)) = (site.alias, site.key) {
            self.store.move_alias(alias, key, updated);
        }
    }

    /// Takes the key of a site out, with the aliases that it has.
    pub(super) fn remove_key_with_aliases(&mut self, site: Site) {
        if let Some(key) = site.key {
            for alias in self.aliases_on(key) {
                self.store.remove_alias(alias);
            }
            self.store.remove_key(key);
        }
    }

    /// Describes the key of a site.
    pub(super) fn describe_site(&mut self, site: Site, key: &KeyMetadata) {
        if let Some(slot) = site.key {
            self.describe(slot, key);
        }
    }

    /// Puts in a key that is not there, and describes it.
    pub(super) fn put_key(&mut self, key: &KeyMetadata) -> KeySlot {
        let slot = self.store.insert_key(key.key_id());
        self.describe(slot, key);
        slot
    }

    /// Describes a key, and takes note of the date of its deletion.
    pub(super) fn describe(&mut self, slot: KeySlot, key: &KeyMetadata) {
        let dates = [self.none_due_before, key.deletion_date()];
        self.none_due_before = dates.into_iter().flatten().min();
        self.store.describe_key(slot, Some(key.clone()));
    }

    /// The slot of a key, which is put in undescribed if it is not there.
    pub(super) fn key_slot(&mut self, key_id: KeyId) -> KeySlot {
        let found = self.store.find_key(key_id);
        found.unwrap_or_else(|| self.store.insert_key(key_id))
    }
}

/// The alias and the key that an operation on an alias names.
fn names(operation: &Operation) -> Option<(&str, Option<KeyId>)> {
    match operation {
        Operation::CreateAlias {
            alias_name,
            target_key_id,
        }
        | Operation::UpdateAlias {
            alias_name,
            target_key_id,
        } => Some((alias_name.as_str(), Some(target_key_id.key_id()))),
        Operation::DeleteAlias { alias_name } => Some((alias_name.as_str(), None)),
        Operation::EnableKey { .. }
        | Operation::DisableKey { .. }
        | Operation::ScheduleKeyDeletion { .. }
        | Operation::CancelKeyDeletion { .. }
        | Operation::DeleteKey { .. }
        | Operation::SetKeyState { .. } => None,
    }
}
