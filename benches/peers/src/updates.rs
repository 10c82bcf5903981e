//! Updates one by one and in batches, on one thread and on two.

use kms_alias::{Operation, Timestamp};

use crate::accounts::{AT, map, naive, ours, parsed, update, updates};
use crate::measure::{Row, Sample, race};

pub struct Updates {
    pub map: Sample,
    pub naive: Option<Sample>,
    pub ours: Sample,
}

pub fn race_updates(aliases: usize, rounds: usize, with_naive: bool) -> Updates {
    let lists = updates(aliases, rounds);
    let count = lists[0].len();
    let (mut table, mut map) = (ours(aliases), map(aliases));
    let mut run_map = |round: usize| {
        lists[round]
            .iter()
            .filter_map(|(name, key)| map.insert(name.clone(), key.clone()))
            .count() as u64
    };
    let mut run_ours = |round: usize| {
        lists[round]
            .iter()
            .for_each(|pair| update(&mut table, pair));
        count as u64
    };
    if !with_naive {
        let [map, ours] = race(rounds, count, true, [&mut run_map, &mut run_ours]);
        return Updates {
            map,
            naive: None,
            ours,
        };
    }
    let mut naive = naive(aliases);
    let mut run_naive = |round: usize| {
        lists[round]
            .iter()
            .filter(|(name, key)| naive.update(name, key, AT + 1).is_ok())
            .count() as u64
    };
    let [map, naive, ours] = race(
        rounds,
        count,
        true,
        [&mut run_map, &mut run_naive, &mut run_ours],
    );
    Updates {
        map,
        naive: Some(naive),
        ours,
    }
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
            &mut |round| {
                let list = lists[round].chunks_exact(BATCH).flatten();
                list.filter_map(|(name, key)| map.insert(name.clone(), key.clone()))
                    .count() as u64
            },
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
