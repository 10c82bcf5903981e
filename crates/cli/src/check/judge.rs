//! The verdict on each step, and whom the steps touch.

use std::collections::BTreeMap;

use kms_alias::{AliasTable, Change, Scope};
use kms_alias_files::{
    AccountError, Accounts, Advice, JudgedRun, ReadRun, RunInput, judge_run_with,
};
use kms_alias_foresee::verdict::{
    Conclusion, Judgement, KeyReference, Knowledge, NameReference, Outcome, Place, Request, RunStep,
};
use kms_alias_foresee::{AliasConditions, Impact};

use super::access;
use super::report::{Report, Step};
use super::uses;
use crate::common::warn_of_what_stands;

/// What is asked of each step beside its verdict.
pub struct Asked<'a> {
    pub uses: bool,
    pub conditions: Option<&'a AliasConditions>,
}

/// What steps that certainly succeed do, by step and in all.
#[derive(Default)]
struct Touched {
    of_step: BTreeMap<usize, Impact>,
    in_all: BTreeMap<Scope, Impact>,
}

impl Touched {
    fn note(&mut self, step: usize, table: &AliasTable, change: &Change) {
        // The change is the newest of this table.
        if let Ok(impact) = Impact::of(table, change) {
            let in_all = self.in_all.entry(table.scope()).or_default();
            in_all.then(impact.clone());
            self.of_step.insert(step, impact);
        }
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
        &touched,
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
    told(file, judged, scopes.len() > 1, advice, &touched, asked)
}

/// Notes what the steps do, as far as that is asked.
fn observer<'t>(
    touched: &'t mut Touched,
    asked: &Asked<'_>,
) -> impl FnMut(usize, &AliasTable, &Change) + 't {
    let asks = asked.uses || asked.conditions.is_some();
    move |step, table, change| {
        if asks {
            touched.note(step, table, change);
        }
    }
}

/// What is said of a run.
fn told(
    file: &str,
    judged: JudgedRun,
    several: bool,
    mut advice: Vec<Advice>,
    touched: &Touched,
    asked: &Asked<'_>,
) -> (Report, Vec<Knowledge>) {
    warn_of_what_stands(judged.warnings.iter().cloned());
    let (read, judgement) = (&judged.read, &judged.judgement);
    advice.extend(read.advice_on(judgement).cloned());
    let mut report = Report {
        file: file.to_owned(),
        steps: steps(read, judgement, several),
        steps_in_all: read.run.steps.len(),
        conclusion: judged.conclusion(),
        places: places(read),
        ways: judged.ways,
        aliases_afterwards: None,
        assumed_free: texts(&judgement.assumed_free),
        open_places: open_places(judgement),
        bound_reached: judgement.bound_reached,
        advice,
        uses: Vec::new(),
        access: None,
    };
    tell_touched(&mut report, touched, asked);
    report.aliases_afterwards = count_afterwards(&report, &judged.afterwards);
    (report, judged.afterwards)
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

/// How many aliases stand afterwards, if every step is decided.
fn count_afterwards(report: &Report, afterwards: &[Knowledge]) -> Option<usize> {
    let is_decided = |step: &Step| !matches!(step.outcome, Outcome::Undecided { .. });
    let is_known = report.ways == 1
        && report.assumed_free.is_empty()
        && report.open_places.is_empty()
        && report.steps.iter().all(is_decided);
    is_known.then(|| afterwards.iter().map(|one| one.table().len()).sum())
}

/// The steps that are shown.
fn steps(read: &ReadRun, judgement: &Judgement, several: bool) -> Vec<Step> {
    let judged = read.run.steps.iter().zip(&judgement.outcomes).enumerate();
    let shown = judged.filter(|(_, (step, outcome))| {
        // Where a run fails for want of room no single step is refused, and all are shown.
        let all = judgement.conclusion == Conclusion::Fails
            && matches!(outcome, Outcome::Undecided { .. });
        all || read.is_listed(step, outcome)
    });
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
            notes: step.notes.clone(),
            uses: Vec::new(),
            access: Vec::new(),
        }
    };
    shown.map(step).collect()
}

/// What a request is about.
fn subject(request: &Request) -> Option<String> {
    match request {
        Request::CreateAlias { alias_name, .. }
        | Request::UpdateAlias { alias_name, .. }
        | Request::DeleteAlias { alias_name } => match alias_name {
            NameReference::Absent => None,
            NameReference::Text(text) => Some(text.to_string()),
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
fn tell_touched(report: &mut Report, touched: &Touched, asked: &Asked<'_>) {
    for step in &mut report.steps {
        let Some(impact) = touched.of_step.get(&(step.number - 1)) else {
            continue;
        };
        if asked.uses {
            step.uses = uses::uses(impact);
        }
        if let Some(conditions) = asked.conditions {
            step.access = access::access(conditions, impact);
        }
    }
    let in_all = touched.in_all.values();
    report.uses = in_all.clone().flat_map(uses::uses).collect();
    report.access = asked.conditions.map(|conditions| {
        let access: Vec<_> = in_all
            .flat_map(|impact| access::access(conditions, impact))
            .collect();
        let steps = report.steps.iter_mut().map(|step| &mut step.access);
        access::mark_what_lasts(steps, &access);
        access
    });
}
