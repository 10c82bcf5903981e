//! Keys that an alias names from another place: another Region or account than that of the key.

use alloc::format;
use alloc::string::ToString;

use super::instance::Instance;
use super::keys;
use super::origin::{Form, Origin};
use super::steps::{Stepper, unknown_key};
use kms_alias::{AccountId, KeyArn, KeyId, KeyManager, Scope};
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
        let (made_at, named_at) = (self.place(key), self.place(alias));
        // An ID that is known names the key that has it where the alias is.
        let key_id = self.instances.all.get(key).and_then(keys::id_of_replica);
        let by_id = key_id.map(|key_id| KeyReference::Text(key_id.to_string().into()));
        if let (Form::Id, Some(by_id)) = (form, &by_id) {
            return by_id.clone();
        }
        if !made_at.is_apart(&named_at) {
            return self.unknown_of(key);
        }
        let related = self.related(key, named_at);
        let is_related = matches!(related, Related::Made(_));
        let there = match (form, related) {
            // Nothing in the alias's place has the ID: not found (rule T1).
            (Form::Id | Form::Either, Related::None) => KeyReference::MadeBy(step),
            (Form::Arn, Related::None) => {
                return elsewhere(made_at, named_at).unwrap_or_else(|| self.unknown_of(key));
            }
            (_, Related::Made(replica)) => KeyReference::MadeBy(replica),
            (_, Related::Unknown) => by_id.unwrap_or_else(|| self.unknown_of(key)),
        };
        // The ARN as it is, or one that is rewritten for another Region and may name the replica there.
        let as_it_is = match form {
            Form::Id => None,
            Form::Arn | Form::Either => elsewhere(made_at, named_at),
        };
        let chosen = match as_it_is {
            Some(as_it_is) => self.as_it_is_or(as_it_is, there, instance),
            None => Some(there),
        };
        let chosen = chosen.unwrap_or_else(|| self.unknown_of(key));
        self.is_related |= is_related && matches!(chosen, KeyReference::MadeBy(_));
        chosen
    }

    /// A key of which it is known that an instance makes it, or one that is related to it: a
    /// customer's.
    fn unknown_of(&self, key: usize) -> KeyReference {
        let label = self.instances.all.get(key).map(|key| &*key.address);
        let mut facts = KeyFacts::default();
        facts.manager = Some(KeyManager::Customer);
        KeyReference::Unknown(UnknownKey {
            label: label.unwrap_or_default().into(),
            facts,
            series: Some(MADE.into()),
        })
    }

    /// The ARN of a key elsewhere, or the key that it names once it is rewritten for the Region of the
    /// alias: as it is assumed, if it is.
    fn as_it_is_or(
        &mut self,
        as_it_is: KeyReference,
        rewritten: KeyReference,
        instance: &Instance<'_>,
    ) -> Option<KeyReference> {
        let label = [&*instance.address, ".target_key_id"].concat();
        let each = [
            (&rewritten, "an ARN of its own Region".into()),
            (&as_it_is, "an ARN of another Region".into()),
        ];
        self.choices.chosen(&label, each.into_iter()).cloned()
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
