//! What a call that uses key material meets: it is judged by its key, and never carried out.
//!
//! The order is AWS's (measured and recorded): members, what they have to be together, that the key
//! is there, its usage, its state, the algorithm against its spec, the type of a message, the length
//! of a digest, a mu or a plaintext, and the encryption context.

use super::fault::Fault;
use super::message::{check_context, check_message, check_plaintext};
use super::operation::{algorithm_member, is_judged_whole};
use super::perform::Call;
use super::response::Response;
use super::validate::is_there;
use kms_alias::Refusal;
use kms_alias::{KeyMetadata, KeyType, KmsOperation};

/// The algorithm of a request that names none.
const DEFAULT_ALGORITHM: &str = "SYMMETRIC_DEFAULT";

impl Call<'_, '_> {
    /// Never an answer: a fault, which is that there is no key material where nothing else is.
    pub(super) fn judge(self) -> Result<Response, Fault> {
        let operation = self.operation;
        self.check_members(operation)?;
        if self.request.has("KeyId") {
            let identifier = self.key_identifier()?;
            let key = self.table.check_use(operation, &identifier)?;
            self.check_key(key, operation)?;
        }
        if is_judged_whole(operation) && self.request.is_true("DryRun") {
            return Err(Fault::DryRun);
        }
        Err(Fault::NoKeyMaterial(operation))
    }

    /// What the members have to be together.
    fn check_members(&self, operation: KmsOperation) -> Result<(), Fault> {
        let request = &self.request;
        match operation {
            KmsOperation::GenerateDataKey | KmsOperation::GenerateDataKeyWithoutPlaintext
                if request.has("KeySpec") == request.has("NumberOfBytes") =>
            {
                Err(Fault::DataKeyLength)
            }
            KmsOperation::Decrypt => {
                // The service model lets it be absent, for a dry run that ignores it.
                if !request.has("DryRunModifiers") {
                    is_there(request, "CiphertextBlob").map_err(Refusal::Constraints)?;
                }
                // What was encrypted by a symmetric key says by which (recorded).
                let algorithm = request.text("EncryptionAlgorithm");
                let is_default = algorithm.is_none_or(|name| name == DEFAULT_ALGORITHM);
                if is_default || request.has("KeyId") {
                    return Ok(());
                }
                Err(Fault::KeyIdMissing)
            }
            _ => Ok(()),
        }
    }

    /// The spec of the key against the algorithm and what is to be done with it.
    fn check_key(&self, key: &KeyMetadata, operation: KmsOperation) -> Result<(), Fault> {
        let is_symmetric = key.key_type() == KeyType::SymmetricEncryption;
        match operation {
            KmsOperation::GenerateDataKey | KmsOperation::GenerateDataKeyWithoutPlaintext => {
                if is_symmetric {
                    return Ok(());
                }
                Err(Fault::DataKeyOfAsymmetric)
            }
            KmsOperation::GetPublicKey if key.key_type() != KeyType::Asymmetric => {
                Err(Fault::Unsupported)
            }
            _ => self.check_algorithm(key, operation),
        }
    }

    fn check_algorithm(&self, key: &KeyMetadata, operation: KmsOperation) -> Result<(), Fault> {
        let Some(usage) = operation.usage() else {
            return Ok(());
        };
        let named = algorithm_member(usage).and_then(|member| self.request.text(member));
        let algorithm = named.unwrap_or(DEFAULT_ALGORITHM);
        let spec = key.spec();
        if !spec.algorithms(usage).contains(&algorithm) {
            let algorithm = algorithm.into();
            return Err(Fault::Algorithm { algorithm, spec });
        }
        if matches!(operation, KmsOperation::Sign | KmsOperation::Verify) {
            check_message(&self.request, spec, algorithm)?;
        }
        check_plaintext(&self.request, spec, algorithm)?;
        check_context(&self.request, key)
    }
}
