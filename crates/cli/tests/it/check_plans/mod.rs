//! The verb `check` on plans, templates and accounts that are known in part.

use serde_json::{Value, json};

mod templates;
mod terraform;

use crate::program::{file, folder, run, sample, text};

const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = text(bytes);
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// A list of aliases with one on a key that no file describes.
fn half_known(region: &str) -> String {
    let arn = format!("arn:aws:kms:{region}:111122223333:alias/payments");
    json!({"Aliases": [{"AliasName": "alias/payments", "AliasArn": arn, "TargetKeyId": KEY}]})
        .to_string()
}

fn template(name: &str) -> String {
    json!({"Resources": {
        "Key": {"Type": "AWS::KMS::Key"},
        "Alias": {"Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": name, "TargetKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}},
    }})
    .to_string()
}

#[test]
fn what_hangs_on_a_key_that_is_not_described_is_undecided_and_exit_code_3_h1() {
    let folder = folder("check-half-known");
    let account = file(&folder, "aliases.json", half_known("eu-west-3"));
    let change = json!({"CreateAlias": {"AliasName": "alias/new", "TargetKeyId": KEY}});
    let changes = file(&folder, "changes.json", change.to_string());
    let arguments = ["--account", &account, "--changes", &changes];
    let output = run("check", &[&arguments[..], &["--json"]].concat());
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let line = &lines(&output.stdout)[0];
    assert_eq!(line["outcome"], "undecided");
    assert_eq!(line["needs"], json!([{"key": KEY, "fact": "key state"}]));
    let could_be = line["could_be"].as_array().expect("a list");
    assert_eq!(could_be[0], json!({"outcome": "ok"}));
    assert_eq!(could_be[1]["exception"], "KMSInvalidStateException");
    let printed = text(&run("check", &arguments).stdout);
    for words in [
        "   1  undecided  CreateAlias alias/new\n",
        "it depends on the key state of key 1234abcd",
        "      aws kms describe-key --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region eu-west-3\n",
        "\n1 step: 0 ok, 0 refused, 1 undecided  (arn:aws:kms:eu-west-3:111122223333)\n",
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
}

/// A template that makes a key and an alias on it.
const NEW_KEY: &str = r#"{"Resources": {
    "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyUsage": "SIGN_VERIFY", "KeySpec": "RSA_2048"}},
    "Alias": {"Type": "AWS::KMS::Alias",
        "Properties": {"AliasName": "alias/new", "TargetKeyId": {"Ref": "Key"}}}}}"#;

#[test]
fn a_template_without_an_alias_is_said_to_have_none() {
    let folder = folder("check-no-alias");
    let template = r#"{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}"#;
    let template = file(&folder, "template.json", template);
    let output = run("check", &["--changes", &template]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(
        said.ends_with("Nothing in it creates, changes or deletes an alias.\n"),
        "{said}"
    );
    // What is not judged may have some.
    let template = r#"{"Resources": {"Nested": {"Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "https://example.com/nested.yaml"}}}}"#;
    let template = file(&folder, "template.json", template);
    let output = run("check", &["--changes", &template]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    assert!(!said.contains("Nothing in it"), "{said}");
}

#[test]
fn keys_that_are_made_or_not_described_stand_afterwards() {
    let folder = folder("check-after-half-known");
    let account = file(&folder, "aliases.json", half_known("eu-west-3"));
    let template = file(&folder, "template.json", NEW_KEY);
    let after = folder.join("after.json");
    let after = after.to_str().expect("UTF-8");
    let arguments = [
        "--account",
        &account,
        "--changes",
        &template,
        "--after",
        after,
    ];
    let output = run("check", &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let before = half_known("eu-west-3").matches("AliasName").count();
    let count = format!("{} aliases exist afterwards", before + 1);
    assert!(
        text(&output.stdout).contains(&count),
        "{}",
        text(&output.stdout)
    );
    assert!(text(&output.stderr).contains("stand for keys that have none yet"));
    // Read back, the new key is known by its usage, and the alias is taken.
    let written = std::fs::read_to_string(after).expect("the account");
    let changes = r#"[{"CreateAlias": {"AliasName": "alias/new", "TargetKeyId": "ID"}},
        {"DeleteAlias": {"AliasName": "alias/new"}},
        {"CreateAlias": {"AliasName": "alias/newer", "TargetKeyId": "ID"}}]"#;
    let id = written.find("57a9d100-").expect("the new key");
    let changes = changes.replace("ID", &written[id..id + 36]);
    let changes = file(&folder, "changes.json", &changes);
    let arguments = ["--account", after, "--changes", &changes, "--json"];
    let output = run("check", &arguments);
    let lines: Vec<_> = text(&output.stdout).lines().map(str::to_owned).collect();
    assert!(lines[0].contains(r#""rule":"A6""#), "{lines:?}");
    assert!(lines[1].contains(r#""outcome":"ok""#), "{lines:?}");
    assert!(lines[2].contains(r#""outcome":"ok""#), "{lines:?}");
    // A second key that is made is another one.
    let second = NEW_KEY.replace("alias/new", "alias/second");
    let template = file(&folder, "second.json", &second);
    let arguments = ["--account", after, "--changes", &template, "--after", after];
    assert_eq!(
        run("check", &arguments).status.code(),
        Some(2),
        "it is an input"
    );
    let last = folder.join("last.json");
    let arguments = [
        "--account",
        after,
        "--changes",
        &template,
        "--after",
        last.to_str().expect("UTF-8"),
    ];
    assert_eq!(run("check", &arguments).status.code(), Some(0));
    let written = std::fs::read_to_string(last).expect("the account");
    assert!(
        written.contains("57a9d100-57a9-d100-0000-000000000000"),
        "{written}"
    );
    assert!(
        written.contains("57a9d100-57a9-d100-0000-000000000001"),
        "{written}"
    );
}

#[test]
fn a_list_of_changes_runs_side_by_side_in_each_region() {
    let folder = folder("check-regions");
    let [paris, oregon] = ["eu-west-3", "us-west-2"].map(|region| {
        let name = format!("{region}.json");
        file(&folder, &name, half_known(region))
    });
    let change = |target: &str| json!({"DeleteAlias": {"AliasName": target}});
    let here = format!("arn:aws:kms:us-west-2:111122223333:key/{KEY}");
    let changes = json!([
        change("alias/payments"),
        {"UpdateAlias": {"AliasName": "alias/none", "TargetKeyId": here}},
    ]);
    let changes = file(&folder, "changes.json", changes.to_string());
    let arguments = [
        "--account",
        &paris,
        &oregon,
        "--changes",
        &changes,
        "--json",
    ];
    let output = run("check", &arguments);
    let found: Vec<_> = lines(&output.stdout)
        .iter()
        .map(|line| {
            let scope = line["scope"].as_str().expect("a scope").to_owned();
            (
                scope,
                line["operation"].as_str().expect("a name").to_owned(),
            )
        })
        .collect();
    let of = |region: &str, operation: &str| {
        (
            format!("arn:aws:kms:{region}:111122223333"),
            operation.to_owned(),
        )
    };
    assert_eq!(
        found,
        [
            of("eu-west-3", "DeleteAlias"),
            of("us-west-2", "DeleteAlias"),
            of("us-west-2", "UpdateAlias"),
        ]
    );
}

#[test]
fn verdicts_are_annotations_of_github_and_results_of_sarif() {
    let (account, changes) = (sample("account.json"), sample("changes.json"));
    let of = |format: &str| {
        let arguments = [
            "--account",
            &account,
            "--changes",
            &changes,
            "--format",
            format,
        ];
        let output = run("check", &arguments);
        assert_eq!(output.status.code(), Some(1));
        text(&output.stdout)
    };
    let annotations = of("github");
    assert_eq!(annotations.lines().count(), 8);
    let first = format!(
        "::error file={changes},line=3,title=rule U1::UpdateAlias alias/payment: NotFoundException: Alias \
         arn:aws:kms:eu-west-3:111122223333:alias/payment is not found."
    );
    assert_eq!(annotations.lines().next(), Some(&*first));
    let sarif: Value = serde_json::from_str(&of("sarif")).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("a list");
    assert_eq!(results.len(), 8);
    assert_eq!(results[0]["ruleId"], "U1");
}

/// Of 51 aliases on one key one is refused, whichever it is.
#[test]
fn a_run_that_fails_though_no_single_step_is_refused_in_all_has_an_error_t6() {
    let folder = folder("check-one-too-many");
    let change = |number: usize| {
        json!({"address": format!("aws_kms_alias.a[{number}]"), "type": "aws_kms_alias", "mode": "managed",
            "change": {"actions": ["create"], "before": null,
                "after": {"name": format!("alias/a{number}"), "target_key_id": KEY}, "after_unknown": {}}})
    };
    let changes: Vec<_> = (0..51).map(change).collect();
    let plan = json!({"format_version": "1.2", "resource_changes": changes});
    let plan = file(&folder, "plan.json", plan.to_string());
    let key = json!({"KeyMetadata": {"KeyId": KEY, "Arn": format!("arn:aws:kms:eu-west-3:111122223333:key/{KEY}"),
        "AWSAccountId": "111122223333", "CreationDate": 1, "Enabled": true, "KeyState": "Enabled",
        "KeyUsage": "ENCRYPT_DECRYPT", "KeyManager": "CUSTOMER", "Origin": "AWS_KMS",
        "KeySpec": "SYMMETRIC_DEFAULT", "MultiRegion": false}});
    let account = file(&folder, "key.json", key.to_string());
    let arguments = [
        "--account",
        &account,
        "--changes",
        &plan,
        "--format",
        "github",
    ];
    let output = run("check", &arguments);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    let errors: Vec<_> = said
        .lines()
        .filter(|line| line.starts_with("::error"))
        .collect();
    assert_eq!(errors.len(), 1, "{said}");
    assert!(
        errors[0].contains("steps 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 41 more"),
        "{said}"
    );
}

#[test]
fn what_is_no_list_of_changes_is_told_by_its_name() {
    let folder = folder("check-mistaken");
    let state = file(
        &folder,
        "state.json",
        r#"{"version": 4, "serial": 1, "lineage": "x"}"#,
    );
    let output = run("check", &["--changes", &state]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("terraform show"), "{said}");
}

#[test]
fn many_files_of_many_accounts_get_the_verdicts_that_each_gets_by_itself() {
    let folder = folder("check-organisation");
    // Of every third account a second file; in some the alias is there, in some it is not.
    let account = |number: usize, name: &str| {
        let scope = format!("arn:aws:kms:eu-west-3:{number:012}");
        let alias =
            json!({"AliasName": name, "AliasArn": format!("{scope}:{name}"), "TargetKeyId": KEY});
        json!({"Aliases": [alias]}).to_string()
    };
    let mut files = Vec::new();
    for number in 1..=30 {
        let name = ["alias/payments", "alias/orders"][number % 2];
        files.push(file(
            &folder,
            &format!("{number}.json"),
            account(number, name),
        ));
        if number % 3 == 0 {
            let more = account(number, "alias/more");
            files.push(file(&folder, &format!("{number}-more.json"), more));
        }
    }
    let change = json!({"DeleteAlias": {"AliasName": "alias/payments"}});
    let changes = file(&folder, "changes.json", change.to_string());
    let of = |files: &[String]| {
        let files: Vec<_> = files.iter().map(String::as_str).collect();
        let arguments = [&["--changes", &changes, "--json", "--account"][..], &files].concat();
        run("check", &arguments)
    };
    let apart = of(&files);
    assert_eq!(apart.status.code(), Some(1), "{}", text(&apart.stderr));
    let found = lines(&apart.stdout);
    assert_eq!(found.len(), 30);
    for (index, line) in found.iter().enumerate() {
        let number = index + 1;
        assert_eq!(line["step"], number);
        assert_eq!(line["scope"], format!("arn:aws:kms:eu-west-3:{number:012}"));
        let outcome = ["ok", "refused"][number % 2];
        assert_eq!(line["outcome"], outcome, "{line}");
    }
    // All in one file they are read at once, with the same verdicts.
    let contents = files
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a file"));
    let whole = file(&folder, "whole.json", contents.collect::<String>());
    assert_eq!(text(&of(&[whole]).stdout), text(&apart.stdout));
    // A file that is of two accounts makes the groups unsure: all are read at once again.
    let both = [account(1, "alias/more"), account(2, "alias/more")].concat();
    files.push(file(&folder, "both.json", both));
    let mixed = of(&files);
    assert_eq!(
        text(&mixed.stdout),
        text(&apart.stdout),
        "{}",
        text(&mixed.stderr)
    );
}

#[test]
fn what_stands_afterwards_is_not_written_over_the_verdicts() {
    let changes = file(
        &folder("after-nothing"),
        "none.json",
        r#"{"DeleteAlias": {"AliasName": "alias/none"}}"#,
    );
    for after in ["-", "/dev/stdout"] {
        let output = run("check", &["--changes", &changes, "--after", after]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("this is the standard output"), "{said}");
    }
}

#[test]
fn a_warning_that_deny_names_fails_the_run_f8() {
    let folder = folder("check-denies");
    let nested = json!({"Resources": {"Nested": {"Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "https://example.com/nested.yaml"}}}});
    let changes = file(&folder, "template.json", nested.to_string());
    let of = |options: &[&str]| run("check", &[&["--changes", &changes], options].concat());
    assert_eq!(of(&[]).status.code(), Some(3));
    assert_eq!(of(&["--deny", "F1,f2"]).status.code(), Some(3));
    let denied = of(&["--deny", "F1,f8"]);
    assert_eq!(denied.status.code(), Some(1));
    let printed = text(&denied.stdout);
    assert!(
        printed.contains("warnings that `--deny` names: F8."),
        "{printed}"
    );
    let github = of(&["--deny", "F8", "--format", "github"]);
    assert!(
        text(&github.stdout).starts_with("::error "),
        "{:?}",
        github.stdout
    );
    let wrong = of(&["--deny", "T5"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        text(&wrong.stderr).contains("F1, F2"),
        "{}",
        text(&wrong.stderr)
    );
}

#[test]
fn the_aliases_that_exist_afterwards_are_those_of_the_places_where_steps_run() {
    let folder = folder("check-counts");
    let lists = [half_known("eu-west-3"), half_known("us-east-1")];
    let account = file(&folder, "aliases.json", lists.concat());
    let change = json!({"DeleteAlias": {"AliasName": "alias/payments"}});
    let changes = file(&folder, "changes.json", change.to_string());
    let arguments = ["--account", &account, "--changes", &changes, "--region"];
    let output = run("check", &[&arguments[..], &["us-east-1"]].concat());
    let printed = text(&output.stdout);
    assert!(printed.contains("0 aliases exist afterwards"), "{printed}");
}
