//! Resources whose provider acts in another place than their ARN says, as a plan without a refresh has them.

use super::*;

/// A plan of an alias that stands in the Region of the plan, by its ARN, with a provider of another block.
fn by(block: Value, actions: &[&str], before: Value, after: Value) -> Plan {
    Plan::new()
        .provider("aws.moved", block)
        .change("aws_kms_alias.a", actions, before, after, json!({}))
        .resource_with("aws_kms_alias.a", "aws.moved", json!({}), json!({}))
        .prior("aws_kms_alias.a", alias("alias/x", 1), &[])
        .prior("aws_kms_key.k", key(1), &[])
        .prior("aws_kms_key.l", key(2), &[])
        .resource("aws_kms_key.k", json!({}))
        .resource("aws_kms_key.l", json!({}))
}

fn moving() -> Value {
    with(alias("alias/x", 1), json!({"target_key_id": id(2)}))
}

#[test]
fn what_a_provider_is_asked_to_change_is_asked_where_it_acts_u1_t1() {
    let east = || json!({"region": {"constant_value": "us-east-1"}});
    let plan = by(east(), &["update"], alias("alias/x", 1), moving());
    let told = gets(
        &plan,
        1,
        &["aws_kms_alias.a UpdateAlias refused NotFoundException"],
    );
    assert!(told.rules.contains(&"F8".to_owned()), "{told:?}");
    let after = json!({"name": "alias/y", "target_key_id": id(1)});
    let plan = by(east(), &["delete", "create"], alias("alias/x", 1), after);
    gets(
        &plan,
        1,
        &[
            "aws_kms_alias.a DeleteAlias refused NotFoundException",
            "aws_kms_alias.a CreateAlias refused NotFoundException",
        ],
    );
    // In another account it is the same.
    let role = json!([{"role_arn": {"constant_value": "arn:aws:iam::999988887777:role/x"}}]);
    let block = json!({"region": {"constant_value": REGION}, "assume_role": role});
    let plan = by(block, &["update"], alias("alias/x", 1), moving());
    gets(
        &plan,
        1,
        &["aws_kms_alias.a UpdateAlias refused NotFoundException"],
    );
}

#[test]
fn an_arn_stands_where_the_provider_may_act_there_u1() {
    let ok = ["aws_kms_alias.a UpdateAlias ok"];
    for block in [
        json!({"region": {"constant_value": REGION}}),
        json!({"region": refers(&["local.region"])}),
        json!({}),
    ] {
        let told = gets(
            &by(block, &["update"], alias("alias/x", 1), moving()),
            0,
            &ok,
        );
        assert!(!told.rules.contains(&"F8".to_owned()), "{told:?}");
    }
    // The Region of the resource itself wins (provider 6).
    let own = json!({"region": REGION});
    let east = json!({"region": {"constant_value": "us-east-1"}});
    let plan = by(
        east,
        &["update"],
        with(alias("alias/x", 1), own.clone()),
        with(moving(), own),
    );
    gets(&plan, 0, &ok);
}
