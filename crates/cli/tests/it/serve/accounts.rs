//! What account files tell is served: several accounts and Regions, and what keys carry.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::program::{Answer, Endpoint, request, signed_for};

const FIRST: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const SECOND: &str = "0987dcba-09fe-87dc-65ba-ab0987654321";
const PARIS: &str = "arn:aws:kms:eu-west-3:111122223333";
const DUBLIN: &str = "arn:aws:kms:eu-west-1:111122223333";
const OTHERS: &str = "arn:aws:kms:eu-west-3:999988887777";

/// A file of a test's own.
fn file(name: &str, documents: &[Value]) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let text: Vec<String> = documents.iter().map(Value::to_string).collect();
    fs::write(&path, text.join("\n")).expect("a file");
    path.to_str().expect("a path of UTF-8").to_owned()
}

/// A key as it is described, with more members or others.
fn key(scope: &str, key_id: &str, more: Value) -> Value {
    let mut metadata = json!({
        "KeyId": key_id, "Arn": format!("{scope}:key/{key_id}"), "KeyState": "Enabled",
        "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER",
    });
    let members = metadata.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    json!({"KeyMetadata": metadata})
}

fn alias(scope: &str, name: &str, key_id: &str) -> Value {
    json!({"AliasName": name, "AliasArn": format!("{scope}:{name}"), "TargetKeyId": key_id})
}

/// An operation that is signed with an access key for a Region.
fn ask(endpoint: &Endpoint, signed: &str, operation: &str, body: &Value) -> Answer {
    let mut client = endpoint.connect();
    client.send(request(operation, &body.to_string(), signed));
    client.answer()
}

#[track_caller]
fn done(endpoint: &Endpoint, signed: &str, operation: &str, body: &Value) -> Value {
    let answer = ask(endpoint, signed, operation, body);
    answer.is_ok();
    if answer.body.is_empty() {
        Value::Null
    } else {
        answer.json()
    }
}

#[test]
fn one_file_may_tell_of_several_regions_and_accounts() {
    let documents = [
        json!({"Aliases": [
            alias(PARIS, "alias/app", FIRST), alias(DUBLIN, "alias/app", SECOND),
            alias(OTHERS, "alias/app", SECOND),
        ]}),
        key(OTHERS, SECOND, json!({})),
        key(DUBLIN, SECOND, json!({})),
        key(PARIS, FIRST, json!({})),
    ];
    let mut endpoint = Endpoint::start(&["--account", &file("several.json", &documents)]);
    endpoint.line();
    assert_eq!(
        endpoint.line(),
        "account 111122223333, default Region eu-west-3; eu-west-1: 1 aliases, 1 keys; \
         eu-west-3: 1 aliases, 1 keys; account 999988887777, eu-west-3: 1 aliases, 1 keys\n"
    );
    let with = |access_key: &str, region: &str| {
        signed_for(region).replace("Credential=any/", &format!("Credential={access_key}/"))
    };
    for (signed, arn) in [
        (with("any", "eu-west-3"), format!("{PARIS}:key/{FIRST}")),
        (
            with("111122223333", "eu-west-1"),
            format!("{DUBLIN}:key/{SECOND}"),
        ),
        (
            with("999988887777", "eu-west-3"),
            format!("{OTHERS}:key/{SECOND}"),
        ),
        // No account of the files, and so the default one; a slash is no end of the access key.
        (
            with("123456789012", "eu-west-3"),
            format!("{PARIS}:key/{FIRST}"),
        ),
        (with("a/slash", "eu-west-3"), format!("{PARIS}:key/{FIRST}")),
    ] {
        let described = done(
            &endpoint,
            &signed,
            "DescribeKey",
            &json!({"KeyId": "alias/app"}),
        );
        assert_eq!(described["KeyMetadata"]["Arn"], arn, "{signed}");
    }
    let chosen = [
        "--account",
        &file("chosen.json", &documents),
        "--account-id",
        "999988887777",
    ];
    let described = Endpoint::start(&chosen).call("DescribeKey", r#"{"KeyId": "alias/app"}"#);
    assert_eq!(
        described.json()["KeyMetadata"]["AWSAccountId"],
        "999988887777"
    );
}

#[test]
fn what_a_file_says_of_a_key_is_what_describe_key_shows() {
    let id = "ab".repeat(32);
    let more = json!({"Description": "payments, live", "CurrentKeyMaterialId": id});
    let mut described = key(PARIS, FIRST, more);
    described["Tags"] = json!([
        {"TagKey": "team", "TagValue": "pay"}, {"TagKey": "cost", "TagValue": ""},
    ]);
    let endpoint = Endpoint::start(&["--account", &file("details.json", &[described])]);
    let shown = done(&endpoint, "", "DescribeKey", &json!({"KeyId": FIRST}));
    let shown = &shown["KeyMetadata"];
    assert_eq!(shown["Description"], "payments, live");
    assert_eq!(shown["CurrentKeyMaterialId"], id);
    let tags = done(&endpoint, "", "ListResourceTags", &json!({"KeyId": FIRST}));
    let expected = json!([
        {"TagKey": "cost", "TagValue": ""}, {"TagKey": "team", "TagValue": "pay"},
    ]);
    assert_eq!(tags["Tags"], expected);
    // What is shown is an account file again, and says the same.
    let again = json!({"KeyMetadata": shown, "Tags": tags["Tags"]});
    let copy = Endpoint::start(&["--account", &file("details-again.json", &[again])]);
    assert_eq!(
        &done(&copy, "", "DescribeKey", &json!({"KeyId": FIRST}))["KeyMetadata"],
        shown
    );
    assert_eq!(
        done(&copy, "", "ListResourceTags", &json!({"KeyId": FIRST})),
        tags
    );
}

#[test]
fn a_cancelled_deletion_leaves_a_key_without_key_material_pending_import_s4() {
    let dying = json!({"KeyState": "PendingDeletion", "Origin": "EXTERNAL", "DeletionDate": 4_000_000_000_u64});
    let mut with_material = dying.clone();
    with_material["ExpirationModel"] = "KEY_MATERIAL_DOES_NOT_EXPIRE".into();
    let documents = [key(PARIS, FIRST, dying), key(PARIS, SECOND, with_material)];
    let endpoint = Endpoint::start(&["--account", &file("dying.json", &documents)]);
    for (key_id, state) in [(FIRST, "PendingImport"), (SECOND, "Disabled")] {
        let key = json!({"KeyId": key_id});
        done(&endpoint, "", "CancelKeyDeletion", &key);
        let shown = done(&endpoint, "", "DescribeKey", &key);
        assert_eq!(shown["KeyMetadata"]["KeyState"], state);
    }
}

#[test]
fn a_key_whose_deletion_is_due_is_gone_with_its_aliases_s5() {
    let dead = json!({"KeyState": "PendingDeletion", "DeletionDate": "2020-01-31T12:00:00Z"});
    let documents = [
        json!({"Aliases": [alias(PARIS, "alias/app", FIRST)]}),
        key(PARIS, FIRST, dead),
        key(PARIS, SECOND, json!({})),
    ];
    let endpoint = Endpoint::start(&["--account", &file("dead.json", &documents)]);
    let listed = done(&endpoint, "", "ListAliases", &json!({}));
    assert_eq!(listed["Aliases"], json!([]));
    let answer = ask(&endpoint, "", "DescribeKey", &json!({"KeyId": FIRST}));
    assert_eq!(answer.exception(), "NotFoundException");
    // The name is free.
    let create = json!({"AliasName": "alias/app", "TargetKeyId": SECOND});
    done(&endpoint, "", "CreateAlias", &create);
}

#[test]
fn describe_key_of_an_alias_of_aws_makes_its_key_once_a8_l5() {
    let endpoint = Endpoint::start(&[]);
    // A Region in which nothing was changed yet, too.
    for region in ["us-east-1", "ap-southeast-2"] {
        let signed = signed_for(region);
        let s3 = json!({"KeyId": "alias/aws/s3"});
        let made = done(&endpoint, &signed, "DescribeKey", &s3);
        let key = &made["KeyMetadata"];
        assert_eq!(
            (&key["KeyManager"], &key["Enabled"]),
            (&json!("AWS"), &json!(true))
        );
        assert_eq!(done(&endpoint, &signed, "DescribeKey", &s3), made);
        let listed = done(
            &endpoint,
            &signed,
            "ListAliases",
            &json!({"KeyId": key["KeyId"]}),
        );
        assert_eq!(listed["Aliases"][0]["AliasName"], "alias/aws/s3");
        assert_eq!(listed["Aliases"][0]["CreationDate"], key["CreationDate"]);
        let keys = done(&endpoint, &signed, "ListKeys", &json!({}));
        assert_eq!(keys["Keys"].as_array().map(Vec::len), Some(1));
    }
}

#[test]
fn a_replica_is_made_in_its_region_and_can_become_the_primary() {
    let endpoint = Endpoint::start(&[]);
    let [here, there] = ["eu-west-3", "eu-west-1"].map(signed_for);
    let made = done(&endpoint, &here, "CreateKey", &json!({"MultiRegion": true}));
    let key_id = &made["KeyMetadata"]["KeyId"];
    let key = json!({"KeyId": key_id});
    let replicate = json!({"KeyId": key_id, "ReplicaRegion": "eu-west-1", "Description": "a copy"});
    done(&endpoint, &here, "ReplicateKey", &replicate);
    let kind = |signed: &str| {
        let shown = done(&endpoint, signed, "DescribeKey", &key);
        let configuration = &shown["KeyMetadata"]["MultiRegionConfiguration"];
        let primary = configuration["PrimaryKey"]["Region"]
            .as_str()
            .map(str::to_owned);
        (configuration["MultiRegionKeyType"].clone(), primary)
    };
    let (paris, dublin) = (Some("eu-west-3".to_owned()), Some("eu-west-1".to_owned()));
    assert_eq!(kind(&here), (json!("PRIMARY"), paris.clone()));
    assert_eq!(kind(&there), (json!("REPLICA"), paris));
    let shown = done(&endpoint, &there, "DescribeKey", &key);
    assert_eq!(shown["KeyMetadata"]["Description"], "a copy");
    let again = ask(&endpoint, &here, "ReplicateKey", &replicate);
    assert_eq!(again.exception(), "AlreadyExistsException");
    let to_dublin = json!({"KeyId": key_id, "PrimaryRegion": "eu-west-1"});
    done(&endpoint, &here, "UpdatePrimaryRegion", &to_dublin);
    assert_eq!(kind(&there), (json!("PRIMARY"), dublin.clone()));
    assert_eq!(kind(&here), (json!("REPLICA"), dublin));
}

#[test]
fn a_key_that_is_listed_and_not_described_is_there_and_nothing_false_is_said_of_it_i6() {
    let listed = json!({"Keys": [
        {"KeyId": FIRST, "KeyArn": format!("{PARIS}:key/{FIRST}")},
        {"KeyId": SECOND, "KeyArn": format!("{PARIS}:key/{SECOND}")},
    ]});
    let aliases = json!({"Aliases": [alias(PARIS, "alias/app", SECOND)]});
    let documents = [listed, aliases, key(PARIS, FIRST, json!({}))];
    let path = file("undescribed.json", &documents);
    let mut endpoint = Endpoint::start(&["--account", &path]);
    endpoint.line();
    assert_eq!(
        endpoint.line(),
        "account 111122223333, default Region eu-west-3; eu-west-3: 1 aliases, 1 keys and 1 that \
         are not described\n"
    );
    // What asks for its existence alone is answered.
    let keys = done(&endpoint, "", "ListKeys", &json!({}));
    let ids: Vec<_> = keys["Keys"].as_array().expect("a list").iter().collect();
    assert_eq!(ids.len(), 2);
    let on_key = json!({"KeyId": SECOND});
    let aliases = done(&endpoint, "", "ListAliases", &on_key);
    assert_eq!(aliases["Aliases"][0]["AliasName"], "alias/app");
    let taken = json!({"AliasName": "alias/app", "TargetKeyId": FIRST});
    let answer = ask(&endpoint, "", "CreateAlias", &taken);
    assert_eq!(answer.exception(), "AlreadyExistsException");
    // What depends on more is no refusal of KMS's, and says what is missing.
    for (operation, body) in [
        ("DescribeKey", on_key.clone()),
        ("DescribeKey", json!({"KeyId": "alias/app"})),
        (
            "CreateAlias",
            json!({"AliasName": "alias/b", "TargetKeyId": SECOND}),
        ),
        ("UpdateAlias", taken),
        (
            "Encrypt",
            json!({"KeyId": "alias/app", "Plaintext": "YQ=="}),
        ),
        ("EnableKey", on_key.clone()),
        ("ScheduleKeyDeletion", on_key.clone()),
        ("ListResourceTags", on_key.clone()),
        ("GetKeyPolicy", on_key.clone()),
        ("GetKeyRotationStatus", on_key.clone()),
        ("ListGrants", on_key),
    ] {
        let answer = ask(&endpoint, "", operation, &body);
        assert_eq!(
            (answer.status, &*answer.exception()),
            (500, "KMSInternalException")
        );
        let message = answer.json()["message"].as_str().expect("words").to_owned();
        let words = format!("key {PARIS}:key/{SECOND}, of which only its existence is known");
        assert!(message.contains(&words), "{operation}: {message}");
    }
    done(
        &endpoint,
        "",
        "DeleteAlias",
        &json!({"AliasName": "alias/app"}),
    );
    done(
        &endpoint,
        "",
        "CreateAlias",
        &json!({"AliasName": "alias/app", "TargetKeyId": FIRST}),
    );
}

#[test]
fn an_empty_list_is_of_the_account_and_region_that_are_named() {
    let path = file("empty.json", &[json!({"Aliases": []}), json!({"Keys": []})]);
    let output = super::program::run(&["--account", &path]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        said.contains("--region REGION --account-id DIGITS"),
        "{said}"
    );
    let scope = ["--region", "eu-west-1", "--account-id", "999988887777"];
    let mut endpoint = Endpoint::start(&[&["--account", &*path][..], &scope].concat());
    endpoint.line();
    assert_eq!(
        endpoint.line(),
        "account 999988887777, default Region eu-west-1; eu-west-1: 0 aliases, 0 keys\n"
    );
    let mut endpoint = Endpoint::start(&["--region", "eu-west-1"]);
    endpoint.line();
    assert!(
        endpoint
            .line()
            .starts_with("account 123456789012, default Region eu-west-1")
    );
}
