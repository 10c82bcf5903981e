//! Bodies that are no JSON, or whose members are of other types than the service model's.

use serde_json::json;

use super::world::{KEY, refusal_of_bytes, refused, send, table};

/// A body is refused as one that cannot be read, in these words or words that begin so.
#[track_caller]
fn unreadable(operation: &str, body: impl AsRef<[u8]>, words: &str) {
    let (exception, message) = refusal_of_bytes(&table(), operation, body.as_ref());
    assert_eq!(exception, "SerializationException", "{message}");
    assert!(message.starts_with(words), "{message}");
}

#[test]
fn what_is_no_structure_is_refused() {
    for body in [
        "",
        " ",
        "null",
        "true",
        "1",
        "\"{}\"",
        "[]",
        "[{}]",
        "{",
        "}",
        "{}{}",
        "{} x",
        "{,}",
        "{'Limit': 1}",
        "{\"Limit\": 1,}",
        "{\"Limit\": 01}",
        "{\"Limit\": +1}",
        "{\"Limit\"}",
        "{Limit: 1}",
        "{\"Limit\": NaN}",
        "{\"Limit\": 1e309}x",
        "\u{feff}{}",
        "/* */{}",
        "{\"a\": \"\n\"}",
    ] {
        unreadable("ListKeys", body, "the body is not a JSON structure: ");
    }
    let words = "the body is not a JSON structure: it is of another type";
    unreadable("ListKeys", "[{}]", words);
    for (body, words) in [
        ("{\"Limit\": 1", "it ends too early"),
        ("{\n \"Limit\" 1}", "line 2, column 10 is not JSON"),
    ] {
        let words = format!("the body is not a JSON structure: {words}");
        unreadable("ListKeys", body, &words);
    }
}

#[test]
fn what_is_no_text_is_refused_wherever_it_stands() {
    for body in [
        &b"{\"\xff\": 1}"[..],
        b"{\"Unknown\": \"\xff\"}",
        b"{\"Marker\": \"\xc0\xaf\"}",
        b"\xff\xfe{\x00}\x00",
        b"{}\xff",
    ] {
        unreadable("ListKeys", body, "the body is not a JSON structure: ");
    }
    // A surrogate without its other half, in a member that is read.
    unreadable(
        "ListKeys",
        r#"{"Marker": "\ud800"}"#,
        "the body is not a JSON structure: ",
    );
}

#[test]
fn depth_and_size_are_no_danger() {
    let deep = "[".repeat(1 << 20);
    unreadable("ListKeys", &deep, "the body is not a JSON structure: ");
    unreadable(
        "ListKeys",
        format!("{{\"Limit\": {deep}"),
        "the body is not a JSON structure: ",
    );
    let closed = format!("{}{}", &deep[..100_000], "]".repeat(100_000));
    for member in ["Limit", "Marker"] {
        let body = format!("{{\"{member}\": {closed}}}");
        unreadable("ListKeys", body, member);
    }
    let unknown = format!("{{\"Unknown\": {closed}}}");
    assert_eq!(
        send(&mut table(), "ListKeys", unknown.as_bytes()).status(),
        200
    );
    let structures = format!("{}1{}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    let body = format!("{{\"GrantTokens\": {structures}}}");
    unreadable("DescribeKey", body, "GrantTokens is not a list of strings");
    let long = format!("{{\"KeyId\": \"{}\"}}", "a".repeat(1 << 20));
    let (exception, _) = refusal_of_bytes(&table(), "DescribeKey", long.as_bytes());
    assert_eq!(exception, "ValidationException");
}

#[test]
fn unknown_members_are_ignored_whatever_they_hold() {
    for value in [
        "null",
        "1e309",
        "-1e-400",
        "123456789012345678901234567890",
        "\"\\ud800\"",
        "{\"Limit\": \"x\", \"Limit\": 2}",
        "[1, [2, {}]]",
    ] {
        let body = format!("{{\"Unknown\": {value}, \"limit\": 0, \"Unknown\": {value}}}");
        assert_eq!(
            send(&mut table(), "ListKeys", body.as_bytes()).status(),
            200,
            "{value}"
        );
    }
}

#[test]
fn a_member_that_is_said_twice_is_refused() {
    let body = format!(
        r#"{{"AliasName": "alias/payments", "TargetKeyId": "{KEY}", "AliasName": "alias/other"}}"#
    );
    let words = "the body is not a JSON structure: the member AliasName is there twice";
    unreadable("UpdateAlias", body, words);
    unreadable(
        "ListKeys",
        r#"{"Limit": null, "Limit": 1}"#,
        "the body is not",
    );
    // A name is what its characters are, however they are written.
    unreadable(
        "ListKeys",
        r#"{"Limit": 1, "L\u0069mit": 1}"#,
        "the body is not",
    );
    let tag = r#"{"Tags": [{"TagKey": "a", "TagValue": "b", "TagKey": "c"}]}"#;
    unreadable("CreateKey", tag, "the body is not");
}

#[test]
fn a_name_may_be_written_with_escapes() {
    let body = r#"{"\u0041liasName": "alias\u002fpayment\u0073"}"#;
    assert_eq!(
        send(&mut table(), "DeleteAlias", body.as_bytes()).status(),
        200
    );
}

#[test]
fn an_optional_member_that_is_null_is_not_there() {
    let body = br#"{"KeyId": null, "Limit": null, "Marker": null}"#;
    assert_eq!(send(&mut table(), "ListAliases", body).status(), 200);
}

#[test]
fn a_required_member_that_is_null_is_missing_k7() {
    let words = "1 validation error detected: Value null at 'aliasName' failed to satisfy \
                 constraint: Member must not be null";
    for request in [
        json!({}),
        json!({"AliasName": null}),
        json!({"aliasName": "alias/a"}),
    ] {
        refused(
            &table(),
            "DeleteAlias",
            &request,
            "ValidationException",
            words,
        );
    }
}

/// JSON of every type that a member is not.
fn others(right: &[&str]) -> impl Iterator<Item = &'static str> {
    let values = [
        "true",
        "\"x\"",
        "1",
        "1.5",
        "1e2",
        "[1]",
        "[\"x\"]",
        "[[]]",
        "{}",
        "{\"a\": 1}",
        "[{}]",
        "{\"a\": \"x\"}",
    ];
    values.into_iter().filter(|value| !right.contains(value))
}

#[test]
fn a_member_of_another_type_is_refused_by_its_name() {
    let texts = ["\"x\""];
    let cases: [(&str, &str, &str, &[&str]); 9] = [
        ("DeleteAlias", "AliasName", "a string", &texts),
        ("CreateKey", "KeySpec", "a string", &texts),
        ("ListKeys", "Limit", "an integer", &["1"]),
        ("CreateKey", "MultiRegion", "a boolean", &["true"]),
        (
            "Encrypt",
            "Plaintext",
            "a blob, which is a string in base64",
            &[],
        ),
        (
            "DescribeKey",
            "GrantTokens",
            "a list of strings",
            &["[\"x\"]"],
        ),
        (
            "Encrypt",
            "EncryptionContext",
            "a map of strings",
            &["{}", "{\"a\": \"x\"}"],
        ),
        (
            "CreateKey",
            "Tags",
            "a list of structures of the service model's types",
            &["[{}]"],
        ),
        (
            "Decrypt",
            "Recipient",
            "a structure of the service model's types",
            &["{}", "{\"a\": 1}", "{\"a\": \"x\"}"],
        ),
    ];
    for (operation, member, expected, right) in cases {
        for value in others(right) {
            let body = format!("{{\"{member}\": {value}}}");
            unreadable(operation, body, &format!("{member} is not {expected}"));
        }
    }
}

#[test]
fn parts_of_another_type_are_refused_by_their_members_name() {
    for (operation, body, member) in [
        (
            "CreateKey",
            r#"{"Tags": [{"TagKey": "a", "TagValue": 1}]}"#,
            "Tags",
        ),
        (
            "CreateKey",
            r#"{"Tags": [{"TagKey": "a", "TagValue": "b"}, []]}"#,
            "Tags",
        ),
        (
            "Decrypt",
            r#"{"Recipient": {"AttestationDocument": "?"}}"#,
            "Recipient",
        ),
        (
            "Encrypt",
            r#"{"EncryptionContext": {"a": "b", "c": {}}}"#,
            "EncryptionContext",
        ),
        (
            "DescribeKey",
            r#"{"GrantTokens": ["a", 1, "b"]}"#,
            "GrantTokens",
        ),
    ] {
        unreadable(operation, body, &format!("{member} is not "));
    }
}

#[test]
fn an_integer_has_no_fraction_and_no_exponent_and_fits() {
    for value in [
        "1.0",
        "1e0",
        "1E1",
        "1e309",
        "-1e309",
        "9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
    ] {
        unreadable(
            "ListKeys",
            format!("{{\"Limit\": {value}}}"),
            "Limit is not an integer",
        );
    }
    for value in ["-9223372036854775808", "9223372036854775807", "-0"] {
        let body = format!("{{\"Limit\": {value}}}");
        let (exception, _) = refusal_of_bytes(&table(), "ListKeys", body.as_bytes());
        assert_eq!(exception, "ValidationException", "{value}");
    }
}

#[test]
fn a_blob_is_base64_with_its_padding() {
    for value in [
        "?", "YQ", "YQ=", "YR==", "YQ==\\n", "Y Q==", "YQ==YQ==", "_-8=", "ä",
    ] {
        let body = format!(r#"{{"KeyId": "{KEY}", "Plaintext": "{value}"}}"#);
        unreadable(
            "Encrypt",
            body,
            "Plaintext is not a blob, which is a string in base64",
        );
    }
    for value in ["YQ==", "YWE=", "YWFh", "+/8="] {
        let body = format!(r#"{{"KeyId": "{KEY}", "Plaintext": "{value}"}}"#);
        let (exception, _) = refusal_of_bytes(&table(), "Encrypt", body.as_bytes());
        assert_eq!(exception, "UnsupportedOperationException", "{value}");
    }
}

#[test]
fn what_cannot_be_read_goes_before_what_breaks_a_constraint() {
    unreadable(
        "CreateAlias",
        r#"{"AliasName": "", "TargetKeyId": 1}"#,
        "TargetKeyId is not a string",
    );
}
