//! Whose account a provider acts in, as the prior state tells it.

use super::*;

#[test]
fn a_resource_of_another_service_tells_the_account_of_its_provider() {
    let account_of = |role: &str, service: &str| {
        account_by(
            role,
            json!({"arn": format!("arn:aws:{service}::{ACCOUNT}:role/r")}),
        )
    };
    let told = account_of("aws_iam_role.r", "iam");
    assert_eq!(told.as_deref(), Some(ACCOUNT));
    // What a data source reads may be another account's, and so may what an administrator manages,
    // the topic of a subscription, and the secret of a version.
    assert_eq!(account_of("data.aws_iam_role.r", "iam"), None);
    assert_eq!(
        account_of("aws_organizations_policy.r", "organizations"),
        None
    );
    assert_eq!(account_of("aws_sns_topic_subscription.r", "sns"), None);
    let version = "aws_secretsmanager_secret_version.r";
    assert_eq!(account_of(version, "secretsmanager"), None);
}

#[test]
fn a_key_that_is_read_by_its_arn_may_be_another_accounts_t3() {
    let read = |key_id: &str| {
        let values = with(key(1), json!({"key_id": key_id}));
        account_by("data.aws_kms_key.k", values)
    };
    assert_eq!(read(&id(1)).as_deref(), Some(ACCOUNT));
    assert_eq!(read("alias/x").as_deref(), Some(ACCOUNT));
    assert_eq!(read(key(1)["arn"].as_str().unwrap()), None);
}

/// The account of an alias whose provider has one resource in the prior state.
fn account_by(address: &str, values: Value) -> Option<String> {
    let plan = Plan::new()
        .provider("aws.b", json!({"profile": {"constant_value": "b"}}))
        .create(
            "aws_kms_alias.a",
            json!({"name": "alias/x", "target_key_id": id(1)}),
            json!({}),
        )
        .resource_with("aws_kms_alias.a", "aws.b", json!({}), json!({}))
        .prior(address, values, &[])
        .resource_with(address, "aws.b", json!({}), json!({}));
    let read = crate::plans::read(&plan.json());
    let account = read.run.steps[0].place.account;
    account.map(|account| account.to_string())
}
