//! Keys of single Regions that steps name by their ID where they are not.

use alloc::vec::Vec;

use hashbrown::HashMap;

use crate::account::Accounts;
use kms_alias::{KeyId, TargetKeyId};
use kms_alias_foresee::verdict::{KeyReference, Place, Request, Run};

/// Takes a key that is known to stand in another account or Region as one that is not there, where a
/// step names it by its ID alone: an ID is that of one key, unless it is a multi-Region key (rule K2;
/// that it is, is ours: IDs are random, and KMS promises of them no more than that).
pub(crate) fn absent(accounts: &mut Accounts, run: &Run) {
    let places: Vec<Place> = accounts.iter().map(|(place, _)| *place).collect();
    let mut of_key: HashMap<KeyId, Vec<Place>> = HashMap::new();
    let mut absent = Vec::new();
    for step in &run.steps {
        let Some(key_id) = named_by_id(&step.request).filter(|id| !id.is_multi_region()) else {
            continue;
        };
        let found = of_key.entry(key_id).or_insert_with(|| {
            let exists = |place: &&Place| accounts.facts_of(place, &key_id).exists;
            places.iter().filter(exists).copied().collect()
        });
        let is_here = accounts.facts_of(&step.place, &key_id).exists;
        if !is_here && found.iter().any(|place| place.is_apart(&step.place)) {
            absent.push((step.place, key_id));
        }
    }
    for (place, key_id) in absent {
        accounts.at(place).assume_absent(key_id);
    }
}

/// The key that a request names by its ID alone.
fn named_by_id(request: &Request) -> Option<KeyId> {
    match (request, request.references().1) {
        (Request::Operation(operation), _) => match operation.named_key()? {
            TargetKeyId::KeyId(key_id) => Some(key_id),
            TargetKeyId::KeyArn(_) => None,
        },
        (_, Some(KeyReference::Text(text))) => text.parse().ok(),
        _ => None,
    }
}
