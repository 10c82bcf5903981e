//! Input that cannot be used: our own words, with file, line, entry and what to do.

use crate::program::{file, folder, run, sample, text};

/// The flag that takes a file, with what else the verb needs.
fn arguments(flag: &str, path: &str) -> (&'static str, Vec<String>) {
    let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let (account, changes) = (sample("account.json"), sample("changes.json"));
    match flag {
        "account" => ("check", own(&["--account", path, "--changes", &changes])),
        "changes" => ("check", own(&["--account", &account, "--changes", path])),
        "wanted" => ("plan", own(&["--account", &account, "--wanted", path])),
        _ => ("audit", own(&["--trail", path])),
    }
}

#[test]
fn a_malformed_file_is_told_in_our_own_words_and_exit_code_2() {
    let cut = r#"{"Aliases": [{"AliasName": "alias/a"},
        {"AliasName": "alias"#;
    let cases: &[(&str, &str, &str)] = &[
        (
            "account",
            cut,
            ":2: the file ends in the middle of a string: it is cut short, so print or copy it again",
        ),
        (
            "account",
            "\"hello\"",
            ":1: the document has neither `Aliases` nor `KeyMetadata` nor `Keys`: an account is what",
        ),
        (
            "account",
            "[1, 2]",
            ":1: the document has neither `Aliases`",
        ),
        (
            "account",
            r#"{"Aliases": 5}"#,
            ":1: this is the number `5`, and an array is expected here",
        ),
        (
            "account",
            r#"{"Aliases": [{"AliasName": true}]}"#,
            ":1: Aliases[0]: this is `true`, and a text is expected here",
        ),
        (
            "account",
            r#"{"Aliases": [],}"#,
            ":1: this is not JSON: nothing follows a comma: mend it",
        ),
        (
            "account",
            "{Aliases: []}",
            ":1: this is not JSON: the name of a member is expected here, in double quotes",
        ),
        (
            "account",
            r#"{"Aliases": []} x"#,
            ":1: this is not JSON: a value is expected here",
        ),
        (
            "changes",
            r#"[{"DeleteAlias": {"AliasName": "alias/a"}}"#,
            ":1: the file ends in the middle of an array",
        ),
        (
            "changes",
            "\"hello\"",
            ":1: step 1: a step is an object of one member",
        ),
        (
            "changes",
            r#"{"format_version": "1.2", "resource_changes": [5]}"#,
            ":1: this is the number `5`, and an object is expected here",
        ),
        (
            "changes",
            r#"{"format_version": "1.2", "resource_changes": []} {}"#,
            ":1: this is not JSON: something follows the end of the document",
        ),
        (
            "changes",
            r#"{"Resources": 5}"#,
            ":1: Resources: an object is expected here, with a resource for each logical ID",
        ),
        (
            "changes",
            r#"{"Resources": {"A": 5}}"#,
            ":1: Resources.A: a resource is expected here: an object with a `Type`",
        ),
        (
            "wanted",
            r#"[{"DeleteAlias": {"AliasName": "alias/a"}}]"#,
            ": this is a list of changes: `check --changes` reads it",
        ),
        (
            "trail",
            r#"{"Aliases": []}"#,
            ":1: this is an account, as list-aliases, list-keys or describe-key print it: `--account` reads it",
        ),
        (
            "changes",
            r#"{"Aliases": []}"#,
            ": this is an account, as list-aliases, list-keys or describe-key print it: `--account` reads it",
        ),
        (
            "wanted",
            "[1",
            ":1: the file ends in the middle of an array",
        ),
        (
            "trail",
            r#"{"Records": [5]}"#,
            ":1: Records[0]: this is the number `5`, and an object is expected here",
        ),
        (
            "trail",
            r#"{"Records": [{"eventSo"#,
            ":1: the file ends in the middle of a string",
        ),
    ];
    let folder = folder("malformed");
    for (number, (flag, content, words)) in cases.iter().enumerate() {
        let path = file(&folder, &format!("{number}.json"), *content);
        let (verb, arguments) = arguments(flag, &path);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let output = run(verb, &arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{content}: {said}");
        assert!(
            said.contains(&format!("{path}{words}")),
            "{content}: {said}"
        );
        for theirs in [
            "EOF",
            "invalid type",
            "expected struct",
            "expected a sequence",
            "at line ",
        ] {
            assert!(!said.contains(theirs), "{content}: {said}");
        }
    }
}

/// What is given for a list of changes and is none: the same words as in Python.
#[test]
fn what_is_no_list_of_changes_cannot_be_used() {
    let folder = folder("no-changes");
    for (number, (content, words)) in [
        (
            "apiVersion: v1\nkind: ConfigMap\n",
            ": this is a Kubernetes manifest: `lint` reads it",
        ),
        (
            r#"{"name": "app", "version": 1}"#,
            ":1: step 1: a step is an object of one member",
        ),
        (
            "- UpdateAlais:\n    AliasName: alias/a\n",
            ":1: step 1: `UpdateAlais` is not an operation of KMS",
        ),
        (
            "- UpdateAlias:\n    AliasName: alias/a\n    TargetKey: x\n",
            ":1: step 1: `TargetKey` is not a parameter of UpdateAlias",
        ),
    ]
    .iter()
    .enumerate()
    {
        let path = file(&folder, &number.to_string(), *content);
        let (verb, arguments) = arguments("changes", &path);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let output = run(verb, &arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{content}: {said}");
        assert!(
            said.contains(&format!("{path}{words}")),
            "{content}: {said}"
        );
    }
}

/// A running template tells what stands; a list of changes and a plan have none.
#[test]
fn what_is_deployed_goes_with_a_template_only() {
    let folder = folder("deployed");
    let plan = r#"{"format_version": "1.2", "resource_changes": []}"#;
    let plan = file(&folder, "plan.json", plan);
    let template = file(&folder, "template.json", r#"{"Resources": {}}"#);
    for changes in [&plan, &sample("changes.json")] {
        let arguments = ["--changes", changes, "--deployed", &template];
        let output = run("check", &arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        let words = "`--deployed` goes with a template of CloudFormation only";
        assert!(said.contains(words), "{said}");
    }
}

/// Nothing is known there: every verdict would be one on an empty account (rule H6).
#[test]
fn a_region_that_no_account_file_covers_is_told() {
    let folder = folder("not-covered");
    let template = file(
        &folder,
        "template.json",
        r#"{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#,
    );
    let account = sample("account.json");
    for changes in [&template, &sample("changes.json")] {
        for (flag, value, named) in [
            ("--region", "us-east-1", "Region us-east-1"),
            ("--account-id", "444455556666", "account 444455556666"),
        ] {
            let output = run(
                "check",
                &["--account", &account, "--changes", changes, flag, value],
            );
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{said}");
            for words in [
                format!("no account file tells of {named}"),
                "they tell of arn:aws:kms:eu-west-3:111122223333".to_owned(),
                "add what `aws kms list-aliases`".to_owned(),
            ] {
                assert!(said.contains(&words), "no {words} in {said}");
            }
        }
    }
    let plan = r#"{"format_version": "1.2", "resource_changes": []}"#;
    let plan = file(&folder, "plan.json", plan);
    let arguments = [
        "--account",
        &account,
        "--changes",
        &plan,
        "--region",
        "us-east-1",
    ];
    let output = run("check", &arguments);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).contains("warning: no account file tells of Region us-east-1"));
    let arguments = [
        "--account",
        &account,
        "--wanted",
        &sample("wanted.json"),
        "--region",
        "us-east-1",
    ];
    let said = text(&run("plan", &arguments).stderr);
    assert!(
        said.contains("no account file tells of Region us-east-1"),
        "{said}"
    );
}

/// Each reader of JSON says in our words what is wrong: those of its library speak of Rust.
#[test]
fn no_reader_of_json_speaks_of_rust() {
    let folder = folder("json-words");
    let changes = sample("changes.json");
    for (number, (content, of_conditions, of_lint)) in [
        (
            "{\"a\": ",
            "the file ends in the middle of",
            "not JSON: a value is expected behind `:`",
        ),
        (
            "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": \"alias/a\"}},}",
            "nothing follows a comma",
            "",
        ),
        (
            "{\"a\": {\"StringLike\": {\"kms:RequestAlias\": \"alias/a\"}} \"b\": {}}",
            "`,` or `}` is expected here",
            "not JSON: `,` is expected between",
        ),
        ("{a: {}}", "the name of a member is expected here", ""),
        ("{\"a\": 5}", "this is the number `5`, and ", ""),
        ("[\"a\"]", "this is an array, and ", ""),
    ]
    .iter()
    .enumerate()
    {
        let path = file(&folder, &format!("{number}.json"), *content);
        let output = run("check", &["--changes", &changes, "--conditions", &path]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(of_conditions), "{content}: {said}");
        let linted = text(&run("lint", &[&path]).stderr);
        assert!(linted.contains(of_lint), "{content}: {linted}");
        for said in [said, linted] {
            for theirs in [
                "EOF",
                "invalid type",
                "expected a map",
                "sequence",
                "at line ",
            ] {
                assert!(!said.contains(theirs), "{content}: {said}");
            }
        }
    }
}
