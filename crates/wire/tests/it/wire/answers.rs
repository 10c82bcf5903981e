//! What each operation does and answers, whole.

use kms_alias::{AliasTable, KeyId, KeyState, MultiRegionRole, Timestamp};
use kms_alias_wire::handle;
use serde_json::{Value, json};

use super::world::{
    DISABLED, KEY, NEW, NO_KEY, NOW, OF_AWS, RSA, SCOPE, arn, ask, builder, done, refusal, refused,
    table,
};

#[test]
fn an_alias_is_created_moved_and_deleted_without_an_answer_c1_u6_d1() {
    let mut table = table();
    let request = json!({"AliasName": "alias/invoices", "TargetKeyId": KEY});
    assert_eq!(done(&mut table, "CreateAlias", &request), Value::Null);
    let request = json!({"AliasName": "alias/invoices", "TargetKeyId": arn(DISABLED)});
    assert_eq!(done(&mut table, "UpdateAlias", &request), Value::Null);
    let alias = table.get("alias/invoices").expect("the alias");
    assert_eq!(
        alias.target_key_id(),
        Some(DISABLED.parse().expect("an ID"))
    );
    let request = json!({"AliasName": "alias/invoices"});
    assert_eq!(done(&mut table, "DeleteAlias", &request), Value::Null);
    assert!(table.get("alias/invoices").is_none());
}

#[test]
fn a_list_shows_names_arns_targets_and_dates_l1_a7() {
    let listed = json!({
        "Aliases": [{
            "AliasName": "alias/payments",
            "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/payments",
            "TargetKeyId": KEY,
            "CreationDate": 1_700_000_000.123,
            "LastUpdatedDate": 1_700_000_000.123,
        }],
        "Truncated": false,
    });
    let mut table = table();
    assert_eq!(done(&mut table, "ListAliases", &json!({})), listed);
    let of_key = json!({"KeyId": arn(KEY)});
    assert_eq!(done(&mut table, "ListAliases", &of_key), listed);
    let none = json!({"Aliases": [], "Truncated": false});
    assert_eq!(
        done(&mut table, "ListAliases", &json!({"KeyId": RSA})),
        none
    );
}

/// Every page of a list by its markers.
fn walk(table: &mut AliasTable, operation: &str, list: &str, limit: i64) -> Vec<Value> {
    let mut found = Vec::new();
    let mut request = json!({"Limit": limit});
    loop {
        let page = done(table, operation, &request);
        found.extend(page[list].as_array().expect("a list").iter().cloned());
        let marker = page["NextMarker"].as_str();
        assert_eq!(page["Truncated"], marker.is_some());
        match marker {
            Some(marker) => request = json!({"Limit": limit, "Marker": marker}),
            None => return found,
        }
    }
}

#[test]
fn pages_join_by_their_markers_l2_l3() {
    let mut table = table();
    for number in 0..7 {
        let name = format!("alias/page-{number}");
        let request = json!({"AliasName": name, "TargetKeyId": KEY});
        done(&mut table, "CreateAlias", &request);
    }
    for limit in [1, 3, 8, 100] {
        let aliases = walk(&mut table, "ListAliases", "Aliases", limit);
        let names = aliases.iter().map(|alias| alias["AliasName"].as_str());
        assert!(names.eq(table.iter().map(|alias| Some(alias.name()))));
        let keys = walk(&mut table, "ListKeys", "Keys", limit);
        let expected = table
            .keys()
            .map(|key| json!({"KeyId": key.key_id().to_string(), "KeyArn": key.arn().to_string()}));
        assert!(keys.into_iter().eq(expected));
    }
}

#[test]
fn a_marker_that_no_page_gave_is_refused_l3() {
    let marker = json!({"Marker": "no marker"});
    for operation in ["ListAliases", "ListKeys"] {
        refused(&table(), operation, &marker, "InvalidMarkerException", "");
    }
}

#[test]
fn a_key_is_described_by_each_of_the_four_forms_k6_l5() {
    let mut table = table();
    let alias_arn = "arn:aws:kms:eu-west-3:111122223333:alias/payments";
    for form in [KEY, &arn(KEY), "alias/payments", alias_arn] {
        let described = json!({"KeyMetadata": {
            "AWSAccountId": "111122223333",
            "KeyId": KEY,
            "Arn": arn(KEY),
            "Enabled": true,
            "Description": "",
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": "Enabled",
            "Origin": "AWS_KMS",
            "KeyManager": "CUSTOMER",
            "KeySpec": "SYMMETRIC_DEFAULT",
            "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
            "MultiRegion": false,
        }});
        assert_eq!(
            done(&mut table, "DescribeKey", &json!({"KeyId": form})),
            described
        );
    }
}

#[test]
fn a_multi_region_key_shows_its_role_and_its_waiting_period_s3_s4() {
    let mut table = table();
    let primary = "mrk-1234abcd12ab34cd56ef1234567890ab";
    let replica = "mrk-0987dcba09fe87dc65baab0987654321";
    let with_replicas = MultiRegionRole::Primary { replicas: 2 };
    for (key_id, role) in [
        (primary, with_replicas),
        (replica, MultiRegionRole::Replica),
    ] {
        let key = builder(key_id).multi_region_role(role).build();
        table.insert_key(key.expect("a key")).expect("a new key");
    }
    let metadata = |table: &mut AliasTable, key_id: &str| {
        done(table, "DescribeKey", &json!({"KeyId": key_id}))["KeyMetadata"].clone()
    };
    assert_eq!(
        metadata(&mut table, primary)["MultiRegionConfiguration"],
        json!({
            "MultiRegionKeyType": "PRIMARY",
            "PrimaryKey": {"Arn": arn(primary), "Region": "eu-west-3"},
            "ReplicaKeys": [{}, {}],
        })
    );
    let role = json!({"MultiRegionKeyType": "REPLICA"});
    assert_eq!(
        metadata(&mut table, replica)["MultiRegionConfiguration"],
        role
    );

    let request = json!({"KeyId": primary, "PendingWindowInDays": 9});
    let scheduled = json!({
        "KeyId": arn(primary),
        "KeyState": "PendingReplicaDeletion",
        "PendingWindowInDays": 9,
    });
    assert_eq!(done(&mut table, "ScheduleKeyDeletion", &request), scheduled);
    let metadata = metadata(&mut table, primary);
    assert_eq!(metadata["PendingDeletionWindowInDays"], 9);
    assert_eq!(
        (&metadata["Enabled"], &metadata["DeletionDate"]),
        (&json!(false), &Value::Null)
    );
}

#[test]
fn no_table_makes_a_description_that_is_without_end() {
    let primary = "mrk-1234abcd12ab34cd56ef1234567890ab";
    let replicas = MultiRegionRole::Primary { replicas: u32::MAX };
    let key = builder(primary).multi_region_role(replicas).build();
    let mut table = AliasTable::new(SCOPE);
    table.insert_key(key.expect("a key")).expect("a new key");
    let described = done(&mut table, "DescribeKey", &json!({"KeyId": primary}));
    let configuration = &described["KeyMetadata"]["MultiRegionConfiguration"];
    assert_eq!(
        configuration["ReplicaKeys"].as_array().map(Vec::len),
        Some(100)
    );
}

#[test]
fn a_keys_life_is_answered_by_its_arn_s4_s8() {
    let mut table = table();
    let key = json!({"KeyId": KEY});
    assert_eq!(done(&mut table, "DisableKey", &key), Value::Null);
    assert_eq!(done(&mut table, "EnableKey", &key), Value::Null);
    let scheduled = json!({
        "KeyId": arn(KEY),
        "DeletionDate": 1_702_592_000.123,
        "KeyState": "PendingDeletion",
        "PendingWindowInDays": 30,
    });
    assert_eq!(done(&mut table, "ScheduleKeyDeletion", &key), scheduled);
    let described = done(
        &mut table,
        "DescribeKey",
        &json!({"KeyId": "alias/payments"}),
    );
    assert_eq!(described["KeyMetadata"]["DeletionDate"], 1_702_592_000.123);
    assert_eq!(described["KeyMetadata"]["KeyState"], "PendingDeletion");
    let cancelled = json!({"KeyId": arn(KEY)});
    assert_eq!(done(&mut table, "CancelKeyDeletion", &key), cancelled);
    let key_id: KeyId = KEY.parse().expect("an ID");
    assert_eq!(
        table.key(key_id).map(|key| key.state()),
        Some(KeyState::Disabled)
    );
}

#[test]
fn rules_are_refused_in_their_own_words_a6_t1_t4_t5_u1_u3_s7() {
    let mut table = table();
    done(
        &mut table,
        "ScheduleKeyDeletion",
        &json!({"KeyId": DISABLED}),
    );
    let alias = |name: &str, target: &str| json!({"AliasName": name, "TargetKeyId": target});
    let is = |operation, request: Value, exception, message: String| {
        refused(&table, operation, &request, exception, &message);
    };
    is(
        "CreateAlias",
        alias("alias/payments", KEY),
        "AlreadyExistsException",
        "An alias with the name arn:aws:kms:eu-west-3:111122223333:alias/payments already exists"
            .into(),
    );
    is(
        "UpdateAlias",
        alias("alias/payments", NO_KEY),
        "NotFoundException",
        format!("Key '{}' does not exist", arn(NO_KEY)),
    );
    is(
        "UpdateAlias",
        alias("alias/payments", OF_AWS),
        "AccessDeniedException",
        format!(
            "User is not authorized to perform: kms:UpdateAlias on resource: {} because no resource-based \
             policy allows the kms:UpdateAlias action",
            arn(OF_AWS)
        ),
    );
    is(
        "UpdateAlias",
        alias("alias/payments", DISABLED),
        "KMSInvalidStateException",
        format!("{} is pending deletion.", arn(DISABLED)),
    );
    is(
        "DeleteAlias",
        json!({"AliasName": "alias/none"}),
        "NotFoundException",
        "Alias arn:aws:kms:eu-west-3:111122223333:alias/none is not found.".into(),
    );
    is(
        "DisableKey",
        json!({"KeyId": OF_AWS}),
        "AccessDeniedException",
        format!(
            "User is not authorized to perform: kms:DisableKey on resource: {} because no resource-based \
             policy allows the kms:DisableKey action",
            arn(OF_AWS)
        ),
    );
    let (exception, _) = refusal(&table, "UpdateAlias", &alias("alias/payments", RSA));
    assert_eq!(exception, "ValidationException");
}

#[test]
fn what_is_no_operation_here_is_unknown() {
    let mut table = table();
    let before = table.clone();
    for target in [
        "UpdateAlias",
        "TrentService",
        "TrentService.",
        "TrentService.updateAlias",
        "TrentService.UpdateAlias ",
        "TrentService.TrentService.UpdateAlias",
        "trentservice.UpdateAlias",
        "TrentService.ReEncrypt",
        "DynamoDB_20120810.GetItem",
        "TrentService.\u{0}\"\\",
    ] {
        let response = handle(&mut table, target, b"{}", NOW, NEW);
        assert_eq!(response.status(), 400);
        let body: Value = serde_json::from_slice(response.body()).expect("JSON");
        assert_eq!(body["__type"], "UnknownOperationException");
        let message = format!("{target} is not an operation that kms-alias models");
        assert_eq!(body["message"], message);
    }
    let response = handle(&mut table, "", b"{}", NOW, NEW);
    let body: Value = serde_json::from_slice(response.body()).expect("JSON");
    assert_eq!(body["__type"], "UnknownOperationException");
    assert_eq!(
        body["message"],
        "the header X-Amz-Target is missing: it names the operation"
    );
    assert_eq!(table, before);
}

#[test]
fn dates_are_seconds_with_a_fraction_and_the_exact_millisecond() {
    for (millis, text) in [
        (0, "0.0"),
        (1, "0.001"),
        (-1, "-0.001"),
        (1_700_000_000_000, "1700000000.0"),
        (1_700_000_000_999, "1700000000.999"),
        (Timestamp::MAX.as_millis(), "2000000000000.0"),
        (Timestamp::MAX.as_millis() - 1, "1999999999999.999"),
    ] {
        let mut table = table();
        let body = format!(r#"{{"AliasName":"alias/a","TargetKeyId":"{KEY}"}}"#);
        let at = Timestamp::from_millis(millis);
        handle(
            &mut table,
            "TrentService.CreateAlias",
            body.as_bytes(),
            at,
            NEW,
        );
        let listed = handle(&mut table, "TrentService.ListAliases", b"{}", NOW, NEW);
        let listed = String::from_utf8(listed.into_body()).expect("UTF-8");
        assert!(
            listed.contains(&format!("\"CreationDate\":{text},")),
            "{text}: {listed}"
        );
    }
}

#[test]
fn an_answer_without_content_has_no_bytes() {
    let mut table = table();
    let (status, body) = ask(&mut table, "EnableKey", &json!({"KeyId": KEY}));
    assert_eq!((status, body), (200, Value::Null));
}
