//! The service model's types of members, by its own names (KMS API reference).

use super::shape::{Member, Shape, members};
use kms_alias::operation::constraint::{
    ALIAS_NAME as ALIAS_NAME_TEXT, ALIASES_PER_PAGE, KEY_ID as KEY_ID_TEXT, KEYS_PER_PAGE,
    MARKER as MARKER_TEXT, WAITING_PERIOD,
};
use kms_alias::operation::constraint::{Bounds, Pattern, TextShape};

pub(super) const ALIAS_NAME: Shape = Shape::Text(ALIAS_NAME_TEXT);
pub(super) const KEY_ID: Shape = Shape::Text(KEY_ID_TEXT);
pub(super) const MARKER: Shape = Shape::Text(MARKER_TEXT);

/// The model's bound is that of ListKeys for both; the documentation has less for ListAliases
/// (rule L2).
pub(super) const ALIASES_LIMIT: Shape = Shape::Integer(ALIASES_PER_PAGE);
pub(super) const KEYS_LIMIT: Shape = Shape::Integer(KEYS_PER_PAGE);

/// The model admits 1 to 365; the documentation has less (rule S4).
pub(super) const PENDING_WINDOW: Shape = Shape::Integer(WAITING_PERIOD);

pub(super) const GRANT_TOKENS: Shape = Shape::Texts {
    length: Bounds::new(0, 10),
    each: &Shape::Text(TextShape::new(1, 8192)),
};

pub(super) const POLICY: Shape = Shape::Text(TextShape::new(1, 131_072).of(Pattern {
    words: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
    fits: |text| {
        let mut characters = text.chars();
        characters.all(|character| matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}'))
    },
}));
pub(super) const DESCRIPTION: Shape = Shape::Text(TextShape::new(0, 8192));
/// The old name of the key spec knows the specs of its day alone.
pub(super) const CUSTOMER_MASTER_KEY_SPEC: Shape = Shape::OneOf(&[
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "ECC_NIST_P256",
    "ECC_NIST_P384",
    "ECC_NIST_P521",
    "ECC_SECG_P256K1",
    "SYMMETRIC_DEFAULT",
    "HMAC_224",
    "HMAC_256",
    "HMAC_384",
    "HMAC_512",
    "SM2",
]);
pub(super) const CUSTOM_KEY_STORE_ID: Shape = Shape::Text(TextShape::new(1, 64));
pub(super) const XKS_KEY_ID: Shape = Shape::Text(TextShape::new(1, 128).of(Pattern {
    words: "^[a-zA-Z0-9-_.]+$",
    fits: |text| {
        let mut bytes = text.bytes();
        bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
    },
}));

const TAG: &[Member] = members! {
    TagKey   required Shape::Text(TextShape::new(1, 128));
    TagValue required Shape::Text(TextShape::new(0, 256));
};
pub(super) const TAGS: Shape = Shape::Structures(TAG);

pub(super) const PLAINTEXT: Shape = Shape::Blob(Bounds::new(1, 4096));
pub(super) const CIPHERTEXT: Shape = Shape::Blob(Bounds::new(1, 6144));
pub(super) const NUMBER_OF_BYTES: Shape = Shape::Integer(Bounds::new(1, 1024));
pub(super) const DATA_KEY_SPEC: Shape = Shape::OneOf(&["AES_256", "AES_128"]);
pub(super) const MESSAGE_TYPE: Shape = Shape::OneOf(&["RAW", "DIGEST", "EXTERNAL_MU"]);
pub(super) const DRY_RUN_MODIFIERS: Shape = Shape::Texts {
    length: Bounds::new(0, i64::MAX),
    each: &Shape::OneOf(&["IGNORE_CIPHERTEXT"]),
};

const RECIPIENT_INFO: &[Member] = members! {
    KeyEncryptionAlgorithm optional Shape::OneOf(&["RSAES_OAEP_SHA_256"]);
    AttestationDocument    optional Shape::Blob(Bounds::new(1, 262_144));
};
pub(super) const RECIPIENT: Shape = Shape::Structure(RECIPIENT_INFO);

pub(super) const ENCRYPTION_ALGORITHM: Shape = Shape::OneOf(&[
    "SYMMETRIC_DEFAULT",
    "RSAES_OAEP_SHA_1",
    "RSAES_OAEP_SHA_256",
    "SM2PKE",
]);
pub(super) const SIGNING_ALGORITHM: Shape = Shape::OneOf(&[
    "RSASSA_PSS_SHA_256",
    "RSASSA_PSS_SHA_384",
    "RSASSA_PSS_SHA_512",
    "RSASSA_PKCS1_V1_5_SHA_256",
    "RSASSA_PKCS1_V1_5_SHA_384",
    "RSASSA_PKCS1_V1_5_SHA_512",
    "ECDSA_SHA_256",
    "ECDSA_SHA_384",
    "ECDSA_SHA_512",
    "SM2DSA",
    "ML_DSA_SHAKE_256",
    "ED25519_SHA_512",
    "ED25519_PH_SHA_512",
]);
pub(super) const MAC_ALGORITHM: Shape = Shape::OneOf(&[
    "HMAC_SHA_224",
    "HMAC_SHA_256",
    "HMAC_SHA_384",
    "HMAC_SHA_512",
]);
