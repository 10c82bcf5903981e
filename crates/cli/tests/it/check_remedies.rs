//! What the verb `check` says about a refusal beside KMS's words: what to change, and which steps cannot all pass.

use serde_json::{Value, json};

use crate::program::{file, folder, run, text};

const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const SIGNING: &str = "2234abcd-12ab-34cd-56ef-1234567890ab";
const DYING: &str = "3234abcd-12ab-34cd-56ef-1234567890ab";

fn key(key_id: &str, spec: &str, usage: &str, state: &str) -> Value {
    let mut key = json!({"KeyId": key_id, "Arn": format!("arn:aws:kms:eu-west-3:111122223333:key/{key_id}"),
        "AWSAccountId": "111122223333", "CreationDate": 1, "Enabled": state == "Enabled", "KeyState": state,
        "KeyUsage": usage, "KeyManager": "CUSTOMER", "Origin": "AWS_KMS", "KeySpec": spec, "MultiRegion": false});
    if state == "PendingDeletion" {
        key["DeletionDate"] = json!(4_000_000_000_u64);
    }
    json!({"KeyMetadata": key})
}

/// Three keys, and `alias/app` on the first.
fn account() -> String {
    let alias = json!({"AliasName": "alias/app", "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/app",
        "TargetKeyId": KEY});
    let documents = [
        json!({"Aliases": [alias]}),
        key(KEY, "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "Enabled"),
        key(SIGNING, "RSA_2048", "SIGN_VERIFY", "Enabled"),
        key(
            DYING,
            "SYMMETRIC_DEFAULT",
            "ENCRYPT_DECRYPT",
            "PendingDeletion",
        ),
    ];
    documents.map(|it| it.to_string()).join("\n")
}

/// A resource that makes an alias or moves one, as a plan has it.
fn aliased(label: &str, action: &str, name: &str, key: &str) -> Value {
    let before = (action == "update").then(|| {
        json!({"name": name, "target_key_id": KEY, "arn": format!("arn:aws:kms:eu-west-3:111122223333:{name}")})
    });
    json!({"address": format!("aws_kms_alias.{label}"), "type": "aws_kms_alias", "mode": "managed", "change": {
        "actions": [action], "before": before, "after": {"name": name, "target_key_id": key}, "after_unknown": {}}})
}

fn plan(changes: &[Value]) -> String {
    let region = json!({"region": {"constant_value": "eu-west-3"}});
    json!({"format_version": "1.2", "resource_changes": changes, "configuration": {
        "provider_config": {"aws": {"name": "aws", "expressions": region}}, "root_module": {}}})
    .to_string()
}

/// What `check` prints of a file in the account, with more arguments.
#[track_caller]
fn printed(test: &str, content: &str, more: &[&str]) -> String {
    let folder = folder(test);
    let account = file(&folder, "account.json", account());
    let changes = file(&folder, "changes.json", content);
    let arguments = [&["--account", &account, "--changes", &changes], more].concat();
    let output = run("check", &arguments);
    assert_ne!(output.status.code(), Some(2), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// Rules K5, T2, T3, T5, T6, U4 and A6 in a plan: each refusal says what to change, and for programs the lines of JSON
/// stay as they are.
#[test]
fn a_refusal_says_what_to_change_in_each_format_that_people_read() {
    let of = |region: &str, account: &str| format!("arn:aws:kms:{region}:{account}:key/{KEY}");
    let content = plan(&[
        aliased("chain", "create", "alias/chain", "alias/app"),
        aliased(
            "region",
            "create",
            "alias/r",
            &of("us-east-1", "111122223333"),
        ),
        aliased(
            "account",
            "create",
            "alias/a",
            &of("eu-west-3", "999922223333"),
        ),
        aliased("dying", "create", "alias/d", DYING),
        aliased("taken", "create", "alias/app", KEY),
        aliased("moved[\"x\"]", "update", "alias/app", SIGNING),
    ]);
    let cancel = format!("(`aws kms cancel-key-deletion --key-id {DYING}`)");
    let words = [
        "`.target_key_id` of that alias, or `.key_id` or `.arn` of the key",
        "name a key of the alias's Region",
        "an alias leads to a key of its own account only",
        &cancel,
        "block `import` with `to = aws_kms_alias.taken` and `id = \"alias/app\"`",
        "`terraform apply -replace='aws_kms_alias.moved[\"x\"]'`",
    ];
    let people = printed("remedies-people", &content, &[]);
    let github = printed("remedies-github", &content, &["--format", "github"]);
    let sarif = printed("remedies-sarif", &content, &["--format", "sarif"]);
    for words in words {
        assert_eq!(people.matches(words).count(), 1, "{words} in {people}");
        assert_eq!(github.matches(words).count(), 1, "{words} in {github}");
        let escaped = json!(words).to_string();
        let escaped = escaped.trim_matches('"');
        assert_eq!(sarif.matches(escaped).count(), 1, "{words} in {sarif}");
    }
    assert!(
        people.contains("      `kms-alias explain U4` tells the rule\n\n"),
        "{people}"
    );
    assert_eq!(people.matches("kms-alias explain").count(), 1, "{people}");
    let lines = printed("remedies-json", &content, &["--json"]);
    assert!(!lines.contains("notes"), "{lines}");
}

/// Rule U4 in CloudFormation: another logical ID alone is refused by rule A6.
#[test]
fn a_template_is_told_that_another_logical_id_is_not_enough() {
    let folder = folder("remedies-template");
    let template = |key: &str| {
        json!({"Resources": {"A": {"Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": "alias/app", "TargetKeyId": key}}}})
        .to_string()
    };
    let account = file(&folder, "account.json", account());
    let (new, old) = (
        file(&folder, "new.json", template(SIGNING)),
        file(&folder, "old.json", template(KEY)),
    );
    let arguments = ["--account", &account, "--changes", &new, "--deployed", &old];
    let people = text(&run("check", &arguments).stdout);
    for words in [
        "another `AliasName`; another logical ID is not enough",
        "(rule U4)",
    ] {
        assert!(people.contains(words), "no {words} in {people}");
    }
    assert!(!people.contains("terraform"), "{people}");
}

/// Two steps create one name (rule A6): both say so, though another step is refused in every order.
#[test]
fn steps_that_create_one_name_say_that_one_of_them_is_refused() {
    let both = "aws_kms_alias.a and aws_kms_alias.b both create alias/new: one of them is refused";
    let twins = [
        aliased("a", "create", "alias/new", KEY),
        aliased("b", "create", "alias/new", SIGNING),
    ];
    let refused = aliased("c", "create", "alias/chain", "alias/app");
    let with_refused = [&twins[..], &[refused]].concat();
    for (test, steps) in [("twins", &twins[..]), ("twins-refused", &with_refused)] {
        let people = printed(test, &plan(steps), &[]);
        assert_eq!(people.matches(both).count(), 2, "{people}");
        let github = printed(test, &plan(steps), &["--format", "github"]);
        assert!(github.matches(both).count() >= 2, "{github}");
    }
    let mut gone = aliased("old", "delete", "alias/new", KEY);
    gone["change"]["before"] = json!({"name": "alias/new", "target_key_id": KEY});
    gone["change"]["after"] = Value::Null;
    let with_gone = [&twins[..], &[gone]].concat();
    let people = printed("twins-gone", &plan(&with_gone), &[]);
    assert!(!people.contains("both create"), "{people}");
}

/// A key is replaced by one of another usage (rules U4, S6): the step on the key is not listed, and what it breaks is
/// told, for itself and together, as `--json` tells it.
#[test]
fn what_a_step_on_a_key_breaks_is_told_though_the_step_is_not_listed() {
    let signing = json!({"key_usage": "SIGN_VERIFY", "customer_master_key_spec": "RSA_2048"});
    let mut moved = aliased("a", "update", "alias/app", KEY);
    moved["change"]["after"] = json!({"name": "alias/app"});
    moved["change"]["after_unknown"] = json!({"target_key_id": true});
    let mut plan: Value = serde_json::from_str(&plan(&[moved, json!({
        "address": "aws_kms_key.k", "type": "aws_kms_key", "mode": "managed", "change": {
            "actions": ["delete", "create"], "after": signing, "after_unknown": {"key_id": true, "arn": true},
            "before": {"key_id": KEY, "arn": format!("arn:aws:kms:eu-west-3:111122223333:key/{KEY}")}}})]))
    .expect("JSON");
    let resource = |address: &str, kind: &str, expressions: Value| {
        json!({"address": address, "type": kind, "mode": "managed", "name": address.rsplit('.').next(),
            "provider_config_key": "aws", "expressions": expressions})
    };
    let target =
        json!({"target_key_id": {"references": ["aws_kms_key.k.key_id", "aws_kms_key.k"]}});
    plan["configuration"]["root_module"]["resources"] = json!([
        resource("aws_kms_key.k", "aws_kms_key", json!({})),
        resource("aws_kms_alias.a", "aws_kms_alias", target),
    ]);
    let content = plan.to_string();
    let people = printed("hidden-key", &content, &["--impact"]);
    assert!(
        people.contains("   1  refused    UpdateAlias alias/app "),
        "{people}"
    );
    let breaks = "encrypting and decrypting, making data keys through alias/app\n";
    for words in [
        format!("  step 2 (ScheduleKeyDeletion of aws_kms_key.k) breaks {breaks}"),
        "1 step: 0 ok, 1 refused".to_owned(),
    ] {
        assert!(people.contains(&words), "no {words} in {people}");
    }
    let lines = printed("hidden-key", &content, &["--impact", "--json"]);
    assert_eq!(lines.lines().count(), 2, "{lines}");
    let last = lines.lines().last().unwrap_or_default();
    assert!(last.contains("\"effect\":\"breaks\""), "{last}");
}

/// More aliases than the quota of a key (rule T6): how many it would have is said once, and by the annotations too.
#[test]
fn a_key_that_would_have_too_many_aliases_is_told_once() {
    let steps: Vec<_> = (0..55)
        .map(|number| {
            aliased(
                &format!("t[{number}]"),
                "create",
                &format!("alias/t{number}"),
                KEY,
            )
        })
        .collect();
    let content = plan(&steps);
    let words =
        format!("key {KEY} would have 56 aliases, its quota is 50: name another key for 6 of them");
    let people = printed("too-many", &content, &[]);
    assert_eq!(people.matches(&words).count(), 1, "{people}");
    assert!(
        people.contains(&format!("note on 55 of these steps: {words}")),
        "{people}"
    );
    let github = printed("too-many-github", &content, &["--format", "github"]);
    let of_run = github
        .lines()
        .find(|line| line.contains("title=the run fails::"));
    assert!(of_run.is_some_and(|line| line.contains(&words)), "{github}");
    assert!(!github.contains("rule fails"), "{github}");
    // Room is made by what goes: nothing is too many in the end.
    let mut gone = aliased("old", "delete", "alias/app", KEY);
    gone["change"]["before"] = json!({"name": "alias/app", "target_key_id": KEY});
    gone["change"]["after"] = Value::Null;
    let content = plan(&[&steps[..50], &[gone]].concat());
    let people = printed("just-enough", &content, &[]);
    assert!(
        !people.contains("would have") && people.contains("(rule T6)"),
        "{people}"
    );
}
