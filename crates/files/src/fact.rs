//! What a plan tells of what stands, held against what the account files tell.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use hashbrown::HashSet;
use kms_alias::{AliasListEntry, AnyAliasName, KeyId, KeyMetadata, KeyState};
use kms_alias_foresee::verdict::{AliasList, KeyFacts, KeyList, Knowledge, Place};

/// Something that a plan tells of what stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    Key {
        place: Place,
        key_id: KeyId,
        facts: KeyFacts,
    },
    Alias {
        place: Place,
        alias_name: AnyAliasName,
        key_id: KeyId,
    },
}

impl Fact {
    const fn place(&self) -> Place {
        match self {
            Self::Key { place, .. } | Self::Alias { place, .. } => *place,
        }
    }

    /// What it is told of, in words.
    fn what(&self) -> String {
        match self {
            Self::Key { key_id, .. } => format!("key {key_id}"),
            Self::Alias { alias_name, .. } => format!("alias {alias_name}"),
        }
    }
}

/// What comes of a fact.
enum Learned {
    /// Nothing told of it before.
    New,
    /// It is what was known.
    AsKnown,
    /// What was known is otherwise, as these words say, and is believed.
    Otherwise(String),
}

/// Adds facts to what is known: what the accounts tell is believed, and where it differs that is
/// told (rule F5). Of facts that differ from each other the first is believed (ours).
pub(crate) fn learn(accounts: &mut Accounts, facts: Vec<Fact>, advice: &mut Vec<Advice>) {
    // Keys first: an alias of a key that is described belongs into the table.
    let is_key = |fact: &Fact| matches!(fact, Fact::Key { .. });
    let (keys, aliases): (Vec<_>, Vec<_>) = facts.into_iter().partition(is_key);
    let mut new = HashSet::new();
    let mut told = HashSet::new();
    for fact in keys.into_iter().chain(aliases) {
        let (place, what) = (fact.place(), fact.what());
        match learn_one(accounts.at(place), fact) {
            Learned::AsKnown => {}
            Learned::New => drop(new.insert((place, what))),
            Learned::Otherwise(words) => {
                let one = contradiction(&what, &words, new.contains(&(place, what.clone())));
                // The prior state and what stands before a change tell the same.
                if told.insert(one.words.clone()) {
                    advice.push(one);
                }
            }
        }
    }
}

fn learn_one(knowledge: &mut Knowledge, fact: Fact) -> Learned {
    match fact {
        Fact::Key { key_id, facts, .. } => learn_key(knowledge, key_id, facts),
        Fact::Alias {
            alias_name, key_id, ..
        } => learn_alias(knowledge, alias_name, key_id),
    }
}

fn learn_key(knowledge: &mut Knowledge, key_id: KeyId, facts: KeyFacts) -> Learned {
    if let Some(key) = knowledge.table().key(key_id) {
        let differs = difference(&facts_of(key), &facts);
        return differs.map_or(Learned::AsKnown, Learned::Otherwise);
    }
    let known = knowledge.facts_of(&key_id);
    if knowledge.key_list == KeyList::Complete && !known.exists {
        return Learned::Otherwise(String::from("the list of keys lacks it"));
    }
    if let Some(words) = difference(&known, &facts) {
        return Learned::Otherwise(words);
    }
    knowledge.insert_undescribed_key(key_id, facts);
    Learned::New
}

/// What decides of a key that is described.
fn facts_of(key: &KeyMetadata) -> KeyFacts {
    let mut known = KeyFacts::existing();
    known.spec = Some(key.spec());
    known.usage = Some(key.usage());
    known.state = Some(key.state());
    known
}

/// What of a key differs.
fn difference(known: &KeyFacts, told: &KeyFacts) -> Option<String> {
    if let (Some(known), Some(told)) = (known.spec, told.spec)
        && known != told
    {
        return Some(format!("its spec is {known} and not {told}"));
    }
    if let (Some(known), Some(told)) = (known.usage, told.usage)
        && known != told
    {
        return Some(format!("its usage is {known} and not {told}"));
    }
    match (known.state, told.state, told.enabled) {
        (Some(known), Some(told), _) if known != told => {
            Some(format!("its state is {known} and not {told}"))
        }
        (Some(KeyState::Enabled), None, Some(false)) => {
            Some(String::from("it is enabled and not disabled"))
        }
        _ => None,
    }
}

fn learn_alias(knowledge: &mut Knowledge, alias_name: AnyAliasName, key_id: KeyId) -> Learned {
    let present = knowledge.table().get(&alias_name);
    let words = match present.map(|alias| alias.target_key_id()) {
        Some(Some(known)) if known == key_id => return Learned::AsKnown,
        Some(Some(known)) => format!("its key is {known} and not {key_id}"),
        Some(None) => String::from("it has no key"),
        None if knowledge.alias_list == AliasList::Complete => {
            String::from("the list of aliases lacks it")
        }
        None => {
            insert(knowledge, alias_name, key_id);
            return Learned::New;
        }
    };
    Learned::Otherwise(words)
}

fn insert(knowledge: &mut Knowledge, alias_name: AnyAliasName, key_id: KeyId) {
    if knowledge.table().is_described(&key_id) {
        knowledge.insert_alias(AliasListEntry::new(alias_name, Some(key_id)));
    } else {
        knowledge.insert_alias_of_undescribed_key(alias_name, key_id);
    }
}

fn contradiction(what: &str, words: &str, is_own: bool) -> Advice {
    let words = if is_own {
        format!(
            "the plan or template tells two things of {what}: by the first, which is believed, {words}; make it anew"
        )
    } else {
        format!(
            "the plan or template and the account files differ on {what}: by the account files, which are believed, {words}; refresh the plan, or see what changed outside the stack"
        )
    };
    Advice::new(AdviceRule::F5, words)
}
