//! How long operations take in tables of a thousand to five million aliases.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

use std::cell::RefCell;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use kms_alias::{
    AccountId, AliasListEntry, AliasName, AliasTable, AnyAliasName, KeyArn, KeyId, KeyMetadata,
    ListAliases, Operation, Region, Scope, Snapshot, Timestamp,
};

const SIZES: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 5_000_000];
const AT: Timestamp = Timestamp::from_millis(1_700_000_000_000);
/// Far from the ends of any table, and no multiple of a size: the aliases asked for lie apart.
const STRIDE: usize = 7_919;

fn key_id(number: usize) -> KeyId {
    let spread = (number as u128 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    KeyId::new(spread.to_be_bytes(), false)
}

fn name(number: usize) -> String {
    format!("alias/team-{:04}/service-{number:08}", number % 9_973)
}

fn parsed(number: usize) -> AliasName {
    name(number).parse().expect("a valid name")
}

const fn keys(aliases: usize) -> usize {
    aliases / 50
}

/// A table with 50 aliases a key, and room for more.
fn table(aliases: usize) -> AliasTable {
    let account = AccountId::from_static("111122223333");
    let scope = Scope::new(Region::from_static("eu-west-3"), account);
    let mut parts = Snapshot::new(scope);
    parts.aliases_per_key = 10_000;
    let key = |number| KeyMetadata::builder(KeyArn::new(scope, key_id(number))).build();
    parts.keys = (0..keys(aliases))
        .map(|number| key(number).expect("a possible key"))
        .collect();
    parts.aliases = (0..aliases)
        .map(|number| {
            let name: AnyAliasName = name(number).parse().expect("a valid name");
            let mut entry = AliasListEntry::new(name, Some(key_id(number % keys(aliases))));
            entry.creation_date = Some(AT);
            entry.last_updated_date = Some(AT);
            entry
        })
        .collect();
    parts.into_table().expect("parts that fit")
}

/// An update of an alias to another key, a new one each time round.
fn update(aliases: usize, count: usize) -> Operation {
    let number = count.wrapping_mul(STRIDE) % aliases;
    Operation::UpdateAlias {
        alias_name: parsed(number),
        target_key_id: key_id((number + count / aliases + 1) % keys(aliases)).into(),
    }
}

/// Numbers from 0 on, one for each run of a benchmark.
fn counter() -> impl FnMut() -> usize {
    let mut next = 0;
    move || {
        next += 1;
        next - 1
    }
}

fn one_by_one(c: &mut Criterion, table: &RefCell<AliasTable>, size: usize) {
    let mut group = c.benchmark_group("one by one");
    let mut count = counter();
    group.bench_function(BenchmarkId::new("check an update", size), |b| {
        let check = |operation: Operation| black_box(table.borrow().check(&operation, AT).is_ok());
        b.iter_batched(|| update(size, count()), check, BatchSize::SmallInput);
    });
    let mut count = counter();
    group.bench_function(BenchmarkId::new("update an alias", size), |b| {
        let apply = |operation: Operation| table.borrow_mut().apply(&operation, AT);
        b.iter_batched(|| update(size, count()), apply, BatchSize::SmallInput);
    });
    let mut count = counter();
    group.bench_function(BenchmarkId::new("update an alias and undo it", size), |b| {
        let there_and_back = |operation: Operation| {
            let mut table = table.borrow_mut();
            let change = table.apply(&operation, AT).expect("a valid update");
            table.undo(&change).expect("the newest change");
        };
        b.iter_batched(
            || update(size, count()),
            there_and_back,
            BatchSize::SmallInput,
        );
    });
    let mut count = counter();
    group.bench_function(
        BenchmarkId::new("create an alias and delete it", size),
        |b| {
            let create = |(name, key): (AliasName, KeyId)| {
                let mut table = table.borrow_mut();
                let created = table.create_alias(name.clone(), key, AT);
                black_box(created.expect("a new name"));
                black_box(table.delete_alias(&name).expect("an alias"));
            };
            let new = || {
                let number = count().wrapping_mul(STRIDE) % size;
                let name = format!("{}-new", name(number));
                (name.parse().expect("a name"), key_id(number % keys(size)))
            };
            b.iter_batched(new, create, BatchSize::SmallInput);
        },
    );
    group.finish();
}

fn as_a_whole(c: &mut Criterion, table: &RefCell<AliasTable>, size: usize) {
    let table = table.borrow();
    let mut group = c.benchmark_group("for each alias");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(2));
    group.throughput(Throughput::Elements(size as u64));
    group.bench_function(BenchmarkId::new("list all, in pages of 100", size), |b| {
        b.iter(|| {
            let (mut marker, mut count) = (None::<String>, 0);
            loop {
                let request = ListAliases::parse(None, Some(100), marker.as_deref());
                let page = table.list_aliases(&request.expect("our marker"));
                let page = page.expect("a list of all");
                count += page.aliases.len();
                match page.next_marker {
                    Some(next) => marker = Some(next),
                    None => return count,
                }
            }
        });
    });
    group.finish();
}

fn tables(c: &mut Criterion) {
    for size in SIZES {
        let table = RefCell::new(table(size));
        one_by_one(c, &table, size);
        as_a_whole(c, &table, size);
    }
}

criterion_group!(benches, tables);
criterion_main!(benches);
