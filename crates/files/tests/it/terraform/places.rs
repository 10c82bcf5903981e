//! The account and Region of a step.

use super::*;

#[test]
fn a_place_is_that_of_the_provider_or_of_the_resource() {
    let places = |plan: &Plan| {
        let read = crate::plans::read(&plan.json());
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
fn what_changes_its_region_goes_in_the_one_and_is_made_in_the_other_a6() {
    const OTHER: &str = "us-east-1";
    let other_scope = scope().replace(REGION, OTHER);
    let standing: Value = serde_json::from_str(
        &with(alias("alias/x", 1), json!({"region": OTHER}))
            .to_string()
            .replace(&scope(), &other_scope),
    )
    .expect("JSON");
    let after =
        |region: Value| json!({"name": "alias/x", "target_key_id": id(1), "region": region});
    let places = |plan: &Plan| {
        let steps = crate::plans::read(&plan.json()).run.steps;
        let shown = |step: &RunStep| format!("{} {}", step.request.operation(), step.place);
        steps.iter().map(shown).collect::<Vec<_>>()
    };
    let plan = |actions: &[&str], after: Value, unknown: Value| {
        Plan::new()
            .change("aws_kms_alias.a", actions, standing.clone(), after, unknown)
            .prior("aws_kms_alias.a", standing.clone(), &[])
            .prior("aws_kms_key.k", key(1), &[])
            .resource(
                "aws_kms_alias.a",
                json!({"region": refers(&["var.region"])}),
            )
    };
    for actions in [["delete", "create"], ["create", "delete"]] {
        let moves = plan(&actions, after(REGION.into()), json!({}));
        let mut found = places(&moves);
        found.sort_unstable();
        assert_eq!(
            found,
            [
                format!("CreateAlias {}", scope()),
                format!("DeleteAlias {other_scope}"),
            ]
        );
        gets(
            &moves,
            0,
            &[
                "aws_kms_alias.a CreateAlias ok",
                "aws_kms_alias.a DeleteAlias ok",
            ],
        );
    }
    // It is made where it was, where the plan says no other Region.
    let stays = plan(
        &["delete", "create"],
        json!({"name": "alias/y", "target_key_id": id(1)}),
        json!({}),
    );
    assert!(
        places(&stays)
            .iter()
            .all(|place| place.ends_with(&other_scope))
    );
    // A Region that is known after apply may be any.
    let unknown = plan(
        &["delete", "create"],
        json!({"name": "alias/x", "target_key_id": id(1)}),
        json!({"region": true}),
    );
    assert_eq!(
        places(&unknown),
        [
            format!("DeleteAlias {other_scope}"),
            "CreateAlias arn:<partition>:kms:<region>:210987654321".to_owned(),
        ]
    );
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
    // An ARN may be rewritten for the Region: as it is, it is refused.
    assert_eq!(could_be(&with_replica("arn", waits)), ["T2", "ok"]);
    assert_eq!(
        could_be(&with_replica("arn", json!({}))),
        ["T1", "T2", "ok"]
    );
}

/// What can come of the alias, in the order of the words.
fn could_be(plan: &Plan) -> Vec<String> {
    let (read, judgement) = judged(&plan.json(), None, None);
    let steps = read.run.steps.iter().zip(&judgement.outcomes);
    let mut of_alias = steps.filter(|(step, _)| step.address.as_deref() == Some("aws_kms_alias.a"));
    let (_, outcome) = of_alias.next().expect("the alias");
    let Outcome::Undecided { could_be, .. } = outcome else {
        panic!("{outcome:?}");
    };
    let word = |possible: &Possible| match possible {
        Possible::Ok => "ok".to_owned(),
        Possible::Refused(answer) => answer.rule.to_string(),
    };
    let mut words: Vec<_> = could_be.iter().map(word).collect();
    words.sort_unstable();
    // Of several states of a key (T5) one is enough.
    words.dedup();
    words
}

#[test]
fn a_key_of_another_region_of_which_any_attribute_is_taken_is_not_found_t1_t2() {
    let key = "aws_kms_key.k";
    let plan = across(key, "arn", json!({"multi_region": false})).more(
        "aws_kms_alias.a",
        json!({"expressions": {"target_key_id": refers(&[key])}}),
    );
    let (read, judgement) = judged(&plan.json(), None, None);
    let mut steps = read.run.steps.iter().zip(&judgement.outcomes);
    let (_, outcome) = steps.next_back().expect("the alias");
    let Outcome::Refused { could_be } = outcome else {
        panic!("{outcome:?}");
    };
    let rules: Vec<_> = could_be.iter().map(|answer| answer.rule.number()).collect();
    assert_eq!(rules, ["T1", "T2"]);
    assert_eq!(judgement.conclusion.exit_code(), 1);
}

#[test]
fn the_arn_of_a_new_multi_region_key_may_be_that_of_its_replica_and_of_no_key_of_aws_t2_t4() {
    // Of which key the replica is, is not known.
    let plan = across("aws_kms_key.k", "arn", json!({"multi_region": true})).create(
        "aws_kms_replica_key.r",
        json!({"enabled": true}),
        json!({"key_id": true, "arn": true, "id": true, "primary_key_arn": true}),
    );
    let plan = plan.resource_with(
        "aws_kms_replica_key.r",
        "aws.us",
        json!({"primary_key_arn": refers(&["local.primary"])}),
        json!({}),
    );
    assert_eq!(could_be(&plan), ["T1", "T2", "T5", "ok"]);
}

#[test]
fn the_arn_of_a_new_replica_may_be_that_of_its_primary_once_rewritten_t2() {
    // The ID is known, and nothing describes the key that has it in the Region of the alias.
    let mrk = "mrk-1234abcd12ab34cd56ef1234567890ab";
    let primary = format!("arn:aws:kms:us-east-1:{ACCOUNT}:key/{mrk}");
    let plan = Plan::new()
        .provider("aws.us", json!({"region": {"constant_value": "us-east-1"}}))
        .create(
            "aws_kms_replica_key.r",
            json!({"enabled": true, "primary_key_arn": primary}),
            json!({"key_id": true, "arn": true, "id": true}),
        )
        .alias_of_unknown("aws_kms_alias.a", "alias/a")
        .resource("aws_kms_replica_key.r", json!({}))
        .resource_with(
            "aws_kms_alias.a",
            "aws.us",
            json!({"target_key_id": refers(&["aws_kms_replica_key.r.arn", "aws_kms_replica_key.r"])}),
            json!({}),
        );
    assert_eq!(could_be(&plan), ["T1", "T2", "T4", "T5", "ok"]);
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

#[test]
fn a_region_or_a_role_by_an_expression_without_a_value_is_not_that_of_the_file() {
    let account = json!({"Aliases": [
        {"AliasName": "alias/a", "AliasArn": format!("{}:alias/a", scope()), "TargetKeyId": id(1)}
    ]})
    .to_string();
    let role = |arn: Value| {
        let region = json!({"constant_value": REGION});
        json!({"region": region, "assume_role": [{"role_arn": arn}]})
    };
    for (provider, exit) in [
        // What a provider leaves out is that of the files, and so is a profile by its name.
        (json!({}), 1),
        (json!({"profile": {"constant_value": "x"}}), 1),
        (json!({"region": {"constant_value": REGION}}), 1),
        (json!({"region": refers(&["var.known"])}), 1),
        (json!({"region": refers(&["local.region"])}), 3),
        (json!({"region": refers(&["var.region"])}), 3),
        (json!({"profile": refers(&["var.profile"])}), 3),
        (role(refers(&["local.role"])), 3),
        // `arn:aws:iam::${var.account}:role/x` refers to the variable alone.
        (role(refers(&["var.account"])), 3),
        (
            role(
                json!({"constant_value": format!("arn:aws:iam::{}:role/x", crate::builder::ACCOUNT)}),
            ),
            1,
        ),
    ] {
        let plan = Plan::new()
            .provider("aws", provider.clone())
            .variable("known", REGION)
            .variable("account", crate::builder::ACCOUNT)
            .key("aws_kms_key.k")
            .alias_of_unknown("aws_kms_alias.a", "alias/a")
            .resource("aws_kms_key.k", json!({}))
            .resource(
                "aws_kms_alias.a",
                json!({"target_key_id": refers(&["aws_kms_key.k.key_id", "aws_kms_key.k"])}),
            );
        let told = told(&plan.json(), Some(&account), None);
        assert_eq!(told.exit, exit, "{provider} {told:?}");
    }
}

#[test]
fn a_region_that_no_partition_has_is_told_with_what_to_mend_k4() {
    let advice = |plan: &Plan| {
        let (read, judgement) = judged(&plan.json(), None, None);
        let advice: Vec<_> = read
            .advice_on(&judgement)
            .map(ToString::to_string)
            .collect();
        (advice, read.conclusion(&judgement).exit_code())
    };
    let nowhere =
        |plan: Plan| plan.provider("aws.x", json!({"region": {"constant_value": "xx-nowhere"}}));
    let new = json!({"name": "alias/a", "target_key_id": id(1)});
    let of_provider = nowhere(Plan::new()).create("aws_kms_alias.a", new.clone(), json!({}));
    let of_provider = of_provider.create(
        "aws_kms_alias.b",
        with(new.clone(), json!({"name": "alias/b"})),
        json!({}),
    );
    let of_provider = of_provider
        .resource_with("aws_kms_alias.a", "aws.x", json!({}), json!({}))
        .resource_with("aws_kms_alias.b", "aws.x", json!({}), json!({}));
    let words = "`xx-nowhere` is no Region of any AWS partition (rule K4), and what stands there is not judged: mend";
    assert_eq!(
        advice(&of_provider),
        (
            [format!("{words} `region` of provider aws.x (rule F8)")].into(),
            3
        )
    );
    // A provider that no key or alias has does not matter.
    let unused = nowhere(Plan::new()).prior("aws_kms_key.k", key(1), &[]);
    let unused = unused
        .create("aws_kms_alias.a", new.clone(), json!({}))
        .resource("aws_kms_alias.a", json!({}))
        .resource("aws_kms_key.k", json!({}));
    assert_eq!(advice(&unused), ([].into(), 0));
    let own = with(new, json!({"region": "xx-nowhere"}));
    let of_resource = Plan::new().create("aws_kms_alias.a", own, json!({}));
    assert_eq!(
        advice(&of_resource),
        (
            [format!(
                "aws_kms_alias.a: {words} `region` of the resource (rule F8)"
            )]
            .into(),
            3
        )
    );
    let arn = format!("arn:aws:kms:xx-nowhere:{ACCOUNT}:alias/a");
    let standing = with(alias("alias/a", 1), json!({"arn": arn}));
    let of_arn = Plan::new().delete("aws_kms_alias.a", standing);
    let words = format!(
        "aws_kms_alias.a: the Region in {arn} is none of the partition that the ARN names (rule K4), and what stands \
         there is not judged: mend the ARN (rule F8)"
    );
    assert_eq!(advice(&of_arn).0, [words]);
}

#[test]
fn a_target_of_a_region_that_no_partition_has_is_refused_with_a_note_k4() {
    let target = format!("arn:aws:kms:xx-nowhere:{ACCOUNT}:key/{}", id(1));
    let new = json!({"name": "alias/a", "target_key_id": target});
    let plan = Plan::new().create("aws_kms_alias.a", new, json!({}));
    let (read, judgement) = judged(&plan.json(), None, None);
    let (step, outcome) = (&read.run.steps[0], &judgement.outcomes[0]);
    assert_eq!(judgement.conclusion.exit_code(), 1);
    let fitting: Vec<_> = step
        .notes
        .iter()
        .filter(|note| note.fits(outcome))
        .collect();
    let words = format!(
        "the Region in {target} is none of the partition that the ARN names: name the key by its ID, or by its ARN in \
         the Region of the alias"
    );
    assert_eq!(
        fitting.iter().map(|note| &*note.words).collect::<Vec<_>>(),
        [words]
    );
}
