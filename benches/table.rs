//! How long operations take in tables of several sizes.

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use kms_alias::{
    AccountId, AliasListEntry, AliasName, AliasTable, AnyAliasName, Assembly, KeyArn, KeyId,
    KeyMetadata, ListAliases, Operation, Region, Scope, Timestamp,
};

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
const AT: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn key_id(number: usize) -> KeyId {
    KeyId::new(
        (number as u128)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
            .to_be_bytes(),
        false,
    )
}

fn name(number: usize) -> String {
    format!(
        "alias/service-{:06}/key",
        number.wrapping_mul(7_919) % 1_000_003
    )
}

/// A table with 20 aliases a key.
fn table(aliases: usize) -> AliasTable {
    let scope = Scope::new(
        Region::from_static("eu-west-3"),
        AccountId::from_static("111122223333"),
    );
    let keys = aliases / 20;
    let mut parts = Assembly::new(scope);
    parts.keys = (0..keys)
        .map(|number| {
            KeyMetadata::builder(KeyArn::new(scope, key_id(number)))
                .build()
                .expect("a possible key")
        })
        .collect();
    parts.aliases = (0..aliases)
        .map(|number| {
            let name: AnyAliasName = name(number).parse().expect("a valid name");
            AliasListEntry::new(name, Some(key_id(number % keys)))
        })
        .collect();
    parts.assemble().expect("parts that fit")
}

/// An update of an alias to the next key.
fn update(aliases: usize, number: usize) -> Operation {
    let alias_name: AliasName = name(number).parse().expect("a valid name");
    let target = key_id((number + 1) % (aliases / 20));
    Operation::UpdateAlias {
        alias_name,
        target_key_id: target.into(),
    }
}

fn operations(c: &mut Criterion) {
    for size in SIZES {
        let mut table = table(size);
        c.bench_with_input(
            BenchmarkId::new("check an update", size),
            &size,
            |b, size| {
                let mut number = 0;
                b.iter_batched(
                    || {
                        number = (number + 1) % size;
                        update(*size, number)
                    },
                    |operation| black_box(table.check(&operation, AT).is_ok()),
                    BatchSize::SmallInput,
                );
            },
        );
        c.bench_with_input(
            BenchmarkId::new("update an alias and undo it", size),
            &size,
            |b, size| {
                let mut number = 0;
                b.iter_batched(
                    || {
                        number = (number + 1) % size;
                        update(*size, number)
                    },
                    |operation| {
                        let change = table.apply(&operation, AT).expect("a valid update");
                        table.undo(change).expect("the newest change");
                    },
                    BatchSize::SmallInput,
                );
            },
        );
        c.bench_with_input(
            BenchmarkId::new("list a page of 50 aliases", size),
            &size,
            |b, _| {
                b.iter(|| {
                    black_box(
                        table
                            .list_aliases(&ListAliases::default())
                            .map(|page| page.aliases.len()),
                    )
                });
            },
        );
    }
}

criterion_group!(benches, operations);
criterion_main!(benches);
