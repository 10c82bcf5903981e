//! A template of which conditions are not known, a plan of which it is not known what acts in one
//! account: judged once for each way in which they can be.

use std::collections::BTreeMap;

use kms_alias_files::{AccountError, Accounts, Assumption};
use kms_alias_foresee::verdict::{Conclusion, Need, Outcome, Possible};

use crate::judged::{Asked, Judged, Shown};

/// As many comparisons are assumed in turn: 64 ways at most, as in the program.
const MOST: usize = 6;

/// Judges what is asked in each way, and what comes of it in all of them.
pub(crate) fn judge(asked: &Asked, accounts: &Accounts) -> Result<Judged, AccountError> {
    let mut open: Vec<Vec<Assumption>> = vec![Vec::new()];
    let mut merged: Option<Judged> = None;
    while let Some(assumptions) = open.pop() {
        let mut accounts = accounts.clone();
        let read = asked.read(&mut accounts, &assumptions)?;
        let unsettled = read.open.clone();
        match unsettled {
            Some(assumption) if assumptions.len() < MOST => {
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
            _ => {}
        }
        let mut judged = Judged::of(read, accounts);
        if unsettled.is_some() {
            give_up(&mut judged);
        }
        merged = Some(match merged {
            Some(whole) => merge(whole, judged, &assumptions),
            None => judged,
        });
    }
    Ok(merged.unwrap_or_default())
}

/// Makes every verdict undecided: there are more ways than are tried.
fn give_up(judged: &mut Judged) {
    judged.conclusion = Conclusion::Undecided;
    judged.warn_of_the_bound();
    for step in &mut judged.steps {
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

/// What a step is told by where ways are compared.
type Name = (Option<Box<str>>, String);

fn name(step: &Shown) -> Name {
    (step.address.clone(), step.operation.clone())
}

/// Adds what comes of another way: a step that is not in one keeps the verdict of those it is in.
///
/// Steps keep their numbers where each way has the same; otherwise they are counted anew, and what
/// hangs on an order of steps is told by the new numbers.
fn merge(mut whole: Judged, mut other: Judged, assumptions: &[Assumption]) -> Judged {
    let numbered = |judged: &Judged| -> Vec<(usize, Name)> {
        let steps = judged.steps.iter();
        steps.map(|step| (step.number, name(step))).collect()
    };
    if numbered(&whole) != numbered(&other) {
        let mut order: Vec<Name> = Vec::new();
        for step in whole.steps.iter().chain(&other.steps) {
            if !order.contains(&name(step)) {
                order.push(name(step));
            }
        }
        renumber(&mut whole, &order);
        renumber(&mut other, &order);
    }
    for step in other.steps {
        let is_it =
            |known: &&mut Shown| known.address == step.address && known.operation == step.operation;
        match whole.steps.iter_mut().find(is_it) {
            Some(known) => merge_outcome(&mut known.outcome, &step.outcome, assumptions),
            None => whole.steps.push(step),
        }
    }
    whole.steps.sort_by_key(|step| step.number);
    if whole.conclusion != other.conclusion {
        whole.conclusion = Conclusion::Undecided;
    }
    for warning in other.warnings {
        if !whole.warnings.contains(&warning) {
            whole.warnings.push(warning);
        }
    }
    whole
}

/// Numbers steps by their place in this order, also where outcomes hang on them.
fn renumber(judged: &mut Judged, order: &[Name]) {
    let number = |step: &Shown| {
        let place = order.iter().position(|of| *of == name(step));
        place.unwrap_or(order.len()).saturating_add(1)
    };
    let numbers = judged.steps.iter().map(|step| (step.number, number(step)));
    let numbers: BTreeMap<usize, usize> = numbers.collect();
    let of = |index: usize| {
        let number = numbers.get(&index.saturating_add(1))?;
        Some(number.saturating_sub(1))
    };
    for step in &mut judged.steps {
        step.number = numbers.get(&step.number).copied().unwrap_or(step.number);
        let Outcome::Undecided { needs, .. } = &mut step.outcome else {
            continue;
        };
        needs.retain_mut(|need| {
            let Need::Order { first, second } = need else {
                return true;
            };
            let (Some(one), Some(other)) = (of(*first), of(*second)) else {
                return false;
            };
            (*first, *second) = (one.min(other), one.max(other));
            true
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
    let answers = could_be.iter().map(|possible| match possible {
        Possible::Refused(answer) => Some(answer.clone()),
        Possible::Ok => None,
    });
    let refusals: Option<Vec<_>> = answers.collect();
    let is_open = |outcome: &Outcome| matches!(outcome, Outcome::Undecided { .. });
    let are_certain = !is_open(known) && !is_open(other);
    if let Some(could_be) = refusals.filter(|_| are_certain) {
        *known = Outcome::Refused { could_be };
        return;
    }
    let each = assumptions.iter();
    let mut needs: Vec<Need> = each.map(|assumption| assumption.need.clone()).collect();
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
