//! Moments as numbers.

use kms_alias::Timestamp;

#[test]
fn a_moment_is_its_milliseconds_between_the_first_and_the_last() {
    let at = Timestamp::from_millis(-1500);
    assert_eq!(
        (at.as_millis(), at.to_string()),
        (-1500, "-1500".to_owned())
    );
    assert_eq!(at.as_seconds(), -1.5);
    for (bound, beyond) in [(Timestamp::MIN, -1), (Timestamp::MAX, 1)] {
        let millis = bound.as_millis();
        assert_eq!(Timestamp::from_millis(millis + beyond), bound);
        assert_eq!(
            Timestamp::from_millis(millis - beyond).as_millis(),
            millis - beyond
        );
    }
}
