//! Time as a value: this crate has no clock.

use core::fmt;

/// A moment, in milliseconds since the Unix epoch (1970-01-01T00:00:00Z).
///
/// It reaches some 63,000 years in either direction, as far as KMS's own form, seconds with a
/// fraction in a double, tells milliseconds apart. What lies beyond is the first or the last
/// moment (ours).
///
/// ```
/// use kms_alias::Timestamp;
///
/// let at = Timestamp::from_millis(1_700_000_000_000);
/// assert_eq!(at.plus_days(1).as_millis() - at.as_millis(), 86_400_000);
/// assert_eq!(Timestamp::from_millis(i64::MAX), Timestamp::MAX);
/// assert_eq!(Timestamp::from_millis(i64::MIN), Timestamp::MIN);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(from = "i64", into = "i64")
)]
pub struct Timestamp(i64);

const MILLIS_PER_DAY: i64 = 86_400_000;

impl Timestamp {
    /// The first moment.
    pub const MIN: Self = Self(-2_000_000_000_000_000);
    /// The last moment.
    pub const MAX: Self = Self(2_000_000_000_000_000);

    /// The moment so many milliseconds after the epoch.
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
    ///
    /// ```
    /// use kms_alias::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_millis(1_700_000_000_123).as_seconds(), 1_700_000_000.123);
    /// ```
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a double tells all milliseconds of this type apart"
    )]
    pub const fn as_seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// The moment so many days of 24 hours later; the last one that there is, if there is none.
    #[must_use]
    pub const fn plus_days(self, days: u16) -> Self {
        Self::from_millis(
            self.0
                .saturating_add((days as i64).saturating_mul(MILLIS_PER_DAY)),
        )
    }
}

impl From<i64> for Timestamp {
    fn from(millis: i64) -> Self {
        Self::from_millis(millis)
    }
}

impl From<Timestamp> for i64 {
    fn from(at: Timestamp) -> Self {
        at.0
    }
}

/// Milliseconds since the epoch, as a number: for people, convert it with a time library.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
