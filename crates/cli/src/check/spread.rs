//! A list of changes in several accounts and Regions: side by side in each.

use kms_alias::{Operation, Scope, TargetKeyId};
use kms_alias_files::{Accounts, Kind, ReadRun};
use kms_alias_foresee::verdict::{Request, RunStep};

/// Makes each step of a list of changes a step of every place of the accounts that is among
/// `scopes`, in the order of places; one that names a key of another place of `scopes` by its ARN does not run here.
///
/// Plans and templates say themselves where each step runs.
pub fn over_places(read: &mut ReadRun, accounts: &Accounts, scopes: &[Scope]) {
    if read.kind != Kind::Changes || scopes.len() < 2 {
        return;
    }
    let steps = core::mem::take(&mut read.run.steps);
    let changes = core::mem::take(&mut read.changes);
    let places = accounts.iter().filter_map(|(place, _)| place.scope());
    for scope in places.filter(|scope| scopes.contains(scope)) {
        for (step, change) in steps.iter().zip(&changes) {
            let named = named_scope(&step.request);
            let elsewhere = named.is_some_and(|named| named != scope && scopes.contains(&named));
            if !elsewhere {
                read.run.steps.push(RunStep {
                    place: scope.into(),
                    ..step.clone()
                });
                read.changes.push(change.clone());
            }
        }
    }
}

/// The scope of the key that a request names by its ARN.
fn named_scope(request: &Request) -> Option<Scope> {
    let Request::Operation(operation) = request else {
        return None;
    };
    let key = match operation {
        Operation::CreateAlias { target_key_id, .. }
        | Operation::UpdateAlias { target_key_id, .. } => target_key_id,
        Operation::EnableKey { key_id }
        | Operation::DisableKey { key_id }
        | Operation::CancelKeyDeletion { key_id }
        | Operation::ScheduleKeyDeletion { key_id, .. } => key_id,
        _ => return None,
    };
    match key {
        TargetKeyId::KeyArn(arn) => Some(arn.scope()),
        TargetKeyId::KeyId(_) => None,
    }
}
