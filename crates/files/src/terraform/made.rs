//! The keys that a plan makes: CreateKey and ReplicateKey.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::configuration::Tree;
use super::instance::Instance;
use super::keys;
use super::origin::Origin;
use super::steps::{Stepper, name_of, unknown_key};
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
        if let Some(only) = self.one_primary(instance, &origins) {
            match only {
                Origin::Key(key, _) => {
                    if let Some(Some(step)) = self.made_by.get(*key) {
                        let primary_place = self.places.get(*key).copied().unwrap_or_default();
                        return (KeyReference::MadeBy(*step), primary_place);
                    }
                }
                Origin::Text(text) => {
                    if let Ok(arn) = text.parse::<KeyArn>() {
                        return (
                            KeyReference::Text(text.as_str().into()),
                            home(place, arn.scope()),
                        );
                    }
                }
                Origin::Elsewhere { read, .. } => {
                    if let Some((key_id, read_at)) = self.key_read_there(read) {
                        return (KeyReference::Text(key_id.to_string().into()), read_at);
                    }
                }
            }
        }
        let facts = self.common_of_made(&origins);
        (unknown_key(&label_of_primary(instance), facts), place)
    }

    /// The primary key, if it can be one only, or is assumed to be this one of several.
    fn one_primary<'o>(
        &mut self,
        instance: &Instance<'_>,
        origins: &'o BTreeSet<Origin>,
    ) -> Option<&'o Origin> {
        if origins.len() < 2 {
            return origins.first();
        }
        let instances = self.instances;
        let named = origins.iter().map(|it| (it, name_of(it, instances)));
        self.choices.chosen(&label_of_primary(instance), named)
    }

    /// What keys of a plan have in common; nothing if others are among them.
    fn common_of_made(&self, origins: &BTreeSet<Origin>) -> KeyFacts {
        let each = origins.iter().map(|origin| match origin {
            Origin::Key(number, _) => {
                let key = self.instances.all.get(*number)?;
                Some(self.facts_made(*number, key))
            }
            _ => None,
        });
        let each: Option<Vec<KeyFacts>> = each.collect();
        let common = each.and_then(|each| each.into_iter().reduce(KeyFacts::common));
        common.unwrap_or_default()
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
                match self.one_primary(instance, &origins) {
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

fn label_of_primary(instance: &Instance<'_>) -> String {
    [&*instance.address, ".primary_key_arn"].concat()
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
