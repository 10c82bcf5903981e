//! The operations that use key material: judged by the key, and never carried out.

use kms_alias::{KeyIdentifier, KeySpec, KeyState, KeyUsage, KmsOperation, Origin, Rule};
use serde_json::{Value, json};

use super::world::{
    DISABLED, KEY, NO_KEY, OF_AWS, RSA, arn, done, refusal, refused, table, table_of,
};

/// Each operation, the usage of the keys that it works on, and the member that names an algorithm.
const OPERATIONS: [(KmsOperation, Option<KeyUsage>, Option<&str>); 9] = [
    (
        KmsOperation::Encrypt,
        Some(KeyUsage::EncryptDecrypt),
        Some("EncryptionAlgorithm"),
    ),
    (
        KmsOperation::Decrypt,
        Some(KeyUsage::EncryptDecrypt),
        Some("EncryptionAlgorithm"),
    ),
    (
        KmsOperation::GenerateDataKey,
        Some(KeyUsage::EncryptDecrypt),
        None,
    ),
    (
        KmsOperation::GenerateDataKeyWithoutPlaintext,
        Some(KeyUsage::EncryptDecrypt),
        None,
    ),
    (
        KmsOperation::Sign,
        Some(KeyUsage::SignVerify),
        Some("SigningAlgorithm"),
    ),
    (
        KmsOperation::Verify,
        Some(KeyUsage::SignVerify),
        Some("SigningAlgorithm"),
    ),
    (
        KmsOperation::GenerateMac,
        Some(KeyUsage::GenerateVerifyMac),
        Some("MacAlgorithm"),
    ),
    (
        KmsOperation::VerifyMac,
        Some(KeyUsage::GenerateVerifyMac),
        Some("MacAlgorithm"),
    ),
    (KmsOperation::GetPublicKey, None, None),
];

/// A request that has all that its operation needs but the algorithm.
fn request(operation: KmsOperation, key_id: &str) -> Value {
    let mut request = json!({"KeyId": key_id});
    let members: &[&str] = match operation {
        KmsOperation::Encrypt => &["Plaintext"],
        KmsOperation::Decrypt => &["CiphertextBlob"],
        KmsOperation::Sign | KmsOperation::GenerateMac => &["Message"],
        KmsOperation::Verify => &["Message", "Signature"],
        KmsOperation::VerifyMac => &["Message", "Mac"],
        KmsOperation::GetPublicKey => &[],
        _ => {
            request["NumberOfBytes"] = 32.into();
            &[]
        }
    };
    for member in members {
        request[*member] = "YQ==".into();
    }
    let algorithm = match operation {
        KmsOperation::Sign | KmsOperation::Verify => ("SigningAlgorithm", "ECDSA_SHA_256"),
        KmsOperation::GenerateMac | KmsOperation::VerifyMac => ("MacAlgorithm", "HMAC_SHA_256"),
        _ => return request,
    };
    request[algorithm.0] = algorithm.1.into();
    request
}

fn no_key_material(operation: KmsOperation) -> (String, String) {
    let words = format!(
        "nothing stands against {operation}, but kms-alias holds no key material to do it with"
    );
    ("UnsupportedOperationException".into(), words)
}

#[test]
fn the_state_of_the_key_decides_through_an_alias_and_by_key_s6_s8() {
    let worlds = [
        (KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt),
        (KeySpec::EccNistP256, KeyUsage::SignVerify),
        (KeySpec::Hmac256, KeyUsage::GenerateVerifyMac),
    ];
    let mut judged = 0;
    for (spec, usage) in worlds {
        for (origin, state, key_id) in states() {
            let Some(table) = table_of(spec, usage, origin, state, key_id) else {
                continue;
            };
            for (operation, needs, _) in OPERATIONS {
                let fits = needs.unwrap_or(KeyUsage::SignVerify) == usage;
                for name in ["alias/payments", key_id] {
                    let found = refusal(&table, operation.as_str(), &request(operation, name));
                    let identifier: KeyIdentifier = name.parse().expect("an identifier");
                    match table.check_use(operation, &identifier) {
                        Err(refusal) => {
                            let rule = match (name == key_id, fits) {
                                // The usage is asked before the state.
                                (_, false) if needs.is_some() => Rule::M,
                                (true, _) => Rule::S8,
                                (false, _) => Rule::S6,
                            };
                            assert_eq!(refusal.rule(), rule);
                            let expected = (refusal.exception().into(), refusal.to_string());
                            assert_eq!(found, expected, "{operation} {state}");
                        }
                        Ok(_) if fits => assert_eq!(found, no_key_material(operation)),
                        Ok(_) => assert_ne!(found.0, "NotFoundException", "{operation}"),
                    }
                    judged += 1;
                }
            }
        }
    }
    assert!(judged > 300, "{judged}");
}

/// Every state, with an origin and an ID that it goes with.
fn states() -> Vec<(Origin, KeyState, &'static str)> {
    let replicated = "mrk-1234abcd12ab34cd56ef1234567890ab";
    vec![
        (Origin::AwsKms, KeyState::Enabled, KEY),
        (Origin::AwsKms, KeyState::Disabled, KEY),
        (Origin::AwsKms, KeyState::PendingDeletion, KEY),
        (Origin::External, KeyState::PendingImport, KEY),
        (Origin::AwsCloudhsm, KeyState::Unavailable, KEY),
        (Origin::AwsKms, KeyState::Creating, replicated),
        (Origin::AwsKms, KeyState::Updating, replicated),
        (Origin::AwsKms, KeyState::PendingReplicaDeletion, replicated),
    ]
}

#[test]
fn a_disabled_key_resolves_and_its_use_is_refused_s6() {
    let mut table = table();
    let alias = json!({"AliasName": "alias/payments", "TargetKeyId": DISABLED});
    done(&mut table, "UpdateAlias", &alias);
    done(
        &mut table,
        "DescribeKey",
        &json!({"KeyId": "alias/payments"}),
    );
    let words = format!("{} is disabled.", arn(DISABLED));
    let request = request(KmsOperation::Encrypt, "alias/payments");
    refused(&table, "Encrypt", &request, "DisabledException", &words);
}

#[test]
fn usage_spec_and_algorithm_have_to_fit_m() {
    let pairs = KeySpec::ALL
        .iter()
        .flat_map(|spec| spec.usages().iter().map(|usage| (*spec, *usage)));
    for (spec, usage) in pairs.filter(|(spec, _)| *spec != KeySpec::Sm2) {
        let table = table_of(spec, usage, Origin::AwsKms, KeyState::Enabled, KEY);
        let table = table.expect("a possible key");
        for (operation, needs, member) in OPERATIONS {
            let usage_fits = needs.is_none_or(|needs| needs == usage);
            let mut request = request(operation, "alias/payments");
            if !usage_fits {
                let words = format!(
                    "{} key usage is {usage} which is not valid for {operation}.",
                    arn(KEY)
                );
                refused(
                    &table,
                    operation.as_str(),
                    &request,
                    "InvalidKeyUsageException",
                    &words,
                );
                continue;
            }
            let Some(member) = member else {
                spec_fits(&table, operation, spec);
                continue;
            };
            for algorithm in every_algorithm(usage) {
                if let Some(members) = request.as_object_mut() {
                    members.remove("MessageType");
                }
                if algorithm == "ED25519_PH_SHA_512" {
                    request["MessageType"] = "DIGEST".into();
                    request["Message"] = ("A".repeat(85) + "A==").into();
                }
                request[member] = algorithm.into();
                let found = refusal(&table, operation.as_str(), &request);
                if spec.algorithms(usage).contains(&algorithm) {
                    assert_eq!(found, no_key_material(operation));
                } else {
                    let words =
                        format!("Algorithm {algorithm} is incompatible with key spec {spec}.");
                    assert_eq!(found, ("InvalidKeyUsageException".into(), words));
                }
            }
        }
    }
}

/// The algorithms of all keys of a usage.
fn every_algorithm(usage: KeyUsage) -> impl Iterator<Item = &'static str> {
    let of_spec = move |spec: &'static KeySpec| spec.algorithms(usage).iter().copied();
    KeySpec::ALL.iter().flat_map(of_spec)
}

/// The operations without an algorithm: data keys are symmetric keys' work, public keys are those
/// of asymmetric keys.
#[track_caller]
fn spec_fits(table: &kms_alias::AliasTable, operation: KmsOperation, spec: KeySpec) {
    let is_symmetric = spec == KeySpec::SymmetricDefault;
    let is_hmac = spec.as_str().starts_with("HMAC");
    let found = refusal(
        table,
        operation.as_str(),
        &request(operation, "alias/payments"),
    );
    let expected = match operation {
        KmsOperation::GetPublicKey if is_symmetric || is_hmac => {
            ("UnsupportedOperationException".into(), String::new())
        }
        KmsOperation::GetPublicKey => no_key_material(operation),
        _ if is_symmetric => no_key_material(operation),
        _ => (
            "InvalidKeyUsageException".into(),
            "You cannot generate a data key with an asymmetric CMK".into(),
        ),
    };
    assert_eq!(found, expected);
}

#[test]
fn an_encryption_without_an_algorithm_is_a_symmetric_one() {
    let words = "Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.";
    let request = request(KmsOperation::Encrypt, RSA);
    refused(
        &table(),
        "Encrypt",
        &request,
        "InvalidKeyUsageException",
        words,
    );
}

#[test]
fn a_key_that_is_not_found_is_told_before_its_use_t1_t2_t3_u1_k1() {
    for (operation, _, _) in OPERATIONS {
        for (name, exception, words) in [
            (
                NO_KEY,
                "NotFoundException",
                format!("Key '{}' does not exist", arn(NO_KEY)),
            ),
            (
                "payments",
                "NotFoundException",
                "Invalid keyId 'payments'".into(),
            ),
            (
                "alias/none",
                "NotFoundException",
                "Alias arn:aws:kms:eu-west-3:111122223333:alias/none is not found.".into(),
            ),
            (
                "arn:aws:kms:eu-west-1:111122223333:alias/payments",
                "NotFoundException",
                "Invalid arn eu-west-1".into(),
            ),
            (
                "arn:aws:kms:eu-west-3:1:key/a",
                "InvalidArnException",
                "Invalid arn 'arn:aws:kms:eu-west-3:1:key/a'".into(),
            ),
        ] {
            let request = request(operation, name);
            let (exception, words) = match (operation, &*words) {
                (KmsOperation::Decrypt, "Invalid arn eu-west-1") => (
                    "IncorrectKeyException",
                    "The key ID in the request does not identify a CMK that can perform this \
                     operation.",
                ),
                (_, words) => (exception, words),
            };
            refused(&table(), operation.as_str(), &request, exception, words);
        }
    }
}

#[test]
fn aws_managed_keys_are_used_like_others_s7() {
    let request = request(KmsOperation::Encrypt, OF_AWS);
    let found = refusal(&table(), "Encrypt", &request);
    assert_eq!(found, no_key_material(KmsOperation::Encrypt));
}

#[test]
fn a_data_key_has_one_length_said_in_one_way() {
    let words = "Please specify either number of bytes or key spec.";
    for operation in ["GenerateDataKey", "GenerateDataKeyWithoutPlaintext"] {
        for request in [
            json!({"KeyId": NO_KEY}),
            json!({"KeyId": NO_KEY, "NumberOfBytes": 16, "KeySpec": "AES_128"}),
        ] {
            refused(&table(), operation, &request, "ValidationException", words);
        }
        let request = json!({"KeyId": KEY, "KeySpec": "AES_256"});
        let (exception, _) = refusal(&table(), operation, &request);
        assert_eq!(exception, "UnsupportedOperationException");
    }
}

#[test]
fn a_decryption_may_leave_its_key_to_the_ciphertext() {
    let found = refusal(&table(), "Decrypt", &json!({"CiphertextBlob": "YQ=="}));
    assert_eq!(found, no_key_material(KmsOperation::Decrypt));
    let words = "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy \
                 constraint: Member must not be null";
    refused(
        &table(),
        "Decrypt",
        &json!({}),
        "ValidationException",
        words,
    );
    let without = json!({"KeyId": KEY, "DryRun": true, "DryRunModifiers": ["IGNORE_CIPHERTEXT"]});
    let found = refusal(&table(), "Decrypt", &without);
    assert_eq!(found, no_key_material(KmsOperation::Decrypt));
}

#[test]
fn a_dry_run_of_what_the_key_decides_alone_says_that_it_would_have_succeeded() {
    let words = "The request would have succeeded, but the DryRun option is set.";
    let table = table_of(
        KeySpec::EccNistP256,
        KeyUsage::SignVerify,
        Origin::AwsKms,
        KeyState::Enabled,
        KEY,
    );
    let table = table.expect("a possible key");
    let dry_run = |operation: KmsOperation, key_id: &str| {
        let mut request = request(operation, key_id);
        request["DryRun"] = true.into();
        request
    };
    let sign = dry_run(KmsOperation::Sign, KEY);
    refused(&table, "Sign", &sign, "DryRunOperationException", words);
    // Whether a signature is right is not known here.
    let found = refusal(&table, "Verify", &dry_run(KmsOperation::Verify, KEY));
    assert_eq!(found, no_key_material(KmsOperation::Verify));
    let encrypt = dry_run(KmsOperation::Encrypt, KEY);
    let (exception, _) = refusal(&table, "Encrypt", &encrypt);
    assert_eq!(exception, "InvalidKeyUsageException");
}
