//! What was found in one case, and what is found in all of them.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::{HashMap, HashSet};
use kms_alias::KeyId;

use super::after::Open;
use super::apart::Groups;
use super::case::{Unknown, Unknowns, Value};
use super::engine::{Judged, Several};
use super::identity::Identity;
use super::outcome::{Conclusion, Fact, Need, Possible};
use super::run::Run;
use super::task::Case;
use super::typing::{id_of_replica, label_of_made};
use super::words::arn_shown;

/// What was found of a run.
#[derive(Clone, Debug)]
pub(super) struct Findings {
    pub(super) judged: Vec<Option<Judged>>,
    pub(super) can_be_clean: bool,
    pub(super) can_be_refused: bool,
    pub(super) exceeded: bool,
    pub(super) open: Open,
    /// The work that was done, and that to find what outcomes depend on.
    pub(super) work: (u64, u64),
}

impl Findings {
    /// What is said of the run as a whole.
    pub(super) const fn conclusion(&self) -> Conclusion {
        match (self.can_be_clean, self.can_be_refused) {
            (false, _) => Conclusion::Fails,
            (true, false) if !self.exceeded => Conclusion::Passes,
            _ => Conclusion::Undecided,
        }
    }

    /// There are more cases than those in which this was found: each step may be something else
    /// besides.
    pub(super) fn of_some_cases(mut self) -> Self {
        self.judged.iter_mut().flatten().for_each(leave_open);
        Self {
            can_be_clean: true,
            can_be_refused: true,
            exceeded: true,
            ..self
        }
    }

    /// These steps may be something else besides: there are more cases of what they name.
    pub(super) fn of_some_steps(mut self, concerned: &[bool]) -> Self {
        let mut is_refused = false;
        for (judged, concerned) in self.judged.iter_mut().zip(concerned) {
            match judged {
                Some(judged) if *concerned => leave_open(judged),
                Some(judged) => is_refused |= is_certainly_refused(judged),
                None => {}
            }
        }
        Self {
            can_be_clean: !is_refused,
            can_be_refused: true,
            exceeded: true,
            ..self
        }
    }

    /// Shows the keys that are not known by what is shown for them, whichever they are in a case.
    pub(super) fn show_unknown(&mut self, run: &Run, case: &Case) {
        if case.keys.is_empty() {
            return;
        }
        for (step, judged) in run.steps.iter().zip(&mut self.judged) {
            let (Some((label, identity)), Some(judged)) = (case.identity(step), judged) else {
                continue;
            };
            let shown = match identity {
                Identity::Known(key_id) => key_id.to_string(),
                Identity::Like(other) => {
                    call(judged, other, label);
                    format!("<{other}>")
                }
                Identity::Made(index) => match id_of_made(run, *index) {
                    Some(key_id) => key_id.to_string(),
                    None => format!("<{}>", label_of_made(run, *index)),
                },
            };
            let (shown, hidden) = (format!("key/{shown}"), format!("key/<{label}>"));
            show(judged, &|message| {
                arn_shown(message.replace(&shown, &hidden), step.place, label)
            });
        }
    }

    /// What was found in all cases together; with groups, every case of each of these, side by side.
    pub(super) fn of_cases(
        found: &[(Vec<usize>, Self)],
        unknowns: &Unknowns,
        run: &Run,
        groups: Option<&Groups>,
    ) -> Self {
        let listed: Listed<'_> = unknowns.iter().collect();
        let mut judged = Vec::with_capacity(run.steps.len());
        let of_all = Chosen::of(found, &(0..listed.len()).collect::<Vec<_>>());
        let mut places: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, group) in groups
            .iter()
            .flat_map(|it| it.of_unknown.iter().enumerate())
        {
            places.entry(*group).or_default().push(place);
        }
        let mut of_groups: BTreeMap<usize, Chosen> = BTreeMap::new();
        for step in 0..run.steps.len() {
            let group = groups.and_then(|groups| groups.of_step.get(step).copied());
            let chosen = match group {
                Some(group) => of_groups.entry(group).or_insert_with(|| {
                    Chosen::of(found, &places.remove(&group).unwrap_or_default())
                }),
                None => &of_all,
            };
            judged.push(Some(join(found, chosen, &listed, step)));
        }
        let is_stuck = |chosen: &Chosen, steps: &[usize]| {
            chosen.cases.iter().all(|case| {
                let findings = found.get(*case).map(|(_, findings)| findings);
                let judged = |step: &usize| findings?.judged.get(*step)?.as_ref();
                steps.iter().filter_map(judged).any(is_certainly_refused)
            })
        };
        let mut steps: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (step, group) in groups.iter().flat_map(|it| it.of_step.iter().enumerate()) {
            steps.entry(*group).or_default().push(step);
        }
        let is_one_stuck = steps.iter().any(|(group, steps)| {
            let chosen = of_groups.get(group);
            chosen.is_some_and(|chosen| is_stuck(chosen, steps))
        });
        // Cases of which each has a refusal of another group leave open whether all can be clean.
        let can_be_clean = found.iter().any(|(_, findings)| findings.can_be_clean);
        Self {
            judged,
            can_be_clean: can_be_clean || (groups.is_some() && !is_one_stuck),
            can_be_refused: found.iter().any(|(_, findings)| findings.can_be_refused),
            exceeded: found.iter().any(|(_, findings)| findings.exceeded),
            open: Open::default(),
            work: found.last().map_or((0, 0), |(_, findings)| findings.work),
        }
    }
}

/// What is unknown, in its order, with its values.
type Listed<'u> = Vec<(&'u Unknown, &'u Vec<Value>)>;

/// The cases that differ in some of the unknown.
struct Chosen {
    /// The first case of each choice of values.
    cases: Vec<usize>,
    /// Two of them that differ in one value alone, and the place of that.
    neighbours: Vec<(usize, usize, usize)>,
}

impl Chosen {
    /// Cases as they differ at these places of what is unknown.
    fn of(found: &[(Vec<usize>, Findings)], places: &[usize]) -> Self {
        let mut seen = HashSet::new();
        let mut cases = Vec::new();
        for (case, (chosen, _)) in found.iter().enumerate() {
            let of_places = places.iter().filter_map(|place| chosen.get(*place));
            if seen.insert(of_places.copied().collect::<Vec<usize>>()) {
                cases.push(case);
            }
        }
        let chosen = |case: usize, place: usize| found.get(case)?.0.get(place);
        let mut neighbours = Vec::new();
        for (number, one) in cases.iter().copied().enumerate() {
            for other in cases.iter().skip(number.saturating_add(1)).copied() {
                let differs = |place: &usize| chosen(one, *place) != chosen(other, *place);
                let mut differing = places.iter().copied().filter(differs);
                if let (Some(place), None) = (differing.next(), differing.next()) {
                    neighbours.extend([(one, other, place), (other, one, place)]);
                }
            }
        }
        Self { cases, neighbours }
    }
}

/// A step may be something else besides.
fn leave_open(judged: &mut Judged) {
    let mut several = match judged {
        Judged::One(possible) => Several {
            could_be: vec![possible.clone()],
            needs: Vec::new(),
        },
        Judged::Several(several) => core::mem::take(&mut **several),
    };
    if !several.needs.contains(&Need::BoundReached) {
        several.needs.push(Need::BoundReached);
    }
    *judged = Judged::Several(Box::new(several));
}

fn is_certainly_refused(judged: &Judged) -> bool {
    match judged {
        Judged::One(possible) => *possible != Possible::Ok,
        Judged::Several(several) => {
            let bounded = several.needs.contains(&Need::BoundReached);
            !bounded && !several.could_be.contains(&Possible::Ok)
        }
    }
}

/// The ID of the key that a step makes, where it is known before.
fn id_of_made(run: &Run, index: usize) -> Option<KeyId> {
    id_of_replica(&run.steps.get(index)?.request)
}

/// Calls a key in what a step needs as the step names it.
fn call(judged: &mut Judged, other: &str, label: &str) {
    let Judged::Several(several) = judged else {
        return;
    };
    for need in &mut several.needs {
        if let Need::Key { key, .. } = need
            && **key == *other
        {
            *key = label.into();
        }
    }
    several.needs.sort_unstable();
    several.needs.dedup();
}

/// Changes the words of the refusals of a step.
fn show(judged: &mut Judged, change: &dyn Fn(&str) -> String) {
    let change = |possible: &mut Possible| {
        if let Possible::Refused(answer) = possible {
            answer.message = change(&answer.message).into();
        }
    };
    match judged {
        Judged::One(possible) => change(possible),
        Judged::Several(several) => {
            several.could_be.iter_mut().for_each(change);
            several.could_be.sort_unstable();
            several.could_be.dedup();
        }
    }
}

/// What a step may be in all cases, and which of the unknown it depends on.
fn join(
    found: &[(Vec<usize>, Findings)],
    chosen: &Chosen,
    unknowns: &Listed<'_>,
    step: usize,
) -> Judged {
    let mut could_be: BTreeSet<Possible> = BTreeSet::new();
    let mut needs: BTreeSet<Need> = BTreeSet::new();
    let mut of_case: HashMap<usize, BTreeSet<Possible>> = HashMap::new();
    for case in chosen.cases.iter().copied() {
        let findings = found.get(case).map(|(_, findings)| findings);
        let judged = findings.and_then(|findings| findings.judged.get(step)?.as_ref());
        let (possible, needed) = parts(judged);
        could_be.extend(possible.iter().cloned());
        needs.extend(needed);
        of_case.insert(case, possible);
    }
    let value = |case: usize, place: usize| found.get(case)?.0.get(place).copied();
    let neighbours = chosen.neighbours.iter().filter(|_| could_be.len() > 1);
    for (one, other, place) in neighbours.copied() {
        let (possible, possible_there) = (of_case.get(&one), of_case.get(&other));
        let (Some(possible), Some(possible_there)) = (possible, possible_there) else {
            continue;
        };
        if possible_there != possible
            && let (Some(one), Some(other)) = (value(one, place), value(other, place))
        {
            let is_more = !possible.is_subset(possible_there);
            needs.extend(difference(place, one, other, unknowns, is_more));
        }
    }
    let mut outcomes = could_be.iter();
    match (outcomes.next(), outcomes.next()) {
        (Some(only), None) if !needs.contains(&Need::BoundReached) => Judged::One(only.clone()),
        _ => Judged::Several(Box::new(Several {
            could_be: could_be.into_iter().collect(),
            needs: needs.into_iter().collect(),
        })),
    }
}

/// The outcomes of a step in one case, and what they depend on.
fn parts(judged: Option<&Judged>) -> (BTreeSet<Possible>, Vec<Need>) {
    match judged {
        Some(Judged::One(possible)) => ([possible.clone()].into(), Vec::new()),
        Some(Judged::Several(several)) => {
            let possible = several.could_be.iter().cloned().collect();
            (possible, several.needs.clone())
        }
        None => (BTreeSet::new(), vec![Need::BoundReached]),
    }
}

/// What is needed to tell two cases apart that differ in one of the unknown alone, the one at this
/// place; whether more is possible in the first case than in the other.
fn difference(
    place: usize,
    one: usize,
    other: usize,
    unknowns: &Listed<'_>,
    is_more: bool,
) -> Vec<Need> {
    let Some((unknown, values)) = unknowns.get(place) else {
        return Vec::new();
    };
    match unknown {
        Unknown::Name(_, label) => vec![Need::Name {
            label: label.clone(),
        }],
        // What is not possible where it is another key may be so for what that key cannot be then.
        Unknown::Key(_, label) => {
            let is_proof = is_more && values.get(other) == Some(&Value::New);
            let fact = Fact::Identity;
            let key = label.clone();
            is_proof
                .then_some(Need::Key { key, fact })
                .into_iter()
                .collect()
        }
        Unknown::Scope(place) => {
            let scope = |number: usize| match values.get(number) {
                Some(Value::Scope(scope)) => Some(*scope),
                _ => None,
            };
            let (one, other) = (scope(one), scope(other));
            let accounts = (
                one.map(|scope| scope.account()),
                other.map(|scope| scope.account()),
            );
            let regions = (
                one.map(|scope| scope.region()),
                other.map(|scope| scope.region()),
            );
            let mut needs = Vec::new();
            if place.account.is_none() && accounts.0 != accounts.1 {
                needs.push(Need::Account);
            }
            if place.region.is_none() && regions.0 != regions.1 {
                needs.push(Need::Region);
            }
            needs
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Judged, Need, Possible, leave_open};

    #[test]
    fn that_the_bound_was_reached_is_said_once() {
        let mut judged = Judged::One(Possible::Ok);
        leave_open(&mut judged);
        leave_open(&mut judged);
        let Judged::Several(several) = judged else {
            unreachable!("what is left open may be several things")
        };
        assert_eq!(several.needs, [Need::BoundReached]);
    }
}
