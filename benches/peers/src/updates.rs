//! Updates one by one and in batches, on one thread and on two.

use std::collections::HashMap;

use kms_alias::{AliasTable, Operation, Timestamp};

use crate::accounts::{AT, map, naive, ours, parsed, update, updates};
use crate::measure::{Row, Sample, race};

pub struct Updates {
    pub map: Sample,
    pub naive: Sample,
    pub ours: Sample,
}

/// Updates of one table after the other: a map, the same checks with `String`s, and ours.
pub fn race_updates(aliases: usize, rounds: usize) -> Updates {
    let lists = updates(aliases, rounds);
    let count = lists[0].len();
    let (mut table, mut map, mut naive) = (ours(aliases), map(aliases), naive(aliases));
    let [map, naive, ours] = race(
        rounds,
        count,
        true,
        [
            &mut |round| insert_all(&mut map, &lists[round]),
            &mut |round| {
                let updates = lists[round].iter();
                let valid = updates.filter(|(name, key)| naive.update(name, key, AT + 1).is_ok());
                valid.count() as u64
            },
            &mut |round| update_all(&mut table, &lists[round]),
        ],
    );
    Updates { map, naive, ours }
}

/// A table of many aliases beside a map of as many.
pub fn race_largest(aliases: usize, rounds: usize) -> [Sample; 2] {
    let lists = updates(aliases, rounds);
    let count = lists[0].len();
    let (mut table, mut map) = (ours(aliases), map(aliases));
    race(
        rounds,
        count,
        true,
        [
            &mut |round| insert_all(&mut map, &lists[round]),
            &mut |round| update_all(&mut table, &lists[round]),
        ],
    )
}

/// Our small table beside our large one, as many updates of each.
pub fn race_sizes(small: usize, large: usize, rounds: usize) -> [Sample; 2] {
    let of_large = updates(large, rounds);
    let count = of_large[0].len();
    let repeats = count / small;
    let of_small = updates(small, (rounds + 1) * repeats);
    let (mut small, mut large) = (ours(small), ours(large));
    race(
        rounds,
        count,
        true,
        [
            &mut |round| {
                let lists = of_small.iter().skip(round * repeats).take(repeats);
                lists.map(|list| update_all(&mut small, list)).sum()
            },
            &mut |round| update_all(&mut large, &of_large[round]),
        ],
    )
}

fn insert_all(map: &mut HashMap<String, String>, list: &[(String, String)]) -> u64 {
    list.iter()
        .filter_map(|(name, key)| map.insert(name.clone(), key.clone()))
        .count() as u64
}

fn update_all(table: &mut AliasTable, list: &[(String, String)]) -> u64 {
    list.iter().for_each(|pair| update(table, pair));
    list.len() as u64
}

pub fn update_row(name: &'static str, what: &'static str, theirs: Sample, ours: Sample) -> Row {
    Row {
        name,
        what,
        theirs_is: "HashMap<String, String>::insert",
        leaves_out: "every check, dates, the aliases of a key, order",
        unit: "ns",
        theirs,
        ours,
    }
}

pub fn naive_row(name: &'static str, what: &'static str, theirs: Sample, ours: Sample) -> Row {
    Row {
        theirs_is: "the same checks with Strings, maps and a set a key",
        leaves_out: "order, what undoes it",
        ..update_row(name, what, theirs, ours)
    }
}

pub fn growth_row(small: Sample, large: Sample) -> Row {
    Row {
        name: "update_1m_vs_1k",
        what: "our update at 1,000 aliases, beside 1,000,000",
        theirs_is: "ours at 1,000",
        leaves_out: "nothing",
        unit: "ns",
        theirs: small,
        ours: large,
    }
}

pub fn batches(aliases: usize, rounds: usize) -> Row {
    const BATCH: usize = 64;
    let lists = updates(aliases, rounds);
    let operations: Vec<Vec<Operation>> = lists.iter().map(|list| parsed(list)).collect();
    let count = lists[0].len() / BATCH * BATCH;
    let (mut table, mut map) = (ours(aliases), map(aliases));
    let [theirs, ours] = race(
        rounds,
        count,
        true,
        [
            &mut |round| insert_all(&mut map, &lists[round][..count]),
            &mut |round| {
                let batches = operations[round].chunks_exact(BATCH);
                let at = Timestamp::from_millis(AT + 1);
                batches
                    .map(|batch| table.apply_all(batch, at).expect("valid updates").len() as u64)
                    .sum()
            },
        ],
    );
    update_row(
        "update_batch_1m_vs_hashmap",
        "64 updates, all or none",
        theirs,
        ours,
    )
}

/// Checks on one thread and on two that share the table: no lock is needed.
pub fn two_threads(aliases: usize, rounds: usize) -> Row {
    let lists = updates(aliases, rounds);
    let operations: Vec<Vec<Operation>> = lists.iter().map(|list| parsed(list)).collect();
    let count = lists[0].len() / 2 * 2;
    let table = ours(aliases);
    let check = |list: &[Operation]| {
        let at = Timestamp::from_millis(AT + 1);
        let valid = |operation: &&Operation| table.check(operation, at).is_ok();
        list.iter().filter(valid).count() as u64
    };
    let [theirs, ours] = race(
        rounds,
        count,
        true,
        [
            &mut |round| check(&operations[round][..count]),
            &mut |round| {
                let (half, other) = operations[round][..count].split_at(count / 2);
                std::thread::scope(|scope| {
                    let other = scope.spawn(|| check(other));
                    check(half) + other.join().expect("a thread that ends")
                })
            },
        ],
    );
    Row {
        theirs_is: "ours on one thread",
        leaves_out: "nothing",
        ..update_row(
            "check_two_threads_vs_one",
            "check updates on two threads",
            theirs,
            ours,
        )
    }
}
