//! Aliases that take the key of their own index.

use super::*;

/// The same plan with a new key of this index, which signs if that begins with `s`.
fn with_key(plan: Plan, address: &str, index: &str) -> Plan {
    let usage = match index.starts_with("\"s") {
        true => json!({"customer_master_key_spec": "RSA_2048", "key_usage": "SIGN_VERIFY"}),
        false => json!({}),
    };
    let unknown = json!({"key_id": true, "arn": true});
    plan.create(address, with(new_key(), usage), unknown)
}

/// The same plan with an alias of this index that leaves the key 1 for one that is made.
fn with_moving_alias(plan: Plan, index: &str) -> Plan {
    let name = format!("alias/{}", index.trim_matches('"'));
    plan.change(
        &format!("aws_kms_alias.a[{index}]"),
        &["update"],
        alias(&name, 1),
        json!({"name": name}),
        json!({"target_key_id": true}),
    )
}

/// Keys of these indexes, of which those that begin with `s` sign, and aliases of these that move to one of them.
fn moves(
    keys: &[&str],
    aliases: &[&str],
    references: &[&str],
    for_each: serde_json::Value,
) -> Plan {
    let mut plan = Plan::new().prior("aws_kms_key.old", key(1), &[]);
    for index in keys {
        plan = with_key(plan, &format!("aws_kms_key.k[{index}]"), index);
    }
    for index in aliases {
        plan = with_moving_alias(plan, index);
    }
    plan.resource("aws_kms_key.k", json!({})).resource_with(
        "aws_kms_alias.a",
        "aws",
        json!({"target_key_id": refers(references)}),
        json!({"for_each_expression": for_each}),
    )
}

/// The aliases encrypt: the key that signs is refused (U4).
#[test]
fn of_keys_of_several_usages_each_alias_takes_that_of_its_own_index_u4() {
    let each_key = ["aws_kms_key.k", "each.key"];
    let each_value = ["aws_kms_key.k", "each.value"];
    let (e, s) = ("\"e\"", "\"s\"");
    let set = json!({});
    let named = json!({"references": ["local.names"]});
    let refused =
        |index: &str| format!("aws_kms_alias.a[{index}] UpdateAlias refused ValidationException");
    let ok = |index: &str| format!("aws_kms_alias.a[{index}] UpdateAlias ok");
    let undecided = |index: &str| format!("aws_kms_alias.a[{index}] UpdateAlias undecided");
    for (keys, aliases, references, for_each, expected) in [
        (
            vec![e, s],
            vec![e, s],
            each_key,
            set.clone(),
            vec![ok(e), refused(s)],
        ),
        (
            vec![e, s],
            vec![e, s],
            each_value,
            set.clone(),
            vec![ok(e), refused(s)],
        ),
        (
            vec![e, s],
            vec![e, s],
            each_value,
            named.clone(),
            vec![undecided(e), undecided(s)],
        ),
        // Some of the keys have no alias.
        (vec![e, s], vec![s], each_key, set.clone(), vec![refused(s)]),
        // `k["${each.key}-s"]` is a key too.
        (
            vec![e, "\"s-e\""],
            vec![e],
            each_key,
            set.clone(),
            vec![undecided(e)],
        ),
        // What a value of a map is, only a map that is constant tells, and a `local` may be a map.
        (vec![e, s], vec![s], each_value, named, vec![undecided(s)]),
        (
            vec![e, s],
            vec!["\"a\"", "\"b\""],
            each_value,
            json!({"constant_value": {"a": "s", "b": "e"}}),
            vec![refused("\"a\""), ok("\"b\"")],
        ),
    ] {
        let plan = moves(&keys, &aliases, &references, for_each);
        let exit = match expected.iter().any(|it| it.contains("refused")) {
            true => 1,
            false => 3,
        };
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        gets(&plan, exit, &expected);
    }
}

#[test]
fn that_an_alias_takes_the_key_of_its_own_index_is_told_where_keys_differ_f13() {
    let told =
        |keys: &[&str], aliases: &[&str], references: [&str; 2], for_each, exit, expected| {
            let told = gets(&moves(keys, aliases, &references, for_each), exit, expected);
            told.rules.iter().any(|rule| rule == "F13")
        };
    let (e, s) = ("\"e\"", "\"s\"");
    let key = ["aws_kms_key.k", "each.key"];
    let both = [
        "aws_kms_alias.a[\"e\"] UpdateAlias ok",
        "aws_kms_alias.a[\"s\"] UpdateAlias refused ValidationException",
    ];
    assert!(told(&[e, s], &[e, s], key, json!({}), 1, &both[..]));
    let alike = [
        "aws_kms_alias.a[\"d\"] UpdateAlias ok",
        "aws_kms_alias.a[\"e\"] UpdateAlias ok",
    ];
    let d = "\"d\"";
    assert!(!told(&[d, e], &[d, e], key, json!({}), 0, &alike[..]));
    // A constant map tells the index.
    let value = ["aws_kms_key.k", "each.value"];
    let map = json!({"constant_value": {"a": "e"}});
    let known = ["aws_kms_alias.a[\"a\"] UpdateAlias ok"];
    assert!(!told(&[e, s], &["\"a\""], value, map, 0, &known[..]));
}

/// A module of one alias for each index, which is handed the key of that.
#[test]
fn of_keys_of_several_usages_each_module_takes_that_of_its_own_index_u4() {
    let inner = json!({
        "resources": [resource("aws_kms_alias.this", "aws", json!({"target_key_id": refers(&["var.key_id"])}))],
        "variables": {"key_id": {}}
    });
    for by in ["each.key", "each.value"] {
        let mut plan = moves(&["\"e\"", "\"s\""], &[], &["var.none"], json!({})).module(
            "alias",
            json!({
                "expressions": {"key_id": refers(&["aws_kms_key.k", by])}, "for_each_expression": {},
                "module": inner
            }),
        );
        for index in ["\"e\"", "\"s\""] {
            let name = format!("alias/{}", index.trim_matches('"'));
            plan = plan.change(
                &format!("module.alias[{index}].aws_kms_alias.this"),
                &["update"],
                alias(&name, 1),
                json!({"name": name}),
                json!({"target_key_id": true}),
            );
        }
        gets(
            &plan,
            1,
            &[
                "module.alias[\"e\"].aws_kms_alias.this UpdateAlias ok",
                "module.alias[\"s\"].aws_kms_alias.this UpdateAlias refused ValidationException",
            ],
        );
    }
}

/// Modules of one key each, of which those that begin with `s` sign, and an alias for each that moves to its key
/// by these references.
fn moves_to_modules(indexes: &[&str], references: &[&str]) -> Plan {
    let mut plan = Plan::new().prior("aws_kms_key.old", key(1), &[]);
    for index in indexes {
        let address = format!("module.k[{index}].module.inner.aws_kms_key.this");
        plan = with_key(plan, &address, index);
        plan = with_moving_alias(plan, index);
    }
    let inner = json!({
        "resources": [resource("aws_kms_key.this", "aws", json!({}))],
        "outputs": {"key_id": {"expression": refers(&["aws_kms_key.this.key_id", "aws_kms_key.this"])}}
    });
    let outer = json!({
        "outputs": {"key_id": {"expression": refers(&["module.inner.key_id", "module.inner"])}},
        "module_calls": {"inner": {"module": inner}}
    });
    plan.module("k", json!({"for_each_expression": {}, "module": outer}))
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(references)}),
        )
}

#[test]
fn that_an_alias_takes_the_key_of_the_module_of_its_own_index_is_told_where_keys_differ_f13() {
    let references = ["module.k", "each.key"];
    let (d, e, s) = ("\"d\"", "\"e\"", "\"s\"");
    let told = gets(
        &moves_to_modules(&[e, s], &references),
        1,
        &[
            "aws_kms_alias.a[\"e\"] UpdateAlias ok",
            "aws_kms_alias.a[\"s\"] UpdateAlias refused ValidationException",
        ],
    );
    assert!(told.rules.iter().any(|rule| rule == "F13"));
    let alike = [
        "aws_kms_alias.a[\"d\"] UpdateAlias ok",
        "aws_kms_alias.a[\"e\"] UpdateAlias ok",
    ];
    let told = gets(&moves_to_modules(&[d, e], &references), 0, &alike);
    assert!(!told.rules.iter().any(|rule| rule == "F13"));
}

/// `{a = "b", b = "a"}` and a set look alike where a `local` is one of them.
#[test]
fn each_value_of_a_local_may_be_another_index_u4() {
    let (e, s) = ("\"e\"", "\"s\"");
    let either = ["e", "s"].map(|it| format!("aws_kms_alias.a[\"{it}\"] UpdateAlias undecided"));
    let either: Vec<&str> = either.iter().map(String::as_str).collect();
    for (references, over) in [
        (&["aws_kms_key.k", "each.value"][..], &["local.which"][..]),
        (
            &["aws_kms_key.k", "each.value.key", "each.value"],
            &["local.which"],
        ),
        (&["aws_kms_key.k", "each.value"], &["var.which"]),
        (
            &["aws_kms_key.k", "each.value"],
            &["data.aws_ssm_parameter.p.value", "data.aws_ssm_parameter.p"],
        ),
        // `{for name, key in local.which : name => aws_kms_key.k[key].arn}`
        (&["each.value"], &["aws_kms_key.k", "local.which"]),
        // `coalesce(each.value, aws_kms_key.k["e"].arn)` has no index.
        (
            &[
                "each.value",
                "aws_kms_key.k[\"e\"].arn",
                "aws_kms_key.k[\"e\"]",
                "aws_kms_key.k",
            ],
            &["local.which"],
        ),
    ] {
        let plan = moves(&[e, s], &[e, s], references, json!({"references": over}));
        gets(&plan, 3, &either);
    }
}

#[test]
fn each_value_of_a_variable_is_an_index_that_its_value_has_u4() {
    let (e, s) = ("\"e\"", "\"s\"");
    let step =
        |index: &str, outcome: &str| format!("aws_kms_alias.a[{index}] UpdateAlias {outcome}");
    let own = [step(e, "ok"), step(s, "refused ValidationException")];
    let either = [step(e, "undecided"), step(s, "undecided")];
    let whole = &["aws_kms_key.k", "each.value"][..];
    for (references, over, value, expected, exit) in [
        (whole, &["var.which"][..], json!(["e", "s"]), &own, 1),
        (
            whole,
            &["var.which"],
            json!({"e": {"description": "x"}, "s": {"description": "y"}}),
            &own,
            1,
        ),
        // `toset(keys(var.which))`, or `{for name, one in var.which : name => one.key}`
        (
            whole,
            &["var.which"],
            json!({"e": {"key": "s"}, "s": {"key": "e"}}),
            &either,
            3,
        ),
        (whole, &["var.which"], json!({"e": "e", "s": "s"}), &own, 1),
        (
            &["each.value"],
            &["aws_kms_key.k", "var.which"],
            json!(["e", "s"]),
            &own,
            1,
        ),
        (
            &["each.value"],
            &["aws_kms_key.k", "var.which"],
            json!({"e": "s", "s": "e"}),
            &either,
            3,
        ),
    ] {
        let plan = moves(&[e, s], &[e, s], references, json!({"references": over}));
        let plan = plan.variable("which", value.clone());
        let told = told(&plan.json(), None, None);
        assert_eq!(
            (&told.steps[..], told.exit),
            (&expected[..], exit),
            "{references:?} {value}"
        );
    }
}

#[test]
fn sixty_aliases_by_each_value_of_a_local_may_be_on_one_key_t6() {
    for (reference, exit) in [("each.key", 0), ("each.value", 3)] {
        let mut plan = Plan::new().resource("aws_kms_key.k", json!({}));
        for number in 0..60 {
            let (key, alias) = (
                format!("aws_kms_key.k[\"{number}\"]"),
                format!("aws_kms_alias.a[\"{number}\"]"),
            );
            plan = plan
                .key(&key)
                .alias_of_unknown(&alias, &format!("alias/a{number}"));
        }
        let target = json!({"target_key_id": refers(&["aws_kms_key.k", reference])});
        let over = json!({"for_each_expression": refers(&["local.which"])});
        let plan = plan.resource_with("aws_kms_alias.a", "aws", target, over);
        assert_eq!(told(&plan.json(), None, None).exit, exit, "{reference}");
    }
}

#[test]
fn one_of_several_keys_may_be_one_that_is_refused_t1() {
    // More values than are tried each by itself.
    let of = |usage: &str, spec: &str| {
        let made = json!({"key_usage": usage, "customer_master_key_spec": spec});
        let unknown = || json!({"key_id": true, "arn": true});
        let mut plan = Plan::new()
            .resource("aws_kms_key.k", json!({}))
            .create("aws_kms_key.k[\"a\"]", made, unknown())
            .key("aws_kms_key.k[\"b\"]");
        for index in ["a", "b", "c"] {
            let alias = format!("aws_kms_alias.t[\"{index}\"]");
            plan = plan.alias_of_unknown(&alias, &format!("alias/{index}"));
        }
        let target = json!({"target_key_id": refers(&["aws_kms_key.k", "each.value"])});
        let over = json!({"for_each_expression": refers(&["local.which"])});
        plan.resource_with("aws_kms_alias.t", "aws", target, over)
    };
    for (usage, spec) in [
        ("BAD", "SYMMETRIC_DEFAULT"),
        ("SIGN_VERIFY", "SYMMETRIC_DEFAULT"),
    ] {
        let (read, judgement) = judged(&of(usage, spec).json(), None, None);
        let of_aliases = read.run.steps.iter().zip(&judgement.outcomes);
        let mut of_aliases = of_aliases.filter(|(it, _)| it.request.operation() == "CreateAlias");
        assert!(
            of_aliases.all(|(_, it)| matches!(it, Outcome::Undecided { .. })),
            "{usage}: {judgement:?}"
        );
    }
    let possible = of("ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT");
    assert_eq!(told(&possible.json(), None, None).exit, 0);
}

#[test]
fn each_alias_of_a_module_says_what_decides_its_key_u4() {
    let over = json!({"references": ["local.which"]});
    let mut plan = Plan::new().resource("aws_kms_key.k", json!({}));
    for index in ["a", "b"] {
        plan = plan.key(&format!("aws_kms_key.k[\"{index}\"]"));
        for name in ["x", "y"] {
            let alias = format!("module.m[\"{index}\"].aws_kms_alias.t[\"{name}\"]");
            plan = plan.alias_of_unknown(&alias, &format!("alias/{index}-{name}"));
        }
    }
    let mut plan: Value = serde_json::from_str(&plan.json()).expect("JSON");
    let alias = json!({"address": "aws_kms_alias.t", "mode": "managed", "type": "aws_kms_alias", "name": "t",
        "provider_config_key": "aws", "for_each_expression": {"references": ["local.names"]},
        "expressions": {"target_key_id": {"references": ["var.key"]}}});
    plan["configuration"]["root_module"]["module_calls"] = json!({"m": {"for_each_expression": over,
        "expressions": {"key": {"references": ["aws_kms_key.k", "each.value"]}},
        "module": {"variables": {"key": {}}, "resources": [alias]}}});
    let (read, _) = judged(&plan.to_string(), None, None);
    let aliases = read.run.steps.iter();
    let aliases = aliases.filter(|step| step.request.operation() == "CreateAlias");
    let said = |step: &RunStep| step.notes.iter().any(|it| it.words.contains("`each.key`"));
    assert_eq!(aliases.map(said).collect::<Vec<_>>(), [true; 4]);
}

#[test]
fn an_alias_that_takes_a_key_by_each_value_of_a_local_says_what_decides_it_u4() {
    let over = json!({"references": ["local.which"]});
    let plan = moves(
        &["\"e\"", "\"s\""],
        &["\"e\"", "\"s\""],
        &["aws_kms_key.k", "each.value"],
        over,
    );
    let (read, judgement) = judged(&plan.json(), None, None);
    for (step, outcome) in read.run.steps.iter().zip(&judgement.outcomes) {
        let said = step.notes.iter().filter(|note| note.fits(outcome));
        let is_said = said
            .into_iter()
            .any(|note| note.words.contains("`each.key`"));
        assert_eq!(
            is_said,
            step.request.operation() == "UpdateAlias",
            "{step:?}"
        );
    }
}
