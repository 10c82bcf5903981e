//! Our verdict beside AWS's answer.

use alloc::format;
use alloc::string::ToString;

use super::answer::AwsError;
use super::finding::Difference;
use kms_alias::Refusal;

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
    } else if aws.message().is_some_and(|message| says(message, refusal)) {
        Fit::Words
    } else {
        Fit::Exception
    }
}

/// Whether a message is the words of a refusal; several constraints may be told in any order.
pub(super) fn says(message: &str, refusal: &Refusal) -> bool {
    match refusal {
        Refusal::Constraints(violations) => {
            let count = violations.iter().count();
            let mut told = violations.iter().map(ToString::to_string);
            message.starts_with(&format!("{count} validation error"))
                && told.all(|violation| message.contains(&violation))
        }
        _ => message == refusal.to_string(),
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
