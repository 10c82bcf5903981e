//! What the running templates tell of what stands, and what stands for names and key IDs that are
//! not known.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::evaluate::Part;
use super::stack::{Resources, key_of};
use super::steps::Stepper;
use super::template::{Kind, Resource};
use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use crate::fact::{self, Fact};
use crate::named_key::key_id_in;
use kms_alias::{AliasName, AnyAliasName, KeyId};
use kms_alias_foresee::verdict::{KeyReference, Knowledge, NameReference, stand_in_part};

/// What a name begins with (rule A1).
const PREFIX: &str = "alias/";

/// So many characters stand for the rest of a name which is not known.
const STAND_IN_PART: usize = 26;

/// So many characters has every key ID.
const KEY_ID: usize = 36;

/// What stands in for a key ID that could not be made; no key has it.
pub(super) const STAND_IN: KeyId = KeyId::from_static("00000000-0000-0000-0000-000000000000");

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
                let text = [begin, &stand_in_part(&unknown.label, STAND_IN_PART)].concat();
                if text.parse::<AliasName>().is_ok() {
                    self.names.entry(unknown.label).or_insert(text.into());
                }
            }
        }
    }

    /// The name of an alias, or what stands for it.
    pub(super) fn name(&self, resources: &Resources<'_>, alias: &Resource<'_>) -> NameReference {
        let standing = match resources.name(alias) {
            NameReference::Unknown(unknown) => self.names.get(&unknown.label),
            _ => None,
        };
        match standing {
            Some(name) => NameReference::Text(name.clone()),
            None => resources.name_with(alias, |part| self.text_of(resources, part)),
        }
    }

    /// What a key's ID or ARN is in a name. The ID of a key that is made stands in for itself: no name
    /// has it, and its characters and its length are those of every ID (rules K1, K2).
    fn text_of(&self, resources: &Resources<'_>, part: &Part) -> Option<String> {
        let Part::Key {
            stack,
            logical_id,
            is_arn,
        } = part
        else {
            return None;
        };
        let key = key_of(*stack, logical_id);
        let standing = self.keys.standing.get(&key);
        let standing = standing.filter(|key_id| !self.stand_ins.contains_key(*key_id));
        let id = match standing {
            Some(key_id) => key_id.to_string(),
            // Of one that stands the ID may be in a name already; in an ARN it is no matter.
            None if !*is_arn && !self.keys.made.contains_key(&key) => return None,
            None => stand_in_part(&format!("{stack} {logical_id}"), KEY_ID),
        };
        if !*is_arn {
            return Some(id);
        }
        let scope = Knowledge::new(resources.scope.place).table().scope();
        Some(format!("{scope}:key/{id}"))
    }

    /// Takes what the running templates tell of what stands.
    pub(super) fn learn(&mut self, accounts: &mut Accounts) {
        let identified = self.identified(accounts);
        for stack in self.stacks {
            let Some(old) = &stack.old else { continue };
            for resource in old.all.values().filter(|it| it.kind != Kind::Alias) {
                let key = key_of(stack.number, resource.logical_id);
                let mut facts = old.facts(resource);
                // No resource makes a primary key of a replica (UpdatePrimaryRegion).
                facts.is_primary = Some(resource.kind != Kind::ReplicaKey);
                let found = identified.get(&key).map_or(&[][..], Vec::as_slice);
                let key_id = match found {
                    [] => {
                        let is_multi_region = facts.multi_region == Some(true);
                        self.stand_in(self.shown(old, resource.logical_id), is_multi_region)
                    }
                    [(only, _)] => *only,
                    [one, other, ..] => {
                        let shown = self.label(stack, resource.logical_id);
                        self.advice
                            .push(drifted(&shown, resource.logical_id, [one, other]));
                        // It may be any key, in any state that there is.
                        (facts.state, facts.enabled) = (None, None);
                        self.keys.facts.insert(key, facts);
                        continue;
                    }
                };
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
                if let Some((alias_name, key_id)) = self.standing(old, resource, accounts) {
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
        accounts: &Accounts,
    ) -> Option<(AnyAliasName, KeyId)> {
        let NameReference::Text(name) = self.name(old, resource) else {
            return None;
        };
        let target = self.keys.reference(&old.target(resource));
        let key_id = match target {
            KeyReference::Text(text) => key_id_in(&text)?,
            // The alias names some key.
            _ => known_key(old, resource, accounts).map_or_else(
                || {
                    let shown = self.shown(old, resource.logical_id);
                    self.stand_in([&*shown, ".TargetKeyId"].concat(), false)
                },
                |(_, key_id)| key_id,
            ),
        };
        Some((name.parse().ok()?, key_id))
    }

    /// Of the keys that stand, the IDs that the accounts have for their aliases, of whichever stack these are, each with
    /// the name of the first such alias. One ID is that of the key (ours); of several it is not known which is.
    fn identified(&self, accounts: &Accounts) -> BTreeMap<(usize, String), Vec<(KeyId, String)>> {
        let mut identified: BTreeMap<_, Vec<(KeyId, String)>> = BTreeMap::new();
        for stack in self.stacks {
            let Some(old) = &stack.old else { continue };
            for alias in old.all.values().filter(|it| it.kind == Kind::Alias) {
                let target = old.target(alias);
                let Some((number, logical_id)) = target.as_key() else {
                    continue;
                };
                let of_key = self.stacks.get(number).map(|stack| stack.place);
                if of_key == Some(stack.place)
                    && let Some((name, key_id)) = known_key(old, alias, accounts)
                {
                    let found = identified.entry(key_of(number, logical_id)).or_default();
                    if !found.iter().any(|(known, _)| *known == key_id) {
                        found.push((key_id, name.to_string()));
                    }
                }
            }
        }
        identified
    }

    /// What a resource is called: with its stack, where there are several.
    fn shown(&self, resources: &Resources<'_>, logical_id: &str) -> String {
        let stack = resources.scope.label;
        match stack.filter(|_| self.stacks.len() > 1) {
            Some(stack) => [stack, "/", logical_id].concat(),
            None => logical_id.into(),
        }
    }

    /// A key ID that no key has, for a key whose ID no file tells.
    fn stand_in(&mut self, shown: String, is_multi_region: bool) -> KeyId {
        let number = self.stand_ins.len().saturating_add(1);
        let text = match is_multi_region {
            true => format!("mrk-{number:032x}"),
            false => format!("00000000-0000-0000-0000-{number:012x}"),
        };
        // Twelve hex digits hold every number of keys.
        let key_id = text.parse().unwrap_or(STAND_IN);
        self.stand_ins.insert(key_id, shown.into());
        key_id
    }
}

/// The name of an alias, and the key that the accounts have for it.
fn known_key(
    old: &Resources<'_>,
    alias: &Resource<'_>,
    accounts: &Accounts,
) -> Option<(AnyAliasName, KeyId)> {
    let NameReference::Text(name) = old.name(alias) else {
        return None;
    };
    let name = name.parse::<AnyAliasName>().ok()?;
    let key_id = accounts.key_of_alias(&old.scope.place, &name)?;
    Some((name, key_id))
}

/// What is said of a key whose aliases are on several keys by the account files (rule F5).
fn drifted(address: &str, logical_id: &str, [one, other]: [&(KeyId, String); 2]) -> Advice {
    let words = format!(
        "the running template has {} and {} on one key, `{logical_id}`, and by the account files the one is on {} and the \
         other on {}: which key `{logical_id}` is, is not known; `aws cloudformation describe-stack-resource` says it, and \
         with the aliases back on that key it is known here too",
        one.1, other.1, one.0, other.0
    );
    Advice::about(address, AdviceRule::F5, words)
}
