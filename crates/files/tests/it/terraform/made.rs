//! Keys that a plan makes: CreateKey and ReplicateKey.

use super::*;

const KNOWN_LATER: [&str; 3] = ["key_id", "arn", "id"];

fn later() -> Value {
    KNOWN_LATER
        .iter()
        .map(|name| (*name, json!(true)))
        .collect()
}

/// A plan that makes a key of these attributes, and an alias of it.
fn makes(key: Value, unknown: Value) -> Plan {
    Plan::new()
        .create(
            "aws_kms_key.k",
            with(new_key(), key),
            with(later(), unknown),
        )
        .alias_of_unknown("aws_kms_alias.a", "alias/a")
        .resource("aws_kms_key.k", json!({}))
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["aws_kms_key.k.key_id", "aws_kms_key.k"])}),
        )
}

#[test]
fn a_key_that_there_cannot_be_is_refused_and_no_alias_finds_it_m_k7_t1() {
    for (key, rule, words) in [
        (
            json!({"customer_master_key_spec": "FOO"}),
            "K7",
            "Value 'FOO' at 'customerMasterKeySpec' failed to satisfy constraint",
        ),
        (
            json!({"customer_master_key_spec": "HMAC_256"}),
            "M",
            "KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec HMAC_256",
        ),
        (
            json!({"customer_master_key_spec": "ECC_NIST_P256", "key_usage": "GENERATE_VERIFY_MAC"}),
            "M",
            "KeyUsage GENERATE_VERIFY_MAC is not compatible with KeySpec ECC_NIST_P256",
        ),
        (
            json!({"key_usage": "FOO"}),
            "K7",
            "Value 'FOO' at 'keyUsage' failed to satisfy constraint",
        ),
    ] {
        let plan = makes(key, json!({}));
        gets_with(
            &plan,
            None,
            1,
            &[
                "aws_kms_alias.a CreateAlias refused NotFoundException",
                "aws_kms_key.k CreateKey refused ValidationException",
            ],
        );
        let (_, judgement) = judged(&plan.json(), None, None);
        let Outcome::Refused { could_be } = &judgement.outcomes[0] else {
            panic!("{judgement:?}");
        };
        assert_eq!(could_be[0].rule.number(), rule);
        assert!(could_be[0].message.contains(words), "{could_be:?}");
    }
    gets_with(
        &makes(
            json!({"custom_key_store_id": "cks-1", "multi_region": true}),
            json!({}),
        ),
        None,
        1,
        &[
            "aws_kms_alias.a CreateAlias refused NotFoundException",
            "aws_kms_key.k CreateKey refused UnsupportedOperationException",
        ],
    );
}

#[test]
fn a_key_spec_that_is_not_known_leaves_it_open_whether_a_key_is_made_m() {
    let mut key = new_key();
    key.as_object_mut()
        .expect("an object")
        .remove("customer_master_key_spec");
    let spec = json!({"customer_master_key_spec": {"references": ["var.spec"]}});
    let plan = Plan::new()
        .create(
            "aws_kms_key.k",
            key,
            with(later(), json!({"customer_master_key_spec": true})),
        )
        .alias_of_unknown("aws_kms_alias.a", "alias/a")
        .resource("aws_kms_key.k", spec)
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["aws_kms_key.k.key_id", "aws_kms_key.k"])}),
        );
    gets_with(
        &plan,
        None,
        3,
        &[
            "aws_kms_alias.a CreateAlias undecided",
            "aws_kms_key.k CreateKey undecided",
        ],
    );
    let (_, judgement) = judged(&plan.json(), None, None);
    for outcome in &judgement.outcomes {
        let Outcome::Undecided { needs, .. } = outcome else {
            panic!("{judgement:?}");
        };
        let spec = Need::Key {
            key: "aws_kms_key.k".into(),
            fact: Fact::KeyType,
        };
        assert_eq!(needs[..], [spec]);
    }
}

/// A plan that makes a primary key in one Region and replicas in others.
fn replicates(primary: Value, replicas: &[(&str, &str)]) -> Plan {
    let mut plan = Plan::new()
        .provider("aws.us", json!({"region": {"constant_value": "us-east-1"}}))
        .provider(
            "aws.cn",
            json!({"region": {"constant_value": "cn-north-1"}}),
        )
        .create("aws_kms_key.k", with(new_key(), primary), later())
        .resource("aws_kms_key.k", json!({}));
    for (address, provider) in replicas {
        plan = plan
            .create(
                address,
                json!({"enabled": true}),
                with(later(), json!({"primary_key_arn": true})),
            )
            .resource_with(
                address,
                provider,
                json!({"primary_key_arn": refers(&["aws_kms_key.k.arn", "aws_kms_key.k"])}),
                json!({}),
            );
    }
    plan
}

const REPLICA: &str = "aws_kms_replica_key.r";

#[test]
fn a_replica_of_a_key_that_is_made_is_judged_by_what_that_is_m_s8() {
    let multi_region = || json!({"multi_region": true});
    let disabled = json!({"multi_region": true, "is_enabled": false});
    let refused = |exception: &str| vec![format!("{REPLICA} ReplicateKey refused {exception}")];
    for (primary, provider, expected) in [
        (multi_region(), "aws.us", Vec::new()),
        (multi_region(), "aws", refused("ValidationException")),
        (multi_region(), "aws.cn", refused("ValidationException")),
        (
            json!({}),
            "aws.us",
            refused("UnsupportedOperationException"),
        ),
        (disabled, "aws.us", refused("DisabledException")),
    ] {
        let exit = u8::from(!expected.is_empty());
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        gets_with(
            &replicates(primary, &[(REPLICA, provider)]),
            None,
            exit,
            &expected,
        );
    }
}

#[test]
fn of_two_replicas_in_one_region_one_is_refused_m() {
    let other = "aws_kms_replica_key.s";
    let plan = replicates(
        json!({"multi_region": true}),
        &[(REPLICA, "aws.us"), (other, "aws.us")],
    );
    gets_with(
        &plan,
        None,
        1,
        &[
            "aws_kms_replica_key.r ReplicateKey undecided",
            "aws_kms_replica_key.s ReplicateKey undecided",
        ],
    );
    let (_, judgement) = judged(&plan.json(), None, None);
    for outcome in &judgement.outcomes[1..] {
        let Outcome::Undecided {
            needs, could_be, ..
        } = outcome
        else {
            panic!("{judgement:?}");
        };
        let order = Need::Order {
            first: 1,
            second: 2,
        };
        assert_eq!(needs[..], [order]);
        let Possible::Refused(answer) = &could_be[1] else {
            panic!("{could_be:?}");
        };
        assert_eq!(answer.exception, "AlreadyExistsException");
    }
}

/// Whether a key is enabled once it is made is known after apply: a replica is refused of one that is not.
#[test]
fn a_key_that_may_be_disabled_once_it_is_made_may_have_no_replica_s8() {
    let enabled = json!({"is_enabled": refers(&["random_id.r.b64_std", "random_id.r"])});
    let plan = |key: Value, unknown: Value| {
        Plan::new()
            .provider("aws.us", json!({"region": {"constant_value": "us-east-1"}}))
            .create("aws_kms_key.k", key, with(later(), unknown))
            .create(
                REPLICA,
                json!({"enabled": true}),
                with(later(), json!({"primary_key_arn": true})),
            )
            .alias_of_unknown("aws_kms_alias.a", "alias/a")
            .resource("aws_kms_key.k", enabled.clone())
            .resource_with(
                REPLICA,
                "aws.us",
                json!({"primary_key_arn": refers(&["aws_kms_key.k.arn", "aws_kms_key.k"])}),
                json!({}),
            )
            .resource(
                "aws_kms_alias.a",
                json!({"target_key_id": refers(&["aws_kms_key.k.key_id", "aws_kms_key.k"])}),
            )
    };
    let key = json!({
        "customer_master_key_spec": "SYMMETRIC_DEFAULT", "key_usage": "ENCRYPT_DECRYPT", "multi_region": true
    });
    let unknown = plan(key.clone(), json!({"is_enabled": true}));
    let alias = "aws_kms_alias.a CreateAlias ok";
    gets(
        &unknown,
        3,
        &[alias, &format!("{REPLICA} ReplicateKey undecided")],
    );
    let (_, judgement) = judged(&unknown.json(), None, None);
    let Outcome::Undecided { needs, .. } = &judgement.outcomes[1] else {
        panic!("{judgement:?}");
    };
    let state = Need::Key {
        key: "aws_kms_key.k".into(),
        fact: Fact::KeyState,
    };
    assert_eq!(needs[..], [state]);
    for (is_enabled, exit) in [(true, 0), (false, 1)] {
        let key = with(key.clone(), json!({"is_enabled": is_enabled}));
        assert_eq!(
            told(&plan(key, json!({})).json(), None, None).exit,
            exit,
            "{is_enabled}"
        );
    }
}

/// Where a primary key is one of several that are made, each is tried.
#[test]
fn a_primary_key_that_is_one_of_several_is_each_of_them_m() {
    let of = |one: bool, other: bool| {
        let either = [
            "aws_kms_key.a.arn",
            "aws_kms_key.a",
            "aws_kms_key.b.arn",
            "aws_kms_key.b",
        ];
        let mut plan = Plan::new();
        for (key, multi_region) in [("aws_kms_key.a", one), ("aws_kms_key.b", other)] {
            let made = with(new_key(), json!({"multi_region": multi_region}));
            plan = plan.create(key, made, later()).resource(key, json!({}));
        }
        plan.create(
            REPLICA,
            json!({"enabled": true}),
            json!({"arn": true, "key_id": true, "primary_key_arn": true}),
        )
        .provider("aws.us", json!({"region": {"constant_value": "us-east-1"}}))
        .resource_with(
            REPLICA,
            "aws.us",
            json!({"primary_key_arn": refers(&either)}),
            json!({}),
        )
    };
    let verdict = |outcome: &str| format!("{REPLICA} ReplicateKey {outcome}");
    gets_with(&of(true, true), None, 0, &[]);
    gets_with(&of(true, false), None, 3, &[&verdict("undecided")]);
    let refused = verdict("refused UnsupportedOperationException");
    gets_with(&of(false, false), None, 1, &[&refused]);
}
