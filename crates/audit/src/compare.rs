//! Our verdict beside AWS's answer.

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

/// What the service says before a constraint that is broken, if it is the only one.
const ONE: &str = "1 validation error detected: ";

/// What it says before them, after their number, if there are several.
const SEVERAL: &str = " validation errors detected: ";

/// Whether a message is the words of a refusal; of several constraints it tells all, and a refusal
/// the first.
pub(super) fn says(message: &str, refusal: &Refusal) -> bool {
    let words = refusal.to_string();
    let among_others = |constraint| message.contains(SEVERAL) && message.contains(constraint);
    message == words || words.strip_prefix(ONE).is_some_and(among_others)
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
