//! Which algorithms a key works with, against a second copy of AWS's lists, in their recorded order.

use kms_alias::{KeySpec, KeyUsage};

const RSA_SIGNS: &str = "RSASSA_PKCS1_V1_5_SHA_256 RSASSA_PKCS1_V1_5_SHA_384 \
                         RSASSA_PKCS1_V1_5_SHA_512 RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 \
                         RSASSA_PSS_SHA_512";
const RSA_ENCRYPTS: &str = "RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256";

/// Spec, usage, algorithms: a pair that is not here has none.
const ROWS: [(&str, &str, &str); 28] = [
    ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT"),
    ("HMAC_224", "GENERATE_VERIFY_MAC", "HMAC_SHA_224"),
    ("HMAC_256", "GENERATE_VERIFY_MAC", "HMAC_SHA_256"),
    ("HMAC_384", "GENERATE_VERIFY_MAC", "HMAC_SHA_384"),
    ("HMAC_512", "GENERATE_VERIFY_MAC", "HMAC_SHA_512"),
    ("RSA_2048", "ENCRYPT_DECRYPT", RSA_ENCRYPTS),
    ("RSA_3072", "ENCRYPT_DECRYPT", RSA_ENCRYPTS),
    ("RSA_4096", "ENCRYPT_DECRYPT", RSA_ENCRYPTS),
    ("RSA_2048", "SIGN_VERIFY", RSA_SIGNS),
    ("RSA_3072", "SIGN_VERIFY", RSA_SIGNS),
    ("RSA_4096", "SIGN_VERIFY", RSA_SIGNS),
    ("ECC_NIST_P256", "SIGN_VERIFY", "ECDSA_SHA_256"),
    ("ECC_NIST_P384", "SIGN_VERIFY", "ECDSA_SHA_384"),
    ("ECC_NIST_P521", "SIGN_VERIFY", "ECDSA_SHA_512"),
    ("ECC_SECG_P256K1", "SIGN_VERIFY", "ECDSA_SHA_256"),
    (
        "ECC_NIST_EDWARDS25519",
        "SIGN_VERIFY",
        "ED25519_PH_SHA_512 ED25519_SHA_512",
    ),
    ("ECC_NIST_P256", "KEY_AGREEMENT", "ECDH"),
    ("ECC_NIST_P384", "KEY_AGREEMENT", "ECDH"),
    ("ECC_NIST_P521", "KEY_AGREEMENT", "ECDH"),
    ("ML_DSA_44", "SIGN_VERIFY", "ML_DSA_SHAKE_256"),
    ("ML_DSA_65", "SIGN_VERIFY", "ML_DSA_SHAKE_256"),
    ("ML_DSA_87", "SIGN_VERIFY", "ML_DSA_SHAKE_256"),
    ("SM2", "ENCRYPT_DECRYPT", "SM2PKE"),
    ("SM2", "SIGN_VERIFY", "SM2DSA"),
    ("SM2", "KEY_AGREEMENT", "ECDH"),
    ("ML_KEM_512", "ENCAPSULATE_DECAPSULATE", ""),
    ("ML_KEM_768", "ENCAPSULATE_DECAPSULATE", ""),
    ("ML_KEM_1024", "ENCAPSULATE_DECAPSULATE", ""),
];

#[test]
fn every_pair_of_spec_and_usage_has_its_algorithms_m() {
    for spec in KeySpec::ALL {
        for usage in KeyUsage::ALL {
            let row = ROWS.iter().find(|(row_spec, row_usage, _)| {
                (*row_spec, *row_usage) == (spec.as_str(), usage.as_str())
            });
            let algorithms = row.map_or("", |(_, _, algorithms)| algorithms);
            let found = spec.algorithms(*usage).iter().copied();
            assert!(found.eq(algorithms.split_whitespace()), "{spec} {usage}");
            assert_eq!(
                row.is_some(),
                spec.usages().contains(usage),
                "{spec} {usage}"
            );
        }
    }
}
