//! How a condition is written, and what is none.

use super::*;

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
