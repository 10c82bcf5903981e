//! Names, IDs and ARNs.

use std::hint::black_box;
use std::str::FromStr;

use kms_alias::{AliasName, KeyArn, KeyId, ReservedNames};
use regex::Regex;
use uuid::Uuid;

use crate::inputs::{alias_names, key_ids};
use crate::measure::{Row, race};
use crate::{Choice, ROUNDS};

const COUNT: usize = 10_000;

pub fn rows(choice: &Choice) -> Vec<Row> {
    let rounds = ROUNDS * 4;
    let mut rows = Vec::new();
    if choice.wants("alias_name") {
        rows.extend(names(rounds));
    }
    if choice.wants("key_id") {
        rows.extend(ids(rounds));
    }
    if choice.wants("key_arn") {
        rows.extend(arns(rounds));
    }
    rows
}

fn count<'a>(texts: &'a [String], good: impl Fn(&'a str) -> bool) -> u64 {
    texts
        .iter()
        .map(|text| u64::from(good(black_box(text.as_str()))))
        .sum()
}

/// Rules A1 to A4, the newer reading, as a regular expression says them.
fn valid(name: &str) -> bool {
    AliasName::is_valid_with(name, ReservedNames::AliasAwsSlash)
}

/// A byte that may follow the prefix (rule A3).
const ALLOWED: [bool; 256] = {
    let mut allowed = [false; 256];
    let bytes = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-";
    let mut at = 0;
    while at < bytes.len() {
        allowed[bytes[at] as usize] = true;
        at += 1;
    }
    allowed
};

/// The same rules as a plain loop over a table of bytes has them.
fn by_table(name: &str) -> bool {
    let Some(rest) = name.strip_prefix("alias/") else {
        return false;
    };
    (1..=250).contains(&rest.len())
        && rest.bytes().all(|byte| ALLOWED[usize::from(byte)])
        && !rest.starts_with("aws/")
}

fn names(rounds: usize) -> Vec<Row> {
    // The fastest form: a counted repetition takes half as long again on long names.
    let regex = Regex::new(r"\Aalias/[a-zA-Z0-9/_-]+\z").expect("a pattern");
    let by_regex =
        |name: &str| name.len() <= 256 && regex.is_match(name) && !name.starts_with("alias/aws/");
    let (short, long) = (alias_names(COUNT, 10, 60), alias_names(COUNT, 256, 256));
    let mut rows = Vec::new();
    for (names, suffix, what) in [
        (&short, "", "validate a name of 10 to 60 bytes"),
        (&long, "_long", "validate a name of 256 bytes"),
    ] {
        let [regex, table, ours] = race(
            rounds,
            COUNT,
            true,
            [
                &mut |_| count(names, by_regex),
                &mut |_| count(names, by_table),
                &mut |_| count(names, valid),
            ],
        );
        for (peer, theirs_is, theirs) in [
            ("regex", "regex", regex),
            ("table", "a loop over a table of 256 bytes", table),
        ] {
            rows.push(Row {
                name: match (suffix, peer) {
                    ("", "regex") => "alias_name_vs_regex",
                    ("", _) => "alias_name_vs_table",
                    (_, "regex") => "alias_name_long_vs_regex",
                    _ => "alias_name_long_vs_table",
                },
                what,
                theirs_is,
                leaves_out: "where it fails",
                unit: "ns",
                theirs,
                ours: ours.clone(),
            });
        }
    }
    rows.push(copying(rounds, &short));
    rows
}

fn copying(rounds: usize, names: &[String]) -> Row {
    let mut buffer = Vec::with_capacity(64 * COUNT);
    let [theirs, ours] = race(
        rounds,
        COUNT,
        false,
        [
            &mut |_| {
                buffer.clear();
                names
                    .iter()
                    .for_each(|name| buffer.extend_from_slice(black_box(name.as_bytes())));
                buffer.len() as u64
            },
            &mut |_| count(names, valid),
        ],
    );
    Row {
        name: "alias_name_vs_memcpy",
        what: "validate a name, beside copying it",
        theirs_is: "a copy",
        leaves_out: "every check",
        unit: "ns",
        theirs,
        ours,
    }
}

/// A key ID by `uuid`, with the same rules.
fn by_uuid(text: &str) -> Option<(Uuid, bool)> {
    let (digits, multi_region) = match text.strip_prefix("mrk-") {
        Some(digits) => (digits, true),
        None => (text, false),
    };
    let length = if multi_region { 32 } else { 36 };
    let lower = !digits.bytes().any(|byte| byte.is_ascii_uppercase());
    (digits.len() == length && lower)
        .then(|| Uuid::try_parse(digits).ok())
        .flatten()
        .map(|uuid| (uuid, multi_region))
}

fn ids(rounds: usize) -> Vec<Row> {
    let texts = key_ids(COUNT, true);
    let [theirs, ours] = race(
        rounds,
        COUNT,
        true,
        [
            &mut |_| count(&texts, |text| by_uuid(text).is_some()),
            &mut |_| count(&texts, |text| KeyId::from_str(text).is_ok()),
        ],
    );
    let good = key_ids(COUNT, false);
    let keys: Vec<KeyId> = good
        .iter()
        .map(|text| text.parse().expect("a key ID"))
        .collect();
    let uuids: Vec<Uuid> = keys
        .iter()
        .map(|key| Uuid::from_bytes(*key.as_bytes()))
        .collect();
    let mut buffer = [0; 36];
    let [print_theirs, print_ours] = race(
        rounds,
        COUNT,
        true,
        [
            &mut |_| {
                uuids
                    .iter()
                    .map(|uuid| black_box(uuid.hyphenated().encode_lower(&mut buffer)).len() as u64)
                    .sum()
            },
            &mut |_| {
                keys.iter()
                    .map(|key| black_box(key.to_ascii()).len() as u64)
                    .sum()
            },
        ],
    );
    vec![
        Row {
            name: "key_id_vs_uuid",
            what: "parse a key ID",
            theirs_is: "uuid, with the rules of mrk- and lower case added",
            leaves_out: "where it fails",
            unit: "ns",
            theirs,
            ours,
        },
        Row {
            name: "key_id_print_vs_uuid",
            what: "print a key ID into a buffer",
            theirs_is: "uuid (as str, ours as bytes)",
            leaves_out: "the form mrk-",
            unit: "ns",
            theirs: print_theirs,
            ours: print_ours,
        },
    ]
}

fn arns(rounds: usize) -> Vec<Row> {
    let regions = ["us-east-1", "eu-west-3", "ap-southeast-2", "ca-central-1"];
    let texts: Vec<String> = (key_ids(COUNT, false).iter().enumerate())
        .map(|(at, id)| {
            format!(
                "arn:aws:kms:{}:{:012}:key/{id}",
                regions[at % 4],
                111_122_223_333_u64 + at as u64
            )
        })
        .collect();
    let [naive, aws_arn, scratchstack, ours] = race(
        rounds,
        COUNT,
        true,
        [
            &mut |_| {
                count(&texts, |text| {
                    black_box(arn::naive::NaiveArn::parse(text)).is_ok()
                })
            },
            &mut |_| {
                count(&texts, |text| {
                    black_box(aws_arn::ResourceName::from_str(text)).is_ok()
                })
            },
            &mut |_| {
                count(&texts, |text| {
                    black_box(scratchstack_arn::Arn::from_str(text)).is_ok()
                })
            },
            &mut |_| count(&texts, |text| black_box(KeyArn::from_str(text)).is_ok()),
        ],
    );
    let row = |name, theirs_is, leaves_out, theirs| Row {
        name,
        what: "parse a key ARN",
        theirs_is,
        leaves_out,
        unit: "ns",
        theirs,
        ours: ours.clone(),
    };
    vec![
        row(
            "key_arn_vs_aws_arn",
            "aws-arn",
            "the key ID, Regions of partitions",
            aws_arn,
        ),
        row(
            "key_arn_vs_scratchstack",
            "scratchstack-arn",
            "the key ID, Regions of partitions",
            scratchstack,
        ),
        row(
            "key_arn_vs_arn",
            "arn",
            "everything but the number of parts",
            naive,
        ),
    ]
}
