//! Keys that a run disables or schedules for deletion while an alias stays on them (rule F12).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use crate::named_key::standing_key;
use kms_alias::KeyId;
use kms_alias_foresee::verdict::{Order, Place, Request, Run, name_shown};

/// What is to be said of the keys of a run. Of an alias whose name is not known nothing is.
pub(crate) fn advice(run: &Run, accounts: &Accounts) -> Vec<Advice> {
    let names = Names::of(run);
    let mut advice = Vec::new();
    for (number, step) in run.steps.iter().enumerate() {
        let (key_id, does) = match &step.request {
            Request::DisableKey { key_id } => (key_id, "disabled"),
            Request::ScheduleKeyDeletion { key_id, .. } => (key_id, "scheduled for deletion"),
            _ => continue,
        };
        let Some(key_id) = standing_key(key_id) else {
            continue;
        };
        let address = step.address.as_deref().unwrap_or_default();
        for (name, moving) in names.moving(accounts, step.place, key_id) {
            if comes_after(run, number, moving) {
                // It is not asked for once the move is refused.
                continue;
            }
            let words = format!(
                "key {key_id} is {does}, and {} stays on it, as its move to another key is refused: requests that name \
                 it are refused from then on; keep the key until the alias is on another one",
                name_shown(&name)
            );
            let about = Advice::about(address, AdviceRule::F12, words);
            advice.push(about.where_done(&[number]).where_refused(moving));
        }
        let staying = names.staying(accounts, step.place, key_id);
        if staying.is_empty() {
            continue;
        }
        let words = format!(
            "key {key_id} is {does} while {} on it: requests that name {} are refused from then on; move the alias to \
             another key first, or delete it",
            stay(&staying),
            if staying.len() == 1 { "it" } else { "them" },
        );
        let about = Advice::about(address, AdviceRule::F12, words);
        advice.push(about.where_done(&[number]));
    }
    advice
}

/// Whether a step certainly comes after another one, and because of it: a tool does not go on to what comes after a
/// step that failed.
fn comes_after(run: &Run, step: usize, before: usize) -> bool {
    if run.order == Order::Listed {
        return false;
    }
    let mut seen = BTreeSet::from([step]);
    let mut open = Vec::from([step]);
    while let Some(one) = open.pop() {
        let after = run.steps.get(one).map(|it| &it.after[..]);
        let new = after.into_iter().flatten().copied();
        open.extend(new.filter(|it| seen.insert(*it)));
    }
    seen.contains(&before)
}

/// So many names are shown.
const SHOWN: usize = 3;

fn stay(names: &BTreeSet<String>) -> String {
    let shown: Vec<_> = names
        .iter()
        .take(SHOWN)
        .map(|name| name_shown(name))
        .collect();
    let more = names.len().saturating_sub(SHOWN);
    match (names.len(), more) {
        (1, _) => format!("{} stays", shown.concat()),
        (_, 0) => format!("{} stay", shown.join(", ")),
        _ => format!("{} and {more} more aliases stay", shown.join(", ")),
    }
}

/// The names that steps are about, and those that they put on keys which stand.
struct Names<'r> {
    touched: BTreeSet<(Place, &'r str)>,
    put: BTreeMap<(Place, KeyId), BTreeSet<&'r str>>,
    /// The only step on a name, where that is an update.
    updated: BTreeMap<(Place, &'r str), usize>,
}

impl<'r> Names<'r> {
    fn of(run: &'r Run) -> Self {
        let (mut touched, mut put) = (BTreeSet::new(), BTreeMap::new());
        let mut updated = BTreeMap::new();
        for (number, step) in run.steps.iter().enumerate() {
            let Some(name) = step.request.alias_name() else {
                continue;
            };
            if !touched.insert((step.place, name)) {
                updated.remove(&(step.place, name));
            } else if step.request.operation() == "UpdateAlias" {
                updated.insert((step.place, name), number);
            }
            if let Some(key_id) = step.request.key_id() {
                let names: &mut BTreeSet<&str> = put.entry((step.place, key_id)).or_default();
                names.insert(name);
            }
        }
        Self {
            touched,
            put,
            updated,
        }
    }

    /// The aliases that stand on a key and that one step moves to another, with that step.
    fn moving(&self, accounts: &Accounts, place: Place, key_id: KeyId) -> Vec<(String, usize)> {
        let table = accounts.get(&place).map(|known| known.table());
        let standing = table.into_iter().flat_map(|table| table.aliases_of(key_id));
        let put = self.put.get(&(place, key_id));
        let moved = standing.filter_map(|alias| {
            let step = self.updated.get(&(place, alias.name()))?;
            let is_put = put.is_some_and(|put| put.contains(alias.name()));
            (!is_put).then(|| (String::from(alias.name()), *step))
        });
        moved.collect()
    }

    /// The aliases that name a key and that no step is about, and those that steps put on it.
    fn staying(&self, accounts: &Accounts, place: Place, key_id: KeyId) -> BTreeSet<String> {
        let table = accounts.get(&place).map(|known| known.table());
        let standing = table.into_iter().flat_map(|table| table.aliases_of(key_id));
        let standing = standing.map(|alias| String::from(alias.name()));
        let untouched = standing.filter(|name| !self.touched.contains(&(place, &**name)));
        let put = self.put.get(&(place, key_id)).into_iter().flatten();
        untouched
            .chain(put.map(|name| String::from(*name)))
            .collect()
    }
}
