//! Data sources that are read while a plan is applied.

use super::*;

/// A plan with a new alias on an attribute of a data source which is read while it is applied.
fn plan(data: &str, asked: Value, attribute: &str) -> Plan {
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
