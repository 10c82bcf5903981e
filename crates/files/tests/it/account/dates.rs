//! Dates in an account: what is written is read again, and what people write is read.

use kms_alias_files::parse_timestamp;

use super::*;

#[test]
fn every_moment_is_written_so_that_it_loads_again() {
    let mut millis = Timestamp::MAX.as_millis();
    while millis != 0 {
        for at in [millis, -millis, millis - 1, 1 - millis].map(Timestamp::from_millis) {
            let list = aliases(&[alias("alias/aws/s3", FIRST)]);
            let mut parts = loaded(&[&list]).snapshot();
            parts.aliases[0].creation_date = Some(at);
            let table = parts.into_table().expect("the same parts");
            assert_eq!(loaded(&[&list_aliases_json(&table)]), table, "{at:?}");
        }
        millis /= 3;
    }
    assert_eq!(Timestamp::from_millis(i64::MAX), Timestamp::MAX);
    assert_eq!(Timestamp::from_millis(i64::MIN), Timestamp::MIN);
    assert_eq!(Timestamp::MAX.plus_days(1), Timestamp::MAX);
}

#[test]
fn a_moment_is_written_as_a_number_where_its_year_has_no_four_digits() {
    let written = |millis: i64| {
        let list = aliases(&[alias("alias/aws/s3", FIRST)]);
        let mut parts = loaded(&[&list]).snapshot();
        parts.aliases[0].creation_date = Some(Timestamp::from_millis(millis));
        let json = list_aliases_json(&parts.into_table().expect("the same parts"));
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        json["Aliases"][0]["CreationDate"].to_string()
    };
    let (first, last) = (-62_167_219_200_000, 253_402_207_200_000);
    assert_eq!(written(first), "\"0000-01-01T00:00:00Z\"");
    assert_eq!(written(first - 1), "-62167219200.001");
    assert_eq!(written(last), "\"9999-12-30T22:00:00Z\"");
    assert_eq!(written(last + 86_400_000), "253402293600.0");
}

#[test]
fn a_moment_is_read_as_people_write_it() {
    for (text, millis) in [
        ("1769857200.25", Some(1_769_857_200_250)),
        ("-1", Some(-1000)),
        ("2026-01-31T12:00:00.250+01:00", Some(1_769_857_200_250)),
        ("2026-01-31T12:00:00", None),
        ("yesterday", None),
        ("", None),
        ("inf", None),
    ] {
        let at = millis.map(Timestamp::from_millis);
        assert_eq!(parse_timestamp(text), at, "{text}");
    }
}
