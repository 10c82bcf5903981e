//! Keys that are taken at an index that is computed, so that each instance of an alias has its own.

use super::*;

/// So many aliases of one resource, whose target refers to these.
fn aliases(count: usize, references: &[&str]) -> Plan {
    let mut plan = Plan::new();
    for number in 0..count {
        plan = plan.alias_of_unknown(
            &format!("aws_kms_alias.a[\"{number}\"]"),
            &format!("alias/a{number}"),
        );
    }
    plan.resource(
        "aws_kms_alias.a",
        json!({"target_key_id": refers(references)}),
    )
}

#[test]
fn a_value_at_a_computed_index_is_not_one_value_t6() {
    for series in ["local.keys", "data.aws_kms_key.k", "module.gone"] {
        let plan = aliases(51, &[series, "each.key"]);
        let told = told(&plan.json(), None, None);
        assert_eq!(told.exit, 3, "{series}: each can be a key of its own");
        let KeyReference::Unknown(key) = target(&plan, "aws_kms_alias.a[\"7\"]") else {
            panic!("{series}")
        };
        assert_eq!(*key.label, *format!("{series} at \"7\""));
        assert_eq!(key.series.as_deref(), Some(series));
    }
    // One value: the last alias is one too many.
    assert_eq!(
        told(&aliases(51, &["local.key"]).json(), None, None).exit,
        1
    );
    assert_eq!(
        told(&aliases(50, &["local.key"]).json(), None, None).exit,
        3
    );
}

#[test]
fn an_alias_for_each_of_many_keys_is_ok_t6() {
    let mut plan = aliases(60, &["aws_kms_key.k", "each.key"]).resource("aws_kms_key.k", json!({}));
    for number in 0..60 {
        plan = plan.key(&format!("aws_kms_key.k[\"{number}\"]"));
    }
    let told = told(&plan.json(), None, None);
    assert_eq!(told.exit, 0);
    assert!(told.steps.iter().all(|step| step.ends_with(" ok")));
}

/// A module of one key with these outputs, made for each of some indexes, and an alias for each.
fn modules(usages: &[&str], outputs: serde_json::Value) -> Plan {
    let keys = json!({
        "resources": [resource("aws_kms_key.this", "aws", json!({}))],
        "outputs": outputs
    });
    let mut plan = Plan::new()
        .module("keys", json!({"module": keys}))
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["module.keys", "each.key"])}),
        );
    for (number, usage) in usages.iter().enumerate() {
        let after = with(new_key(), json!({"key_usage": usage}));
        plan = plan
            .create(
                &format!("module.keys[\"{number}\"].aws_kms_key.this"),
                after,
                json!({"key_id": true, "arn": true}),
            )
            .alias_of_unknown(
                &format!("aws_kms_alias.a[\"{number}\"]"),
                &format!("alias/a{number}"),
            );
    }
    plan
}

#[test]
fn of_a_module_at_a_computed_index_every_output_is_followed() {
    let key = |attribute: &str| {
        let references = [
            &*format!("aws_kms_key.this.{attribute}"),
            "aws_kms_key.this",
        ];
        json!({"expression": refers(&references)})
    };
    let usages = ["ENCRYPT_DECRYPT"; 5];
    let outputs = json!({"id": key("key_id"), "arn": key("arn"), "made_by": {"expression": {"constant_value": "us"}}});
    let plan = modules(&usages, outputs);
    let told = told(&plan.json(), None, None);
    assert_eq!((told.exit, told.steps.len()), (0, 5));
    // An output that is no key may be the one that is taken.
    let outputs = json!({"id": key("key_id"), "policy": key("policy")});
    let told = crate::plans::told(&modules(&usages, outputs).json(), None, None);
    assert_eq!(told.exit, 3);
}

#[test]
fn each_value_of_a_module_is_that_of_its_index_u4() {
    let keys = json!({
        "resources": [resource("aws_kms_key.this", "aws", json!({}))],
        "outputs": {"id": {"expression": refers(&["aws_kms_key.this.key_id", "aws_kms_key.this"])}}
    });
    let mut plan = Plan::new()
        .module("keys", json!({"module": keys}))
        .prior("aws_kms_key.old", crate::builder::key(1), &[])
        .resource_with(
            "aws_kms_alias.a",
            "aws",
            json!({"target_key_id": refers(&["each.value.id", "each.value"])}),
            json!({"for_each_expression": refers(&["module.keys"])}),
        );
    for (index, spec, usage) in [
        ("x", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"),
        ("y", "RSA_2048", "SIGN_VERIFY"),
    ] {
        let after = json!({"key_usage": usage, "customer_master_key_spec": spec});
        plan = plan
            .create(
                &format!("module.keys[\"{index}\"].aws_kms_key.this"),
                with(new_key(), after),
                json!({"key_id": true}),
            )
            .change(
                &format!("aws_kms_alias.a[\"{index}\"]"),
                &["update"],
                alias(&format!("alias/{index}"), 1),
                json!({"name": format!("alias/{index}")}),
                json!({"target_key_id": true}),
            );
    }
    gets(
        &plan,
        1,
        &[
            "aws_kms_alias.a[\"x\"] UpdateAlias ok",
            "aws_kms_alias.a[\"y\"] UpdateAlias refused ValidationException",
        ],
    );
}

#[test]
fn keys_that_the_plan_makes_elsewhere_are_different_keys_t6() {
    let mut plan = Plan::new().provider(
        "aws.b",
        json!({"region": {"constant_value": REGION}, "profile": {"constant_value": "b"}}),
    );
    for number in 0..60 {
        let (key, alias) = (
            format!("aws_kms_key.k{number}"),
            format!("aws_kms_alias.a{number}"),
        );
        plan = plan
            .key(&key)
            .resource(&key, json!({}))
            .alias_of_unknown(&alias, &format!("alias/a{number}"))
            .resource_with(
                &alias,
                "aws.b",
                json!({"target_key_id": refers(&[&*format!("{key}.arn"), &*key])}),
                json!({}),
            );
    }
    let (_, judgement) = judged(&plan.json(), None, None);
    assert!(!judgement.bound_reached, "no quota can be full");
}
