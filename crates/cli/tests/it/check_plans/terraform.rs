//! Plans of Terraform: providers, choices, hidden values, notes.

use super::*;

/// A plan of two providers that each make an alias of one name.
fn two_providers(first: &Value, second: &Value) -> Value {
    let change = |name: &str| {
        json!({"address": format!("aws_kms_alias.{name}"), "type": "aws_kms_alias", "mode": "managed",
            "change": {"actions": ["create"], "before": null, "after": {"name": "alias/app", "target_key_id": KEY},
                "after_unknown": {}}})
    };
    let resource = |name: &str, provider: &str| {
        json!({"address": format!("aws_kms_alias.{name}"), "type": "aws_kms_alias",
            "provider_config_key": provider, "expressions": {}})
    };
    json!({"format_version": "1.2", "resource_changes": [change("a"), change("b")], "configuration": {
        "provider_config": {"aws": {"name": "aws", "expressions": first}, "aws.b": {"name": "aws", "expressions": second}},
        "root_module": {"resources": [resource("a", "aws"), resource("b", "aws.b")]}}})
}

/// What `describe-key` tells of a key of a customer.
fn described() -> String {
    json!({"KeyMetadata": {"KeyId": KEY, "Arn": format!("arn:aws:kms:eu-west-3:111122223333:key/{KEY}"),
        "AWSAccountId": "111122223333", "CreationDate": 1, "Enabled": true, "KeyState": "Enabled",
        "KeyUsage": "ENCRYPT_DECRYPT", "KeyManager": "CUSTOMER", "Origin": "AWS_KMS", "KeySpec": "SYMMETRIC_DEFAULT",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "MultiRegion": false}})
    .to_string()
}

#[test]
fn whether_two_providers_act_in_one_account_and_region_is_not_known() {
    let folder = folder("two-providers");
    let account = file(&folder, "key.json", described());
    let constant = |text: &str| json!({"constant_value": text});
    let at = |region: Value| json!({"region": region});
    let with = |mut one: Value, name: &str, value: Value| {
        one[name] = value;
        one
    };
    let paris = || at(constant("eu-west-3"));
    let role = |account: &str| {
        let arn = format!("arn:aws:iam::{account}:role/deploy");
        with(
            paris(),
            "assume_role",
            json!([{"role_arn": constant(&arn), "session_name": constant("x")}]),
        )
    };
    let unknown = || json!({"references": ["data.x.y"]});
    for (first, second, exit, need) in [
        // One account and Region, whatever it is.
        (paris(), paris(), 1, None),
        (
            paris(),
            with(paris(), "profile", constant("b")),
            3,
            Some("account"),
        ),
        (
            with(paris(), "profile", constant("a")),
            with(paris(), "profile", constant("b")),
            3,
            Some("account"),
        ),
        (
            with(paris(), "profile", constant("a")),
            with(paris(), "profile", constant("a")),
            1,
            None,
        ),
        (role("111122223333"), role("111122223333"), 1, None),
        (at(unknown()), paris(), 3, Some("region")),
        (at(unknown()), at(unknown()), 1, None),
    ] {
        let changes = two_providers(&first, &second);
        let changes = file(&folder, "plan.json", changes.to_string());
        let output = run(
            "check",
            &["--account", &account, "--changes", &changes, "--json"],
        );
        let told = text(&output.stdout);
        assert_eq!(
            output.status.code(),
            Some(exit),
            "{first} {second}: {told}{}",
            text(&output.stderr)
        );
        if let Some(need) = need {
            let line = &lines(&output.stdout)[1];
            assert_eq!(line["outcome"], "undecided", "{told}");
            let needs = line["needs"].as_array().expect("needs");
            assert!(needs.contains(&json!({"place": need})), "{told}");
        }
    }
}

/// A plan with an alias that moves to one of two new keys.
fn one_of_two(usages: [&str; 2]) -> Value {
    let spec = |usage: &str| match usage {
        "SIGN_VERIFY" => "RSA_2048",
        "GENERATE_VERIFY_MAC" => "HMAC_256",
        _ => "SYMMETRIC_DEFAULT",
    };
    let key = |name: &str, usage: &str| {
        json!({"address": format!("aws_kms_key.{name}"), "type": "aws_kms_key", "mode": "managed",
            "change": {"actions": ["create"], "before": null, "after_unknown": {"key_id": true, "arn": true},
                "after": {"key_usage": usage, "customer_master_key_spec": spec(usage), "is_enabled": true}}})
    };
    let before = json!({"name": "alias/app", "id": "alias/app", "target_key_id": KEY,
        "arn": "arn:aws:kms:eu-west-3:111122223333:alias/app"});
    let alias = json!({"address": "aws_kms_alias.a", "type": "aws_kms_alias", "mode": "managed",
        "change": {"actions": ["update"], "before": before, "after": {"name": "alias/app"},
            "after_unknown": {"target_key_id": true}}});
    let resource = |address: &str, expressions: Value| {
        json!({"address": address, "type": address.split('.').next(), "provider_config_key": "aws",
            "expressions": expressions})
    };
    let references = [
        "aws_kms_key.x.arn",
        "aws_kms_key.x",
        "aws_kms_key.y.arn",
        "aws_kms_key.y",
    ];
    json!({"format_version": "1.2", "resource_changes": [key("x", usages[0]), key("y", usages[1]), alias],
        "prior_state": {"values": {"root_module": {"resources": [
            {"address": "aws_kms_key.old", "type": "aws_kms_key", "mode": "managed", "values": {"key_id": KEY,
                "arn": format!("arn:aws:kms:eu-west-3:111122223333:key/{KEY}"), "key_usage": "ENCRYPT_DECRYPT",
                "customer_master_key_spec": "SYMMETRIC_DEFAULT", "is_enabled": true, "multi_region": false}}]}}},
        "configuration": {"provider_config": {"aws": {"name": "aws", "expressions": {}}}, "root_module": {"resources": [
            resource("aws_kms_key.x", json!({})), resource("aws_kms_key.y", json!({})),
            resource("aws_kms_alias.a", json!({"target_key_id": {"references": references}}))]}}})
}

#[test]
fn one_of_two_keys_is_judged_as_either_and_as_no_other() {
    let folder = folder("one-of-two");
    let (symmetric, signing) = ("ENCRYPT_DECRYPT", "SIGN_VERIFY");
    for (usages, exit) in [
        ([symmetric, symmetric], 0),
        ([symmetric, signing], 3),
        ([signing, signing], 1),
    ] {
        let plan = file(&folder, "plan.json", one_of_two(usages).to_string());
        let output = run("check", &["--changes", &plan, "--json"]);
        assert_eq!(
            output.status.code(),
            Some(exit),
            "{usages:?}: {}",
            text(&output.stdout)
        );
        if exit == 3 {
            let line = &lines(&output.stdout)[0];
            let could_be = line["could_be"].as_array().expect("a list");
            assert_eq!(could_be.len(), 2, "{line}");
            assert_eq!(could_be[0]["outcome"], "ok");
            assert_eq!(could_be[1]["rule"], "U4");
        }
    }
}

#[test]
fn a_refusal_that_is_the_same_but_for_its_words_is_told_with_exception_and_rule() {
    let folder = folder("same-refusal");
    let plan = one_of_two(["SIGN_VERIFY", "GENERATE_VERIFY_MAC"]).to_string();
    let plan = file(&folder, "plan.json", plan);
    let output = run("check", &["--changes", &plan, "--json"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    let line = &lines(&output.stdout)[0];
    assert_eq!(line["exception"], "ValidationException", "{line}");
    assert_eq!(line["rule"], "U4", "{line}");
    assert_eq!(line.get("message"), None, "{line}");
    assert_eq!(line["could_be"].as_array().map(Vec::len), Some(2), "{line}");
}

#[test]
fn what_is_hidden_in_a_plan_is_not_known() {
    let folder = folder("hidden");
    let mut plan = one_of_two(["ENCRYPT_DECRYPT", "ENCRYPT_DECRYPT"]);
    for (after, sensitive, exit) in [
        ("(sensitive value)", true, 3),
        // What a tool wrote by mistake is refused as it stands.
        ("(sensitive value)", false, 1),
        (KEY, true, 0),
    ] {
        let change = &mut plan["resource_changes"][2]["change"];
        change["after"]["target_key_id"] = json!(after);
        change["after_unknown"] = json!({});
        change["after_sensitive"] = json!({"target_key_id": sensitive});
        plan["configuration"]["root_module"]["resources"][2]["expressions"] = json!({});
        let path = file(&folder, "plan.json", plan.to_string());
        let output = run("check", &["--changes", &path, "--json"]);
        assert_eq!(
            output.status.code(),
            Some(exit),
            "{after}: {}",
            text(&output.stdout)
        );
    }
}

#[test]
fn a_plan_of_a_format_that_is_not_known_is_warned_of() {
    let folder = folder("format-version");
    let mut plan = one_of_two(["ENCRYPT_DECRYPT", "ENCRYPT_DECRYPT"]);
    plan["format_version"] = json!("2.0");
    let path = file(&folder, "plan.json", plan.to_string());
    let output = run("check", &["--changes", &path]);
    let told = text(&output.stderr);
    assert!(told.contains("the format of the plan is 2.0"), "{told}");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn a_note_on_many_steps_is_printed_once() {
    let folder = folder("notes");
    let change = |number: usize| {
        json!({"address": format!("aws_kms_alias.a[{number}]"), "type": "aws_kms_alias", "mode": "managed",
            "change": {"actions": ["create"], "before": null, "after_unknown": {},
                "after": {"name": format!("alias/a{number}"), "target_key_id": KEY}}})
    };
    let of = |count: usize| json!({"format_version": "1.2", "resource_changes": (0..count).map(change).collect::<Vec<_>>()});
    let printed = |count: usize| {
        let path = file(&folder, "plan.json", of(count).to_string());
        text(&run("check", &["--changes", &path]).stdout).to_owned()
    };
    assert_eq!(printed(2).matches("note: ").count(), 2);
    let many = printed(50);
    assert_eq!(many.matches("tries again while").count(), 1, "{many}");
    assert!(many.contains("note on 50 of these steps: "), "{many}");
}

#[test]
fn a_name_with_a_suffix_that_is_not_known_is_shown_as_such() {
    let folder = folder("check-suffix");
    let plan = json!({"format_version": "1.2", "resource_changes": [
        {"address": "aws_kms_alias.a", "type": "aws_kms_alias", "mode": "managed",
            "change": {"actions": ["create"], "before": null,
                "after": {"name_prefix": "alias/app-", "target_key_id": KEY}, "after_unknown": {"name": true}}}],
        "configuration": {"root_module": {"resources": [
            {"address": "aws_kms_alias.a", "type": "aws_kms_alias", "expressions": {}}]}}});
    let plan = file(&folder, "plan.json", plan.to_string());
    let account = file(&folder, "key.json", described());
    let after = folder.join("after.json");
    let after = after.to_str().expect("UTF-8");
    let arguments = ["--account", &account, "--changes", &plan, "--impact"];
    for json in [&[][..], &["--json"]] {
        let output = run(
            "check",
            &[&arguments[..], &["--after", after], json].concat(),
        );
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let printed = text(&output.stdout);
        assert!(printed.contains("alias/app-<name>"), "{printed}");
        assert!(!printed.contains("unknown-7f3a"), "{printed}");
        assert!(text(&output.stderr).contains("stand for names that are not known"));
    }
}

/// Rule A4: a note on the provider is about another refusal, and the other published reading is
/// offered only for a name that it takes.
#[test]
fn a_reserved_name_is_told_with_the_reading_that_takes_it_and_nothing_else_a4() {
    let folder = folder("reserved-notes");
    let printed = |name: &str| {
        let plan = json!({"format_version": "1.2", "resource_changes": [
            {"address": "aws_kms_alias.a", "type": "aws_kms_alias", "mode": "managed",
                "change": {"actions": ["create"], "before": null, "after_unknown": {},
                    "after": {"name": name, "target_key_id": KEY}}}]});
        let path = file(&folder, "plan.json", plan.to_string());
        text(&run("check", &["--changes", &path]).stdout).to_owned()
    };
    let both = printed("alias/aws/x");
    assert!(
        both.contains("(rule A4)") && !both.contains("note: "),
        "{both}"
    );
    let strict = printed("alias/aws-thing");
    assert!(
        strict.contains(
            "note: AWS's API reference reserves only names that begin with alias/aws/: `--reserved"
        ),
        "{strict}"
    );
    assert!(!strict.contains("tries again"), "{strict}");
}

/// A step without a line of its own, on whose order another hangs, is called by what it does.
#[test]
fn a_step_that_is_not_shown_is_named_where_another_hangs_on_its_order_t5() {
    let arn = format!("arn:aws:kms:eu-west-3:111122223333:key/{KEY}");
    let key = json!({
        "arn": arn, "id": KEY, "key_id": KEY, "customer_master_key_spec": "SYMMETRIC_DEFAULT",
        "key_usage": "ENCRYPT_DECRYPT", "is_enabled": true, "multi_region": false
    });
    let change = |address: &str, change: Value| {
        let (kind, name) = address.split_once('.').expect("an address");
        json!({"address": address, "mode": "managed", "type": kind, "name": name, "change": change})
    };
    let plan = json!({
        "format_version": "1.2",
        "resource_changes": [
            change("aws_kms_key.k", json!({"actions": ["delete"], "before": key, "after": null})),
            change("aws_kms_alias.a", json!({
                "actions": ["create"], "before": null, "after": {"name": "alias/x", "target_key_id": KEY},
                "after_unknown": {"arn": true}
            }))
        ],
        "configuration": {"root_module": {"resources": [{
            "address": "aws_kms_alias.a", "mode": "managed", "type": "aws_kms_alias", "name": "a",
            "provider_config_key": "aws", "expressions": {"target_key_id": {"constant_value": KEY}}
        }]}}
    });
    let folder = folder("check-hidden-step");
    let plan = file(&folder, "plan.json", plan.to_string());
    let output = run("check", &["--changes", &plan]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    for words in [
        "whether step 1 or step 2 comes first",
        "note: step 1 is ScheduleKeyDeletion of aws_kms_key.k\n",
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
}

/// What a prior state tells of a key is no description of it.
#[test]
fn of_a_key_of_the_prior_state_it_is_said_what_that_does_not_tell() {
    let folder = folder("told-by-the-plan");
    let printed = |of_key: Value| {
        let mut key = json!({"key_id": KEY, "arn": format!("arn:aws:kms:eu-west-3:111122223333:key/{KEY}"),
            "multi_region": false});
        for (name, value) in of_key.as_object().expect("an object") {
            key[name] = value.clone();
        }
        let alias = json!({"name": "alias/app", "id": "alias/app", "target_key_id": KEY,
            "arn": "arn:aws:kms:eu-west-3:111122223333:alias/app"});
        let plan = json!({"format_version": "1.2", "resource_changes": [
            {"address": "aws_kms_alias.a", "type": "aws_kms_alias", "mode": "managed",
                "change": {"actions": ["delete"], "before": alias, "after": null, "after_unknown": {}}}],
            "prior_state": {"values": {"root_module": {"resources": [
                {"address": "aws_kms_key.k", "type": "aws_kms_key", "mode": "managed", "values": key}]}}},
            "configuration": {"provider_config": {}, "root_module": {"resources": []}}});
        let plan = file(&folder, "plan.json", plan.to_string());
        let output = run("check", &["--changes", &plan, "--impact"]);
        text(&output.stdout).replace("\n    ", " ")
    };
    let whole = json!({"key_usage": "ENCRYPT_DECRYPT", "customer_master_key_spec": "SYMMETRIC_DEFAULT",
        "is_enabled": true});
    let words = format!(
        "of key {KEY} the plan tells, and no account file: it may have changed since, and what works with it is not \
         told"
    );
    let said = printed(whole);
    assert!(said.contains(&words), "{said}");
    let part = json!({"key_usage": "ENCRYPT_DECRYPT", "customer_master_key_spec": "SYMMETRIC_DEFAULT",
        "custom_key_store_id": "cks-1"});
    let words = format!(
        "of key {KEY} the plan tells, and no account file: its origin and its key state it does not say"
    );
    let said = printed(part);
    assert!(said.contains(&words), "{said}");
}
