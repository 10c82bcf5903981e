//! Time as a value: this crate has no clock.

use core::ops::Add;
use core::time::Duration;

/// A moment, in milliseconds since the Unix epoch (1970-01-01T00:00:00Z).
///
/// The range is about 63,000 years before and after 1970. In it KMS's own form, seconds with a
/// fraction as a double, still distinguishes milliseconds. What lies beyond saturates at
/// [`MIN`](Self::MIN) or [`MAX`](Self::MAX) (ours). Dates as text are read and written by
/// `kms-alias-files`.
///
/// ```
/// use core::time::Duration;
/// use kms_alias::Timestamp;
///
/// let at = Timestamp::from_secs(1_700_000_000);
/// assert_eq!(at, Timestamp::from_millis(1_700_000_000_000));
/// assert_eq!(at + Duration::from_millis(5), Timestamp::from_millis(1_700_000_000_005));
/// assert_eq!(at.plus_days(1).as_millis() - at.as_millis(), 86_400_000);
/// assert_eq!(Timestamp::from_millis(1_700_000_000_123).as_seconds(), 1_700_000_000.123);
/// assert_eq!(Timestamp::from_millis(i64::MAX), Timestamp::MAX);
/// assert_eq!(Timestamp::from_millis(i64::MIN), Timestamp::MIN);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub struct Timestamp(#[cfg_attr(feature = "serde", serde(deserialize_with = "within_reach"))] i64);

const MILLIS_PER_DAY: i64 = 86_400_000;

impl Timestamp {
    /// The first moment.
    pub const MIN: Self = Self(-2_000_000_000_000_000);
    /// The last moment.
    pub const MAX: Self = Self(2_000_000_000_000_000);

    /// The moment this many seconds after the epoch.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self::from_millis(seconds.saturating_mul(1000))
    }

    /// The moment this many milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        if millis < Self::MIN.0 {
            Self::MIN
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// The milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The seconds since the epoch with their fraction, which is KMS's own form of a date.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a double tells all milliseconds of this type apart"
    )]
    pub const fn as_seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// The moment this many days of 24 hours later; saturates at [`MAX`](Self::MAX).
    #[must_use]
    pub const fn plus_days(self, days: u16) -> Self {
        Self::from_millis(
            self.0
                .saturating_add((days as i64).saturating_mul(MILLIS_PER_DAY)),
        )
    }
}

/// Saturates at [`Timestamp::MAX`]; what is less than a millisecond is cut off.
impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_add(millis))
    }
}

/// Saturates at both ends; what is less than a millisecond is cut off.
#[cfg(feature = "std")]
impl From<std::time::SystemTime> for Timestamp {
    fn from(at: std::time::SystemTime) -> Self {
        let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        match at.duration_since(std::time::UNIX_EPOCH) {
            Ok(after) => Self::from_millis(millis(after)),
            Err(before) => Self::from_millis(millis(before.duration()).saturating_neg()),
        }
    }
}

/// Reads milliseconds, and saturates as [`Timestamp::from_millis`] does.
#[cfg(feature = "serde")]
fn within_reach<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let millis = serde::Deserialize::deserialize(deserializer)?;
    Ok(Timestamp::from_millis(millis).0)
}
