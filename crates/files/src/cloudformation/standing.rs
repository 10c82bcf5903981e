//! What the running templates tell of what stands, and what stands for names and key IDs that are
//! not known.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::vec::Vec;

use super::stack::{Keys, Resources, key_of};
use super::steps::{Stack, Stepper};
use super::template::{Kind, Resource};
use crate::account::Accounts;
use crate::fact::{self, Fact};
use kms_alias::{AliasName, AnyAliasName, KeyId};
use kms_alias_foresee::verdict::{KeyReference, NameReference, STAND_IN_NAME};

/// What a name begins with (rule A1).
const PREFIX: &str = "alias/";

/// The number in the first name that stands for one which is not known.
const FIRST_STAND_IN_NAME: usize = 0xf000_0000;

/// What stands in for a key ID that could not be made; no key has it.
const STAND_IN: KeyId = KeyId::from_static("00000000-0000-0000-0000-000000000000");

impl Stepper<'_, '_> {
    /// Gives a name to each alias of a running template whose name is not known: it stands, so its
    /// name is one that KMS took (rule I3). It is taken as another than all names that are known (ours).
    pub(super) fn name_what_stands(&mut self) {
        for old in self.stacks.iter().filter_map(|stack| stack.old.as_ref()) {
            for alias in old.all.values().filter(|it| it.kind == Kind::Alias) {
                let NameReference::Unknown(unknown) = old.name(alias) else {
                    continue;
                };
                let begin = if PREFIX.starts_with(&*unknown.prefix) {
                    PREFIX
                } else {
                    &unknown.prefix
                };
                let number = self.names.len().saturating_add(FIRST_STAND_IN_NAME);
                let text = format!("{begin}{STAND_IN_NAME}{number:x}");
                if text.parse::<AliasName>().is_ok() {
                    self.names.entry(unknown.label).or_insert(text.into());
                }
            }
        }
    }

    /// The name of an alias, or what stands for it.
    pub(super) fn name(&self, resources: &Resources<'_>, alias: &Resource<'_>) -> NameReference {
        match resources.name(alias) {
            NameReference::Unknown(unknown) => match self.names.get(&unknown.label) {
                Some(name) => NameReference::Text(name.clone()),
                None => NameReference::Unknown(unknown),
            },
            name => name,
        }
    }

    /// Takes what the running templates tell of what stands.
    pub(super) fn learn(&mut self, accounts: &mut Accounts) {
        for stack in self.stacks {
            let Some(old) = &stack.old else { continue };
            for resource in old.all.values().filter(|it| it.kind != Kind::Alias) {
                let key_id = self.identify(stack, old, resource, accounts);
                let key = key_of(stack.number, resource.logical_id);
                let facts = old.facts(resource);
                self.keys.facts.insert(key.clone(), facts);
                self.keys.standing.insert(key, key_id);
                if self.stand_ins.contains_key(&key_id) {
                    accounts
                        .at(stack.place)
                        .insert_undescribed_key(key_id, facts);
                } else {
                    let place = stack.place;
                    let fact = Fact::Key {
                        place,
                        key_id,
                        facts,
                    };
                    fact::learn(accounts, Vec::from([fact]), &mut self.advice);
                }
            }
        }
        let mut facts = Vec::new();
        for stack in self.stacks {
            let Some(old) = &stack.old else { continue };
            for resource in old.all.values().filter(|it| it.kind == Kind::Alias) {
                if let Some((alias_name, key_id)) = self.standing(old, resource) {
                    let place = stack.place;
                    facts.push(Fact::Alias {
                        place,
                        alias_name,
                        key_id,
                    });
                }
            }
        }
        fact::learn(accounts, facts, &mut self.advice);
    }

    /// An alias that stands, and its key.
    fn standing(
        &mut self,
        old: &Resources<'_>,
        resource: &Resource<'_>,
    ) -> Option<(AnyAliasName, KeyId)> {
        let NameReference::Text(name) = self.name(old, resource) else {
            return None;
        };
        let target = self.keys.reference(&old.value(resource, "TargetKeyId"));
        let key_id = match target {
            KeyReference::Text(text) => text.rsplit(":key/").next()?.parse().ok()?,
            // The alias stands on some key.
            _ => self.stand_in(resource.logical_id, "TargetKeyId"),
        };
        Some((name.parse().ok()?, key_id))
    }

    /// The ID of a key that stands: that which the accounts have for an alias of it, or a stand-in.
    fn identify(
        &mut self,
        stack: &Stack<'_>,
        old: &Resources<'_>,
        key: &Resource<'_>,
        accounts: &Accounts,
    ) -> KeyId {
        let own = Keys {
            made: BTreeMap::from([(key_of(stack.number, key.logical_id), 0)]),
            ..Keys::default()
        };
        for alias in old.all.values().filter(|it| it.kind == Kind::Alias) {
            let target = own.reference(&old.value(alias, "TargetKeyId"));
            if target == KeyReference::MadeBy(0)
                && let NameReference::Text(name) = old.name(alias)
                && let Ok(name) = name.parse::<AnyAliasName>()
                && let Some(key_id) = accounts.key_of_alias(&stack.place, &name)
            {
                return key_id;
            }
        }
        self.stand_in(key.logical_id, "")
    }

    /// A key ID that no key has, for a key whose ID no file tells.
    fn stand_in(&mut self, logical_id: &str, property: &str) -> KeyId {
        let number = self.stand_ins.len().saturating_add(1);
        let text = format!("00000000-0000-0000-0000-{number:012x}");
        // Twelve hex digits hold every number of keys.
        let key_id = text.parse().unwrap_or(STAND_IN);
        let dot = if property.is_empty() { "" } else { "." };
        self.stand_ins
            .insert(key_id, [logical_id, dot, property].concat());
        key_id
    }
}
