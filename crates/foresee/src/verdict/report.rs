//! What is said of the steps of a block: their answers in KMS's words.

use hashbrown::HashMap;
use kms_alias::{Refusal, Rule};

use super::cell::PresentSet;
use super::closed::{Present, Real};
use super::engine::{Engine, Judged, Several};
use super::explore::{Block, Explored, Record, Witness};
use super::kind::NO_KEY;
use super::outcome::{Answer, Need, Possible};
use super::swap::exchanged;
use super::words::{self, Label};
use super::world::KeyIndex;

impl Engine<'_, '_> {
    /// Notes the verdict on each step of a block.
    pub(super) fn report(&mut self, block: Block<'_>, explored: &Explored) {
        // What one step needs, those need that are alike, with the steps changed.
        let mut alike: HashMap<(usize, usize), (usize, Vec<Need>)> = HashMap::new();
        for (place, step) in block.steps.iter().copied().enumerate() {
            let Some(record) = explored.records.get(place) else {
                continue;
            };
            if self.is_refused_for_its_shape(step) {
                continue;
            }
            let part = explored.strands.part(place);
            let known = part.and_then(|part| alike.get(&part));
            let known = known.map(|(of, needs)| exchanged(block, explored, (*of, step), needs));
            let judged = self.judged_of(block, explored, step, record, known);
            if let (Some(part), Judged::Several(several)) = (part, &judged) {
                alike
                    .entry(part)
                    .or_insert_with(|| (step, several.needs.clone()));
            }
            self.tell_of_possible(step, record, &judged);
            self.set_judged(step, judged);
        }
    }

    fn judged_of(
        &mut self,
        block: Block<'_>,
        explored: &Explored,
        step: usize,
        record: &Record,
        known: Option<Vec<Need>>,
    ) -> Judged {
        let mut could_be = Vec::new();
        for witness in &record.witnesses {
            let possible = self.possible(step, witness);
            if !could_be.contains(&possible) {
                could_be.push(possible);
            }
        }
        could_be.sort_unstable();
        match <[Possible; 1]>::try_from(could_be) {
            Ok([only]) => Judged::One(only),
            Err(could_be) => {
                let mut needs = Vec::new();
                if could_be.contains(&Possible::Ok) {
                    needs = known.unwrap_or_else(|| self.needs(block, explored, step, record));
                }
                Judged::Several(Box::new(Several { could_be, needs }))
            }
        }
    }

    /// The outcome that a witness shows, in the words of this step.
    pub(super) fn possible(&mut self, step: usize, witness: &Witness) -> Possible {
        if witness.example.answer.is_ok() {
            return Possible::Ok;
        }
        match self.answer(step, witness) {
            Some(answer) => Possible::Refused(answer),
            None => Possible::Ok,
        }
    }

    fn answer(&self, step: usize, witness: &Witness) -> Option<Answer> {
        let task = self.tasks.get(step)?;
        let account = self.accounts.get(task.place)?;
        let question = witness.seen.question;
        let target = witness.example.target.map_or(NO_KEY, |way| way.now);
        let present = match (question.present, witness.example.present) {
            (PresentSet::OnTarget, _) => Present::OnTarget,
            (PresentSet::On(_), Some(way)) => Present::On(way.now),
            _ => Present::Free,
        };
        let real = Real {
            settings: account.settings,
            target,
            present,
            usage: question.usage,
        };
        if self.makes_key(step) {
            let labels = self.labels(witness.seen.target);
            let answer = witness.example.answer;
            return self.words_of_making(step, answer, target, &labels);
        }
        let refusal = match self.closed.rule_of(witness.example.answer) {
            // Its words tell of numbers alone.
            Some(Rule::T6) => Refusal::AliasesPerKeyQuota {
                quota: account.settings.quota,
                usage: question.usage,
            },
            _ => self.closed.refusal(task.operation()?, &real)?,
        };
        let labels = self.labels(witness.seen.target);
        let mut answer = words::answer(&refusal, account.place, &labels);
        if let Refusal::DeletionNotDue { deletion_date, .. } = &refusal
            && self.is_half_known(witness.seen.target)
        {
            let date = deletion_date.as_millis().to_string();
            answer.message = answer.message.replace(&date, "<deletion date>").into();
        }
        Some(answer)
    }

    /// What is shown for a key that has no ID.
    fn labels(&self, key: Option<KeyIndex>) -> Vec<Label<'_>> {
        let entry = key.and_then(|key| self.key_entry(key));
        let label = entry.and_then(|entry| {
            let stand_in = self.stand_ins.get(&(entry.place, entry.key_id))?;
            Some(Label {
                key_id: entry.key_id,
                label: &stand_in.label,
            })
        });
        label.into_iter().collect()
    }

    /// The ID of a key, or what is shown for one that has none.
    pub(super) fn key_text(&self, key: KeyIndex) -> Box<str> {
        let Some(entry) = self.key_entry(key) else {
            return Box::default();
        };
        match self.stand_ins.get(&(entry.place, entry.key_id)) {
            Some(stand_in) => stand_in.label.clone(),
            // Related keys have one ID: that of another Region is told by its ARN.
            None if entry.place != self.asking => {
                let place = self.accounts.get(entry.place);
                let place = place.map(|account| account.place).unwrap_or_default();
                format!("{place}:key/{}", entry.key_id).into()
            }
            None => entry.key_id.to_string().into(),
        }
    }

    /// Whether a key can be in several ways.
    fn is_half_known(&self, key: Option<KeyIndex>) -> bool {
        let entry = key.and_then(|key| self.key_entry(key));
        let first = entry.and_then(|entry| entry.first);
        first.is_some_and(|first| self.sets.get(first).len() > 1)
    }
}
