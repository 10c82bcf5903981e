//! What comes of two ways in which what a file leaves open can be.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::vec::Vec;

use crate::advice::{Advice, AdviceRule};
use crate::judge::JudgedRun;
use kms_alias::Rule;
use kms_alias_foresee::verdict::{
    Conclusion, NameForm, NameReference, Need, Note, Outcome, Place, Possible, Request, Run,
    RunStep, UnknownName,
};

/// What is said of what is one of these: a step that is not in one of them has the verdict of the
/// other. Where verdicts differ they depend on this need.
pub(crate) fn merge(mut one: JudgedRun, mut other: JudgedRun, need: &Need) -> JudgedRun {
    one.read.advice = held(&one);
    other.read.advice = held(&other);
    weaken(&mut one.read.advice, &mut other.read.advice);
    let numbers = numbers(&one.read.run, &other.read.run);
    note_steps_of_one_way(&mut one.read.run, &mut other.read.run, &numbers, need);
    let outcomes = core::mem::take(&mut other.judgement.outcomes);
    let steps = core::mem::take(&mut other.read.run.steps);
    for ((mut step, mut outcome), number) in steps.into_iter().zip(outcomes).zip(&numbers) {
        renumber(&mut step.after, &numbers);
        renumber_needs(&mut outcome, &numbers);
        let known = one.judgement.outcomes.get_mut(*number);
        match (known, one.read.run.steps.get_mut(*number)) {
            (Some(known), Some(same)) => {
                merge_outcome(known, outcome, need);
                merge_step(same, step);
            }
            // Numbers that are new follow in their order.
            _ => {
                one.judgement.outcomes.push(outcome);
                one.read.run.steps.push(step);
            }
        }
    }
    for advice in &mut other.read.advice {
        renumber(&mut advice.steps, &numbers);
        renumber(&mut advice.refused, &numbers);
    }
    add(&mut one.read.advice, other.read.advice.drain(..));
    add(&mut one.warnings, other.warnings.drain(..));
    add(&mut one.places, other.places.drain(..));
    merge_rest(&mut one, &mut other);
    one
}

/// What is said of the run as a whole.
fn merge_rest(one: &mut JudgedRun, other: &mut JudgedRun) {
    one.ways = one.ways.saturating_add(other.ways);
    one.afterwards.clear();
    let (judgement, more) = (&mut one.judgement, &mut other.judgement);
    if judgement.conclusion != more.conclusion {
        judgement.conclusion = Conclusion::Undecided;
    }
    judgement.bound_reached |= more.bound_reached;
    add(&mut judgement.assumed_free, more.assumed_free.drain(..));
    add(
        &mut one.read.assumed_replicable,
        other.read.assumed_replicable.drain(..),
    );
    add(&mut judgement.open.aliases, more.open.aliases.drain(..));
    add(&mut judgement.open.keys, more.open.keys.drain(..));
    // What they leave is not one thing.
    let places = one.read.run.steps.iter().map(|step| step.place);
    let mut places: Vec<_> = places.chain(more.open.places.drain(..)).collect();
    places.append(&mut judgement.open.places);
    places.sort_unstable();
    places.dedup();
    judgement.open.places = places;
}

fn add<T: PartialEq>(known: &mut Vec<T>, more: impl IntoIterator<Item = T>) {
    let before = known.len();
    for one in more {
        if !known.iter().take(before).any(|known| *known == one) {
            known.push(one);
        }
    }
}

/// The advice that holds.
fn held(judged: &JudgedRun) -> Vec<Advice> {
    let advice = judged.read.advice_on(&judged.judgement);
    advice.cloned().collect()
}

/// What CloudFormation refuses in one of two ways only is not certain: it is told as what is not known
/// (rule F8), and the run does not fail for it.
fn weaken(one: &mut [Advice], other: &mut [Advice]) {
    let is_certain: Vec<_> = one
        .iter()
        .filter(|it| other.contains(it))
        .cloned()
        .collect();
    for advice in one.iter_mut().chain(other) {
        if advice.rule == AdviceRule::F9 && !is_certain.contains(advice) {
            let words = format!("it depends on what is not known, but {}", advice.words);
            *advice = Advice {
                rule: AdviceRule::F8,
                words: words.into(),
                ..advice.clone()
            };
        }
    }
}

/// Says of each step that is taken in one of two ways only on what it hangs whether it is: what
/// refuses it does not refuse the run.
fn note_steps_of_one_way(one: &mut Run, other: &mut Run, numbers: &[usize], need: &Need) {
    let words = format!("whether this step is taken at all depends on {need}");
    let note = Note::new(words, Rule::ALL);
    let count = one.steps.len();
    let in_both: BTreeSet<usize> = numbers.iter().copied().collect();
    let of_one = one.steps.iter_mut().enumerate();
    let of_one = of_one.filter(|(number, _)| !in_both.contains(number));
    let of_other = other.steps.iter_mut().zip(numbers);
    let of_other = of_other.filter(|(_, number)| **number >= count);
    let steps = of_one.map(|(_, step)| step);
    for step in steps.chain(of_other.map(|(step, _)| step)) {
        add(&mut step.notes, [note.clone()]);
    }
}

/// Where each step of another run stands among those of this one: a step is the same if its address
/// and operation are, and the first of them is the first.
fn numbers(one: &Run, other: &Run) -> Vec<usize> {
    fn names(run: &Run) -> impl Iterator<Item = (Option<&str>, &str, usize)> {
        let mut seen: BTreeMap<(Option<&str>, &str), usize> = BTreeMap::new();
        run.steps.iter().map(move |step| {
            let (address, operation) = (step.address.as_deref(), step.request.operation());
            let count = seen.entry((address, operation)).or_default();
            *count = count.saturating_add(1);
            (address, operation, *count)
        })
    }
    let known: BTreeMap<_, usize> = names(one).zip(0..).collect();
    let mut next = known.len();
    let number = |name| {
        known.get(&name).copied().unwrap_or_else(|| {
            next = next.saturating_add(1);
            next.saturating_sub(1)
        })
    };
    names(other).map(number).collect()
}

fn renumber(steps: &mut Vec<usize>, numbers: &[usize]) {
    steps.retain_mut(|step| match numbers.get(*step) {
        Some(number) => {
            *step = *number;
            true
        }
        None => false,
    });
}

fn renumber_needs(outcome: &mut Outcome, numbers: &[usize]) {
    let Outcome::Undecided { needs, .. } = outcome else {
        return;
    };
    for need in needs {
        if let Need::Order { first, second } = need
            && let (Some(one), Some(other)) = (numbers.get(*first), numbers.get(*second))
        {
            (*first, *second) = (*one.min(other), *one.max(other));
        }
    }
}

fn merge_step(known: &mut RunStep, other: RunStep) {
    known.after.retain(|step| other.after.contains(step));
    known.place = both(known.place, other.place);
    add(&mut known.notes, other.notes);
    merge_name(&mut known.request, &other.request);
}

/// What stands between the names that an alias may have, where they are shown.
const OR: &str = " or ";

/// As many of these names are shown.
const MOST_NAMES: usize = 3;

/// An alias that has another name in another way is shown by both: neither is certain.
fn merge_name(known: &mut Request, other: &Request) {
    let (Request::CreateAlias { alias_name, .. }
    | Request::UpdateAlias { alias_name, .. }
    | Request::DeleteAlias { alias_name }) = known
    else {
        return;
    };
    let (Some(own), Some(other)) = (shown(Some(alias_name)), shown(other.references().0)) else {
        return;
    };
    if own == other {
        return;
    }
    let mut names: Vec<&str> = own.split(OR).collect();
    add(&mut names, other.split(OR));
    if names.len() > MOST_NAMES {
        names.truncate(MOST_NAMES);
        names.push("…");
    }
    let label = names.join(OR);
    *alias_name = NameReference::Unknown(UnknownName {
        label: label.into(),
        prefix: "".into(),
        is_unique: false,
        form: NameForm::default(),
    });
}

fn shown(name: Option<&NameReference>) -> Option<&str> {
    match name? {
        NameReference::Absent => None,
        NameReference::Text(text) => Some(text),
        NameReference::Unknown(name) => Some(&name.label),
    }
}

/// What two places have in common.
fn both(one: Place, other: Place) -> Place {
    Place {
        partition: one.partition.filter(|it| other.partition == Some(*it)),
        region: one.region.filter(|it| other.region == Some(*it)),
        account: one.account.filter(|it| other.account == Some(*it)),
        number: one.number.max(other.number),
    }
}

fn merge_outcome(known: &mut Outcome, other: Outcome, need: &Need) {
    if *known == other {
        return;
    }
    let mut could_be = possible(known);
    could_be.extend(possible(&other));
    could_be.sort_unstable();
    could_be.dedup();
    let refusals: Option<Vec<_>> = (could_be.iter())
        .map(|possible| match possible {
            Possible::Refused(answer) => Some(answer.clone()),
            Possible::Ok => None,
        })
        .collect();
    let is_certain = |outcome: &Outcome| !matches!(outcome, Outcome::Undecided { .. });
    if let Some(could_be) = refusals.filter(|_| is_certain(known) && is_certain(&other)) {
        *known = Outcome::Refused { could_be };
        return;
    }
    let mut all = Vec::from([need.clone()]);
    let mut commands = Vec::new();
    for outcome in [&*known, &other] {
        if let Outcome::Undecided { needs, settle, .. } = outcome {
            all.extend(needs.iter().cloned());
            commands.extend(settle.iter().cloned());
        }
    }
    all.sort_unstable();
    all.dedup();
    commands.sort_unstable();
    commands.dedup();
    *known = Outcome::Undecided {
        needs: all,
        could_be,
        settle: commands,
    };
}

/// What may come out.
pub(crate) fn possible(outcome: &Outcome) -> Vec<Possible> {
    match outcome {
        Outcome::Ok => Vec::from([Possible::Ok]),
        Outcome::Refused { could_be } => could_be.iter().cloned().map(Possible::Refused).collect(),
        Outcome::Undecided { could_be, .. } => could_be.clone(),
    }
}
