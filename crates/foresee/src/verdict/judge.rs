//! Judging a run: every step, and the run as a whole.

use std::collections::BTreeMap;

use kms_alias::{AliasTable, KeyArn, KeyId, ReservedNames};

use super::after::Open;
use super::alike::{Alike, MOST_ALIKE};
use super::apart::{self, Groups, groups};
use super::bound::Bound;
use super::case::{self, Choice, Unknown, Unknowns, cases, count, unknowns};
use super::engine::{Account, Engine, Judged, Several};
use super::findings::Findings;
use super::happening::Happening;
use super::identity::{adjusted, is_possible};
use super::knowledge::{AliasList, Knowledge};
use super::outcome::{Conclusion, Fact, Need, Outcome, Possible};
use super::place::Place;
use super::request::Request;
use super::run::{Order, Run};
use super::shared::concerned;
use super::task::{Asks, Case, Make};
use super::typing::{stand_in_number, tasks};

/// The verdicts on a run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Judgement {
    /// The verdict on each step, by its index.
    pub outcomes: Vec<Outcome>,
    /// What is said of the run as a whole.
    pub conclusion: Conclusion,
    /// The places of which no list of aliases was given: there, names that nothing mentions were
    /// taken as free (rule H6). A summary has to say so.
    pub assumed_free: Vec<Place>,
    /// Whether the bound on possibilities was reached, so that some verdict is not exact.
    pub bound_reached: bool,
    /// What is not certain after the run.
    pub open: Open,
    /// How much work it was, as [`Bound::work`] counts it.
    pub work: u64,
}

/// Judges a run, in accounts that may be known in part.
///
/// Of a place that no knowledge is given of, nothing is known.
///
/// ```
/// use kms_alias::{AccountId, KeyId, Region, Scope, Timestamp};
/// use kms_alias_foresee::verdict::{
///     Conclusion, Fact, KeyFacts, Knowledge, Need, Outcome, Place, Request, Run, RunStep, judge,
/// };
///
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// let mut knowledge = Knowledge::new(Place::from(scope));
/// knowledge.insert_undescribed_key(key_id, KeyFacts::customer_managed());
///
/// let create = Request::CreateAlias {
///     alias_name: "alias/payments".into(),
///     target_key_id: "1234abcd-12ab-34cd-56ef-1234567890ab".into(),
/// };
/// let run = Run::listed(vec![RunStep::new(scope, create)], Timestamp::from_millis(0));
/// let judgement = judge(&run, vec![knowledge]);
///
/// let Outcome::Undecided { needs, settle, .. } = &judgement.outcomes[0] else { unreachable!() };
/// let fact = Fact::KeyState; // it could be pending deletion (rule T5)
/// assert_eq!(needs[..], [Need::Key { key: key_id.to_string().into(), fact }]);
/// assert_eq!(
///     &*settle[0],
///     "aws kms describe-key --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region eu-west-3",
/// );
/// assert_eq!(judgement.conclusion, Conclusion::Undecided);
/// ```
#[must_use]
pub fn judge(run: &Run, knowledge: Vec<Knowledge>) -> Judgement {
    let mut judging = Judging::new(knowledge);
    judging.judge(run, &mut |_, _, _| {})
}

/// So many aliases are copied for the cases of unknown names, at the most.
const MOST_COPIED: usize = 5_000_000;

/// So many steps are judged in all cases of unknown keys, at the most.
const MOST_JUDGED: usize = 200_000;

/// So many steps are judged where not all cases can be, at the most.
const MOST_IN_SOME_CASES: usize = 40_000;

/// Judges runs in accounts that it keeps.
///
/// [`judge`] is enough where the accounts are not asked for afterwards.
#[derive(Clone, Debug)]
pub struct Judging {
    bound: Bound,
    knowledge: BTreeMap<Place, Knowledge>,
}

impl Judging {
    /// Begins with what is known of some places; of two that are the same place the last counts.
    #[must_use]
    pub fn new(knowledge: Vec<Knowledge>) -> Self {
        let of_place = |knowledge: Knowledge| (knowledge.place(), knowledge);
        Self {
            bound: Bound::default(),
            knowledge: knowledge.into_iter().map(of_place).collect(),
        }
    }

    /// The same with another bound.
    #[must_use]
    pub const fn with_bound(mut self, bound: Bound) -> Self {
        self.bound = bound;
        self
    }

    /// What is known of each place by now.
    pub fn knowledge(&self) -> impl Iterator<Item = &Knowledge> {
        self.knowledge.values()
    }

    /// Judges a run. The observer is told what each step does that succeeds or may succeed, with the
    /// account's table: see [`Happening`]; not if names, accounts or Regions are
    /// unknown on which verdicts hang, as then there is more than one case.
    ///
    /// What is known of each place follows the run: [`into_knowledge`](Self::into_knowledge) has
    /// what is certain of it.
    pub fn judge(
        &mut self,
        run: &Run,
        observer: &mut dyn FnMut(usize, &AliasTable, Happening<'_>),
    ) -> Judgement {
        let assumed_free = self.assumed_free(run);
        let findings = self.find(run, observer);
        let conclusion = findings.conclusion();
        let Findings {
            judged,
            exceeded,
            open,
            work,
            ..
        } = findings;
        let steps = run.steps.iter().zip(judged);
        Judgement {
            outcomes: steps
                .map(|(step, judged)| outcome(step.place, judged))
                .collect(),
            conclusion,
            assumed_free,
            bound_reached: exceeded,
            open,
            work: work.0,
        }
    }

    /// Judges a run in every case of what is unknown; where names that may be one and the same make too
    /// many cases, without these, and then the steps concerned are left open.
    fn find(
        &mut self,
        run: &Run,
        observer: &mut dyn FnMut(usize, &AliasTable, Happening<'_>),
    ) -> Findings {
        let mut alike = Alike::of(run);
        let mut given_up = alike.give_up_beyond(MOST_ALIKE);
        let mut unknowns = unknowns(run, &self.knowledge, &alike);
        let mut groups = groups(run, &self.knowledge, &unknowns);
        let most = self.most_cases(run);
        let is_few = |count: &Option<usize>| count.is_some_and(|count| count <= most);
        if !groups.counts(&unknowns).values().all(is_few) {
            let more = alike.give_up_beyond(0);
            if !more.is_empty() {
                given_up.extend(more);
                unknowns = case::unknowns(run, &self.knowledge, &alike);
                groups = apart::groups(run, &self.knowledge, &unknowns);
            }
        }
        let left_open = groups.of_names(run, &given_up);
        let findings = self.find_keys(run, unknowns, groups, observer);
        match given_up.is_empty() {
            true => findings,
            false => findings.of_some_steps(&left_open),
        }
    }

    /// Judges a run in every case of what is unknown; where those are too many, without the cases of
    /// keys, on which then the steps concerned are left open.
    fn find_keys(
        &mut self,
        run: &Run,
        mut unknowns: Unknowns,
        groups: Groups,
        observer: &mut dyn FnMut(usize, &AliasTable, Happening<'_>),
    ) -> Findings {
        let is_key = |unknown: &Unknown| matches!(unknown, Unknown::Key(..));
        if !unknowns.keys().any(is_key) {
            return self.find_without_keys(run, &unknowns, &groups, observer);
        }
        let most = MOST_JUDGED.checked_div(run.steps.len());
        let most = self.most_cases(run).min(most.unwrap_or(MOST_JUDGED));
        if count(&unknowns).is_some_and(|count| count <= most) {
            let (findings, are_all) = self.judge_cases(run, &unknowns, &groups);
            if are_all {
                return findings;
            }
        }
        let concerned = concerned(run, &self.knowledge, &unknowns);
        unknowns.retain(|unknown, _| !is_key(unknown));
        let groups = apart::groups(run, &self.knowledge, &unknowns);
        let findings = self.find_without_keys(run, &unknowns, &groups, observer);
        findings.of_some_steps(&concerned)
    }

    fn find_without_keys(
        &mut self,
        run: &Run,
        unknowns: &Unknowns,
        groups: &Groups,
        observer: &mut dyn FnMut(usize, &AliasTable, Happening<'_>),
    ) -> Findings {
        if !unknowns.is_empty() {
            let (findings, are_all) = self.judge_cases(run, unknowns, groups);
            return if are_all {
                findings
            } else {
                findings.of_some_cases()
            };
        }
        let mut known = core::mem::take(&mut self.knowledge);
        let start = Start::of(&known);
        let taking = |place: &Place| known.remove(place);
        let (findings, knowledge) =
            self.judge_case(run, &Case::default(), &start, taking, observer, (0, 0));
        self.knowledge = known;
        self.knowledge.extend(knowledge);
        findings
    }

    /// What is known of each place after the runs that were judged.
    #[must_use]
    pub fn into_knowledge(self) -> Vec<Knowledge> {
        self.knowledge.into_values().collect()
    }

    /// Judges a run in one case of the names and scopes that are not known.
    fn judge_case(
        &self,
        run: &Run,
        case: &Case,
        start: &Start,
        mut known: impl FnMut(&Place) -> Option<Knowledge>,
        observer: &mut dyn FnMut(usize, &AliasTable, Happening<'_>),
        done: (u64, u64),
    ) -> (Findings, Vec<(Place, Knowledge)>) {
        let reading = |place: Place| start.readings.get(&place).copied().unwrap_or_default();
        let tasks = tasks(run, reading, case, start.stand_ins);
        let accounts = tasks.places.iter().map(|place| {
            let known = known(place).unwrap_or_else(|| Knowledge::new(*place));
            Account::new(*place, known)
        });
        let accounts = accounts.collect();
        let mut engine = Engine::new(run.at, self.bound, tasks, accounts, observer);
        (engine.work, engine.tries) = done;
        engine.note_replicas();
        engine.note_overdue_keys();
        engine.run(run);
        let open = engine.settle_accounts();
        let findings = Findings {
            judged: core::mem::take(&mut engine.judged),
            can_be_clean: engine.can_be_clean,
            can_be_refused: engine.can_be_refused,
            exceeded: engine.exceeded,
            open,
            work: (engine.work, engine.tries),
        };
        let accounts = engine.accounts.into_iter();
        let knowledge = accounts.map(|account| (account.place, account.knowledge));
        (findings, knowledge.collect())
    }

    /// As many cases are tried at the most: the accounts are copied for each.
    fn most_cases(&self, run: &Run) -> usize {
        let tables = self.knowledge.values().map(Knowledge::table);
        let size: usize = tables.map(AliasTable::len).sum();
        let most = MOST_COPIED.checked_div(size.saturating_add(run.steps.len()));
        most.unwrap_or(self.bound.cases).min(self.bound.cases)
    }

    /// Judges a run in every case, and joins what was found; and whether these are all cases.
    fn judge_cases(&mut self, run: &Run, unknowns: &Unknowns, groups: &Groups) -> (Findings, bool) {
        let (mut cases, choice) = cases(unknowns, groups, self.most_cases(run));
        let mut are_all = !matches!(choice, Choice::Some);
        if !are_all {
            let most = MOST_IN_SOME_CASES.checked_div(run.steps.len());
            cases.truncate(most.unwrap_or(MOST_IN_SOME_CASES).max(2));
        }
        let start = Start::of(&self.knowledge);
        let mut found: Vec<(Vec<usize>, Findings)> = Vec::new();
        let mut done = (0, 0);
        for (chosen, case) in cases {
            if !is_possible(run, &self.knowledge, &case) {
                continue;
            }
            let copied = |place: &Place| self.knowledge.get(place).cloned();
            let ignored = &mut |_: usize, _: &AliasTable, _: Happening<'_>| {};
            let run = adjusted(run, &case);
            let (mut findings, _) = self.judge_case(&run, &case, &start, copied, ignored, done);
            findings.show_unknown(&run, &case);
            done = findings.work;
            found.push((chosen, findings));
            if done.0 > self.bound.work {
                are_all = false;
                break;
            }
        }
        let of_groups = matches!(choice, Choice::OfEachGroup).then_some(groups);
        let mut findings = Findings::of_cases(&found, unknowns, run, of_groups);
        // What a run leaves is not one thing in all cases: nothing is said to be certain.
        for step in &run.steps {
            if !findings.open.places.contains(&step.place) {
                findings.open.places.push(step.place);
            }
        }
        (findings, are_all)
    }

    fn assumed_free(&self, run: &Run) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for step in &run.steps {
            if places.last() != Some(&step.place) {
                places.push(step.place);
            }
        }
        places.sort_unstable();
        places.dedup();
        let is_absent = |place: &Place| {
            let known = self.knowledge.get(place);
            known.is_none_or(|known| known.alias_list == AliasList::Absent)
        };
        places.retain(is_absent);
        places
    }
}

impl Engine<'_, '_> {
    /// Judges all steps, in an order that the run allows or in all of them.
    fn run(&mut self, run: &Run) {
        match run.order {
            Order::Listed => {
                self.keys_listed_before_they_are_made(run);
                (0..run.steps.len()).for_each(|step| self.judge_step(step));
            }
            Order::Partial => {
                for (steps, before) in self.blocks(run) {
                    match steps.as_slice() {
                        [step] => self.judge_step(*step),
                        steps => self.judge_block(steps, &before),
                    }
                }
            }
        }
        self.conclude();
    }

    /// In a list, a key may be asked for before the step that makes it.
    fn keys_listed_before_they_are_made(&mut self, run: &Run) {
        let makes_keys = |step: &super::run::RunStep| {
            matches!(
                step.request,
                Request::CreateKey { .. } | Request::ReplicateKey { .. }
            )
        };
        if !run.steps.iter().any(makes_keys) {
            return;
        }
        let mut asked: hashbrown::HashSet<(usize, KeyId)> = hashbrown::HashSet::new();
        for task in &self.tasks {
            let made = match &task.asks {
                Asks::Make(Make::New { key_id, .. }) => Some(*key_id),
                Asks::Make(Make::Replica(replica)) => replica.key_id,
                _ => None,
            };
            if let Some(made) = made.map(|key_id| (task.place, key_id))
                && asked.contains(&made)
            {
                self.made_in_between.insert(made);
            }
            asked.extend(task.asks_for());
        }
    }
}

/// What of the accounts decides how a run is read.
struct Start {
    /// Each place's reading of rule A4.
    readings: BTreeMap<Place, ReservedNames>,
    /// As many IDs of keys may stand in for others already, from earlier runs.
    stand_ins: u64,
}

impl Start {
    fn of(known: &BTreeMap<Place, Knowledge>) -> Self {
        let reading =
            |(place, known): (&Place, &Knowledge)| (*place, known.table().reserved_names());
        let keys = known
            .values()
            .flat_map(|known| known.table().undescribed_keys());
        let numbers = keys.filter_map(|key_id| stand_in_number(&key_id));
        Self {
            readings: known.iter().map(reading).collect(),
            stand_ins: numbers.max().map_or(0, |number| number.saturating_add(1)),
        }
    }
}

/// The verdict on a step of a place.
fn outcome(place: Place, judged: Option<Judged>) -> Outcome {
    match judged {
        Some(Judged::One(Possible::Ok)) => Outcome::Ok,
        Some(Judged::One(Possible::Refused(answer))) => Outcome::Refused {
            could_be: vec![answer],
        },
        Some(Judged::Several(several)) => outcome_of_several(place, *several),
        None => outcome_of_several(
            place,
            Several {
                could_be: Vec::new(),
                needs: vec![Need::BoundReached],
            },
        ),
    }
}

fn outcome_of_several(place: Place, Several { could_be, needs }: Several) -> Outcome {
    let refusals = could_be.iter().filter_map(|possible| match possible {
        Possible::Refused(answer) => Some(answer.clone()),
        Possible::Ok => None,
    });
    let refusals: Vec<_> = refusals.collect();
    if !refusals.is_empty()
        && refusals.len() == could_be.len()
        && !needs.contains(&Need::BoundReached)
    {
        return Outcome::Refused { could_be: refusals };
    }
    let mut settle: Vec<Box<str>> = Vec::new();
    for command in needs.iter().filter_map(|need| command(place, need)) {
        if !settle.contains(&command) {
            settle.push(command);
        }
    }
    Outcome::Undecided {
        needs,
        could_be,
        settle,
    }
}

/// The command that tells what is needed.
fn command(place: Place, need: &Need) -> Option<Box<str>> {
    let command = match need {
        // It is open where pages of the list are not there, and a whole list alone makes up for them.
        Need::Alias { .. }
        | Need::Key {
            fact: Fact::AliasCount,
            ..
        } => String::from("aws kms list-aliases"),
        Need::Key { key, .. } if KeyId::is_valid(key) => {
            format!("aws kms describe-key --key-id {key}")
        }
        Need::Key { key, .. } if let Ok(arn) = key.parse::<KeyArn>() => {
            let region = arn.scope().region();
            return Some(format!("aws kms describe-key --key-id {arn} --region {region}").into());
        }
        Need::Account => String::from("aws sts get-caller-identity"),
        _ => return None,
    };
    let region = place.region.map(|region| format!(" --region {region}"));
    let region = region.filter(|_| *need != Need::Account);
    Some(format!("{command}{}", region.unwrap_or_default()).into())
}
