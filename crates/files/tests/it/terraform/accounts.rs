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

#[test]
fn an_arn_that_the_configuration_sets_may_be_another_accounts_t3() {
    let set = json!({"arn": refers(&["var.queue"])});
    let queue = json!({"arn": format!("arn:aws:sqs:{REGION}:{ACCOUNT}:q")});
    let topic = json!({"arn": format!("arn:aws:sns:{REGION}:{ACCOUNT}:t")});
    let key = json!({"arn": key(1)["arn"]});
    for (address, values) in [
        ("aws_cloudwatch_event_target.t", &queue),
        ("aws_sns_topic_policy.t", &topic),
        ("aws_sqs_queue.unheard_of", &queue),
        ("data.aws_arn.a", &key),
        ("aws_kms_unheard_of.a", &key),
    ] {
        let by = |set: &Value| account_by_set(address, values.clone(), set.clone());
        assert_eq!(by(&set), None, "{address}");
    }
    // One that is computed is the manager's own.
    let account = account_by_set(
        "aws_sqs_queue.q",
        queue,
        json!({"name": refers(&["var.name"])}),
    );
    assert_eq!(account.as_deref(), Some(ACCOUNT));
    // The public key of a key in another account.
    let read = json!({"arn": key["arn"], "key_id": key["arn"]});
    assert_eq!(account_by("data.aws_kms_public_key.k", read), None);
}

#[test]
fn what_the_configuration_lacks_tells_no_account_t3() {
    let queue = json!({"arn": format!("arn:aws:sqs:{REGION}:{ACCOUNT}:q")});
    let plan = |is_there: bool| {
        let plan = Plan::new()
            .create(
                "aws_kms_alias.a",
                json!({"name": "alias/x", "target_key_id": id(1)}),
                json!({}),
            )
            .resource("aws_kms_alias.a", json!({}))
            .prior("aws_sqs_queue.q", queue.clone(), &[]);
        let plan = if is_there {
            plan.resource("aws_sqs_queue.q", json!({}))
        } else {
            plan
        };
        crate::plans::read(&plan.json()).run.steps[0]
            .place
            .account
            .is_some()
    };
    assert_eq!((plan(true), plan(false)), (true, false));
}

#[test]
fn a_region_that_a_data_source_is_asked_for_is_not_the_providers_t2() {
    let region = |expressions: Value| {
        let plan = Plan::default()
            .provider("aws", json!({"profile": {"constant_value": "x"}}))
            .create(
                "aws_kms_alias.a",
                json!({"name": "alias/x", "target_key_id": id(1)}),
                json!({}),
            )
            .resource("aws_kms_alias.a", json!({}))
            .prior("data.aws_region.r", json!({"name": "us-east-1"}), &[])
            .resource("data.aws_region.r", expressions);
        crate::plans::read(&plan.json()).run.steps[0]
            .place
            .region
            .is_some()
    };
    assert!(region(json!({})));
    assert!(!region(json!({"name": {"constant_value": "us-east-1"}})));
}

#[test]
fn a_refusal_in_an_account_that_is_inferred_says_from_what_t3() {
    let queue = json!({"arn": format!("arn:aws:sqs:{REGION}:{ACCOUNT}:q")});
    let target = format!("arn:aws:kms:{REGION}:111122223333:key/{}", id(1));
    let plan = Plan::new()
        .create(
            "aws_kms_alias.a",
            json!({"name": "alias/x", "target_key_id": target}),
            json!({}),
        )
        .resource("aws_kms_alias.a", json!({}))
        .prior("aws_sqs_queue.q", queue, &[])
        .resource("aws_sqs_queue.q", json!({}));
    let notes = |plan: &Plan| {
        let (read, judgement) = judged(&plan.json(), None, None);
        let notes = read.run.steps[0].notes.iter();
        let fitting = notes.filter(|note| note.fits(&judgement.outcomes[0]));
        fitting
            .filter(|note| note.words.contains("aws_sqs_queue.q"))
            .count()
    };
    assert_eq!(notes(&plan), 1);
    // A key tells the account for certain.
    let plan = plan
        .prior("aws_kms_key.k", key(1), &[])
        .resource("aws_kms_key.k", json!({}));
    assert_eq!(notes(&plan), 0);
}

/// The account of an alias whose provider has one resource in the prior state.
fn account_by(address: &str, values: Value) -> Option<String> {
    account_by_set(address, values, json!({}))
}

/// The same where the configuration sets something of that resource.
fn account_by_set(address: &str, values: Value, expressions: Value) -> Option<String> {
    let plan = Plan::new()
        .provider("aws.b", json!({"profile": {"constant_value": "b"}}))
        .create(
            "aws_kms_alias.a",
            json!({"name": "alias/x", "target_key_id": id(1)}),
            json!({}),
        )
        .resource_with("aws_kms_alias.a", "aws.b", json!({}), json!({}))
        .prior(address, values, &[])
        .resource_with(address, "aws.b", expressions, json!({}));
    let read = crate::plans::read(&plan.json());
    let account = read.run.steps[0].place.account;
    account.map(|account| account.to_string())
}
