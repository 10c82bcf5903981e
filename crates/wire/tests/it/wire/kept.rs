//! What a key carries beside what the rules ask of it: description, tags, policy, rotation, replicas.

use std::collections::BTreeMap;

use kms_alias::{AliasTable, KeyState, MultiRegionRole, Region, Scope};
use kms_alias_wire::handle_in;
use serde_json::{Value, json};

use super::world::{KEY, NEW, NOW, OF_AWS, RSA, arn, done, refusal, refused, table};

fn key() -> Value {
    json!({"KeyId": KEY})
}

fn with(name: &str, value: Value) -> Value {
    let mut request = key();
    request[name] = value;
    request
}

#[test]
fn a_description_is_kept() {
    let mut table = table();
    let before = table.clone();
    done(
        &mut table,
        "UpdateKeyDescription",
        &with("Description", json!("till")),
    );
    let shown = done(&mut table, "DescribeKey", &key());
    assert_eq!(shown["KeyMetadata"]["Description"], "till");
    assert_ne!(table, before);
    // It is part of the table, and survives its parts.
    let again = table.snapshot().into_table().expect("a table");
    assert_eq!(again, table);
    done(
        &mut table,
        "UpdateKeyDescription",
        &with("Description", json!("")),
    );
    let shown = done(&mut table, "DescribeKey", &key());
    assert_eq!(shown["KeyMetadata"]["Description"], "");
}

#[test]
fn tags_are_listed_by_pages_in_the_order_of_their_keys() {
    let mut table = table();
    let tag = |key: &str, value: &str| json!({"TagKey": key, "TagValue": value});
    let tags = json!([tag("b", "2"), tag("a", "1"), tag("c", "3")]);
    done(&mut table, "TagResource", &with("Tags", tags));
    done(
        &mut table,
        "TagResource",
        &with("Tags", json!([tag("b", "two")])),
    );
    let mut request = with("Limit", json!(2));
    let first = done(&mut table, "ListResourceTags", &request);
    assert_eq!(first["Tags"], json!([tag("a", "1"), tag("b", "two")]));
    assert_eq!(first["Truncated"], true);
    request["Marker"] = first["NextMarker"].clone();
    let second = done(&mut table, "ListResourceTags", &request);
    assert_eq!(second, json!({"Tags": [tag("c", "3")], "Truncated": false}));
    request["Marker"] = json!("none");
    refused(
        &table,
        "ListResourceTags",
        &request,
        "InvalidMarkerException",
        "",
    );

    done(
        &mut table,
        "UntagResource",
        &with("TagKeys", json!(["b", "x"])),
    );
    let left = done(&mut table, "ListResourceTags", &key());
    assert_eq!(left["Tags"], json!([tag("a", "1"), tag("c", "3")]));
    let many: Vec<_> = (0..49).map(|n| tag(&format!("t{n}"), "")).collect();
    let many = with("Tags", json!(many));
    refused(
        &table,
        "TagResource",
        &many,
        "TagException",
        "Too many tags",
    );
    let reserved = with("Tags", json!([tag("aWs:x", "")]));
    let words = "Tags beginning with aws: are reserved";
    refused(&table, "TagResource", &reserved, "TagException", words);
}

#[test]
fn tags_of_a_new_key_are_kept() {
    let mut table = table();
    let request =
        json!({"Tags": [{"TagKey": "b", "TagValue": ""}, {"TagKey": "a", "TagValue": "1"}]});
    let made = done(&mut table, "CreateKey", &request);
    let key = json!({"KeyId": made["KeyMetadata"]["KeyId"]});
    let tags = done(&mut table, "ListResourceTags", &key);
    assert_eq!(tags["Tags"][0]["TagKey"], "a");
    assert_eq!(tags["Tags"][1]["TagKey"], "b");
}

#[test]
fn a_policy_is_kept_as_it_is() {
    let mut table = table();
    let policies = done(&mut table, "ListKeyPolicies", &key());
    assert_eq!(
        policies,
        json!({"PolicyNames": ["default"], "Truncated": false})
    );
    let default = done(&mut table, "GetKeyPolicy", &key());
    let default: Value =
        serde_json::from_str(default["Policy"].as_str().expect("a text")).expect("JSON");
    let account = &default["Statement"][0]["Principal"]["AWS"];
    assert_eq!(account, "arn:aws:iam::111122223333:root");
    let policy = " {\"Version\":  \"2012-10-17\"}";
    done(&mut table, "PutKeyPolicy", &with("Policy", json!(policy)));
    let kept = done(
        &mut table,
        "GetKeyPolicy",
        &with("PolicyName", json!("default")),
    );
    assert_eq!(kept, json!({"Policy": policy, "PolicyName": "default"}));
    let (exception, _) = refusal(&table, "GetKeyPolicy", &with("PolicyName", json!("other")));
    assert_eq!(exception, "NotFoundException");
    let (exception, _) = refusal(&table, "PutKeyPolicy", &with("Policy", json!("[]")));
    assert_eq!(exception, "MalformedPolicyDocumentException");
}

#[test]
fn a_rotation_is_kept_with_its_period() {
    let mut table = table();
    let status = |table: &mut AliasTable| {
        let status = done(table, "GetKeyRotationStatus", &key());
        (
            status["KeyRotationEnabled"].clone(),
            status["RotationPeriodInDays"].clone(),
        )
    };
    assert_eq!(status(&mut table), (json!(false), Value::Null));
    done(
        &mut table,
        "EnableKeyRotation",
        &with("RotationPeriodInDays", json!(90)),
    );
    done(&mut table, "EnableKeyRotation", &key());
    assert_eq!(status(&mut table), (json!(true), json!(90)));
    // A key pending deletion is not rotated, and is again if it is kept.
    done(&mut table, "ScheduleKeyDeletion", &key());
    assert_eq!(status(&mut table), (json!(false), Value::Null));
    done(&mut table, "CancelKeyDeletion", &key());
    assert_eq!(status(&mut table), (json!(true), json!(90)));
    done(&mut table, "EnableKey", &key());
    done(&mut table, "DisableKeyRotation", &key());
    done(&mut table, "EnableKeyRotation", &key());
    assert_eq!(status(&mut table), (json!(true), json!(365)));
    let rsa = json!({"KeyId": RSA});
    refused(
        &table,
        "EnableKeyRotation",
        &rsa,
        "UnsupportedOperationException",
        "",
    );
    done(&mut table, "DisableKeyRotation", &rsa);
    let (exception, _) = refusal(&table, "EnableKeyRotation", &json!({"KeyId": OF_AWS}));
    assert_eq!(exception, "AccessDeniedException");
}

#[test]
fn no_grants_are_kept() {
    let mut table = table();
    let grants = done(&mut table, "ListGrants", &key());
    assert_eq!(grants, json!({"Grants": [], "Truncated": false}));
    let mut request = with("Operations", json!(["Encrypt"]));
    request["GranteePrincipal"] = json!("arn:aws:iam::111122223333:role/path/till");
    let (exception, message) = refusal(&table, "CreateGrant", &request);
    assert_eq!(exception, "UnsupportedOperationException");
    assert!(
        message.starts_with("nothing stands against CreateGrant"),
        "{message}"
    );
    request["GranteePrincipal"] = json!("arn:aws:sts::111122223333:assumed-role/till/mine");
    assert_eq!(refusal(&table, "CreateGrant", &request).1, message);
}

/// Asks in one of several Regions.
fn ask(
    tables: &mut BTreeMap<Region, AliasTable>,
    region: &str,
    operation: &str,
    body: &Value,
) -> Value {
    let region = Region::from_static(Box::leak(region.to_owned().into_boxed_str()));
    let mut table = tables.remove(&region).expect("a Region");
    let target = format!("TrentService.{operation}");
    let body = body.to_string();
    let response = handle_in(&mut table, tables, &target, body.as_bytes(), NOW, NEW);
    tables.insert(region, table);
    match response.body() {
        [] => Value::Null,
        body => serde_json::from_slice(body).expect("JSON"),
    }
}

#[test]
fn replicas_know_each_other_and_the_primary_moves_s3_s4() {
    let account = table().scope().account();
    let regions = ["eu-west-1", "eu-west-2", "eu-west-3"].map(Region::from_static);
    let mut tables: BTreeMap<_, _> = regions
        .iter()
        .map(|region| (*region, AliasTable::new(Scope::new(*region, account))))
        .collect();
    let made = ask(
        &mut tables,
        "eu-west-1",
        "CreateKey",
        &json!({"MultiRegion": true}),
    );
    let id = made["KeyMetadata"]["KeyId"].clone();
    let key = json!({"KeyId": id});
    for region in ["eu-west-2", "eu-west-3"] {
        let request = json!({"KeyId": id, "ReplicaRegion": region, "Description": region});
        let replica = ask(&mut tables, "eu-west-1", "ReplicateKey", &request);
        assert_eq!(replica["ReplicaKeyMetadata"]["KeyState"], "Creating");
        let again = ask(&mut tables, "eu-west-1", "ReplicateKey", &request);
        assert_eq!(again["__type"], "AlreadyExistsException");
    }
    let related = |tables: &mut BTreeMap<Region, AliasTable>, region| {
        let shown = ask(tables, region, "DescribeKey", &key);
        shown["KeyMetadata"]["MultiRegionConfiguration"].clone()
    };
    let of_all: Vec<_> = ["eu-west-1", "eu-west-2", "eu-west-3"]
        .map(|region| related(&mut tables, region))
        .into();
    assert_eq!(of_all[0]["MultiRegionKeyType"], "PRIMARY");
    for other in &of_all[1..] {
        assert_eq!(other["MultiRegionKeyType"], "REPLICA");
        assert_eq!(other["PrimaryKey"], of_all[0]["PrimaryKey"]);
        assert_eq!(other["ReplicaKeys"], of_all[0]["ReplicaKeys"]);
    }

    let moved = json!({"KeyId": id, "PrimaryRegion": "eu-west-2"});
    assert_eq!(
        ask(&mut tables, "eu-west-1", "UpdatePrimaryRegion", &moved),
        Value::Null
    );
    let new = related(&mut tables, "eu-west-2");
    assert_eq!(new["MultiRegionKeyType"], "PRIMARY");
    for region in ["eu-west-1", "eu-west-3"] {
        let other = related(&mut tables, region);
        assert_eq!(other["MultiRegionKeyType"], "REPLICA", "{region}");
        assert_eq!(other["PrimaryKey"]["Region"], "eu-west-2");
        assert_eq!(other["ReplicaKeys"], new["ReplicaKeys"]);
    }
    let again = ask(&mut tables, "eu-west-1", "UpdatePrimaryRegion", &moved);
    assert_eq!(again["__type"], "KMSInvalidStateException");
    for region in ["us-gov-west-1", "xx-nowhere-1", "eu-west-2"] {
        let request = json!({"KeyId": id, "ReplicaRegion": region});
        let refused = ask(&mut tables, "eu-west-2", "ReplicateKey", &request);
        assert_eq!(refused["__type"], "ValidationException", "{region}");
    }
    // The new primary waits for its replicas.
    ask(&mut tables, "eu-west-2", "ScheduleKeyDeletion", &key);
    let primary = tables[&regions[1]].keys().next().expect("the key");
    assert_eq!(primary.state(), KeyState::PendingReplicaDeletion);
    assert_eq!(
        primary.multi_region_role(),
        Some(MultiRegionRole::Primary { replicas: 2 })
    );
}

#[test]
fn describing_an_alias_of_aws_without_a_key_makes_the_key_l5_a8() {
    let mut table = table();
    let mut parts = table.snapshot();
    let name = "alias/aws/till".parse().expect("a name");
    parts
        .aliases
        .push(kms_alias::AliasListEntry::new(name, None));
    table = parts.into_table().expect("a table");
    let (exception, _) = refusal(
        &table,
        "Encrypt",
        &json!({"KeyId": "alias/aws/till", "Plaintext": "YQ=="}),
    );
    assert_eq!(exception, "NotFoundException");
    let made = done(
        &mut table,
        "DescribeKey",
        &json!({"KeyId": "alias/aws/till"}),
    );
    assert_eq!(made["KeyMetadata"]["KeyManager"], "AWS");
    let again = done(&mut table, "DescribeKey", &json!({"KeyId": arn_of_alias()}));
    assert_eq!(again, made);
    let listed = done(
        &mut table,
        "ListAliases",
        &json!({"KeyId": made["KeyMetadata"]["KeyId"]}),
    );
    assert_eq!(listed["Aliases"][0]["AliasName"], "alias/aws/till");
    let (exception, _) = refusal(&table, "DescribeKey", &json!({"KeyId": "alias/aws/none"}));
    assert_eq!(exception, "NotFoundException");
    assert!(arn(KEY).starts_with("arn:aws:kms:eu-west-3:"));
}

fn arn_of_alias() -> &'static str {
    "arn:aws:kms:eu-west-3:111122223333:alias/aws/till"
}
