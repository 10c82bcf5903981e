//! Conditions on aliases, operator by operator, as IAM documents them (rules P1–P5).

use kms_alias::{
    AliasCondition, AliasConditions, AnyAliasName, ConditionFault, ConditionKey, ConditionOperator,
    KeyAliases, KeyIdentifier, Rule, Standing,
};

const REQUEST: ConditionKey = ConditionKey::RequestAlias;
const RESOURCE: ConditionKey = ConditionKey::ResourceAliases;

fn name(text: &str) -> AnyAliasName {
    text.parse().expect(text)
}

fn aliases(names: &[&str]) -> KeyAliases {
    KeyAliases::new(names.iter().map(|text| name(text)), 50)
}

#[track_caller]
fn condition(operator: &str, key: ConditionKey, values: &[&str]) -> AliasCondition {
    let operator: ConditionOperator = operator.parse().expect(operator);
    AliasCondition::new(operator, key, values).expect("a condition")
}

/// Whether a request by this alias, or by none, is under a condition on `kms:RequestAlias`.
#[track_caller]
fn takes(operator: &str, values: &[&str], request: Option<&str>) -> bool {
    let condition = condition(operator, REQUEST, values);
    let request = request.map(name);
    condition.standing(request.as_ref(), &aliases(&[])) == Standing::Under
}

/// Whether a key with these aliases is under a condition on `kms:ResourceAliases`.
#[track_caller]
fn holds(operator: &str, values: &[&str], names: &[&str]) -> bool {
    condition(operator, RESOURCE, values).standing(None, &aliases(names)) == Standing::Under
}

#[test]
fn each_operator_compares_the_alias_of_a_request_p1() {
    let a = &["alias/a"][..];
    let a_or_b = &["alias/a", "alias/b"][..];
    let like = &["alias/p-*", "alias/?"][..];
    // The operator, its values, and whether it holds of: no alias, and each of the names.
    let names = ["alias/a", "alias/A", "alias/b", "alias/p-x/y", "alias/*"];
    for (operator, values, absent, expected) in [
        ("StringEquals", a, false, [true, false, false, false, false]),
        (
            "StringEquals",
            a_or_b,
            false,
            [true, false, true, false, false],
        ),
        // A wildcard is none where texts are equal.
        ("StringEquals", like, false, [false; 5]),
        ("StringNotEquals", a, true, [false, true, true, true, true]),
        // None of the values, not one of them.
        (
            "StringNotEquals",
            a_or_b,
            true,
            [false, true, false, true, true],
        ),
        (
            "StringEqualsIgnoreCase",
            a,
            false,
            [true, true, false, false, false],
        ),
        (
            "StringNotEqualsIgnoreCase",
            a_or_b,
            true,
            [false, false, false, true, true],
        ),
        ("StringLike", like, false, [true, true, true, true, false]),
        ("StringLike", a, false, [true, false, false, false, false]),
        (
            "StringNotLike",
            like,
            true,
            [false, false, false, false, true],
        ),
        (
            "StringEqualsIfExists",
            a,
            true,
            [true, false, false, false, false],
        ),
        (
            "StringLikeIfExists",
            like,
            true,
            [true, true, true, true, false],
        ),
        (
            "StringNotEqualsIfExists",
            a,
            true,
            [false, true, true, true, true],
        ),
        (
            "StringNotLikeIfExists",
            like,
            true,
            [false, false, false, false, true],
        ),
        (
            "StringEqualsIgnoreCaseIfExists",
            a,
            true,
            [true, true, false, false, false],
        ),
        // A set operator on a key of one value: a set of at most one.
        (
            "ForAnyValue:StringLike",
            like,
            false,
            [true, true, true, true, false],
        ),
        (
            "ForAllValues:StringLike",
            like,
            true,
            [true, true, true, true, false],
        ),
        (
            "ForAnyValue:StringNotEquals",
            a,
            false,
            [false, true, true, true, true],
        ),
        ("Null", &["true"], true, [false; 5]),
        ("Null", &["false"], false, [true; 5]),
    ] {
        assert_eq!(
            takes(operator, values, None),
            absent,
            "{operator} {values:?}"
        );
        for (request, expected) in names.iter().zip(expected) {
            // A pattern is no name, and no request has it.
            if AnyAliasName::is_valid(request) {
                let takes = takes(operator, values, Some(request));
                assert_eq!(takes, expected, "{operator} {values:?} {request}");
            }
        }
    }
}

#[test]
fn each_set_operator_compares_the_aliases_of_a_key_p2_p3() {
    let prod = &["alias/prod-*"][..];
    let a_or_b = &["alias/a", "alias/b"][..];
    let (none, one) = (&[][..], &["alias/prod-a"][..]);
    let (other, both) = (&["alias/x"][..], &["alias/prod-a", "alias/x"][..]);
    for (operator, values, names, expected) in [
        ("ForAnyValue:StringLike", prod, none, false),
        ("ForAnyValue:StringLike", prod, one, true),
        ("ForAnyValue:StringLike", prod, other, false),
        ("ForAnyValue:StringLike", prod, both, true),
        ("ForAllValues:StringLike", prod, none, true),
        ("ForAllValues:StringLike", prod, one, true),
        ("ForAllValues:StringLike", prod, other, false),
        ("ForAllValues:StringLike", prod, both, false),
        // Negated: one that matches none of the values, which has to be there.
        ("ForAnyValue:StringNotLike", prod, none, false),
        ("ForAnyValue:StringNotLike", prod, one, false),
        ("ForAnyValue:StringNotLike", prod, other, true),
        ("ForAnyValue:StringNotLike", prod, both, true),
        // Negated: none that matches any of the values.
        ("ForAllValues:StringNotLike", prod, none, true),
        ("ForAllValues:StringNotLike", prod, one, false),
        ("ForAllValues:StringNotLike", prod, other, true),
        ("ForAllValues:StringNotLike", prod, both, false),
        (
            "ForAnyValue:StringEquals",
            a_or_b,
            &["alias/b", "alias/c"],
            true,
        ),
        (
            "ForAllValues:StringEquals",
            a_or_b,
            &["alias/b", "alias/c"],
            false,
        ),
        ("ForAllValues:StringEquals", a_or_b, a_or_b, true),
        ("ForAnyValue:StringEquals", a_or_b, &["alias/A"], false),
        (
            "ForAnyValue:StringEqualsIgnoreCase",
            a_or_b,
            &["alias/A"],
            true,
        ),
        ("ForAnyValue:StringNotEquals", a_or_b, a_or_b, false),
        (
            "ForAnyValue:StringNotEquals",
            a_or_b,
            &["alias/a", "alias/c"],
            true,
        ),
        ("ForAllValues:StringNotEquals", a_or_b, &["alias/c"], true),
        (
            "ForAllValues:StringNotEqualsIgnoreCase",
            a_or_b,
            &["alias/B"],
            false,
        ),
        ("ForAllValues:StringLikeIfExists", prod, none, true),
        ("ForAllValues:StringLikeIfExists", prod, both, false),
        // AWS's own aliases are aliases of their key.
        (
            "ForAnyValue:StringLike",
            &["alias/aws/*"],
            &["alias/aws/s3"],
            true,
        ),
        ("Null", &["true"], none, true),
        ("Null", &["true"], one, false),
        ("Null", &["false"], none, false),
        ("Null", &["false"], both, true),
    ] {
        let found = holds(operator, values, names);
        assert_eq!(found, expected, "{operator} {values:?} {names:?}");
    }
}

#[test]
fn the_alias_of_a_request_is_that_of_its_name_or_arn_and_a_key_has_none_p1() {
    let condition = condition("StringEquals", REQUEST, &["alias/a"]);
    let none = aliases(&["alias/a"]);
    for (identifier, expected) in [
        ("alias/a", Standing::Under),
        (
            "arn:aws:kms:eu-west-3:111122223333:alias/a",
            Standing::Under,
        ),
        ("alias/b", Standing::Outside),
        ("1234abcd-12ab-34cd-56ef-1234567890ab", Standing::Outside),
        (
            "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            Standing::Outside,
        ),
    ] {
        let identifier: KeyIdentifier = identifier.parse().expect(identifier);
        let standing = condition.standing(identifier.alias_name(), &none);
        assert_eq!(standing, expected, "{identifier}");
    }
}

#[test]
fn all_comparisons_of_a_condition_have_to_hold_p1_p2() {
    let both = condition("StringLike", REQUEST, &["alias/prod-*"])
        .and(
            "ForAllValues:StringLike".parse().expect("an operator"),
            RESOURCE,
            ["alias/prod-*"],
        )
        .expect("a condition");
    assert!(both.asks(REQUEST) && both.asks(RESOURCE));
    let (only_prod, mixed) = (
        aliases(&["alias/prod-a"]),
        aliases(&["alias/prod-a", "alias/x"]),
    );
    let prod = name("alias/prod-a");
    assert_eq!(both.standing(Some(&prod), &only_prod), Standing::Under);
    assert_eq!(both.standing(Some(&prod), &mixed), Standing::Outside);
    assert_eq!(
        both.standing(Some(&name("alias/x")), &only_prod),
        Standing::Outside
    );
    assert_eq!(both.standing(None, &only_prod), Standing::Outside);
}

#[test]
fn a_key_above_the_quota_is_denied_whatever_its_aliases_are_p5() {
    let two = [
        name("alias/prod-a"),
        name("alias/prod-b"),
        name("alias/aws/s3"),
    ];
    let (within, above) = (KeyAliases::new(two.clone(), 2), KeyAliases::new(two, 1));
    assert!(!within.is_above_quota() && above.is_above_quota());
    for operator in ["ForAnyValue:StringLike", "ForAllValues:StringNotEquals"] {
        let condition = condition(operator, RESOURCE, &["alias/prod-*"]);
        assert_eq!(condition.standing(None, &within), Standing::Under);
        assert_eq!(condition.standing(None, &above), Standing::Denied);
    }
    let by_request = condition("StringLike", REQUEST, &["alias/prod-*"]);
    let standing = by_request.standing(Some(&name("alias/prod-a")), &above);
    assert_eq!(
        standing,
        Standing::Under,
        "it does not ask for kms:ResourceAliases"
    );
    let twice = KeyAliases::new([name("alias/b"), name("alias/a"), name("alias/b")], 2);
    assert_eq!(twice.names(), ["alias/a", "alias/b"]);
    assert!(!twice.is_above_quota(), "an alias counts once");
}

#[test]
fn an_operator_prints_as_it_is_written_and_no_other_is_taken() {
    let comparisons = [
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
    ];
    let taken = comparisons.iter().flat_map(|comparison| {
        [
            ("", ""),
            ("", "IfExists"),
            ("ForAnyValue:", ""),
            ("ForAllValues:", ""),
            ("ForAllValues:", "IfExists"),
        ]
        .map(|(before, after)| format!("{before}{comparison}{after}"))
    });
    for text in taken.chain(["Null".to_owned()]) {
        let operator: ConditionOperator = text.parse().expect(&text);
        assert_eq!(operator.to_string(), text);
        assert_eq!(
            operator.comparison().is_negated(),
            text.contains("Not"),
            "{text}"
        );
        assert_eq!(
            operator.is_if_exists(),
            text.ends_with("IfExists"),
            "{text}"
        );
    }
    for comparison in comparisons {
        let text = format!("ForAnyValue:{comparison}IfExists");
        let fault = text.parse::<ConditionOperator>().expect_err(&text);
        assert_eq!(fault, ConditionFault::AnyValueIfExists(text.into()));
    }
    for text in [
        "",
        "stringequals",
        "StringEquals ",
        "StringLikeIgnoreCase",
        "StringNotLikeIgnoreCase",
        "ArnLike",
        "NumericEquals",
        "Bool",
        "IfExists",
        "NullIfExists",
        "ForAnyValue:Null",
        "ForAllValues:",
        "ForAnyValue:ForAllValues:StringLike",
        "ForSomeValue:StringLike",
        "StringLikeIfExistsIfExists",
    ] {
        let fault = text.parse::<ConditionOperator>().expect_err(text);
        assert_eq!(fault, ConditionFault::UnknownOperator(text.into()));
        assert_eq!(fault.rule(), Some(Rule::P3));
        assert!(
            fault
                .to_string()
                .starts_with(&format!("`{text}` is not interpreted: expected"))
        );
    }
}

#[test]
fn a_condition_key_is_one_of_two_in_any_case_p1_p2() {
    for key in ConditionKey::ALL {
        for text in [
            key.to_string(),
            key.as_str().to_uppercase(),
            key.as_str().to_lowercase(),
        ] {
            assert_eq!(text.parse(), Ok(*key));
        }
    }
    for text in [
        "",
        "kms:ViaService",
        "RequestAlias",
        "aws:RequestAlias",
        "kms:RequestAlias ",
    ] {
        let fault = text.parse::<ConditionKey>().expect_err(text);
        assert_eq!(fault, ConditionFault::UnknownKey(text.into()));
        assert!(
            fault
                .to_string()
                .contains("kms:RequestAlias and kms:ResourceAliases alone")
        );
    }
}

#[test]
fn a_comparison_that_cannot_be_evaluated_is_refused() {
    let refused = |operator: &str, key, values: &[&str]| {
        let operator: ConditionOperator = operator.parse().expect(operator);
        AliasCondition::new(operator, key, values).expect_err("no condition")
    };
    let missing = refused("StringLike", RESOURCE, &["alias/*"]);
    assert_eq!(missing, ConditionFault::SetOperatorMissing(RESOURCE));
    assert_eq!(missing.rule(), Some(Rule::P2));
    assert!(
        missing
            .to_string()
            .starts_with("kms:ResourceAliases holds many values"),
        "{missing}"
    );
    assert_eq!(
        refused("StringLike", REQUEST, &[]),
        ConditionFault::NoValues
    );
    for operator in [
        "StringEquals",
        "StringLike",
        "ForAnyValue:StringNotEqualsIgnoreCase",
    ] {
        let fault = refused(operator, REQUEST, &["alias/a", "alias/${aws:username}"]);
        assert_eq!(fault.rule(), Some(Rule::P3));
        let ConditionFault::Variable(error) = fault else {
            panic!("{fault:?}");
        };
        assert_eq!(error.position(), 6);
    }
    for values in [&["yes"][..], &["true", "false"], &["True"], &[""]] {
        assert_eq!(refused("Null", REQUEST, values), ConditionFault::NullValue);
    }
}

#[test]
fn a_value_that_no_alias_name_has_is_told_p3() {
    let idle = |operator, values: &[&str]| -> Vec<String> {
        let condition = condition(operator, REQUEST, values);
        condition.idle_values().map(str::to_owned).collect()
    };
    let never = [
        "payments",
        "arn:aws:kms:*",
        "prod-*",
        "alias/a b*",
        "Alias/*",
        "alias/é?",
        "alias/",
        "",
    ];
    assert_eq!(idle("StringLike", &never), never);
    let may = [
        "alias/*",
        "*",
        "a*",
        "?lias/x",
        "alias*",
        "alias/prod-?",
        "al?as/*b",
        "alias/a",
    ];
    assert!(idle("StringNotLike", &may).is_empty());
    assert_eq!(
        idle("StringEquals", &["alias/*", "ALIAS/a", "alias/a"]),
        ["alias/*", "ALIAS/a"]
    );
    assert!(idle("StringEqualsIgnoreCase", &["ALIAS/a"]).is_empty());
    assert!(idle("Null", &["true"]).is_empty());
}

#[test]
fn a_name_is_given_once() {
    let mut conditions = AliasConditions::default();
    assert!(conditions.is_empty());
    let (a, b) = (
        condition("StringLike", REQUEST, &["alias/a"]),
        condition("StringLike", REQUEST, &["alias/b"]),
    );
    assert_eq!(conditions.insert("one", a.clone()), Ok(()));
    let twice = conditions.insert("one", b.clone());
    assert_eq!(twice, Err(ConditionFault::Duplicate("one".into())));
    assert_eq!(conditions.insert("another", b.clone()), Ok(()));
    assert_eq!(conditions.len(), 2);
    assert_eq!(
        (conditions.get("one"), conditions.get("two")),
        (Some(&a), None)
    );
    let all: Vec<_> = conditions.iter().collect();
    assert_eq!(all, [("one", &a), ("another", &b)]);
}

#[cfg(feature = "serde")]
#[test]
fn keys_and_operators_serialize_as_their_texts() {
    let operator: ConditionOperator = "ForAllValues:StringLikeIfExists"
        .parse()
        .expect("an operator");
    assert_eq!(
        ConditionOperator::try_from("ForAllValues:StringLikeIfExists"),
        Ok(operator)
    );
    assert_eq!(ConditionKey::try_from("kms:requestalias"), Ok(REQUEST));
    let text = serde_json::to_string(&(REQUEST, operator)).expect("JSON");
    assert_eq!(
        text,
        r#"["kms:RequestAlias","ForAllValues:StringLikeIfExists"]"#
    );
    let loaded = serde_json::from_str::<(ConditionKey, ConditionOperator)>(&text);
    assert_eq!(loaded.expect("the same"), (REQUEST, operator));
    assert!(serde_json::from_str::<ConditionOperator>("\"ArnLike\"").is_err());
}

#[cfg(feature = "json")]
mod document {
    use super::*;
    use kms_alias::ConditionsError;

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
                &format!(
                    "{{\"a\": {{\"StringLike\": {like}}},\n\"a\": {{\"StringLike\": {like}}}}}"
                ),
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
            ("[]", 1, "expected an object of names"),
            ("\n7", 2, "expected an object of names"),
            (
                "{\"a\": []}",
                1,
                "expected an object of condition operators",
            ),
            (
                "{\"a\": \n\"StringLike\"}",
                2,
                "expected an object of condition operators",
            ),
            (
                "{\"a\": {\"StringLike\": \"x\"}}",
                1,
                "expected an object of condition keys",
            ),
            (
                "{\"a\": {\"StringLike\": {\"kms:RequestAlias\":\n{}}}}",
                2,
                "expected a string or a list",
            ),
            (
                "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": true}}}",
                1,
                "expected a string or a list",
            ),
            (
                "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": 5}}}",
                1,
                "expected a string or a list",
            ),
            (
                "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": null}}}",
                1,
                "expected a string or a list",
            ),
            (
                "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": [\n\n7]}}}",
                3,
                "expected a string",
            ),
            (
                "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": [[\"a\"]]}}}",
                1,
                "expected a string",
            ),
            ("{\"a\"", 1, "EOF"),
            ("{} x", 1, "expected value"),
            (
                "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": \"a\",}}}",
                1,
                "trailing comma",
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
}
