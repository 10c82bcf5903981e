//! What is asked of KMS, and how it may decline: the seam between the reader and the network.

use std::fmt;
use std::future::Future;

use thiserror::Error;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// A page of the aliases, from this marker on.
    ListAliases {
        marker: Option<String>,
    },
    /// A page of the keys, from this marker on.
    ListKeys {
        marker: Option<String>,
    },
    DescribeKey {
        key_id: String,
    },
}

/// The operation's name.
impl fmt::Display for Question {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ListAliases { .. } => "ListAliases",
            Self::ListKeys { .. } => "ListKeys",
            Self::DescribeKey { .. } => "DescribeKey",
        })
    }
}

/// Why a question has no answer, with the words of whoever declined.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// The caller may not ask this.
    #[error("{0}")]
    Denied(String),
    /// What is asked for does not exist.
    #[error("{0}")]
    Gone(String),
    /// Too much was asked at once.
    #[error("{0}")]
    Busy(String),
    /// All else: the network, the credentials, an answer that makes no sense.
    #[error("{0}")]
    Other(String),
}

/// A KMS that can be asked; a clone asks the same one.
pub trait Kms: Clone + Send + 'static {
    /// The body of the answer: JSON, as KMS sends it.
    fn ask(&self, question: Question) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send;
}
