//! What is refused before the protocol is reached.

use hyper::StatusCode;
use serde_json::json;

/// A request that no KMS operation is asked of.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// KMS is asked by POST.
    Method,
    /// KMS is asked at `/`.
    Path,
    /// The body is longer than the limit.
    TooLarge,
    /// The body did not come in time.
    TooSlow,
    /// The body broke off.
    Broken,
    /// The credential's scope names no Region.
    NoRegion(String),
    /// More Regions than there are.
    TooManyRegions,
}

impl Refusal {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Path => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Broken | Self::NoRegion(_) | Self::TooManyRegions => StatusCode::BAD_REQUEST,
        }
    }

    /// In the form of KMS's own errors, so that a client shows it as one.
    pub(crate) fn body(&self) -> Vec<u8> {
        json!({"__type": self.exception(), "message": self.message()})
            .to_string()
            .into_bytes()
    }

    const fn exception(&self) -> &'static str {
        match self {
            Self::Method | Self::Path => "UnknownOperationException",
            Self::TooLarge => "RequestEntityTooLargeException",
            Self::TooSlow => "RequestTimeoutException",
            Self::Broken => "SerializationException",
            Self::NoRegion(_) => "InvalidSignatureException",
            Self::TooManyRegions => "LimitExceededException",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Method => "KMS takes POST requests only".to_owned(),
            Self::Path => "KMS answers at the path / only".to_owned(),
            Self::TooLarge => "the request body is longer than 1 MiB".to_owned(),
            Self::TooSlow => "the request body did not come in time".to_owned(),
            Self::Broken => "the request body broke off".to_owned(),
            Self::NoRegion(text) => {
                format!("Credential should be scoped to a valid region, not '{text}'.")
            }
            Self::TooManyRegions => "more Regions than AWS has are in use".to_owned(),
        }
    }
}
