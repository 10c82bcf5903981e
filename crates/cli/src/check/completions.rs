//! A template of which conditions are not known, a plan of which it is not known what acts in one
//! account: judged once for each way in which they can be.

use std::collections::BTreeMap;

use kms_alias::Timestamp;
use kms_alias_files::{self as files, Accounts, Assumption, Kind, recognise};
use kms_alias_foresee::verdict::{Conclusion, Knowledge, Need, Outcome, Possible};

use super::arguments::Arguments;
use super::inputs::Inputs;
use super::judge;
use super::report::{Report, Step};
use crate::common::Unusable;

/// As many comparisons are assumed in turn: 64 ways at most.
const MOST: usize = 6;

/// Whether what runs can hang on comparisons.
pub fn may_differ(inputs: &Inputs) -> bool {
    let kind = recognise(inputs.changes.file().bytes);
    matches!(
        kind,
        Kind::CloudFormation | Kind::CdkManifest | Kind::TerraformPlan
    )
}

/// Judges a template or plan in each way, and what comes of it in all of them.
pub fn judge(
    inputs: &Inputs,
    arguments: &Arguments,
    at: Timestamp,
    accounts: &Accounts,
) -> Result<(Report, Vec<Knowledge>), Unusable> {
    let mut open: Vec<Vec<Assumption>> = vec![Vec::new()];
    let mut merged: Option<(Report, Vec<Knowledge>)> = None;
    while let Some(assumptions) = open.pop() {
        let mut input = inputs.run_input(arguments, at);
        input.assumptions.clone_from(&assumptions);
        let mut own = accounts.clone();
        let run = files::read_run(&input, &mut own)?;
        let is_exact = run.open.is_none();
        if let Some(assumption) = run.open.as_ref().filter(|_| assumptions.len() < MOST) {
            for holds in [false, true] {
                let mut more = assumptions.clone();
                more.push(Assumption {
                    holds,
                    ..assumption.clone()
                });
                open.push(more);
            }
            continue;
        }
        let scopes: Vec<_> = (own.iter().filter_map(|(place, _)| place.scope())).collect();
        let name = inputs.changes.file().name;
        let asked = super::asked(inputs, arguments);
        let (mut report, known) = judge::judge(name, run, own, &scopes, &asked);
        if !is_exact {
            give_up(&mut report);
        }
        match &mut merged {
            Some((whole, _)) => merge(whole, report, &assumptions),
            None => merged = Some((report, known)),
        }
    }
    merged.ok_or_else(|| Unusable("nothing is about to happen".to_owned()))
}

/// Makes every verdict undecided: there are more ways than are tried.
fn give_up(report: &mut Report) {
    report.conclusion = Conclusion::Undecided;
    report.bound_reached = true;
    for step in &mut report.steps {
        let mut could_be = possible(&step.outcome);
        if !could_be.contains(&Possible::Ok) {
            could_be.insert(0, Possible::Ok);
        }
        step.outcome = Outcome::Undecided {
            needs: vec![Need::BoundReached],
            could_be,
            settle: Vec::new(),
        };
    }
}

/// Adds what comes of another way: a step that is not in one keeps the verdict of those it is in.
///
/// Steps keep their numbers where each way has the same; otherwise they are counted anew, and what
/// hangs on an order of steps is told by the new numbers.
fn merge(whole: &mut Report, mut other: Report, assumptions: &[Assumption]) {
    let is_same =
        |one: &Step, other: &Step| one.address == other.address && one.operation == other.operation;
    let differ = whole.steps.len() != other.steps.len()
        || (whole.steps.iter().zip(&other.steps))
            .any(|(one, other)| one.number != other.number || !is_same(one, other));
    if differ {
        let mut order: Vec<(Option<Box<str>>, String)> = Vec::new();
        for step in whole.steps.iter().chain(&other.steps) {
            let key = (step.address.clone(), step.operation.clone());
            if !order.contains(&key) {
                order.push(key);
            }
        }
        renumber(whole, &order);
        renumber(&mut other, &order);
    }
    for step in other.steps {
        let is_it =
            |known: &&mut Step| known.address == step.address && known.operation == step.operation;
        match whole.steps.iter_mut().find(is_it) {
            Some(known) => merge_outcome(&mut known.outcome, &step.outcome, assumptions),
            None => whole.steps.push(step),
        }
    }
    whole.steps.sort_by_key(|step| step.number);
    whole.steps_in_all = whole.steps_in_all.max(whole.steps.len());
    if whole.conclusion != other.conclusion {
        whole.conclusion = Conclusion::Undecided;
    }
    whole.completions += 1;
    whole.aliases_afterwards = None;
    whole.open_places.extend(other.open_places);
    whole.bound_reached |= other.bound_reached;
    for advice in other.advice {
        if !whole.advice.contains(&advice) {
            whole.advice.push(advice);
        }
    }
    for place in other.assumed_free {
        if !whole.assumed_free.contains(&place) {
            whole.assumed_free.push(place);
        }
    }
}

/// Numbers steps by their place in this order, also where outcomes hang on them.
fn renumber(report: &mut Report, order: &[(Option<Box<str>>, String)]) {
    let number = |step: &Step| {
        let is_it = |(address, operation): &(Option<Box<str>>, String)| {
            *address == step.address && *operation == step.operation
        };
        order.iter().position(is_it).unwrap_or(order.len()) + 1
    };
    let numbers: BTreeMap<usize, usize> = (report.steps.iter())
        .map(|step| (step.number, number(step)))
        .collect();
    for step in &mut report.steps {
        step.number = numbers.get(&step.number).copied().unwrap_or(step.number);
        let Outcome::Undecided { needs, .. } = &mut step.outcome else {
            continue;
        };
        needs.retain_mut(|need| {
            let Need::Order { first, second } = need else {
                return true;
            };
            let of = |index: usize| numbers.get(&(index + 1)).map(|number| number - 1);
            match (of(*first), of(*second)) {
                (Some(one), Some(other)) => {
                    (*first, *second) = (one.min(other), one.max(other));
                    true
                }
                _ => false,
            }
        });
    }
}

fn merge_outcome(known: &mut Outcome, other: &Outcome, assumptions: &[Assumption]) {
    if known == other {
        return;
    }
    let mut could_be = possible(known);
    could_be.extend(possible(other));
    could_be.sort_unstable();
    could_be.dedup();
    let refusals: Option<Vec<_>> = (could_be.iter())
        .map(|possible| match possible {
            Possible::Refused(answer) => Some(answer.clone()),
            Possible::Ok => None,
        })
        .collect();
    let are_certain =
        !matches!(known, Outcome::Undecided { .. }) && !matches!(other, Outcome::Undecided { .. });
    if let Some(could_be) = refusals.filter(|_| are_certain) {
        *known = Outcome::Refused { could_be };
        return;
    }
    let mut needs: Vec<Need> = (assumptions.iter())
        .map(|assumption| assumption.need.clone())
        .collect();
    let mut settle = Vec::new();
    for outcome in [&*known, other] {
        if let Outcome::Undecided {
            needs: more,
            settle: commands,
            ..
        } = outcome
        {
            needs.extend(more.iter().cloned());
            settle.extend(commands.iter().cloned());
        }
    }
    needs.sort_unstable();
    needs.dedup();
    settle.sort_unstable();
    settle.dedup();
    *known = Outcome::Undecided {
        needs,
        could_be,
        settle,
    };
}

fn possible(outcome: &Outcome) -> Vec<Possible> {
    match outcome {
        Outcome::Ok => vec![Possible::Ok],
        Outcome::Refused { could_be } => could_be.iter().cloned().map(Possible::Refused).collect(),
        Outcome::Undecided { could_be, .. } => could_be.clone(),
    }
}
