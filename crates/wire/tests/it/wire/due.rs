//! Deletions that are due by the time of a request (rules S4, S5).

use std::collections::BTreeMap;

use kms_alias::{AliasTable, KeyMetadata, Region, Scope, Timestamp};
use kms_alias_wire::{OtherRegions, handle, handle_in};
use serde_json::{Value, json};

use super::world::{KEY, NEW, NOW, SCOPE, done, table};

type Regions = BTreeMap<Region, AliasTable>;

fn body(answer: &[u8]) -> Value {
    serde_json::from_slice(answer).unwrap_or_default()
}

#[test]
fn a_key_is_deleted_with_its_aliases_once_its_deletion_is_due_s5() {
    let mut table = table();
    let schedule = json!({"KeyId": KEY, "PendingWindowInDays": 7});
    done(&mut table, "ScheduleKeyDeletion", &schedule);
    let describe = |table: &mut AliasTable, at: Timestamp| {
        let body = json!({"KeyId": "alias/payments"}).to_string();
        handle(table, "TrentService.DescribeKey", body.as_bytes(), at, NEW)
    };
    let due = NOW.plus_days(7);
    let before = Timestamp::from_millis(due.as_millis() - 1);
    let shown = describe(&mut table, before);
    assert_eq!(
        body(shown.body())["KeyMetadata"]["KeyState"],
        "PendingDeletion"
    );
    let refused = describe(&mut table, due);
    assert_eq!(body(refused.body())["__type"], "NotFoundException");
    assert_eq!(
        (
            table.key(KEY.parse::<kms_alias::KeyId>().expect("an ID")),
            table.get("alias/payments").is_none()
        ),
        (None, true)
    );
    assert_eq!(table.no_deletion_before(), None);
}

/// Asks the table of a Region at a time.
fn ask(
    regions: &mut Regions,
    region: Region,
    operation: &str,
    request: &Value,
    at: Timestamp,
) -> Value {
    let mut table = regions.remove(&region).expect("a Region");
    let target = format!("TrentService.{operation}");
    let request = request.to_string();
    let answer = handle_in(
        &mut table,
        regions,
        &target,
        request.as_bytes(),
        at,
        [7; 16],
    );
    assert_eq!(answer.status(), 200, "{operation}: {}", body(answer.body()));
    regions.insert(region, table);
    body(answer.body())
}

#[test]
fn a_primary_key_waits_for_its_last_replica_and_then_for_its_own_date_s4() {
    let [paris, dublin, london] = ["eu-west-3", "eu-west-1", "eu-west-2"].map(Region::from_static);
    let empty = |region| (region, AliasTable::new(Scope::new(region, SCOPE.account())));
    let mut regions: Regions = [paris, dublin, london].map(empty).into();
    let made = ask(
        &mut regions,
        paris,
        "CreateKey",
        &json!({"MultiRegion": true}),
        NOW,
    );
    let key_id = made["KeyMetadata"]["KeyId"]
        .as_str()
        .expect("an ID")
        .to_owned();
    let key = json!({"KeyId": key_id});
    for region in [dublin, london] {
        let replicate = json!({"KeyId": key_id, "ReplicaRegion": region});
        ask(&mut regions, paris, "ReplicateKey", &replicate, NOW);
    }
    let schedule = |days: u32| json!({"KeyId": key_id, "PendingWindowInDays": days});
    ask(
        &mut regions,
        paris,
        "ScheduleKeyDeletion",
        &schedule(30),
        NOW,
    );
    ask(
        &mut regions,
        dublin,
        "ScheduleKeyDeletion",
        &schedule(7),
        NOW,
    );
    ask(
        &mut regions,
        london,
        "ScheduleKeyDeletion",
        &schedule(8),
        NOW,
    );
    let state = |regions: &mut Regions| {
        let described = ask(regions, paris, "DescribeKey", &key, NOW);
        let metadata = &described["KeyMetadata"];
        let replicas = &metadata["MultiRegionConfiguration"]["ReplicaKeys"];
        let replicas = replicas.as_array().expect("a list").len();
        (metadata["KeyState"].clone(), replicas)
    };
    ask(
        &mut regions,
        dublin,
        "ListKeys",
        &json!({}),
        NOW.plus_days(7),
    );
    assert_eq!(state(&mut regions), (json!("PendingReplicaDeletion"), 1));
    ask(
        &mut regions,
        london,
        "ListKeys",
        &json!({}),
        NOW.plus_days(9),
    );
    assert_eq!(state(&mut regions), (json!("PendingDeletion"), 0));
    // Its waiting period began when the last replica was due to go.
    let primary = regions.table(paris).and_then(|table| table.keys().next());
    let due = primary.and_then(KeyMetadata::deletion_date);
    assert_eq!(due, Some(NOW.plus_days(8 + 30)));
}
