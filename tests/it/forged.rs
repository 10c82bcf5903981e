//! Changes and snapshots that no table made: they fit or they are refused, and nothing breaks.

#[path = "forged/one_thing.rs"]
mod one_thing;

use kms_alias_testing::invariants;

use kms_alias::{
    AliasListEntry, AliasName, AliasTable, AnyAliasName, Change, KeyId, KeyMetadata, Rule,
    Snapshot, Timestamp,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const SCOPE: &str = "arn:aws:kms:eu-west-3:111122223333";
const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const OTHER: &str = "0987dcba-09fe-87dc-65ba-ab0987654321";

fn key(key_id: &str) -> Value {
    json!({"arn": format!("{SCOPE}:key/{key_id}"), "status": {"PendingDeletion": {"deletion_date": null}}})
}

fn alias(name: &str, key_id: &str) -> Value {
    json!({"alias_name": name, "target_key_id": key_id, "creation_date": 1, "last_updated_date": 2})
}

fn parsed<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}"))
}

/// One key with two aliases, after as many changes.
fn table(sequence: u64) -> AliasTable {
    parsed(json!({
        "scope": SCOPE, "aliases_per_key": 50, "sequence": sequence, "keys": [key(KEY)],
        "aliases": [alias("alias/a", KEY), alias("alias/b", KEY)],
    }))
}

fn change(sequence: u64, effect: Value) -> Change {
    parsed(json!({"sequence": sequence, "effect": effect}))
}

/// The change is refused by rule I4, done or undone, and the table is as it was.
#[track_caller]
fn refused(start: &AliasTable, replayed: &Change, undone: &Change) {
    let mut table = start.clone();
    assert_eq!(
        table.replay(replayed).map_err(|error| error.rule()),
        Err(Rule::I4)
    );
    assert_eq!(
        table.undo(undone).map_err(|error| error.rule()),
        Err(Rule::I4)
    );
    assert_eq!(table, *start);
    invariants::check(&table);
}

#[test]
fn a_deletion_that_names_an_alias_twice_is_refused_i1_i4() {
    let deleted = |key_id: &str, names: [&str; 2]| json!({"KeyDeleted": {"key": key(key_id), "aliases": names.map(|name| alias(name, key_id))}});
    let twice = change(6, deleted(KEY, ["alias/a", "alias/a"]));
    refused(
        &table(5),
        &twice,
        &change(5, deleted(OTHER, ["alias/z", "alias/z"])),
    );
    let out_of_order = change(6, deleted(KEY, ["alias/b", "alias/a"]));
    refused(
        &table(5),
        &out_of_order,
        &change(5, deleted(OTHER, ["alias/z", "alias/y"])),
    );
    let mut table = table(5);
    table
        .replay(&change(6, deleted(KEY, ["alias/a", "alias/b"])))
        .expect("a change that fits");
    invariants::check(&table);
    assert!(table.is_empty());
}

#[test]
fn a_change_of_number_0_is_refused_i4() {
    let removed = json!({"KeyRemoved": {"key": key(OTHER)}});
    let mut fresh = AliasTable::new(SCOPE.parse().expect("a scope"));
    assert_eq!(
        fresh
            .undo(&change(0, removed))
            .map_err(|error| error.rule()),
        Err(Rule::I4)
    );
    assert_eq!((fresh.sequence(), fresh.key_count()), (0, 0));
}

/// Changes are made while a number is left for them, and every table reads its own snapshot.
#[test]
fn a_table_that_was_loaded_with_any_sequence_reads_its_own_snapshot_i4_q() {
    let other: KeyId = OTHER.parse().expect("a key ID");
    let names = ["alias/a", "alias/b"].map(|name| AliasName::try_from(name).expect("a name"));
    for sequence in [0, 1 << 53, (1 << 63) - 1, 1 << 63, u64::MAX - 3, u64::MAX] {
        let start = table(sequence);
        let (mut table, mut changes) = (start.clone(), Vec::new());
        invariants::check(&table);
        let key: KeyMetadata = parsed(key(OTHER));
        let inserted = table.insert_key(key.clone());
        changes.extend(inserted.clone().ok());
        for name in &names {
            let deleted = table.delete_alias(name);
            let is_full = deleted.as_ref().err().map(|refusal| refusal.rule());
            assert_eq!(is_full, (sequence == u64::MAX).then_some(Rule::Q));
            changes.extend(deleted);
            invariants::check(&table);
        }
        let end = table.clone();
        if sequence < u64::MAX - 3 {
            changes.push(table.remove_key(&other).expect("a bare key"));
        } else if sequence < u64::MAX {
            // Three changes were made, and there is no fourth number.
            let error = table.remove_key(&other).expect_err("no number is left");
            assert_eq!((error.rule(), table.sequence()), (Rule::I4, u64::MAX));
            let again = Change::clone(&changes[0]);
            assert_eq!(
                table.replay(&again).map_err(|error| error.rule()),
                Err(Rule::I4)
            );
            assert_eq!(table, end);
        } else {
            assert_eq!(inserted.map_err(|error| error.rule()), Err(Rule::I4));
            assert_eq!(table, start);
        }
        let end = table.clone();
        table.undo_all(&changes).expect("the newest changes");
        assert_eq!(table, start);
        table.replay_all(&changes).expect("the next changes");
        assert_eq!(table, end);
    }
}

#[test]
fn a_key_under_an_alias_of_aws_is_not_removed_by_any_door_i5() {
    let with_aws = json!({
        "scope": SCOPE, "aliases_per_key": 50, "sequence": 0, "keys": [key(KEY)],
        "aliases": [alias("alias/aws/ebs", KEY)],
    });
    let mut table: AliasTable = parsed(with_aws);
    let key_id: KeyId = KEY.parse().expect("a key ID");
    assert_eq!(
        table.remove_key(&key_id).map_err(|error| error.rule()),
        Err(Rule::I5)
    );
    let removed = change(1, json!({"KeyRemoved": {"key": key(KEY)}}));
    assert_eq!(
        table.replay(&removed).map_err(|error| error.rule()),
        Err(Rule::I4)
    );
}

#[test]
fn an_alias_of_aws_without_a_service_does_not_stand_a8() {
    let mut parts = Snapshot::new(SCOPE.parse().expect("a scope"));
    let name: AnyAliasName = "alias/aws/".parse().expect("a name of rules A1 to A3");
    parts.aliases = vec![AliasListEntry::new(name.clone(), None)];
    assert_eq!(
        parts.into_table().map_err(|error| error.rule()),
        Err(Rule::A8)
    );
    assert_eq!(
        AliasName::try_from(name).map_err(|error| error.rule()),
        Err(Rule::A4)
    );
}

#[test]
fn no_change_brings_an_alias_of_aws_without_a_service_a8_i4() {
    let nameless = alias("alias/aws/", KEY);
    let start = table(5);
    let created =
        json!({"AliasCreated": {"alias_name": "alias/aws/", "target_key_id": KEY, "at": 1}});
    let deleted = json!({"AliasDeleted": {"alias": nameless}});
    refused(&start, &change(6, created), &change(5, deleted));
    let mut without = start.snapshot();
    without.keys.clear();
    without.aliases.clear();
    let gone = json!({"KeyDeleted": {"key": key(KEY), "aliases": [nameless]}});
    let without = without.into_table().expect("an empty table");
    refused(&without, &change(6, gone.clone()), &change(5, gone));
}

#[test]
fn a_customers_name_is_taken_by_the_default_rule_at_every_door_a4() {
    let name: AnyAliasName = "alias/aws-prod".parse().expect("a name of rules A1 to A3");
    assert_eq!(
        AliasName::try_from(name).map_err(|error| error.rule()),
        Err(Rule::A4)
    );
    let name: AnyAliasName = "alias/prod".parse().expect("a name");
    assert_eq!(
        AliasName::try_from(name).map(String::from),
        Ok("alias/prod".to_owned())
    );
}

/// State that is written in a format which does not describe itself is read as it was.
#[track_caller]
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let bytes = postcard::to_stdvec(value).expect("a value is serialized");
    assert_eq!(postcard::from_bytes::<T>(&bytes).as_ref(), Ok(value));
}

#[test]
fn state_is_kept_in_formats_that_do_not_describe_themselves() {
    let mut table = table(0);
    let at = Timestamp::from_millis(7);
    let other: KeyMetadata =
        parsed(json!({"arn": format!("{SCOPE}:key/{OTHER}"), "creation_date": 5}));
    let key_id: KeyId = OTHER.parse().expect("a key ID");
    let name: AliasName = "alias/c".parse().expect("a name");
    let mut changes = vec![table.insert_key(other).expect("a new key")];
    changes.push(
        table
            .create_alias(name.clone(), key_id, at)
            .expect("a create"),
    );
    changes.push(
        table
            .update_alias(name.clone(), key_id, at)
            .expect("an update"),
    );
    changes.push(table.delete_alias(&name).expect("a delete"));
    let delete = kms_alias::Operation::DeleteKey {
        key_id: KEY.parse().expect("a key ID"),
    };
    changes.push(table.apply(&delete, at).expect("a deletion"));
    round_trip(&changes);
    round_trip(&table);
    for key in table.keys() {
        round_trip(key);
    }
    let mut aws = AliasListEntry::new("alias/aws/s3".parse().expect("a name"), None);
    round_trip(&aws);
    aws.last_updated_date = Some(at);
    round_trip(&aws);
}

#[test]
fn a_removal_is_not_taken_back_while_an_alias_of_aws_names_the_key_i4() {
    let start: AliasTable = parsed(json!({
        "scope": SCOPE, "aliases_per_key": 50, "sequence": 1, "keys": [],
        "aliases": [alias("alias/aws/ebs", KEY)],
    }));
    for effect in [
        json!({"KeyRemoved": {"key": key(KEY)}}),
        json!({"KeyDeleted": {"key": key(KEY), "aliases": []}}),
    ] {
        let mut table = start.clone();
        assert_eq!(
            table.undo(&change(1, effect)).map_err(|error| error.rule()),
            Err(Rule::I4)
        );
        assert_eq!(table, start);
    }
}

#[test]
fn no_change_touches_an_alias_whose_key_is_not_described_a8_i4() {
    // Only AWS's own aliases can be so, and no caller changes them.
    let start: AliasTable = parsed(json!({
        "scope": SCOPE, "aliases_per_key": 50, "sequence": 1, "keys": [key(OTHER)],
        "aliases": [{"alias_name": "alias/aws/s3", "target_key_id": KEY, "creation_date": 1, "last_updated_date": 1}],
    }));
    let created =
        json!({"AliasCreated": {"alias_name": "alias/aws/s3", "target_key_id": KEY, "at": 1}});
    let deleted = json!({"AliasDeleted": {"alias": {
        "alias_name": "alias/aws/s3", "target_key_id": KEY, "creation_date": 1, "last_updated_date": 1,
    }}});
    let updated = |from: &str, to: &str| json!({"AliasUpdated": {"alias_name": "alias/aws/s3", "from": from, "to": to, "updated_before": 1, "at": 1}});
    refused(&start, &change(2, deleted), &change(1, created));
    refused(
        &start,
        &change(2, updated(KEY, OTHER)),
        &change(1, updated(OTHER, KEY)),
    );
}
