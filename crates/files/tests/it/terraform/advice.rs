//! What else a plan does wrong, and where it contradicts the account (rules F1 to F8).

use super::*;

#[test]
fn a_key_that_goes_while_its_alias_moves_is_told_f2_f3() {
    let plan = Plan::new()
        .change(
            "aws_kms_alias.a",
            &["update"],
            alias("alias/x", 1),
            json!({"name": "alias/x"}),
            json!({"target_key_id": true}),
        )
        .key("aws_kms_key.new")
        .delete("aws_kms_key.old", key(1))
        .prior("aws_kms_alias.a", alias("alias/x", 1), &["aws_kms_key.old"])
        .prior("aws_kms_key.old", key(1), &[])
        .resource("aws_kms_key.new", json!({}))
        .resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["aws_kms_key.new.key_id", "aws_kms_key.new"])}),
        );
    let told = gets(&plan, 0, &["aws_kms_alias.a UpdateAlias ok"]);
    assert_eq!(told.rules, ["F2", "F3"]);
}

#[test]
fn what_a_refused_move_would_break_is_not_told_f2_f3_but_that_the_alias_stays_f12() {
    let new = with(
        key(2),
        json!({"key_usage": "SIGN_VERIFY", "customer_master_key_spec": "RSA_2048"}),
    );
    let plan = Plan::new()
        .change(
            "aws_kms_alias.a",
            &["update"],
            alias("alias/x", 1),
            alias("alias/x", 2),
            json!({}),
        )
        .delete("aws_kms_key.old", key(1))
        .prior("aws_kms_alias.a", alias("alias/x", 1), &["aws_kms_key.old"])
        .prior("aws_kms_key.old", key(1), &[])
        .prior("aws_kms_key.new", new, &[]);
    let refused = "aws_kms_alias.a UpdateAlias refused ValidationException";
    let told = gets(&plan, 1, &[refused]);
    assert_eq!(told.rules, ["F12"]);
}

/// A key is replaced by one of another usage: the old key goes first, the move is refused (U4), and the alias stays on
/// the key that goes. Where the key goes only after the move, Terraform keeps it.
#[test]
fn an_alias_whose_refused_move_leaves_it_on_a_key_that_goes_is_told_f12() {
    let signing = json!({"key_usage": "SIGN_VERIFY", "customer_master_key_spec": "RSA_2048"});
    let unknown = json!({"key_id": true, "arn": true});
    for (actions, rules) in [
        (["delete", "create"], &["F12"][..]),
        (["create", "delete"], &[]),
    ] {
        let plan = Plan::new()
            .change(
                "aws_kms_alias.a",
                &["update"],
                alias("alias/x", 1),
                json!({"name": "alias/x"}),
                json!({"target_key_id": true}),
            )
            .change(
                "aws_kms_key.k",
                &actions,
                key(1),
                signing.clone(),
                unknown.clone(),
            )
            .prior("aws_kms_alias.a", alias("alias/x", 1), &["aws_kms_key.k"])
            .prior("aws_kms_key.k", key(1), &[])
            .resource("aws_kms_key.k", json!({}))
            .resource(
                "aws_kms_alias.a",
                json!({"target_key_id": refers(&["aws_kms_key.k.key_id", "aws_kms_key.k"])}),
            );
        let refused = "aws_kms_alias.a UpdateAlias refused ValidationException";
        let told = gets(&plan, 1, &[refused]);
        assert_eq!(told.rules, rules, "{actions:?}");
    }
}

#[test]
fn an_alias_that_stays_on_a_key_that_goes_or_is_disabled_is_told_f12() {
    let standing = |plan: Plan| {
        plan.prior("aws_kms_alias.a", alias("alias/x", 1), &[])
            .prior("aws_kms_key.old", key(1), &[])
    };
    let disabled = with(key(1), json!({"is_enabled": false}));
    let of_key = [
        Plan::new().delete("aws_kms_key.old", key(1)),
        Plan::new().change("aws_kms_key.old", &["update"], key(1), disabled, json!({})),
    ];
    for plan in of_key {
        let told = gets(&standing(plan), 0, &[]);
        assert_eq!(told.rules, ["F12"]);
    }
    // It goes with the key.
    let both = Plan::new()
        .delete("aws_kms_key.old", key(1))
        .delete("aws_kms_alias.a", alias("alias/x", 1));
    let told = gets(&standing(both), 0, &["aws_kms_alias.a DeleteAlias ok"]);
    assert!(told.rules.is_empty(), "{told:?}");
}

#[test]
fn what_is_deferred_is_not_judged_f8() {
    let plan = Plan::new()
        .key("aws_kms_key.k")
        .resource("aws_kms_key.k", json!({}));
    let mut plan: Value = serde_json::from_str(&plan.json()).expect("a plan");
    assert_eq!(told(&plan.to_string(), None, None).exit, 0);
    plan["deferred_changes"] = json!([{"reason": "resource_config_unknown"}]);
    plan["complete"] = json!(false);
    let told = told(&plan.to_string(), None, None);
    assert_eq!((told.exit, &told.rules[..]), (3, &["F8".to_owned()][..]));
}

#[test]
fn what_a_plan_leaves_out_that_is_not_complete_is_not_judged_f8() {
    let plan = Plan::new()
        .key("aws_kms_key.k")
        .resource("aws_kms_key.k", json!({}));
    let mut plan: Value = serde_json::from_str(&plan.json()).expect("a plan");
    plan["complete"] = json!(true);
    assert_eq!(told(&plan.to_string(), None, None).exit, 0);
    plan["complete"] = json!(false);
    for errored in [false, true] {
        plan["errored"] = json!(errored);
        let told = told(&plan.to_string(), None, None);
        assert_eq!((told.exit, &told.rules[..]), (3, &["F8".to_owned()][..]));
    }
}

#[test]
fn actions_that_are_not_known_are_not_judged_f8() {
    let unknown = [&["frobnicate"][..], &[], &["read"], &["update", "delete"]];
    for actions in unknown {
        let (before, after) = (alias("alias/x", 1), alias("alias/x", 2));
        let plan = Plan::new().change("aws_kms_alias.a", actions, before, after, json!({}));
        let told = told(&plan.json(), None, None);
        let first = told.rules.first().map(String::as_str);
        assert_eq!((told.exit, first), (3, Some("F8")));
    }
    // What is only read, and what is none of KMS, is not asked.
    let plan = Plan::new()
        .change(
            "data.aws_kms_alias.a",
            &["read"],
            json!(null),
            json!({}),
            json!({}),
        )
        .change(
            "aws_iam_role.r",
            &["frobnicate"],
            json!(null),
            json!({}),
            json!({}),
        );
    gets(&plan, 0, &[]);
}

#[test]
fn a_plan_that_lists_no_changes_at_all_is_not_whole_f8() {
    let empty = || json!({"root_module": {}});
    let of = |resource: Value| json!({"root_module": {"resources": [resource]}});
    let alias = || resource("aws_kms_alias.a", "aws", json!({}));
    let counted = with(alias(), json!({"count_expression": {"constant_value": 0}}));
    let whole = json!({"format_version": "1.2", "planned_values": empty()});
    for (members, exit) in [
        (json!({}), 3),
        (json!({"configuration": of(alias())}), 3),
        (json!({"configuration": of(counted)}), 0),
        (json!({"configuration": empty()}), 0),
        (json!({"resource_changes": []}), 0),
        (
            json!({"configuration": empty(), "prior_state": {"values": of(alias())}}),
            3,
        ),
    ] {
        let plan = with(whole.clone(), members);
        let told = told(&plan.to_string(), None, None);
        assert_eq!(told.exit, exit, "{plan}");
    }
}

/// An alias that is deleted and made anew may come to a key of another usage: KMS looks at the usage first, then at the
/// state, then at the algorithm (F3, S6).
#[test]
fn what_a_move_breaks_follows_both_keys_f3() {
    let of = |number, usage: &str, spec: &str| {
        let members = json!({"key_usage": usage, "customer_master_key_spec": spec});
        with(key(number), members)
    };
    let symmetric = ("ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT");
    let rsa = ("SIGN_VERIFY", "RSA_2048");
    for (old, new, enabled, exception) in [
        (
            symmetric,
            symmetric,
            true,
            "`KeyId` fails with IncorrectKeyException; without",
        ),
        (
            symmetric,
            rsa,
            true,
            "`KeyId` fails with InvalidKeyUsageException; without",
        ),
        (
            symmetric,
            rsa,
            false,
            "`KeyId` fails with InvalidKeyUsageException; without",
        ),
        (
            symmetric,
            symmetric,
            false,
            "`KeyId` fails with DisabledException; without",
        ),
        (
            symmetric,
            ("ENCRYPT_DECRYPT", "RSA_2048"),
            true,
            "`KeyId` fails with InvalidKeyUsageException; without",
        ),
        (
            rsa,
            symmetric,
            true,
            "Verify through the alias fails with InvalidKeyUsageException",
        ),
        (
            rsa,
            ("SIGN_VERIFY", "RSA_4096"),
            true,
            "fails with KMSInvalidSignatureException",
        ),
        (
            rsa,
            ("SIGN_VERIFY", "ECC_NIST_P256"),
            true,
            "fails with InvalidKeyUsageException",
        ),
        (
            ("GENERATE_VERIFY_MAC", "HMAC_256"),
            ("GENERATE_VERIFY_MAC", "HMAC_512"),
            true,
            "fails with InvalidKeyUsageException",
        ),
    ] {
        let standing = with(of(2, new.0, new.1), json!({"is_enabled": enabled}));
        let plan = Plan::new()
            .change(
                "aws_kms_alias.a",
                &["delete", "create"],
                alias("alias/x", 1),
                alias("alias/x", 2),
                json!({}),
            )
            .prior("aws_kms_alias.a", alias("alias/x", 1), &[])
            .prior("aws_kms_key.k", of(1, old.0, old.1), &[])
            .prior("aws_kms_key.l", standing, &[]);
        let (read, _) = judged(&plan.json(), None, None);
        let words: Vec<_> = read.advice.iter().map(|it| &*it.words).collect();
        assert!(
            words.len() == 1 && words[0].contains(exception),
            "no {exception} in {words:?}"
        );
    }
}

#[test]
fn what_a_move_breaks_follows_the_usage_f3() {
    for (usage, spec, words) in [
        (
            "ENCRYPT_DECRYPT",
            "SYMMETRIC_DEFAULT",
            "without `KeyId` it works",
        ),
        (
            "ENCRYPT_DECRYPT",
            "RSA_2048",
            "an asymmetric Decrypt has to name a key",
        ),
        ("SIGN_VERIFY", "RSA_2048", "KMSInvalidSignatureException"),
        ("GENERATE_VERIFY_MAC", "HMAC_256", "KMSInvalidMacException"),
    ] {
        let of = |number| {
            with(
                key(number),
                json!({"key_usage": usage, "customer_master_key_spec": spec}),
            )
        };
        let plan = Plan::new()
            .change(
                "aws_kms_alias.a",
                &["update"],
                alias("alias/x", 1),
                alias("alias/x", 2),
                json!({}),
            )
            .prior("aws_kms_alias.a", alias("alias/x", 1), &[])
            .prior("aws_kms_key.k", of(1), &[])
            .prior("aws_kms_key.l", of(2), &[]);
        let (read, _) = judged(&plan.json(), None, None);
        assert_eq!(read.advice.len(), 1, "{usage}");
        assert!(
            read.advice[0].words.contains(words),
            "{usage}: {}",
            read.advice[0]
        );
    }
}

fn account(state: &str) -> String {
    json!({
        "Aliases": [{"AliasName": "alias/x", "AliasArn": format!("{}:alias/x", scope()), "TargetKeyId": id(2)}],
        "KeyMetadata": {"AWSAccountId": "210987654321", "KeyId": id(1), "Arn": format!("{}:key/{}", scope(), id(1)),
            "KeyState": state, "Enabled": state == "Enabled", "KeySpec": "SYMMETRIC_DEFAULT",
            "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS", "KeyManager": "CUSTOMER"}
    })
    .to_string()
}

#[test]
fn where_state_and_account_differ_the_account_is_believed_f5() {
    let plan = Plan::new()
        .create(
            "aws_kms_alias.a",
            json!({"name": "alias/a", "target_key_id": id(1)}),
            json!({}),
        )
        .prior("aws_kms_key.k", key(1), &[]);
    let told = gets_with(
        &plan,
        Some(&account("PendingDeletion")),
        1,
        &["aws_kms_alias.a CreateAlias refused KMSInvalidStateException"],
    );
    assert_eq!(told.rules, ["F5"]);
    let told = gets_with(
        &plan,
        Some(&account("Enabled")),
        0,
        &["aws_kms_alias.a CreateAlias ok"],
    );
    assert!(told.rules.is_empty());
    // The alias names another key, and the one that the state has is gone.
    let plan = Plan::new()
        .prior("aws_kms_alias.x", alias("alias/x", 1), &[])
        .delete("aws_kms_alias.y", alias("alias/y", 1))
        .prior("aws_kms_alias.y", alias("alias/y", 1), &[]);
    let told = gets_with(
        &plan,
        Some(&account("Enabled")),
        1,
        &["aws_kms_alias.y DeleteAlias refused NotFoundException"],
    );
    assert_eq!(told.rules, ["F5"]);
}

#[test]
fn where_a_plan_tells_two_things_no_account_file_is_named_f5() {
    let plan = Plan::new()
        .prior("aws_kms_alias.x", alias("alias/x", 1), &[])
        .prior("aws_kms_alias.same", alias("alias/x", 2), &[]);
    let (read, _) = judged(&plan.json(), None, None);
    let words: Vec<&str> = read.advice.iter().map(|one| &*one.words).collect();
    let [words] = words[..] else {
        panic!("{words:?}")
    };
    let expected = format!("its key is {} and not {}", id(1), id(2));
    assert!(words.contains("tells two things") && words.contains(&expected));
    assert!(!words.contains("account"), "{words}");
    // What the account tells is no word of the plan's, however often the plan says otherwise.
    let (read, _) = judged(&plan.json(), Some(&account("Enabled")), None);
    let [one] = &read.advice[..] else {
        panic!("{:?}", read.advice)
    };
    assert!(
        one.words
            .contains("the account files differ on alias alias/x")
    );
}

#[test]
fn a_new_replica_without_the_alias_of_its_primary_is_told_f4() {
    let plan = |with_alias: bool| {
        let mut plan = Plan::new()
            .create("aws_kms_key.p", with(new_key(), json!({"multi_region": true})), json!({"arn": true, "key_id": true}))
            .create("aws_kms_replica_key.r", json!({"region": "eu-west-1", "enabled": true}),
                json!({"primary_key_arn": true, "key_id": true}))
            .alias_of_unknown("aws_kms_alias.p", "alias/x")
            .resource("aws_kms_key.p", json!({}))
            .resource("aws_kms_replica_key.r", json!({"primary_key_arn": refers(&["aws_kms_key.p.arn", "aws_kms_key.p"])}))
            .resource("aws_kms_alias.p", json!({"target_key_id": refers(&["aws_kms_key.p.key_id", "aws_kms_key.p"])}))
            .resource("aws_kms_alias.r",
                json!({"target_key_id": refers(&["aws_kms_replica_key.r.key_id", "aws_kms_replica_key.r"])}));
        if with_alias {
            plan = plan.create(
                "aws_kms_alias.r",
                json!({"name": "alias/x", "region": "eu-west-1"}),
                json!({"target_key_id": true}),
            );
        }
        plan
    };
    assert_eq!(told(&plan(false).json(), None, None).rules, ["F4"]);
    let whole = told(&plan(true).json(), None, None);
    assert!(whole.rules.is_empty() && whole.exit == 0, "{whole:?}");
}
