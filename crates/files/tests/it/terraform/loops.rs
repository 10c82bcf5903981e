//! Which of several keys the instances of `for_each` have, of which a plan has the value or the expression.

use super::*;

/// A key for encryption, `k["a"]`, one for signing, `k["b"]`, and two aliases that name such keys.
fn with_each(for_each: Option<Value>, target: &[&str]) -> Plan {
    let signing = json!({"customer_master_key_spec": "RSA_2048", "key_usage": "SIGN_VERIFY"});
    let unknown = json!({"key_id": true, "arn": true, "id": true});
    let mut plan = Plan::new()
        .resource("aws_kms_key.k", json!({}))
        .resource("aws_kms_alias.x", json!({"target_key_id": refers(target)}));
    if let Some(for_each) = for_each {
        plan = plan.more("aws_kms_alias.x", json!({"for_each_expression": for_each}));
    }
    for (number, index, more) in [(1, "a", json!({})), (2, "b", signing)] {
        let standing = format!("aws_kms_key.old{number}");
        let name = format!("alias/{index}");
        plan = plan
            .create(
                &format!("aws_kms_key.k[\"{index}\"]"),
                with(new_key(), more.clone()),
                unknown.clone(),
            )
            .prior(&standing, with(key(number), more), &[])
            .change(
                &format!("aws_kms_alias.x[\"{index}\"]"),
                &["update"],
                alias(&name, number),
                json!({"name": name, "id": name}),
                json!({"target_key_id": true}),
            );
    }
    plan
}

const OK: [&str; 2] = [
    "aws_kms_alias.x[\"a\"] UpdateAlias ok",
    "aws_kms_alias.x[\"b\"] UpdateAlias ok",
];
const UNDECIDED: [&str; 2] = [
    "aws_kms_alias.x[\"a\"] UpdateAlias undecided",
    "aws_kms_alias.x[\"b\"] UpdateAlias undecided",
];

/// `k[each.value]` is the key of another index where a map says so.
#[test]
fn the_value_of_a_map_of_a_variable_is_no_index_of_its_own_u4() {
    let of = |value: Value| {
        let plan = with_each(
            Some(refers(&["var.names"])),
            &["aws_kms_key.k", "each.value"],
        );
        plan.variable("names", value)
    };
    gets(&of(json!({"a": "b", "b": "a"})), 3, &UNDECIDED);
    for same in [
        json!({"a": "a", "b": "b"}),
        json!(["a", "b"]),
        json!({"a": {"n": 1}, "b": {}}),
    ] {
        gets(&of(same), 0, &OK);
    }
}

/// A module has the variable from where it is called.
#[test]
fn a_map_that_a_module_is_given_is_known_u4() {
    let of = |given: Value| {
        let module = json!({
            "resources": [
                resource("aws_kms_key.k", "aws", json!({})),
                with(
                    resource("aws_kms_alias.x", "aws", json!({"target_key_id": refers(&["aws_kms_key.k", "each.value"])})),
                    json!({"for_each_expression": refers(&["var.names"])})
                )
            ],
            "variables": {"names": {"default": {"a": "b", "b": "a"}}}
        });
        let plan = with_each(None, &[])
            .json()
            .replace("\"aws_kms_alias.x[", "\"module.m.aws_kms_alias.x[");
        let plan = plan.replace("\"aws_kms_key.k[", "\"module.m.aws_kms_key.k[");
        let mut plan: Value = serde_json::from_str(&plan).expect("a plan");
        plan["configuration"]["root_module"]["module_calls"] =
            json!({"m": {"expressions": given, "module": module}});
        plan["variables"] = json!({"all": {"value": {"a": "b", "b": "a"}}});
        told(&plan.to_string(), None, None).exit
    };
    assert_eq!(of(json!({})), 3, "its default");
    assert_eq!(of(json!({"names": refers(&["var.all"])})), 3);
    assert_eq!(of(json!({"names": {"constant_value": ["a", "b"]}})), 0);
}

/// `{a = k["b"].arn, b = k["a"].arn}` has the same references as the other way round.
#[test]
fn keys_that_a_map_takes_by_their_indexes_are_any_of_them_u4() {
    let keys = [
        "aws_kms_key.k[\"b\"].arn",
        "aws_kms_key.k[\"b\"]",
        "aws_kms_key.k",
        "aws_kms_key.k[\"a\"].arn",
        "aws_kms_key.k[\"a\"]",
        "aws_kms_key.k",
    ];
    gets(
        &with_each(Some(refers(&keys)), &["each.value"]),
        3,
        &UNDECIDED,
    );
    // All of them, each under its own index.
    let all = refers(&["aws_kms_key.k"]);
    gets(
        &with_each(Some(all), &["each.value.arn", "each.value"]),
        0,
        &OK,
    );
}

/// Of `toset(["a", "b"])` a plan has no expression at all.
#[test]
fn a_set_that_refers_to_nothing_has_its_values_for_indexes_u4() {
    gets(&with_each(None, &["aws_kms_key.k", "each.value"]), 0, &OK);
}
