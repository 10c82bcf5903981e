//! Which key an alias is to name: values followed through modules, choices and texts.

use super::*;

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

/// Keys of one usage each, made by `for_each` or `count`, and an alias that moves to one of them.
fn one_of_keys(by: &str, usages: &[&str]) -> Plan {
    let index = |number: usize| match by {
        "count.index" => number.to_string(),
        _ => format!("\"{number}\""),
    };
    let unknown = || json!({"key_id": true});
    let plan = Plan::new()
        .change(
            &format!("aws_kms_alias.a[{}]", index(0)),
            &["update"],
            alias("alias/a", 1),
            json!({"name": "alias/a"}),
            json!({"target_key_id": true}),
        )
        .prior("aws_kms_key.old", key(1), &[])
        .resource("aws_kms_key.k", json!({}))
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["aws_kms_key.k", by])}),
        );
    let each = usages.iter().enumerate();
    each.fold(plan, |plan, (number, usage)| {
        let spec = match *usage {
            "ENCRYPT_DECRYPT" => "SYMMETRIC_DEFAULT",
            _ => "RSA_2048",
        };
        let after = json!({"key_usage": usage, "customer_master_key_spec": spec});
        let address = format!("aws_kms_key.k[{}]", index(number));
        plan.create(&address, with(new_key(), after), unknown())
    })
}

#[test]
fn which_index_is_taken_is_not_known() {
    let (encrypts, signs) = ("ENCRYPT_DECRYPT", "SIGN_VERIFY");
    for by in ["count.index", "each.key"] {
        let alias = match by {
            "count.index" => "aws_kms_alias.a[0] UpdateAlias",
            _ => "aws_kms_alias.a[\"0\"] UpdateAlias",
        };
        for (usages, exit, outcome) in [
            (&[encrypts][..], 0, "ok"),
            (&[encrypts, encrypts], 0, "ok"),
            (&[encrypts; 60], 0, "ok"),
            (&[signs, signs], 1, "refused ValidationException"),
            // Of another one a number could be made by counting on.
            (&[encrypts, signs], 3, "undecided"),
            (&[signs, encrypts], 3, "undecided"),
            (&[encrypts, encrypts, encrypts, signs], 3, "undecided"),
        ] {
            let (exit, outcome) = match (by, usages) {
                ("each.key", [first, ..]) if exit == 3 => match *first == encrypts {
                    true => (0, "ok"),
                    false => (1, "refused ValidationException"),
                },
                _ => (exit, outcome),
            };
            let plan = one_of_keys(by, usages);
            gets(&plan, exit, &[&format!("{alias} {outcome}")]);
        }
    }
    // A key and an alias for each of many, all alike.
    let plan = (0..60).fold(Plan::new(), |plan, number| {
        plan.key(&format!("aws_kms_key.k[{number}]"))
            .alias_of_unknown(
                &format!("aws_kms_alias.a[{number}]"),
                &format!("alias/{number}"),
            )
    });
    let plan = plan.resource("aws_kms_key.k", json!({})).resource(
        "aws_kms_alias.a",
        json!({"target_key_id": refers(&["aws_kms_key.k", "count.index"])}),
    );
    let told = told(&plan.json(), None, None);
    assert!(told.steps.iter().all(|step| step.ends_with(" ok")));
    assert_eq!((told.steps.len(), told.exit), (60, 0));
}

#[test]
fn an_index_goes_along_with_the_instance() {
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
fn a_target_that_is_empty_is_refused_k7() {
    let plan = Plan::new().create(
        "aws_kms_alias.a",
        json!({"name": "alias/a", "target_key_id": ""}),
        json!({"arn": true}),
    );
    gets(
        &plan,
        1,
        &["aws_kms_alias.a CreateAlias refused ValidationException"],
    );
}

#[test]
fn an_arn_with_the_same_id_of_another_place_is_no_standing_target_t2_t3() {
    let other_region = scope().replace(REGION, "us-east-1");
    let other_account = scope().replace(ACCOUNT, "111122223333");
    let exit = |arn_scope: &str, standing: Value, address: &str| {
        let arn = format!("{arn_scope}:key/{}", id(1));
        let after = with(standing.clone(), json!({"target_key_id": arn}));
        let plan = Plan::new()
            .change(address, &["update"], standing.clone(), after, json!({}))
            .prior(address, standing, &[])
            .prior("aws_kms_key.k", key(1), &[]);
        let told = told(&plan.json(), None, None);
        (told.exit, told.steps.len())
    };
    for (address, standing) in [
        ("aws_kms_alias.a", alias("alias/x", 1)),
        (
            "awscc_kms_alias.a",
            json!({"alias_name": "alias/x", "id": "alias/x", "target_key_id": id(1)}),
        ),
    ] {
        assert_eq!(exit(&scope(), standing.clone(), address), (0, 0));
        assert_eq!(exit(&other_region, standing.clone(), address), (1, 1));
        assert_eq!(exit(&other_account, standing, address), (1, 1));
    }
}

/// A key and an alias in each of several Regions, as provider 6 has them: `k[each.key]` in another Region than
/// the alias's would be refused in each of them.
#[test]
fn of_keys_in_several_regions_an_alias_takes_that_of_its_own_by_its_index_t2() {
    let exit = |kind: &str, of_second_alias: &str| {
        let mut plan = Plan::new();
        for (index, of_alias) in [("eu-west-1", "eu-west-1"), ("us-east-1", of_second_alias)] {
            let at = |region: &str, members: Value| with(members, json!({"region": region}));
            let primary = match kind {
                "aws_kms_replica_key" => json!({"primary_key_arn": format!(
                    "arn:aws:kms:sa-east-1:{ACCOUNT}:key/mrk-1234abcd12ab34cd56ef1234567890ab"
                )}),
                _ => json!({}),
            };
            plan = plan
                .create(
                    &format!("{kind}.k[\"{index}\"]"),
                    at(index, with(new_key(), primary)),
                    json!({"arn": true, "id": true, "key_id": true}),
                )
                .create(
                    &format!("aws_kms_alias.a[\"{index}\"]"),
                    at(of_alias, json!({"name": "alias/a"})),
                    json!({"target_key_id": true}),
                );
        }
        let plan = plan
            .resource(&format!("{kind}.k"), json!({"region": refers(&["each.key"])}))
            .resource(
                "aws_kms_alias.a",
                json!({"target_key_id": refers(&[&*format!("{kind}.k"), "each.key"]), "region": refers(&["each.key"])}),
            );
        told(&plan.json(), None, None).exit
    };
    assert_eq!(exit("aws_kms_key", "us-east-1"), 0);
    assert_eq!(exit("aws_kms_replica_key", "us-east-1"), 0);
    // The second alias is in none of the Regions: its key is not there, whichever it is.
    assert_eq!(exit("aws_kms_key", "ap-south-1"), 1);
}

/// A key ID is that of one key, but for multi-Region keys.
#[test]
fn the_id_of_a_key_of_another_region_is_not_found_t1() {
    let there = |number: u32| {
        let arn = format!(
            "{}:key/{}",
            scope().replace(REGION, "us-east-1"),
            id(number)
        );
        with(key(number), json!({"arn": arn, "region": "us-east-1"}))
    };
    let plan = |target: &str, prior: Value| {
        Plan::new()
            .create(
                "aws_kms_alias.a",
                json!({"name": "alias/a", "target_key_id": target}),
                json!({}),
            )
            .prior("aws_kms_key.k", prior, &[])
            .resource("aws_kms_alias.a", json!({}))
    };
    let refused = "aws_kms_alias.a CreateAlias refused NotFoundException";
    gets(&plan(&id(1), there(1)), 1, &[refused]);
    gets(
        &plan(&id(2), there(1)),
        3,
        &["aws_kms_alias.a CreateAlias undecided"],
    );
    gets(
        &plan(&id(1), key(1)),
        0,
        &["aws_kms_alias.a CreateAlias ok"],
    );
    // A multi-Region key may have a replica.
    let mrk = "mrk-1234abcd12ab34cd56ef1234567890ab";
    let arn = format!("{}:key/{mrk}", scope().replace(REGION, "us-east-1"));
    let primary = with(
        there(1),
        json!({"arn": arn, "key_id": mrk, "id": mrk, "multi_region": true}),
    );
    gets(
        &plan(mrk, primary),
        3,
        &["aws_kms_alias.a CreateAlias undecided"],
    );
}
