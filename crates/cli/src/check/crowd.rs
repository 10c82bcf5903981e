//! Steps that cannot all pass: several that create one name (rule A6), and more aliases than a key takes (rule T6).

use std::collections::{BTreeMap, BTreeSet};

use kms_alias::{KeyId, Rule};
use kms_alias_files::ReadRun;
use kms_alias_foresee::verdict::{
    AliasList, KeyReference, Knowledge, Order, Outcome, Place, Possible, Request, RunStep,
};

/// As many steps are named that create one name.
const MOST_NAMED: usize = 5;

/// A key, as far as two steps can be told to name the same one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Standing(KeyId),
    Made(usize),
}

impl Key {
    fn of(request: &Request) -> Option<Self> {
        match request.references().1 {
            Some(KeyReference::MadeBy(maker)) => Some(Self::Made(*maker)),
            _ => request.key_id().map(Self::Standing),
        }
    }
}

/// What the steps of a run do together.
#[derive(Default)]
pub struct Crowd {
    /// The steps that create one name which no step deletes, where they are several.
    creating: BTreeMap<usize, Box<str>>,
    /// Of the steps that put an alias on a key: how many it would have, where they are too many.
    full: BTreeMap<usize, Box<str>>,
}

impl Crowd {
    /// With what is known of the accounts after the run. Nothing is said where what the file leaves open can be in
    /// several ways, of which each may have other steps.
    pub fn of(read: &ReadRun, ways: usize, known: &[Knowledge]) -> Self {
        if ways > 1 {
            return Self::default();
        }
        Self {
            creating: creating(read),
            full: full(read, known),
        }
    }

    /// What is to be said of a step.
    pub fn notes(&self, index: usize, outcome: &Outcome) -> Vec<Box<str>> {
        let creating = self
            .creating
            .get(&index)
            .filter(|_| *outcome != Outcome::Ok);
        let is_full = |outcome: &Outcome| may_be_refused(outcome, Rule::T6);
        let full = self.full.get(&index).filter(|_| is_full(outcome));
        let full = match full {
            None if matches!(outcome, Outcome::Refused { .. }) && is_full(outcome) => {
                Some(NO_ROOM.into())
            }
            other => other.cloned(),
        };
        creating.cloned().into_iter().chain(full).collect()
    }
}

/// Of a key that has room in the end, and not when the step comes.
const NO_ROOM: &str = "the key has as many aliases as its quota allows when this step comes: delete or move some of them \
                       before, name another key, or have the quota raised and say so with `--aliases-per-key`";

fn may_be_refused(outcome: &Outcome, rule: Rule) -> bool {
    match outcome {
        Outcome::Ok => false,
        Outcome::Refused { could_be } => could_be.iter().any(|answer| answer.rule == rule),
        Outcome::Undecided { could_be, .. } => could_be.iter().any(|possible| match possible {
            Possible::Ok => false,
            Possible::Refused(answer) => answer.rule == rule,
        }),
    }
}

/// How a step is called in a sentence.
fn called(index: usize, step: &RunStep) -> String {
    match &step.address {
        Some(address) => address.to_string(),
        None => format!("step {}", index + 1),
    }
}

fn creating(read: &ReadRun) -> BTreeMap<usize, Box<str>> {
    let mut creating: BTreeMap<(Place, &str), Vec<usize>> = BTreeMap::new();
    let mut deleted: BTreeSet<(Place, &str)> = BTreeSet::new();
    for (index, step) in read.run.steps.iter().enumerate() {
        let Some(name) = step.request.alias_name() else {
            continue;
        };
        match step.request.operation() {
            "CreateAlias" => creating.entry((step.place, name)).or_default().push(index),
            "DeleteAlias" => drop(deleted.insert((step.place, name))),
            _ => {}
        }
    }
    creating.retain(|at, steps| steps.len() > 1 && !deleted.contains(at));
    let mut words = BTreeMap::new();
    for ((_, name), steps) in creating {
        let named = steps
            .iter()
            .filter_map(|index| Some((*index, read.run.steps.get(*index)?)));
        let named: Vec<_> = named.map(|(index, step)| called(index, step)).collect();
        let text: Box<str> = together(&named, name).into();
        words.extend(steps.into_iter().map(|index| (index, text.clone())));
    }
    words
}

fn together(named: &[String], name: &str) -> String {
    match named {
        [one, other] => format!("{one} and {other} both create {name}: one of them is refused"),
        several => {
            let shown: Vec<_> = several
                .iter()
                .take(MOST_NAMED)
                .map(String::as_str)
                .collect();
            let shown = shown.join(", ");
            let count = several.len();
            let more = if count > MOST_NAMED {
                " and others"
            } else {
                ""
            };
            format!("{count} steps create {name} ({shown}{more}): all but one of them are refused")
        }
    }
}

/// The key that each alias has if every step passes, by place and name.
fn final_keys<'r>(read: &'r ReadRun, known: &'r [Knowledge]) -> BTreeMap<(Place, String), Key> {
    let mut keys = BTreeMap::new();
    for one in known {
        let of_table = one.table().iter().filter_map(|alias| {
            let key_id = alias.target_key_id()?;
            Some((alias.name().to_string(), key_id))
        });
        let undescribed = one.aliases_of_undescribed_keys();
        let undescribed = undescribed.map(|(name, key_id)| (name.to_string(), key_id));
        for (name, key_id) in of_table.chain(undescribed) {
            keys.insert((one.place(), name), Key::Standing(key_id));
        }
    }
    // What goes goes first where no order is told: so the fewest are counted.
    let is_listed = read.run.order == Order::Listed;
    let deletes = |step: &&RunStep| step.request.operation() == "DeleteAlias";
    let (first, then): (Vec<_>, Vec<_>) = if is_listed {
        (Vec::new(), read.run.steps.iter().collect())
    } else {
        read.run.steps.iter().partition(deletes)
    };
    for step in first.into_iter().chain(then) {
        let Some(name) = step.request.alias_name() else {
            continue;
        };
        let at = (step.place, name.to_owned());
        match step.request.operation() {
            "DeleteAlias" => drop(keys.remove(&at)),
            "CreateAlias" | "UpdateAlias" => match Key::of(&step.request) {
                Some(key) => drop(keys.insert(at, key)),
                None => drop(keys.remove(&at)),
            },
            _ => {}
        }
    }
    keys
}

fn full(read: &ReadRun, known: &[Knowledge]) -> BTreeMap<usize, Box<str>> {
    let mut counts: BTreeMap<(Place, Key), usize> = BTreeMap::new();
    for ((place, _), key) in final_keys(read, known) {
        *counts.entry((place, key)).or_default() += 1;
    }
    let mut words = BTreeMap::new();
    for (index, step) in read.run.steps.iter().enumerate() {
        let puts = matches!(step.request.operation(), "CreateAlias" | "UpdateAlias");
        let Some(key) = Key::of(&step.request).filter(|_| puts) else {
            continue;
        };
        let Some(one) = known.iter().find(|one| one.place() == step.place) else {
            continue;
        };
        let quota = usize::try_from(one.table().aliases_per_key()).unwrap_or(usize::MAX);
        let count = counts.get(&(step.place, key)).copied().unwrap_or_default();
        let Some(more @ 1..) = count.checked_sub(quota) else {
            continue;
        };
        let least = match one.alias_list {
            AliasList::Complete => "",
            _ => "at least ",
        };
        let name = super::remedy::key(read, &step.request).unwrap_or_default();
        let text = format!(
            "key {name} would have {least}{count} aliases, its quota is {quota}: name another key for {more} of them, or \
             have the quota raised and say so with `--aliases-per-key`"
        );
        words.insert(index, text.into());
    }
    words
}
