//! Keys that are taken at an index that is computed, so that each instance of an alias has its own.

use super::*;
use kms_alias::Rule;
use kms_alias_files::judge_run;

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

/// Each alias has the key of its own index, whether the keys are alike or not.
#[test]
fn an_alias_for_each_of_many_keys_is_ok_t6() {
    for (index, is_alike) in [
        ("each.key", true),
        ("count.index", true),
        ("each.key", false),
    ] {
        let mut plan = aliases(400, &["aws_kms_key.k", index]).resource("aws_kms_key.k", json!({}));
        for number in 0..400 {
            let usage = match number {
                0 if !is_alike => {
                    json!({"customer_master_key_spec": "RSA_2048", "key_usage": "SIGN_VERIFY"})
                }
                _ => json!({}),
            };
            let unknown = json!({"key_id": true, "arn": true});
            let address = format!("aws_kms_key.k[\"{number}\"]");
            plan = plan.create(&address, with(new_key(), usage), unknown);
        }
        let target = target(&plan, "aws_kms_alias.a[\"7\"]");
        assert_eq!(target, made("aws_kms_key.k[\"7\"]"), "{index} {is_alike}");
        let told = told(&plan.json(), None, None);
        assert_eq!((told.exit, told.steps.len()), (0, 400));
    }
}

/// What the index is of is not the instance: all may take one key.
#[test]
fn keys_at_an_index_of_something_else_may_be_one_t6() {
    for index in [
        &["var.which"][..],
        &["local.which"],
        // One of two is the index, and the other says, say, whether there is a key at all.
        &["count.index", "var.which"],
        &[
            "each.key",
            "random_integer.which.result",
            "random_integer.which",
        ],
    ] {
        let references = [&["aws_kms_key.k"], index].concat();
        let mut plan = aliases(51, &references).resource("aws_kms_key.k", json!({}));
        for number in 0..51 {
            plan = plan.key(&format!("aws_kms_key.k[\"{number}\"]"));
        }
        let KeyReference::Unknown(key) = target(&plan, "aws_kms_alias.a[\"7\"]") else {
            panic!("{index:?}")
        };
        assert_eq!(key.series, None, "{index:?}");
        assert_eq!(told(&plan.json(), None, None).exit, 3, "{index:?}");
    }
}

/// Which attribute of the alias is taken is not seen: its name, or its key.
#[test]
fn a_whole_alias_in_a_target_may_be_its_key_k5() {
    let plan = |references: &[&str]| {
        Plan::new()
            .key("aws_kms_key.k")
            .resource("aws_kms_key.k", json!({}))
            .alias_of_unknown("aws_kms_alias.a[0]", "alias/a")
            .resource(
                "aws_kms_alias.a",
                json!({"target_key_id": refers(&["aws_kms_key.k.key_id", "aws_kms_key.k"])}),
            )
            .alias_of_unknown("aws_kms_alias.b[0]", "alias/b")
            .resource(
                "aws_kms_alias.b",
                json!({"target_key_id": refers(references)}),
            )
    };
    gets_with(
        &plan(&["aws_kms_alias.a", "count.index"]),
        None,
        3,
        &[
            "aws_kms_alias.a[0] CreateAlias ok",
            "aws_kms_alias.b[0] CreateAlias undecided",
        ],
    );
    gets_with(
        &plan(&[
            "aws_kms_alias.a[0].target_key_id",
            "aws_kms_alias.a[0]",
            "aws_kms_alias.a",
        ]),
        None,
        0,
        &[
            "aws_kms_alias.a[0] CreateAlias ok",
            "aws_kms_alias.b[0] CreateAlias ok",
        ],
    );
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

/// Which output is taken at a computed index is not seen: the key, or the name of an alias.
#[test]
fn an_output_of_several_instances_may_be_an_alias_or_a_key_k5() {
    let target = json!({"target_key_id": refers(&["aws_kms_key.this.key_id", "aws_kms_key.this"])});
    let output = |references: &[&str]| json!({"expression": refers(references)});
    let module = json!({
        "resources": [
            resource("aws_kms_key.this", "aws", json!({})),
            resource("aws_kms_alias.this", "aws", target)
        ],
        "outputs": {
            "id": output(&["aws_kms_key.this.key_id", "aws_kms_key.this"]),
            "name": output(&["aws_kms_alias.this.name", "aws_kms_alias.this"])
        }
    });
    let mut plan = Plan::new()
        .module("keys", json!({"module": module}))
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["module.keys", "each.key"])}),
        );
    for index in ["x", "y"] {
        let inside = format!("module.keys[\"{index}\"]");
        plan = plan
            .key(&format!("{inside}.aws_kms_key.this"))
            .alias_of_unknown(
                &format!("{inside}.aws_kms_alias.this"),
                &format!("alias/m{index}"),
            )
            .alias_of_unknown(
                &format!("aws_kms_alias.a[\"{index}\"]"),
                &format!("alias/{index}"),
            );
    }
    let plan = plan.json();
    let file = File {
        name: "plan.json",
        bytes: plan.as_bytes(),
    };
    let accounts = Accounts::unknown(Options::default());
    let judged = judge_run(&RunInput::new(file, NOW), accounts).expect("a plan");
    let steps = judged.read.run.steps.iter().zip(&judged.judgement.outcomes);
    let is_outside = |step: &RunStep| {
        step.address
            .as_deref()
            .is_some_and(|it| it.starts_with("aws_kms_alias.a"))
    };
    let outside: Vec<_> = steps.filter(|(step, _)| is_outside(step)).collect();
    assert_eq!(outside.len(), 2);
    for (_, outcome) in outside {
        let Outcome::Undecided { could_be, .. } = outcome else {
            panic!("{outcome:?}")
        };
        let rules = could_be.iter().map(|possible| match possible {
            Possible::Ok => None,
            Possible::Refused(answer) => Some(answer.rule),
        });
        assert_eq!(rules.collect::<Vec<_>>(), [None, Some(Rule::K5)]);
    }
}

/// An attribute of an output that is a whole resource is that attribute of the resource.
#[test]
fn an_attribute_of_an_output_is_followed_k5() {
    let target = json!({"target_key_id": refers(&["aws_kms_key.this.key_id", "aws_kms_key.this"])});
    let module = json!({
        "resources": [
            resource("aws_kms_key.this", "aws", json!({})),
            resource("aws_kms_alias.this", "aws", target)
        ],
        "outputs": {"alias": {"expression": refers(&["aws_kms_alias.this"])}}
    });
    for (attribute, outcome, exit) in [
        ("target_key_id", "ok", 0),
        ("arn", "refused ValidationException", 1),
    ] {
        let named = format!("module.keys.alias.{attribute}");
        let plan = Plan::new()
            .module("keys", json!({"module": module}))
            .key("module.keys.aws_kms_key.this")
            .alias_of_unknown("module.keys.aws_kms_alias.this", "alias/m")
            .alias_of_unknown("aws_kms_alias.a", "alias/a")
            .resource(
                "aws_kms_alias.a",
                json!({"target_key_id": refers(&[&named, "module.keys.alias", "module.keys"])}),
            );
        gets_with(
            &plan,
            None,
            exit,
            &[
                &format!("aws_kms_alias.a CreateAlias {outcome}"),
                "module.keys.aws_kms_alias.this CreateAlias ok",
            ],
        );
    }
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

/// `join("", aws_kms_alias.x[*].target_key_arn)` and `join("", aws_kms_alias.x[*].arn)` look alike.
#[test]
fn an_attribute_of_an_alias_that_is_not_seen_may_be_its_key_k5() {
    let plan = Plan::new()
        .create(
            "aws_kms_alias.x[0]",
            json!({"name": "alias/x", "target_key_id": id(1)}),
            json!({"arn": true, "target_key_arn": true}),
        )
        .alias_of_unknown("aws_kms_alias.y", "alias/y")
        .prior("aws_kms_key.k", key(1), &[])
        .resource("aws_kms_alias.x", json!({}))
        .resource(
            "aws_kms_alias.y",
            json!({"target_key_id": refers(&["aws_kms_alias.x"])}),
        );
    let steps = [
        "aws_kms_alias.x[0] CreateAlias ok",
        "aws_kms_alias.y CreateAlias undecided",
    ];
    gets(&plan, 3, &steps);
}
