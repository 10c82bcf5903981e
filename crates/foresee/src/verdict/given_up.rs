//! Steps that are given up where the bound is reached: what may come out of them is still told.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use super::cell::Example;
use super::engine::Engine;
use super::explore::Witness;
use super::kind::{Kind, NO_KEY};
use super::outcome::Possible;
use super::set::{SetIndex, Way};
use super::task::Task;
use super::world::{Content, KeyIndex, NameIndex, SmallMap, Trail};
use kms_alias::Operation;

/// The keys on which the aliases of each name may come to stand.
pub(super) type Targets = HashMap<NameIndex, BTreeSet<KeyIndex>>;

/// On so many keys an alias is tried.
const MOST_TARGETS: usize = 16;

impl Engine<'_, '_> {
    /// The keys that steps name together with each name.
    pub(super) fn targets_of(&self, steps: &[usize]) -> Targets {
        let mut targets = Targets::new();
        for step in steps {
            let Some(ledger) = &self.ledger else {
                continue;
            };
            let pair = ledger.name_of_step(*step).zip(ledger.key_of_step(*step));
            if let Some((name, key)) = pair {
                targets.entry(name).or_default().insert(key);
            }
        }
        targets
    }

    /// What may come out of a step that is given up: each answer to what it may see, without regard to
    /// how that could come about.
    pub(super) fn possible_of_given_up(&mut self, step: usize, targets: &Targets) -> Vec<Possible> {
        let mut possible = BTreeSet::new();
        for content in self.contents_of_given_up(step, targets) {
            let Some(seen) = self.sight(step, &content) else {
                continue;
            };
            let cells = self.cells_of(step, seen);
            let examples = cells.iter().flat_map(|cell| cell.answers.iter().copied());
            for example in examples.collect::<Vec<Example>>() {
                let witness = Witness {
                    step,
                    example,
                    keys: SmallMap::default(),
                    trail: Trail::START,
                    seen,
                };
                possible.insert(self.possible(step, &witness));
            }
        }
        possible.into_iter().collect()
    }

    fn contents_of_given_up(&mut self, step: usize, targets: &Targets) -> Vec<Content> {
        let ledger = self.ledger.as_ref();
        let (name, target) = ledger.map_or((None, None), |ledger| {
            (ledger.name_of_step(step), ledger.key_of_step(step))
        });
        let mut stands = vec![None];
        if let Some(name) = name {
            let mut keys = targets.get(&name).cloned().unwrap_or_default();
            let on = self.stands_on_in_account(name);
            if on.is_some() && !self.is_deleted_by_another(step, name) {
                stands.clear();
            }
            keys.extend(on);
            stands.extend(keys.into_iter().take(MOST_TARGETS).map(Some));
        }
        let full = target.filter(|target| name.is_some() && self.quota_matters(*target));
        let mut contents = Vec::new();
        for on in stands {
            let mut content = Content::default();
            for key in target.into_iter().chain(on) {
                let set = self.set_of_given_up(key);
                content.keys.set(key, set);
            }
            if let Some(name) = name {
                content.names.set(name, on);
            }
            contents.push(content.clone());
            if let Some(target) = full {
                let place = self.key_entry(target).map(|entry| entry.place);
                let account = place.and_then(|place| self.accounts.get(place));
                let quota = account.map_or(0, |account| account.settings.quota);
                content.counts.set(target, quota);
                contents.push(content);
            }
        }
        contents
    }

    /// Whether a name that stands before may be deleted before a step.
    fn is_deleted_by_another(&self, step: usize, name: NameIndex) -> bool {
        let operation = self.tasks.get(step).and_then(Task::operation);
        let own = usize::from(matches!(operation, Some(Operation::DeleteAlias { .. })));
        self.name_entry(name)
            .is_none_or(|entry| entry.deleted > own)
    }

    /// The ways in which a key may be by now: one that steps change in any state, or gone.
    fn set_of_given_up(&mut self, key: KeyIndex) -> SetIndex {
        let set = self.set_in_account(key);
        if self.key_entry(key).is_none_or(|entry| !entry.changes) {
            return set;
        }
        let mut ways = self.sets.get(set).to_vec();
        for way in self.sets.get(set).iter() {
            let Some(mut facts) = self.closed.kinds.get(way.before).map(Kind::facts) else {
                continue;
            };
            (facts.state, facts.enabled) = (None, None);
            let kinds = self.closed.kinds.possible(&facts).into_iter();
            ways.extend(kinds.chain([NO_KEY]).map(|now| Way { now, ..*way }));
        }
        self.sets.index(ways)
    }
}
