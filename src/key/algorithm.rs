//! The algorithms that a key can be used with, by its spec and usage.

use super::named::names;
use super::spec::{KeySpec, KeyUsage};

impl KeySpec {
    /// The algorithms, by AWS's names, that a key of this spec and a usage works with; none if the
    /// spec does not allow the usage (rule M), and none for encapsulation, which has no names of
    /// algorithms.
    ///
    /// They are in the order in which DescribeKey lists them (recorded). Source: KMS API reference,
    /// `KeyMetadata`; KMS developer guide, key spec reference.
    ///
    /// ```
    /// use kms_alias::{KeySpec, KeyUsage};
    ///
    /// assert_eq!(KeySpec::EccNistP256.algorithms(KeyUsage::SignVerify), ["ECDSA_SHA_256"]);
    /// assert!(KeySpec::EccNistP256.algorithms(KeyUsage::EncryptDecrypt).is_empty());
    /// ```
    #[must_use]
    pub const fn algorithms(self, usage: KeyUsage) -> &'static [&'static str] {
        use KeyUsage::{EncryptDecrypt, GenerateVerifyMac, KeyAgreement, SignVerify};
        match (usage, self) {
            (EncryptDecrypt, Self::SymmetricDefault) => names!(SYMMETRIC_DEFAULT),
            (EncryptDecrypt, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096) => {
                names!(RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256)
            }
            (EncryptDecrypt, Self::Sm2) => names!(SM2PKE),
            (SignVerify, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096) => names! {
                RSASSA_PKCS1_V1_5_SHA_256 RSASSA_PKCS1_V1_5_SHA_384 RSASSA_PKCS1_V1_5_SHA_512
                RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 RSASSA_PSS_SHA_512
            },
            (SignVerify, Self::EccNistP256 | Self::EccSecgP256k1) => names!(ECDSA_SHA_256),
            (SignVerify, Self::EccNistP384) => names!(ECDSA_SHA_384),
            (SignVerify, Self::EccNistP521) => names!(ECDSA_SHA_512),
            (SignVerify, Self::EccNistEdwards25519) => names!(ED25519_PH_SHA_512 ED25519_SHA_512),
            (SignVerify, Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87) => names!(ML_DSA_SHAKE_256),
            (SignVerify, Self::Sm2) => names!(SM2DSA),
            (GenerateVerifyMac, Self::Hmac224) => names!(HMAC_SHA_224),
            (GenerateVerifyMac, Self::Hmac256) => names!(HMAC_SHA_256),
            (GenerateVerifyMac, Self::Hmac384) => names!(HMAC_SHA_384),
            (GenerateVerifyMac, Self::Hmac512) => names!(HMAC_SHA_512),
            (
                KeyAgreement,
                Self::EccNistP256 | Self::EccNistP384 | Self::EccNistP521 | Self::Sm2,
            ) => names!(ECDH),
            _ => &[],
        }
    }
}
