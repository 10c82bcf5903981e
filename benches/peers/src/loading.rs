//! An account read from what the AWS CLI prints, and the memory that it takes.

use std::collections::HashMap;
use std::fmt::Write;

use kms_alias_files::{File, Options, load};
use serde::Deserialize;

use crate::MEMORY;
use crate::accounts::{SCOPE, key_count, map, ours, parts};
use crate::inputs::{key_id, name};
use crate::measure::{Row, Sample, race};
use crate::updates::update_row;

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

pub fn loading(aliases: usize, rounds: usize) -> Row {
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

pub fn memory(aliases: usize) -> Row {
    let each = |bytes: f64| Sample::once(bytes / aliases as f64);
    let mut keys = parts(aliases);
    keys.aliases.clear();
    // The keys are not the aliases': a map of aliases has none.
    let keys = bytes_of(keys.into_table().expect("a table of keys"));
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
