//! Why a request is answered with an error body.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};

use serde::ser::{Serialize, Serializer};

use kms_alias::Inconsistent;
use kms_alias::Refusal;
use kms_alias::{ImpossibleKey, KeyArn, KeyId};
use kms_alias::{KeySpec, KeyUsage, KmsOperation};

/// Why a request is refused: the exception's name, and its words by `Display`.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// No operation of this endpoint. The words are ours.
    #[error("{}", unknown_operation(.0))]
    UnknownOperation(Box<str>),
    /// A body that is no JSON structure. The words are ours.
    #[error("the body is not a JSON structure: {0}")]
    NotJson(String),
    /// Members that break the service model, or a rule of the table.
    #[error(transparent)]
    Refused(#[from] Refusal),

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
    /// Tags that cannot be.
    #[error("{0}")]
    Tags(&'static str),
    /// CreateKey: the key ID that was handed in is taken. Exception and words are ours.
    #[error("{0}")]
    KeyNotNew(Inconsistent),

    /// GetKeyPolicy and PutKeyPolicy: no policy but the default one. The words are an emulator's.
    #[error("No such policy exists")]
    NoSuchPolicy,
    /// What a key carries could not be changed. Exception and words are ours.
    #[error("{0}")]
    KeyNotChanged(Inconsistent),
    /// CreateGrant: the session of a role that is named with the path of the role.
    #[error("ARN is not valid: {0}")]
    Principal(Box<str>),
    /// CreateGrant: an encryption context on a key that takes none.
    #[error(
        "EncryptionContext is supported only when creating a grant for a symmetric encryption KMS key."
    )]
    GrantContext,
    /// CreateGrant: operations that the key is not for.
    #[error(
        "Operations [{others}] are not supported when creating a grant for a symmetric KMS key with \
         key usage {usage}. Valid operations are [{valid}]"
    )]
    GrantOperations {
        others: Box<str>,
        usage: KeyUsage,
        valid: Box<str>,
    },
    /// CreateGrant: nothing stands against it. The words are ours.
    #[error("nothing stands against CreateGrant, but kms-alias keeps no grants")]
    NoGrants,
    /// Rotation of a replica, which goes with its primary.
    #[error("{key} is a multi-region replica key which is not valid for {operation}.")]
    Replica {
        key: KeyArn,
        operation: KmsOperation,
    },
    /// RotateKeyOnDemand of imported key material.
    #[error("No available key material pending rotation for the key: {0}.")]
    NoMaterialToRotateTo(KeyArn),
    /// ListKeyRotations: key material of other keys than symmetric ones.
    #[error("Input parameter includeKeyMaterial can only be used with symmetric keys.")]
    MaterialOfOthers,
    /// GetParametersForImport: key material of such a key is not wrapped so.
    #[error(
        "Wrapping algorithm {algorithm} and wrapping key spec {wrapping} cannot be used to import a \
         {spec} key."
    )]
    Wrapping {
        algorithm: Box<str>,
        wrapping: Box<str>,
        spec: KeySpec,
    },
    /// UpdatePrimaryRegion of what is no primary.
    #[error("{0} is not a multi-Region primary key.")]
    NotPrimaryToMove(KeyArn),
    /// ReplicateKey into what is no Region.
    #[error(
        "Region {0} is not a valid Region or multi-Region keys are not supported in Region {0}."
    )]
    NoSuchRegion(Box<str>),
    /// UpdatePrimaryRegion where no replica is.
    #[error("{0} does not have a replica key in the specified Region.")]
    NoReplicaThere(KeyId),

    /// GenerateDataKey: both lengths or none.
    #[error("Please specify either number of bytes or key spec.")]
    DataKeyLength,
    /// Decrypt with an algorithm of asymmetric keys, and no key.
    #[error("KeyId must not be null")]
    KeyIdMissing,
    /// The spec of the key does not fit the algorithm.
    #[error("Algorithm {algorithm} is incompatible with key spec {spec}.")]
    Algorithm { algorithm: Box<str>, spec: KeySpec },
    /// The type of the message does not fit the spec of the key.
    #[error("Message type {message_type} is incompatible with key spec {spec}.")]
    MessageSpec {
        message_type: Box<str>,
        spec: KeySpec,
    },
    /// The type of the message does not fit the algorithm.
    #[error("Message type {message_type} is incompatible with algorithm {algorithm}.")]
    MessageAlgorithm {
        message_type: Box<str>,
        algorithm: Box<str>,
    },
    /// A digest of another length than the algorithm's hash has.
    #[error("Digest is invalid length for algorithm {0}.")]
    DigestLength(Box<str>),
    /// A mu of another length.
    #[error("External Mu is invalid length for algorithm {0}.")]
    MuLength(Box<str>),
    /// More than an asymmetric key can encrypt at once.
    #[error(
        "Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than {most} bytes."
    )]
    PlaintextLength {
        algorithm: Box<str>,
        spec: KeySpec,
        most: usize,
    },
    /// An encryption context for an asymmetric key.
    #[error("EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.")]
    EncryptionContext,
    /// Data keys are made by symmetric encryption keys alone.
    #[error("You cannot generate a data key with an asymmetric CMK")]
    DataKeyOfAsymmetric,
    /// An operation that is not for keys of this spec; AWS says nothing more of it.
    #[error("")]
    Unsupported,
    /// A dry run that found nothing against the call.
    #[error("The request would have succeeded, but the DryRun option is set.")]
    DryRun,
    /// Nothing but key material is missing. The words are ours.
    #[error("nothing stands against {0}, but kms-alias holds no key material to do it with")]
    NoKeyMaterial(KmsOperation),
}

fn unknown_operation(target: &str) -> String {
    if target.is_empty() {
        "the header X-Amz-Target is missing: it names the operation".into()
    } else {
        format!("{target} is not an operation that kms-alias models")
    }
}

/// Rules M, K2, S1–S3.
impl From<ImpossibleKey> for Fault {
    fn from(impossible: ImpossibleKey) -> Self {
        Self::Refused(Refusal::ImpossibleKey(impossible))
    }
}

impl Fault {
    /// Whether it is no refusal: the table does not know the answer (rule I6).
    pub(super) const fn is_want_of_knowledge(&self) -> bool {
        matches!(self, Self::Refused(Refusal::NotDescribed { .. }))
    }

    /// The name of KMS's exception.
    pub(super) fn exception(&self) -> &'static str {
        match self {
            Self::UnknownOperation(_) => "UnknownOperationException",
            Self::NotJson(_) => "SerializationException",
            // No answer of KMS: the endpoint does not know enough. The exception is ours.
            Self::Refused(Refusal::NotDescribed { .. }) => "KMSInternalException",
            Self::Refused(refusal) => refusal.exception(),
            Self::KeySpecTwice
            | Self::OtherOrigin { .. }
            | Self::DataKeyLength
            | Self::GrantContext
            | Self::GrantOperations { .. }
            | Self::MaterialOfOthers
            | Self::Wrapping { .. }
            | Self::NoSuchRegion(_)
            | Self::NoReplicaThere(_)
            | Self::KeyIdMissing
            | Self::MessageSpec { .. }
            | Self::MessageAlgorithm { .. }
            | Self::DigestLength(_)
            | Self::MuLength(_)
            | Self::PlaintextLength { .. }
            | Self::EncryptionContext => "ValidationException",
            Self::MalformedPolicy => "MalformedPolicyDocumentException",
            Self::Tags(_) => "TagException",
            Self::KeyNotNew(_) => "AlreadyExistsException",
            Self::NoSuchPolicy => "NotFoundException",
            Self::Principal(_) => "InvalidArnException",
            Self::NoMaterialToRotateTo(_) | Self::NotPrimaryToMove(_) | Self::KeyNotChanged(_) => {
                "KMSInvalidStateException"
            }
            Self::Algorithm { .. } | Self::DataKeyOfAsymmetric => "InvalidKeyUsageException",
            Self::DryRun => "DryRunOperationException",
            Self::Unsupported | Self::NoKeyMaterial(_) | Self::NoGrants | Self::Replica { .. } => {
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
