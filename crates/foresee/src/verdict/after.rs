//! What is certain of an account after a run.

use std::rc::Rc;

use hashbrown::{HashMap, HashSet};
use kms_alias::{AliasName, Effect, KeyId, KeyMetadata, MultiRegionRole, Operation};

use super::engine::{Engine, Judged};
use super::facts::KeyFacts;
use super::kind::{Kind, KindIndex, NO_KEY};
use super::ledger::{Home, KeyEntry};
use super::outcome::Possible;
use super::place::Place;
use super::set::Way;
use super::task::{Asks, Make};
use super::world::KeyIndex;

/// What is not certain after a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Open {
    /// Aliases of which it is not certain whether they exist, or on which key they stand.
    pub aliases: Vec<(Place, AliasName)>,
    /// Keys whose state is not certain.
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
    /// Described keys as they are now; none if a key is gone.
    keys: Vec<(KeyId, Option<KeyMetadata>)>,
    /// What is known now of keys that are not described.
    facts: Vec<(KeyId, KeyFacts)>,
}

/// How a key is after a run.
enum Now {
    /// As before.
    Same,
    /// In one of these ways.
    Ways(Rc<[Way]>),
    /// That is not one thing in all worlds.
    Open,
}

impl Engine<'_, '_> {
    /// Brings what became certain into the accounts, and tells what did not.
    pub(super) fn settle_accounts(&mut self) -> Open {
        let mut open = Open::default();
        let mut edits: HashMap<usize, Edits> = HashMap::new();
        self.count_replicas(&mut open);
        self.settle_keys_without_id(&mut open, &mut edits);
        self.settle_aliases(&mut open, &mut edits);
        self.settle_changed_keys(&mut open, &mut edits);
        open.keys.sort_unstable();
        open.keys.dedup();
        for (place, edits) in edits {
            self.edit(place, edits);
        }
        open
    }

    /// A described primary key has the replicas that steps make of it: one of which it is not certain
    /// leaves open how many (rule S4). Of a key whose state steps change as well nothing is counted here.
    fn count_replicas(&mut self, open: &mut Open) {
        let mut made: HashMap<(usize, KeyId), u32> = HashMap::new();
        for (task, judged) in self.tasks.iter().zip(&self.judged) {
            let Asks::Make(Make::Replica(replica)) = &task.asks else {
                continue;
            };
            let (place, key_id) = replica.primary;
            let account = self.accounts.get(place);
            let key = self
                .ledger
                .as_ref()
                .and_then(|it| it.known_key(place, key_id));
            if key
                .and_then(|key| self.key_entry(key))
                .is_some_and(|key| key.changes)
            {
                continue;
            }
            match judged {
                Some(Judged::One(Possible::Ok)) => {
                    let count = made.entry((place, key_id)).or_default();
                    *count = count.saturating_add(1);
                }
                Some(Judged::Several(several)) if several.could_be.contains(&Possible::Ok) => {
                    let of = account.map(|account| (account.place, key_id));
                    let of = of.filter(|_| !self.stand_ins.contains_key(&(place, key_id)));
                    open.keys.extend(of);
                }
                _ => {}
            }
        }
        for ((place, key_id), count) in made {
            let Some(account) = self.accounts.get_mut(place) else {
                continue;
            };
            let before = account.knowledge.table().key(key_id).cloned();
            let after = before.as_ref().and_then(|key| with_replicas(key, count));
            if let (Some(before), Some(after)) = (before, after) {
                account.knowledge.happens(Effect::KeyChanged {
                    before: Box::new(before),
                    after: Box::new(after),
                });
            }
        }
    }

    fn settle_aliases(&self, open: &mut Open, edits: &mut HashMap<usize, Edits>) {
        for entry in self.ledger.iter().flat_map(|ledger| &ledger.names) {
            let operation = self.tasks.get(entry.step).and_then(|task| task.operation());
            let name = operation.and_then(Operation::alias_name).cloned();
            let account = self.accounts.get(entry.place);
            let (Some(name), Some(account)) = (name, account) else {
                continue;
            };
            match entry.home {
                Home::Account => {}
                Home::Here(on) => match on.map(|key| self.certain_key(key)) {
                    Some(None) => open.aliases.push((account.place, name)),
                    on => {
                        let edits = edits.entry(entry.place).or_default();
                        edits.aliases.push((name, on.flatten()));
                    }
                },
                Home::Cluster(_) | Home::Forgotten => open.aliases.push((account.place, name)),
            }
        }
    }

    /// The keys whose state steps change, and that have an ID.
    fn settle_changed_keys(&mut self, open: &mut Open, edits: &mut HashMap<usize, Edits>) {
        let entries = self.ledger.iter().flat_map(|ledger| &ledger.keys);
        let has_id = |entry: &&KeyEntry| {
            let of = (entry.place, entry.key_id);
            let changes = entry.changes || entry.replicates > 0;
            changes && !self.stand_ins.contains_key(&of)
        };
        let changed = entries.filter(has_id);
        let changed = changed.map(|entry| (entry.place, entry.key_id, self.now(entry)));
        let changed: Vec<_> = changed.collect();
        for (place, key_id, now) in changed {
            let Some(account) = self.accounts.get(place) else {
                continue;
            };
            let of = (account.place, key_id);
            let edits = edits.entry(place).or_default();
            let before = account.knowledge.table().key(key_id);
            let mut facts = account.knowledge.facts_of(&key_id);
            match (now, before) {
                (Now::Same, _) => {}
                (Now::Ways(ways), Some(before)) => match &*ways {
                    [way] => match self.closed.kinds.get(way.now) {
                        None => edits.keys.push((key_id, None)),
                        Some(kind) => match kind.reached_by(before) {
                            Some(key) => edits.keys.push((key_id, Some(key))),
                            None => open.keys.push(of),
                        },
                    },
                    _ => open.keys.push(of),
                },
                (Now::Ways(ways), None) => {
                    let (facts, is_all) = self.facts_of_ways(&ways, facts);
                    edits.facts.push((key_id, facts));
                    open.keys.extend((!is_all).then_some(of));
                }
                (Now::Open, Some(_)) => open.keys.push(of),
                (Now::Open, None) => {
                    open.keys.push(of);
                    (facts.state, facts.enabled) = (None, None);
                    edits.facts.push((key_id, facts));
                }
            }
        }
    }

    /// The keys that the run makes, and those that it names by a value which is not known and on
    /// which an alias now stands: from here on they are keys that are not described, of IDs that
    /// stand in for theirs.
    fn settle_keys_without_id(&mut self, open: &mut Open, edits: &mut HashMap<usize, Edits>) {
        let names = self.ledger.iter().flat_map(|ledger| &ledger.names);
        let stood_on = names.filter_map(|name| match name.home {
            Home::Here(on) => on,
            _ => None,
        });
        let stood_on: HashSet<KeyIndex> = stood_on.collect();
        let mut stand_ins = Vec::new();
        for ((place, key_id), is) in &self.stand_ins {
            let ledger = self.ledger.as_ref();
            let key = ledger.and_then(|ledger| ledger.known_key(*place, *key_id));
            if is.is_made || key.is_some_and(|key| stood_on.contains(&key)) {
                let may_lack = is.is_absent || !is.depends_on.is_empty();
                let made = (is.is_made, may_lack, is.is_state_open);
                stand_ins.push((*place, *key_id, is.facts, made, key));
            }
        }
        for (place, key_id, mut facts, (is_made, may_lack, is_open), key) in stand_ins {
            facts.exists = !may_lack;
            let now = key.and_then(|key| self.key_entry(key));
            let ways = match now.map_or(Now::Same, |entry| self.now(entry)) {
                Now::Ways(ways) => ways,
                Now::Same if may_lack => continue,
                Now::Same if is_made => {
                    unchanged(self.closed.kinds.possible_when_made(&facts, is_open))
                }
                Now::Same => unchanged(self.closed.kinds.possible(&facts)),
                Now::Open => {
                    let place = self.accounts.get(place).map(|account| account.place);
                    open.keys.extend(place.map(|place| (place, key_id)));
                    (facts.state, facts.enabled) = (None, None);
                    Rc::default()
                }
            };
            let (facts, _) = self.facts_of_ways(&ways, facts);
            edits.entry(place).or_default().facts.push((key_id, facts));
        }
    }

    fn now(&self, entry: &KeyEntry) -> Now {
        match entry.home {
            Home::Account => Now::Same,
            Home::Here(set) => Now::Ways(self.sets.get(set)),
            Home::Cluster(_) | Home::Forgotten => Now::Open,
        }
    }

    /// What ways have in common, and whether that is all: ways of keys that are not among these
    /// may have it in common with them.
    fn facts_of_ways(&mut self, ways: &[Way], noted: KeyFacts) -> (KeyFacts, bool) {
        let kinds = ways.iter().filter_map(|way| self.closed.kinds.get(way.now));
        let Some(mut facts) = kinds.map(Kind::facts).reduce(KeyFacts::common) else {
            let is_gone = !ways.is_empty();
            let facts = if is_gone { KeyFacts::default() } else { noted };
            return (facts, is_gone);
        };
        // A kind does not tell the specs of one type and usage apart.
        facts.spec = noted.spec;
        let may_be_gone = ways.iter().any(|way| way.now == NO_KEY);
        facts.exists = !may_be_gone;
        let mut possible = self.closed.kinds.possible(&facts);
        possible.sort_unstable();
        let mut now: Vec<_> = ways
            .iter()
            .map(|way| way.now)
            .filter(|now| *now != NO_KEY)
            .collect();
        now.sort_unstable();
        now.dedup();
        (facts, possible == now)
    }

    /// The ID of a key, unless it stands for several.
    fn certain_key(&self, key: KeyIndex) -> Option<KeyId> {
        let entry = self.key_entry(key)?;
        (!entry.is_anonymous).then_some(entry.key_id)
    }

    fn edit(&mut self, place: usize, edits: Edits) {
        let at = self.at;
        let Some(account) = self.accounts.get_mut(place) else {
            return;
        };
        let knowledge = &mut account.knowledge;
        for (key_id, facts) in edits.facts.iter().filter(|(_, facts)| facts.exists) {
            knowledge.replace_facts(*key_id, *facts);
        }
        for (alias_name, on) in edits.aliases {
            knowledge.move_alias(alias_name, on, at);
        }
        for (key_id, facts) in edits.facts.iter().filter(|(_, facts)| !facts.exists) {
            knowledge.replace_facts(*key_id, *facts);
        }
        for (key_id, now) in edits.keys {
            let Some(before) = knowledge.table().key(key_id).cloned().map(Box::new) else {
                continue;
            };
            let effect = match now {
                Some(after) => Effect::KeyChanged {
                    before,
                    after: Box::new(after),
                },
                None => {
                    let aliases = knowledge.table().aliases_of(key_id);
                    let aliases = aliases.map(|alias| alias.to_entry()).collect();
                    Effect::KeyDeleted {
                        key: before,
                        aliases,
                    }
                }
            };
            knowledge.happens(effect);
        }
    }
}

/// A primary key with so many replicas more.
fn with_replicas(key: &KeyMetadata, more: u32) -> Option<KeyMetadata> {
    let Some(MultiRegionRole::Primary { replicas }) = key.multi_region_role() else {
        return None;
    };
    let replicas = replicas.saturating_add(more);
    key.with_role(MultiRegionRole::Primary { replicas }).ok()
}

/// Ways that nothing has changed.
fn unchanged(kinds: Vec<KindIndex>) -> Rc<[Way]> {
    kinds.into_iter().map(Way::unchanged).collect()
}
