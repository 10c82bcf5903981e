//! The same account for everybody, and the changes to it.

use std::collections::HashMap;

use kms_alias::{
    AliasListEntry, AliasName, AliasTable, AnyAliasName, KeyArn, KeyId, KeyMetadata, Operation,
    Scope, Snapshot, Timestamp,
};

use crate::inputs::{Numbers, key_id, name};
use crate::naive::Naive;

pub const SCOPE: &str = "arn:aws:kms:eu-west-3:111122223333";
/// Above what any key gets, so that every update is a valid one.
const QUOTA: u32 = 10_000;
pub const AT: i64 = 1_700_000_000_000;
/// Updates a round, at the most.
const UPDATES: usize = 100_000;

/// Fifty aliases a key.
pub fn key_count(aliases: usize) -> usize {
    aliases / 50
}

pub fn parts(aliases: usize) -> Snapshot {
    let scope: Scope = SCOPE.parse().expect("a scope");
    let keys: Vec<KeyId> = (0..key_count(aliases))
        .map(|key| key_id(key).parse().expect("a key ID"))
        .collect();
    let mut parts = Snapshot::new(scope);
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

pub fn ours(aliases: usize) -> AliasTable {
    parts(aliases).into_table().expect("parts that fit")
}

/// The same table, its aliases created in no order.
pub fn created_one_by_one(aliases: usize) -> AliasTable {
    let mut parts = parts(aliases);
    let entries = std::mem::take(&mut parts.aliases);
    let mut table = parts.into_table().expect("keys that fit");
    for entry in entries {
        let name = AliasName::try_from(entry.alias_name).expect("a customer's");
        let target = entry.target_key_id.expect("a key");
        table
            .create_alias(name, target, Timestamp::from_millis(AT))
            .expect("a free name");
    }
    table
}

pub fn shuffled(count: usize) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..count).collect();
    Numbers(3).shuffle(&mut numbers);
    numbers
}

pub fn map(aliases: usize) -> HashMap<String, String> {
    let keys = key_count(aliases);
    shuffled(aliases)
        .into_iter()
        .map(|number| (name(number), key_id(number % keys)))
        .collect()
}

pub fn naive(aliases: usize) -> Naive {
    let keys = key_count(aliases);
    let mut naive = Naive::new((0..keys).map(key_id), QUOTA as usize);
    for number in shuffled(aliases) {
        naive.stand(&name(number), &key_id(number % keys));
    }
    naive
}

/// The updates of each round, as text: another key than the round before for every alias.
pub fn updates(aliases: usize, rounds: usize) -> Vec<Vec<(String, String)>> {
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

pub fn update(table: &mut AliasTable, (name, key): &(String, String)) {
    let name: AliasName = name.parse().expect("a name");
    let key: KeyId = key.parse().expect("a key ID");
    let change = table
        .update_alias(name, key, Timestamp::from_millis(AT + 1))
        .expect("a valid update");
    // The change is handed out, as a user would keep it.
    std::hint::black_box(change);
}

pub fn parsed(list: &[(String, String)]) -> Vec<Operation> {
    let operation = |(name, key): &(String, String)| Operation::UpdateAlias {
        alias_name: name.parse().expect("a name"),
        target_key_id: key.parse().expect("a key ID"),
    };
    list.iter().map(operation).collect()
}
