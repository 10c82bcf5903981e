//! Resources that are given the ARN of an alias where the key's stood (rule F1).

use super::*;

#[test]
fn an_alias_arn_where_the_key_stood_is_told_with_the_arn_to_write_f1() {
    let key_arn = format!("{}:key/{}", scope(), id(1));
    let database = |arn: &str| json!({"kms_key_id": arn, "nested": [{"kms_key_arn": arn}]});
    let alias_arn = format!("{}:alias/x", scope());
    let plan = |target: u32| {
        Plan::new()
            .change(
                "aws_db_instance.d",
                &["delete", "create"],
                database(&key_arn),
                database(&alias_arn),
                json!({}),
            )
            .prior("aws_kms_alias.x", alias("alias/x", target), &[])
    };
    let (read, _) = judged(&plan(1).json(), None, None);
    assert_eq!(read.advice.len(), 2);
    for advice in &read.advice {
        assert_eq!(
            (advice.rule.number(), advice.address.as_deref()),
            ("F1", Some("aws_db_instance.d"))
        );
        assert!(advice.words.contains(&format!(
            "replaces the resource and changes nothing else; write {key_arn}"
        )));
    }
    // Another key is another value.
    assert!(judged(&plan(2).json(), None, None).0.advice.is_empty());
}

/// Where the plan has the alias, or the key, in the module of the resource, the reference to write is told (F1).
#[test]
fn the_reference_to_write_in_place_of_an_alias_arn_is_told_f1() {
    let key_arn = format!("{}:key/{}", scope(), id(1));
    let database = |arn: &str| json!({"kms_key_id": arn});
    let alias_arn = format!("{}:alias/x", scope());
    let words = |module: &str, standing: Option<(&str, Value)>| {
        let mut plan = Plan::new()
            .change(
                &format!("{module}aws_db_instance.d"),
                &["update"],
                database(&key_arn),
                database(&alias_arn),
                json!({}),
            )
            .prior("aws_kms_alias.x", alias("alias/x", 1), &[]);
        if let Some((address, values)) = standing {
            plan = plan.change(address, &["no-op"], values.clone(), values, json!({}));
        }
        let (read, _) = judged(&plan.json(), None, None);
        read.advice[0].words.to_string()
    };
    let alias_of = |address| Some((address, alias("alias/x", 1)));
    let key = || with(key(1), json!({"arn": key_arn}));
    for (module, standing, written) in [
        (
            "",
            alias_of("aws_kms_alias.x[\"a\"]"),
            "write `aws_kms_alias.x[\"a\"].target_key_arn`, which is",
        ),
        (
            "",
            Some(("aws_kms_key.k", key())),
            "write `aws_kms_key.k.arn`, which is",
        ),
        (
            "module.m.",
            alias_of("module.m.aws_kms_alias.x"),
            "write `aws_kms_alias.x.target_key_arn`, which is",
        ),
        // A module does not refer to what is in another one.
        (
            "module.m.",
            alias_of("aws_kms_alias.x"),
            &*format!("write {key_arn}"),
        ),
        ("", None, &*format!("write {key_arn}")),
    ] {
        let words = words(module, standing);
        assert!(words.contains(written), "no {written} in {words}");
    }
    let made = Plan::new()
        .create("aws_db_instance.d", json!({}), json!({"kms_key_id": true}))
        .resource(
            "aws_db_instance.d",
            json!({"kms_key_id": refers(&["aws_kms_alias.a.arn", "aws_kms_alias.a"])}),
        );
    let (read, _) = judged(&made.json(), None, None);
    let words = &read.advice[0].words;
    assert!(
        words.contains("write `aws_kms_alias.a.target_key_arn`"),
        "{words}"
    );
}

#[test]
fn a_new_database_that_is_given_the_arn_of_an_alias_is_told_f1() {
    let rules = |plan: &Plan| {
        let (read, _) = judged(&plan.json(), None, None);
        let rules = read.advice.iter().map(|advice| advice.rule.number());
        rules.collect::<Vec<_>>()
    };
    let arn = |rest: &str| json!({"kms_key_id": format!("{}:{rest}", scope())});
    let database = |after: Value| Plan::new().create("aws_db_instance.d", after, json!({}));
    assert_eq!(rules(&database(arn("alias/x"))), ["F1"]);
    assert!(rules(&database(arn(&format!("key/{}", id(1))))).is_empty());
    // What the service makes of the argument of others is not known.
    let other = Plan::new().create("aws_thing.t", arn("alias/x"), json!({}));
    assert!(rules(&other).is_empty());

    // An alias that the plan makes too has no ARN yet.
    let of = |references: &[&str]| {
        let plan = Plan::new()
            .create("aws_db_instance.d", json!({}), json!({"kms_key_id": true}))
            .resource(
                "aws_db_instance.d",
                json!({"kms_key_id": refers(references)}),
            );
        rules(&plan)
    };
    assert_eq!(of(&["aws_kms_alias.a.arn", "aws_kms_alias.a"]), ["F1"]);
    assert!(of(&["aws_kms_alias.a.target_key_arn", "aws_kms_alias.a"]).is_empty());
    let either = [
        "aws_kms_alias.a.arn",
        "aws_kms_alias.a",
        "aws_kms_key.k.arn",
        "aws_kms_key.k",
    ];
    assert!(of(&either).is_empty());
}
