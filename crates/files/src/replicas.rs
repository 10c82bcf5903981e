//! What related multi-Region keys have in common: one ID in several Regions, and one key spec, key
//! usage, origin and manager.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::vec::Vec;

use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use crate::named_key::standing_key;
use kms_alias::{AccountId, KeyArn, KeyId, KeyState};
use kms_alias_foresee::verdict::{AliasList, KeyFacts, KeyList, KeyReference, Place, Request, Run};

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

/// Takes each replica that steps make as not there yet, and its primary key as one that can have
/// replicas, where its ID is known and nothing tells of it; and tells where this is assumed (rule H6): a tool makes what it does
/// not know of. Where lists are not complete, nothing is assumed of a replica.
pub(crate) fn assume(accounts: &mut Accounts, run: &mut Run) -> Vec<Place> {
    let named: BTreeSet<(Place, KeyId)> = targets(run).collect();
    let mut places = BTreeSet::new();
    for step in &mut run.steps {
        let Request::ReplicateKey {
            primary,
            primary_place,
            ..
        } = &mut step.request
        else {
            continue;
        };
        if let KeyReference::Unknown(primary) = primary {
            if is_replicable_once_made(primary.facts) {
                primary.facts = primary.facts.or(replicable());
                places.insert(step.place);
            }
            continue;
        }
        let Some(key_id) = standing_key(primary).filter(KeyId::is_multi_region) else {
            continue;
        };
        // What runs in an account that is not known runs in that of its primary key.
        if step.place.account.is_none() && accounts.get(primary_place).is_none() {
            primary_place.account = None;
        }
        if is_of_another_account(primary, *primary_place) {
            accounts.at(*primary_place).assume_absent(key_id);
        } else if is_untold(accounts, *primary_place, key_id)
            && !named.contains(&(*primary_place, key_id))
        {
            let there = accounts.at(*primary_place);
            there.insert_undescribed_key(key_id, replicable());
            places.insert(step.place);
        }
        let there = accounts.get(primary_place);
        let is_described = there.is_some_and(|known| known.table().is_described(&key_id));
        let here = accounts.at(step.place);
        let is_partial = here.alias_list == AliasList::Incomplete;
        // In the Region of the primary key the ID is that of the primary key.
        let is_its_region = primary_place.region.is_some()
            && primary_place.region == step.place.region
            && !primary_place.is_apart(&step.place);
        if !is_its_region && !is_described && !is_partial && here.assume_absent(key_id) {
            places.insert(step.place);
        }
    }
    places.into_iter().collect()
}

/// Whether the ARN of a primary key says another account than that in which it is asked for: an ID is that of a
/// key of one account (ours).
fn is_of_another_account(primary: &KeyReference, place: Place) -> bool {
    let arn = match primary {
        KeyReference::Text(text) => text.parse::<KeyArn>().ok(),
        _ => None,
    };
    let account = arn.map(|arn| arn.scope().account());
    place.account.is_some() && account.is_some() && account != place.account
}

/// A multi-Region primary key of which ReplicateKey makes a replica (rules S8, M).
fn replicable() -> KeyFacts {
    let mut facts = KeyFacts::customer_managed();
    facts.multi_region = Some(true);
    facts.is_primary = Some(true);
    facts.state = Some(KeyState::Enabled);
    facts
}

/// Whether all that a primary key can be are new multi-Region keys that are enabled, and none of them is refused. Of
/// others it is not assumed: of which key nothing tells it may be any, or none (ours).
fn is_replicable_once_made(facts: KeyFacts) -> bool {
    facts.exists
        && facts.multi_region == Some(true)
        && facts.state == Some(KeyState::Enabled)
        && facts.is_primary != Some(false)
        && facts.enabled != Some(false)
}

/// Whether nothing tells of the keys of a place, and of this one least of all.
fn is_untold(accounts: &Accounts, place: Place, key_id: KeyId) -> bool {
    accounts.get(&place).is_none_or(|known| {
        known.alias_list == AliasList::Absent
            && known.key_list == KeyList::Incomplete
            && !known.table().knows_key(&key_id)
            && !known.facts_of(&key_id).exists
    })
}

/// The multi-Region keys that steps name by ID or ARN, where they would be; a replica and its primary
/// key both.
fn named(run: &Run) -> impl Iterator<Item = (Place, KeyId)> {
    let replicated = run.steps.iter().filter_map(|step| match &step.request {
        Request::ReplicateKey {
            primary,
            primary_place,
            ..
        } => Some((step.place, *primary_place, standing_key(primary)?)),
        _ => None,
    });
    let replicated = replicated.flat_map(|(here, there, key_id)| [(here, key_id), (there, key_id)]);
    let all = targets(run).chain(replicated);
    all.filter(|(_, key_id)| key_id.is_multi_region())
}

/// The keys that steps name by ID or ARN, but for primary keys of replicas.
fn targets(run: &Run) -> impl Iterator<Item = (Place, KeyId)> {
    run.steps
        .iter()
        .filter_map(|step| Some((step.place, step.request.key_id()?)))
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

/// Related keys of one account that files describe as different keys (rule F7): a multi-Region key has
/// one key spec, key usage and origin in every Region.
pub(crate) fn contradictions(accounts: &Accounts) -> Vec<Advice> {
    let mut first: BTreeMap<(AccountId, KeyId), (Place, KeyFacts)> = BTreeMap::new();
    let mut advice = Vec::new();
    for (place, knowledge) in accounts.iter() {
        let Some(account) = place.account else {
            continue;
        };
        let keys = knowledge.table().keys();
        for key in keys.filter(|key| key.is_multi_region()) {
            let key_id = key.key_id();
            let facts = shared(accounts.facts_of(place, &key_id));
            let (other, known) = *first.entry((account, key_id)).or_insert((*place, facts));
            if known != facts {
                let words = format!(
                    "the account files describe the multi-Region key {key_id} in {other} and in {place} with different \
                     key specs, key usages or origins, and related keys have one of each: print the account files again"
                );
                advice.push(Advice::new(AdviceRule::F7, words));
            }
        }
    }
    advice
}
