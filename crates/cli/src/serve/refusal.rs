//! What is refused before the protocol is reached.

use hyper::StatusCode;
use serde_json::json;

/// A request that no KMS operation is asked of, or that no answer is had to.
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// KMS is asked by POST.
    Method,
    /// KMS is asked at `/`.
    Path,
    /// Nothing names the operation.
    NoTarget,
    /// What names the operation names none of KMS's.
    NoOperation(String),
    /// The body is longer than the limit.
    TooLarge,
    /// The body did not come in time.
    TooSlow,
    /// The body broke off.
    Broken,
    /// The credential's scope names no Region.
    NoRegion(String),
    /// The signature is for Regions of which none is meant.
    NoRegionOfSet(String),
    /// More Regions than there are.
    TooManyRegions,
    /// All that this program does at once is under way.
    Busy,
    /// The other KMS gives no answer that could be handed on.
    NoAnswer(String),
    /// The other KMS gives no answer in time.
    NoAnswerInTime(String),
}

impl Refusal {
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Path => StatusCode::NOT_FOUND,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoAnswer(_) => StatusCode::BAD_GATEWAY,
            Self::NoAnswerInTime(_) => StatusCode::GATEWAY_TIMEOUT,
            Self::NoTarget
            | Self::NoOperation(_)
            | Self::Broken
            | Self::NoRegion(_)
            | Self::NoRegionOfSet(_)
            | Self::TooManyRegions => StatusCode::BAD_REQUEST,
        }
    }

    /// Whether the rest of what the client sends is not waited for.
    pub(crate) const fn is_last(&self) -> bool {
        matches!(
            self,
            Self::TooLarge | Self::TooSlow | Self::Broken | Self::Busy
        )
    }

    /// In the form of KMS's own errors, so that a client shows it as one.
    pub(crate) fn body(&self) -> Vec<u8> {
        json!({"__type": self.exception(), "message": self.message()})
            .to_string()
            .into_bytes()
    }

    const fn exception(&self) -> &'static str {
        match self {
            Self::Method | Self::Path | Self::NoTarget | Self::NoOperation(_) => {
                "UnknownOperationException"
            }
            Self::TooLarge => "RequestEntityTooLargeException",
            Self::TooSlow => "RequestTimeoutException",
            Self::Broken => "SerializationException",
            Self::NoRegion(_) | Self::NoRegionOfSet(_) => "InvalidSignatureException",
            Self::TooManyRegions => "LimitExceededException",
            Self::Busy => "ServiceUnavailableException",
            Self::NoAnswer(_) => "KMSInternalException",
            Self::NoAnswerInTime(_) => "DependencyTimeoutException",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Method => "KMS takes POST requests only".to_owned(),
            Self::Path => "KMS answers at the path / only".to_owned(),
            Self::NoTarget => {
                "the header X-Amz-Target, which names the operation, is missing".to_owned()
            }
            Self::NoOperation(target) => format!("`{target}` is no operation of KMS"),
            Self::TooLarge => "the request body is longer than 1 MiB".to_owned(),
            Self::TooSlow => "the request body did not come in time".to_owned(),
            Self::Broken => "the request body broke off".to_owned(),
            Self::NoRegion(text) => {
                format!("Credential should be scoped to a valid region, not '{text}'.")
            }
            Self::NoRegionOfSet(set) => format!(
                "the signature is for the Regions `{set}`, which name no Region in full and do not \
                 include one that is kept here"
            ),
            Self::TooManyRegions => "as many Regions as are kept at once hold keys already: \
                 restart the endpoint, or use fewer"
                .to_owned(),
            Self::Busy => {
                "as many requests as are taken at once are under way: try again".to_owned()
            }
            Self::NoAnswer(why) | Self::NoAnswerInTime(why) => why.clone(),
        }
    }
}
