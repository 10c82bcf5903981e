//! How long it takes to parse and print identifiers.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use kms_alias::{AliasName, KeyArn, KeyId};

const KEY_ID: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const KEY_ARN: &str = "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

fn alias_names(c: &mut Criterion) {
    let long = format!("alias/{}", "a".repeat(250));
    for (what, name) in [
        ("a good alias name", "alias/payments-production"),
        ("a long alias name", &long),
        (
            "an alias name with a bad byte at its end",
            "alias/payments-productio.",
        ),
    ] {
        c.bench_function(&format!("is {what} valid"), |b| {
            b.iter(|| AliasName::is_valid(black_box(name)))
        });
        c.bench_function(&format!("parse {what}"), |b| {
            b.iter(|| black_box(name).parse::<AliasName>())
        });
    }
}

fn keys(c: &mut Criterion) {
    c.bench_function("parse a key ID", |b| {
        b.iter(|| black_box(KEY_ID).parse::<KeyId>())
    });
    c.bench_function("parse a key ID with a bad digit", |b| {
        b.iter(|| black_box("1234abcd-12ab-34cd-56ef-1234567890aX").parse::<KeyId>());
    });
    let key_id = KeyId::from_static(KEY_ID);
    c.bench_function("print a key ID into a buffer", |b| {
        let mut buffer = [0; 36];
        b.iter(|| black_box(key_id.encode(&mut buffer)).len());
    });
    c.bench_function("parse a key ARN", |b| {
        b.iter(|| black_box(KEY_ARN).parse::<KeyArn>())
    });
}

criterion_group!(benches, alias_names, keys);
criterion_main!(benches);
