//! What is certain of an account after a run.

use hashbrown::{HashMap, HashSet};
use kms_alias::{AliasListEntry, AliasName, AnyAliasName, KeyId, KeyMetadata};

use super::engine::Engine;
use super::ledger::Home;
use super::place::Place;
use super::world::KeyIndex;

/// What is not certain after a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Open {
    /// Aliases of which it is not certain whether they exist, or on which key they stand.
    pub aliases: Vec<(Place, AliasName)>,
    /// Described keys whose state is not certain.
    pub keys: Vec<(Place, KeyId)>,
    /// Places of which nothing is said to be certain: what is known of them is as before the run.
    pub places: Vec<Place>,
}

impl Open {
    /// Whether all is certain.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.aliases.is_empty() && self.keys.is_empty() && self.places.is_empty()
    }
}

/// What became certain of an account apart from its table.
#[derive(Default)]
struct Edits {
    aliases: Vec<(AliasName, Option<KeyId>)>,
    keys: HashMap<KeyId, Option<KeyMetadata>>,
}

impl Engine<'_, '_> {
    /// Brings what became certain into the accounts, and tells what did not.
    pub(super) fn settle_accounts(&mut self) -> Open {
        let mut open = Open::default();
        let mut edits: HashMap<usize, Edits> = HashMap::new();
        let Some(ledger) = &self.ledger else {
            return open;
        };
        for entry in &ledger.names {
            let operation = self.tasks.get(entry.step).and_then(|task| task.operation());
            let name = operation.and_then(super::closed::alias_name).cloned();
            let account = self.accounts.get(entry.place);
            let (Some(name), Some(account)) = (name, account) else {
                continue;
            };
            match entry.home {
                Home::Account => {}
                Home::Here(on) => match on.map(|key| self.real_key(key)) {
                    Some(None) => open.aliases.push((account.place, name)),
                    on => {
                        let edits = edits.entry(entry.place).or_default();
                        edits.aliases.push((name, on.flatten()));
                    }
                },
                Home::Cluster(_) | Home::Forgotten => open.aliases.push((account.place, name)),
            }
        }
        for entry in ledger.keys.iter().filter(|entry| entry.changes) {
            let Some(account) = self.accounts.get(entry.place) else {
                continue;
            };
            let Some(before) = account.knowledge.table().key(entry.key_id) else {
                continue;
            };
            let now = match entry.home {
                Home::Account => continue,
                Home::Here(set) => match &*self.sets.get(set) {
                    [way] => Some(self.closed.kinds.get(way.now).copied()),
                    _ => None,
                },
                Home::Cluster(_) | Home::Forgotten => None,
            };
            match now {
                Some(kind) => {
                    let key = kind.and_then(|kind| before.with_status(kind.status()).ok());
                    let edits = edits.entry(entry.place).or_default();
                    edits.keys.insert(entry.key_id, key);
                }
                None => open.keys.push((account.place, entry.key_id)),
            }
        }
        for (place, edits) in edits {
            self.edit(place, edits);
        }
        open
    }

    /// The ID of a key, unless it stands in for one.
    fn real_key(&self, key: KeyIndex) -> Option<KeyId> {
        let entry = self.key_entry(key)?;
        let stands_in = self.stand_ins.contains_key(&(entry.place, entry.key_id));
        (!stands_in && !entry.is_anonymous).then_some(entry.key_id)
    }

    fn edit(&mut self, place: usize, edits: Edits) {
        let at = self.at;
        let Some(account) = self.accounts.get_mut(place) else {
            return;
        };
        let knowledge = &mut account.knowledge;
        let mut parts = knowledge.table().snapshot();
        parts
            .keys
            .retain_mut(|key| match edits.keys.get(&key.key_id()) {
                Some(Some(now)) => {
                    *key = now.clone();
                    true
                }
                Some(None) => false,
                None => true,
            });
        let mut moved: HashMap<AnyAliasName, Option<KeyId>> = HashMap::new();
        for (name, on) in edits.aliases {
            moved.insert(name.into(), on);
        }
        let mut stood: HashMap<AnyAliasName, AliasListEntry> = HashMap::new();
        parts.aliases.retain(|alias| {
            let is_moved = moved.contains_key(&alias.alias_name);
            if is_moved {
                stood.insert(alias.alias_name.clone(), alias.clone());
            }
            !is_moved
        });
        let described: HashSet<KeyId> = parts.keys.iter().map(KeyMetadata::key_id).collect();
        for (name, on) in moved {
            knowledge.remove_alias_of_undescribed_key(&name);
            let Some(key_id) = on else {
                continue;
            };
            if described.contains(&key_id) {
                let mut entry = AliasListEntry::new(name.clone(), Some(key_id));
                let created = stood.get(&name).map(|alias| alias.creation_date);
                entry.creation_date = created.unwrap_or(Some(at));
                entry.last_updated_date = Some(at);
                parts.aliases.push(entry);
            } else {
                knowledge.insert_alias_of_undescribed_key(name, key_id);
            }
        }
        if let Ok(table) = parts.into_table() {
            *knowledge.table_mut() = table;
        }
    }
}
