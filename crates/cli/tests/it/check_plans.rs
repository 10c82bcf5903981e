//! The verb `check` on plans, templates and accounts that are known in part.

use serde_json::{Value, json};

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
        "it hangs on the key state of key 1234abcd",
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
    let count = format!("{} aliases stand afterwards", before + 1);
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
fn a_template_says_which_resource_fails_and_needs_no_account() {
    let folder = folder("check-template");
    let good = file(&folder, "good.json", template("alias/orders"));
    let output = run("check", &["--changes", &good, "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let expected =
        json!({"step": 1, "address": "Alias", "operation": "CreateAlias", "outcome": "ok"});
    assert_eq!(lines(&output.stdout), [expected]);
    let printed = text(&run("check", &["--changes", &good]).stdout);
    assert!(printed.contains("taken as free"), "{printed}");

    let bad = file(&folder, "bad.json", template("orders"));
    let output = run("check", &["--changes", &bad, "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let line = &lines(&output.stdout)[0];
    assert_eq!(
        (&line["address"], &line["rule"]),
        (&json!("Alias"), &json!("A1"))
    );
}

#[test]
fn a_cdk_assembly_is_named_by_its_folder_or_its_manifest() {
    let folder = folder("check-cdk");
    let manifest = json!({"version": "36.0.0", "artifacts": {"App": {
        "type": "aws:cloudformation:stack",
        "environment": "aws://111122223333/eu-west-3",
        "properties": {"templateFile": "App.template.json"},
    }}});
    let manifest = file(&folder, "manifest.json", manifest.to_string());
    file(&folder, "App.template.json", template("alias/aws/orders"));
    let path = folder.to_str().expect("UTF-8");
    for changes in [path, &manifest] {
        let output = run("check", &["--changes", changes, "--json"]);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
        assert_eq!(lines(&output.stdout)[0]["rule"], "A4");
    }
    // The stack that runs has another alias: it is there, and goes.
    let deployed = folder.join("deployed");
    std::fs::create_dir(&deployed).expect("a folder");
    file(&deployed, "App.template.json", template("alias/orders"));
    let deployed = deployed.to_str().expect("UTF-8");
    let output = run(
        "check",
        &["--changes", path, "--deployed", deployed, "--json"],
    );
    let operations: Vec<_> = lines(&output.stdout)
        .iter()
        .map(|line| line["operation"].as_str().expect("a name").to_owned())
        .collect();
    assert!(
        operations.contains(&"DeleteAlias".to_owned()),
        "{operations:?}"
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

/// What comes of a template: the exit code, and of each step its address and outcome.
fn outcomes(name: &str, template: &str, more: &[&str]) -> (Option<i32>, Vec<(String, String)>) {
    let template = file(&folder(&format!("outcomes-{name}")), name, template);
    let arguments = [&["--json", "--changes", &template], more].concat();
    let output = run("check", &arguments);
    let told = lines(&output.stdout).into_iter().map(|line| {
        let text = |member: &str| line[member].as_str().unwrap_or_default().to_owned();
        (text("address"), text("outcome"))
    });
    (output.status.code(), told.collect())
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = expected
        .iter()
        .map(|(address, outcome)| ((*address).to_owned(), (*outcome).to_owned()));
    owned.collect()
}

#[test]
fn a_resource_under_a_condition_that_is_not_known_may_not_exist() {
    let head = "Parameters: {Env: {Type: String}}\nConditions:\n  Prod: !Equals [!Ref Env, prod]\n  \
                NotProd: !Not [!Condition Prod]\n  Test: !Equals [!Ref Env, test]\nResources:\n  \
                Key: {Type: AWS::KMS::Key, Properties: {}}\n";
    let alias = |name: &str, condition: &str| {
        format!(
            "  {name}: {{Type: AWS::KMS::Alias, {condition}Properties: {{AliasName: alias/app, TargetKeyId: !Ref Key}}}}\n"
        )
    };
    let of = |aliases: &[String]| [head, &aliases.concat()].concat();
    let (prod, not_prod) = (
        alias("A", "Condition: Prod, "),
        alias("B", "Condition: NotProd, "),
    );
    for other in [not_prod, alias("B", "Condition: Test, ")] {
        let (exit, told) = outcomes("exclusive.yaml", &of(&[prod.clone(), other]), &[]);
        assert_eq!((exit, told.len()), (Some(0), 2), "{told:?}");
        assert!(told.iter().all(|(_, outcome)| outcome == "ok"), "{told:?}");
    }
    // Where the name is taken whatever holds, the other step hangs on the condition.
    let (exit, told) = outcomes(
        "either.yaml",
        &of(&[prod.clone(), alias("B", "DependsOn: A, ")]),
        &[],
    );
    assert_eq!(
        (exit, told),
        (Some(3), pairs(&[("A", "ok"), ("B", "undecided")]))
    );
    let taken = file(
        &folder("taken"),
        "taken.json",
        r#"{"Aliases":[{"AliasName":"alias/app","AliasArn":"arn:aws:kms:us-east-1:210987654321:alias/app","TargetKeyId":"00000001-12ab-34cd-56ef-000000000001"}]}"#,
    );
    let (exit, told) = outcomes("one.yaml", &of(&[prod]), &["--account", &taken]);
    assert_eq!((exit, told), (Some(3), pairs(&[("A", "refused")])));
}

#[test]
fn a_template_of_which_the_region_is_open_is_not_judged_nowhere() {
    let list = |region: &str| {
        let text = format!(
            r#"{{"Aliases":[{{"AliasName":"alias/app","AliasArn":"arn:aws:kms:{region}:210987654321:alias/app","TargetKeyId":"00000001-12ab-34cd-56ef-000000000001"}}]}}"#
        );
        file(&folder(&format!("open-{region}")), "list.json", &text)
    };
    let (west, east) = (list("eu-west-3"), list("us-east-1"));
    let template = "Resources:\n  Key: {Type: AWS::KMS::Key, Properties: {}}\n  \
                    A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/app, TargetKeyId: !Ref Key}}\n";
    let (exit, told) = outcomes("open.yaml", template, &["--account", &west, &east]);
    assert_eq!((exit, told), (Some(2), Vec::new()));
    let chosen = ["--account", &west, &east, "--region", "us-east-1"];
    let (exit, told) = outcomes("open.yaml", template, &chosen);
    assert_eq!((exit, told), (Some(1), pairs(&[("A", "refused")])));
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

#[test]
fn whether_two_providers_act_in_one_account_and_region_is_not_known() {
    let key = json!({"KeyMetadata": {"KeyId": KEY, "Arn": format!("arn:aws:kms:eu-west-3:111122223333:key/{KEY}"),
        "AWSAccountId": "111122223333", "CreationDate": 1, "Enabled": true, "KeyState": "Enabled",
        "KeyUsage": "ENCRYPT_DECRYPT", "KeyManager": "CUSTOMER", "Origin": "AWS_KMS", "KeySpec": "SYMMETRIC_DEFAULT",
        "CustomerMasterKeySpec": "SYMMETRIC_DEFAULT", "MultiRegion": false}})
    .to_string();
    let folder = folder("two-providers");
    let account = file(&folder, "key.json", key);
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

/// A template of one alias whose name has the value of a parameter.
fn of_environment(parameter: &Value, name: &Value) -> String {
    json!({"Parameters": {"Env": parameter}, "Resources": {
        "Key": {"Type": "AWS::KMS::Key"},
        "Alias": {"Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": name, "TargetKeyId": {"Ref": "Key"}}},
    }})
    .to_string()
}

#[test]
fn a_parameter_that_a_template_does_not_have_is_refused_with_those_that_it_has() {
    let folder = folder("parameters");
    let text_of = of_environment(
        &json!({"Type": "String"}),
        &json!({"Fn::Sub": "alias/${Env}"}),
    );
    let template = file(&folder, "template.json", text_of);
    let output = run(
        "check",
        &["--changes", &template, "--parameter", "env=prod"],
    );
    let told = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    for words in ["`env`", "it has `Env`", "did you mean `Env`?"] {
        assert!(told.contains(words), "no {words} in {told}");
    }
    let output = run(
        "check",
        &["--changes", &template, "--parameter", "Env=prod"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn a_template_that_refers_to_nothing_is_refused_with_the_place() {
    let folder = folder("dangling");
    for (name, place) in [
        (
            json!({"Ref": "Nope"}),
            "Resources.Alias.Properties.AliasName refers to `Nope`",
        ),
        (json!({"Fn::Sub": "alias/${Envs}"}), "did you mean `Env`?"),
        (json!({"Fn::GetAtt": ["Kay", "Arn"]}), "did you mean `Key`?"),
    ] {
        let template = of_environment(&json!({"Type": "String"}), &name);
        let template = file(&folder, "template.json", template);
        let output = run("check", &["--changes", &template]);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(place), "no {place} in {told}");
    }
    let fine = json!({"Fn::Sub": ["alias/${x}-${AWS::Region}-${!Nope}${Env}", {"x": "y"}]});
    let template = file(
        &folder,
        "template.json",
        of_environment(&json!({"Type": "String"}), &fine),
    );
    let output = run("check", &["--changes", &template]);
    assert_ne!(output.status.code(), Some(2), "{}", text(&output.stderr));
}

#[test]
fn the_allowed_values_of_a_parameter_are_all_that_it_can_be() {
    let folder = folder("allowed");
    let aliases = |names: &[&str]| {
        let entry = |name: &&str| {
            json!({"AliasName": format!("alias/{name}"), "TargetKeyId": KEY,
            "AliasArn": format!("arn:aws:kms:eu-west-3:111122223333:alias/{name}")})
        };
        json!({"Aliases": names.iter().map(entry).collect::<Vec<_>>()}).to_string()
    };
    let allowed = json!({"Type": "String", "AllowedValues": ["dev", "prod"]});
    let template = of_environment(&allowed, &json!({"Fn::Sub": "alias/${Env}"}));
    let template = file(&folder, "template.json", template);
    for (taken, exit) in [
        (&["dev", "prod"][..], 1),
        (&["dev"], 3),
        (&["test", "stage"], 0),
    ] {
        let account = file(&folder, "account.json", aliases(taken));
        let output = run("check", &["--account", &account, "--changes", &template]);
        assert_eq!(
            output.status.code(),
            Some(exit),
            "{taken:?}: {}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
    }
}

#[test]
fn the_running_template_has_parameters_of_its_own() {
    let folder = folder("deployed-parameters");
    let template = of_environment(
        &json!({"Type": "String"}),
        &json!({"Fn::Sub": "alias/${Env}"}),
    );
    let new = file(&folder, "new.json", template.clone());
    let old = file(&folder, "old.json", template);
    let steps = |more: &[&str]| {
        let arguments = [&["--changes", &new, "--deployed", &old, "--json"], more].concat();
        let output = run("check", &arguments);
        let lines = lines(&output.stdout);
        let told = lines.iter().map(|line| {
            format!(
                "{} {}",
                line["operation"].as_str().expect("text"),
                line["outcome"].as_str().expect("text")
            )
        });
        (output.status.code(), told.collect::<Vec<_>>())
    };
    assert_eq!(steps(&[]), (Some(0), vec![]));
    let same = [
        "--parameter",
        "Env=prod",
        "--deployed-parameter",
        "Env=prod",
    ];
    assert_eq!(steps(&same), (Some(0), vec![]));
    let (exit, told) = steps(&["--parameter", "Env=prod", "--deployed-parameter", "Env=dev"]);
    assert_eq!((exit, told.len()), (Some(0), 2), "{told:?}");
    // What it runs with is not told: it may be the same, or another.
    let (exit, told) = steps(&["--parameter", "Env=prod"]);
    assert_eq!((exit, told.len()), (Some(3), 2), "{told:?}");
}

/// A plan with an alias that moves to one of two new keys.
fn one_of_two(usages: [&str; 2]) -> Value {
    let spec = |usage: &str| match usage {
        "SIGN_VERIFY" => "RSA_2048",
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
