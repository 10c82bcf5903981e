//! The algorithms that a key can be used with, by its spec and usage.

use super::spec::{KeySpec, KeyUsage};

impl KeySpec {
    /// The algorithms, by AWS's names, that a key of this spec and a usage works with; none where
    /// the usage is none of the spec's (rule M), and none for encapsulation, which names none.
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
        match usage {
            KeyUsage::EncryptDecrypt => self.encryption_algorithms(),
            KeyUsage::SignVerify => self.signing_algorithms(),
            KeyUsage::GenerateVerifyMac => self.mac_algorithms(),
            KeyUsage::KeyAgreement => self.key_agreement_algorithms(),
            KeyUsage::EncapsulateDecapsulate => &[],
        }
    }

    const fn encryption_algorithms(self) -> &'static [&'static str] {
        match self {
            Self::SymmetricDefault => &["SYMMETRIC_DEFAULT"],
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => {
                &["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"]
            }
            Self::Sm2 => &["SM2PKE"],
            _ => &[],
        }
    }

    const fn signing_algorithms(self) -> &'static [&'static str] {
        match self {
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => &[
                "RSASSA_PKCS1_V1_5_SHA_256",
                "RSASSA_PKCS1_V1_5_SHA_384",
                "RSASSA_PKCS1_V1_5_SHA_512",
                "RSASSA_PSS_SHA_256",
                "RSASSA_PSS_SHA_384",
                "RSASSA_PSS_SHA_512",
            ],
            Self::EccNistP256 | Self::EccSecgP256k1 => &["ECDSA_SHA_256"],
            Self::EccNistP384 => &["ECDSA_SHA_384"],
            Self::EccNistP521 => &["ECDSA_SHA_512"],
            Self::EccNistEdwards25519 => &["ED25519_PH_SHA_512", "ED25519_SHA_512"],
            Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87 => &["ML_DSA_SHAKE_256"],
            Self::Sm2 => &["SM2DSA"],
            _ => &[],
        }
    }

    const fn mac_algorithms(self) -> &'static [&'static str] {
        match self {
            Self::Hmac224 => &["HMAC_SHA_224"],
            Self::Hmac256 => &["HMAC_SHA_256"],
            Self::Hmac384 => &["HMAC_SHA_384"],
            Self::Hmac512 => &["HMAC_SHA_512"],
            _ => &[],
        }
    }

    const fn key_agreement_algorithms(self) -> &'static [&'static str] {
        match self {
            Self::EccNistP256 | Self::EccNistP384 | Self::EccNistP521 | Self::Sm2 => &["ECDH"],
            _ => &[],
        }
    }
}
