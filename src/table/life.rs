//! The life of a key: what an operation on its state does, and what happens without a request.

use alloc::boxed::Box;

use super::alias_table::AliasTable;
use super::commit::{Planned, Site};
use super::store::KeySlot;
use crate::identifier::{KeyId, TargetKeyId};
use crate::key::{
    Footnote, ImpossibleKey, KeyMetadata, KeyState, KeyStatus, KmsOperation, MultiRegionRole,
    ReturnsTo, Timestamp, WaitingPeriod,
};
use crate::operation::{Effect, Refusal, StateRefusal};

impl AliasTable {
    /// EnableKey (rules S2, S7, S8).
    pub(super) fn judge_enable(&self, key_id: &TargetKeyId) -> Result<Planned, Refusal> {
        let (found, key) = self.own_key(KmsOperation::EnableKey, key_id)?;
        settled(found.slot, key, available(key, ReturnsTo::Enabled))
    }

    /// DisableKey (rules S2, S7, S8).
    pub(super) fn judge_disable(&self, key_id: &TargetKeyId) -> Result<Planned, Refusal> {
        let (found, key) = self.own_key(KmsOperation::DisableKey, key_id)?;
        settled(found.slot, key, available(key, ReturnsTo::Disabled))
    }

    /// ScheduleKeyDeletion (rules S4, S7, S8).
    pub(super) fn judge_schedule(
        &self,
        key_id: &TargetKeyId,
        waiting_period: WaitingPeriod,
        at: Timestamp,
    ) -> Result<Planned, Refusal> {
        let (found, key) = self.own_key(KmsOperation::ScheduleKeyDeletion, key_id)?;
        settled(found.slot, key, scheduled(key, waiting_period, at))
    }

    /// CancelKeyDeletion (rules S4, S7, S8).
    pub(super) fn judge_cancel(&self, key_id: &TargetKeyId) -> Result<Planned, Refusal> {
        let (found, key) = self.own_key(KmsOperation::CancelKeyDeletion, key_id)?;
        settled(found.slot, key, key.status_if_kept())
    }

    /// A state that is set from outside (rules S1–S4).
    pub(super) fn judge_fact(
        &self,
        key_id: KeyId,
        state: KeyState,
        at: Timestamp,
    ) -> Result<Planned, Refusal> {
        let slot = self.existing_key(key_id)?;
        set_from_outside(slot, self.metadata(slot)?, state, at)
    }

    /// Rules S4 and S5: a deletion is carried out on its date, and takes the aliases along.
    pub(super) fn judge_deletion(&self, key_id: KeyId, at: Timestamp) -> Result<Planned, Refusal> {
        let slot = self.existing_key(key_id)?;
        let key = self.metadata(slot)?;
        match key.status() {
            KeyStatus::PendingDeletion {
                deletion_date: Some(due),
            } if at < due => Err(Refusal::DeletionNotDue {
                key: key.arn(),
                deletion_date: due,
            }),
            KeyStatus::PendingDeletion { .. } => {
                let aliases = self.aliases_of(key_id);
                let aliases = aliases.map(|alias| alias.to_entry()).collect();
                let key = Box::new(key.clone());
                Ok(planned(slot, Effect::KeyDeleted { key, aliases }))
            }
            KeyStatus::Creating
            | KeyStatus::Enabled
            | KeyStatus::Disabled
            | KeyStatus::PendingImport
            | KeyStatus::PendingReplicaDeletion { .. }
            | KeyStatus::Unavailable { .. }
            | KeyStatus::Updating => Err(Refusal::DeletionNotPending(StateRefusal::of(
                key,
                Footnote::NotPendingDeletion,
            ))),
        }
    }
}

/// An effect that changes a key's status, if such a key can have it.
fn settled(slot: KeySlot, key: &KeyMetadata, status: KeyStatus) -> Result<Planned, Refusal> {
    changed(slot, key, key.with_status(status))
}

fn changed(
    slot: KeySlot,
    before: &KeyMetadata,
    after: Result<KeyMetadata, ImpossibleKey>,
) -> Result<Planned, Refusal> {
    let after = Box::new(after.map_err(Refusal::ImpossibleState)?);
    let before = Box::new(before.clone());
    Ok(planned(slot, Effect::KeyChanged { before, after }))
}

/// An effect on a key itself.
const fn planned(slot: KeySlot, effect: Effect) -> Planned {
    Planned {
        effect,
        site: Site::of_key(Some(slot)),
    }
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

/// A state that is set from outside (rules S1–S4; note 13).
fn set_from_outside(
    slot: KeySlot,
    key: &KeyMetadata,
    state: KeyState,
    at: Timestamp,
) -> Result<Planned, Refusal> {
    let present = key.status();
    let status = match (state, present) {
        // It is in that state already, or stays pending deletion when its key store is disconnected
        // (note 13).
        _ if present.state() == state => present,
        (KeyState::Unavailable, KeyStatus::PendingDeletion { .. })
            if key.origin().is_custom_key_store() =>
        {
            present
        }
        (KeyState::PendingDeletion, KeyStatus::PendingReplicaDeletion { waiting_period }) => {
            let status = pending_deletion(waiting_period, at);
            return changed(slot, key, key.without_replicas().with_status(status));
        }
        (KeyState::Unavailable, KeyStatus::Disabled) => KeyStatus::Unavailable {
            returns_to: ReturnsTo::Disabled,
        },
        (
            KeyState::Creating
            | KeyState::Enabled
            | KeyState::Disabled
            | KeyState::PendingDeletion
            | KeyState::PendingImport
            | KeyState::PendingReplicaDeletion
            | KeyState::Unavailable
            | KeyState::Updating,
            _,
        ) => state.into(),
    };
    settled(slot, key, status)
}
