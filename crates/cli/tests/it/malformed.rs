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
            ": Resources: an object of logical IDs is expected here",
        ),
        (
            "changes",
            r#"{"Resources": {"A": 5}}"#,
            ": Resources.A: a resource is expected here, an object with its `Type`",
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
