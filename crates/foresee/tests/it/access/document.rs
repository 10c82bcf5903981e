//! Conditions read from a policy document.

use super::*;
use kms_alias_foresee::ConditionsError;

fn read(text: &str) -> Result<AliasConditions, ConditionsError> {
    AliasConditions::from_json(text.as_bytes())
}

#[test]
fn a_document_holds_what_it_says() {
    let text = r#"
        {"a": {"StringLike": {"kms:RequestAlias": ["alias/x", "alias/y*"]}},
         "b": {"Condition": {"ForAnyValue:StringEquals": {"KMS:resourcealiases": "alias/z"},
                             "Null": {"kms:RequestAlias": false, "kms:ResourceAliases": "true"}}}}
        {"c": {"Null": {"kms:RequestAlias": ["true"]}}}"#;
    let conditions = read(text).expect("conditions");
    let mut expected = AliasConditions::default();
    let a = condition("StringLike", REQUEST, &["alias/x", "alias/y*"]);
    let b = condition("ForAnyValue:StringEquals", RESOURCE, &["alias/z"]);
    let null: ConditionOperator = "Null".parse().expect("an operator");
    let b = b.and(null, REQUEST, ["false"]).expect("a condition");
    let b = b.and(null, RESOURCE, ["true"]).expect("a condition");
    for (name, condition) in [
        ("a", a),
        ("b", b),
        ("c", condition("Null", REQUEST, &["true"])),
    ] {
        expected.insert(name, condition).expect("a new name");
    }
    assert_eq!(conditions, expected);
    assert_eq!(
        read(&format!("\u{feff}{text}")),
        Ok(expected),
        "an editor's mark"
    );
    assert_eq!(
        read(r#"{"Condition": {"Null": {"kms:RequestAlias": "true"}}}"#).map(|c| c.len()),
        Ok(1)
    );
}

#[test]
fn what_cannot_be_interpreted_is_an_error_that_says_where() {
    use ConditionFault as Fault;
    let like = r#"{"kms:RequestAlias": "alias/a"}"#;
    for (text, line, place, fault) in [
        ("", None, None, Fault::NoConditions),
        ("{}", None, None, Fault::NoConditions),
        ("{\n\"a\": {}}", Some(2), Some("a"), Fault::Empty),
        (
            "{\"a\": {\"Condition\":\n{}}}",
            Some(2),
            Some("a"),
            Fault::Empty,
        ),
        (
            "{\"a\": {\"StringLike\": {}}}",
            Some(1),
            Some("a: StringLike"),
            Fault::Empty,
        ),
        (
            "{\"a\": {\n\"ArnLike\": {\"kms:RequestAlias\": \"x\"}}}",
            Some(2),
            Some("a: ArnLike"),
            Fault::UnknownOperator("ArnLike".into()),
        ),
        (
            "{\"a\": {\"ForAnyValue:StringLikeIfExists\": {}}}",
            Some(1),
            Some("a: ForAnyValue:StringLikeIfExists"),
            Fault::AnyValueIfExists("ForAnyValue:StringLikeIfExists".into()),
        ),
        (
            "{\"a\": {\"Null\": {\"kms:RequestAlias\": \"true\"}, \"StringEquals\": {\n\n\"kms:ViaService\": \"x\"}}}",
            Some(3),
            Some("a: StringEquals: kms:ViaService"),
            Fault::UnknownKey("kms:ViaService".into()),
        ),
        (
            "{\"a\": {\"StringLike\": {\"kms:ResourceAliases\": \"alias/*\"}}}",
            Some(1),
            Some("a: StringLike: kms:ResourceAliases"),
            Fault::SetOperatorMissing(RESOURCE),
        ),
        (
            "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": []}}}",
            Some(1),
            Some("a: StringLike: kms:RequestAlias"),
            Fault::NoValues,
        ),
        (
            "{\"a\": {\"Null\": {\"kms:RequestAlias\": \"maybe\"}}}",
            Some(1),
            Some("a: Null: kms:RequestAlias"),
            Fault::NullValue,
        ),
        (
            "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": \"a\", \"KMS:RequestAlias\": \"b\"}}}",
            Some(1),
            Some("a: StringLike: KMS:RequestAlias"),
            Fault::Duplicate("KMS:RequestAlias".into()),
        ),
        (
            &format!("{{\"a\": {{\"StringLike\": {like},\n\"StringLike\": {like}}}}}"),
            Some(2),
            Some("a"),
            Fault::Duplicate("StringLike".into()),
        ),
        (
            &format!("{{\"a\": {{\"StringLike\": {like}}},\n\"a\": {{\"StringLike\": {like}}}}}"),
            Some(2),
            None,
            Fault::Duplicate("a".into()),
        ),
        (
            &format!(
                "{{\"a\": {{\"StringLike\": {like}}}}}\n{{\"a\": {{\"StringLike\": {like}}}}}"
            ),
            Some(2),
            None,
            Fault::Duplicate("a".into()),
        ),
        // A statement says more than its condition.
        (
            &format!(
                "{{\"a\": {{\"Condition\": {{\"StringLike\": {like}}}, \"Effect\": \"Deny\"}}}}"
            ),
            Some(1),
            Some("a"),
            Fault::UnknownOperator("Effect".into()),
        ),
        (
            "{\"a\": {\"Effect\": \"Deny\", \"Condition\": {}}}",
            Some(1),
            Some("a: Effect"),
            Fault::UnknownOperator("Effect".into()),
        ),
        (
            "{\"a\": {\"Condition\": {\"Condition\": {}}}}",
            Some(1),
            Some("a: Condition"),
            Fault::UnknownOperator("Condition".into()),
        ),
        // Nor is what came before the word passed over.
        (
            &format!(
                "{{\"a\": {{\"StringLike\": {like}, \"Condition\": {{\"StringLike\": {like}}}}}}}"
            ),
            Some(1),
            Some("a: Condition"),
            Fault::UnknownOperator("Condition".into()),
        ),
        (
            &format!("{{\"a\": {{\"StringLike\": {like}, \"Null\": {{}}}}}}"),
            Some(1),
            Some("a: Null"),
            Fault::Empty,
        ),
        // A condition without a name of its own.
        (
            &format!("{{\"StringLike\": {like}}}"),
            Some(1),
            Some("StringLike: kms:RequestAlias"),
            Fault::UnknownOperator("kms:RequestAlias".into()),
        ),
    ] {
        let error = read(text).expect_err(text);
        assert_eq!((error.line(), error.place()), (line, place), "{text}");
        assert_eq!(*error.fault(), fault, "{text}");
        let words = error.to_string();
        assert!(words.ends_with(&fault.to_string()), "{words}");
        assert!(
            line.is_none_or(|line| words.starts_with(&format!("line {line}: "))),
            "{words}"
        );
    }
}

#[test]
fn what_is_of_another_form_is_an_error_with_its_line() {
    for (text, line, words) in [
        (
            "[]",
            1,
            "an object of names, each with a condition is expected here",
        ),
        (
            "\n7",
            2,
            "an object of names, each with a condition is expected here",
        ),
        (
            "{\"a\": []}",
            1,
            "an object of condition operators is expected here",
        ),
        (
            "{\"a\": \n\"StringLike\"}",
            2,
            "an object of condition operators is expected here",
        ),
        (
            "{\"a\": {\"StringLike\": \"x\"}}",
            1,
            "an object of condition keys is expected here",
        ),
        (
            "{\"a\": {\"StringLike\": {\"kms:RequestAlias\":\n{}}}}",
            2,
            "a string or a list of strings is expected here",
        ),
        (
            "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": true}}}",
            1,
            "a string or a list of strings is expected here",
        ),
        (
            "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": 5}}}",
            1,
            "a string or a list of strings is expected here",
        ),
        (
            "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": null}}}",
            1,
            "a string or a list of strings is expected here",
        ),
        (
            "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": [\n\n7]}}}",
            3,
            "a text is expected here",
        ),
        (
            "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": [[\"a\"]]}}}",
            1,
            "a text is expected here",
        ),
        ("{\"a\"", 1, "the file ends in the middle"),
        ("{} x", 1, "a value is expected here"),
        (
            "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": \"a\",}}}",
            1,
            "nothing follows a comma",
        ),
    ] {
        let error = read(text).expect_err(text);
        assert_eq!(error.line(), Some(line), "{text}");
        assert!(
            matches!(error.fault(), ConditionFault::Json(said) if said.contains(words)),
            "{error}"
        );
        assert_eq!(error.fault().rule(), None);
    }
    assert!(
        AliasConditions::from_json(b"{\"\xff\": {}}").is_err(),
        "not UTF-8"
    );
    assert!(read(&"{\"a\":".repeat(100_000)).is_err(), "deep");
    assert!(read(&"[".repeat(100_000)).is_err(), "deep");
}
