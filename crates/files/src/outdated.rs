//! Account files that are older than what they tell is to happen (rule F10).

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use crate::date;
use kms_alias::KeyId;
use kms_alias_foresee::verdict::{Run, RunStep};

/// The keys that steps concern and whose deletion was due before the run: by now they may be gone.
pub(crate) fn advice(accounts: &Accounts, run: &Run) -> Vec<Advice> {
    let mut seen = BTreeSet::new();
    let mut advice = Vec::new();
    for step in &run.steps {
        let Some(knowledge) = accounts.get(&step.place) else {
            continue;
        };
        let keys = concerned(step, accounts);
        for key in keys
            .iter()
            .filter_map(|key_id| knowledge.table().key(key_id))
        {
            let due = key.deletion_date().filter(|due| *due < run.at);
            let Some(due) = due.filter(|_| seen.insert((step.place, key.key_id()))) else {
                continue;
            };
            let words = format!(
                "by the account files key {} was to be deleted on {}, before this run: it may be gone, and its aliases with \
                 it (rule S5); print the account files again",
                key.key_id(),
                date::day(due)
            );
            advice.push(match &step.address {
                Some(address) => Advice::about(address, AdviceRule::F10, words),
                None => Advice::new(AdviceRule::F10, words),
            });
        }
    }
    advice
}

/// The keys that a step names, or on which the alias stands that it names.
fn concerned(step: &RunStep, accounts: &Accounts) -> Vec<KeyId> {
    let name = step.request.alias_name();
    let of_name = name
        .and_then(|name| name.parse().ok())
        .and_then(|name| accounts.key_of_alias(&step.place, &name));
    step.request.key_id().into_iter().chain(of_name).collect()
}
