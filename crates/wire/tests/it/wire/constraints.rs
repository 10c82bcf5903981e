//! The constraints of the service model, in the service's form of telling them.

use serde_json::{Value, json};

use super::world::{KEY, refusal, refused, table};

/// A request breaks one constraint, told in these words.
#[track_caller]
fn broken(operation: &str, request: Value, words: &str) {
    let message = match words.split("; ").count() {
        1 => format!("1 validation error detected: {words}"),
        several => format!("{several} validation errors detected: {words}"),
    };
    refused(
        &table(),
        operation,
        &request,
        "ValidationException",
        &message,
    );
}

#[test]
fn a_single_constraint_is_told_as_the_table_tells_it_a2_a3_k7_l2_s4() {
    let long = "a".repeat(257);
    let name = |name: &str| json!({"AliasName": name, "TargetKeyId": KEY});
    broken(
        "CreateAlias",
        name(""),
        "Value '' at 'aliasName' failed to satisfy constraint: Member must have length greater \
         than or equal to 1; Value '' at 'aliasName' failed to satisfy constraint: Member must \
         satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
    );
    broken(
        "CreateAlias",
        name(&long),
        &format!(
            "Value '{long}' at 'aliasName' failed to satisfy constraint: Member must have length \
             less than or equal to 256"
        ),
    );
    broken(
        "CreateAlias",
        name("alias/a b"),
        "Value 'alias/a b' at 'aliasName' failed to satisfy constraint: Member must satisfy \
         regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
    );
    broken(
        "UpdateAlias",
        json!({"AliasName": "alias/a", "TargetKeyId": ""}),
        "Value '' at 'targetKeyId' failed to satisfy constraint: Member must have length greater \
         than or equal to 1; Value '' at 'targetKeyId' failed to satisfy constraint: Member must \
         satisfy regular expression pattern: ^\\p{ASCII}+$",
    );
    broken(
        "ListAliases",
        json!({"Limit": 101}),
        "Value '101' at 'limit' failed to satisfy constraint: Member must have value less than or \
         equal to 100",
    );
    broken(
        "ListKeys",
        json!({"Marker": "\u{7}"}),
        "Value '\u{7}' at 'marker' failed to satisfy constraint: Member must satisfy regular \
         expression pattern: [\\u0020-\\u00FF]*",
    );
    broken(
        "ScheduleKeyDeletion",
        json!({"KeyId": KEY, "PendingWindowInDays": 6}),
        "Value '6' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value \
         greater than or equal to 7",
    );
}

#[test]
fn a_colon_and_a_bare_prefix_keep_to_the_service_model_a2_a3() {
    let words = "alias/a:b contains invalid characters for an alias";
    let request = json!({"AliasName": "alias/a:b", "TargetKeyId": KEY});
    refused(
        &table(),
        "CreateAlias",
        &request,
        "ValidationException",
        words,
    );
    broken(
        "CreateAlias",
        json!({"AliasName": "alias/", "TargetKeyId": KEY}),
        "Value 'alias/' at 'aliasName' failed to satisfy constraint: Member must have length \
         greater than or equal to 7",
    );
}

#[test]
fn several_are_told_at_once_in_the_order_of_the_model() {
    refused(
        &table(),
        "CreateAlias",
        &json!({}),
        "ValidationException",
        "2 validation errors detected: Value null at 'aliasName' failed to satisfy constraint: \
         Member must not be null; Value null at 'targetKeyId' failed to satisfy constraint: \
         Member must not be null",
    );
    refused(
        &table(),
        "ListAliases",
        &json!({"Marker": "", "Limit": 0, "KeyId": ""}),
        "ValidationException",
        "4 validation errors detected: Value '' at 'keyId' failed to satisfy constraint: Member \
         must have length greater than or equal to 1; Value '' at 'keyId' failed to satisfy \
         constraint: Member must satisfy regular expression pattern: ^\\p{ASCII}+$; Value '0' at 'limit' failed to satisfy \
         constraint: Member must have value greater than or equal to 1; Value '' at 'marker' \
         failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
}

#[test]
fn constraints_go_before_every_rule_of_the_table() {
    for (operation, request) in [
        // The key is not there, and its form is wrong.
        ("ListAliases", json!({"KeyId": "alias/none", "Limit": 0})),
        (
            "ScheduleKeyDeletion",
            json!({"KeyId": "none", "PendingWindowInDays": 31}),
        ),
        ("DescribeKey", json!({"KeyId": "none", "GrantTokens": [""]})),
        (
            "GenerateDataKey",
            json!({"KeyId": "none", "KeySpec": "AES_512"}),
        ),
        // The name has no prefix, and the target is too long.
        (
            "UpdateAlias",
            json!({"AliasName": "a", "TargetKeyId": "k".repeat(2049)}),
        ),
    ] {
        let (exception, message) = refusal(&table(), operation, &request);
        assert_eq!(exception, "ValidationException", "{message}");
        assert!(
            message.starts_with("1 validation error detected: "),
            "{message}"
        );
    }
}

#[test]
fn a_name_outside_a_closed_list_is_told_with_the_list() {
    broken(
        "GenerateDataKey",
        json!({"KeyId": KEY, "KeySpec": "AES_512"}),
        "Value 'AES_512' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value \
         set: [RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, \
         ECC_SECG_P256K1, ECC_NIST_EDWARDS25519, SYMMETRIC_DEFAULT, HMAC_224, HMAC_256, HMAC_384, \
         HMAC_512, SM2, ML_DSA_44, ML_DSA_65, ML_DSA_87]",
    );
}

#[test]
fn a_blob_is_kept_out_of_the_words() {
    broken(
        "Encrypt",
        json!({"KeyId": KEY, "Plaintext": ""}),
        "Value at 'plaintext' failed to satisfy constraint: Member must have length greater than \
         or equal to 1",
    );
}

#[test]
fn a_list_is_told_as_a_whole() {
    broken(
        "DescribeKey",
        json!({"KeyId": KEY, "GrantTokens": ["a", ""]}),
        "Value '[a, ]' at 'grantTokens' failed to satisfy constraint: Member must satisfy \
         constraint: [Member must have length greater than or equal to 1]",
    );
    broken(
        "DescribeKey",
        json!({"KeyId": KEY, "GrantTokens": ["a", null]}),
        "Value '[a, null]' at 'grantTokens' failed to satisfy constraint: Member must satisfy \
         constraint: [Member must not be null]",
    );
    let eleven = vec!["a"; 11];
    broken(
        "DescribeKey",
        json!({"KeyId": KEY, "GrantTokens": eleven}),
        "Value '[a, a, a, a, a, a, a, a, a, a, a]' at 'grantTokens' failed to satisfy constraint: \
         Member must have length less than or equal to 10",
    );
    broken(
        "Decrypt",
        json!({"CiphertextBlob": "YQ==", "DryRunModifiers": ["NONE"]}),
        "Value '[NONE]' at 'dryRunModifiers' failed to satisfy constraint: Member must satisfy \
         constraint: [Member must satisfy enum value set: [IGNORE_CIPHERTEXT]]",
    );
}

#[test]
fn parts_are_told_by_their_path() {
    broken(
        "CreateKey",
        json!({"Tags": [{"TagKey": "a", "TagValue": ""}, {"TagKey": "", "TagValue": ""}]}),
        "Value '' at 'tags.2.member.tagKey' failed to satisfy constraint: Member must have length \
         greater than or equal to 1",
    );
    broken(
        "CreateKey",
        json!({"Tags": [{"TagKey": "a"}]}),
        "Value null at 'tags.1.member.tagValue' failed to satisfy constraint: Member must not be \
         null",
    );
    broken(
        "CreateKey",
        json!({"Tags": [null]}),
        "Value null at 'tags.1.member' failed to satisfy constraint: Member must not be null",
    );
    broken(
        "Decrypt",
        json!({"CiphertextBlob": "YQ==", "Recipient": {"AttestationDocument": ""}}),
        "Value at 'recipient.attestationDocument' failed to satisfy constraint: Member must have \
         length greater than or equal to 1",
    );
    broken(
        "Encrypt",
        json!({"KeyId": KEY, "Plaintext": "YQ==", "EncryptionContext": {"a": "", "b": null}}),
        "Value at 'encryptionContext' failed to satisfy constraint: Map value must satisfy \
         constraint: [Member must not be null]",
    );
}

#[test]
fn the_answer_to_many_violations_is_bounded() {
    let tags = vec![json!({}); 10_000];
    let (exception, message) = refusal(&table(), "CreateKey", &json!({"Tags": tags}));
    assert_eq!(exception, "ValidationException");
    assert!(
        message.starts_with("32 validation errors detected: "),
        "{message}"
    );
    assert!(message.len() < 5_000, "{}", message.len());
}
