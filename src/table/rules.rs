//! The rules, one function each, and the order in which they are checked.
//!
//! No source settles the order, and a request that breaks two rules shows it. Ours, the same for
//! every entry point, after the shapes that `operation` checked: reserved names (A4), the alias
//! exists (U1) or is free (A6), the key's partition and account (T3), its Region (T2), that it
//! exists (T1) and is the customer's (T4, S7), its state (T5, S8), the same usage (U4), the same
//! type (U3), the quota (T6), room in the table (Q).
//!
//! Where the next rule asks for a fact that the table lacks, the answer is that it is open (I6),
//! even if a later rule is broken for certain: which rule refuses is part of the answer.

use alloc::string::ToString;

use super::alias::Alias;
use super::alias_table::AliasTable;
use super::commit::{Planned, Site};
use super::store::{AliasStore, KeySlot};
use crate::identifier::{
    AliasName, AnyAliasName, KeyArn, KeyId, KeyIdentifier, Scope, TargetKeyId,
};
use crate::key::{KeyManager, KeyMetadata, KeyTraits, KmsOperation, Timestamp};
use crate::operation::{Effect, Operation, Refusal, StateRefusal, other_account, other_region};

/// An update that passed every rule: where, so that the commit need not search again.
#[derive(Clone, Copy)]
pub(super) struct Move<'a> {
    pub(super) alias: Alias<'a>,
    pub(super) from: Found,
    pub(super) to: Found,
}

/// A key that an operation found, and what rules ask of it.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub(super) slot: KeySlot,
    pub(super) key_id: KeyId,
    pub(super) traits: KeyTraits,
}

impl AliasTable {
    /// Everything that an operation has to obey, and what it does if it obeys.
    #[inline(always)]
    pub(super) fn judge(&self, operation: &Operation, at: Timestamp) -> Result<Planned, Refusal> {
        match operation {
            Operation::CreateAlias {
                alias_name,
                target_key_id,
            } => {
                let target = self.judge_create(alias_name, target_key_id)?;
                Ok(Self::created(alias_name.clone(), target, at))
            }
            Operation::UpdateAlias {
                alias_name,
                target_key_id,
            } => {
                let moved = self.judge_update(alias_name, target_key_id)?;
                Ok(Self::updated(alias_name.clone(), &moved, at))
            }
            Operation::DeleteAlias { alias_name } => self.judge_delete(alias_name),
            Operation::EnableKey { key_id } => self.judge_enable(key_id),
            Operation::DisableKey { key_id } => self.judge_disable(key_id),
            Operation::ScheduleKeyDeletion {
                key_id,
                waiting_period,
            } => self.judge_schedule(key_id, *waiting_period, at),
            Operation::CancelKeyDeletion { key_id } => self.judge_cancel(key_id),
            Operation::DeleteKey { key_id } => self.judge_deletion(*key_id, at),
            Operation::SetKeyState { key_id, state } => self.judge_fact(*key_id, *state, at),
        }
    }

    /// CreateAlias (rule C1): the key on which the alias will stand.
    #[inline(always)]
    pub(super) fn judge_create(
        &self,
        alias_name: &AliasName,
        target: &TargetKeyId,
    ) -> Result<Found, Refusal> {
        self.allow_name(alias_name)?;
        self.free_name(alias_name)?;
        let target = self.target(KmsOperation::CreateAlias, target)?;
        self.below_quota(target.slot)?;
        self.room_in_table()?;
        Ok(target)
    }

    #[inline(always)]
    pub(super) fn created(alias_name: AliasName, target: Found, at: Timestamp) -> Planned {
        Planned {
            effect: Effect::AliasCreated {
                alias_name: alias_name.into(),
                target_key_id: target.key_id,
                at,
            },
            site: Site {
                alias: None,
                key: Some(target.slot),
            },
        }
    }

    /// UpdateAlias: the alias, its key, and the key that it will have, which may be the same (rule U7).
    /// The present key may be in any state (rule U5).
    #[inline(always)]
    pub(super) fn judge_update(
        &self,
        alias_name: &AliasName,
        target: &TargetKeyId,
    ) -> Result<Move<'_>, Refusal> {
        self.allow_name(alias_name)?;
        let alias = self.existing_alias(alias_name)?;
        let target = self.target(KmsOperation::UpdateAlias, target)?;
        let from = self.present_key(&alias)?;
        same_usage(alias_name, from, target)?;
        same_type(alias_name, from, target)?;
        if from.slot != target.slot {
            self.below_quota(target.slot)?;
        }
        Ok(Move {
            alias,
            from,
            to: target,
        })
    }

    /// The key that an alias has, in whatever state that is (rules I2, U5, I6).
    #[inline(always)]
    pub(super) fn present_key(&self, alias: &Alias<'_>) -> Result<Found, Refusal> {
        let key = alias
            .key()
            .ok_or_else(|| self.not_found(&alias.to_name()))?;
        self.described(None, key)
    }

    /// What an update does (rule U6): its date is that of the last update.
    #[inline(always)]
    pub(super) fn updated(alias_name: AliasName, moved: &Move<'_>, at: Timestamp) -> Planned {
        Planned {
            effect: Effect::AliasUpdated {
                alias_name: alias_name.into(),
                from: moved.from.key_id,
                to: moved.to.key_id,
                updated_before: moved.alias.last_updated_date(),
                at,
            },
            site: Site {
                alias: Some(moved.alias.slot()),
                key: Some(moved.to.slot),
            },
        }
    }

    /// DeleteAlias (rule D1): whatever the state of the key.
    pub(super) fn judge_delete(&self, alias_name: &AliasName) -> Result<Planned, Refusal> {
        self.allow_name(alias_name)?;
        let alias = self.existing_alias(alias_name)?;
        Ok(Planned {
            effect: Effect::AliasDeleted {
                alias: alias.to_entry(),
            },
            site: Site {
                alias: Some(alias.slot()),
                key: None,
            },
        })
    }

    /// Rules K8, T3, T2, U1, L5, T1, I6, T4, S7, M, S6, S8: a call on a key, through an alias or not.
    pub(super) fn judge_use(
        &self,
        operation: KmsOperation,
        identifier: &KeyIdentifier,
    ) -> Result<&KeyMetadata, Refusal> {
        let through_alias = identifier.alias_name().is_some();
        if through_alias && !operation.takes_alias() {
            return Err(Refusal::AliasNotSupported {
                value: identifier.to_string().into(),
            });
        }
        let key = self.identified_key(identifier).map_err(|refusal| {
            // Decrypt does not say which Region it is (recorded).
            match refusal {
                Refusal::OtherRegion { region } if operation == KmsOperation::Decrypt => {
                    Refusal::IncorrectKey { region }
                }
                refusal => refusal,
            }
        })?;
        let found = self.described(Some(operation), key)?;
        self.callers_own(operation, found)?;
        self.has_usage(operation, found)?;
        let refusal = if through_alias {
            Refusal::UseThroughAlias
        } else {
            Refusal::KeyState
        };
        self.allowed(operation, found).map_err(refusal)?;
        self.metadata(key)
    }

    /// Rules T3, T2, T1, T4, T5: the target of an alias.
    #[inline(always)]
    fn target(&self, operation: KmsOperation, target: &TargetKeyId) -> Result<Found, Refusal> {
        let found = self.described(Some(operation), self.named_key(target)?)?;
        self.callers_own(operation, found)?;
        self.allowed(operation, found)
            .map_err(Refusal::TargetKeyState)?;
        Ok(found)
    }

    /// Rules T3, T2, T1, S7, S8: a key whose life is changed.
    pub(super) fn own_key(
        &self,
        operation: KmsOperation,
        key_id: &TargetKeyId,
    ) -> Result<(Found, &KeyMetadata), Refusal> {
        let found = self.described(Some(operation), self.named_key(key_id)?)?;
        self.callers_own(operation, found)?;
        self.allowed(operation, found).map_err(Refusal::KeyState)?;
        Ok((found, self.metadata(found.slot)?))
    }

    /// Rules K6, T3, T2, U1, L5, T1: the key that an identifier of any form names.
    pub(super) fn identified_key(&self, identifier: &KeyIdentifier) -> Result<KeySlot, Refusal> {
        match identifier {
            KeyIdentifier::KeyId(key_id) => self.existing_key(*key_id),
            KeyIdentifier::KeyArn(arn) => self.named_key(&(*arn).into()),
            KeyIdentifier::AliasName(name) => self.key_of_name(name),
            KeyIdentifier::AliasArn(arn) => {
                self.same_scope(arn.scope())?;
                self.key_of_name(arn.alias_name())
            }
        }
    }

    fn key_of_name(&self, name: &AnyAliasName) -> Result<KeySlot, Refusal> {
        self.find_alias(name.as_bytes())
            .and_then(|alias| alias.key())
            .ok_or_else(|| self.not_found(name))
    }

    /// Rules T3, T2, T1 of a key that is named by ID or ARN.
    #[inline(always)]
    pub(super) fn named_key(&self, key: &TargetKeyId) -> Result<KeySlot, Refusal> {
        if let TargetKeyId::KeyArn(arn) = key {
            self.same_scope(arn.scope())?;
        }
        self.existing_key(key.key_id())
    }
}

/// The rules of the table, in the order in which they are checked.
impl AliasTable {
    /// Rule A4.
    #[inline(always)]
    pub(super) fn allow_name(&self, name: &AliasName) -> Result<(), Refusal> {
        let reserved_names = self.reserved_names;
        if reserved_names.reserves_bytes(name.as_bytes()) {
            return Err(Refusal::ReservedAliasName {
                alias_name: name.as_str().into(),
                reserved_names,
            });
        }
        Ok(())
    }

    /// Rule U1; U2, as a name is looked for in this account alone.
    #[inline(always)]
    pub(super) fn existing_alias(&self, name: &AliasName) -> Result<Alias<'_>, Refusal> {
        self.find_alias(name.as_bytes())
            .ok_or_else(|| self.not_found(name))
    }

    #[cold]
    fn not_found(&self, name: &(impl Clone + Into<AnyAliasName>)) -> Refusal {
        Refusal::AliasNotFound {
            alias: self.alias_arn(name.clone()),
        }
    }

    /// Rule A6.
    pub(super) fn free_name(&self, name: &AliasName) -> Result<(), Refusal> {
        match self.find_alias(name.as_bytes()) {
            Some(_) => Err(Refusal::AlreadyExists {
                alias: self.alias_arn(name.clone()),
            }),
            None => Ok(()),
        }
    }

    /// Rules T3 and T2, in this order.
    fn same_scope(&self, scope: Scope) -> Result<(), Refusal> {
        self.same_account(scope)?;
        self.same_region(scope)
    }

    /// Rule T3.
    pub(super) fn same_account(&self, scope: Scope) -> Result<(), Refusal> {
        other_account(self.scope, scope).map_or(Ok(()), Err)
    }

    /// Rule T2.
    pub(super) fn same_region(&self, scope: Scope) -> Result<(), Refusal> {
        other_region(self.scope, scope).map_or(Ok(()), Err)
    }

    /// Rule T1: a key that is described or not.
    #[inline(always)]
    pub(super) fn existing_key(&self, key_id: KeyId) -> Result<KeySlot, Refusal> {
        let found = self.store.find_key(key_id);
        found.ok_or_else(|| self.no_key(key_id))
    }

    #[cold]
    fn no_key(&self, key_id: KeyId) -> Refusal {
        Refusal::KeyNotFound {
            key: self.key_arn(key_id),
        }
    }

    /// Rule I6: what rules ask of a key, for an operation on it if there is one.
    #[inline(always)]
    pub(super) fn described(
        &self,
        operation: Option<KmsOperation>,
        slot: KeySlot,
    ) -> Result<Found, Refusal> {
        match self.store.traits(slot) {
            Some(traits) => Ok(Found {
                slot,
                key_id: self.store.key_id(slot),
                traits,
            }),
            None => Err(self.not_described(operation, slot)),
        }
    }

    /// What an operation on a key that is not described is refused with (rule I6).
    ///
    /// A key on which only AWS's own aliases stand is AWS's: T4 or S7 refuses it for certain. On any
    /// other key the next rule asks for its state, which is not known. A full quota (T6) is known, but
    /// T5, U4 and U3 come before it, so it does not refuse here.
    #[cold]
    fn not_described(&self, operation: Option<KmsOperation>, slot: KeySlot) -> Refusal {
        let key = self.key_arn(self.store.key_id(slot));
        let is_of_aws = self.store.count_on_key(slot) > 0 && self.reaches(slot, 1).is_none();
        let refused = operation.filter(|_| is_of_aws);
        let refused = refused.and_then(|operation| closed_to_callers(operation, key));
        refused.unwrap_or(Refusal::NotDescribed { key })
    }

    /// All that is known of a key, or rule I6.
    pub(super) fn metadata(&self, slot: KeySlot) -> Result<&KeyMetadata, Refusal> {
        let key = self.store.metadata(slot);
        key.ok_or_else(|| Refusal::NotDescribed {
            key: self.key_arn(self.store.key_id(slot)),
        })
    }

    /// Rules T4 and S7: AWS's own keys are closed to callers.
    #[inline(always)]
    pub(super) fn callers_own(&self, operation: KmsOperation, found: Found) -> Result<(), Refusal> {
        if found.traits.manager != KeyManager::Aws {
            return Ok(());
        }
        let refused = closed_to_callers(operation, self.key_arn(found.key_id));
        refused.map_or(Ok(()), Err)
    }

    /// Rule M: the usage that a call needs, which is asked before the state (measured).
    fn has_usage(&self, operation: KmsOperation, found: Found) -> Result<(), Refusal> {
        let usage = found.traits.usage;
        match operation.usage() {
            Some(needed) if needed != usage => Err(Refusal::KeyUsage {
                key: self.key_arn(found.key_id),
                usage,
                operation,
            }),
            _ => Ok(()),
        }
    }

    /// What rules T5, S6 and S8 share: the key-state table.
    #[inline(always)]
    pub(super) fn allowed(
        &self,
        operation: KmsOperation,
        found: Found,
    ) -> Result<(), StateRefusal> {
        let KeyTraits { state, origin, .. } = found.traits;
        let verdict = operation.verdict_in(state, origin);
        verdict.map_err(|footnote| StateRefusal {
            key: self.key_arn(found.key_id),
            state,
            origin,
            footnote,
        })
    }
}

/// Rules T4 and S7: why no caller does this with a key of AWS's own, if that is so.
fn closed_to_callers(operation: KmsOperation, key: KeyArn) -> Option<Refusal> {
    match operation {
        KmsOperation::CreateAlias | KmsOperation::UpdateAlias => {
            Some(Refusal::AwsManagedTarget { operation, key })
        }
        _ if operation.changes_key() => Some(Refusal::AwsManagedKey { operation, key }),
        _ => None,
    }
}

/// Rule U4.
#[inline(always)]
pub(super) fn same_usage(name: &AliasName, present: Found, new: Found) -> Result<(), Refusal> {
    let (from, to) = (present.traits.usage, new.traits.usage);
    if from == to {
        Ok(())
    } else {
        Err(Refusal::KeyUsageDiffers {
            alias_name: name.clone(),
            from,
            to,
        })
    }
}

/// Rule U3.
#[inline(always)]
pub(super) fn same_type(name: &AliasName, present: Found, new: Found) -> Result<(), Refusal> {
    let (from, to) = (present.traits.key_type, new.traits.key_type);
    if from == to {
        Ok(())
    } else {
        Err(Refusal::KeyTypeDiffers {
            alias_name: name.clone(),
            from,
            to,
        })
    }
}

impl AliasTable {
    /// Rule T6.
    #[inline(always)]
    pub(super) fn below_quota(&self, key: KeySlot) -> Result<(), Refusal> {
        let quota = self.aliases_per_key;
        match self.reaches(key, quota) {
            None => Ok(()),
            Some(usage) => Err(Refusal::AliasesPerKeyQuota { quota, usage }),
        }
    }

    /// Rule Q: a table has a bound, which is many times what an account can have.
    #[inline(always)]
    pub(super) fn room_in_table(&self) -> Result<(), Refusal> {
        if self.store.room() > 0 {
            Ok(())
        } else {
            Err(self.full())
        }
    }

    #[cold]
    pub(super) fn full(&self) -> Refusal {
        Refusal::TableFull {
            aliases: self.store.alias_count(),
        }
    }
}
