//! Times: as arguments give them, as the clock tells them, and as CloudTrail writes them.

use std::time::SystemTime;

use kms_alias::Timestamp;
use kms_alias_files::parse_timestamp;

use super::exit::Unusable;

/// A time as an argument gives it.
pub fn parse_time(text: &str) -> Result<Timestamp, String> {
    parse_timestamp(text).ok_or_else(|| {
        "expected ISO 8601 with an offset, such as 2026-01-31T12:00:00Z, of the years 0 to 9999, or \
         seconds since the Unix epoch"
            .to_owned()
    })
}

pub fn system_time() -> Result<Timestamp, Unusable> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(Timestamp::from_millis(i64::try_from(since.as_millis())?))
}

/// A time as CloudTrail writes it.
pub fn cloud_trail_time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .map_or_else(|_| at.as_millis().to_string(), |at| at.to_string())
}
