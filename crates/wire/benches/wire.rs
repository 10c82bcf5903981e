//! What the protocol costs: `wire::handle` of UpdateAlias beside its parts, the checked update alone
//! and `serde_json` alone on the same bodies; and of ListAliases, wherever a page begins.
//!
//! `cargo bench --bench wire` measures all in one run, their rounds interleaved, and prints the
//! ratio of `handle` to the sum of its parts: it is to be 3 at most.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use kms_alias::{
    AccountId, AliasListEntry, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope,
    Snapshot, Timestamp,
};
use kms_alias_wire::handle;
use serde::Deserialize;

const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];
const ALIASES_PER_KEY: usize = 20;
const REQUESTS: usize = 1_000;
const ROUNDS: usize = 200;
const AT: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// The members as `serde_json` reads them with the least work: borrowed, and not checked.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UpdateAlias<'a> {
    alias_name: &'a str,
    target_key_id: &'a str,
}

/// An update as each of the contenders is given it.
struct Update {
    alias_name: AliasName,
    target_key_id: KeyId,
    body: Vec<u8>,
}

fn key_id(number: usize) -> KeyId {
    let spread = (number as u128 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    KeyId::new(spread.to_be_bytes(), false)
}

fn name(number: usize) -> AliasName {
    let name = format!("alias/service-{number:07}/key");
    name.parse().expect("a valid name")
}

fn table(aliases: usize) -> AliasTable {
    let region = Region::from_static("eu-west-3");
    let scope = Scope::new(region, AccountId::from_static("111122223333"));
    let keys = aliases / ALIASES_PER_KEY;
    let key = |number| KeyMetadata::builder(KeyArn::new(scope, key_id(number))).build();
    let alias = |number| AliasListEntry::new(name(number).into(), Some(key_id(number % keys)));
    let mut parts = Snapshot::new(scope);
    parts.keys = (0..keys)
        .map(key)
        .collect::<Result<_, _>>()
        .expect("possible keys");
    parts.aliases = (0..aliases).map(alias).collect();
    parts.into_table().expect("parts that fit")
}

/// Updates of aliases from all over the table, each to a key that has room.
fn updates(aliases: usize, round: usize) -> Vec<Update> {
    let keys = aliases / ALIASES_PER_KEY;
    let update = |at: usize| {
        let number = (round * REQUESTS + at).wrapping_mul(7_919) % aliases;
        let (alias_name, target_key_id) = (name(number), key_id((number + round) % keys));
        let body = format!(r#"{{"AliasName": "{alias_name}", "TargetKeyId": "{target_key_id}"}}"#);
        Update {
            alias_name,
            target_key_id,
            body: body.into_bytes(),
        }
    };
    (0..REQUESTS).map(update).collect()
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(work());
    start.elapsed()
}

/// Keeps of each contender the shortest time.
fn keep<const N: usize>(shortest: &mut [Duration; N], times: [Duration; N]) {
    for (shortest, time) in shortest.iter_mut().zip(times) {
        *shortest = time.min(*shortest);
    }
}

fn nanoseconds(shortest: Duration) -> f64 {
    shortest.as_nanos() as f64 / REQUESTS as f64
}

/// The shortest round of the bare update, of the parsing alone, and of `handle`.
fn race_updates(table: &mut AliasTable) -> [f64; 3] {
    let mut shortest = [Duration::MAX; 3];
    for round in 0..ROUNDS {
        // Other aliases for each, so that none finds warm what another has just touched.
        let [bare, sent] = [2 * round, 2 * round + 1].map(|part| updates(table.len(), part));
        let names = bare.iter().map(|update| update.alias_name.clone());
        let names: Vec<_> = names.collect();
        let bare = timed(|| {
            for (update, name) in bare.iter().zip(names) {
                let changed = table.update_alias(name, update.target_key_id, AT);
                assert!(changed.is_ok(), "{changed:?}");
            }
        });
        let parse = timed(|| {
            for update in &sent {
                let read: UpdateAlias<'_> = serde_json::from_slice(&update.body).expect("a body");
                black_box((read.alias_name, read.target_key_id));
            }
        });
        let handle = timed(|| {
            for update in &sent {
                let target = black_box("TrentService.UpdateAlias");
                let answer = handle(table, target, &update.body, AT, [0; 16]);
                assert_eq!(answer.status(), 200);
            }
        });
        keep(&mut shortest, [bare, parse, handle]);
    }
    shortest.map(nanoseconds)
}

/// Pages of 10: the first, one after a marker in the middle, and one of a key's aliases.
fn race_lists(table: &mut AliasTable) -> [f64; 3] {
    let middle = name(table.len() / 2);
    let bodies = [
        r#"{"Limit": 10}"#.to_owned(),
        format!(r#"{{"Limit": 10, "Marker": "after:{middle}"}}"#),
        format!(r#"{{"Limit": 10, "KeyId": "{}"}}"#, key_id(0)),
    ];
    let mut shortest = [Duration::MAX; 3];
    for _ in 0..ROUNDS / 10 {
        let times = bodies.each_ref().map(|body| {
            timed(|| {
                for _ in 0..REQUESTS {
                    let target = black_box("TrentService.ListAliases");
                    let answer = handle(table, target, body.as_bytes(), AT, [0; 16]);
                    assert_eq!(answer.status(), 200);
                }
            })
        });
        keep(&mut shortest, times);
    }
    shortest.map(nanoseconds)
}

fn main() {
    println!("ns a request, shortest of {ROUNDS} rounds of {REQUESTS} requests");
    println!(
        "{:>9}  {:>11} {:>10} {:>12} {:>6}  {:>10} {:>12} {:>9}",
        "aliases",
        "bare update",
        "serde_json",
        "wire::handle",
        "ratio",
        "first page",
        "after marker",
        "of a key"
    );
    for aliases in SIZES {
        let mut table = table(aliases);
        let [first, after, of_key] = race_lists(&mut table);
        let [update, parse, handle] = race_updates(&mut table);
        let ratio = handle / (update + parse);
        println!(
            "{aliases:>9}  {update:>11.0} {parse:>10.0} {handle:>12.0} {ratio:>6.2}  {first:>10.0} {after:>12.0} {of_key:>9.0}"
        );
    }
}
