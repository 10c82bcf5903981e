//! How long a plan takes for tables of several sizes: it should grow about as they do.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use kms_alias::{
    AccountId, AliasListEntry, AliasTable, AnyAliasName, KeyArn, KeyId, KeyMetadata, Region, Scope,
    Snapshot, Timestamp,
};
use kms_alias_foresee::{Plan, PlanOptions, ThirdKey, Wanted};

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
const AT: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const ALIASES_PER_KEY: usize = 50;

fn key_id(number: usize) -> KeyId {
    let mixed = (number as u128).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    KeyId::new(mixed.to_be_bytes(), false)
}

fn name(number: usize) -> AnyAliasName {
    let text = format!("alias/service-{number:07}/key");
    text.parse().expect("a valid name")
}

/// A table of full keys, and one more that has room.
fn full_table(aliases: usize) -> AliasTable {
    let account = AccountId::from_static("111122223333");
    let scope = Scope::new(Region::from_static("eu-west-3"), account);
    let keys = aliases / ALIASES_PER_KEY;
    let key = |number| {
        let key = KeyMetadata::builder(KeyArn::new(scope, key_id(number))).build();
        key.expect("a possible key")
    };
    let mut parts = Snapshot::new(scope);
    parts.keys = (0..=keys).map(key).collect();
    parts.aliases = (0..aliases)
        .map(|number| AliasListEntry::new(name(number), Some(key_id(number % keys))))
        .collect();
    parts.into_table().expect("parts that fit")
}

/// Every alias of a table moves: to the key with this number.
fn moved(aliases: usize, to: impl Fn(usize) -> usize) -> Wanted {
    (0..aliases)
        .map(|number| (name(number), key_id(to(number))))
        .collect()
}

fn plans(c: &mut Criterion) {
    let mut group = c.benchmark_group("plan");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    for size in SIZES {
        let table = full_table(size);
        let keys = size / ALIASES_PER_KEY;
        group.throughput(Throughput::Elements(u64::try_from(size).expect("a size")));
        let mut measure = |what: &str, wanted: &Wanted, third_key: ThirdKey| {
            let options = PlanOptions::default().with_third_key(third_key);
            group.bench_with_input(BenchmarkId::new(what, size), wanted, |b, wanted| {
                b.iter(|| black_box(Plan::new(&table, wanted, options, AT)));
            });
        };
        measure("nothing moves", &Wanted::of(&table), ThirdKey::No);
        let one = Wanted::from_iter([(name(size / 2), key_id(keys))]);
        measure("one alias moves", &one, ThirdKey::No);
        // One circle of all keys.
        let circle = moved(size, |number| (number + 1) % keys);
        measure("all full keys pass their aliases on", &circle, ThirdKey::No);
        // As many knots as there are pairs of keys.
        let pairs = moved(size, |number| (number % keys) ^ 1);
        measure("all full keys swap with another", &pairs, ThirdKey::No);
        measure("likewise, by a third key", &pairs, ThirdKey::Any);
    }
    group.finish();
}

criterion_group!(benches, plans);
criterion_main!(benches);
