//! The verdict on each step, and whom the steps touch.

use std::collections::{BTreeMap, BTreeSet};

use kms_alias::{AliasTable, KeyId, Rule, Scope};
use kms_alias_files::{
    AccountError, Accounts, Advice, JudgedRun, ReadRun, RunInput, judge_run_with,
};
use kms_alias_foresee::verdict::{
    Answer, Conclusion, Happening, Judgement, KeyReference, Knowledge, NameReference, Need,
    Outcome, Place, Request, RunStep, name_shown,
};
use kms_alias_foresee::{AliasConditions, Impact};

use super::access::{self, Access};
use super::crowd::Crowd;
use super::made::Arrival;
use super::remedy;
use super::report::{Report, Source, Step};
use super::uses::{self, Uses};
use crate::common::warn_of_what_stands;

/// What is asked of each step beside its verdict.
pub struct Asked<'a> {
    pub uses: bool,
    pub conditions: Option<&'a AliasConditions>,
}

/// What steps do, or would do, by step, and in all what certainly happens.
#[derive(Default)]
struct Touched {
    of_step: BTreeMap<usize, Vec<Touch>>,
    /// Aliases that come to keys which have no ID before the run.
    arrivals: Vec<(usize, Scope, Arrival)>,
    in_all: BTreeMap<Scope, Impact>,
}

/// What a step does, or one of the things that it may do.
#[derive(PartialEq)]
struct Touch {
    uses: Vec<Uses>,
    access: Vec<Access>,
    is_certain: bool,
    /// Whether it is about a key that is not known before the run.
    is_of_new_key: bool,
}

impl Touched {
    fn note(
        &mut self,
        step: usize,
        table: &AliasTable,
        happening: Happening<'_>,
        asked: &Asked<'_>,
    ) {
        let is_certain = matches!(happening, Happening::Certain(_));
        let impact = match happening {
            // The change is the newest of this table.
            Happening::Certain(change) => Impact::of(table, change).ok(),
            Happening::Possible(effect) => {
                let impact = Impact::if_it_happens(table, effect);
                if asked.uses && !impact.keys().all(|key| table.knows_key(&key.key_id())) {
                    let arrival = Arrival::of(table, effect);
                    self.arrivals
                        .extend(arrival.map(|arrival| (step, table.scope(), arrival)));
                }
                Some(impact)
            }
            Happening::OfOpenKey(key_id) => {
                let aliases = table
                    .aliases_of(key_id)
                    .map(|alias| name_shown(alias.name()));
                let uses = uses::of_open_key(key_id, aliases).into_iter();
                self.add(
                    step,
                    Touch {
                        uses: uses.filter(|_| asked.uses).collect(),
                        access: Vec::new(),
                        is_certain,
                        is_of_new_key: false,
                    },
                );
                None
            }
            _ => None,
        };
        let Some(impact) = impact else {
            return;
        };
        let is_known = |key_id: &KeyId| table.knows_key(key_id);
        let changes = |conditions| access::access(conditions, &impact);
        // Keys that have no ID yet come under no condition that could be told.
        let access = asked.conditions.map(changes).unwrap_or_default();
        let access = access
            .into_iter()
            .filter(|access| is_known(&access.change.key_id()));
        self.add(
            step,
            Touch {
                uses: if asked.uses {
                    uses::uses(&impact, is_known)
                } else {
                    Vec::new()
                },
                access: access.collect(),
                is_certain,
                is_of_new_key: !impact.keys().all(|key| is_known(&key.key_id())),
            },
        );
        if is_certain {
            self.in_all.entry(table.scope()).or_default().then(impact);
        }
    }

    fn add(&mut self, step: usize, touch: Touch) {
        let touches = self.of_step.entry(step).or_default();
        if !touches.contains(&touch) {
            touches.push(touch);
        }
    }

    /// What works through the aliases that come to keys which the run makes, instead of that it is
    /// not known.
    fn tell_of_arrivals(&mut self, read: &ReadRun, judgement: &Judgement) {
        for (step, scope, arrival) in std::mem::take(&mut self.arrivals) {
            let Some(impact) = arrival.impact(read, step) else {
                continue;
            };
            let touches = self.of_step.entry(step).or_default();
            touches.retain(|touch| !touch.is_of_new_key);
            let is_ok = judgement.outcomes.get(step) == Some(&Outcome::Ok);
            let is_certain = is_ok && touches.is_empty();
            self.add(
                step,
                Touch {
                    uses: uses::uses(&impact, |_| true),
                    access: Vec::new(),
                    is_certain,
                    is_of_new_key: false,
                },
            );
            if is_certain {
                self.in_all.entry(scope).or_default().then(impact);
            }
        }
    }

    /// What is said of a step: where only one thing can come of it, that is certain.
    fn take(&mut self, step: &Step) -> (Vec<Uses>, Vec<Access>) {
        let touches = self.of_step.remove(&(step.number - 1)).unwrap_or_default();
        let is_one = step.outcome == Outcome::Ok && touches.len() == 1;
        let (mut uses, mut access) = (Vec::new(), Vec::new());
        for touch in touches {
            let is_certain = touch.is_certain || is_one;
            for mut one in touch.uses {
                one.is_certain = is_certain;
                if !uses.contains(&one) {
                    uses.push(one);
                }
            }
            for mut one in touch.access {
                one.is_certain = is_certain;
                if !access.contains(&one) {
                    access.push(one);
                }
            }
        }
        (uses, access)
    }
}

/// Judges a plan or template, in each way in which what it leaves open can be; also what is known
/// of the accounts afterwards.
pub fn judge(
    input: &RunInput<'_>,
    accounts: Accounts,
    asked: &Asked<'_>,
) -> Result<(Report, Vec<Knowledge>), AccountError> {
    let advice = accounts.advice().to_vec();
    let mut touched = Touched::default();
    let judged = judge_run_with(input, accounts, &mut observer(&mut touched, asked))?;
    let several = several(judged.places.iter().filter_map(Place::scope));
    Ok(told(
        input.file.name,
        judged,
        several,
        advice,
        touched,
        asked,
    ))
}

/// Judges a list of changes in accounts; also what is known of the accounts afterwards.
///
/// The scopes are those of the command in which the changes are judged; the accounts may be of some
/// of these.
pub fn judge_changes(
    file: &str,
    mut read: ReadRun,
    accounts: Accounts,
    scopes: &[Scope],
    asked: &Asked<'_>,
) -> (Report, Vec<Knowledge>) {
    let advice = accounts.advice().to_vec();
    read.over_places(&accounts, scopes);
    let mut touched = Touched::default();
    let judged = read.judge(accounts, &mut observer(&mut touched, asked));
    told(file, judged, scopes.len() > 1, advice, touched, asked)
}

/// Notes what the steps do, as far as that is asked.
fn observer<'t>(
    touched: &'t mut Touched,
    asked: &'t Asked<'_>,
) -> impl FnMut(usize, &AliasTable, Happening<'_>) + 't {
    let asks = asked.uses || asked.conditions.is_some();
    move |step, table, happening| {
        if asks {
            touched.note(step, table, happening, asked);
        }
    }
}

/// What is said of a run.
fn told(
    file: &str,
    judged: JudgedRun,
    several: bool,
    mut advice: Vec<Advice>,
    mut touched: Touched,
    asked: &Asked<'_>,
) -> (Report, Vec<Knowledge>) {
    warn_of_what_stands(judged.warnings.iter().cloned());
    let (read, judgement) = (&judged.read, &judged.judgement);
    advice.extend(read.advice_on(judgement).cloned());
    let (steps, hidden) = steps(&judged, several);
    let mut report = Report {
        file: file.to_owned(),
        sources: sources(read, &advice),
        steps,
        hidden,
        steps_in_all: read.run.steps.len(),
        conclusion: judged.conclusion(),
        places: places(read),
        ways: judged.ways,
        aliases_afterwards: None,
        assumed_free: texts(&judgement.assumed_free),
        assumed_replicable: texts(&read.assumed_replicable),
        open_places: open_places(judgement),
        bound_reached: judgement.bound_reached,
        advice,
        denied: Vec::new(),
        uses: Vec::new(),
        access: None,
    };
    touched.tell_of_arrivals(read, judgement);
    tell_touched(&mut report, touched, asked);
    note_told(&mut report, &judged.afterwards, read);
    report.aliases_afterwards = count_afterwards(&report, read, &judged.afterwards);
    (report, judged.afterwards)
}

/// Where what the steps and the advice are about is written, as far as it is told.
fn sources(read: &ReadRun, advice: &[Advice]) -> BTreeMap<Box<str>, Source> {
    let of_steps = read.run.steps.iter().map(|step| &step.address);
    let addresses = of_steps.chain(advice.iter().map(|advice| &advice.address));
    let each = addresses.flatten().filter_map(|address| {
        let (file, line) = read.source_of(address)?;
        let file = file.to_owned();
        Some((address.clone(), Source { file, line }))
    });
    each.collect()
}

/// Says of keys that are not described what a plan tells of them.
fn note_told(report: &mut Report, afterwards: &[Knowledge], read: &ReadRun) {
    let tells = |key_id: &KeyId| {
        let known = afterwards.iter();
        let mut facts = known.filter(|known| !known.table().is_described(key_id));
        facts.find_map(|known| uses::lacking(known.facts_of(key_id)))
    };
    let calls = |key_id: &KeyId| read.called(key_id).map(str::to_owned);
    let steps = report.steps.iter_mut().chain(&mut report.hidden);
    let of_steps = steps.flat_map(|step| &mut step.uses);
    for uses in of_steps.chain(&mut report.uses) {
        uses.effect.note_told(tells, calls);
    }
}

/// Whether there is more than one.
fn several(scopes: impl Iterator<Item = Scope>) -> bool {
    scopes.take(2).count() > 1
}

/// Where it is not certain which aliases stand afterwards.
fn open_places(judgement: &Judgement) -> Vec<String> {
    let of_aliases = judgement.open.aliases.iter().map(|(place, _)| *place);
    let mut places: Vec<_> = of_aliases.collect();
    places.extend(&judgement.open.places);
    places.sort_unstable();
    places.dedup();
    texts(&places)
}

fn texts(places: &[Place]) -> Vec<String> {
    places.iter().map(ToString::to_string).collect()
}

/// The places in which steps run, each once.
fn places(read: &ReadRun) -> Vec<String> {
    let mut places: Vec<Place> = read.run.steps.iter().map(|step| step.place).collect();
    places.sort_unstable();
    places.dedup();
    texts(&places)
}

/// How many aliases stand afterwards where steps run, if every step is decided.
fn count_afterwards(report: &Report, read: &ReadRun, afterwards: &[Knowledge]) -> Option<usize> {
    let places: BTreeSet<Place> = read.run.steps.iter().map(|step| step.place).collect();
    let afterwards = afterwards
        .iter()
        .filter(|one| places.contains(&one.place()));
    let is_decided = |step: &Step| !matches!(step.outcome, Outcome::Undecided { .. });
    let is_known = report.ways == 1
        && report.assumed_free.is_empty()
        && report.open_places.is_empty()
        && report.steps.iter().all(is_decided);
    is_known.then(|| afterwards.map(|one| one.table().len()).sum())
}

/// The steps that are shown, and those that are not.
fn steps(judged_run: &JudgedRun, several: bool) -> (Vec<Step>, Vec<Step>) {
    let (read, judgement) = (&judged_run.read, &judged_run.judgement);
    let crowd = Crowd::of(read, judged_run.ways, &judged_run.afterwards);
    let judged = read.run.steps.iter().zip(&judgement.outcomes).enumerate();
    let is_shown = |step: &RunStep, outcome: &Outcome| {
        // Where a run fails for want of room no single step is refused, and all are shown.
        let all = judgement.conclusion == Conclusion::Fails
            && matches!(outcome, Outcome::Undecided { .. });
        all || read.is_listed(step, outcome)
    };
    let what_is_hidden = |index: usize| {
        let step = read.run.steps.get(index)?;
        let is_shown = is_shown(step, judgement.outcomes.get(index)?);
        (!is_shown).then(|| hidden(index, step))
    };
    let (shown, hidden): (Vec<_>, Vec<_>) =
        judged.partition(|(_, (step, outcome))| is_shown(step, outcome));
    let step = |(index, (step, outcome)): (usize, (&RunStep, &Outcome))| {
        let change = read.changes.get(index);
        Step {
            number: index + 1,
            address: step.address.clone(),
            place: several.then(|| step.place.to_string()),
            line: change.map(|change| change.line),
            operation: change.map_or_else(
                || step.request.operation().to_owned(),
                |change| change.operation.clone(),
            ),
            subject: change.map_or_else(|| subject(&step.request), |change| change.subject.clone()),
            outcome: outcome.clone(),
            notes: notes(step, outcome)
                .into_iter()
                .chain(contending(index, outcome).filter_map(what_is_hidden))
                .collect(),
            remedies: remedies(read, index, outcome, &crowd),
            uses: Vec::new(),
            access: Vec::new(),
        }
    };
    let told = |steps: Vec<_>| steps.into_iter().map(step).collect();
    (told(shown), told(hidden))
}

/// What to change so that a step passes.
fn remedies(read: &ReadRun, index: usize, outcome: &Outcome, crowd: &Crowd) -> Vec<Box<str>> {
    let mut remedies = remedy::of(read, index, outcome);
    remedies.extend(crowd.notes(index, outcome));
    remedies
}

/// The other steps on whose order the outcome of a step hangs.
fn contending(index: usize, outcome: &Outcome) -> impl Iterator<Item = usize> {
    let needs = match outcome {
        Outcome::Undecided { needs, .. } => &needs[..],
        _ => &[],
    };
    let others = needs.iter().flat_map(|need| match need {
        Need::Order { first, second } => vec![*first, *second],
        _ => Vec::new(),
    });
    let others: BTreeSet<usize> = others.filter(|other| *other != index).collect();
    others.into_iter()
}

/// What a step is that has no line of its own.
fn hidden(index: usize, step: &RunStep) -> Box<str> {
    let operation = step.request.operation();
    let address = step.address.as_deref().unwrap_or_default();
    let whose = if address.is_empty() { "" } else { " of " };
    format!("step {} is {operation}{whose}{address}", index + 1).into()
}

/// What else is to be said of a step by its outcome.
fn notes(step: &RunStep, outcome: &Outcome) -> Vec<Box<str>> {
    let fitting = step.notes.iter().filter(|note| note.fits(outcome));
    fitting
        .map(|note| note.words.clone())
        .chain(other_reading(outcome))
        .collect()
}

/// The other published reading of rule A4, where it takes a name that the strict one refuses.
fn other_reading(outcome: &Outcome) -> Option<Box<str>> {
    let Outcome::Refused { could_be } = outcome else {
        return None;
    };
    let [Answer { rule, message, .. }] = could_be.as_slice() else {
        return None;
    };
    // AWS's own words are about `alias/aws/`, which both readings reserve.
    let by_strict_reading = *rule == Rule::A4 && message.ends_with("belong to AWS");
    by_strict_reading.then(|| {
        "AWS's API reference reserves only names that begin with alias/aws/: `--reserved alias/aws/` \
         judges by that"
            .into()
    })
}

/// What a request is about.
fn subject(request: &Request) -> Option<String> {
    match request {
        Request::CreateAlias { alias_name, .. }
        | Request::UpdateAlias { alias_name, .. }
        | Request::DeleteAlias { alias_name } => match alias_name {
            NameReference::Absent => None,
            NameReference::Text(text) => Some(name_shown(text)),
            NameReference::Unknown(name) => Some(name.label.to_string()),
        },
        Request::EnableKey { key_id }
        | Request::DisableKey { key_id }
        | Request::ScheduleKeyDeletion { key_id, .. }
        | Request::CancelKeyDeletion { key_id }
        | Request::DeleteKey { key_id }
        | Request::SetKeyState { key_id, .. } => match key_id {
            KeyReference::Text(text) => Some(text.to_string()),
            KeyReference::Unknown(key) => Some(key.label.to_string()),
            KeyReference::Absent | KeyReference::MadeBy(_) => None,
        },
        _ => None,
    }
}

/// Puts whom the steps touch into the report, as far as that was asked.
fn tell_touched(report: &mut Report, mut touched: Touched, asked: &Asked<'_>) {
    for step in report.steps.iter_mut().chain(&mut report.hidden) {
        (step.uses, step.access) = touched.take(step);
    }
    report.hidden.retain(|step| !step.uses.is_empty());
    let in_all = touched.in_all.values();
    report.uses = in_all
        .clone()
        .flat_map(|impact| uses::uses(impact, |_| true))
        .collect();
    report.access = asked.conditions.map(|conditions| {
        let access: Vec<_> = in_all
            .flat_map(|impact| access::access(conditions, impact))
            .collect();
        let steps = report.steps.iter_mut().map(|step| &mut step.access);
        access::mark_what_lasts(steps, &access);
        access
    });
}
