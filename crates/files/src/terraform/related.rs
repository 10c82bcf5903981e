//! Keys that an alias names from another place: another Region or account than that of the key.

use alloc::format;

use super::follow::{Form, Origin};
use super::instance::Instance;
use super::keys;
use super::steps::{Stepper, unknown_key};
use kms_alias::{AccountId, KeyArn, KeyId, Scope};
use kms_alias_foresee::verdict::{KeyFacts, KeyReference, Place, UnknownKey};

/// The account of a place whose account is unknown: the engine takes it for that of the place.
const SAME_ACCOUNT: AccountId = AccountId::from_static("000000000000");

/// What the keys that a plan makes are elements of: two resources are two keys.
const MADE: &str = "keys that the plan makes";

/// The ID of a key that has none yet, in an ARN of which only the account and Region count.
const NEW_KEY: KeyId = KeyId::from_static("00000000-0000-0000-0000-000000000000");

/// The key of a multi-Region ID: its primary, as far as the plan tells it.
#[derive(PartialEq, Eq)]
enum Primary<'p> {
    /// An instance of the plan makes it.
    Made(usize),
    /// It stands, and this is its ID or ARN.
    Standing(&'p str),
    Unknown,
}

impl<'t> Stepper<'t, '_, '_> {
    /// The key that an instance makes, as an alias names it.
    pub(super) fn made(
        &mut self,
        key: usize,
        form: Form,
        alias: usize,
        instance: &Instance<'_>,
    ) -> KeyReference {
        let Some(Some(step)) = self.made_by.get(key).copied() else {
            return unknown_key(&instance.address, KeyFacts::default());
        };
        if self.is_one_place(key, alias) {
            return KeyReference::MadeBy(step);
        }
        let label = self.instances.all.get(key).map(|key| &*key.address);
        let unknown = || {
            KeyReference::Unknown(UnknownKey {
                label: label.unwrap_or_default().into(),
                facts: KeyFacts::default(),
                series: Some(MADE.into()),
            })
        };
        let (made_at, named_at) = (self.place(key), self.place(alias));
        // An ID that is known names the key that has it where the alias is.
        let key_id = self.instances.all.get(key).and_then(keys::id_of_replica);
        if let (Form::Id, Some(key_id)) = (form, key_id) {
            return KeyReference::Text(key_id.to_string().into());
        }
        if !made_at.is_apart(&named_at) {
            return unknown();
        }
        match (form, self.related(key, named_at)) {
            // Nothing in the alias's place has the ID: not found (rule T1).
            (Form::Id | Form::Either, Related::None) => KeyReference::MadeBy(step),
            (Form::Id, Related::Made(replica)) => {
                self.is_related = true;
                KeyReference::MadeBy(replica)
            }
            // An ARN that is rewritten for another Region may name the replica there.
            (Form::Arn, Related::None) => elsewhere(made_at, named_at).unwrap_or_else(unknown),
            _ => unknown(),
        }
    }

    pub(super) fn place(&self, instance: usize) -> Place {
        self.places.get(instance).copied().unwrap_or_default()
    }

    /// Whether two instances are certainly in one account and Region.
    pub(super) fn is_one_place(&self, one: usize, other: usize) -> bool {
        self.place(one) == self.place(other)
    }

    /// What of the keys that share the ID of one is in a place.
    fn related(&mut self, key: usize, place: Place) -> Related {
        let Some(instance) = self.instances.all.get(key) else {
            return Related::Unknown;
        };
        let primary = match instance.kind.is_replica() {
            true => self.primary(key),
            false if keys::made(instance, self.tree).multi_region == Some(false) => {
                return Related::None;
            }
            false => Primary::Made(key),
        };
        match primary {
            Primary::Made(primary) if self.place(primary) == place => {
                return self.is_made_there(primary);
            }
            Primary::Made(primary) if self.place(primary).is_apart(&place) => {}
            _ => return Related::Unknown,
        }
        let mut found = Related::None;
        for number in 0..self.instances.all.len() {
            let other = self.instances.all.get(number);
            let may_be_there = other.is_some_and(|other| other.kind.is_replica())
                && !self.place(number).is_apart(&place);
            if number == key || !may_be_there {
                continue;
            }
            let other = self.primary(number);
            if other == primary && self.place(number) == place {
                found = self.is_made_there(number);
            } else if other == primary || other == Primary::Unknown {
                return Related::Unknown;
            }
        }
        found
    }

    fn is_made_there(&self, key: usize) -> Related {
        match self.made_by.get(key) {
            Some(Some(step)) => Related::Made(*step),
            _ => Related::Unknown,
        }
    }

    /// The primary of a replica.
    fn primary(&mut self, replica: usize) -> Primary<'t> {
        let instances = self.instances;
        let Some(instance) = instances.all.get(replica) else {
            return Primary::Unknown;
        };
        if let Some(text) = instance.after.text("primary_key_arn") {
            return Primary::Standing(text);
        }
        let origins = self.origins(instance, "primary_key_arn");
        let mut each = origins.into_iter();
        match (each.next(), each.next()) {
            (Some(Origin::Key(number, _)), None) => Primary::Made(number),
            _ => Primary::Unknown,
        }
    }
}

/// What of the keys that share an ID is in a place.
enum Related {
    /// None.
    None,
    /// The one that this step makes.
    Made(usize),
    Unknown,
}

/// The ARN of a key that is made in another place (rules T2, T3).
fn elsewhere(made_at: Place, named_at: Place) -> Option<KeyReference> {
    let account = made_at.account.filter(|_| named_at.account.is_some());
    let account = account.or(named_at.account).unwrap_or(SAME_ACCOUNT);
    let arn = KeyArn::new(Scope::new(made_at.region?, account), NEW_KEY);
    Some(KeyReference::Text(format!("{arn}").into()))
}
