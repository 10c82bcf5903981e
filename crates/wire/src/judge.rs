//! What a call that uses key material meets: it is judged by its key, and never carried out.
//!
//! Ours: the state of the key is asked first (rule S6), then its usage, its spec and the algorithm.

use super::fault::Fault;
use super::operation::{Needs, Use};
use super::perform::Call;
use super::response::Response;
use super::validate::is_there;
use kms_alias::parse_key_identifier;
use kms_alias::{KeyMetadata, KeyType, KeyUsage, KmsOperation};

/// The algorithm of a request that names none.
const DEFAULT_ALGORITHM: &str = "SYMMETRIC_DEFAULT";

impl Call<'_, '_> {
    /// Never an answer: a fault, which is that there is no key material where nothing else is.
    pub(super) fn judge(&self, asked: &Use) -> Result<Response, Fault> {
        let operation = asked.operation;
        self.check_members(asked)?;
        if let Some(text) = self.request.text("KeyId") {
            let identifier = parse_key_identifier(Some(text))?;
            let key = self.table.check_use(operation, &identifier)?;
            self.check_key(key, asked)?;
        }
        if asked.is_judged_whole && self.request.is_true("DryRun") {
            return Err(Fault::DryRun);
        }
        Err(Fault::NoKeyMaterial(operation))
    }

    /// What the members have to be together.
    fn check_members(&self, asked: &Use) -> Result<(), Fault> {
        let request = &self.request;
        let is_data_key = matches!(asked.needs, Needs::DataKeys);
        if is_data_key && request.has("KeySpec") == request.has("NumberOfBytes") {
            return Err(Fault::DataKeyLength);
        }
        // The service model lets it be absent, for a dry run that ignores it.
        if asked.operation == KmsOperation::Decrypt && !request.has("DryRunModifiers") {
            is_there(request, "CiphertextBlob")?;
        }
        Ok(())
    }

    /// Usage and spec of the key, and the algorithm that the request names.
    fn check_key(&self, key: &KeyMetadata, asked: &Use) -> Result<(), Fault> {
        let (operation, arn, spec) = (asked.operation, key.arn(), key.spec());
        let has_usage = |usage| {
            if key.usage() == usage {
                return Ok(());
            }
            Err(Fault::KeyUsage {
                key: arn,
                usage: key.usage(),
                operation,
            })
        };
        match asked.needs {
            Needs::Algorithm(usage, member) => {
                has_usage(usage)?;
                let algorithm = self.request.text(member).unwrap_or(DEFAULT_ALGORITHM);
                if spec.algorithms(usage).contains(&algorithm) {
                    return Ok(());
                }
                let algorithm = algorithm.into();
                Err(Fault::Algorithm { algorithm, spec })
            }
            Needs::DataKeys => {
                has_usage(KeyUsage::EncryptDecrypt)?;
                match key.key_type() {
                    KeyType::SymmetricEncryption => Ok(()),
                    _ => Err(Fault::DataKeyOfAsymmetric),
                }
            }
            Needs::PublicKey => match key.key_type() {
                KeyType::Asymmetric => Ok(()),
                _ => Err(Fault::NoPublicKey { key: arn, spec }),
            },
        }
    }
}
