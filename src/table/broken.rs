//! Every rule that an operation breaks, and not only the first.

use alloc::vec::Vec;

use super::alias::Alias;
use super::alias_table::AliasTable;
use super::rules::{Found, same_type, same_usage};
use super::store::KeySlot;
use crate::identifier::{AliasName, TargetKeyId};
use crate::key::{KmsOperation, Timestamp};
use crate::operation::{Operation, Refusal, StateRefusal};

impl AliasTable {
    /// Every rule that an operation breaks, in the order in which they are checked.
    ///
    /// The first is what [`check`](Self::check) says, and there is none where the operation would
    /// be done. A rule that cannot be checked counts as kept: a key that does not exist has no
    /// state. For a key that is not described one refusal (I6) stands in place of the rules on its
    /// properties.
    ///
    /// ```
    /// use kms_alias::{AccountId, AliasTable, KeyId, Operation, Region, Rule, Scope, Timestamp};
    ///
    /// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
    /// let nobodys = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    /// let operation = Operation::UpdateAlias {
    ///     alias_name: "alias/payments".parse()?,
    ///     target_key_id: nobodys.into(),
    /// };
    /// let refusals = AliasTable::new(scope).broken_rules(&operation, Timestamp::from_millis(0));
    /// let rules: Vec<Rule> = refusals.iter().map(|refusal| refusal.rule()).collect();
    /// assert_eq!(rules, [Rule::U1, Rule::T1]);
    /// # Ok::<(), kms_alias::ParseError>(())
    /// ```
    #[must_use]
    pub fn broken_rules(&self, operation: &Operation, at: Timestamp) -> Vec<Refusal> {
        let mut broken = Broken::default();
        match operation {
            Operation::CreateAlias {
                alias_name,
                target_key_id,
            } => broken.creating(self, alias_name, target_key_id),
            Operation::UpdateAlias {
                alias_name,
                target_key_id,
            } => broken.updating(self, alias_name, target_key_id),
            Operation::DeleteAlias { alias_name } => {
                broken.existing(self, alias_name);
            }
            Operation::EnableKey { key_id } => {
                broken.life(self, KmsOperation::EnableKey, key_id);
            }
            Operation::DisableKey { key_id } => {
                broken.life(self, KmsOperation::DisableKey, key_id);
            }
            Operation::ScheduleKeyDeletion { key_id, .. } => {
                broken.life(self, KmsOperation::ScheduleKeyDeletion, key_id);
            }
            Operation::CancelKeyDeletion { key_id } => {
                broken.life(self, KmsOperation::CancelKeyDeletion, key_id);
            }
            // What happens without a request is checked against one rule at a time.
            Operation::DeleteKey { .. } | Operation::SetKeyState { .. } => {
                broken.0.extend(self.check(operation, at).err());
            }
        }
        broken.0
    }
}

/// The rules that are broken so far.
#[derive(Default)]
struct Broken(Vec<Refusal>);

impl Broken {
    /// The value of a rule that is kept; one that is broken is noted.
    fn note<T>(&mut self, kept: Result<T, Refusal>) -> Option<T> {
        kept.map_err(|refusal| self.0.push(refusal)).ok()
    }

    /// Rules A4, A6, T3, T2, T1, T4, T5, T6, Q.
    fn creating(&mut self, table: &AliasTable, name: &AliasName, target: &TargetKeyId) {
        self.note(table.allow_name(name));
        self.note(table.free_name(name));
        let state = Refusal::TargetKeyState;
        if let Some((slot, _)) = self.key(table, KmsOperation::CreateAlias, target, state) {
            self.note(table.below_quota(slot));
        }
        self.note(table.room_in_table());
    }

    /// Rules A4, U1, T3, T2, T1, T4, T5, U4, U3, T6.
    fn updating(&mut self, table: &AliasTable, name: &AliasName, target: &TargetKeyId) {
        let alias = self.existing(table, name);
        let state = Refusal::TargetKeyState;
        let target = self.key(table, KmsOperation::UpdateAlias, target, state);
        let (Some(alias), Some((slot, target))) = (alias, target) else {
            return;
        };
        let present = match table.present_key(&alias) {
            // If it is the target too, this is noted already.
            Err(_) if alias.key() == Some(slot) => None,
            present => self.note(present),
        };
        if let (Some(present), Some(target)) = (present, target) {
            self.note(same_usage(name, present, target));
            self.note(same_type(name, present, target));
        }
        if alias.key() != Some(slot) {
            self.note(table.below_quota(slot));
        }
    }

    /// Rules A4, U1.
    fn existing<'a>(&mut self, table: &'a AliasTable, name: &AliasName) -> Option<Alias<'a>> {
        self.note(table.allow_name(name));
        self.note(table.existing_alias(name))
    }

    /// Rules T3, T2, T1, S7, S8.
    fn life(&mut self, table: &AliasTable, operation: KmsOperation, key_id: &TargetKeyId) {
        self.key(table, operation, key_id, Refusal::KeyState);
    }

    /// Rules T3, T2, T1, T4 or S7, and T5 or S8, or I6 in their place: the key, if there is one here,
    /// and what is known of it.
    fn key(
        &mut self,
        table: &AliasTable,
        operation: KmsOperation,
        key_id: &TargetKeyId,
        state: fn(StateRefusal) -> Refusal,
    ) -> Option<(KeySlot, Option<Found>)> {
        if let TargetKeyId::KeyArn(arn) = key_id {
            let account = self.note(table.same_account(arn.scope()));
            let region = self.note(table.same_region(arn.scope()));
            account.and(region)?;
        }
        let slot = self.note(table.existing_key(key_id.key_id()))?;
        let found = self.note(table.described(Some(operation), slot));
        if let Some(found) = found {
            self.note(table.callers_own(operation, found));
            self.note(table.allowed(operation, found).map_err(state));
        }
        Some((slot, found))
    }
}
