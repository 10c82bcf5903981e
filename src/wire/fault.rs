//! Why a request is answered with an error body.

use alloc::format;
use alloc::string::{String, ToString};

use serde::ser::{Serialize, Serializer};

use super::validate::Violations;
use crate::key::ImpossibleKey;
use crate::operation::Refusal;
use crate::table::Inconsistent;

/// Why a request is refused: the exception's name, and its words by `Display`.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// A rule of the table, or the shape of a member that a rule is about.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Members that break the service model. The words are the service's own form.
    #[error(transparent)]
    Invalid(#[from] Violations),
    /// No operation of this endpoint. The words are ours.
    #[error("{0} is not an operation that this crate models")]
    UnknownOperation(String),
    /// A body that is no JSON structure. The words are ours.
    #[error("the body is no JSON structure: {0}")]
    NotJson(String),
    /// CreateKey: rule M, K2, S1–S3.
    #[error("{}", impossible_key(.0))]
    ImpossibleKey(ImpossibleKey),
    /// CreateKey: a usage has to be named. The words are an emulator's.
    #[error(
        "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
    )]
    KeyUsageMissing,
    /// CreateKey: the key ID that was handed in is taken. Exception and words are ours.
    #[error("{0}")]
    KeyNotNew(Inconsistent),
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
            Self::Refused(refusal) => refusal.exception(),
            Self::ImpossibleKey(ImpossibleKey::Usage { .. })
            | Self::KeyUsageMissing
            | Self::Invalid(_) => "ValidationException",
            Self::UnknownOperation(_) => "UnknownOperationException",
            Self::ImpossibleKey(_) => "UnsupportedOperationException",
            Self::KeyNotNew(_) => "AlreadyExistsException",
            Self::NotJson(_) => "SerializationException",
        }
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}
