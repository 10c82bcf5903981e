//! Our verdict beside AWS's answer.

use alloc::string::ToString;

use super::answer::AwsError;
use super::finding::Difference;
use crate::operation::Refusal;

/// How far an answer of AWS's is that of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Another exception.
    No,
    /// The same exception, in other words or in none.
    Exception,
    /// The same exception in the same words.
    Words,
}

pub(super) fn fit(refusal: &Refusal, aws: &AwsError) -> Fit {
    if !aws.is(refusal.exception()) {
        Fit::No
    } else if aws
        .message()
        .is_some_and(|message| message == refusal.to_string())
    {
        Fit::Words
    } else {
        Fit::Exception
    }
}

/// How verdict and answer differ, if they do. A message that the log does not have is no
/// difference.
pub(super) fn difference<T>(
    ours: &Result<T, Refusal>,
    aws: Option<&AwsError>,
) -> Option<Difference> {
    match (ours, aws) {
        (Ok(_), None) => None,
        (Ok(_), Some(_)) => Some(Difference::AwsRefuses),
        (Err(_), None) => Some(Difference::AwsAccepts),
        (Err(refusal), Some(error)) => match fit(refusal, error) {
            Fit::No => Some(Difference::Exception),
            Fit::Exception if error.message().is_some() => Some(Difference::Words),
            Fit::Exception | Fit::Words => None,
        },
    }
}
