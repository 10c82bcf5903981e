//! GetParametersForImport: which key material can be wrapped how, and what is answered.

use kms_alias::{AliasTable, KeySpec, KeyState, KeyUsage, Origin};
use serde_json::{Value, json};

use super::world::{KEY, NOW, arn, done, refused, table_of};

/// A table of one key whose material is to be imported.
fn table(spec: KeySpec) -> AliasTable {
    let usage = *spec.usages().first().expect("a usage");
    let table = table_of(spec, usage, Origin::External, KeyState::PendingImport, KEY);
    table.expect("a key of imported material")
}

fn request(algorithm: &str, wrapping: &str) -> Value {
    json!({"KeyId": KEY, "WrappingAlgorithm": algorithm, "WrappingKeySpec": wrapping})
}

#[test]
fn key_material_is_wrapped_as_kms_says() {
    const ALGORITHMS: [&str; 5] = [
        "RSAES_PKCS1_V1_5",
        "RSAES_OAEP_SHA_1",
        "RSAES_OAEP_SHA_256",
        "RSA_AES_KEY_WRAP_SHA_1",
        "RSA_AES_KEY_WRAP_SHA_256",
    ];
    for (spec, wrapping, fit) in [
        (
            KeySpec::SymmetricDefault,
            "RSA_2048",
            [false, true, true, false, false],
        ),
        (
            KeySpec::Hmac256,
            "RSA_4096",
            [false, true, true, false, false],
        ),
        (
            KeySpec::Rsa2048,
            "RSA_3072",
            [false, false, false, true, true],
        ),
        (
            KeySpec::EccNistP256,
            "RSA_2048",
            [false, true, true, true, true],
        ),
        (
            KeySpec::EccNistP521,
            "RSA_2048",
            [false, false, false, true, true],
        ),
        (
            KeySpec::EccNistP521,
            "RSA_3072",
            [false, true, true, true, true],
        ),
        (KeySpec::SymmetricDefault, "SM2", [false; 5]),
    ] {
        let mut table = table(spec);
        for (algorithm, fits) in ALGORITHMS.into_iter().zip(fit) {
            let request = request(algorithm, wrapping);
            if fits {
                done(&mut table, "GetParametersForImport", &request);
                continue;
            }
            let words = format!(
                "Wrapping algorithm {algorithm} and wrapping key spec {wrapping} cannot be used to \
                 import a {spec} key."
            );
            refused(
                &table,
                "GetParametersForImport",
                &request,
                "ValidationException",
                &words,
            );
        }
    }
}

#[test]
fn the_answer_is_a_public_key_of_the_spec_for_a_day() {
    for (algorithm, wrapping, least) in [
        ("RSAES_OAEP_SHA_256", "RSA_2048", 256),
        ("RSAES_OAEP_SHA_256", "RSA_3072", 384),
        ("RSAES_OAEP_SHA_256", "RSA_4096", 512),
        ("SM2PKE", "SM2", 64),
    ] {
        let mut table = table(KeySpec::SymmetricDefault);
        let before = table.clone();
        let request = request(algorithm, wrapping);
        let answer = done(&mut table, "GetParametersForImport", &request);
        assert_eq!(table, before);
        assert_eq!(answer["KeyId"], arn(KEY));
        assert_eq!(
            answer["ParametersValidTo"],
            json!(NOW.plus_days(1).as_seconds())
        );
        let key = answer["PublicKey"].as_str().expect("a blob");
        // DER: a sequence, as long as it says, that holds the key and little more.
        assert!(key.starts_with("MI") || key.starts_with("MF"), "{key}");
        let length = key.trim_end_matches('=').len() * 3 / 4;
        assert!(
            (least..least + 60).contains(&length),
            "{length} of {wrapping}"
        );
    }
}

#[test]
fn a_key_of_kms_own_material_takes_none() {
    let (spec, usage) = (KeySpec::SymmetricDefault, KeyUsage::EncryptDecrypt);
    let table = table_of(spec, usage, Origin::AwsKms, KeyState::Enabled, KEY).expect("a key");
    refused(
        &table,
        "GetParametersForImport",
        &request("RSAES_OAEP_SHA_256", "RSA_2048"),
        "UnsupportedOperationException",
        &format!(
            "{} origin is AWS_KMS which is not valid for this operation.",
            arn(KEY)
        ),
    );
}
