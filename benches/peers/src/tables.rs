//! Creates, deletes and lists, and which rows there are of tables.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

use kms_alias::{KeyId, ListAliases, Timestamp};

use crate::accounts::{AT, created_one_by_one, key_count, ours, shuffled};
use crate::inputs::{key_id, name};
use crate::loading::{loading, memory};
use crate::measure::{Row, race};
use crate::updates::{
    Updates, batches, growth_row, naive_row, race_largest, race_sizes, race_updates, two_threads,
    update_row,
};
use crate::{Choice, ROUNDS};

/// What measures a row at a number of aliases, in so many rounds.
type Measure = fn(usize, usize) -> Row;

fn create_delete(aliases: usize, rounds: usize) -> Row {
    let keys = key_count(aliases);
    let names: Vec<Vec<(String, usize)>> = (0..=rounds)
        .map(|round| {
            // Between the names that stand, in no order.
            let named = |number: usize| {
                (
                    format!("{}-{round}", name(number * 37 % aliases)),
                    number % keys,
                )
            };
            shuffled(20_000.min(aliases))
                .into_iter()
                .map(named)
                .collect()
        })
        .collect();
    let ids: Vec<String> = (0..keys).map(key_id).collect();
    let count = names[0].len();
    let mut table = ours(aliases);
    let mut map: BTreeMap<String, u32> = shuffled(aliases)
        .into_iter()
        .map(|number| (name(number), 0))
        .collect();
    let at = Timestamp::from_millis(AT);
    let [theirs, ours] = race(
        rounds,
        count,
        true,
        [
            &mut |round| {
                names[round].iter().for_each(|(name, key)| {
                    map.insert(name.clone(), *key as u32);
                });
                names[round]
                    .iter()
                    .filter_map(|(name, _)| map.remove(name))
                    .count() as u64
            },
            &mut |round| {
                for (name, key) in &names[round] {
                    let key: KeyId = ids[*key].parse().expect("a key ID");
                    table
                        .create_alias(name.parse().expect("a name"), key, at)
                        .expect("a free name");
                }
                let delete =
                    |name: &str| table.delete_alias(&name.parse().expect("a name")).is_ok();
                names[round]
                    .iter()
                    .map(|(name, _)| name.as_str())
                    .map(delete)
                    .filter(|deleted| *deleted)
                    .count() as u64
            },
        ],
    );
    Row {
        theirs_is: "BTreeMap<String, u32>",
        leaves_out: "every check, dates, the aliases of a key",
        ..update_row(
            "create_delete_1m_vs_btreemap",
            "create an alias and delete it",
            theirs,
            ours,
        )
    }
}

/// Whoever asks for a name looks at it.
fn read(name: &str) -> u64 {
    let last = name.as_bytes().last().copied();
    name.len() as u64 + u64::from(last.unwrap_or_default())
}

fn list(aliases: usize, rounds: usize) -> Row {
    let table = created_one_by_one(aliases);
    let map: BTreeMap<String, u32> = shuffled(aliases)
        .into_iter()
        .map(|number| (name(number), 0))
        .collect();
    let [theirs, ours] = race(
        rounds,
        aliases,
        true,
        [
            &mut |_| {
                let (mut after, mut bytes) = (String::new(), 0);
                loop {
                    let range = map.range::<str, _>((Excluded(after.as_str()), Unbounded));
                    let page: Vec<&String> = range.map(|(name, _)| name).take(100).collect();
                    bytes += page.iter().map(|name| read(name)).sum::<u64>();
                    match page.last() {
                        Some(last) if page.len() == 100 => after = (*last).clone(),
                        _ => return bytes,
                    }
                }
            },
            &mut |_| {
                let (mut marker, mut bytes) = (None::<String>, 0);
                loop {
                    let request =
                        ListAliases::parse(None, Some(100), marker.as_deref()).expect("our marker");
                    let page = table.list_aliases(&request).expect("a list of all");
                    let names = page.aliases.iter().map(|alias| alias.name());
                    bytes += names.map(read).sum::<u64>();
                    match page.next_marker {
                        Some(next) => marker = Some(next),
                        None => return bytes,
                    }
                }
            },
        ],
    );
    Row {
        theirs_is: "BTreeMap<String, u32>::range",
        leaves_out: "markers that are checked",
        ..update_row(
            "list_1m_vs_btreemap",
            "list all, in pages of 100, for each alias",
            theirs,
            ours,
        )
    }
}

/// The rows of updates one by one, which share their tables.
fn update_rows(choice: &Choice, pass: usize, million: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    if choice.wants("update_10k") {
        let what = "update one of 10,000 aliases";
        let Updates { map, naive, ours } = race_updates(10_000, ROUNDS * 4);
        rows.push(update_row("update_10k_vs_hashmap", what, map, ours.clone()));
        rows.push(naive_row("update_10k_vs_naive", what, naive, ours));
    }
    if choice.wants("update_1m") {
        let what = "update one of 1,000,000 aliases";
        let Updates { map, naive, ours } = race_updates(million, ROUNDS);
        rows.push(update_row("update_1m_vs_hashmap", what, map, ours.clone()));
        rows.push(naive_row("update_1m_vs_naive", what, naive, ours));
        let [small, large] = race_sizes(1_000, million, ROUNDS);
        rows.push(growth_row(small, large));
    }
    // To make this table takes longest.
    if choice.wants("update_5m") && !choice.quick && pass.is_multiple_of(2) {
        let [map, ours] = race_largest(5_000_000, ROUNDS);
        let what = "update one of 5,000,000 aliases";
        rows.push(update_row("update_5m_vs_hashmap", what, map, ours));
    }
    rows
}

pub fn rows(choice: &Choice, pass: usize) -> Vec<Row> {
    let million = if choice.quick { 100_000 } else { 1_000_000 };
    let mut rows = update_rows(choice, pass, million);
    let others: [(&str, Measure, usize); 5] = [
        ("update_batch", batches, ROUNDS),
        ("create_delete", create_delete, ROUNDS),
        ("list", list, ROUNDS),
        ("load", loading, ROUNDS / 2),
        ("check_two_threads", two_threads, ROUNDS),
    ];
    for (name, row, rounds) in others {
        if choice.wants(name) {
            rows.push(row(million, rounds));
        }
    }
    if choice.wants("worst") && pass == 0 {
        rows.extend(crate::worst::rows(million, 5));
    }
    // Bytes are the same in every pass.
    if choice.wants("bytes") && pass == 0 {
        rows.push(memory(million));
    }
    rows
}
