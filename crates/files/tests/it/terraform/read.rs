//! Data sources that are read while a plan is applied.

use super::*;

/// A plan with a new alias on an attribute of a data source which is read while it is applied.
pub(super) fn plan(data: &str, asked: Value, attribute: &str) -> Plan {
    let reference = format!("{data}.{attribute}");
    Plan::new()
        .change(
            data,
            &["read"],
            Value::Null,
            asked.clone(),
            json!({"arn": true, "id": true}),
        )
        .alias_of_unknown("aws_kms_alias.a", "alias/a")
        .resource(data, json!({}))
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&[&reference, data])}),
        )
}

#[test]
fn an_alias_that_is_read_later_is_no_target_k5() {
    for attribute in ["arn", "id", "name"] {
        let plan = plan(
            "data.aws_kms_alias.d",
            json!({"name": "alias/d"}),
            attribute,
        );
        gets(
            &plan,
            1,
            &["aws_kms_alias.a CreateAlias refused ValidationException"],
        );
    }
    for attribute in ["target_key_arn", "target_key_id"] {
        let plan = plan(
            "data.aws_kms_alias.d",
            json!({"name": "alias/d"}),
            attribute,
        );
        gets(&plan, 3, &["aws_kms_alias.a CreateAlias undecided"]);
    }
}

#[test]
fn the_key_of_one_of_awss_aliases_that_is_read_later_is_no_target_t4() {
    let refused = "aws_kms_alias.a CreateAlias refused AccessDeniedException";
    let name = json!({"name": "alias/aws/s3"});
    for attribute in ["target_key_arn", "target_key_id"] {
        gets(
            &plan("data.aws_kms_alias.d", name.clone(), attribute),
            1,
            &[refused],
        );
    }
    let key = json!({"key_id": "alias/aws/s3"});
    for attribute in ["arn", "id"] {
        gets(
            &plan("data.aws_kms_key.d", key.clone(), attribute),
            1,
            &[refused],
        );
    }
    // Without an entry of what is read, by the configuration.
    let constant = json!({"name": {"constant_value": "alias/aws/s3"}});
    let by_configuration = Plan::new()
        .alias_of_unknown("aws_kms_alias.a", "alias/a")
        .resource("data.aws_kms_alias.d", constant)
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["data.aws_kms_alias.d.target_key_id", "data.aws_kms_alias.d"])}),
        );
    gets(&by_configuration, 1, &[refused]);
    // Of several, one may be a customer's.
    let several = plan("data.aws_kms_alias.d", name.clone(), "target_key_id").change(
        "data.aws_kms_alias.d",
        &["read"],
        Value::Null,
        json!({"name": "alias/mine"}),
        json!({}),
    );
    gets(&several, 3, &["aws_kms_alias.a CreateAlias undecided"]);
    // Nothing is said where the name is not known, or where it is read in another Region.
    let unknown = plan("data.aws_kms_alias.d", json!({}), "target_key_id");
    gets(&unknown, 3, &["aws_kms_alias.a CreateAlias undecided"]);
    let elsewhere = plan("data.aws_kms_alias.d", name, "target_key_arn")
        .provider("aws.us", json!({"region": {"constant_value": "us-east-1"}}))
        .more(
            "data.aws_kms_alias.d",
            json!({"provider_config_key": "aws.us"}),
        );
    gets(&elsewhere, 3, &["aws_kms_alias.a CreateAlias undecided"]);
}

#[test]
fn the_key_of_a_customers_alias_that_is_read_later_is_customer_managed_h1() {
    let plan = plan(
        "data.aws_kms_alias.d",
        json!({"name": "alias/d"}),
        "target_key_id",
    );
    let (_, judgement) = judged(&plan.json(), None, None);
    let Outcome::Undecided { needs, .. } = &judgement.outcomes[0] else {
        panic!("{judgement:?}");
    };
    let key = "data.aws_kms_alias.d.target_key_id".into();
    assert_eq!(
        needs[..],
        [Need::Key {
            key,
            fact: Fact::KeyState
        }]
    );
}

/// A complete list of aliases, and of each key that they name its state.
pub(super) fn account(aliases: &[(&str, u32)], keys: &[(u32, &str)]) -> String {
    let entry = |(name, key): &(&str, u32)| json!({"AliasName": name, "TargetKeyId": id(*key), "AliasArn": format!("{}:{name}", scope())});
    let aliases: Vec<_> = aliases.iter().map(entry).collect();
    let mut text = json!({"Aliases": aliases, "Truncated": false}).to_string();
    for (key, state) in keys {
        let key = json!({"KeyMetadata": {
            "AWSAccountId": ACCOUNT, "KeyId": id(*key), "Arn": format!("{}:key/{}", scope(), id(*key)),
            "Enabled": *state == "Enabled", "KeyState": state, "KeyManager": "CUSTOMER",
            "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS",
            "MultiRegion": false, "CreationDate": "2023-04-13T10:00:00+00:00"
        }});
        text.push_str(&key.to_string());
    }
    text
}

pub(super) const OK: &str = "aws_kms_alias.a CreateAlias ok";
const DYING: &str = "aws_kms_alias.a CreateAlias refused KMSInvalidStateException";
pub(super) const UNDECIDED: &str = "aws_kms_alias.a CreateAlias undecided";

#[test]
fn the_key_of_an_alias_that_is_read_later_is_that_of_the_account_t5() {
    let enabled = account(&[("alias/d", 1)], &[(1, "Enabled")]);
    let dying = account(&[("alias/d", 1)], &[(1, "Disabled"), (2, "Enabled")]);
    let dying = dying.replace(
        "\"KeyState\":\"Disabled\"",
        "\"KeyState\":\"PendingDeletion\",\"DeletionDate\":\"2026-11-20T10:00:00+00:00\"",
    );
    let arn = format!("{}:alias/d", scope());
    let key_arn = format!("{}:key/{}", scope(), id(1));
    for (data, asked, attributes) in [
        (
            "data.aws_kms_alias.d",
            json!({"name": "alias/d"}),
            ["target_key_id", "target_key_arn"],
        ),
        (
            "data.aws_kms_key.d",
            json!({"key_id": "alias/d"}),
            ["id", "arn"],
        ),
        ("data.aws_kms_key.d", json!({"key_id": arn}), ["id", "arn"]),
        (
            "data.aws_kms_key.d",
            json!({"key_id": id(1)}),
            ["id", "arn"],
        ),
        (
            "data.aws_kms_key.d",
            json!({"key_id": key_arn}),
            ["id", "arn"],
        ),
    ] {
        for attribute in attributes {
            let plan = plan(data, asked.clone(), attribute);
            gets_with(&plan, Some(&enabled), 0, &[OK]);
            gets_with(&plan, Some(&dying), 1, &[DYING]);
        }
    }
}

#[test]
fn of_several_data_sources_that_are_read_later_the_one_of_the_index_is_taken_t5() {
    let known = account(&[("alias/d", 1), ("alias/e", 2)], &[(1, "Enabled")]);
    let plan = |reference: &str| {
        let read = |plan: Plan, index: &str, name: &str| {
            let address = format!("data.aws_kms_alias.d[{index}]");
            plan.change(
                &address,
                &["read"],
                Value::Null,
                json!({"name": name}),
                json!({"arn": true}),
            )
        };
        let plan = read(read(Plan::new(), "0", "alias/d"), "1", "alias/e");
        plan.alias_of_unknown("aws_kms_alias.a", "alias/a")
            .resource("data.aws_kms_alias.d", json!({}))
            .resource(
                "aws_kms_alias.a",
                json!({"target_key_id": refers(&[reference])}),
            )
    };
    gets_with(
        &plan("data.aws_kms_alias.d[0].target_key_id"),
        Some(&known),
        0,
        &[OK],
    );
    gets_with(
        &plan("data.aws_kms_alias.d[1].target_key_id"),
        Some(&known),
        3,
        &[UNDECIDED],
    );
    gets_with(&plan("data.aws_kms_alias.d"), Some(&known), 3, &[UNDECIDED]);
}

#[test]
fn what_is_read_of_an_alias_that_the_run_moves_hangs_on_when_it_is_read_u1() {
    let known = account(&[("alias/d", 1)], &[(1, "Enabled"), (2, "Enabled")]);
    let read = || {
        plan(
            "data.aws_kms_alias.d",
            json!({"name": "alias/d"}),
            "target_key_id",
        )
    };
    let moved = read().change(
        "aws_kms_alias.d",
        &["update"],
        alias("alias/d", 1),
        json!({"name": "alias/d", "target_key_id": id(2)}),
        json!({}),
    );
    let update = "aws_kms_alias.d UpdateAlias ok";
    gets_with(&moved, Some(&known), 3, &[UNDECIDED, update]);
    // A name that is not known may be this one; one that the provider makes anew is not.
    let any = read().create(
        "aws_kms_alias.n",
        json!({"target_key_id": id(1)}),
        json!({"name": true}),
    );
    let any = any.resource(
        "aws_kms_alias.n",
        json!({"name": refers(&["random_id.x.hex"])}),
    );
    assert_eq!(told(&any.json(), Some(&known), None).exit, 3);
    let generated = json!({"name_prefix": "alias/d", "target_key_id": id(1)});
    let new = read().create("aws_kms_alias.n", generated, json!({"name": true}));
    let new = new.resource(
        "aws_kms_alias.n",
        json!({"name_prefix": {"constant_value": "alias/d"}}),
    );
    gets_with(
        &new,
        Some(&known),
        0,
        &[OK, "aws_kms_alias.n CreateAlias ok"],
    );
    // In another Region the name is another alias.
    let us = json!({"name": "alias/d", "target_key_id": id(2), "region": "us-east-1"});
    let elsewhere = read().create("aws_kms_alias.us", us, json!({}));
    let told = told(&elsewhere.json(), Some(&known), None);
    assert!(told.steps.contains(&OK.to_owned()), "{told:?}");
}

#[test]
fn an_alias_that_is_read_in_another_region_tells_nothing_of_the_key_t1() {
    let known = account(&[("alias/d", 1)], &[(1, "Enabled")]);
    let there = Plan::new()
        .change("data.aws_kms_alias.d", &["read"], Value::Null, json!({"name": "alias/d"}), json!({"arn": true}))
        .create(
            "aws_kms_alias.a",
            json!({"name": "alias/a", "region": "us-east-1"}),
            json!({"target_key_id": true, "arn": true}),
        )
        .resource("data.aws_kms_alias.d", json!({}))
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["data.aws_kms_alias.d.target_key_id"]), "region": {"constant_value": "us-east-1"}}),
        );
    let (_, judgement) = judged(&there.json(), Some(&known), None);
    let Outcome::Undecided { could_be, .. } = &judgement.outcomes[0] else {
        panic!("{judgement:?}");
    };
    assert!(
        could_be
            .iter()
            .any(|it| matches!(it, Possible::Refused(answer) if answer.rule.number() == "T1")),
        "{could_be:?}"
    );
}

#[test]
fn an_alias_that_is_read_later_and_that_nothing_makes_is_told_f11() {
    let none = account(&[("alias/other", 1)], &[(1, "Enabled")]);
    let missing = plan(
        "data.aws_kms_alias.d",
        json!({"name": "alias/d"}),
        "target_key_id",
    );
    let told = gets_with(&missing, Some(&none), 3, &[UNDECIDED]);
    assert_eq!(told.rules, ["F11"]);
    let (read, judgement) = judged(&missing.json(), Some(&none), None);
    let words: Vec<_> = read
        .advice_on(&judgement)
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        words,
        [
            "data.aws_kms_alias.d: it reads alias/d while the plan is applied, the list of aliases lacks this name, and no \
             step of this plan makes it: unless something else makes it first, reading fails and what needs it is not \
             asked for; make the alias in this plan, or mend the name (rule F11)"
        ]
    );
    // The run makes it; the list does not tell; it is one of AWS's.
    let made = plan(
        "data.aws_kms_alias.d",
        json!({"name": "alias/d"}),
        "target_key_id",
    )
    .create(
        "aws_kms_alias.d",
        json!({"name": "alias/d", "target_key_id": id(1)}),
        json!({}),
    );
    assert!(
        gets_with(
            &made,
            Some(&none),
            3,
            &[UNDECIDED, "aws_kms_alias.d CreateAlias ok"]
        )
        .rules
        .is_empty()
    );
    assert!(gets(&missing, 3, &[UNDECIDED]).rules.is_empty());
    let of_aws = plan(
        "data.aws_kms_alias.d",
        json!({"name": "alias/aws/s3"}),
        "target_key_id",
    );
    let refused = "aws_kms_alias.a CreateAlias refused AccessDeniedException";
    assert!(
        gets_with(&of_aws, Some(&none), 1, &[refused])
            .rules
            .is_empty()
    );
}

#[test]
fn an_alias_that_is_read_after_it_is_made_has_the_key_that_it_is_made_with_t5() {
    let free = account(&[("alias/other", 1)], &[(1, "Enabled")]);
    let taken = account(&[("alias/d", 1)], &[(1, "Enabled")]);
    let pending = r#""KeyState":"PendingDeletion","DeletionDate":"2026-11-20T10:00:00+00:00""#;
    let dying = account(&[("alias/other", 1)], &[(1, "Disabled")])
        .replace(r#""KeyState":"Disabled""#, pending);
    let reads = |name: &str| {
        plan(
            "data.aws_kms_alias.d",
            json!({"name": name}),
            "target_key_id",
        )
    };
    let plan = |data: Value| {
        plan(
            "data.aws_kms_alias.d",
            json!({"name": "alias/d"}),
            "target_key_id",
        )
        .create(
            "aws_kms_alias.d",
            json!({"name": "alias/d", "target_key_id": id(1)}),
            json!({}),
        )
        .resource("aws_kms_alias.d", json!({}))
        .more("data.aws_kms_alias.d", data)
    };
    let waits = plan(json!({"depends_on": ["aws_kms_alias.d"]}));
    gets_with(
        &waits,
        Some(&free),
        0,
        &[OK, "aws_kms_alias.d CreateAlias ok"],
    );
    let refused = "aws_kms_alias.d CreateAlias refused KMSInvalidStateException";
    gets_with(&waits, Some(&dying), 1, &[DYING, refused]);
    // What is read depends on the order, or on what stood there before.
    let made = "aws_kms_alias.d CreateAlias ok";
    gets_with(&plan(json!({})), Some(&free), 3, &[UNDECIDED, made]);
    let refused = "aws_kms_alias.d CreateAlias refused AlreadyExistsException";
    gets_with(&waits, Some(&taken), 1, &[UNDECIDED, refused]);
    // A key that is made in the run is followed too, and a circle is not.
    let waits = json!({"depends_on": ["aws_kms_alias.d"]});
    let of_new_key = reads("alias/d")
        .more("data.aws_kms_alias.d", waits)
        .key("aws_kms_key.k")
        .resource("aws_kms_key.k", json!({}))
        .alias_of_unknown("aws_kms_alias.d", "alias/d")
        .resource(
            "aws_kms_alias.d",
            json!({"target_key_id": refers(&["aws_kms_key.k.key_id"])}),
        );
    gets_with(&of_new_key, Some(&free), 0, &[OK, made]);
    // Without a list of aliases the name is taken as free, whosever the account is (rule H6).
    gets(&of_new_key, 0, &[OK, made]);
    let circle = json!({"depends_on": ["aws_kms_alias.a"]});
    let circle = reads("alias/a").more("data.aws_kms_alias.d", circle);
    gets_with(&circle, Some(&free), 3, &[UNDECIDED]);
}
