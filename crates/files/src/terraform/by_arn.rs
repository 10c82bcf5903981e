//! Keys that aliases name by ARN, where it is not known in whose account the aliases are.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::instance::Instances;
use crate::account::Accounts;
use kms_alias::{KeyArn, KeyId};
use kms_alias_foresee::verdict::{KeyFacts, KeyReference, Place, RunStep};

/// Tells of such a key, where the alias is, what is known of it in the account of its ARN: in any other
/// account the request is refused, whatever the key is (rule T3). Nothing is told where steps name it by
/// its ID too, or by ARNs of several accounts: then it is not certain that it is there.
pub(super) fn share<'s>(
    accounts: &mut Accounts,
    instances: &Instances<'_>,
    steps: impl Iterator<Item = &'s RunStep> + Clone,
) {
    let read = instances
        .reads()
        .filter_map(|(_, asked)| asked.parse().ok());
    let read: BTreeSet<KeyArn> = read.collect();
    let named = |step: &RunStep| {
        let of_open_account = step.place.account.is_none() && step.place.region.is_some();
        let key_id = step.request.key_id().filter(|_| of_open_account)?;
        let arn = match step.request.references().1 {
            Some(KeyReference::Text(text)) => text.parse::<KeyArn>().ok(),
            _ => None,
        };
        Some(((step.place, key_id), arn))
    };
    let named: BTreeSet<((Place, KeyId), Option<KeyArn>)> = steps.filter_map(named).collect();
    let named: Vec<_> = named.into_iter().collect();
    for of_key in named.chunk_by(|(one, _), (other, _)| one == other) {
        let [((place, key_id), Some(arn))] = of_key else {
            continue;
        };
        let there = Place::from(arn.scope());
        let mut facts = accounts.facts_of(&there, key_id);
        if read.contains(arn) {
            // What is not there is not read, and then nothing is asked that needs it.
            facts = facts.or(KeyFacts::existing());
        }
        if there.region == place.region && facts != KeyFacts::default() {
            accounts.at(*place).insert_undescribed_key(*key_id, facts);
        }
    }
}
