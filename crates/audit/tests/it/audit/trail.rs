//! What is a log, and what of it is read.

use super::*;

#[test]
fn a_trail_is_records_pages_or_bare_records_in_any_order_and_number() {
    let first = on_alias(1, "CreateAlias", "alias/b", KEY, &Answer::Ok);
    let second = on_alias(2, "UpdateAlias", "alias/b", OTHER, &Answer::Ok);
    let third = record(
        3,
        "DeleteAlias",
        json!({"aliasName": "alias/b"}),
        &Answer::Ok,
    );
    let page = json!({"Events": [{
        "EventId": "1", "EventName": "UpdateAlias", "CloudTrailEvent": second.to_string(),
    }]});
    let stream = format!("{third}{page}");
    let trail = read(&[&stream, &file(std::slice::from_ref(&first))]);
    let names: Vec<_> = trail.events().iter().map(|event| event.name()).collect();
    assert_eq!(names, ["CreateAlias", "UpdateAlias", "DeleteAlias"]);
    let report = audit(account(), Coverage::Whole, &trail);
    assert_eq!(counts(&report), (3, 0, Vec::new()));
}

#[test]
fn events_of_other_services_and_repeated_ones_are_left_out() {
    let event = record(
        1,
        "DeleteAlias",
        json!({"aliasName": "alias/a"}),
        &Answer::Ok,
    );
    let mut s3 = event.clone();
    s3["eventSource"] = json!("s3.amazonaws.com");
    s3["eventTime"] = json!(5);
    let mut insight = event.clone();
    insight["eventType"] = json!("AwsCloudTrailInsight");
    let trail = log(&[event.clone(), s3, json!({}), insight, event]);
    assert_eq!(trail.events().len(), 1);
    assert_eq!((trail.other_services(), trail.repeated()), (2, 1));
    assert_eq!(trail.without_source(), 1);
}

#[test]
fn a_file_that_is_no_log_is_an_error_with_its_place() {
    let kms = |more: &str| format!(r#"{{"eventSource": "kms.amazonaws.com"{more}}}"#);
    let named = r#", "eventName": "DeleteAlias""#;
    for (text, expected) in [
        (String::new(), "t: the file holds no JSON document"),
        (
            "{}".to_owned(),
            "t:1: the document has neither `Records` nor `Events`, and is no record of CloudTrail",
        ),
        (
            "[]".to_owned(),
            "t:1: this is an array, and an object is expected here",
        ),
        (
            "{\"Records\": [\n".to_owned(),
            "t:2: the file ends in the middle of an array: it is cut short, so print or copy it again",
        ),
        (
            r#"{"Records": 5}"#.to_owned(),
            "t:1: this is the number `5`, and an array is expected here (column 13)",
        ),
        (
            format!("{{\"Records\": [\n{{}},\n{}]}}", kms("")),
            "t:3: Records[1]: `eventTime` is missing",
        ),
        (
            format!(
                "{{\"Records\": [{}]}}",
                kms(r#", "eventTime": "2026-01-01T00:00:00Z""#)
            ),
            "t:1: Records[0]: `eventName` is missing",
        ),
        (
            kms(&format!(r#"{named}, "eventTime": "soon""#)),
            "t:1: `soon` is neither a number of seconds since the Unix epoch nor an ISO 8601 time with an offset",
        ),
        (
            format!(
                "\n{{\"Events\": [{{}},\n{{\"CloudTrailEvent\": {}}}]}}",
                json!(kms(named))
            ),
            "t:2: Events[0]: `CloudTrailEvent` is missing",
        ),
        (
            kms(r#", "requestParameters": [1]"#),
            "t:1: this is an array, and an object is expected here",
        ),
        (
            kms(r#", "eventName": "A", "eventName": "B""#),
            "t:1: the member `eventName` is there twice",
        ),
    ] {
        let file = File {
            name: "t",
            bytes: text.as_bytes(),
        };
        let error = read_trail(&[file]).expect_err(&text);
        assert_eq!(error.to_string(), expected, "{text}");
        assert_eq!(error.rule(), None);
    }
    let file = File {
        name: "t",
        bytes: b"\xff",
    };
    assert_eq!(read_trail(&[file]).expect_err("no text").line(), Some(1));
}

#[test]
fn json_nested_a_million_deep_is_an_error_or_nothing_at_all() {
    let deep = "[".repeat(1_000_000);
    let file = |text: &'static str| File {
        name: "t",
        bytes: text.as_bytes(),
    };
    assert!(read_trail(&[file(deep.clone().leak())]).is_err());
    // What stands in a record of another service is nobody's business.
    let closed = format!("{deep}{}", "]".repeat(1_000_000));
    let other = format!(r#"{{"Records": [{{"eventSource": "s3.amazonaws.com", "x": {closed}}}]}}"#);
    assert_eq!(
        read_trail(&[file(other.leak())]).map(|trail| trail.other_services()),
        Ok(1)
    );
}
