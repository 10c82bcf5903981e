//! What a plan tells of what stands, held against what the account files tell.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use kms_alias::{AliasListEntry, AnyAliasName, KeyId, KeyState};
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

/// Adds facts to what is known: what the accounts tell is believed, and where it differs that is
/// told (rule F5).
pub(crate) fn learn(accounts: &mut Accounts, facts: Vec<Fact>, advice: &mut Vec<Advice>) {
    let is_first = advice.len();
    // Keys first: an alias of a key that is described belongs into the table.
    for fact in &facts {
        if let Fact::Key {
            place,
            key_id,
            facts,
        } = fact
        {
            let knowledge = accounts.at(*place);
            advice.extend(learn_key(knowledge, *key_id, *facts));
        }
    }
    for fact in facts {
        if let Fact::Alias {
            place,
            alias_name,
            key_id,
        } = fact
        {
            let knowledge = accounts.at(place);
            advice.extend(learn_alias(knowledge, alias_name, key_id));
        }
    }
    // The prior state and what stands before a change tell the same.
    let mut index = is_first;
    let mut seen = hashbrown::HashSet::new();
    advice.retain(|one| {
        let is_new = index < is_first || seen.insert(one.words.clone());
        index = index.saturating_add(1);
        is_new
    });
}

fn learn_key(knowledge: &mut Knowledge, key_id: KeyId, facts: KeyFacts) -> Option<Advice> {
    if let Some(key) = knowledge.table().key(key_id) {
        let mut known = KeyFacts::existing();
        known.spec = Some(key.spec());
        known.usage = Some(key.usage());
        known.state = Some(key.state());
        return difference(&known, &facts)
            .map(|words| contradiction(&format!("key {key_id}"), &words));
    }
    let known = knowledge.facts_of(&key_id);
    if knowledge.key_list == KeyList::Complete && !known.exists {
        let words = "the list of keys lacks it";
        return Some(contradiction(&format!("key {key_id}"), words));
    }
    let differs = difference(&known, &facts);
    knowledge.insert_undescribed_key(key_id, facts);
    differs.map(|words| contradiction(&format!("key {key_id}"), &words))
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

fn learn_alias(
    knowledge: &mut Knowledge,
    alias_name: AnyAliasName,
    key_id: KeyId,
) -> Option<Advice> {
    let present = knowledge.table().get(&alias_name);
    let present = present.map(|alias| alias.to_entry());
    let known = present.as_ref().and_then(|alias| alias.target_key_id);
    let what = format!("alias {alias_name}");
    match known {
        Some(known) if known == key_id => None,
        Some(known) => {
            let words = format!("its key is {known} and not {key_id}");
            Some(contradiction(&what, &words))
        }
        None if present.is_some() => Some(contradiction(&what, "it has no key")),
        None if knowledge.alias_list == AliasList::Complete => {
            Some(contradiction(&what, "the list of aliases lacks it"))
        }
        None => {
            insert(knowledge, alias_name, key_id);
            None
        }
    }
}

fn insert(knowledge: &mut Knowledge, alias_name: AnyAliasName, key_id: KeyId) {
    if knowledge.table().is_described(&key_id) {
        knowledge.insert_alias(AliasListEntry::new(alias_name, Some(key_id)));
    } else {
        knowledge.insert_alias_of_undescribed_key(alias_name, key_id);
    }
}

fn contradiction(what: &str, words: &str) -> Advice {
    let words = format!(
        "the plan or template and the account files differ on {what}: by the account files, which are believed, {words}; refresh the plan, or see what changed outside the stack"
    );
    Advice::new(AdviceRule::F5, words)
}
