//! Primary keys of replicas, as a plan tells of them: by a data source, before it is made, or by an alias.

use super::replicas::{HOME, PRIMARY, primary_arn};
use super::*;

#[test]
fn a_key_that_a_data_source_describes_is_a_primary_key_or_a_replica_m() {
    for (role, exit) in [("PRIMARY", 0), ("REPLICA", 1)] {
        let described = json!({
            "arn": primary_arn(), "id": PRIMARY, "key_id": PRIMARY, "customer_master_key_spec": "SYMMETRIC_DEFAULT",
            "key_usage": "ENCRYPT_DECRYPT", "multi_region": true, "enabled": true, "key_manager": "CUSTOMER",
            "key_state": "Enabled", "origin": "AWS_KMS",
            "multi_region_configuration": [{
                "multi_region_key_type": role, "primary_key": [{"arn": primary_arn(), "region": HOME}],
                "replica_keys": []
            }]
        });
        let plan = Plan::new()
            .create(
                "aws_kms_replica_key.r",
                json!({"primary_key_arn": primary_arn(), "enabled": true}),
                json!({"key_id": true, "arn": true, "id": true}),
            )
            .prior("data.aws_kms_key.p", described, &[])
            .resource("aws_kms_replica_key.r", json!({}));
        let told = told(&plan.json(), None, None);
        assert_eq!(told.exit, exit, "{role}: {told:?}");
    }
}

/// The ARN of the primary key, taken from its replica.
#[test]
fn the_primary_key_arn_of_a_replica_is_that_of_its_primary_key_t2() {
    let plan = |region: &str| {
        Plan::new()
            .create(
                "aws_kms_key.k",
                with(new_key(), json!({"multi_region": true, "region": "us-east-1"})),
                json!({"key_id": true, "arn": true, "id": true}),
            )
            .create(
                "aws_kms_replica_key.r",
                json!({"enabled": true, "region": REGION}),
                json!({"key_id": true, "arn": true, "id": true, "primary_key_arn": true}),
            )
            .create(
                "aws_kms_alias.a",
                json!({"name": "alias/a", "region": region}),
                json!({"target_key_id": true, "arn": true}),
            )
            .resource("aws_kms_key.k", json!({"region": {"constant_value": "us-east-1"}}))
            .resource(
                "aws_kms_replica_key.r",
                json!({"primary_key_arn": refers(&["aws_kms_key.k.arn", "aws_kms_key.k"])}),
            )
            .resource(
                "aws_kms_alias.a",
                json!({
                    "target_key_id": refers(&["aws_kms_replica_key.r.primary_key_arn", "aws_kms_replica_key.r"]),
                    "region": {"constant_value": region}
                }),
            )
    };
    gets(&plan("us-east-1"), 0, &["aws_kms_alias.a CreateAlias ok"]);
    assert_eq!(
        target(&plan("us-east-1"), "aws_kms_alias.a"),
        made("aws_kms_key.k")
    );
    gets(
        &plan("ap-south-1"),
        1,
        &["aws_kms_alias.a CreateAlias refused NotFoundException"],
    );
}

/// Whether a primary key that stands stays enabled is known after apply.
#[test]
fn a_primary_key_that_may_be_disabled_in_the_run_may_have_no_replica_s8() {
    let standing = json!({
        "arn": primary_arn(), "key_id": PRIMARY, "id": PRIMARY, "multi_region": true, "is_enabled": true,
        "key_usage": "ENCRYPT_DECRYPT", "customer_master_key_spec": "SYMMETRIC_DEFAULT"
    });
    let plan = |is_enabled: Option<bool>| {
        let mut after = with(standing.clone(), json!({"is_enabled": is_enabled}));
        let mut unknown = json!({});
        if is_enabled.is_none() {
            after
                .as_object_mut()
                .expect("an object")
                .remove("is_enabled");
            unknown = json!({"is_enabled": true});
        }
        Plan::new()
            .provider("aws.us", json!({"region": {"constant_value": HOME}}))
            .change(
                "aws_kms_key.k",
                &["update"],
                standing.clone(),
                after,
                unknown,
            )
            .prior("aws_kms_key.k", standing.clone(), &[])
            .create(
                "aws_kms_replica_key.r",
                json!({"primary_key_arn": primary_arn(), "enabled": true}),
                json!({"key_id": true, "arn": true, "id": true}),
            )
            .resource_with(
                "aws_kms_key.k",
                "aws.us",
                json!({"is_enabled": refers(&["random_integer.x.result"])}),
                json!({}),
            )
            .resource(
                "aws_kms_replica_key.r",
                json!({"primary_key_arn": refers(&["aws_kms_key.k.arn", "aws_kms_key.k"])}),
            )
    };
    let replica = |outcome: &str| format!("aws_kms_replica_key.r ReplicateKey {outcome}");
    gets(&plan(Some(true)), 0, &[]);
    gets(
        &plan(Some(false)),
        1,
        &[&replica("refused DisabledException")],
    );
    gets(&plan(None), 3, &[&replica("undecided")]);
    let (read, judgement) = judged(&plan(None).json(), None, None);
    let is_replica = |request: &Request| matches!(request, Request::ReplicateKey { .. });
    let step = read
        .run
        .steps
        .iter()
        .position(|step| is_replica(&step.request));
    let Outcome::Undecided { needs, .. } = &judgement.outcomes[step.expect("it is made")] else {
        panic!("{judgement:?}");
    };
    let label = "aws_kms_key.k.is_enabled".into();
    assert_eq!(needs[..], [Need::Name { label }]);
}

/// A data source that is read while the plan is applied tells the primary key where the account has its alias.
#[test]
fn a_primary_key_that_is_read_later_is_the_key_of_its_alias_m() {
    let data = "data.aws_kms_key.d";
    let replica = "aws_kms_replica_key.r";
    let of = |name: &str| {
        Plan::new()
            .change(
                data,
                &["read"],
                Value::Null,
                json!({"key_id": name}),
                json!({"arn": true, "id": true}),
            )
            .create(
                replica,
                json!({"enabled": true}),
                json!({"arn": true, "key_id": true, "primary_key_arn": true}),
            )
            .prior("aws_kms_key.other", key(1), &[])
            .resource(data, json!({}))
            .resource("aws_kms_key.other", json!({}))
            .provider("aws.us", json!({"region": {"constant_value": HOME}}))
            .resource_with(
                replica,
                "aws.us",
                json!({"primary_key_arn": refers(&["data.aws_kms_key.d.arn", data])}),
                json!({}),
            )
    };
    let alias = |name: &str, key: &str| json!({"AliasName": name, "AliasArn": format!("{}:{name}", scope()), "TargetKeyId": key});
    let account = json!({"Aliases": [alias("alias/one", &id(1))], "Truncated": false}).to_string();
    gets_with(
        &of("alias/one"),
        Some(&account),
        1,
        &["aws_kms_replica_key.r ReplicateKey refused UnsupportedOperationException"],
    );
}

/// A replica of one of five keys: which, the plan does not tell.
#[test]
fn one_of_many_primary_keys_can_have_replicas_if_all_of_them_can_h6() {
    let of = |odd: Value, references: &[&str]| {
        let unknown = json!({"key_id": true, "arn": true, "id": true});
        let mut plan = Plan::new()
            .resource("aws_kms_key.k", json!({}))
            .resource(
                "aws_kms_replica_key.r",
                json!({"primary_key_arn": refers(references)}),
            )
            .create(
                "aws_kms_replica_key.r",
                json!({"region": "us-west-2"}),
                with(unknown.clone(), json!({"primary_key_arn": true})),
            );
        for index in 0..5 {
            let multi_region = with(new_key(), json!({"multi_region": true}));
            let key = match index {
                3 => with(multi_region, odd.clone()),
                _ => multi_region,
            };
            plan = plan.create(&format!("aws_kms_key.k[{index}]"), key, unknown.clone());
        }
        told(&plan.json(), None, None)
    };
    let any = ["aws_kms_key.k"];
    assert_eq!(of(json!({}), &any).exit, 0);
    for odd in [json!({"multi_region": false}), json!({"is_enabled": false})] {
        assert_eq!(of(odd, &any).exit, 3);
    }
    // One that is not made has none.
    let refused = of(json!({"key_usage": "BAD"}), &any);
    let is_open = |step: &String| step == "aws_kms_replica_key.r ReplicateKey undecided";
    assert!(refused.steps.iter().any(is_open), "{:?}", refused.steps);
    // It may be another one besides.
    assert_eq!(of(json!({}), &["aws_kms_key.k", "local.which"]).exit, 3);
}
