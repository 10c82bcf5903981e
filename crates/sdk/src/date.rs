//! Dates of the SDK and of `kms_alias`.

use aws_sdk_kms::primitives::DateTime;
use kms_alias::Timestamp;

/// To the millisecond; a date beyond all that `kms_alias` holds is taken for its first or last.
pub(crate) fn timestamp(date: &DateTime) -> Timestamp {
    let end = if date.secs() < 0 { i64::MIN } else { i64::MAX };
    Timestamp::from_millis(date.to_millis().unwrap_or(end))
}

pub(crate) fn date_time(at: Timestamp) -> DateTime {
    DateTime::from_millis(at.as_millis())
}
