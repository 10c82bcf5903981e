//! What happens as time passes: deletions that are due (rules S4, S5).

use super::regions::OtherRegions;
use kms_alias::{
    AliasTable, Effect, KeyId, KeyMetadata, KeyState, MultiRegionRole, Operation, Region, Timestamp,
};

/// Deletes the keys of a table whose deletion is due, and tells their related keys.
pub(super) fn delete_due(table: &mut AliasTable, others: &mut dyn OtherRegions, at: Timestamp) {
    for change in table.delete_due_keys(at) {
        if let Effect::KeyDeleted { key, .. } = change.effect()
            && key.multi_region_role() == Some(MultiRegionRole::Replica)
        {
            tell_related_keys(key, others, at);
        }
    }
}

/// A replica is gone: the primary key and the other replicas have one fewer beside them.
fn tell_related_keys(replica: &KeyMetadata, others: &mut dyn OtherRegions, at: Timestamp) {
    let (key_id, gone) = (replica.key_id(), replica.arn().scope().region());
    let at = replica.deletion_date().unwrap_or(at);
    let details = replica.details();
    let related = details
        .primary_region
        .iter()
        .chain(&details.replica_regions);
    for region in related.filter(|region| **region != gone) {
        if let Some(table) = others.table(*region) {
            // What was made by these rules fits them; what a file says otherwise stays as it is.
            let _ = forget_replica(table, key_id, gone, at);
        }
    }
}

/// Says to a related key that a replica is gone. A primary key that waits for its last replica is
/// pending deletion from then on (rule S4).
fn forget_replica(
    table: &mut AliasTable,
    key_id: KeyId,
    gone: Region,
    at: Timestamp,
) -> Option<()> {
    let mut key = table.key(key_id)?.clone();
    if let Some(MultiRegionRole::Primary { replicas }) = key.multi_region_role() {
        let replicas = replicas.saturating_sub(1);
        if replicas == 0 && key.state() == KeyState::PendingReplicaDeletion {
            let state = KeyState::PendingDeletion;
            table
                .apply(&Operation::SetKeyState { key_id, state }, at)
                .ok()?;
            key = table.key(key_id)?.clone();
        } else {
            key = key.with_role(MultiRegionRole::Primary { replicas }).ok()?;
        }
    }
    let mut details = key.details().clone();
    details.replica_regions.retain(|region| *region != gone);
    table.change_key(key.with_details(details)).ok()?;
    Some(())
}
