//! What AWS answered, and what kind of answer it is.

use alloc::boxed::Box;
use core::fmt;

use super::not_judged::NotJudged;

/// An error that AWS answered with, as the log has it: `errorCode` and `errorMessage`.
///
/// ```
/// use kms_alias_files::File;
/// use kms_alias_audit::read_trail;
///
/// let bytes = br#"{"Records": [{
///     "eventSource": "kms.amazonaws.com", "eventName": "DeleteAlias", "eventID": "1",
///     "eventTime": "2026-01-31T12:00:00Z", "awsRegion": "eu-west-3",
///     "recipientAccountId": "111122223333", "requestParameters": {"aliasName": "alias/old"},
///     "errorCode": "NotFoundException", "errorMessage": "Alias is not found."
/// }]}"#;
/// let trail = read_trail(&[File { name: "trail.json", bytes }])?;
/// let error = trail.events()[0].error().expect("AWS refused");
/// assert_eq!((error.code(), error.message()), ("NotFoundException", Some("Alias is not found.")));
/// assert!(error.is("NotFoundException"));
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsError {
    code: Box<str>,
    message: Option<Box<str>>,
}

/// Codes for want of permission, without their `Exception`.
const PERMISSION: &[&str] = &[
    "AccessDenied",
    "ExpiredToken",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "InvalidSignature",
    "MissingAuthenticationToken",
    "OptInRequired",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnauthorizedOperation",
    "UnrecognizedClient",
    "VpceAccessDenied",
];

/// Codes of a service that is busy or broken, without their `Exception`.
const SERVICE: &[&str] = &[
    "DependencyTimeout",
    "InternalError",
    "InternalFailure",
    "KMSInternal",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "Throttling",
    "TooManyRequests",
];

/// Codes by which KMS speaks of whether a key exists and how it stands, without their `Exception`.
const OF_A_KEY: &[&str] = &["Disabled", "InvalidArn", "KMSInvalidState", "NotFound"];

impl AwsError {
    /// An error; an empty message is none.
    pub(super) fn new(code: &str, message: Option<&str>) -> Self {
        Self {
            code: code.into(),
            message: message
                .filter(|message| !message.is_empty())
                .map(Into::into),
        }
    }

    /// `errorCode`, as it came.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// `errorMessage`, if there is one.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Whether the code is that of an exception.
    ///
    /// The log may leave `Exception` away, or put a name space or `Client.` before it.
    #[must_use]
    pub fn is(&self, exception: &str) -> bool {
        bare(&self.code).eq_ignore_ascii_case(bare(exception))
    }

    fn is_one_of(&self, codes: &[&str]) -> bool {
        codes.iter().any(|code| self.is(code))
    }

    /// Why this answer says nothing about any rule, if it does not.
    pub(super) fn beside_the_rules(&self) -> Option<NotJudged> {
        if self.is_one_of(PERMISSION) {
            Some(NotJudged::Permission)
        } else if self.is_one_of(SERVICE) {
            Some(NotJudged::Service)
        } else {
            None
        }
    }

    /// Whether this answer is about the key that a call names, and not about the rest of the call.
    pub(super) fn is_of_a_key(&self) -> bool {
        self.is_one_of(OF_A_KEY)
    }

    /// Whether this may be how AWS refuses a reserved name: with the exception of the documentation, or
    /// with that of the emulators.
    pub(super) fn is_of_reserved_names(&self) -> bool {
        self.is_one_of(&["InvalidAliasName", "NotAuthorized"])
    }

    /// A call that was only to be tried, and would have worked.
    pub(super) fn is_dry_run(&self) -> bool {
        self.is("DryRunOperation")
    }
}

/// A code without what the log may add or leave away.
fn bare(code: &str) -> &str {
    let code = code.rsplit(['#', '.']).next().unwrap_or(code);
    code.strip_suffix("Exception").unwrap_or(code)
}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)?;
        match &self.message {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}
