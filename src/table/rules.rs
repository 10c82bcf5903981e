//! The rules, one function each, and the order in which they are checked.
//!
//! No source settles the order, and a request that breaks two rules shows it. Ours, the same for
//! every entry point, after the shapes that `operation` checked: reserved names (A4), the alias
//! exists (U1) or is free (A6), the key's partition and account (T3), its Region (T2), that it
//! exists (T1) and is the customer's (T4, S7), its state (T5, S8), the same usage (U4), the same
//! type (U3), the quota (T6).

use alloc::boxed::Box;
use alloc::string::ToString;

use super::facts::{Alias, Facts};
use super::store::KeySlot;
use crate::identifier::{AliasName, AnyAliasName, KeyId, KeyIdentifier, Scope, TargetKeyId};
use crate::key::{
    Footnote, ImpossibleKey, KeyManager, KeyMetadata, KeyState, KeyStatus, KmsOperation,
    MultiRegionRole, ReturnsTo, Timestamp, WaitingPeriod,
};
use crate::operation::{Effect, Operation, Refusal, StateRefusal};

/// An update that passed every rule: where, so that the commit need not search again.
#[derive(Clone, Copy)]
pub(super) struct Move<'a> {
    pub(super) alias: Alias<'a>,
    pub(super) from: KeySlot,
    pub(super) to: KeySlot,
}

/// A key that an operation found.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) slot: KeySlot,
    pub(super) key: &'a KeyMetadata,
}

impl<'a> Facts<'a> {
    /// Everything that an operation has to obey, and what it does if it obeys.
    pub(super) fn judge(&self, operation: &Operation, at: Timestamp) -> Result<Effect, Refusal> {
        match operation {
            Operation::CreateAlias {
                alias_name,
                target_key_id,
            } => {
                let target = self.judge_create(alias_name, target_key_id)?;
                Ok(self.created(alias_name.clone(), target, at))
            }
            Operation::UpdateAlias {
                alias_name,
                target_key_id,
            } => {
                let moved = self.judge_update(alias_name, target_key_id)?;
                Ok(self.updated(alias_name.clone(), moved, at))
            }
            Operation::DeleteAlias { alias_name } => {
                let alias = self.judge_delete(alias_name)?.to_entry();
                Ok(Effect::AliasDeleted { alias })
            }
            Operation::EnableKey { key_id } => {
                let key = self.own_key(KmsOperation::EnableKey, key_id)?;
                settled(key, available(key, ReturnsTo::Enabled))
            }
            Operation::DisableKey { key_id } => {
                let key = self.own_key(KmsOperation::DisableKey, key_id)?;
                settled(key, available(key, ReturnsTo::Disabled))
            }
            Operation::ScheduleKeyDeletion {
                key_id,
                waiting_period,
            } => {
                let key = self.own_key(KmsOperation::ScheduleKeyDeletion, key_id)?;
                settled(key, scheduled(key, *waiting_period, at))
            }
            Operation::CancelKeyDeletion { key_id } => {
                let key = self.own_key(KmsOperation::CancelKeyDeletion, key_id)?;
                settled(key, KeyStatus::Disabled)
            }
            Operation::DeleteKey { key_id } => self.judge_deletion(*key_id, at),
            Operation::SetKeyState { key_id, state } => {
                set_from_outside(self.existing_key(*key_id)?.key, *state, at)
            }
        }
    }

    /// CreateAlias (rule C1): the key on which the alias will stand.
    #[inline]
    pub(super) fn judge_create(
        &self,
        alias_name: &AliasName,
        target: &TargetKeyId,
    ) -> Result<KeySlot, Refusal> {
        self.allow_name(alias_name)?;
        self.free_name(alias_name)?;
        let target = self.target(KmsOperation::CreateAlias, target)?;
        self.below_quota(target.slot)?;
        Ok(target.slot)
    }

    #[inline]
    pub(super) fn created(&self, alias_name: AliasName, target: KeySlot, at: Timestamp) -> Effect {
        Effect::AliasCreated {
            alias_name: alias_name.into(),
            target_key_id: self.store.key_id(target),
            at,
        }
    }

    /// UpdateAlias: the alias, its key, and the key that it will have, which may be the same (rule U7).
    #[inline]
    pub(super) fn judge_update(
        &self,
        alias_name: &AliasName,
        target: &TargetKeyId,
    ) -> Result<Move<'a>, Refusal> {
        self.allow_name(alias_name)?;
        let alias = self.existing_alias(alias_name)?;
        let target = self.target(KmsOperation::UpdateAlias, target)?;
        // A customer's alias always has its key (I2), in whatever state that is (U5).
        let (Some(from), Some(present)) = (alias.target(), alias.target_key()) else {
            return Err(self.not_found(alias_name.clone()));
        };
        same_usage(alias_name, present, target.key)?;
        same_type(alias_name, present, target.key)?;
        if from != target.slot {
            self.below_quota(target.slot)?;
        }
        Ok(Move {
            alias,
            from,
            to: target.slot,
        })
    }

    /// What an update does (rule U6): its date is that of the last update.
    #[inline]
    pub(super) fn updated(&self, alias_name: AliasName, moved: Move<'_>, at: Timestamp) -> Effect {
        Effect::AliasUpdated {
            alias_name: alias_name.into(),
            from: self.store.key_id(moved.from),
            to: self.store.key_id(moved.to),
            updated_before: moved.alias.last_updated_date(),
            at,
        }
    }

    /// DeleteAlias (rule D1): the alias that will go, whatever the state of its key.
    pub(super) fn judge_delete(&self, alias_name: &AliasName) -> Result<Alias<'a>, Refusal> {
        self.allow_name(alias_name)?;
        self.existing_alias(alias_name)
    }

    /// Rules S4 and S5: a deletion is carried out on its date, and takes the aliases along.
    fn judge_deletion(&self, key_id: KeyId, at: Timestamp) -> Result<Effect, Refusal> {
        let Found { slot, key } = self.existing_key(key_id)?;
        match key.status() {
            KeyStatus::PendingDeletion {
                deletion_date: Some(due),
            } if at < due => Err(Refusal::DeletionNotDue {
                key: key.arn(),
                deletion_date: due,
            }),
            KeyStatus::PendingDeletion { .. } => {
                let aliases = self.aliases_of(slot).iter().map(Alias::to_entry).collect();
                Ok(Effect::KeyDeleted {
                    key: Box::new(key.clone()),
                    aliases,
                })
            }
            _ => Err(Refusal::DeletionNotPending(StateRefusal::of(
                key,
                Footnote::NotPendingDeletion,
            ))),
        }
    }

    /// Rule A4.
    #[inline]
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

    /// Rule A6.
    pub(super) fn free_name(&self, name: &AliasName) -> Result<(), Refusal> {
        match self.find_alias(name.as_bytes()) {
            Some(_) => Err(Refusal::AlreadyExists {
                alias: self.alias_arn(name.clone()),
            }),
            None => Ok(()),
        }
    }

    /// Rule U1; U2, as a name is looked for in this account alone.
    #[inline]
    pub(super) fn existing_alias(&self, name: &AliasName) -> Result<Alias<'a>, Refusal> {
        self.find_alias(name.as_bytes())
            .ok_or_else(|| self.not_found(name.clone()))
    }

    fn not_found(&self, name: impl Into<AnyAliasName>) -> Refusal {
        Refusal::AliasNotFound {
            alias: self.alias_arn(name),
        }
    }

    /// Rules T3, T2, T1, T4, T5: the target of an alias.
    #[inline]
    fn target(&self, operation: KmsOperation, target: &TargetKeyId) -> Result<Found<'a>, Refusal> {
        let found = self.named_key(target)?;
        callers_own(operation, found.key)?;
        allowed(operation, found.key).map_err(Refusal::TargetKeyState)?;
        Ok(found)
    }

    /// Rules T3, T2, T1, S7, S8: a key whose life is changed.
    fn own_key(
        &self,
        operation: KmsOperation,
        key_id: &TargetKeyId,
    ) -> Result<&'a KeyMetadata, Refusal> {
        let key = self.named_key(key_id)?.key;
        callers_own(operation, key)?;
        allowed(operation, key).map_err(Refusal::KeyState)?;
        Ok(key)
    }

    /// Rules T3, T2, T1 of a key that is named by ID or ARN.
    #[inline]
    fn named_key(&self, key: &TargetKeyId) -> Result<Found<'a>, Refusal> {
        if let TargetKeyId::KeyArn(arn) = key {
            self.same_scope(arn.scope())?;
        }
        self.existing_key(key.key_id())
    }

    /// The slot of a key that a list names, by the same rules.
    pub(super) fn named_key_slot(&self, key: &TargetKeyId) -> Result<KeySlot, Refusal> {
        self.named_key(key).map(|found| found.slot)
    }

    /// Rules T3 and T2, in this order.
    fn same_scope(&self, scope: Scope) -> Result<(), Refusal> {
        self.same_account(scope)?;
        self.same_region(scope)
    }

    /// Rule T3.
    pub(super) fn same_account(&self, scope: Scope) -> Result<(), Refusal> {
        if scope.partition() == self.scope.partition() && scope.account() == self.scope.account() {
            return Ok(());
        }
        Err(Refusal::OtherAccount {
            partition: scope.partition(),
            account: scope.account(),
        })
    }

    /// Rule T2.
    pub(super) fn same_region(&self, scope: Scope) -> Result<(), Refusal> {
        if scope.region() == self.scope.region() {
            return Ok(());
        }
        Err(Refusal::OtherRegion {
            region: scope.region(),
        })
    }

    /// Rule T1.
    #[inline]
    pub(super) fn existing_key(&self, key_id: KeyId) -> Result<Found<'a>, Refusal> {
        let found = self.store.find_key(key_id);
        found
            .map(|(slot, key)| Found { slot, key })
            .ok_or_else(|| Refusal::KeyNotFound {
                key: self.key_arn(key_id),
            })
    }

    /// Rule T6.
    #[inline]
    pub(super) fn below_quota(&self, key: KeySlot) -> Result<(), Refusal> {
        let usage = self.store.counted_aliases(key);
        let quota = self.aliases_per_key;
        if usage < quota {
            Ok(())
        } else {
            Err(Refusal::AliasesPerKeyQuota { quota, usage })
        }
    }

    /// Rules K6, T3, T2, U1, L5, T1: the key that an identifier of any form names.
    pub(super) fn resolve(&self, identifier: &KeyIdentifier) -> Result<&'a KeyMetadata, Refusal> {
        match identifier {
            KeyIdentifier::KeyId(key_id) => Ok(self.existing_key(*key_id)?.key),
            KeyIdentifier::KeyArn(arn) => Ok(self.named_key(&(*arn).into())?.key),
            KeyIdentifier::AliasName(name) => self.resolve_name(name),
            KeyIdentifier::AliasArn(arn) => {
                self.same_scope(arn.scope())?;
                self.resolve_name(arn.alias_name())
            }
        }
    }

    fn resolve_name(&self, name: &AnyAliasName) -> Result<&'a KeyMetadata, Refusal> {
        let target = self
            .find_alias(name.as_bytes())
            .and_then(|alias| alias.target_key_id())
            .ok_or_else(|| self.not_found(name.clone()))?;
        Ok(self.existing_key(target)?.key)
    }

    /// Rules K8, T4, S7, S6, S8: a call on a key, through an alias or not.
    pub(super) fn judge_use(
        &self,
        operation: KmsOperation,
        identifier: &KeyIdentifier,
    ) -> Result<&'a KeyMetadata, Refusal> {
        let through_alias = identifier.alias_name().is_some();
        if through_alias && !operation.takes_alias() {
            return Err(Refusal::AliasNotSupported {
                value: identifier.to_string().into(),
            });
        }
        let key = self.resolve(identifier)?;
        callers_own(operation, key)?;
        let refusal = if through_alias {
            Refusal::UseThroughAlias
        } else {
            Refusal::KeyState
        };
        allowed(operation, key).map_err(refusal)?;
        Ok(key)
    }
}

/// Rules T4 and S7: what a caller does not do with AWS's own keys.
#[inline]
pub(super) fn callers_own(operation: KmsOperation, key: &KeyMetadata) -> Result<(), Refusal> {
    if key.manager() != KeyManager::Aws {
        return Ok(());
    }
    let key = key.arn();
    match operation {
        KmsOperation::CreateAlias | KmsOperation::UpdateAlias => {
            Err(Refusal::AwsManagedTarget { key })
        }
        KmsOperation::EnableKey
        | KmsOperation::DisableKey
        | KmsOperation::ScheduleKeyDeletion
        | KmsOperation::CancelKeyDeletion => Err(Refusal::AwsManagedKey { key }),
        _ => Ok(()),
    }
}

/// What rules T5, S6 and S8 share: the key-state table.
#[inline]
pub(super) fn allowed(operation: KmsOperation, key: &KeyMetadata) -> Result<(), StateRefusal> {
    operation
        .verdict(key)
        .map_err(|footnote| StateRefusal::of(key, footnote))
}

/// Rule U4.
#[inline]
pub(super) fn same_usage(
    name: &AliasName,
    present: &KeyMetadata,
    new: &KeyMetadata,
) -> Result<(), Refusal> {
    let (from, to) = (present.usage(), new.usage());
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
#[inline]
pub(super) fn same_type(
    name: &AliasName,
    present: &KeyMetadata,
    new: &KeyMetadata,
) -> Result<(), Refusal> {
    let (from, to) = (present.key_type(), new.key_type());
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

/// An effect that changes a key's status, if such a key can have it.
fn settled(key: &KeyMetadata, status: KeyStatus) -> Result<Effect, Refusal> {
    changed(key, key.with_status(status))
}

fn changed(
    before: &KeyMetadata,
    after: Result<KeyMetadata, ImpossibleKey>,
) -> Result<Effect, Refusal> {
    let after = Box::new(after.map_err(Refusal::ImpossibleState)?);
    Ok(Effect::KeyChanged {
        before: Box::new(before.clone()),
        after,
    })
}

/// Rule S2: enable and disable set what an unavailable key returns to, and any other key's state.
const fn available(key: &KeyMetadata, state: ReturnsTo) -> KeyStatus {
    match (key.status(), state) {
        (KeyStatus::Unavailable { .. }, returns_to) => KeyStatus::Unavailable { returns_to },
        (_, ReturnsTo::Enabled) => KeyStatus::Enabled,
        (_, ReturnsTo::Disabled) => KeyStatus::Disabled,
    }
}

/// Rule S4: a primary with replicas waits for them first.
fn scheduled(key: &KeyMetadata, waiting_period: WaitingPeriod, at: Timestamp) -> KeyStatus {
    match key.multi_region_role() {
        Some(MultiRegionRole::Primary { replicas: 1.. }) => {
            KeyStatus::PendingReplicaDeletion { waiting_period }
        }
        _ => pending_deletion(waiting_period, at),
    }
}

fn pending_deletion(waiting_period: WaitingPeriod, at: Timestamp) -> KeyStatus {
    KeyStatus::PendingDeletion {
        deletion_date: Some(at.plus_days(waiting_period.days().into())),
    }
}

/// A state that is said from outside (rules S1–S4; note 13).
fn set_from_outside(key: &KeyMetadata, state: KeyState, at: Timestamp) -> Result<Effect, Refusal> {
    let present = key.status();
    let status = match (present, state) {
        // It is in that state already, or stays pending deletion when its key store goes (note 13).
        _ if present.state() == state => present,
        (KeyStatus::PendingDeletion { .. }, KeyState::Unavailable)
            if key.origin().is_custom_key_store() =>
        {
            present
        }
        (KeyStatus::PendingReplicaDeletion { waiting_period }, KeyState::PendingDeletion) => {
            let status = pending_deletion(waiting_period, at);
            return changed(key, key.without_replicas().with_status(status));
        }
        (KeyStatus::Disabled, KeyState::Unavailable) => KeyStatus::Unavailable {
            returns_to: ReturnsTo::Disabled,
        },
        _ => state.into(),
    };
    settled(key, status)
}
