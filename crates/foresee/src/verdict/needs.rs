//! What an undecided outcome depends on: facts that change it when they alone are changed.
//!
//! A need is only named with a proof: two completions that differ in that fact alone, or two
//! orders that differ in that pair of steps alone, and in which the step has different answers.

use std::collections::BTreeSet;
use std::rc::Rc;

use hashbrown::{HashMap, HashSet};

use super::cell::{PresentSet, Question};
use super::closed::{AnswerIndex, Present, View};
use super::engine::Engine;
use super::explore::{Block, Explored, Record, Witness};
use super::kind::{Differences, KindIndex, NO_KEY};
use super::outcome::{Fact, Need};
use super::set::Way;
use super::swap::{exchange, exchanged, steps, swapped};
use super::world::{Content, Event, KeyIndex};

/// The most work in a run to find what outcomes depend on: steps that are tried again, and ways of
/// keys that are compared.
const TRIES: u64 = 1_000_000;

/// Orders of more steps than these are not walked through.
const ORDERED: usize = 400;

/// The least sets of facts of the target, and of the present key, that change an answer.
pub(super) type OpenFacts = (Vec<Differences>, Vec<Differences>);

/// Which kind each key is before the run.
pub(super) type Completion = HashMap<KeyIndex, KindIndex>;

impl Engine<'_, '_> {
    /// What the outcome of a step depends on.
    pub(super) fn needs(
        &mut self,
        block: Block<'_>,
        explored: &Explored,
        step: usize,
        record: &Record,
    ) -> Vec<Need> {
        let mut needs = BTreeSet::new();
        self.asking = self.tasks.get(step).map_or(0, |task| task.place);
        for seen in &record.sights {
            let facts = match self.open_facts.get(&seen.question) {
                Some(known) => Rc::clone(known),
                None if self.tries > TRIES => continue,
                None => {
                    let facts = Rc::new(self.find_open_facts(seen.question));
                    self.open_facts.insert(seen.question, Rc::clone(&facts));
                    facts
                }
            };
            self.add_facts(&mut needs, seen.target, &facts.0);
            self.add_facts(&mut needs, seen.present, &facts.1);
        }
        if let Some((first, others)) = record.witnesses.split_first() {
            for other in others {
                let explained = first.seen == other.seen && !needs.is_empty();
                if explained || self.tries > TRIES {
                    continue;
                }
                let found = self.walk(block, explored, first, other);
                if self.tries > TRIES {
                    // It was broken off: what it found is no proof.
                    continue;
                }
                needs.extend(exchanged(block, explored, (first.step, step), &found));
            }
        }
        for witness in &record.witnesses {
            self.add_facts_alone(&mut needs, block, witness);
        }
        if needs.is_empty() {
            needs.insert(Need::BoundReached);
        }
        needs.into_iter().collect()
    }

    pub(super) fn add_facts(
        &self,
        needs: &mut BTreeSet<Need>,
        key: Option<KeyIndex>,
        differences: &[Differences],
    ) {
        let Some(key) = key.filter(|key| !self.is_anonymous(*key)) else {
            return;
        };
        let made = self.depends_on(key);
        let key = self.key_text(key);
        for fact in differences
            .iter()
            .flat_map(|differences| differences.facts())
        {
            if fact == Fact::Existence && !made.is_empty() {
                needs.extend(made.iter().cloned());
                continue;
            }
            let key = key.clone();
            needs.insert(Need::Key { key, fact });
        }
    }

    /// The facts of the target and of the present key that change the answer within one world.
    fn find_open_facts(&mut self, question: Question) -> OpenFacts {
        let targets = question.target.map(|set| self.sets.get(set));
        let targets = targets.map_or_else(|| vec![Way::unchanged(NO_KEY)], |ways| ways.to_vec());
        let presents = match question.present {
            PresentSet::On(set) => self.sets.get(set).iter().copied().map(Some).collect(),
            _ => vec![None],
        };
        let pairs = targets.len().saturating_mul(presents.len()).div_euclid(64);
        self.tried(pairs);
        let mut rows: Vec<(Vec<Option<AnswerIndex>>, Vec<Way>)> = Vec::new();
        for way in presents {
            let row = self.answers(question, &targets, way);
            match rows.iter_mut().find(|(known, _)| *known == row) {
                Some((_, ways)) => ways.extend(way),
                None => rows.push((row, way.into_iter().collect())),
            }
        }
        let mut of_target = Vec::new();
        for (row, _) in &rows {
            let grouped = groups(row.iter().copied().zip(targets.iter().copied()));
            self.minimal(&grouped, &mut of_target);
        }
        let mut of_present = Vec::new();
        let grouped: Vec<_> = rows.into_iter().map(|(_, ways)| ways).collect();
        self.minimal(&grouped, &mut of_present);
        (of_target, of_present)
    }

    /// What each way of the target meets with one present key.
    fn answers(
        &mut self,
        question: Question,
        targets: &[Way],
        present: Option<Way>,
    ) -> Vec<Option<AnswerIndex>> {
        if question
            .shape
            .step_that_makes()
            .is_some_and(|step| self.makes_key(step))
        {
            let each = targets.iter();
            let answers = each.map(|way| self.answer_of_making(question.shape, *way, present));
            return answers.collect();
        }
        let present = match (question.present, present) {
            (PresentSet::OnTarget, _) => Present::OnTarget,
            (_, Some(way)) => match self.closed.kinds.get(way.now) {
                Some(kind) => {
                    let kept = kind.left_behind();
                    Present::On(self.closed.kinds.index(kept))
                }
                None => Present::Free,
            },
            _ => Present::Free,
        };
        let view = |way: &Way| View {
            shape: question.shape,
            target: way.now,
            present,
            usage: question.usage,
        };
        let views: Vec<_> = targets.iter().map(view).collect();
        let locals = views.into_iter().map(|view| self.closed.local(view));
        locals
            .map(|local| local.map(|local| local.answer))
            .collect()
    }

    /// The least sets of facts in which ways of different groups differ.
    fn minimal(&self, groups: &[Vec<Way>], minimal: &mut Vec<Differences>) {
        for (number, group) in groups.iter().enumerate() {
            for other in groups.iter().skip(number.saturating_add(1)) {
                for (one, other) in group
                    .iter()
                    .flat_map(|one| other.iter().map(move |other| (one, other)))
                {
                    let kinds = &self.closed.kinds;
                    let mut differences = kinds.differences(one.before, other.before);
                    if one.before == other.before {
                        // A replica that is made in two ways.
                        differences = kinds.differences(one.now, other.now);
                    }
                    let less = |known: &Differences| known.within(differences);
                    if differences.count() > 0 && !minimal.iter().any(less) {
                        minimal.retain(|known| !differences.within(*known));
                        minimal.push(differences);
                    }
                }
            }
        }
    }

    /// Goes from one witness to another by changing one key, or one pair of steps, at a time, and
    /// tells where the answer changes.
    fn walk(
        &mut self,
        block: Block<'_>,
        explored: &Explored,
        from: &Witness,
        to: &Witness,
    ) -> Vec<Need> {
        let (events, mut goal) = (self.whole(block, from), self.whole(block, to));
        let (mut here, there) = (self.completion(from, &events), self.completion(to, &goal));
        let step = from.step;
        for event in &mut goal {
            if let Event::Step(of_other) = event {
                *of_other = exchange(block, explored, (to.step, step), *of_other);
            }
        }
        let Some(answer) = self.try_again(&events, &here, step) else {
            return Vec::new();
        };
        let mut keys: Vec<KeyIndex> = there.keys().copied().collect();
        keys.retain(|key| here.get(key) != there.get(key));
        keys.sort_unstable();
        let with = |count: usize| {
            let mut mixed = here.clone();
            let changed = keys.iter().take(count);
            mixed.extend(changed.filter_map(|key| Some((*key, *there.get(key)?))));
            mixed
        };
        let all = with(keys.len());
        if self.try_again(&events, &all, step) != Some(answer) {
            // Somewhere on the way one key changes the answer.
            let (mut low, mut high) = (0, keys.len());
            while high.saturating_sub(low) > 1 {
                let middle = low.midpoint(high);
                if self.try_again(&events, &with(middle), step) == Some(answer) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            let (before, key) = (with(low), keys.get(low).copied());
            return key.map_or_else(Vec::new, |key| {
                self.facts_between(&events, before, key, &there, step)
            });
        }
        here = all;
        let mut events = events;
        let found = self.lists_between(&mut events, &goal, &here, step);
        if !found.is_empty() {
            return found;
        }
        self.steps_between(&events, &goal, &here, step)
    }

    /// The least facts of a key that change the answer.
    fn facts_between(
        &mut self,
        events: &[Event],
        mut here: Completion,
        key: KeyIndex,
        there: &Completion,
        step: usize,
    ) -> Vec<Need> {
        let (Some(from), Some(to)) = (here.get(&key).copied(), there.get(&key).copied()) else {
            return Vec::new();
        };
        let answer = self.try_again(events, &here, step);
        let most = self.closed.kinds.differences(from, to);
        let first = self.key_entry(key).and_then(|entry| entry.first);
        let ways = first.map(|first| self.sets.get(first)).unwrap_or_default();
        let mut others: Vec<(Differences, KindIndex)> = ways
            .iter()
            .map(|way| (self.closed.kinds.differences(from, way.before), way.before))
            .filter(|(differences, _)| differences.within(most) && *differences != most)
            .collect();
        others.sort_by_key(|(differences, _)| differences.count());
        others.push((most, to));
        for (differences, kind) in others {
            here.insert(key, kind);
            if self.try_again(events, &here, step) != answer {
                let mut needs = BTreeSet::new();
                self.add_facts(&mut needs, Some(key), &[differences]);
                return needs.into_iter().collect();
            }
        }
        Vec::new()
    }

    /// The alias, or the number of aliases, that no list tells of and that changes the answer.
    fn lists_between(
        &mut self,
        events: &mut [Event],
        goal: &[Event],
        completion: &Completion,
        step: usize,
    ) -> Vec<Need> {
        let answer = self.try_again(events, completion, step);
        for place in 0..events.len() {
            let Some(event) = events.get(place).copied() else {
                continue;
            };
            let other = goal.iter().copied().find(|goal| match (event, *goal) {
                (Event::Name(one, _), Event::Name(other, _)) => one == other,
                (Event::Count(one, _), Event::Count(other, _)) => one == other,
                _ => false,
            });
            let Some(other) = other.filter(|other| *other != event) else {
                continue;
            };
            if let Some(at) = events.get_mut(place) {
                *at = other;
            }
            if self.try_again(events, completion, step) != answer {
                return self.list_need(other).into_iter().collect();
            }
        }
        Vec::new()
    }

    fn list_need(&self, event: Event) -> Option<Need> {
        match event {
            Event::Name(name, _) => {
                let step = self.name_entry(name)?.step;
                let operation = self.tasks.get(step)?.operation()?;
                let alias_name = operation.alias_name()?.as_str().into();
                Some(Need::Alias { alias_name })
            }
            Event::Count(key, _) => Some(Need::Key {
                key: self.key_text(key),
                fact: Fact::AliasCount,
            }),
            _ => None,
        }
    }

    /// The pair of steps whose order changes the answer.
    fn steps_between(
        &mut self,
        events: &[Event],
        goal: &[Event],
        completion: &Completion,
        step: usize,
    ) -> Vec<Need> {
        let order = steps(goal);
        let mut sorted = (steps(events), order.clone());
        sorted.0.sort_unstable();
        sorted.1.sort_unstable();
        if sorted.0 != sorted.1 || order.len() > ORDERED {
            return Vec::new();
        }
        let answer = self.try_again(events, completion, step);
        let total = swapped(events, &order, usize::MAX).1;
        let (mut low, mut high) = (0, total);
        let (last, _, _) = swapped(events, &order, total);
        if self.try_again(&last, completion, step) == answer {
            return Vec::new();
        }
        while high.saturating_sub(low) > 1 {
            let middle = low.midpoint(high);
            let (middle_events, _, _) = swapped(events, &order, middle);
            if self.try_again(&middle_events, completion, step) == answer {
                low = middle;
            } else {
                high = middle;
            }
        }
        let (_, _, pair) = swapped(events, &order, high);
        let order = |(one, other): (usize, usize)| Need::Order {
            first: one.min(other),
            second: one.max(other),
        };
        pair.map(order).into_iter().collect()
    }

    /// The events before a witness, then its step, then the rest of the block, whose steps are sorted.
    pub(super) fn whole(&self, block: Block<'_>, witness: &Witness) -> Vec<Event> {
        let mut events = self.past.events(witness.trail);
        events.push(Event::Step(witness.step));
        let done: HashSet<usize> = steps(&events).into_iter().collect();
        let rest = block.steps.iter().filter(|step| !done.contains(*step));
        events.extend(rest.map(|step| Event::Step(*step)));
        events
    }

    /// A completion in which a witness is met.
    pub(super) fn completion(&self, witness: &Witness, events: &[Event]) -> Completion {
        let mut completion = Completion::new();
        let mut stands_for = HashMap::new();
        let mut choose = |key: KeyIndex, set| {
            if let Some(way) = self.sets.get(set).first() {
                completion.insert(key, way.before);
            }
        };
        for event in events {
            match event {
                Event::Key(key, set) | Event::Forgotten(key, set) => choose(*key, *set),
                Event::StandsFor(key, real) => {
                    stands_for.insert(*key, *real);
                }
                _ => {}
            }
        }
        let real = |key| stands_for.get(&key).copied().unwrap_or(key);
        let keys = witness.keys.iter();
        keys.for_each(|(key, set)| choose(real(key), set));
        let example = witness.example;
        for (key, way) in [
            (witness.seen.target, example.target),
            (witness.seen.present, example.present),
        ] {
            if let (Some(key), Some(way)) = (key, way) {
                completion.insert(real(key), way.before);
            }
        }
        completion
    }

    fn tried(&mut self, cost: usize) {
        let cost = u64::try_from(cost).unwrap_or(u64::MAX);
        self.tries = self.tries.saturating_add(cost);
    }

    /// The answer to a step in one completion and one order.
    pub(super) fn try_again(
        &mut self,
        events: &[Event],
        completion: &Completion,
        step: usize,
    ) -> Option<AnswerIndex> {
        let mut content = Content::default();
        for event in events {
            match *event {
                Event::Name(name, on) => content.names.set(name, on),
                Event::Count(key, count) => content.counts.set(key, count),
                Event::StandsIfThere(name, key) => {
                    let set = self.set_of(key, &content);
                    let is_gone = |way: &Way| way.before == NO_KEY;
                    let is_gone = self.sets.get(set).first().is_none_or(is_gone);
                    content.names.set(name, (!is_gone).then_some(key));
                }
                Event::Key(key, set) => {
                    let ways = self.sets.get(set);
                    let chosen = completion.get(&key);
                    let way = ways.iter().find(|way| Some(&way.before) == chosen);
                    let way = way.or(ways.first()).copied()?;
                    let set = self.sets.only(way);
                    content.keys.set(key, set);
                }
                Event::Step(done) if self.has_wrong_shape(done) => {}
                Event::Step(done) => {
                    self.tried(content.len().div_euclid(32).saturating_add(1));
                    if self.tries > TRIES {
                        return None;
                    }
                    let seen = self.sight(done, &content)?;
                    let cells = self.cells_of(done, seen);
                    let cell = cells.first()?;
                    if done == step {
                        return cell.answers.first().map(|example| example.answer);
                    }
                    content = self.after(done, &content, seen, cell);
                }
                Event::Forgotten(..) | Event::StandsFor(..) | Event::Joined(_) => {}
            }
        }
        None
    }
}

/// Ways by what they meet.
fn groups(ways: impl Iterator<Item = (Option<AnswerIndex>, Way)>) -> Vec<Vec<Way>> {
    let mut groups: Vec<(Option<AnswerIndex>, Vec<Way>)> = Vec::new();
    for (answer, way) in ways {
        match groups.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, group)) => group.push(way),
            None => groups.push((answer, vec![way])),
        }
    }
    groups.into_iter().map(|(_, ways)| ways).collect()
}
