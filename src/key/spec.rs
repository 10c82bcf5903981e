//! Key specs, key usages, key types, and which go together (rule M).

use super::named::named;

named! {
    "key spec"
    /// What kind of key material a key has; it fixes the [`KeyType`] and the possible usages
    /// (rule M; KMS API reference).
    ///
    /// ```
    /// use kms_alias::{KeySpec, KeyType, KeyUsage};
    ///
    /// let spec: KeySpec = "RSA_2048".parse()?;
    /// assert_eq!(spec.key_type(), KeyType::Asymmetric);
    /// assert_eq!(spec.usages(), [KeyUsage::EncryptDecrypt, KeyUsage::SignVerify]);
    /// # Ok::<(), kms_alias::UnknownName>(())
    /// ```
    KeySpec {
        /// AES-256, or SM4 in China.
        SymmetricDefault "SYMMETRIC_DEFAULT",
        /// HMAC with SHA-224.
        Hmac224 "HMAC_224",
        /// HMAC with SHA-256.
        Hmac256 "HMAC_256",
        /// HMAC with SHA-384.
        Hmac384 "HMAC_384",
        /// HMAC with SHA-512.
        Hmac512 "HMAC_512",
        /// RSA of 2048 bits.
        Rsa2048 "RSA_2048",
        /// RSA of 3072 bits.
        Rsa3072 "RSA_3072",
        /// RSA of 4096 bits.
        Rsa4096 "RSA_4096",
        /// The NIST curve P-256.
        EccNistP256 "ECC_NIST_P256",
        /// The NIST curve P-384.
        EccNistP384 "ECC_NIST_P384",
        /// The NIST curve P-521.
        EccNistP521 "ECC_NIST_P521",
        /// The curve Ed25519.
        EccNistEdwards25519 "ECC_NIST_EDWARDS25519",
        /// The curve secp256k1.
        EccSecgP256k1 "ECC_SECG_P256K1",
        /// ML-DSA-44.
        MlDsa44 "ML_DSA_44",
        /// ML-DSA-65.
        MlDsa65 "ML_DSA_65",
        /// ML-DSA-87.
        MlDsa87 "ML_DSA_87",
        /// ML-KEM-512.
        MlKem512 "ML_KEM_512",
        /// ML-KEM-768.
        MlKem768 "ML_KEM_768",
        /// ML-KEM-1024.
        MlKem1024 "ML_KEM_1024",
        /// SM2, in the Regions of China only.
        Sm2 "SM2",
    }
}

named! {
    "key usage"
    /// What a key may be used for: one usage per key, fixed when it is created (rule M; KMS API
    /// reference).
    ///
    /// ```
    /// use kms_alias::{KeySpec, KeyUsage};
    ///
    /// let usage: KeyUsage = "SIGN_VERIFY".parse()?;
    /// assert!(KeySpec::EccNistP256.usages().contains(&usage));
    /// assert!(!KeySpec::SymmetricDefault.usages().contains(&usage)); // rule M
    /// # Ok::<(), kms_alias::UnknownName>(())
    /// ```
    KeyUsage {
        /// Encrypt and decrypt.
        EncryptDecrypt "ENCRYPT_DECRYPT",
        /// Sign and verify.
        SignVerify "SIGN_VERIFY",
        /// Make and verify message authentication codes.
        GenerateVerifyMac "GENERATE_VERIFY_MAC",
        /// Derive shared secrets.
        KeyAgreement "KEY_AGREEMENT",
        /// Encapsulate and decapsulate.
        EncapsulateDecapsulate "ENCAPSULATE_DECAPSULATE",
    }
}

named! {
    "key type"
    /// What UpdateAlias compares (rule U3): an alias moves between keys of one type only.
    ///
    /// ```
    /// use kms_alias::{KeySpec, KeyType};
    ///
    /// assert_eq!(KeySpec::Hmac256.key_type(), KeyType::Hmac);
    /// // An alias can move between these two, but from neither to an HMAC key.
    /// assert_eq!(KeySpec::Rsa2048.key_type(), KeySpec::EccNistP256.key_type());
    /// ```
    KeyType {
        /// Symmetric encryption.
        SymmetricEncryption "symmetric encryption",
        /// Asymmetric, whatever the algorithm.
        Asymmetric "asymmetric",
        /// HMAC.
        Hmac "HMAC",
    }
}

impl KeySpec {
    /// Rule M as a table: the type of the keys of a spec, and their usages.
    const fn type_and_usages(self) -> (KeyType, &'static [KeyUsage]) {
        use KeyType::{Asymmetric, Hmac, SymmetricEncryption};
        use KeyUsage::{
            EncapsulateDecapsulate, EncryptDecrypt, GenerateVerifyMac, KeyAgreement, SignVerify,
        };
        match self {
            Self::SymmetricDefault => (SymmetricEncryption, &[EncryptDecrypt]),
            Self::Hmac224 | Self::Hmac256 | Self::Hmac384 | Self::Hmac512 => {
                (Hmac, &[GenerateVerifyMac])
            }
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => {
                (Asymmetric, &[EncryptDecrypt, SignVerify])
            }
            Self::EccNistP256 | Self::EccNistP384 | Self::EccNistP521 => {
                (Asymmetric, &[SignVerify, KeyAgreement])
            }
            Self::EccNistEdwards25519
            | Self::EccSecgP256k1
            | Self::MlDsa44
            | Self::MlDsa65
            | Self::MlDsa87 => (Asymmetric, &[SignVerify]),
            Self::MlKem512 | Self::MlKem768 | Self::MlKem1024 => {
                (Asymmetric, &[EncapsulateDecapsulate])
            }
            Self::Sm2 => (Asymmetric, &[EncryptDecrypt, SignVerify, KeyAgreement]),
        }
    }

    /// The type of a key of this spec.
    #[must_use]
    pub const fn key_type(self) -> KeyType {
        self.type_and_usages().0
    }

    /// The usages that a key of this spec can have.
    #[must_use]
    pub const fn usages(self) -> &'static [KeyUsage] {
        self.type_and_usages().1
    }
}
