//! The types of members by the service model's own names (KMS API reference).

use super::constraint::{Bounds, Pattern, TextShape};
use super::shape::{EnumValues, Member, Shape};
use crate::identifier::{AnyAliasName, is_model_byte};
use crate::key::named::names;
use crate::key::{KeySpec, WaitingPeriod};

/// Members, one a line: name, presence, type.
macro_rules! members {
    ($($name:ident $presence:ident $shape:expr;)*) => {
        const { &[$($crate::key::model::Member {
            name: stringify!($name),
            presence: $crate::key::model::member_types::members!(@$presence),
            shape: $shape,
        }),*] }
    };
    (@required) => { $crate::key::model::Presence::Required };
    (@secret) => { $crate::key::model::Presence::Secret };
    (@optional) => { $crate::key::model::Presence::Optional };
}

pub(in crate::key) use members;

const fn text(least: i64, most: i64) -> Shape {
    Shape::Text(TextShape::new(least, most))
}

/// A text with a pattern; `fits` says whether a text matches it.
const fn patterned(least: i64, most: i64, words: &'static str, fits: fn(&str) -> bool) -> Shape {
    Shape::Text(TextShape::new(least, most).of(Pattern { words, fits }))
}

/// Whether a text is not empty, and all its characters are such.
fn each(text: &str, fits: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(fits)
}

/// Rules A2 and A3, as far as the service model goes.
pub(in crate::key) const ALIAS_NAME: Shape = patterned(1, 256, "^[a-zA-Z0-9:/_-]+$", |text| {
    // Most names are valid, and the check for valid names is the faster one.
    AnyAliasName::is_valid(text) || (!text.is_empty() && text.bytes().all(is_model_byte))
});

/// Rule K7; the pattern is measured.
pub(in crate::key) const KEY_ID: Shape = patterned(1, 2048, "^\\p{ASCII}+$", |text| {
    !text.is_empty() && text.is_ascii()
});

/// Rule K7.
pub(in crate::key) const MARKER: Shape = patterned(1, 1024, "[\\u0020-\\u00FF]*", |text| {
    text.chars()
        .all(|character| matches!(character, '\u{20}'..='\u{ff}'))
});

/// Rule L2: how many aliases a page has if the request names no limit.
pub(crate) const ALIASES_PER_PAGE_UNLESS_ASKED: usize = 50;
/// Rule L2.
pub(crate) const KEYS_PER_PAGE_UNLESS_ASKED: usize = 100;
/// Rule L2: the documentation's bound; the service model allows 1000, as for ListKeys.
pub(in crate::key) const ALIASES_PER_PAGE: Shape = Shape::Integer(Bounds::new(1, 100));
/// Rule L2.
pub(in crate::key) const KEYS_PER_PAGE: Shape = Shape::Integer(Bounds::new(1, 1000));
pub(in crate::key) const TAGS_PER_PAGE: Shape = Shape::Integer(Bounds::new(1, 50));
pub(in crate::key) const GRANTS_PER_PAGE: Shape = ALIASES_PER_PAGE;

/// Rule S4: the documentation's bounds; the service model allows 1 to 365 days.
pub(in crate::key) const PENDING_WINDOW: Shape = Shape::Integer(Bounds::new(
    WaitingPeriod::LEAST.days() as i64,
    WaitingPeriod::MOST.days() as i64,
));
/// Measured and recorded.
pub(in crate::key) const ROTATION_PERIOD: Shape = Shape::Integer(Bounds::new(90, 2560));

pub(in crate::key) const GRANT_TOKENS: Shape = Shape::Texts {
    length: Bounds::new(0, 10),
    each: &text(1, 8192),
};
const POLICY_WORDS: &str = "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+";
pub(in crate::key) const POLICY: Shape = patterned(1, 131_072, POLICY_WORDS, |text| {
    each(text, |c| {
        matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}')
    })
});
pub(in crate::key) const POLICY_NAME: Shape = patterned(1, 128, "[\\w]+", |text| {
    each(text, |c| c.is_ascii_alphanumeric() || c == '_')
});
pub(in crate::key) const DESCRIPTION: Shape = text(0, 8192);
pub(in crate::key) const CUSTOM_KEY_STORE_ID: Shape = text(1, 64);
pub(in crate::key) const XKS_KEY_ID: Shape = patterned(1, 128, "^[a-zA-Z0-9-_.]+$", |text| {
    each(text, |c| c.is_ascii_alphanumeric() || "-_.".contains(c))
});
pub(in crate::key) const REGION: Shape = patterned(1, 32, "^([a-z]+-){2,3}\\d+$", is_region);
pub(in crate::key) const PRINCIPAL: Shape = patterned(1, 256, "^[\\w+=,.@:/-]+$", |text| {
    each(text, |c| {
        c.is_ascii_alphanumeric() || "_+=,.@:/-".contains(c)
    })
});
pub(in crate::key) const GRANT_ID: Shape = text(1, 128);
pub(in crate::key) const GRANT_NAME: Shape = patterned(1, 256, "^[a-zA-Z0-9:/_-]+$", |text| {
    !text.is_empty() && text.bytes().all(is_model_byte)
});

/// Two or three words of lower-case letters and a number, with hyphens between.
fn is_region(text: &str) -> bool {
    let Some((words, number)) = text.rsplit_once('-') else {
        return false;
    };
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number && matches!(words.split('-').count(), 2 | 3) && words.split('-').all(is_word)
}

const TAG: &[Member] = members! {
    TagKey   required text(1, 128);
    TagValue required text(0, 256);
};
pub(in crate::key) const TAGS: Shape = Shape::Structures(TAG);
pub(in crate::key) const TAG_KEYS: Shape = Shape::Texts {
    length: Bounds::new(0, i64::MAX),
    each: &text(1, 128),
};

pub(in crate::key) const PLAINTEXT: Shape = Shape::Blob(Bounds::new(1, 4096));
pub(in crate::key) const CIPHERTEXT: Shape = Shape::Blob(Bounds::new(1, 6144));
pub(in crate::key) const NUMBER_OF_BYTES: Shape = Shape::Integer(Bounds::new(1, 1024));
pub(in crate::key) const DRY_RUN_MODIFIERS: Shape = Shape::Texts {
    length: Bounds::new(0, i64::MAX),
    each: &one_of(&["IGNORE_CIPHERTEXT"]),
};
const RECIPIENT_INFO: &[Member] = members! {
    KeyEncryptionAlgorithm optional one_of(&["RSAES_OAEP_SHA_256"]);
    AttestationDocument    optional Shape::Blob(Bounds::new(1, 262_144));
};
pub(in crate::key) const RECIPIENT: Shape = Shape::Structure(RECIPIENT_INFO);
const GRANT_CONSTRAINTS: &[Member] = members! {
    EncryptionContextSubset optional Shape::Map;
    EncryptionContextEquals optional Shape::Map;
};
pub(in crate::key) const CONSTRAINTS: Shape = Shape::Structure(GRANT_CONSTRAINTS);

/// All names but the last `count`.
const fn all_but(count: usize, names: &'static [&'static str]) -> &'static [&'static str] {
    names.split_at(names.len().saturating_sub(count)).0
}

/// A closed list.
pub(in crate::key) const fn one_of(names: &'static [&'static str]) -> Shape {
    Shape::OneOf(EnumValues::new(names))
}

const _: () = assert!(KEY_SPEC_NAMES.len() == KeySpec::NAMES.len());
/// How many specs of encapsulation stand at the end of the list: they came later.
const LATER_KEY_SPECS: usize = 3;

/// The order is measured.
pub(in crate::key) const KEY_SPEC_NAMES: &[&str] = names! {
    RSA_2048 RSA_3072 RSA_4096 ECC_NIST_P256 ECC_NIST_P384 ECC_NIST_P521 ECC_SECG_P256K1
    ECC_NIST_EDWARDS25519 SYMMETRIC_DEFAULT HMAC_224 HMAC_256 HMAC_384 HMAC_512 SM2 ML_DSA_44
    ML_DSA_65 ML_DSA_87 ML_KEM_512 ML_KEM_768 ML_KEM_1024
};
pub(in crate::key) const KEY_SPEC: Shape = one_of(KEY_SPEC_NAMES);
/// The member's old name accepts only the specs of its time.
pub(in crate::key) const CUSTOMER_MASTER_KEY_SPEC: Shape = one_of(names! {
    RSA_2048 RSA_3072 RSA_4096 ECC_NIST_P256 ECC_NIST_P384 ECC_NIST_P521 ECC_SECG_P256K1
    SYMMETRIC_DEFAULT HMAC_224 HMAC_256 HMAC_384 HMAC_512 SM2
});
/// The error lists the older key specs instead of these names (measured).
pub(in crate::key) const DATA_KEY_SPEC: Shape = Shape::OneOf(
    EnumValues::new(names!(AES_256 AES_128)).telling(all_but(LATER_KEY_SPECS, KEY_SPEC_NAMES)),
);
pub(in crate::key) const MESSAGE_TYPE: Shape = one_of(names!(RAW DIGEST EXTERNAL_MU));
/// The order is measured.
pub(in crate::key) const ENCRYPTION_ALGORITHM: Shape = one_of(names! {
    RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256 SM2PKE SYMMETRIC_DEFAULT
});
/// `SYMMETRIC_DEFAULT` passes here and fails at the key spec (measured).
const SIGNING_ALGORITHM_NAMES: &[&str] = names! {
    RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 RSASSA_PSS_SHA_512 RSASSA_PKCS1_V1_5_SHA_256
    RSASSA_PKCS1_V1_5_SHA_384 RSASSA_PKCS1_V1_5_SHA_512 ECDSA_SHA_256 ECDSA_SHA_384
    ECDSA_SHA_512 ED25519_SHA_512 ED25519_PH_SHA_512 SM2DSA ML_DSA_SHAKE_256 SYMMETRIC_DEFAULT
};
/// The order in the error is measured.
pub(in crate::key) const SIGNING_ALGORITHM: Shape = Shape::OneOf(
    EnumValues::new(SIGNING_ALGORITHM_NAMES).telling(all_but(1, SIGNING_ALGORITHM_NAMES)),
);
/// The order is recorded.
pub(in crate::key) const MAC_ALGORITHM: Shape = one_of(names! {
    HMAC_SHA_384 HMAC_SHA_256 HMAC_SHA_224 HMAC_SHA_512
});
pub(in crate::key) const WRAPPING_ALGORITHM: Shape = one_of(names! {
    RSAES_PKCS1_V1_5 RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256 RSA_AES_KEY_WRAP_SHA_1
    RSA_AES_KEY_WRAP_SHA_256 SM2PKE
});
pub(in crate::key) const WRAPPING_KEY_SPEC: Shape = one_of(names!(RSA_2048 RSA_3072 RSA_4096 SM2));
pub(in crate::key) const INCLUDE_KEY_MATERIAL: Shape =
    one_of(names!(ALL_KEY_MATERIAL ROTATIONS_ONLY));
pub(in crate::key) const GRANT_OPERATIONS: Shape = Shape::Texts {
    length: Bounds::new(0, i64::MAX),
    each: &one_of(names! {
        Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo
        Sign Verify GetPublicKey CreateGrant RetireGrant DescribeKey GenerateDataKeyPair
        GenerateDataKeyPairWithoutPlaintext GenerateMac VerifyMac DeriveSharedSecret
    }),
};
