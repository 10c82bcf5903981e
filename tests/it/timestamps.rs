//! Timestamps: seconds, milliseconds and their bounds.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kms_alias::Timestamp;

#[test]
fn seconds_and_milliseconds_are_one_moment() {
    let at = Timestamp::from_secs(1_700_000_000);
    assert_eq!(at, Timestamp::from_millis(1_700_000_000_000));
    assert_eq!(at.as_millis(), 1_700_000_000_000);
    assert_eq!(
        at + Duration::from_micros(1_999),
        Timestamp::from_millis(1_700_000_000_001)
    );
}

#[test]
fn what_lies_beyond_saturates() {
    assert_eq!(Timestamp::from_secs(i64::MAX), Timestamp::MAX);
    assert_eq!(Timestamp::from_secs(i64::MIN), Timestamp::MIN);
    assert_eq!(Timestamp::MAX + Duration::MAX, Timestamp::MAX);
    assert_eq!(Timestamp::MAX.plus_days(1), Timestamp::MAX);
    let read: Timestamp = serde_json::from_str("9223372036854775807").expect("a number");
    assert_eq!(read, Timestamp::MAX);
    assert_eq!(
        serde_json::to_string(&Timestamp::from_millis(7)).expect("a number"),
        "7"
    );
}

#[test]
fn the_clock_of_the_system_is_a_timestamp() {
    assert_eq!(Timestamp::from(UNIX_EPOCH), Timestamp::from_millis(0));
    let before = UNIX_EPOCH - Duration::from_millis(5);
    assert_eq!(Timestamp::from(before), Timestamp::from_millis(-5));
    assert!(Timestamp::from(SystemTime::now()) > Timestamp::from_secs(1_600_000_000));
}
