//! What is signed or encrypted, against the key spec and the algorithm: its type and its length.

use super::fault::Fault;
use super::read::Request;
use super::value::Value;
use kms_alias::{KeyMetadata, KeySpec, KeyType};

/// The type of a message whose request names none.
const DEFAULT_MESSAGE_TYPE: &str = "RAW";

/// How many bytes an external mu has.
const MU_LENGTH: usize = 64;

/// The type of a message, and the length of a digest or mu, in this order (recorded).
pub(super) fn check_message(
    request: &Request<'_>,
    spec: KeySpec,
    algorithm: &str,
) -> Result<(), Fault> {
    let message_type = request.text("MessageType").unwrap_or(DEFAULT_MESSAGE_TYPE);
    let is_ml_dsa = algorithm == "ML_DSA_SHAKE_256";
    match (message_type, algorithm) {
        ("EXTERNAL_MU", _) if !is_ml_dsa => return Err(other_spec(message_type, spec)),
        ("DIGEST", _) if is_ml_dsa => return Err(other_spec(message_type, spec)),
        ("DIGEST", "ED25519_SHA_512") | ("RAW", "ED25519_PH_SHA_512") => {
            return Err(Fault::MessageAlgorithm {
                message_type: message_type.into(),
                algorithm: algorithm.into(),
            });
        }
        _ => {}
    }
    let Value::Blob(length) = request.value("Message") else {
        return Ok(());
    };
    match message_type {
        "DIGEST" if digest_length(algorithm).is_some_and(|digest| digest != *length) => {
            Err(Fault::DigestLength(algorithm.into()))
        }
        "EXTERNAL_MU" if *length != MU_LENGTH => Err(Fault::MuLength(algorithm.into())),
        _ => Ok(()),
    }
}

fn other_spec(message_type: &str, spec: KeySpec) -> Fault {
    Fault::MessageSpec {
        message_type: message_type.into(),
        spec,
    }
}

/// How many bytes the digest of a signing algorithm has: its name ends with the hash.
fn digest_length(algorithm: &str) -> Option<usize> {
    let hashes = [
        ("SHA_256", 32),
        ("SHA_384", 48),
        ("SHA_512", 64),
        ("SM2DSA", 32),
    ];
    let of = |(hash, _): &&(&str, usize)| algorithm.ends_with(*hash);
    hashes.iter().find(of).map(|(_, length)| *length)
}

/// The length of what is encrypted, which an asymmetric key bounds (recorded for RSA; SM2 by the
/// documentation of Encrypt).
pub(super) fn check_plaintext(
    request: &Request<'_>,
    spec: KeySpec,
    algorithm: &str,
) -> Result<(), Fault> {
    let most = match (spec, algorithm) {
        (KeySpec::Rsa2048, "RSAES_OAEP_SHA_1") => 214,
        (KeySpec::Rsa2048, "RSAES_OAEP_SHA_256") => 190,
        (KeySpec::Rsa3072, "RSAES_OAEP_SHA_1") => 342,
        (KeySpec::Rsa3072, "RSAES_OAEP_SHA_256") => 318,
        (KeySpec::Rsa4096, "RSAES_OAEP_SHA_1") => 470,
        (KeySpec::Rsa4096, "RSAES_OAEP_SHA_256") => 446,
        (KeySpec::Sm2, "SM2PKE") => 1024,
        _ => return Ok(()),
    };
    match request.value("Plaintext") {
        Value::Blob(length) if *length > most => Err(Fault::PlaintextLength {
            algorithm: algorithm.into(),
            spec,
            most,
        }),
        _ => Ok(()),
    }
}

/// An encryption context goes with symmetric keys only; an empty one is none (recorded).
pub(super) fn check_context(request: &Request<'_>, key: &KeyMetadata) -> Result<(), Fault> {
    let is_symmetric = key.key_type() == KeyType::SymmetricEncryption;
    match request.value("EncryptionContext") {
        Value::Map {
            is_empty: false, ..
        } if !is_symmetric => Err(Fault::EncryptionContext),
        _ => Ok(()),
    }
}
