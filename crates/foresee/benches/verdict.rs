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

/// The time that the processor worked for this thread; where the system does not tell it, the time
/// that went by.
struct Clock(Instant);

impl Clock {
    fn seconds(&self) -> f64 {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat");
        let nanos = told
            .ok()
            .and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
        nanos.map_or_else(|| self.0.elapsed().as_secs_f64(), |nanos| nanos / 1e9)
    }
}

/// Judges the changes in a copy of the account: the seconds that it took.
fn judge(clock: &Clock, run: &Run, knowledge: &Knowledge, tell: bool) -> f64 {
    let mut judging = Judging::new(vec![knowledge.clone()]);
    let begin = clock.seconds();
    let judgement = judging.judge(run, &mut |_, _, _| {});
    let took = clock.seconds() - begin;
    if tell {
        let outcomes = judgement.outcomes.iter();
        let is = |wanted: fn(&Outcome) -> bool| outcomes.clone().filter(|one| wanted(one)).count();
        println!(
            "  {} undecided, {} refused, bound reached: {}, passes: {}",
            is(|one| matches!(one, Outcome::Undecided { .. })),
            is(|one| matches!(one, Outcome::Refused { .. })),
            judgement.bound_reached,
            matches!(judgement.conclusion, Conclusion::Passes),
        );
    }
    took
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// With numbers as arguments, those accounts only; with `profile` the half-known one alone, for a
/// profiler.
fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<usize> = arguments
        .iter()
        .filter_map(|text| text.parse().ok())
        .collect();
    let profiled = arguments.iter().any(|text| text == "profile");
    let clock = Clock(Instant::now());
    let accounts = [(20_000, 10_000), (100_000, 50), (20_000, 50)];
    for (number, (keys, quota)) in (1..).zip(accounts) {
        if !numbers.is_empty() && !numbers.contains(&number) {
            continue;
        }
        println!("account {number}: {keys} keys, quota {quota}; described, and 1 % not described");
        let run = Run::listed(changes(keys), Timestamp::from_millis(1_700_000_000_000));
        let half = account(keys, 100, quota);
        if profiled {
            for _ in 0..5 {
                judge(&clock, &run, &half, false);
            }
            continue;
        }
        let whole = account(keys, 0, quota);
        // The first touches memory for the first time.
        for known in [&whole, &half] {
            judge(&clock, &run, known, true);
        }
        let rounds = (0..9).map(|_| [&whole, &half].map(|known| judge(&clock, &run, known, false)));
        let rounds: Vec<[f64; 2]> = rounds.collect();
        let of = |value: fn(&[f64; 2]) -> f64| median(rounds.iter().map(value).collect());
        println!(
            "  {:.3} s and {:.3} s of the processor, ratio {:.2} (medians of 9 rounds in turn)",
            of(|round| round[0]),
            of(|round| round[1]),
            of(|round| round[1] / round[0]),
        );
    }
}
