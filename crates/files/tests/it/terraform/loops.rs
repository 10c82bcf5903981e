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

/// Keys `k["main"]` for encryption and `k["sign"]` for signing, and aliases of these indexes that move from a key for
/// encryption to one of them, by these references.
fn by_variable(aliases: &[&str], for_each: Option<Value>, target: &[&str]) -> Plan {
    let signing = json!({"customer_master_key_spec": "RSA_2048", "key_usage": "SIGN_VERIFY"});
    let unknown = json!({"key_id": true, "arn": true, "id": true});
    let mut plan = Plan::new()
        .resource("aws_kms_key.k", json!({}))
        .resource("aws_kms_alias.x", json!({"target_key_id": refers(target)}))
        .prior("aws_kms_key.old", key(1), &[])
        .create("aws_kms_key.k[\"main\"]", new_key(), unknown.clone())
        .create("aws_kms_key.k[\"sign\"]", with(new_key(), signing), unknown);
    if let Some(for_each) = for_each {
        plan = plan.more("aws_kms_alias.x", json!({"for_each_expression": for_each}));
    }
    for index in aliases {
        let name = format!("alias/of-{}", index.trim_matches(['[', ']', '"']));
        plan = plan.change(
            &format!("aws_kms_alias.x{index}"),
            &["update"],
            alias(&name, 1),
            json!({"name": name, "id": name}),
            json!({"target_key_id": true}),
        );
    }
    plan
}

const BY_VARIABLE: [&str; 2] = [
    "aws_kms_alias.x[\"app\"] UpdateAlias ok",
    "aws_kms_alias.x[\"web\"] UpdateAlias refused ValidationException",
];

/// The map has the index, and neither the index of the alias nor that of another key can be meant (ours).
#[test]
fn the_value_of_the_map_of_a_variable_is_the_index_of_a_key_u4() {
    let both = ["[\"app\"]", "[\"web\"]"];
    let of = |target: &[&str], value: Value| {
        by_variable(&both, Some(refers(&["var.aliases"])), target).variable("aliases", value)
    };
    let texts = json!({"app": "main", "web": "sign", "none": "other"});
    let told = gets(
        &of(&["aws_kms_key.k", "each.value"], texts),
        1,
        &BY_VARIABLE,
    );
    assert!(told.rules.iter().any(|rule| rule == "F13"));
    let objects = json!({"app": {"key": "main", "n": 1}, "web": {"key": "sign"}});
    let field = ["aws_kms_key.k", "each.value.key", "each.value"];
    gets(&of(&field, objects.clone()), 1, &BY_VARIABLE);
    let deeper = json!({"app": {"of": {"key": "main"}}, "web": {"of": {"key": "sign"}}});
    let path = [
        "aws_kms_key.k",
        "each.value.of.key",
        "each.value.of",
        "each.value",
    ];
    gets(&of(&path, deeper), 1, &BY_VARIABLE);
    // Which of two fields is the index, is not told; a field that is not there is none.
    let two = [
        "aws_kms_key.k",
        "each.value.key",
        "each.value",
        "each.value.n",
        "each.value",
    ];
    let undecided = [
        "aws_kms_alias.x[\"app\"] UpdateAlias undecided",
        "aws_kms_alias.x[\"web\"] UpdateAlias undecided",
    ];
    gets(&of(&two, objects.clone()), 3, &undecided);
    let missing = ["aws_kms_key.k", "each.value.name", "each.value"];
    gets(&of(&missing, objects), 3, &undecided);
    // Terraform has no locals in its plans.
    let local = by_variable(
        &both,
        Some(refers(&["local.aliases"])),
        &["aws_kms_key.k", "each.value"],
    );
    gets(&local, 3, &undecided);
}

/// `{for k, v in var.aliases : k => k}` and `k["${v}-next"]` have the same references.
#[test]
fn a_value_beside_which_another_index_may_be_meant_is_none_u4() {
    for (index, value) in [("main", "sign"), ("sign", "main"), ("app", "mai")] {
        let own = format!("[\"{index}\"]");
        let plan = by_variable(
            &[&own],
            Some(refers(&["var.aliases"])),
            &["aws_kms_key.k", "each.value"],
        )
        .variable("aliases", json!({index: value}));
        let expected = format!("aws_kms_alias.x{own} UpdateAlias undecided");
        gets(&plan, 3, &[&expected]);
    }
}

/// A key that one variable chooses.
#[test]
fn a_variable_is_the_index_of_a_key_u4() {
    let of = |value: Value| {
        by_variable(&[""], None, &["aws_kms_key.k", "var.which"]).variable("which", value)
    };
    gets(&of(json!("main")), 0, &["aws_kms_alias.x UpdateAlias ok"]);
    let told = gets(
        &of(json!("sign")),
        1,
        &["aws_kms_alias.x UpdateAlias refused ValidationException"],
    );
    assert!(told.rules.iter().any(|rule| rule == "F13"));
    for none in [json!("mai"), json!("other"), json!(1), json!({"a": "main"})] {
        gets(&of(none), 3, &["aws_kms_alias.x UpdateAlias undecided"]);
    }
    // Of two variables either may be the index.
    let two = by_variable(&[""], None, &["aws_kms_key.k", "var.which", "var.other"])
        .variable("which", json!("main"))
        .variable("other", json!("sign"));
    gets(&two, 3, &["aws_kms_alias.x UpdateAlias undecided"]);
    let field = by_variable(&[""], None, &["aws_kms_key.k", "var.all.which", "var.all"])
        .variable("all", json!({"which": "main"}));
    gets(&field, 0, &["aws_kms_alias.x UpdateAlias ok"]);
}

/// A module is given the map, or the map is a member of a variable, or what the module is given.
#[test]
fn a_map_that_a_module_is_given_tells_the_index_of_a_key_u4() {
    let module = json!({
        "resources": [
            resource("aws_kms_key.k", "aws", json!({})),
            with(
                resource("aws_kms_alias.x", "aws", json!({"target_key_id": refers(&["aws_kms_key.k", "each.value.key", "each.value"])})),
                json!({"for_each_expression": refers(&["var.aliases"])})
            )
        ],
        "variables": {"aliases": {"default": {"app": {"key": "main"}, "web": {"key": "sign"}}}}
    });
    let of = |given: Value| {
        let plan = by_variable(&["[\"app\"]", "[\"web\"]"], None, &[]).json();
        let plan = plan.replace("\"aws_kms_alias.x[", "\"module.m.aws_kms_alias.x[");
        let plan = plan.replace("\"aws_kms_key.k[", "\"module.m.aws_kms_key.k[");
        let mut plan: Value = serde_json::from_str(&plan).expect("a plan");
        plan["configuration"]["root_module"]["module_calls"] =
            json!({"m": {"expressions": given, "module": module}});
        let map = json!({"app": {"key": "main"}, "web": {"key": "sign"}});
        plan["variables"] = json!({"all": {"value": {"of": map}}});
        told(&plan.to_string(), None, None).steps
    };
    let expected = BY_VARIABLE.map(|it| format!("module.m.{it}"));
    let sorted = |mut steps: Vec<String>| {
        steps.sort();
        steps
    };
    assert_eq!(sorted(of(json!({}))), expected, "its default");
    let member = refers(&["var.all.of", "var.all"]);
    assert_eq!(sorted(of(json!({"aliases": member}))), expected);
    let constant = json!({"constant_value": {"app": {"key": "main"}, "web": {"key": "sign"}}});
    assert_eq!(sorted(of(json!({"aliases": constant}))), expected);
    // Keys of the plan in the map: which of them each alias has, is not told.
    let keys = refers(&["aws_kms_key.other.key_id", "aws_kms_key.other"]);
    let undecided = ["app", "web"]
        .map(|index| format!("module.m.aws_kms_alias.x[\"{index}\"] UpdateAlias undecided"));
    assert_eq!(sorted(of(json!({"aliases": keys}))), undecided);
}
