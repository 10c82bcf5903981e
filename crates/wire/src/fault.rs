//! Why a request is answered with an error body.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};

use serde::ser::{Serialize, Serializer};

use super::violations::Violations;
use kms_alias::Inconsistent;
use kms_alias::KeyArn;
use kms_alias::Refusal;
use kms_alias::{ImpossibleKey, KeySpec, KeyUsage, KmsOperation};

/// Why a request is refused: the exception's name, and its words by `Display`.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// No operation of this endpoint. The words are ours.
    #[error("{0} is not an operation that this crate models")]
    UnknownOperation(Box<str>),
    /// A body that is no JSON structure. The words are ours.
    #[error("the body is not a JSON structure: {0}")]
    NotJson(String),
    /// Members that break the service model.
    #[error(transparent)]
    Invalid(#[from] Violations),
    /// A rule of the table, or the form of a member that a rule is about.
    #[error(transparent)]
    Refused(#[from] Refusal),

    /// CreateKey: rules M, K2, S1–S3.
    #[error("{}", impossible_key(.0))]
    ImpossibleKey(ImpossibleKey),
    /// CreateKey: a usage has to be named. The words are an emulator's.
    #[error(
        "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
    )]
    KeyUsageMissing,
    /// CreateKey: the old name of a member and the new. The words are an emulator's.
    #[error(
        "You cannot specify KeySpec and CustomerMasterKeySpec in the same request. \
         CustomerMasterKeySpec is deprecated."
    )]
    KeySpecTwice,
    /// CreateKey: a member that only goes with another origin. Exception and words are ours.
    #[error("{member} is not valid for a key of origin {origin}")]
    OtherOrigin {
        member: &'static str,
        origin: kms_alias::Origin,
    },
    /// CreateKey: the policy is not JSON. The words are ours.
    #[error("the policy is not a JSON structure")]
    MalformedPolicy,
    /// CreateKey: tags that cannot be. The words are an emulator's.
    #[error("{0}")]
    Tags(&'static str),
    /// CreateKey: the key ID that was handed in is taken. Exception and words are ours.
    #[error("{0}")]
    KeyNotNew(Inconsistent),

    /// GenerateDataKey: both lengths or none. The words are an emulator's.
    #[error("Please specify either number of bytes or key spec.")]
    DataKeyLength,
    /// The usage of the key does not fit the operation. The words are an emulator's.
    #[error("{key} key usage is {usage} which is not valid for {operation}.")]
    KeyUsage {
        key: KeyArn,
        usage: KeyUsage,
        operation: KmsOperation,
    },
    /// The spec of the key does not fit the algorithm. The words are an emulator's.
    #[error("Algorithm {algorithm} is incompatible with key spec {spec}.")]
    Algorithm { algorithm: Box<str>, spec: KeySpec },
    /// Data keys are made by symmetric encryption keys alone. The words are an emulator's.
    #[error("You cannot generate a data key with an asymmetric CMK")]
    DataKeyOfAsymmetric,
    /// GetPublicKey of a key that has none. The words are ours.
    #[error("{key} key spec is {spec} which is not valid for GetPublicKey.")]
    NoPublicKey { key: KeyArn, spec: KeySpec },
    /// A dry run that found nothing against the call.
    #[error("The request would have succeeded, but the DryRun option is set.")]
    DryRun,
    /// Nothing but key material is missing. The words are ours.
    #[error("nothing stands against {0}, but this crate holds no key material to do it with")]
    NoKeyMaterial(KmsOperation),
}

/// KMS's words where they are known; the others are ours.
fn impossible_key(impossible: &ImpossibleKey) -> String {
    match impossible {
        ImpossibleKey::Usage { spec, usage } => {
            format!("KeyUsage {usage} is not compatible with KeySpec {spec}")
        }
        other => other.to_string(),
    }
}

impl Fault {
    /// The name of KMS's exception.
    pub(super) fn exception(&self) -> &'static str {
        match self {
            Self::UnknownOperation(_) => "UnknownOperationException",
            Self::NotJson(_) => "SerializationException",
            Self::Refused(refusal) => refusal.exception(),
            Self::Invalid(_)
            | Self::ImpossibleKey(ImpossibleKey::Usage { .. })
            | Self::KeyUsageMissing
            | Self::KeySpecTwice
            | Self::OtherOrigin { .. }
            | Self::DataKeyLength => "ValidationException",
            Self::MalformedPolicy => "MalformedPolicyDocumentException",
            Self::Tags(_) => "TagException",
            Self::KeyNotNew(_) => "AlreadyExistsException",
            Self::KeyUsage { .. } | Self::Algorithm { .. } | Self::DataKeyOfAsymmetric => {
                "InvalidKeyUsageException"
            }
            Self::DryRun => "DryRunOperationException",
            Self::ImpossibleKey(_) | Self::NoPublicKey { .. } | Self::NoKeyMaterial(_) => {
                "UnsupportedOperationException"
            }
        }
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}
