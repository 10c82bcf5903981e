//! Conditions on aliases, operator by operator, as IAM documents them (rules P1–P5).

#[path = "access/refused.rs"]
mod refused;

#[path = "access/document.rs"]
mod document;

use kms_alias::{AnyAliasName, KeyIdentifier, Rule};
use kms_alias_foresee::{AliasCondition, AliasConditions, ConditionKey, KeyAliases, Standing};
use kms_alias_foresee::{ConditionFault, ConditionOperator};

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
