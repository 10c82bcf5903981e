//! Changes that a table made, with one thing in them replaced: whether they still follow on the
//! table as it was before, and still are the newest on the table as it is after.

use super::{KEY, OTHER, SCOPE, invariants};
use kms_alias::{
    AliasName, AliasTable, Change, Inconsistent, KeyArn, KeyId, KeyMetadata, Operation, Rule,
    Timestamp, WaitingPeriod,
};
use serde_json::{Value, json};

const THIRD: &str = "5d0c7a19-3e42-4b8f-a6d1-09c2e7f4b385";
const NOBODYS: &str = "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036";

const fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn key_id(text: &str) -> KeyId {
    text.parse().expect("a key ID")
}

fn metadata(text: &str) -> KeyMetadata {
    let arn = KeyArn::new(SCOPE.parse().expect("a scope"), key_id(text));
    KeyMetadata::builder(arn).build().expect("a possible key")
}

fn name(text: &str) -> AliasName {
    text.parse().expect("a name")
}

fn arn(text: &str) -> Value {
    json!(format!("{SCOPE}:key/{text}"))
}

/// A change, and the table before and after it.
struct Step {
    before: AliasTable,
    change: Change,
    after: AliasTable,
}

/// Every kind of change, one after the other.
fn steps() -> Vec<Step> {
    let mut table = AliasTable::new(SCOPE.parse().expect("a scope"));
    let mut steps = Vec::new();
    let mut step = |made: &dyn Fn(&mut AliasTable) -> Change| {
        let before = table.clone();
        let change = made(&mut table);
        let after = table.clone();
        steps.push(Step {
            before,
            change,
            after,
        });
    };
    let insert = |text: &'static str| {
        move |table: &mut AliasTable| table.insert_key(metadata(text)).expect("a new key")
    };
    let create = |alias: &'static str, key: &'static str| {
        move |table: &mut AliasTable| {
            let created = table.create_alias(name(alias), key_id(key), at(10));
            created.expect("a new alias")
        }
    };
    let apply = |operation: Operation| {
        move |table: &mut AliasTable| table.apply(&operation, at(30)).expect("an operation")
    };
    step(&insert(KEY));
    step(&create("alias/a", KEY));
    step(&insert(OTHER));
    step(&insert(THIRD));
    step(&create("alias/c1", THIRD));
    step(&create("alias/c2", THIRD));
    step(&|table| {
        let moved = table.update_alias(name("alias/a"), key_id(OTHER), at(20));
        moved.expect("another key")
    });
    step(&|table| table.delete_alias(&name("alias/a")).expect("an alias"));
    step(&apply(Operation::DisableKey {
        key_id: key_id(KEY).into(),
    }));
    step(&|table| table.remove_key(&key_id(OTHER)).expect("a bare key"));
    step(&apply(Operation::ScheduleKeyDeletion {
        key_id: key_id(THIRD).into(),
        waiting_period: WaitingPeriod::default(),
    }));
    step(&|table| {
        let deleted = Operation::DeleteKey {
            key_id: key_id(THIRD),
        };
        let moment = at(31 * 86_400_000);
        table
            .apply(&deleted, moment)
            .expect("a key whose time is up")
    });
    step(&insert(OTHER));
    step(&|table| {
        let name = "alias/aws/s3".parse().expect("a name of AWS's own");
        let put = table.put_aws_alias(name, key_id(OTHER), at(40));
        put.expect("an alias of AWS's own")
    });
    steps
}

/// What is replaced in the last change of a kind, and whether it still follows on the table before
/// and is the newest of the table after.
#[rustfmt::skip]
fn replaced() -> Vec<(&'static str, &'static str, Value, bool, bool)> {
    let elsewhere = || json!(format!("arn:aws:kms:eu-west-1:111122223333:key/{NOBODYS}"));
    let entry = |name: &str| json!({
        "alias_name": name, "target_key_id": THIRD, "creation_date": 10, "last_updated_date": 10,
    });
    let bare = |name: &str| json!({"alias_name": name});
    vec![
        ("AliasCreated", "/alias_name", json!("alias/none"), true, false),
        ("AliasCreated", "/alias_name", json!("alias/c1"), false, true),
        ("AliasCreated", "/alias_name", json!("alias/a"), false, false),
        ("AliasCreated", "/target_key_id", json!(KEY), true, false),
        ("AliasCreated", "/target_key_id", json!(NOBODYS), false, false),
        ("AliasCreated", "/at", json!(11), true, false),
        ("AliasUpdated", "/alias_name", json!("alias/none"), false, false),
        ("AliasUpdated", "/alias_name", json!("alias/c1"), false, false),
        ("AliasUpdated", "/from", json!(THIRD), false, true),
        ("AliasUpdated", "/from", json!(NOBODYS), false, false),
        ("AliasUpdated", "/to", json!(THIRD), true, false),
        ("AliasUpdated", "/to", json!(NOBODYS), false, false),
        ("AliasUpdated", "/updated_before", json!(11), false, true),
        ("AliasUpdated", "/updated_before", json!(null), false, true),
        ("AliasUpdated", "/at", json!(21), true, false),
        ("AliasDeleted", "/alias/alias_name", json!("alias/none"), false, true),
        ("AliasDeleted", "/alias/alias_name", json!("alias/c1"), false, false),
        ("AliasDeleted", "/alias/target_key_id", json!(KEY), false, true),
        ("AliasDeleted", "/alias/target_key_id", json!(NOBODYS), false, false),
        ("AliasDeleted", "/alias/target_key_id", json!(null), false, false),
        ("AliasDeleted", "/alias/creation_date", json!(11), false, true),
        ("AliasDeleted", "/alias/last_updated_date", json!(21), false, true),
        ("AwsAliasPut", "/after/alias_name", json!("alias/aws/ebs"), true, false),
        ("AwsAliasPut", "/after/alias_name", json!("alias/aws/"), false, false),
        ("AwsAliasPut", "/after/alias_name", json!("alias/none"), false, false),
        ("AwsAliasPut", "/after/target_key_id", json!(KEY), true, false),
        ("AwsAliasPut", "/after/target_key_id", json!(NOBODYS), false, false),
        ("AwsAliasPut", "/after/target_key_id", json!(null), false, false),
        ("AwsAliasPut", "/after/creation_date", json!(41), true, false),
        ("AwsAliasPut", "/before", bare("alias/aws/s3"), false, true),
        ("AwsAliasPut", "/before", bare("alias/aws/ebs"), false, false),
        ("AwsAliasPut", "/before", entry("alias/aws/s3"), false, false),
        ("KeyInserted", "/key/arn", arn(NOBODYS), true, false),
        ("KeyInserted", "/key/arn", arn(KEY), false, false),
        ("KeyInserted", "/key/arn", elsewhere(), false, false),
        ("KeyRemoved", "/key/arn", arn(NOBODYS), false, true),
        ("KeyRemoved", "/key/arn", arn(KEY), false, false),
        ("KeyRemoved", "/key/arn", arn(THIRD), false, false),
        ("KeyRemoved", "/key/arn", elsewhere(), false, false),
        ("KeyRemoved", "/key/status", json!("Disabled"), false, true),
        ("KeyChanged", "/before/arn", arn(KEY), false, false),
        ("KeyChanged", "/after/arn", arn(KEY), false, false),
        ("KeyChanged", "/before/status", json!("Disabled"), false, true),
        ("KeyChanged", "/after/status", json!("Disabled"), true, false),
        ("KeyDeleted", "/key/arn", arn(NOBODYS), false, false),
        ("KeyDeleted", "/key/arn", arn(KEY), false, false),
        ("KeyDeleted", "/key/arn", elsewhere(), false, false),
        ("KeyDeleted", "/key/status", json!("Disabled"), false, true),
        ("KeyDeleted", "/aliases", json!([]), false, true),
        ("KeyDeleted", "/aliases", json!([entry("alias/c1")]), false, true),
        ("KeyDeleted", "/aliases", json!([entry("alias/c2"), entry("alias/c1")]), false, false),
        ("KeyDeleted", "/aliases", json!([entry("alias/c1"), entry("alias/c1")]), false, false),
        ("KeyDeleted", "/aliases/0/alias_name", json!("alias/c0"), false, true),
        ("KeyDeleted", "/aliases/0/target_key_id", json!(KEY), false, false),
        ("KeyDeleted", "/aliases/0/creation_date", json!(11), false, true),
        ("KeyDeleted", "/aliases/1/last_updated_date", json!(11), false, true),
    ]
}

/// Whether a change fits, which changes the table; if not, the table is as it was.
fn fits(
    start: &AliasTable,
    follow: impl FnOnce(&mut AliasTable) -> Result<(), Inconsistent>,
) -> bool {
    let mut table = start.clone();
    let done = follow(&mut table).map_err(|error| error.rule());
    invariants::check(&table);
    let is_as_before = table == *start;
    match done {
        Ok(()) => assert!(!is_as_before),
        Err(rule) => assert_eq!((rule, is_as_before), (Rule::I4, true)),
    }
    !is_as_before
}

#[test]
fn a_change_in_which_one_thing_is_replaced_fits_where_nothing_contradicts_it_i4() {
    let steps = steps();
    for (kind, place, value, follows, is_newest) in replaced() {
        let has_kind = |step: &&Step| {
            let change = serde_json::to_value(&step.change).expect("JSON");
            change["effect"].get(kind).is_some()
        };
        let step = steps.iter().rfind(has_kind).expect("a change of each kind");
        let mut change = serde_json::to_value(&step.change).expect("JSON");
        let pointer = format!("/effect/{kind}{place}");
        let thing = change.pointer_mut(&pointer).expect("a place");
        assert_ne!(*thing, value, "{pointer}");
        *thing = value.clone();
        let forged: Change = serde_json::from_value(change).expect("a change");
        let said = format!("{pointer}: {value}");
        assert_eq!(
            fits(&step.before, |table| table.replay(&forged)),
            follows,
            "{said}"
        );
        assert_eq!(
            fits(&step.after, |table| table.undo(&forged)),
            is_newest,
            "{said}"
        );
    }
}

#[test]
fn every_change_follows_and_is_taken_back_but_under_no_other_number_i4() {
    for step in steps() {
        let change = serde_json::to_value(&step.change).expect("JSON");
        let number = step.change.sequence();
        for other in [0, number - 1, number, number + 1, u64::MAX] {
            let mut change = change.clone();
            change["sequence"] = json!(other);
            let forged: Change = serde_json::from_value(change).expect("a change");
            let is_its_own = other == number;
            assert_eq!(
                fits(&step.before, |table| table.replay(&forged)),
                is_its_own
            );
            assert_eq!(fits(&step.after, |table| table.undo(&forged)), is_its_own);
        }
        let (mut table, mut back) = (step.before.clone(), step.after.clone());
        table.replay(&step.change).expect("the next change");
        assert_eq!(table, step.after);
        back.undo(&step.change).expect("the newest change");
        assert_eq!(back, step.before);
    }
}
