//! Verdicts on a list of 100,000 changes in an account of 1,000,000 aliases: fully described, and
//! with 1 % of its keys undescribed.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

use std::time::Instant;

use kms_alias::{
    AccountId, AliasListEntry, KeyArn, KeyId, KeyMetadata, Operation, Region, Scope, Snapshot,
    Timestamp,
};
use kms_alias_foresee::verdict::{
    AliasList, Conclusion, Judging, KeyFacts, KeyList, Knowledge, Outcome, Run, RunStep,
};

const ALIASES: usize = 1_000_000;
const CHANGES: usize = 100_000;
const SCOPE: Scope = Scope::new(
    Region::from_static("eu-west-3"),
    AccountId::from_static("111122223333"),
);

fn id(number: usize) -> KeyId {
    let mixed = (number as u128 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    KeyId::new(mixed.to_be_bytes(), false)
}

/// An account in which each key of a number that can be divided so is not described.
fn account(keys: usize, undescribed: usize, quota: u32) -> Knowledge {
    let is_described = |key: &usize| undescribed == 0 || !key.is_multiple_of(undescribed);
    let mut parts = Snapshot::new(SCOPE);
    let key = |key| KeyMetadata::builder(KeyArn::new(SCOPE, id(key))).build();
    parts.keys = (0..keys)
        .filter(is_described)
        .map(|number| key(number).expect("a key"))
        .collect();
    parts.aliases_per_key = quota;
    let entry = |number: usize| {
        let name = format!("alias/app-{number}").parse().expect("a name");
        AliasListEntry::new(name, Some(id(number % keys)))
    };
    let on_described = (0..ALIASES).filter(|number| is_described(&(number % keys)));
    parts.aliases = on_described.map(entry).collect();
    let mut knowledge = Knowledge::from(parts.into_table().expect("a table"));
    for number in (0..ALIASES).filter(|number| !is_described(&(number % keys))) {
        let entry = entry(number);
        knowledge.insert_alias_of_undescribed_key(entry.alias_name, id(number % keys));
    }
    for number in (0..keys).filter(|key| !is_described(key)) {
        knowledge.insert_undescribed_key(id(number), KeyFacts::existing());
    }
    knowledge.key_list = KeyList::Complete;
    knowledge.alias_list = AliasList::Complete;
    knowledge
}

fn changes(keys: usize) -> Vec<RunStep> {
    let change = |step: usize| {
        let number = step.wrapping_mul(7_919) % ALIASES;
        let alias_name = format!("alias/app-{number}").parse().expect("a name");
        let target_key_id = id(step.wrapping_mul(104_729).wrapping_add(step / 10) % keys).into();
        let operation = match step % 10 {
            0 => Operation::DeleteAlias { alias_name },
            1 => Operation::CreateAlias {
                alias_name: format!("alias/new-{step}").parse().expect("a name"),
                target_key_id,
            },
            _ => Operation::UpdateAlias {
                alias_name,
                target_key_id,
            },
        };
        RunStep::new(SCOPE, operation)
    };
    (0..CHANGES).map(change).collect()
}

fn main() {
    for (keys, quota) in [(20_000, 10_000), (100_000, 50), (20_000, 50)] {
        let run = Run::listed(changes(keys), Timestamp::from_millis(1_700_000_000_000));
        for undescribed in [0, 100] {
            let knowledge = account(keys, undescribed, quota);
            // The best of three: the first touches memory for the first time.
            let times = (0..3).map(|_| {
                let mut judging = Judging::new(vec![knowledge.clone()]);
                let begin = Instant::now();
                let judgement = judging.judge(&run, &mut |_, _, _| {});
                (begin.elapsed(), judgement)
            });
            let (took, judgement) = times.min_by_key(|(took, _)| *took).expect("three times");
            let undecided = |outcome: &&Outcome| matches!(outcome, Outcome::Undecided { .. });
            let undecided = judgement.outcomes.iter().filter(undecided).count();
            let refused = judgement
                .outcomes
                .iter()
                .filter(|outcome| matches!(outcome, Outcome::Refused { .. }))
                .count();
            println!(
                "{keys} keys, quota {quota}, undescribed {}: {took:?}, {undecided} undecided, {refused} refused, bound reached: {}, {:?}",
                if undescribed == 0 { "none" } else { "1 %" },
                judgement.bound_reached,
                matches!(judgement.conclusion, Conclusion::Passes),
            );
        }
    }
}
