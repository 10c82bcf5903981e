//! Plans of Terraform, made by hand: each way in which a plan says what KMS is asked.

use kms_alias::KeyUsage;
use kms_alias_files::{Accounts, File, Options, RunInput, read_run};
use kms_alias_foresee::verdict::{KeyReference, NameReference, Outcome, Request, judge};
use serde_json::{Value, json};

use crate::builder::{Plan, REGION, alias, id, key, new_key, refers, resource, scope, with};
use crate::plans::{NOW, Told, judged, tell, told};

#[track_caller]
fn gets(plan: &Plan, exit: u8, steps: &[&str]) -> Told {
    gets_with(plan, None, exit, steps)
}

#[track_caller]
fn gets_with(plan: &Plan, account: Option<&str>, exit: u8, steps: &[&str]) -> Told {
    let told = told(&plan.json(), account, None);
    let mut found: Vec<_> = told.steps.iter().map(String::as_str).collect();
    found.sort_unstable();
    let mut steps = steps.to_vec();
    steps.sort_unstable();
    assert_eq!((found, told.exit), (steps, exit));
    told
}

/// The key that the step of this address names.
#[track_caller]
fn target(plan: &Plan, address: &str) -> KeyReference {
    let (read, _) = judged(&plan.json(), None, None);
    let step = read
        .run
        .steps
        .iter()
        .find(|step| step.address.as_deref() == Some(address));
    match &step
        .unwrap_or_else(|| panic!("no step of {address}"))
        .request
    {
        Request::CreateAlias { target_key_id, .. } | Request::UpdateAlias { target_key_id, .. } => {
            match target_key_id {
                KeyReference::MadeBy(made) => {
                    let made = read.run.steps[*made].address.clone();
                    KeyReference::Text(made.expect("an address"))
                }
                other => other.clone(),
            }
        }
        other => panic!("{other:?}"),
    }
}

fn made(address: &str) -> KeyReference {
    KeyReference::Text(address.into())
}

#[test]
fn one_alias_too_many_fails_though_no_single_one_does_t6() {
    let plan = |count: u32| {
        let mut plan = Plan::new()
            .key("aws_kms_key.k")
            .resource("aws_kms_key.k", json!({}));
        for number in 0..count {
            plan = plan.alias_of_unknown(
                &format!("aws_kms_alias.a[{number}]"),
                &format!("alias/a{number}"),
            );
        }
        plan.resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["aws_kms_key.k.key_id", "aws_kms_key.k"])}),
        )
    };
    let fits = told(&plan(50).json(), None, None);
    assert!(fits.exit == 0 && fits.steps.iter().all(|step| step.ends_with(" ok")));
    // Of four where three fit, one is refused, whichever it is.
    let plan = plan(4).json();
    let input = RunInput::new(
        File {
            name: "plan.json",
            bytes: plan.as_bytes(),
        },
        NOW,
    );
    let mut accounts = Accounts::unknown(Options::default().with_aliases_per_key(3));
    let read = read_run(&input, &mut accounts).expect("a plan");
    let beyond = tell(&read, &judge(&read.run, accounts.into_knowledge()));
    assert!(
        beyond.exit == 1 && beyond.steps.iter().all(|step| step.ends_with(" undecided")),
        "{beyond:?}"
    );
}

#[test]
fn a_name_is_handed_over_where_an_order_is_fixed() {
    let plan = Plan::new()
        .delete("aws_kms_alias.a", alias("alias/x", 1))
        .change(
            "aws_kms_alias.b",
            &["delete", "create"],
            alias("alias/y", 1),
            json!({"name": "alias/x", "target_key_id": id(1)}),
            json!({}),
        )
        .prior("aws_kms_alias.a", alias("alias/x", 1), &[])
        .prior("aws_kms_key.k", key(1), &[])
        .resource("aws_kms_alias.b", json!({}));
    gets(
        &plan.prior("aws_kms_alias.b", alias("alias/y", 1), &["aws_kms_alias.a"]),
        0,
        &[
            "aws_kms_alias.a DeleteAlias ok",
            "aws_kms_alias.b CreateAlias ok",
            "aws_kms_alias.b DeleteAlias ok",
        ],
    );
}

#[test]
fn an_alias_replaced_by_one_made_first_is_in_its_own_way_a6() {
    let plan = |actions: &[&str]| {
        Plan::new().prior("aws_kms_key.k", key(1), &[]).change(
            "aws_kms_alias.a",
            actions,
            alias("alias/x", 1),
            json!({"name": "alias/x", "target_key_id": id(1)}),
            json!({}),
        )
    };
    gets(
        &plan(&["create", "delete"]),
        1,
        &[
            "aws_kms_alias.a CreateAlias refused AlreadyExistsException",
            "aws_kms_alias.a DeleteAlias ok",
        ],
    );
    gets(
        &plan(&["delete", "create"]),
        0,
        &[
            "aws_kms_alias.a DeleteAlias ok",
            "aws_kms_alias.a CreateAlias ok",
        ],
    );
}

#[test]
fn what_asks_nothing_of_kms_is_no_step() {
    let standing = alias("alias/x", 1);
    for actions in [&["no-op"][..], &["read"], &["forget"]] {
        gets(
            &Plan::new().change(
                "aws_kms_alias.a",
                actions,
                standing.clone(),
                standing.clone(),
                json!({}),
            ),
            0,
            &[],
        );
    }
    // The same key by its ARN, and an update of tags.
    let arn = with(
        standing.clone(),
        json!({"target_key_id": format!("{}:key/{}", scope(), id(1))}),
    );
    gets(
        &Plan::new().change(
            "aws_kms_alias.a",
            &["update"],
            standing.clone(),
            arn,
            json!({}),
        ),
        0,
        &[],
    );
    let tagged = with(key(1), json!({"tags": {"a": "b"}}));
    gets(
        &Plan::new().change("aws_kms_key.k", &["update"], key(1), tagged, json!({})),
        0,
        &[],
    );
    // Forgotten and made anew: nothing is deleted.
    let plan = Plan::new()
        .change(
            "aws_kms_alias.a",
            &["forget", "create"],
            standing,
            json!({"name": "alias/y", "target_key_id": id(1)}),
            json!({}),
        )
        .prior("aws_kms_key.k", key(1), &[]);
    gets(&plan, 0, &["aws_kms_alias.a CreateAlias ok"]);
}

#[test]
fn everything_destroyed_goes_in_any_order_d1() {
    let plan = Plan::new()
        .delete("aws_kms_alias.a", alias("alias/x", 1))
        .delete("aws_kms_key.k", key(1))
        .prior("aws_kms_alias.a", alias("alias/x", 1), &["aws_kms_key.k"])
        .prior("aws_kms_key.k", key(1), &[]);
    let told = gets(&plan, 0, &["aws_kms_alias.a DeleteAlias ok"]);
    assert!(told.rules.is_empty(), "nothing moves: {told:?}");
    let disabled = with(key(1), json!({"is_enabled": false}));
    let plan =
        Plan::new()
            .delete("aws_kms_key.k", disabled.clone())
            .prior("aws_kms_key.k", disabled, &[]);
    gets(&plan, 0, &[]);
}

#[test]
fn a_key_that_goes_while_its_alias_moves_is_told_f2_f3() {
    let plan = Plan::new()
        .change(
            "aws_kms_alias.a",
            &["update"],
            alias("alias/x", 1),
            json!({"name": "alias/x"}),
            json!({"target_key_id": true}),
        )
        .key("aws_kms_key.new")
        .delete("aws_kms_key.old", key(1))
        .prior("aws_kms_alias.a", alias("alias/x", 1), &["aws_kms_key.old"])
        .prior("aws_kms_key.old", key(1), &[])
        .resource("aws_kms_key.new", json!({}))
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["aws_kms_key.new.key_id", "aws_kms_key.new"])}),
        );
    let told = gets(&plan, 0, &["aws_kms_alias.a UpdateAlias ok"]);
    assert_eq!(told.rules, ["F2", "F3"]);
}

#[test]
fn what_a_refused_move_would_break_is_not_told_f2_f3() {
    let new = with(
        key(2),
        json!({"key_usage": "SIGN_VERIFY", "customer_master_key_spec": "RSA_2048"}),
    );
    let plan = Plan::new()
        .change(
            "aws_kms_alias.a",
            &["update"],
            alias("alias/x", 1),
            alias("alias/x", 2),
            json!({}),
        )
        .delete("aws_kms_key.old", key(1))
        .prior("aws_kms_alias.a", alias("alias/x", 1), &["aws_kms_key.old"])
        .prior("aws_kms_key.old", key(1), &[])
        .prior("aws_kms_key.new", new, &[]);
    let refused = "aws_kms_alias.a UpdateAlias refused ValidationException";
    let told = gets(&plan, 1, &[refused]);
    assert!(told.rules.is_empty(), "{told:?}");
}

#[test]
fn what_is_deferred_is_not_judged_f8() {
    let plan = Plan::new()
        .key("aws_kms_key.k")
        .resource("aws_kms_key.k", json!({}));
    let mut plan: Value = serde_json::from_str(&plan.json()).expect("a plan");
    assert_eq!(told(&plan.to_string(), None, None).exit, 0);
    plan["deferred_changes"] = json!([{"reason": "resource_config_unknown"}]);
    let told = told(&plan.to_string(), None, None);
    assert_eq!((told.exit, &told.rules[..]), (3, &["F8".to_owned()][..]));
}

#[test]
fn what_a_move_breaks_follows_the_usage_f3() {
    for (usage, spec, words) in [
        (
            "ENCRYPT_DECRYPT",
            "SYMMETRIC_DEFAULT",
            "without `KeyId` it works",
        ),
        (
            "ENCRYPT_DECRYPT",
            "RSA_2048",
            "an asymmetric Decrypt has to name a key",
        ),
        ("SIGN_VERIFY", "RSA_2048", "KMSInvalidSignatureException"),
        ("GENERATE_VERIFY_MAC", "HMAC_256", "KMSInvalidMacException"),
    ] {
        let of = |number| {
            with(
                key(number),
                json!({"key_usage": usage, "customer_master_key_spec": spec}),
            )
        };
        let plan = Plan::new()
            .change(
                "aws_kms_alias.a",
                &["update"],
                alias("alias/x", 1),
                alias("alias/x", 2),
                json!({}),
            )
            .prior("aws_kms_alias.a", alias("alias/x", 1), &[])
            .prior("aws_kms_key.k", of(1), &[])
            .prior("aws_kms_key.l", of(2), &[]);
        let (read, _) = judged(&plan.json(), None, None);
        assert_eq!(read.advice.len(), 1, "{usage}");
        assert!(
            read.advice[0].words.contains(words),
            "{usage}: {}",
            read.advice[0]
        );
    }
}

#[test]
fn a_value_is_followed_through_modules_variables_and_outputs() {
    let inner = json!({
        "resources": [resource("aws_kms_alias.a", "aws", json!({"target_key_id": refers(&["var.key_arn"])}))],
        "variables": {"key_arn": {}}
    });
    let middle = json!({
        "module_calls": {"inner": {"expressions": {"key_arn": refers(&["var.key"])}, "module": inner}},
        "variables": {"key": {}}
    });
    let keys = json!({
        "resources": [resource("aws_kms_key.this", "aws", json!({}))],
        "outputs": {"arn": {"expression": refers(&["aws_kms_key.this[0].arn", "aws_kms_key.this[0]", "aws_kms_key.this"])}}
    });
    let plan = Plan::new()
        .alias_of_unknown("module.app.module.inner.aws_kms_alias.a", "alias/a")
        .key("module.keys.aws_kms_key.this[0]")
        .module("keys", json!({"module": keys}))
        .module("app", json!({"expressions": {"key": refers(&["module.keys.arn", "module.keys"])}, "module": middle}));
    gets(
        &plan,
        0,
        &["module.app.module.inner.aws_kms_alias.a CreateAlias ok"],
    );
    assert_eq!(
        target(&plan, "module.app.module.inner.aws_kms_alias.a"),
        made("module.keys.aws_kms_key.this[0]")
    );
}

#[test]
fn an_index_goes_along_with_the_instance() {
    for (index, by) in [("0", "count.index"), ("\"a\"", "each.key")] {
        let other = if index == "0" { "1" } else { "\"b\"" };
        let plan = Plan::new()
            .key(&format!("aws_kms_key.k[{index}]"))
            .key(&format!("aws_kms_key.k[{other}]"))
            .alias_of_unknown(&format!("aws_kms_alias.a[{index}]"), "alias/a")
            .alias_of_unknown(&format!("aws_kms_alias.a[{other}]"), "alias/b")
            .resource("aws_kms_key.k", json!({}))
            .resource(
                "aws_kms_alias.a",
                json!({"target_key_id": refers(&["aws_kms_key.k", by])}),
            );
        for index in [index, other] {
            let alias = format!("aws_kms_alias.a[{index}]");
            assert_eq!(
                target(&plan, &alias),
                made(&format!("aws_kms_key.k[{index}]"))
            );
        }
    }
    // `for_each = aws_kms_key.k`, and `each.value.key_id`.
    let plan = Plan::new()
        .key("aws_kms_key.k[\"a\"]")
        .key("aws_kms_key.k[\"b\"]")
        .alias_of_unknown("aws_kms_alias.a[\"b\"]", "alias/b")
        .resource("aws_kms_key.k", json!({}))
        .resource_with(
            "aws_kms_alias.a",
            "aws",
            json!({"target_key_id": refers(&["each.value.key_id", "each.value"])}),
            json!({"for_each_expression": refers(&["aws_kms_key.k"])}),
        );
    assert_eq!(
        target(&plan, "aws_kms_alias.a[\"b\"]"),
        made("aws_kms_key.k[\"b\"]")
    );
    // A module for each, and its output by the same index.
    let keys = json!({
        "resources": [resource("aws_kms_key.this", "aws", json!({}))],
        "outputs": {"id": {"expression": refers(&["aws_kms_key.this.key_id", "aws_kms_key.this"])}}
    });
    let plan = Plan::new()
        .key("module.keys[\"x.y\"].aws_kms_key.this")
        .key("module.keys[\"z\"].aws_kms_key.this")
        .alias_of_unknown("aws_kms_alias.a[\"x.y\"]", "alias/a")
        .alias_of_unknown("aws_kms_alias.z", "alias/z")
        .module("keys", json!({"module": keys}))
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["module.keys", "each.key"])}),
        )
        .resource(
            "aws_kms_alias.z",
            json!({"target_key_id": refers(&["module.keys[\"z\"].id", "module.keys[\"z\"]"])}),
        );
    assert_eq!(
        target(&plan, "aws_kms_alias.z"),
        made("module.keys[\"z\"].aws_kms_key.this")
    );
}

#[test]
fn of_a_choice_that_which_is_not_known_is_taken() {
    let expression = json!({"target_key_id": refers(&[
        "aws_kms_key.this[0].key_id", "aws_kms_key.this[0]", "aws_kms_key.this",
        "aws_kms_external_key.this[0].id", "aws_kms_external_key.this[0]", "aws_kms_external_key.this",
        "var.key_id", "aws_kms_key.old.arn", "aws_kms_key.old"
    ])});
    let plan = Plan::new()
        .key("aws_kms_key.this[0]")
        .alias_of_unknown("aws_kms_alias.a", "alias/a")
        .change("aws_kms_key.old", &["no-op"], key(7), key(7), json!({}))
        .resource("aws_kms_key.this", json!({}))
        .resource("aws_kms_external_key.this", json!({}))
        .resource("aws_kms_alias.a", expression);
    assert_eq!(
        target(&plan, "aws_kms_alias.a"),
        made("aws_kms_key.this[0]")
    );
}

#[test]
fn what_cannot_be_followed_is_undecided_and_no_refusal() {
    for references in [
        &["local.key_id"][..],
        &[
            "aws_cloudformation_stack.s.outputs[\"Key\"]",
            "aws_cloudformation_stack.s.outputs",
        ],
        &["module.gone.key_id", "module.gone"],
        &["aws_kms_key.k.policy", "aws_kms_key.k"],
        &[],
    ] {
        let plan = Plan::new()
            .key("aws_kms_key.k")
            .alias_of_unknown("aws_kms_alias.a", "alias/a")
            .resource("aws_kms_key.k", json!({}))
            .resource(
                "aws_kms_alias.a",
                json!({"target_key_id": refers(references)}),
            );
        gets(&plan, 3, &["aws_kms_alias.a CreateAlias undecided"]);
    }
    // References that go round.
    let plan = Plan::new()
        .alias_of_unknown("aws_kms_alias.a", "alias/a")
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["aws_kms_alias.a.target_key_id"])}),
        );
    gets(&plan, 3, &["aws_kms_alias.a CreateAlias undecided"]);
}

#[test]
fn of_several_keys_what_all_of_them_are_is_known_u4() {
    let mac = || {
        with(
            new_key(),
            json!({"key_usage": "GENERATE_VERIFY_MAC", "customer_master_key_spec": "HMAC_256"}),
        )
    };
    let unknown = || json!({"key_id": true});
    let plan = Plan::new()
        .create("aws_kms_key.a", mac(), unknown())
        .create("aws_kms_key.b", mac(), unknown())
        .change(
            "aws_kms_alias.a",
            &["update"],
            alias("alias/x", 1),
            json!({"name": "alias/x"}),
            json!({"target_key_id": true}),
        )
        .prior("aws_kms_key.k", key(1), &[])
        .resource("aws_kms_key.a", json!({}))
        .resource("aws_kms_key.b", json!({}))
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["aws_kms_key.a.key_id", "aws_kms_key.a",
            "aws_kms_key.b.key_id", "aws_kms_key.b"])}),
        );
    let KeyReference::Unknown(key) = target(&plan, "aws_kms_alias.a") else {
        panic!("one of two")
    };
    assert_eq!(
        (key.facts.exists, key.facts.usage),
        (true, Some(KeyUsage::GenerateVerifyMac))
    );
    gets(
        &plan,
        1,
        &["aws_kms_alias.a UpdateAlias refused ValidationException"],
    );
}

#[test]
fn reference_text_stands_for_the_key_that_it_names() {
    for text in [
        "aws_kms_key.k.key_id",
        "${aws_kms_key.k.arn}",
        "aws_kms_key.k",
    ] {
        let plan = Plan::new().key("aws_kms_key.k").create(
            "aws_kms_alias.a",
            json!({"name": "alias/a", "target_key_id": text}),
            json!({}),
        );
        gets(&plan, 0, &["aws_kms_alias.a CreateAlias ok"]);
        let plan = Plan::new()
            .change("aws_kms_key.k", &["no-op"], key(1), key(1), json!({}))
            .create(
                "aws_kms_alias.a",
                json!({"name": "alias/a", "target_key_id": text}),
                json!({}),
            );
        assert_eq!(
            target(&plan, "aws_kms_alias.a"),
            KeyReference::Text(id(1).into())
        );
    }
}

#[test]
fn an_alias_in_place_of_a_key_is_refused_k5() {
    for reference in ["aws_kms_alias.other.arn", "aws_kms_alias.other.name"] {
        let plan = Plan::new()
            .create(
                "aws_kms_alias.other",
                json!({"name": "alias/other", "target_key_id": id(1)}),
                json!({"arn": true}),
            )
            .alias_of_unknown("aws_kms_alias.a", "alias/a")
            .prior("aws_kms_key.k", key(1), &[])
            .resource("aws_kms_alias.other", json!({}))
            .resource(
                "aws_kms_alias.a",
                json!({"target_key_id": refers(&[reference, "aws_kms_alias.other"])}),
            );
        gets(
            &plan,
            1,
            &[
                "aws_kms_alias.a CreateAlias refused ValidationException",
                "aws_kms_alias.other CreateAlias ok",
            ],
        );
    }
    // The key of a new alias is a key.
    let plan = Plan::new()
        .create(
            "aws_kms_alias.other",
            json!({"name": "alias/other", "target_key_id": id(1)}),
            json!({"arn": true}),
        )
        .alias_of_unknown("aws_kms_alias.a", "alias/a")
        .prior("aws_kms_key.k", key(1), &[])
        .resource("aws_kms_alias.other", json!({}))
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id":
            refers(&["aws_kms_alias.other.target_key_arn", "aws_kms_alias.other"])}),
        );
    assert_eq!(
        target(&plan, "aws_kms_alias.a"),
        KeyReference::Text(id(1).into())
    );
}

#[test]
fn names_that_are_made_differ_from_every_other() {
    let name = |after: Value, unknown: Value, expressions: Value| {
        let plan = Plan::new()
            .create(
                "aws_kms_alias.a",
                with(after, json!({"target_key_id": id(1)})),
                unknown,
            )
            .resource("aws_kms_alias.a", expressions);
        let (read, _) = judged(&plan.json(), None, None);
        match &read.run.steps[0].request {
            Request::CreateAlias {
                alias_name: NameReference::Unknown(name),
                ..
            } => (name.prefix.to_string(), name.is_unique),
            other => panic!("{other:?}"),
        }
    };
    let prefixed = json!({"name_prefix": {"constant_value": "alias/app-"}});
    assert_eq!(
        name(
            json!({"name_prefix": "alias/app-"}),
            json!({"name": true}),
            prefixed
        ),
        ("alias/app-".into(), true)
    );
    assert_eq!(
        name(
            json!({}),
            json!({"name": true, "name_prefix": true}),
            json!({})
        ),
        ("alias/".into(), true)
    );
    let random = json!({"name": refers(&["random_id.r.hex", "random_id.r"])});
    assert_eq!(
        name(
            json!({}),
            json!({"name": true, "name_prefix": true}),
            random
        ),
        (String::new(), false)
    );
}

#[test]
fn a_place_is_that_of_the_provider_or_of_the_resource() {
    let places = |plan: &Plan| {
        let (read, _) = judged(&plan.json(), None, None);
        read.run
            .steps
            .iter()
            .map(|step| step.place.to_string())
            .collect::<Vec<_>>()
    };
    let after = |name: &str| json!({"name": name, "target_key_id": id(1)});
    let plan = Plan::new()
        .provider(
            "aws.west",
            json!({"region": refers(&["var.west"]), "alias": {"constant_value": "west"}}),
        )
        .variable("west", "us-west-2")
        .create("aws_kms_alias.a", after("alias/a"), json!({}))
        .create("aws_kms_alias.b", after("alias/a"), json!({}))
        .create(
            "aws_kms_alias.c",
            with(after("alias/a"), json!({"region": "ap-south-1"})),
            json!({}),
        )
        .resource("aws_kms_alias.a", json!({}))
        .resource_with("aws_kms_alias.b", "aws.west", json!({}), json!({}))
        .resource("aws_kms_alias.c", json!({}));
    assert_eq!(
        places(&plan),
        [
            format!("arn:aws:kms:{REGION}:<account>"),
            "arn:aws:kms:us-west-2:<account>".to_owned(),
            "arn:aws:kms:ap-south-1:<account>".to_owned(),
        ]
    );
    // One account for each set of credentials: an ARN of the one does not tell the other.
    let plan = Plan::new()
        .provider(
            "aws.other",
            json!({"region": {"constant_value": "us-west-2"}, "profile": {"constant_value": "x"}}),
        )
        .provider(
            "aws.role",
            json!({"region": {"constant_value": "us-west-2"},
            "assume_role": [{"role_arn": {"constant_value": "arn:aws:iam::999988887777:role/x"}}]}),
        )
        .create("aws_kms_alias.a", after("alias/a"), json!({}))
        .create("aws_kms_alias.b", after("alias/b"), json!({}))
        .create("aws_kms_alias.c", after("alias/c"), json!({}))
        .prior("aws_kms_key.k", key(1), &[])
        .resource("aws_kms_key.k", json!({}))
        .resource("aws_kms_alias.a", json!({}))
        .resource_with("aws_kms_alias.b", "aws.other", json!({}), json!({}))
        .resource_with("aws_kms_alias.c", "aws.role", json!({}), json!({}));
    assert_eq!(
        places(&plan),
        [
            scope(),
            "arn:aws:kms:us-west-2:<account>".to_owned(),
            "arn:aws:kms:us-west-2:999988887777".to_owned(),
        ]
    );
}

#[test]
fn one_name_in_two_regions_is_two_aliases_a6() {
    let after = |region: &str| json!({"name": "alias/a", "target_key_id": id(1), "region": region});
    let plan = Plan::new()
        .create("aws_kms_alias.a", after("eu-west-3"), json!({}))
        .create("aws_kms_alias.b", after("eu-west-1"), json!({}))
        .prior("aws_kms_key.k", key(1), &[]);
    let told = told(&plan.json(), None, None);
    assert!(
        !told.steps.iter().any(|step| step.contains("AlreadyExists")),
        "{told:?}"
    );
}

#[test]
fn keys_of_every_type_are_made() {
    for (address, after, allowed) in [
        ("aws_kms_external_key.k", json!({"enabled": true}), true),
        (
            "aws_kms_external_key.k",
            json!({"key_material_base64": "x", "enabled": true}),
            true,
        ),
        (
            "awscc_kms_key.k",
            json!({"key_spec": "SYMMETRIC_DEFAULT"}),
            true,
        ),
        (
            "aws_kms_key.k",
            with(new_key(), json!({"is_enabled": false})),
            true,
        ),
        (
            "aws_kms_replica_key.k",
            json!({"primary_key_arn": "arn:aws:kms:us-east-1:210987654321:key/mrk-1234abcd12ab34cd56ef1234567890ab"}),
            true,
        ),
        ("aws_kms_replica_external_key.k", json!({}), true),
    ] {
        let plan = Plan::new()
            .create(
                address,
                after,
                json!({"id": true, "key_id": true, "arn": true}),
            )
            .alias_of_unknown("aws_kms_alias.a", "alias/a")
            .resource(address, json!({}))
            .resource(
                "aws_kms_alias.a",
                json!({"target_key_id": refers(&[&format!("{address}.id"), address])}),
            );
        let told = told(&plan.json(), None, None);
        assert_eq!(
            (told.exit == 0, told.steps.len()),
            (allowed, 1),
            "{address}: {told:?}"
        );
    }
}

#[test]
fn aliases_of_awscc_have_names_of_their_own() {
    let plan = Plan::new()
        .create(
            "awscc_kms_alias.a",
            json!({"alias_name": "alias/a"}),
            json!({"target_key_id": true}),
        )
        .create("awscc_kms_key.k", json!({}), json!({"key_id": true}))
        .delete(
            "awscc_kms_alias.b",
            json!({"alias_name": "alias/b", "id": "alias/b", "target_key_id": id(1)}),
        )
        .prior(
            "awscc_kms_alias.b",
            json!({"alias_name": "alias/b", "id": "alias/b", "target_key_id": id(1)}),
            &[],
        )
        .resource("awscc_kms_key.k", json!({}))
        .resource(
            "awscc_kms_alias.a",
            json!({"target_key_id": refers(&["awscc_kms_key.k.key_id", "awscc_kms_key.k"])}),
        );
    gets(
        &plan,
        0,
        &[
            "awscc_kms_alias.a CreateAlias ok",
            "awscc_kms_alias.b DeleteAlias ok",
        ],
    );
}

#[test]
fn data_sources_tell_what_stands() {
    let described = with(
        key(3),
        json!({
            "key_id": "alias/old", "key_manager": "CUSTOMER", "key_state": "PendingDeletion", "origin": "AWS_KMS",
            "enabled": false
        }),
    );
    let plan = Plan::new()
        .create(
            "aws_kms_alias.a",
            json!({"name": "alias/a", "target_key_id": id(3)}),
            json!({}),
        )
        .prior("data.aws_kms_key.k", described, &[]);
    gets(
        &plan,
        1,
        &["aws_kms_alias.a CreateAlias refused KMSInvalidStateException"],
    );
    let read = json!({"arn": format!("{}:alias/taken", scope()), "name": "alias/taken", "target_key_id": id(4),
        "target_key_arn": format!("{}:key/{}", scope(), id(4))});
    let plan = Plan::new()
        .create(
            "aws_kms_alias.a",
            json!({"name": "alias/taken", "target_key_id": id(3)}),
            json!({}),
        )
        .prior("aws_kms_key.k", key(3), &[])
        .prior("data.aws_kms_alias.taken", read, &[]);
    gets(
        &plan,
        1,
        &["aws_kms_alias.a CreateAlias refused AlreadyExistsException"],
    );
}

fn account(state: &str) -> String {
    json!({
        "Aliases": [{"AliasName": "alias/x", "AliasArn": format!("{}:alias/x", scope()), "TargetKeyId": id(2)}],
        "KeyMetadata": {"AWSAccountId": "210987654321", "KeyId": id(1), "Arn": format!("{}:key/{}", scope(), id(1)),
            "KeyState": state, "Enabled": state == "Enabled", "KeySpec": "SYMMETRIC_DEFAULT",
            "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER"}
    })
    .to_string()
}

#[test]
fn where_state_and_account_differ_the_account_is_believed_f5() {
    let plan = Plan::new()
        .create(
            "aws_kms_alias.a",
            json!({"name": "alias/a", "target_key_id": id(1)}),
            json!({}),
        )
        .prior("aws_kms_key.k", key(1), &[]);
    let told = gets_with(
        &plan,
        Some(&account("PendingDeletion")),
        1,
        &["aws_kms_alias.a CreateAlias refused KMSInvalidStateException"],
    );
    assert_eq!(told.rules, ["F5"]);
    let told = gets_with(
        &plan,
        Some(&account("Enabled")),
        0,
        &["aws_kms_alias.a CreateAlias ok"],
    );
    assert!(told.rules.is_empty());
    // The alias stands on another key, and the one that the state has is gone.
    let plan = Plan::new()
        .prior("aws_kms_alias.x", alias("alias/x", 1), &[])
        .delete("aws_kms_alias.y", alias("alias/y", 1))
        .prior("aws_kms_alias.y", alias("alias/y", 1), &[]);
    let told = gets_with(
        &plan,
        Some(&account("Enabled")),
        1,
        &["aws_kms_alias.y DeleteAlias refused NotFoundException"],
    );
    assert_eq!(told.rules, ["F5"]);
}

#[test]
fn an_alias_arn_where_the_key_stood_is_told_with_the_arn_to_write_f1() {
    let key_arn = format!("{}:key/{}", scope(), id(1));
    let database = |arn: &str| json!({"kms_key_id": arn, "nested": [{"kms_key_arn": arn}]});
    let alias_arn = format!("{}:alias/x", scope());
    let plan = |target: u32| {
        Plan::new()
            .change(
                "aws_db_instance.d",
                &["delete", "create"],
                database(&key_arn),
                database(&alias_arn),
                json!({}),
            )
            .prior("aws_kms_alias.x", alias("alias/x", target), &[])
    };
    let (read, _) = judged(&plan(1).json(), None, None);
    assert_eq!(read.advice.len(), 2);
    for advice in &read.advice {
        assert_eq!(
            (advice.rule.number(), advice.address.as_deref()),
            ("F1", Some("aws_db_instance.d"))
        );
        assert!(advice.words.contains(&format!(
            "replaces the resource and changes nothing else; write {key_arn}"
        )));
    }
    // Another key is another value.
    assert!(judged(&plan(2).json(), None, None).0.advice.is_empty());
}

#[test]
fn a_new_replica_without_the_alias_of_its_primary_is_told_f4() {
    let plan = |with_alias: bool| {
        let mut plan = Plan::new()
            .create("aws_kms_key.p", with(new_key(), json!({"multi_region": true})), json!({"arn": true, "key_id": true}))
            .create("aws_kms_replica_key.r", json!({"region": "eu-west-1", "enabled": true}),
                json!({"primary_key_arn": true, "key_id": true}))
            .alias_of_unknown("aws_kms_alias.p", "alias/x")
            .resource("aws_kms_key.p", json!({}))
            .resource("aws_kms_replica_key.r", json!({"primary_key_arn": refers(&["aws_kms_key.p.arn", "aws_kms_key.p"])}))
            .resource("aws_kms_alias.p", json!({"target_key_id": refers(&["aws_kms_key.p.key_id", "aws_kms_key.p"])}))
            .resource("aws_kms_alias.r",
                json!({"target_key_id": refers(&["aws_kms_replica_key.r.key_id", "aws_kms_replica_key.r"])}));
        if with_alias {
            plan = plan.create(
                "aws_kms_alias.r",
                json!({"name": "alias/x", "region": "eu-west-1"}),
                json!({"target_key_id": true}),
            );
        }
        plan
    };
    assert_eq!(told(&plan(false).json(), None, None).rules, ["F4"]);
    let whole = told(&plan(true).json(), None, None);
    assert!(whole.rules.is_empty() && whole.exit == 0, "{whole:?}");
}

#[test]
fn steps_wait_for_what_they_depend_on_through_other_resources() {
    // b takes the name only after a is renamed, by way of a resource that is none of KMS.
    let plan = |depends_on: &[&str]| {
        Plan::new()
            .change(
                "aws_kms_alias.a",
                &["delete", "create"],
                alias("alias/x", 1),
                json!({"name": "alias/y", "target_key_id": id(1)}),
                json!({}),
            )
            .create(
                "aws_kms_alias.b",
                json!({"name": "alias/x", "target_key_id": id(1)}),
                json!({}),
            )
            .prior("aws_kms_key.k", key(1), &[])
            .resource("aws_kms_alias.a", json!({}))
            .resource_with(
                "null_resource.n",
                "null",
                json!({"triggers": refers(&["aws_kms_alias.a.id", "aws_kms_alias.a"])}),
                json!({}),
            )
            .resource_with(
                "aws_kms_alias.b",
                "aws",
                json!({}),
                json!({"depends_on": depends_on}),
            )
    };
    gets(
        &plan(&["null_resource.n"]),
        0,
        &[
            "aws_kms_alias.a CreateAlias ok",
            "aws_kms_alias.a DeleteAlias ok",
            "aws_kms_alias.b CreateAlias ok",
        ],
    );
    assert_eq!(told(&plan(&[]).json(), None, None).exit, 3);
}

/// A plan that makes a key in one Region, and an alias in another that names it by an attribute.
fn across(key: &str, attribute: &str, more: Value) -> Plan {
    let reference = format!("{key}.{attribute}");
    Plan::new()
        .provider("aws.us", json!({"region": {"constant_value": "us-east-1"}}))
        .create(
            key,
            with(new_key(), more),
            json!({"key_id": true, "arn": true, "id": true}),
        )
        .alias_of_unknown("aws_kms_alias.a", "alias/a")
        .resource(key, json!({}))
        .resource_with(
            "aws_kms_alias.a",
            "aws.us",
            json!({"target_key_id": refers(&[&reference, key])}),
            json!({}),
        )
}

#[test]
fn a_key_that_is_made_in_another_region_is_not_found_t1_t2() {
    let key = "aws_kms_key.k";
    for (attribute, rule, message) in [
        ("arn", "T2", format!("Invalid arn {REGION}")),
        (
            "key_id",
            "T1",
            "Key 'arn:aws:kms:us-east-1:<account>:key/<aws_kms_key.k>' does not exist".to_owned(),
        ),
        (
            "id",
            "T1",
            "Key 'arn:aws:kms:us-east-1:<account>:key/<aws_kms_key.k>' does not exist".to_owned(),
        ),
    ] {
        for multi_region in [false, true] {
            let plan = across(key, attribute, json!({"multi_region": multi_region}));
            let (read, judgement) = judged(&plan.json(), None, None);
            let steps = read.run.steps.iter();
            let alias = steps
                .zip(&judgement.outcomes)
                .next_back()
                .expect("a step")
                .1;
            let Outcome::Refused { could_be } = alias else {
                panic!("{attribute}: {alias:?}");
            };
            assert_eq!(could_be.len(), 1, "{could_be:?}");
            assert_eq!(
                (could_be[0].rule.number(), &*could_be[0].message),
                (rule, &*message)
            );
            assert_eq!(judgement.conclusion.exit_code(), 1);
        }
    }
}

#[test]
fn the_id_of_a_multi_region_key_names_the_replica_in_the_aliass_region_t1() {
    let with_replica = |attribute: &str, waits: Value| {
        across("aws_kms_key.k", attribute, json!({"multi_region": true}))
            .create(
                "aws_kms_replica_key.r",
                json!({"enabled": true}),
                json!({"key_id": true, "arn": true, "id": true, "primary_key_arn": true}),
            )
            .resource_with(
                "aws_kms_replica_key.r",
                "aws.us",
                json!({"primary_key_arn": refers(&["aws_kms_key.k.arn", "aws_kms_key.k"])}),
                json!({}),
            )
            .more("aws_kms_alias.a", waits)
    };
    // Without an order the alias may come before the replica.
    gets(
        &with_replica("key_id", json!({})),
        3,
        &["aws_kms_alias.a CreateAlias undecided"],
    );
    let waits = json!({"depends_on": ["aws_kms_replica_key.r"]});
    gets(
        &with_replica("key_id", waits.clone()),
        0,
        &["aws_kms_alias.a CreateAlias ok"],
    );
    // An ARN may be rewritten for the Region.
    gets(
        &with_replica("arn", waits),
        3,
        &["aws_kms_alias.a CreateAlias undecided"],
    );
}

#[test]
fn a_key_whose_region_or_account_may_be_another_is_not_certain() {
    let plan = |other: Value| {
        across("aws_kms_key.k", "key_id", json!({"multi_region": false})).provider("aws.us", other)
    };
    for other in [
        json!({"region": refers(&["data.x.y"])}),
        json!({"region": {"constant_value": REGION}, "profile": {"constant_value": "other"}}),
    ] {
        gets(&plan(other), 3, &["aws_kms_alias.a CreateAlias undecided"]);
    }
    let same = json!({"region": {"constant_value": REGION}});
    gets(&plan(same), 0, &["aws_kms_alias.a CreateAlias ok"]);
}
