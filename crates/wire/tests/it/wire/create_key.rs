//! CreateKey: which keys it makes, and which it refuses.

use kms_alias::{KeyId, KeySpec, KeyUsage, Origin};
use serde_json::{Value, json};

use super::world::{NEW, done, refusal, refused, send, table};

/// The ID that the bytes of `NEW` make.
const NEW_ID: &str = "ffffffff-ffff-4fff-bfff-ffffffffffff";

#[test]
fn a_key_is_made_with_the_defaults_and_can_be_used_at_once() {
    let mut table = table();
    let made = done(&mut table, "CreateKey", &json!({}));
    let expected = json!({"KeyMetadata": {
        "AWSAccountId": "111122223333",
        "KeyId": NEW_ID,
        "Arn": format!("arn:aws:kms:eu-west-3:111122223333:key/{NEW_ID}"),
        "CreationDate": 1_700_000_000.123,
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
        // The random bytes, and their complement.
        "CurrentKeyMaterialId": "f".repeat(32) + &"0".repeat(32),
    }});
    assert_eq!(made, expected);
    assert_eq!(
        done(&mut table, "DescribeKey", &json!({"KeyId": NEW_ID})),
        expected
    );
    let alias = json!({"AliasName": "alias/new", "TargetKeyId": NEW_ID});
    done(&mut table, "CreateAlias", &alias);
}

#[test]
fn every_pair_of_spec_and_usage_is_judged_by_the_key_model_m() {
    for spec in KeySpec::ALL {
        for usage in KeyUsage::ALL {
            let request = json!({"KeySpec": spec.as_str(), "KeyUsage": usage.as_str()});
            let is_possible = spec.usages().contains(usage) && *spec != KeySpec::Sm2;
            if is_possible {
                let made = done(&mut table(), "CreateKey", &request);
                let metadata = &made["KeyMetadata"];
                assert_eq!(metadata["KeySpec"], spec.as_str());
                assert_eq!(metadata["KeyUsage"], usage.as_str());
                let lists = ["Encryption", "Signing", "Mac", "KeyAgreement"];
                let lists = lists.map(|list| &metadata[format!("{list}Algorithms")]);
                let shown: Vec<_> = lists.into_iter().filter(|list| list.is_array()).collect();
                let algorithms = json!(spec.algorithms(*usage));
                let none = *usage == KeyUsage::EncapsulateDecapsulate;
                assert_eq!(shown, if none { vec![] } else { vec![&algorithms] });
                assert_eq!(none, algorithms == json!([]), "{spec} {usage}");
            } else if spec.usages().contains(usage) {
                let (exception, _) = refusal(&table(), "CreateKey", &request);
                assert_eq!(
                    exception, "UnsupportedOperationException",
                    "SM2 outside China"
                );
            } else {
                let words = format!("KeyUsage {usage} is not compatible with KeySpec {spec}");
                refused(
                    &table(),
                    "CreateKey",
                    &request,
                    "ValidationException",
                    &words,
                );
            }
        }
    }
}

#[test]
fn only_a_symmetric_encryption_key_has_a_usage_by_default_m() {
    let words = "You must specify a KeyUsage value for all KMS keys except for symmetric \
                 encryption keys.";
    for spec in KeySpec::ALL {
        let request = json!({"KeySpec": spec.as_str()});
        if *spec == KeySpec::SymmetricDefault {
            done(&mut table(), "CreateKey", &request);
        } else {
            refused(
                &table(),
                "CreateKey",
                &request,
                "ValidationException",
                words,
            );
        }
    }
}

#[test]
fn the_old_name_of_the_spec_stands_in_for_it_but_not_beside_it() {
    let request = json!({"CustomerMasterKeySpec": "RSA_4096", "KeyUsage": "SIGN_VERIFY"});
    let made = done(&mut table(), "CreateKey", &request);
    assert_eq!(made["KeyMetadata"]["KeySpec"], "RSA_4096");
    let request = json!({
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "KeySpec": "SYMMETRIC_DEFAULT",
    });
    let words = "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. \
                 CustomerMasterKeySpec is deprecated.";
    refused(
        &table(),
        "CreateKey",
        &request,
        "ValidationException",
        words,
    );
    // It knows the specs of its day alone.
    let request = json!({"CustomerMasterKeySpec": "ML_DSA_44", "KeyUsage": "SIGN_VERIFY"});
    let (exception, _) = refusal(&table(), "CreateKey", &request);
    assert_eq!(exception, "ValidationException");
}

/// What an origin goes with, and the state that the key begins in.
#[test]
fn an_origin_goes_with_its_own_members_s1() {
    let store = json!({"CustomKeyStoreId": "cks-1234567890abcdef0"});
    let external =
        json!({"CustomKeyStoreId": "cks-1234567890abcdef0", "XksKeyId": "bb8562717f809024"});
    for (origin, with, state) in [
        (Origin::AwsKms, json!({}), "Enabled"),
        (Origin::External, json!({}), "PendingImport"),
        (Origin::AwsCloudhsm, store.clone(), "Enabled"),
        (Origin::ExternalKeyStore, external.clone(), "Enabled"),
    ] {
        for members in [json!({}), store.clone(), external.clone()] {
            let mut request = members.clone();
            request["Origin"] = origin.as_str().into();
            if members == with {
                let made = done(&mut table(), "CreateKey", &request);
                assert_eq!(made["KeyMetadata"]["Origin"], origin.as_str());
                assert_eq!(made["KeyMetadata"]["KeyState"], state);
            } else {
                let (exception, message) = refusal(&table(), "CreateKey", &request);
                assert_eq!(exception, "ValidationException", "{message}");
            }
        }
    }
    let words = "XksKeyId is not valid for a key of origin AWS_KMS";
    let request = json!({"XksKeyId": "a"});
    refused(
        &table(),
        "CreateKey",
        &request,
        "ValidationException",
        words,
    );
}

#[test]
fn a_multi_region_key_is_a_primary_with_an_id_that_says_so_k2_s3() {
    let mut table = table();
    let made = done(&mut table, "CreateKey", &json!({"MultiRegion": true}));
    let metadata = &made["KeyMetadata"];
    let key_id = "mrk-ffffffffffff4fffbfffffffffffffff";
    assert_eq!(metadata["KeyId"], key_id);
    assert_eq!(metadata["MultiRegion"], true);
    let configuration = &metadata["MultiRegionConfiguration"];
    assert_eq!(configuration["MultiRegionKeyType"], "PRIMARY");
    assert_eq!(configuration["ReplicaKeys"], json!([]));
    let in_store = json!({
        "MultiRegion": true,
        "Origin": "AWS_CLOUDHSM",
        "CustomKeyStoreId": "cks-1234567890abcdef0",
    });
    let (exception, _) = refusal(&table, "CreateKey", &in_store);
    assert_eq!(exception, "UnsupportedOperationException");
}

#[test]
fn a_custom_key_store_has_symmetric_encryption_keys_only_m() {
    let request = json!({
        "KeySpec": "HMAC_256",
        "KeyUsage": "GENERATE_VERIFY_MAC",
        "Origin": "AWS_CLOUDHSM",
        "CustomKeyStoreId": "cks-1234567890abcdef0",
    });
    let (exception, _) = refusal(&table(), "CreateKey", &request);
    assert_eq!(exception, "UnsupportedOperationException");
}

#[test]
fn any_bytes_make_an_id_of_version_4_that_is_a_key_id_k1_k2() {
    for bytes in [[0; 16], [0xff; 16], [0x5a; 16], *b"kms-alias-random"] {
        for is_multi_region in [false, true] {
            let body = format!(r#"{{"MultiRegion": {is_multi_region}}}"#);
            let target = "TrentService.CreateKey";
            let mut table = table();
            let now = super::world::NOW;
            let response = kms_alias_wire::handle(&mut table, target, body.as_bytes(), now, bytes);
            let made: Value = serde_json::from_slice(response.body()).expect("JSON");
            let text = made["KeyMetadata"]["KeyId"].as_str().expect("an ID");
            let key_id: KeyId = text.parse().expect("a key ID");
            assert_eq!(key_id.is_multi_region(), is_multi_region);
            let made = key_id.as_bytes();
            assert_eq!((made[6] >> 4, made[8] >> 6), (4, 0b10));
            let kept = |at: usize| match at {
                6 => made[at] & 0x0f == bytes[at] & 0x0f,
                8 => made[at] & 0x3f == bytes[at] & 0x3f,
                _ => made[at] == bytes[at],
            };
            assert!((0..16).all(kept), "all other bits are those that came");
        }
    }
}

#[test]
fn an_id_that_is_taken_is_refused_i1() {
    let mut table = table();
    done(&mut table, "CreateKey", &json!({}));
    let (exception, message) = refusal(&table, "CreateKey", &json!({}));
    assert_eq!(exception, "AlreadyExistsException");
    assert!(message.contains(NEW_ID), "{message}");
    // The multi-Region ID of the same bytes is another.
    done(&mut table, "CreateKey", &json!({"MultiRegion": true}));
    assert_eq!(NEW, [0xff; 16]);
}

#[test]
fn tags_and_policies_are_checked_and_the_description_is_kept() {
    let tag = |key: &str| json!({"TagKey": key, "TagValue": ""});
    let is = |request: Value, exception: &str, words: &str| {
        refused(&table(), "CreateKey", &request, exception, words);
    };
    let reserved = json!({"Tags": [tag("aws:createdBy")]});
    is(
        reserved,
        "TagException",
        "Tags beginning with aws: are reserved",
    );
    for prefix in ["AWS:", "aWs:", "Aws:x"] {
        let reserved = json!({"Tags": [tag("a"), tag(prefix)]});
        let words = "Tags beginning with aws: are reserved";
        is(reserved, "TagException", words);
    }
    let twice = json!({"Tags": [tag("b"), tag("a"), tag("b")]});
    is(twice, "TagException", "Duplicate tag keys");
    let tags = |count: usize| {
        (0..count)
            .map(|number| tag(&format!("t{number}")))
            .collect()
    };
    let mut many: Vec<Value> = tags(51);
    is(json!({"Tags": many}), "TagException", "Too many tags");
    many[50] = tag("t0");
    is(json!({"Tags": many}), "TagException", "Too many tags");
    many.remove(1);
    is(json!({"Tags": many}), "TagException", "Duplicate tag keys");
    for policy in ["policy", "[]", "{", "{} {}", "1"] {
        let request = json!({"Policy": policy});
        is(
            request,
            "MalformedPolicyDocumentException",
            "the policy is not a JSON structure",
        );
    }
    let fifty: Vec<Value> = tags(50);
    let request = json!({
        "Policy": " {\"Version\": \"2012-10-17\", \"Statement\": []}",
        "Description": "for the tests",
        "BypassPolicyLockoutSafetyCheck": true,
        "Tags": fifty,
    });
    let made = done(&mut table(), "CreateKey", &request);
    assert_eq!(made["KeyMetadata"]["Description"], "for the tests");
    let own = json!({"Tags": [tag("aws"), tag("awsä:"), tag("a")]});
    done(&mut table(), "CreateKey", &own);
    assert_eq!(send(&mut table(), "CreateKey", b"{}").status(), 200);
}
