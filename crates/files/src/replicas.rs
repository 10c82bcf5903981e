//! What related multi-Region keys have in common: one ID in several Regions, and one key spec, key
//! usage, origin and manager.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::account::Accounts;
use crate::named_key::standing_key;
use kms_alias::KeyId;
use kms_alias_foresee::verdict::{KeyFacts, Place, Request, Run};

/// Tells of each multi-Region key, as far as steps name it or files tell that it exists, what files
/// tell of its related keys in other Regions of the account.
pub(crate) fn share(accounts: &mut Accounts, run: &Run) {
    let mut known: BTreeMap<KeyId, Vec<(Place, KeyFacts)>> = BTreeMap::new();
    let mut asked: BTreeSet<(Place, KeyId)> = named(run).collect();
    for (place, knowledge) in accounts.iter() {
        for key_id in accounts.keys_at(place).filter(KeyId::is_multi_region) {
            let facts = accounts.facts_of(place, &key_id);
            known
                .entry(key_id)
                .or_default()
                .push((*place, shared(facts)));
            if !knowledge.table().is_described(&key_id) {
                asked.insert((*place, key_id));
            }
        }
    }
    for (place, key_id) in asked {
        let related = known.get(&key_id).into_iter().flatten();
        let related = related.filter(|(other, _)| {
            other.account.is_some() && other.account == place.account && other.is_apart(&place)
        });
        let facts = related.fold(KeyFacts::default(), |all, (_, facts)| all.or(*facts));
        if facts != KeyFacts::default() {
            accounts.at(place).insert_undescribed_key(key_id, facts);
        }
    }
}

/// The multi-Region keys that steps name by ID or ARN, where they would be; a replica and its primary
/// key both.
fn named(run: &Run) -> impl Iterator<Item = (Place, KeyId)> {
    let primaries = run.steps.iter().filter_map(|step| match &step.request {
        Request::ReplicateKey {
            primary,
            primary_place,
            ..
        } => Some((*primary_place, standing_key(primary)?)),
        _ => None,
    });
    let keys = run.steps.iter().filter_map(|step| {
        let key_id = match &step.request {
            Request::ReplicateKey { primary, .. } => standing_key(primary)?,
            Request::Operation(operation) => operation.named_key()?.key_id(),
            Request::CreateAlias { target_key_id, .. }
            | Request::UpdateAlias { target_key_id, .. } => standing_key(target_key_id)?,
            _ => return None,
        };
        Some((step.place, key_id))
    });
    let all = primaries.chain(keys);
    all.filter(|(_, key_id)| key_id.is_multi_region())
}

/// What related keys have in common.
fn shared(facts: KeyFacts) -> KeyFacts {
    let mut common = KeyFacts::default();
    common.spec = facts.spec;
    common.usage = facts.usage;
    common.origin = facts.origin;
    common.manager = facts.manager;
    common
}
