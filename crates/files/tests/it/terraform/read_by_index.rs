//! Data sources that are read while a plan is applied, one for each index, in a Region of their own, or by an ARN.

use super::read::{OK, UNDECIDED, account, plan};
use super::*;

/// Provider 6 has a Region on each data source; where it is the alias's, it tells the key.
#[test]
fn a_data_source_with_a_region_of_its_own_reads_there_t1_t5() {
    let known = account(&[("alias/d", 1)], &[(1, "Enabled")]);
    let plan = |of_data: &str, of_alias: &str, index: &str| {
        let data = format!("data.aws_kms_key.d{index}");
        let reference = format!("{data}.id");
        Plan::new()
            .change(
                &data,
                &["read"],
                Value::Null,
                json!({"key_id": "alias/d", "region": of_data}),
                json!({"arn": true, "id": true}),
            )
            .create(
                "aws_kms_alias.a",
                json!({"name": "alias/a", "region": of_alias}),
                json!({"target_key_id": true, "arn": true}),
            )
            .resource(
                "data.aws_kms_key.d",
                json!({"region": {"constant_value": of_data}}),
            )
            .resource(
                "aws_kms_alias.a",
                json!({"target_key_id": refers(&[&reference, &data]), "region": {"constant_value": of_alias}}),
            )
    };
    gets_with(&plan(REGION, REGION, ""), Some(&known), 0, &[OK]);
    gets_with(&plan(REGION, REGION, "[0]"), Some(&known), 0, &[OK]);
    gets_with(
        &plan(REGION, "us-east-1", ""),
        Some(&known),
        3,
        &[UNDECIDED],
    );
    let told = gets_with(
        &plan("us-east-1", REGION, ""),
        Some(&known),
        3,
        &[UNDECIDED],
    );
    assert!(told.rules.is_empty(), "of us-east-1 no list tells");
}

/// A data source and an alias for each index.
#[test]
fn of_data_sources_that_are_read_later_each_alias_takes_that_of_its_own_index_t5() {
    let pending = r#""KeyState":"PendingDeletion","DeletionDate":"2026-11-20T10:00:00+00:00""#;
    let known = account(
        &[("alias/d", 1), ("alias/e", 2)],
        &[(1, "Enabled"), (2, "Disabled")],
    )
    .replace(r#""KeyState":"Disabled""#, pending);
    let plan = |data: &str, asked: &str| {
        let mut plan = Plan::new();
        for (index, name) in [("\"d\"", "alias/d"), ("\"e\"", "alias/e")] {
            plan = plan
                .change(
                    &format!("{data}[{index}]"),
                    &["read"],
                    Value::Null,
                    json!({asked: name}),
                    json!({"arn": true, "id": true}),
                )
                .alias_of_unknown(
                    &format!("aws_kms_alias.a[{index}]"),
                    &format!("alias/of-{}", index.trim_matches('"')),
                );
        }
        plan.resource(data, json!({})).resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&[data, "each.key"])}),
        )
    };
    gets_with(
        &plan("data.aws_kms_key.k", "key_id"),
        Some(&known),
        1,
        &[
            "aws_kms_alias.a[\"d\"] CreateAlias ok",
            "aws_kms_alias.a[\"e\"] CreateAlias refused KMSInvalidStateException",
        ],
    );
    // Which attribute is taken is not seen: of an alias the name may be.
    gets_with(
        &plan("data.aws_kms_alias.k", "name"),
        Some(&known),
        3,
        &[
            "aws_kms_alias.a[\"d\"] CreateAlias undecided",
            "aws_kms_alias.a[\"e\"] CreateAlias undecided",
        ],
    );
}

/// What a data source tells of a key that it is asked for by ARN is that ARN: where the account of the
/// alias is not known, it depends on that alone, and on what the key is.
#[test]
fn a_key_that_is_read_by_its_arn_is_that_key_t3() {
    let arn = format!("{}:key/{}", scope(), id(1));
    let plan = |attribute: &str| plan("data.aws_kms_key.d", json!({"key_id": arn}), attribute);
    for (attribute, named) in [("arn", arn.clone()), ("id", id(1))] {
        let target = target(&plan(attribute), "aws_kms_alias.a");
        assert_eq!(target, KeyReference::Text(named.into()));
    }
    let told = |plan: &Plan| {
        let (_, judgement) = judged(&plan.json(), None, None);
        let Outcome::Undecided {
            needs, could_be, ..
        } = &judgement.outcomes[0]
        else {
            panic!("{judgement:?}");
        };
        let rule = |it: &Possible| match it {
            Possible::Ok => "ok".to_owned(),
            Possible::Refused(answer) => answer.rule.to_string(),
        };
        let could_be: Vec<_> = could_be.iter().map(rule).collect();
        (needs.clone(), could_be.join(" "))
    };
    let of_key = |fact| Need::Key {
        key: id(1).into(),
        fact,
    };
    // It exists, or it would not be read.
    let manager = of_key(Fact::Manager);
    let state = of_key(Fact::KeyState);
    assert_eq!(
        told(&plan("arn")),
        (
            vec![manager, state, Need::Account],
            "ok T3 T4 T5".to_owned()
        )
    );
    // In an account that is known to be another the ARN is refused, however the key is read.
    let role = json!([{"role_arn": {"constant_value": "arn:aws:iam::111122223333:role/x"}}]);
    let elsewhere = plan("arn").provider(
        "aws",
        json!({"region": {"constant_value": REGION}, "assume_role": role}),
    );
    gets(
        &elsewhere,
        1,
        &["aws_kms_alias.a CreateAlias refused NotFoundException"],
    );
    // What was read when the plan was made tells what it is.
    let read = with(
        key(1),
        json!({
            "key_id": arn, "key_manager": "CUSTOMER", "key_state": "Enabled", "origin": "AWS_KMS", "enabled": true
        }),
    );
    let by_arn = |more: Option<&str>| {
        let plan = Plan::new()
            .create(
                "aws_kms_alias.a",
                json!({"name": "alias/a", "target_key_id": arn}),
                json!({}),
            )
            .prior("data.aws_kms_key.d", read.clone(), &[]);
        match more {
            Some(target) => plan.create(
                "aws_kms_alias.b",
                json!({"name": "alias/b", "target_key_id": target}),
                json!({}),
            ),
            None => plan,
        }
    };
    assert_eq!(
        told(&by_arn(None)),
        (vec![Need::Account], "ok T3".to_owned())
    );
    // By its ID alone it is found in its own account only.
    let (needs, could_be) = told(&by_arn(Some(&id(1))));
    assert!(needs.contains(&of_key(Fact::Existence)), "{needs:?}");
    assert_eq!(could_be, "ok T1 T3 T4 T5");
}
