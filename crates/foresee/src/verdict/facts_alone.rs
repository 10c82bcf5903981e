//! The facts of keys that change an outcome though the step does not see them, but steps before it.

use std::collections::BTreeSet;

use super::closed::AnswerIndex;
use super::engine::Engine;
use super::explore::{Block, Witness};
use super::needs::Completion;
use super::outcome::Need;
use super::world::{Event, KeyIndex};

/// The most work in a run to find such facts: steps that are tried again, and ways of keys that are
/// looked at. It is beside the work for the facts that a step sees.
const TRIES_ALONE: u64 = 100_000;

/// What a witness shows of a step: what happened, how keys were, and the answer.
struct Shown {
    events: Vec<Event>,
    completion: Completion,
    step: usize,
    answer: AnswerIndex,
}

impl Engine<'_, '_> {
    /// Adds the facts of keys each of which, changed alone in what a witness shows, changes the answer.
    pub(super) fn add_facts_alone(
        &mut self,
        needs: &mut BTreeSet<Need>,
        block: Block<'_>,
        witness: &Witness,
    ) {
        if self.tries_alone >= TRIES_ALONE {
            return;
        }
        let step = witness.step;
        let events = self.whole(block, witness);
        let completion = self.completion(witness, &events);
        let Some(answer) = self.try_alone(&events, &completion, step) else {
            return;
        };
        let mut keys: Vec<KeyIndex> = completion.keys().copied().collect();
        keys.sort_unstable();
        let mut shown = Shown {
            events,
            completion,
            step,
            answer,
        };
        for key in keys {
            self.add_facts_of_key(needs, key, &mut shown);
        }
    }

    /// Adds the facts of one key, as long as there is work left.
    fn add_facts_of_key(&mut self, needs: &mut BTreeSet<Need>, key: KeyIndex, shown: &mut Shown) {
        let first = self.key_entry(key).and_then(|entry| entry.first);
        let (Some(first), Some(from)) = (first, shown.completion.get(&key).copied()) else {
            return;
        };
        let ways = self.sets.get(first);
        for way in ways.iter() {
            if self.tries_alone >= TRIES_ALONE {
                return;
            }
            self.tries_alone = self.tries_alone.saturating_add(1);
            let differences = self.closed.kinds.differences(from, way.before);
            if differences.count() != 1 {
                continue;
            }
            let mut more = BTreeSet::new();
            self.add_facts(&mut more, Some(key), &[differences]);
            if more.is_subset(needs) {
                continue;
            }
            shown.completion.insert(key, way.before);
            let other = self.try_alone(&shown.events, &shown.completion, shown.step);
            shown.completion.insert(key, from);
            if other.is_some_and(|other| other != shown.answer) {
                needs.append(&mut more);
            }
        }
    }

    /// Tries a step again; nothing where there is no work left.
    fn try_alone(
        &mut self,
        events: &[Event],
        completion: &Completion,
        step: usize,
    ) -> Option<AnswerIndex> {
        let before = self.tries;
        let answer = self.try_again(events, completion, step);
        let spent = self.tries.saturating_sub(before);
        self.tries_alone = self.tries_alone.saturating_add(spent);
        self.tries = before;
        answer
    }
}
