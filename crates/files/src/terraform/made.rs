//! The keys that a plan makes: CreateKey and ReplicateKey.

use super::configuration::Tree;
use super::instance::Instance;
use super::keys;
use super::origin::Origin;
use super::steps::{Stepper, unknown_key};
use crate::new_key;
use kms_alias::{KeyArn, Scope};
use kms_alias_foresee::verdict::{KeyFacts, KeyReference, Place, Request};

impl Stepper<'_, '_, '_> {
    /// ReplicateKey: the provider asks where the primary key is, in the account of the replica, and
    /// names it by its ID.
    pub(super) fn replicate(&mut self, number: usize, instance: &Instance<'_>) -> Request {
        let key = keys::made(instance, self.tree).or(self.of_primary(instance));
        let place = self.places.get(number).copied().unwrap_or_default();
        let (primary, primary_place) = match instance.after.text("primary_key_arn") {
            Some(text) => match text.parse::<KeyArn>() {
                Ok(arn) => (KeyReference::Text(text.into()), home(place, arn.scope())),
                Err(_) => (KeyReference::Text(text.into()), place),
            },
            None => self.made_primary(instance, place),
        };
        Request::ReplicateKey {
            key,
            open: new_key::open_state(&key).into_iter().collect(),
            primary,
            primary_place,
        }
    }

    /// The primary key of a replica whose ARN is not known yet.
    fn made_primary(&mut self, instance: &Instance<'_>, place: Place) -> (KeyReference, Place) {
        let origins = self.origins(instance, "primary_key_arn");
        let mut each = origins.into_iter();
        if let (Some(only), None) = (each.next(), each.next()) {
            match only {
                Origin::Key(key, _) => {
                    if let Some(Some(step)) = self.made_by.get(key) {
                        let primary_place = self.places.get(key).copied().unwrap_or_default();
                        return (KeyReference::MadeBy(*step), primary_place);
                    }
                }
                Origin::Text(text) => {
                    if let Ok(arn) = text.parse::<KeyArn>() {
                        return (KeyReference::Text(text.into()), home(place, arn.scope()));
                    }
                }
                Origin::Elsewhere { .. } => {}
            }
        }
        let label = [&*instance.address, ".primary_key_arn"].concat();
        (unknown_key(&label, KeyFacts::default()), place)
    }

    /// What a replica has of its primary.
    fn of_primary(&mut self, instance: &Instance<'_>) -> KeyFacts {
        let mut facts = KeyFacts::existing();
        let primary = match instance.after.text("primary_key_arn") {
            Some(text) => text.parse::<kms_alias::KeyArn>().ok().map(|arn| {
                let place = Place::from(arn.scope());
                self.accounts.facts_of(&place, &arn.key_id())
            }),
            None => {
                let origins = self.origins(instance, "primary_key_arn");
                let only = origins.first().filter(|_| origins.len() == 1);
                match only {
                    Some(Origin::Key(number, _)) => {
                        let key = self.instances.all.get(*number);
                        key.map(|key| keys::made(key, self.tree))
                    }
                    _ => None,
                }
            }
        };
        if let Some(primary) = primary {
            facts.spec = primary.spec;
            facts.usage = primary.usage;
            facts.origin = primary.origin;
        }
        facts
    }
}

/// CreateKey, or why KMS refuses it for its values.
pub(super) fn create_key(instance: &Instance<'_>, tree: &Tree<'_, '_>) -> Request {
    if let Some(refusal) = keys::none_of_kms(instance) {
        return Request::Malformed {
            operation: "CreateKey".into(),
            refusal,
        };
    }
    let key = keys::made(instance, tree);
    let open = keys::open(&key);
    Request::CreateKey { key, open }
}

/// Where a replica's primary key is asked for: in its Region and partition, and in the account of the
/// replica.
fn home(place: Place, primary: Scope) -> Place {
    let account = place.account.unwrap_or(primary.account());
    Place::from(Scope::new(primary.region(), account))
}
