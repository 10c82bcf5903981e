//! Templates: conditions, parameters, assemblies.

use super::*;

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
    assert!(printed.contains("assumed to be free"), "{printed}");

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
fn the_manifest_of_a_running_assembly_tells_which_stacks_run() {
    let manifest = |stack: &str| {
        json!({"artifacts": {stack: {
            "type": "aws:cloudformation:stack",
            "environment": "aws://111122223333/eu-west-3",
            "properties": {"templateFile": format!("{stack}.template.json")},
        }}})
    };
    let folder = folder("check-cdk-running");
    file(&folder, "manifest.json", manifest("New").to_string());
    file(&folder, "New.template.json", template("alias/orders"));
    let path = folder.to_str().expect("UTF-8");
    let deployed = folder.join("deployed");
    std::fs::create_dir(&deployed).expect("a folder");
    file(&deployed, "Old.template.json", template("alias/orders"));
    let running = deployed.to_str().expect("UTF-8");
    let arguments = ["--changes", path, "--deployed", running, "--json"];
    let output = run("check", &arguments);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let manifest = file(&deployed, "manifest.json", manifest("Old").to_string());
    let output = run("check", &arguments);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(lines(&output.stdout)[0]["rule"], "A6");
    let by_manifest = ["--changes", path, "--deployed", &manifest, "--json"];
    assert_eq!(run("check", &by_manifest).status.code(), Some(1));
}

#[test]
fn the_stages_of_a_cdk_assembly_are_read_from_their_folders() {
    let folder = folder("check-cdk-stages");
    let manifest = json!({"artifacts": {"Prod": {
        "type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"},
    }}});
    let inner = json!({"artifacts": {"App": {
        "type": "aws:cloudformation:stack",
        "environment": "aws://111122223333/eu-west-3",
        "properties": {"templateFile": "App.template.json"},
    }}});
    file(&folder, "manifest.json", manifest.to_string());
    let stage = folder.join("assembly-Prod");
    std::fs::create_dir(&stage).expect("a folder");
    file(&stage, "manifest.json", inner.to_string());
    file(&stage, "App.template.json", template("alias/aws/orders"));
    let path = folder.to_str().expect("UTF-8");
    let output = run("check", &["--changes", path, "--json"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert_eq!(lines(&output.stdout)[0]["rule"], "A4");
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
    // Where the name is taken, the other step depends on the condition; where that resource refers to
    // the one that may not exist, nothing exists without it.
    let after = "  B: {Type: AWS::KMS::Alias, Properties: {AliasName: !If [Prod, !Ref A, alias/app], TargetKeyId: !Ref Key}}\n";
    for (other, exit, outcome) in [
        (after.to_owned(), 3, "undecided"),
        (alias("B", "DependsOn: A, "), 1, "refused"),
    ] {
        let told = outcomes("either.yaml", &of(&[prod.clone(), other]), &[]);
        let expected = pairs(&[("A", "ok"), ("B", outcome)]);
        assert_eq!(told, (Some(exit), expected));
    }
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
fn an_update_that_cloudformation_refuses_is_summed_up_as_that_f9() {
    let folder = folder("refused-update");
    let of = |key: Value| {
        let alias = json!({"Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": "alias/a", "TargetKeyId": {"Ref": "K"}}});
        let key = json!({"Type": "AWS::KMS::Key", "Properties": key});
        json!({"Resources": {"K": key, "A": alias}}).to_string()
    };
    let old = file(&folder, "old.json", of(json!({})));
    let signs = json!({"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"});
    let new = file(&folder, "new.json", of(signs));
    let output = run("check", &["--changes", &new, "--deployed", &old]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let printed = text(&output.stdout);
    assert!(
        printed.contains("CloudFormation refuses the update"),
        "{printed}"
    );
    assert!(!printed.contains("In every order"), "{printed}");
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
    // What it runs with is not told: whichever it is, nothing is refused.
    let (exit, told) = steps(&["--parameter", "Env=prod"]);
    assert_eq!(
        (exit, told),
        (
            Some(0),
            vec!["CreateAlias ok".into(), "DeleteAlias ok".into()]
        )
    );
}

/// A pipeline marks the line of the nested template, not of the one that has it.
#[test]
fn what_is_wrong_in_a_nested_stack_is_placed_in_its_template() {
    let folder = folder("check-nested-places");
    let outer = "Resources:\n  K:\n    Type: AWS::KMS::Key\n  Nested:\n    Type: AWS::CloudFormation::Stack\n    \
                 Properties:\n      TemplateURL: in/inner.yaml\n      Parameters: {Key: !Ref K}\n  Bad:\n    \
                 Type: AWS::KMS::Alias\n    Properties: {AliasName: alias/aws/a, TargetKeyId: !Ref K}\n";
    let inner = "Parameters:\n  Key: {Type: String}\n\nResources:\n  Inner:\n    Type: AWS::KMS::Alias\n    Properties:\n      \
                 AliasName: alias/aws/b\n      TargetKeyId: !Ref Key\n";
    let outer = file(&folder, "outer.yaml", outer);
    std::fs::create_dir_all(folder.join("in")).expect("a folder");
    let inner = file(&folder.join("in"), "inner.yaml", inner);
    let output = run("check", &["--changes", &outer, "--format", "github"]);
    let said = text(&output.stdout);
    let places: Vec<_> = said
        .lines()
        .filter_map(|line| line.strip_prefix("::error file=")?.split(",title").next())
        .collect();
    assert_eq!(
        places,
        [format!("{outer},line=9"), format!("{inner},line=5")],
        "{said}"
    );
}

#[test]
fn a_key_whose_id_no_file_tells_is_called_by_its_resource() {
    let folder = folder("check-called");
    let of = |key: &str| {
        json!({"Resources": {key: {"Type": "AWS::KMS::Key"}, "A": {"Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": "alias/a", "TargetKeyId": {"Ref": key}}}}})
    };
    let new = file(&folder, "new.json", of("Next").to_string());
    let old = file(&folder, "old.json", of("Ledger").to_string());
    let output = run(
        "check",
        &["--changes", &new, "--deployed", &old, "--impact"],
    );
    let said = text(&output.stdout);
    assert!(said.contains("of key Ledger the plan tells"), "{said}");
    assert!(!said.contains("00000000"), "{said}");
}

/// The file and the line are data of the error: each format has them.
#[test]
fn what_is_wrong_in_the_template_of_a_nested_stack_is_placed_in_its_file() {
    let folder = folder("check-nested-unusable");
    let outer = json!({"Resources": {"N": {"Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "in/inner.yaml"}}}});
    let inner = "Resources:\n  Key:\n    Type: AWS::KMS::Key\n  A:\n    Type: AWS::KMS::Alias\n    Properties:\n      \
                 AliasName: alias/a\n      TargetKeyId: !Ref Missing\n";
    let outer = file(&folder, "outer.json", outer.to_string());
    std::fs::create_dir_all(folder.join("in")).expect("a folder");
    let inner = file(&folder.join("in"), "inner.yaml", inner);
    let checked = |format: &str| {
        let output = run("check", &["--changes", &outer, "--format", format]);
        assert_eq!(output.status.code(), Some(2), "{format}");
        (text(&output.stdout), text(&output.stderr))
    };
    let words = "Resources.A.Properties.TargetKeyId refers to `Missing`";
    for format in ["text", "json", "sarif", "github"] {
        let (_, said) = checked(format);
        let begin = format!("error: {inner}:8: {words}");
        assert!(said.starts_with(&begin), "{format}: {said}");
    }
    let (annotation, _) = checked("github");
    let begin = format!("::error file={inner},line=8,");
    assert!(annotation.starts_with(&begin), "{annotation}");
    let (sarif, _) = checked("sarif");
    let sarif: Value = serde_json::from_str(&sarif).expect("JSON");
    let notified = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    let place = &notified["locations"][0]["physicalLocation"];
    assert_eq!(place["region"]["startLine"], 8, "{sarif:#}");
}

/// The run ends with 3, and each format says why: it is not known whether the step is taken.
#[test]
fn a_refused_step_under_a_condition_that_is_not_known_says_so() {
    let folder = folder("check-conditional");
    let of = json!({
        "Parameters": {"Make": {"Type": "String"}},
        "Conditions": {"Is": {"Fn::Equals": [{"Ref": "Make"}, "yes"]}},
        "Resources": {
            "K": {"Type": "AWS::KMS::Key"},
            "N": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://b/t.json"}},
            "A": {"Type": "AWS::KMS::Alias", "Condition": "Is",
                "Properties": {"AliasName": "alias/aws/a", "TargetKeyId": {"Ref": "K"}}}
        }
    });
    let path = file(&folder, "t.json", format!("{of:#}"));
    for format in ["text", "json", "sarif", "github"] {
        let output = run("check", &["--changes", &path, "--format", format]);
        let said = text(&output.stdout)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert_eq!(output.status.code(), Some(3), "{format}");
        let note = "whether this step is taken at all depends on the value of ${Make}";
        assert!(said.contains(note), "{format}: {said}");
    }
    // What is not judged has its place too (rule F8).
    let output = run("check", &["--changes", &path, "--format", "github"]);
    let said = text(&output.stdout);
    let place = format!("::warning file={path},line=");
    let line = said.lines().find(|line| line.starts_with(&place));
    assert!(
        line.is_some_and(|line| line.contains("rule F8::N: `N` is a nested stack")),
        "{said}"
    );
}
