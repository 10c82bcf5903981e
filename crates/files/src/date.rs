//! Dates as the two versions of the AWS CLI print them: epoch seconds, or ISO 8601.

use alloc::borrow::Cow;
use alloc::string::ToString;
use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use kms_alias::Timestamp;

const MILLIS_PER_SECOND: f64 = 1000.0;
const NANOS_PER_MILLI: i32 = 1_000_000;

/// A date as it came.
pub enum Date<'a> {
    Seconds(f64),
    Text(Cow<'a, str>),
}

impl Date<'_> {
    /// The moment; finer parts than a millisecond are rounded.
    pub fn timestamp(&self) -> Option<Timestamp> {
        match self {
            Self::Seconds(seconds) => from_seconds(*seconds),
            Self::Text(text) => from_iso_8601(text),
        }
    }
}

impl fmt::Display for Date<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // As short as it was written, and not with all its digits.
            Self::Seconds(seconds) => write!(f, "{seconds:?}"),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// Reads a time as people write it: seconds since the Unix epoch, or ISO 8601 with an offset.
///
/// ```
/// use kms_alias_files::parse_timestamp;
///
/// let at = parse_timestamp("2026-01-31T12:00:00.250+01:00");
/// assert_eq!(at, parse_timestamp("1769857200.25"));
/// assert!(at.is_some() && parse_timestamp("yesterday").is_none());
/// ```
#[must_use]
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    from_iso_8601(text).or_else(|| from_seconds(text.parse().ok()?))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "the first and the last moment are exact"
)]
fn from_seconds(seconds: f64) -> Option<Timestamp> {
    let millis = seconds * MILLIS_PER_SECOND;
    let moments = Timestamp::MIN.as_millis() as f64..=Timestamp::MAX.as_millis() as f64;
    moments
        .contains(&millis)
        .then(|| Timestamp::from_millis(floor(millis + 0.5)))
}

/// The whole number that is not above: without the standard library there is no other way.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "the moments that there are fit both"
)]
fn floor(number: f64) -> i64 {
    let whole = number as i64;
    if whole as f64 > number {
        whole.saturating_sub(1)
    } else {
        whole
    }
}

fn from_iso_8601(text: &str) -> Option<Timestamp> {
    let at = text.parse::<jiff::Timestamp>().ok()?;
    let nanos = at.subsec_nanosecond().saturating_add(NANOS_PER_MILLI / 2);
    let millis = at.as_second().checked_mul(1000)?;
    let millis = millis.checked_add(nanos.div_euclid(NANOS_PER_MILLI).into())?;
    Some(Timestamp::from_millis(millis))
}

/// A moment as JSON: ISO 8601, or epoch seconds where the year has no four digits.
pub fn to_json(at: Timestamp) -> serde_json::Value {
    match jiff::Timestamp::from_millisecond(at.as_millis()) {
        Ok(time) if at >= YEAR_0 => time.to_string().into(),
        _ => at.as_seconds().into(),
    }
}

/// The first moment of the year 0.
const YEAR_0: Timestamp = Timestamp::from_millis(-62_167_219_200_000);

impl<'de: 'a, 'a> Deserialize<'de> for Date<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DateVisitor)
    }
}

struct DateVisitor;

impl<'de> Visitor<'de> for DateVisitor {
    type Value = Date<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date, as epoch seconds or ISO 8601")
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds of any calendar are exact in a double"
    )]
    fn visit_i64<E: Error>(self, seconds: i64) -> Result<Self::Value, E> {
        Ok(Date::Seconds(seconds as f64))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds of any calendar are exact in a double"
    )]
    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Self::Value, E> {
        Ok(Date::Seconds(seconds as f64))
    }

    fn visit_f64<E: Error>(self, seconds: f64) -> Result<Self::Value, E> {
        Ok(Date::Seconds(seconds))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Date::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Date::Text(Cow::Owned(text.to_string())))
    }
}
