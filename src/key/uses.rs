//! Which operations work on which kinds of keys, whatever their state (rule M).

use super::kms_operations::{KmsOperation, WorksOn};
use super::metadata::KeyMetadata;
use super::spec::KeyType;

impl KmsOperation {
    /// Whether the operation works on keys of this kind, whatever their state (rule M; KMS API
    /// reference).
    ///
    /// `Encrypt` takes keys of one usage, `GenerateDataKey` keys of one type, `GetPublicKey`
    /// asymmetric keys, and the pairs of data keys symmetric keys that are in no custom key store.
    /// Operations that do not use the key material take every key here; [`verdict`](Self::verdict)
    /// says whether they work.
    ///
    /// ```
    /// use kms_alias::{KeyArn, KeyMetadata, KmsOperation};
    ///
    /// let arn = KeyArn::from_static(
    ///     "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    /// );
    /// let symmetric = KeyMetadata::builder(arn).build()?;
    /// assert!(KmsOperation::Encrypt.suits(&symmetric));
    /// assert!(!KmsOperation::Sign.suits(&symmetric));
    /// # Ok::<(), kms_alias::ImpossibleKey>(())
    /// ```
    #[must_use]
    pub fn suits(self, key: &KeyMetadata) -> bool {
        let symmetric = key.key_type() == KeyType::SymmetricEncryption;
        match self.facts().works_on {
            WorksOn::Any => true,
            WorksOn::Usage(usage) => key.usage() == usage,
            WorksOn::SymmetricEncryption => symmetric,
            WorksOn::SymmetricEncryptionInKms => symmetric && !key.origin().is_custom_key_store(),
            WorksOn::Asymmetric => key.key_type() == KeyType::Asymmetric,
        }
    }
}
