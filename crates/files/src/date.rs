//! Dates as the two versions of the AWS CLI print them: epoch seconds, or ISO 8601.

use alloc::borrow::Cow;
use alloc::string::ToString;
use core::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use kms_alias::Timestamp;

const MILLIS_PER_SECOND: f64 = 1000.0;
const NANOS_PER_MILLI: i32 = 1_000_000;

/// A date as it came.
#[derive(PartialEq)]
pub(crate) enum Date<'a> {
    Seconds(f64),
    Text(Cow<'a, str>),
    /// A recorded answer of boto3 takes a date apart; it is in UTC.
    Parts(Parts),
}

/// The parts of a date.
#[derive(Debug, PartialEq, serde::Deserialize)]
pub(crate) struct Parts {
    year: i16,
    month: i8,
    day: i8,
    #[serde(default)]
    hour: i8,
    #[serde(default)]
    minute: i8,
    #[serde(default)]
    second: i8,
    #[serde(default)]
    microsecond: i32,
}

impl Parts {
    fn timestamp(&self) -> Option<Timestamp> {
        let nanos = self.microsecond.checked_mul(1000)?;
        let (hour, minute, second) = (self.hour, self.minute, self.second);
        let civil = jiff::civil::DateTime::new(
            self.year, self.month, self.day, hour, minute, second, nanos,
        );
        from_civil(civil.ok()?, jiff::tz::Offset::UTC)
    }
}

impl Date<'_> {
    /// The moment; finer parts than a millisecond are rounded.
    pub(crate) fn timestamp(&self) -> Option<Timestamp> {
        match self {
            Self::Seconds(seconds) => from_seconds(*seconds),
            Self::Text(text) => from_iso_8601(text).or_else(|| from_dot_net(text)),
            Self::Parts(parts) => parts.timestamp(),
        }
    }
}

impl fmt::Display for Date<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // As short as it was written, and not with all its digits.
            Self::Seconds(seconds) => write!(f, "{seconds:?}"),
            Self::Text(text) => text.fmt(f),
            Self::Parts(parts) => write!(f, "{parts:?}"),
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
    let pieces = jiff::fmt::temporal::Pieces::parse(text).ok()?;
    let civil = pieces.date().to_datetime(pieces.time()?);
    from_civil(civil, pieces.to_numeric_offset()?)
}

fn from_civil(civil: jiff::civil::DateTime, offset: jiff::tz::Offset) -> Option<Timestamp> {
    // By way of the calendar: `jiff::Timestamp` ends some hours before the year 9999 does.
    let since_epoch = civil.duration_since(EPOCH).checked_sub(offset_of(offset))?;
    let nanos = since_epoch
        .subsec_nanos()
        .checked_add(NANOS_PER_MILLI / 2)?;
    let millis = since_epoch.as_secs().checked_mul(1000)?;
    let millis = millis.checked_add(nanos.div_euclid(NANOS_PER_MILLI).into())?;
    Some(Timestamp::from_millis(millis))
}

/// A date as PowerShell writes it in JSON: `/Date(1700000000000)/`, in milliseconds.
fn from_dot_net(text: &str) -> Option<Timestamp> {
    let millis = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    from_seconds(millis.parse::<f64>().ok()? / MILLIS_PER_SECOND)
}

const fn offset_of(offset: jiff::tz::Offset) -> jiff::SignedDuration {
    jiff::SignedDuration::from_secs(offset.seconds() as i64)
}

/// The first moment of 1970, in UTC.
const EPOCH: jiff::civil::DateTime = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0);

/// A moment as JSON: ISO 8601, or epoch seconds where the year has no four digits.
pub(crate) fn to_json(at: Timestamp) -> serde_json::Value {
    match jiff::Timestamp::from_millisecond(at.as_millis()) {
        Ok(time) if at >= YEAR_0 => time.to_string().into(),
        _ => at.as_seconds().into(),
    }
}

/// The day of a moment, in UTC; the moment in seconds where the year has no four digits.
pub(crate) fn day(at: Timestamp) -> String {
    match jiff::Timestamp::from_millisecond(at.as_millis()) {
        Ok(time) if at >= YEAR_0 => time.strftime("%Y-%m-%d").to_string(),
        _ => at.as_seconds().to_string(),
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

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Parts::deserialize(MapAccessDeserializer::new(map)).map(Date::Parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_of_the_calendar_is_a_time_like_any_other() {
        for (text, seconds) in [
            ("9999-12-31T00:00:00Z", "253402214400"),
            ("9999-12-31T23:59:59Z", "253402300799"),
            ("9999-12-31T23:59:59-12:00", "253402343999"),
            ("0000-01-01T00:00:00Z", "-62167219200"),
            ("1969-12-31T23:59:59.5Z", "-0.5"),
        ] {
            let at = parse_timestamp(text);
            assert!(at.is_some(), "{text}");
            assert_eq!(at, parse_timestamp(seconds), "{text}");
        }
    }

    #[test]
    fn a_time_without_an_offset_is_none() {
        for text in [
            "2026-01-01T00:00:00",
            "2026-01-01",
            "2026-01-01Z",
            "soon",
            "",
        ] {
            assert_eq!(parse_timestamp(text), None, "{text}");
        }
    }
}
