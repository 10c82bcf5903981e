//! Updates, creates, deletes, lists, loading and memory at several sizes.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::ops::Bound::{Excluded, Unbounded};

use kms_alias::account::{File, Options, load};
use kms_alias::{
    AliasListEntry, AliasName, AliasTable, AnyAliasName, Assembly, KeyArn, KeyId, KeyMetadata,
    ListAliases, Operation, Scope, Timestamp,
};
use serde::Deserialize;

use crate::inputs::{Numbers, key_id, name};
use crate::measure::{Row, Sample, race};
use crate::naive::Naive;
use crate::{Choice, MEMORY};

const SCOPE: &str = "arn:aws:kms:eu-west-3:111122223333";
/// Above what any key gets, so that every update is a valid one.
const QUOTA: u32 = 10_000;
const AT: i64 = 1_700_000_000_000;
/// Updates a round, at the most.
const UPDATES: usize = 100_000;

/// Fifty aliases a key.
fn key_count(aliases: usize) -> usize {
    aliases / 50
}

fn parts(aliases: usize) -> Assembly {
    let scope: Scope = SCOPE.parse().expect("a scope");
    let keys: Vec<KeyId> = (0..key_count(aliases))
        .map(|key| key_id(key).parse().expect("a key ID"))
        .collect();
    let mut parts = Assembly::new(scope);
    parts.aliases_per_key = QUOTA;
    parts.keys = (keys.iter())
        .map(|id| {
            KeyMetadata::builder(KeyArn::new(scope, *id))
                .build()
                .expect("a possible key")
        })
        .collect();
    parts.aliases = shuffled(aliases)
        .into_iter()
        .map(|number| {
            let name: AnyAliasName = name(number).parse().expect("a name");
            let mut entry = AliasListEntry::new(name, Some(keys[number % keys.len()]));
            entry.creation_date = Some(Timestamp::from_millis(AT));
            entry.last_updated_date = Some(Timestamp::from_millis(AT));
            entry
        })
        .collect();
    parts
}

fn ours(aliases: usize) -> AliasTable {
    parts(aliases).assemble().expect("parts that fit")
}

/// The same table, its aliases created in no order.
fn created_one_by_one(aliases: usize) -> AliasTable {
    let mut parts = parts(aliases);
    let entries = std::mem::take(&mut parts.aliases);
    let mut table = parts.assemble().expect("keys that fit");
    for entry in entries {
        let name = AliasName::try_from(entry.alias_name).expect("a customer's");
        let target = entry.target_key_id.expect("a key");
        table
            .create_alias(name, target, Timestamp::from_millis(AT))
            .expect("a free name");
    }
    table
}

fn shuffled(count: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..count).collect();
    Numbers(3).shuffle(&mut numbers);
    numbers
}

fn map(aliases: usize) -> HashMap<String, String> {
    let keys = key_count(aliases);
    shuffled(aliases)
        .into_iter()
        .map(|number| (name(number), key_id(number % keys)))
        .collect()
}

fn naive(aliases: usize) -> Naive {
    let keys = key_count(aliases);
    let mut naive = Naive::new((0..keys).map(key_id), QUOTA as usize);
    for number in shuffled(aliases) {
        naive.stand(&name(number), &key_id(number % keys));
    }
    naive
}

/// The updates of each round, as text: another key than the round before for every alias.
fn updates(aliases: usize, rounds: usize) -> Vec<Vec<(String, String)>> {
    let (keys, count) = (key_count(aliases), aliases.min(UPDATES));
    let mut numbers = Numbers(4);
    (0..=rounds)
        .map(|round| {
            let mut list = shuffled(count);
            numbers.shuffle(&mut list);
            let stride = aliases / count;
            let pair = |number: usize| {
                let alias = number * stride;
                (name(alias), key_id((alias + round + 1) % keys))
            };
            list.into_iter().map(pair).collect()
        })
        .collect()
}

fn update(table: &mut AliasTable, (name, key): &(String, String)) {
    let name: AliasName = name.parse().expect("a name");
    let key: KeyId = key.parse().expect("a key ID");
    let change = table
        .update_alias(name, key, Timestamp::from_millis(AT + 1))
        .expect("a valid update");
    // The change is handed out, as a user would keep it.
    std::hint::black_box(change);
}

struct Updates {
    map: Sample,
    naive: Option<Sample>,
    ours: Sample,
}

fn race_updates(aliases: usize, rounds: usize, with_naive: bool) -> Updates {
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

fn update_row(name: &'static str, what: &'static str, theirs: Sample, ours: Sample) -> Row {
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

fn naive_row(name: &'static str, what: &'static str, theirs: Sample, ours: Sample) -> Row {
    Row {
        theirs_is: "the same checks with Strings, maps and a set a key",
        leaves_out: "order, what undoes it",
        ..update_row(name, what, theirs, ours)
    }
}

fn growth_row(small: Sample, large: Sample) -> Row {
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

fn batches(aliases: usize, rounds: usize) -> Row {
    const BATCH: usize = 64;
    let lists = updates(aliases, rounds);
    let operations: Vec<Vec<Operation>> = (lists.iter())
        .map(|list| {
            let operation = |(name, key): &(String, String)| Operation::UpdateAlias {
                alias_name: name.parse().expect("a name"),
                target_key_id: key.parse().expect("a key ID"),
            };
            list.iter().map(operation).collect()
        })
        .collect();
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

/// An entry as a user of `serde_json` reads it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    alias_name: String,
    #[expect(dead_code, reason = "read because it is there")]
    alias_arn: String,
    target_key_id: String,
    #[expect(dead_code, reason = "read because it is there")]
    creation_date: String,
    #[expect(dead_code, reason = "read because it is there")]
    last_updated_date: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listing {
    aliases: Vec<Entry>,
}

fn json(aliases: usize) -> (String, String) {
    let keys = key_count(aliases);
    let mut listing = String::from("{\"Aliases\": [\n");
    for number in 0..aliases {
        let (name, key) = (name(number), key_id(number % keys));
        let comma = if number + 1 < aliases { "," } else { "" };
        writeln!(
            listing,
            "{{\"AliasName\": \"{name}\", \"AliasArn\": \"{SCOPE}:{name}\", \"TargetKeyId\": \"{key}\", \
             \"CreationDate\": \"2024-03-01T09:00:00.250000+00:00\", \"LastUpdatedDate\": \
             \"2024-06-01T09:00:00.250000+00:00\"}}{comma}"
        )
        .expect("a string");
    }
    listing.push_str("]}");
    let mut documents = String::new();
    for key in 0..keys {
        let id = key_id(key);
        writeln!(
            documents,
            "{{\"KeyMetadata\": {{\"KeyId\": \"{id}\", \"Arn\": \"{SCOPE}:key/{id}\", \"KeyState\": \"Enabled\", \
             \"KeySpec\": \"SYMMETRIC_DEFAULT\", \"KeyUsage\": \"ENCRYPT_DECRYPT\", \"Origin\": \"AWS_KMS\", \
             \"KeyManager\": \"CUSTOMER\", \"MultiRegion\": false}}}}"
        )
        .expect("a string");
    }
    (listing, documents)
}

fn loading(aliases: usize, rounds: usize) -> Row {
    let (listing, keys) = json(aliases);
    let [theirs, ours] = race(
        rounds,
        aliases,
        true,
        [
            &mut |_| {
                let listing: Listing = serde_json::from_str(&listing).expect("a listing");
                let entries = listing.aliases.into_iter();
                let map: HashMap<String, String> = entries
                    .map(|entry| (entry.alias_name, entry.target_key_id))
                    .collect();
                map.len() as u64
            },
            &mut |_| {
                let files = [
                    File {
                        name: "keys",
                        bytes: keys.as_bytes(),
                    },
                    File {
                        name: "aliases",
                        bytes: listing.as_bytes(),
                    },
                ];
                load(&files, Options::default()).expect("an account").len() as u64
            },
        ],
    );
    Row {
        theirs_is: "serde_json to Strings, then a HashMap",
        leaves_out: "every check, the keys, dates, the aliases of a key, order",
        ..update_row(
            "load_1m_vs_serde_strings",
            "load list-aliases, for each alias",
            theirs,
            ours,
        )
    }
}

/// The bytes that are given back when a value goes.
fn bytes_of<T>(value: T) -> f64 {
    let before = MEMORY.current_usage();
    drop(value);
    (before - MEMORY.current_usage()) as f64
}

fn memory(aliases: usize) -> Row {
    let each = |bytes: f64| Sample::once(bytes / aliases as f64);
    let mut keys = parts(aliases);
    keys.aliases.clear();
    // The keys are not the aliases': a map of aliases has none.
    let keys = bytes_of(keys.assemble().expect("a table of keys"));
    Row {
        unit: "bytes",
        leaves_out: "dates, the aliases of a key, order",
        theirs_is: "HashMap<String, String>",
        ..update_row(
            "bytes_1m_vs_hashmap",
            "memory, for each alias",
            each(bytes_of(map(aliases))),
            each(bytes_of(ours(aliases)) - keys),
        )
    }
}

/// The rows of updates one by one, which share their tables.
fn update_rows(choice: &Choice, million: usize) -> Vec<Row> {
    let rounds = choice.rounds();
    let naive = |updates: &Updates| updates.naive.unwrap_or(updates.map);
    let mut rows = Vec::new();
    if choice.wants("update_10k") {
        let what = "update one of 10,000 aliases";
        let ten = race_updates(10_000, rounds * 4, true);
        rows.push(update_row("update_10k_vs_hashmap", what, ten.map, ten.ours));
        rows.push(naive_row(
            "update_10k_vs_naive",
            what,
            naive(&ten),
            ten.ours,
        ));
    }
    if choice.wants("update_1m") {
        let what = "update one of 1,000,000 aliases";
        let small = race_updates(1_000, rounds * 10, false);
        let large = race_updates(million, rounds, true);
        rows.push(update_row(
            "update_1m_vs_hashmap",
            what,
            large.map,
            large.ours,
        ));
        rows.push(naive_row(
            "update_1m_vs_naive",
            what,
            naive(&large),
            large.ours,
        ));
        rows.push(growth_row(small.ours, large.ours));
    }
    if choice.wants("update_5m") && !choice.quick {
        let largest = race_updates(5_000_000, rounds / 2, false);
        let what = "update one of 5,000,000 aliases";
        rows.push(update_row(
            "update_5m_vs_hashmap",
            what,
            largest.map,
            largest.ours,
        ));
    }
    rows
}

pub fn rows(choice: &Choice) -> Vec<Row> {
    let million = if choice.quick { 100_000 } else { 1_000_000 };
    let rounds = choice.rounds();
    let mut rows = update_rows(choice, million);
    let others: [(&str, fn(usize, usize) -> Row); 5] = [
        ("update_batch", batches),
        ("create_delete", create_delete),
        ("list", |aliases, rounds| list(aliases, rounds / 2)),
        ("load", |aliases, rounds| loading(aliases, rounds / 3)),
        ("bytes", |aliases, _| memory(aliases)),
    ];
    for (name, row) in others {
        if choice.wants(name) {
            rows.push(row(million, rounds));
        }
    }
    rows
}
