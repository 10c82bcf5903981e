//! An event on which AWS and these rules differ.

use alloc::vec::Vec;
use core::fmt;

use super::choice::Choice;
use super::event::Event;
use kms_alias::Refusal;

/// How AWS and these rules differ on an event.
///
/// ```
/// use kms_alias_files::File;
/// use kms_alias_audit::{Coverage, Difference, audit, read_trail};
/// use kms_alias::{AliasTable};
///
/// let bytes = br#"{"Records": [{
///     "eventSource": "kms.amazonaws.com", "eventName": "DeleteAlias", "eventID": "1",
///     "eventTime": "2026-01-31T12:00:00Z", "awsRegion": "eu-west-3",
///     "recipientAccountId": "111122223333", "requestParameters": {"aliasName": "alias/aws/s3"},
///     "errorCode": "ValidationException"
/// }]}"#;
/// let trail = read_trail(&[File { name: "trail.json", bytes }])?;
/// let table = AliasTable::new("arn:aws:kms:eu-west-3:111122223333".parse()?);
/// let report = audit(table, Coverage::Whole, &trail);
/// // Both refuse a reserved name (rule A4), with different exceptions.
/// assert_eq!(report.findings()[0].difference(), Difference::Exception);
/// assert_eq!(Difference::Exception.to_string(), "another exception");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Difference {
    /// AWS refused what these rules allow.
    AwsRefuses,
    /// AWS did what these rules refuse.
    AwsAccepts,
    /// Both refuse, with different exceptions.
    Exception,
    /// Both refuse with the same exception, in different words.
    Words,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::AwsRefuses => "AWS refuses",
            Self::AwsAccepts => "AWS accepts",
            Self::Exception => "another exception",
            Self::Words => "other words",
        })
    }
}

/// An event on which AWS and these rules differ, with both sides.
///
/// ```
/// use kms_alias_files::File;
/// use kms_alias_audit::{Choice, Coverage, audit, read_trail};
/// use kms_alias::{AliasTable, Rule};
///
/// let bytes = br#"{"Records": [{
///     "eventSource": "kms.amazonaws.com", "eventName": "DeleteAlias", "eventID": "1",
///     "eventTime": "2026-01-31T12:00:00Z", "awsRegion": "eu-west-3",
///     "recipientAccountId": "111122223333", "requestParameters": {"aliasName": "alias/aws/s3"},
///     "errorCode": "ValidationException"
/// }]}"#;
/// let trail = read_trail(&[File { name: "trail.json", bytes }])?;
/// let table = AliasTable::new("arn:aws:kms:eu-west-3:111122223333".parse()?);
/// let report = audit(table, Coverage::Whole, &trail);
/// let finding = &report.findings()[0];
/// assert_eq!(finding.event().name(), "DeleteAlias");
/// assert_eq!(finding.ours().map(|refusal| refusal.rule()), Some(Rule::A4));
/// assert_eq!(finding.difference().to_string(), "another exception");
/// // What this crate chose, the log contradicts: no source says which exception it is.
/// assert_eq!(finding.choices(), [Choice::ReservedNameException]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    pub(super) event: &'a Event,
    pub(super) ours: Option<Refusal>,
    pub(super) difference: Difference,
    pub(super) choices: Vec<Choice>,
}

impl<'a> Finding<'a> {
    /// The event, which has AWS's side.
    #[must_use]
    pub const fn event(&self) -> &'a Event {
        self.event
    }

    /// What these rules say: the refusal, or none where they allow it.
    #[must_use]
    pub const fn ours(&self) -> Option<&Refusal> {
        self.ours.as_ref()
    }

    /// How the two differ.
    #[must_use]
    pub const fn difference(&self) -> Difference {
        self.difference
    }

    /// The choices of ours that it contradicts. If there are none, a rule that has a source does
    /// not hold, or account and log do not tell all.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }
}
