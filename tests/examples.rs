//! The embedding examples as their readers run them.
#![cfg(all(feature = "json", feature = "proptest"))]

mod example;

use example::{file, folder, text};

fn run(name: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = example::run(name, arguments);
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[track_caller]
fn assert_lines(printed: &str, expected: &[&str]) {
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(lines, expected);
}

/// What the linter says of one file, without the name of the file.
#[track_caller]
fn lint(name: &str, content: &str) -> Vec<String> {
    let folder = folder(&format!("lint-{name}"));
    let path = file(&folder, name, content);
    let (code, printed, said) = run("lint", &[&path]);
    let lines: Vec<_> = printed
        .lines()
        .map(|line| line.replace(&format!("{path}:"), ""))
        .collect();
    assert_eq!(code, Some(i32::from(lines.len() > 1)), "{printed}{said}");
    lines
}

#[test]
fn the_linter_finds_what_is_wrong_in_its_samples() {
    let (code, printed, _) = run("lint", &[]);
    assert_eq!(code, Some(1));
    assert_lines(
        &printed,
        &[
            "main.tf:13:20: expected `alias/` (rule A1)",
            "main.tf:18:52: expected a letter, a digit, `/`, `_` or `-` (rule A3)",
            "main.tf:19:21: expected a key ID or a key ARN, not an alias (rule K5)",
            "main.tf:23:28: expected a name that does not begin with `alias/aws` (rule A4)",
            "main.tf:24:24: expected 8 lower-case hex digits (rule K1)",
            "template.yaml:16:47: expected a letter, a digit, `/`, `_` or `-` (rule A3)",
            "template.yaml:21:25: expected a letter, a digit, `/`, `_` or `-` (rule A3)",
            "template.yaml:28:18: expected `alias/` (rule A1)",
            "12 texts checked, 8 wrong.",
        ],
    );
    let (_, printed, _) = run("lint", &["--lax"]);
    assert!(!printed.contains("A4"), "{printed}");
}

#[test]
fn the_linter_leaves_alone_what_only_a_run_can_tell() {
    let alias = |name: &str| format!("resource \"aws_kms_alias\" \"a\" {{\n  name = {name}\n}}\n");
    for name in [
        r#""${var.prefix}payments""#,
        r#""${var.name}""#,
        r#""al${var.rest}""#,
        r#""alias/${var.a}${var.b}""#,
        "var.name",
        r#"join("/", ["alias", var.name])"#,
    ] {
        let found = lint("main.tf", &alias(name));
        assert!(
            found.last().is_some_and(|line| line.ends_with(" 0 wrong.")),
            "{name}: {found:?}"
        );
    }
    for (name, place) in [
        (
            r#""${var.prefix}pay.ments""#,
            "2:27: expected a letter, a digit, `/`, `_` or `-` (rule A3)",
        ),
        (
            r#""alias/é${var.x}""#,
            "2:17: expected a letter, a digit, `/`, `_` or `-` (rule A3)",
        ),
        (
            r#""alias/aws${var.x}""#,
            "2:19: expected a name that does not begin with `alias/aws` (rule A4)",
        ),
        (
            r#""alias/""#,
            "2:17: expected at least one character after the prefix (rule A2)",
        ),
    ] {
        assert_eq!(
            lint("main.tf", &alias(name)),
            [place, "1 texts checked, 1 wrong."],
            "{name}"
        );
    }
}

#[test]
fn the_linter_reads_templates_in_yaml_and_json() {
    let resource = |properties: &str| {
        format!(
            r#"{{"Resources": {{"A": {{"Type": "AWS::KMS::Alias", "Properties": {properties}}}}}}}"#
        )
    };
    let json = resource(r#"{"AliasName": "alias/a.b", "TargetKeyId": {"Ref": "Key"}}"#);
    let column = json.find("alias/a.b").expect("the name") + "alias/a".len() + 1;
    let expected = format!("1:{column}: expected a letter, a digit, `/`, `_` or `-` (rule A3)");
    assert_eq!(
        lint("template.json", &json),
        [&expected, "1 texts checked, 1 wrong."]
    );
    let with_values = "Resources:\n  A:\n    Type: AWS::KMS::Alias\n    Properties:\n      AliasName: !Sub\n        - alias/${Name}.x\n        - {Name: !Ref B}\n";
    let expected = "6:24: expected a letter, a digit, `/`, `_` or `-` (rule A3)";
    assert_eq!(
        lint("template.yml", with_values),
        [expected, "1 texts checked, 1 wrong."]
    );
    // Of another kind, or without properties.
    let other = resource("{}").replace("Alias", "Key");
    assert_eq!(lint("template.json", &other), ["0 texts checked, 0 wrong."]);
    assert_eq!(
        lint("template.json", &resource("{}")),
        ["0 texts checked, 0 wrong."]
    );
}

#[test]
fn a_file_that_the_linter_cannot_use_is_exit_code_2() {
    let folder = folder("lint-unusable");
    for (name, content, words) in [
        ("main.tf", "resource {", "main.tf: 1:"),
        ("template.yaml", "a: [", "template.yaml: "),
        (
            "template.json",
            "{}",
            "template.json: there are no `Resources`",
        ),
        ("notes.txt", "", "neither Terraform nor"),
    ] {
        let path = file(&folder, name, content);
        let (code, printed, said) = run("lint", &[&path]);
        assert_eq!((code, printed.as_str()), (Some(2), ""), "{name}");
        assert!(
            said.starts_with("error: ") && said.contains(words),
            "{said}"
        );
    }
    assert_eq!(run("lint", &["no-such-file.tf"]).0, Some(2));
    let (code, help, _) = run("lint", &["--help"]);
    assert!(code == Some(0) && help.contains("Exit code: 0"), "{help}");
}

#[test]
fn the_test_double_refuses_as_kms_does() {
    let (code, printed, said) = run("test_double", &[]);
    assert_eq!(code, Some(0), "{said}");
    assert_lines(
        &printed,
        &[
            "rotate: alias/payments went from 01010101-0101-0101-0101-010101010101 to 02020202-0202-0202-0202-020202020202",
            "rotate, a bad name: ValidationException: 1 validation error detected: Value 'alias/pay.ments' at \
             'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: \
             ^[a-zA-Z0-9:/_-]+$",
            "rotate_with_a_mistake: NotFoundException: Invalid keyId 'alias/payments'",
            "alias/payments -> 02020202-0202-0202-0202-020202020202 (Enabled)",
        ],
    );
}

#[test]
fn the_configuration_takes_what_is_right_and_says_what_is_wrong() {
    let (code, printed, said) = run("config", &[]);
    assert_eq!(code, Some(0), "{said}");
    for words in [
        "encrypts with alias/payments in eu-west-3",
        "legacy Some(AliasName(\"alias/awsome\"))",
        "2 aliases stand in arn:aws:kms:eu-west-3:111122223333",
    ] {
        assert!(printed.contains(words), "no {words} in {printed}");
    }
    let refused: Vec<_> = printed
        .lines()
        .filter(|line| line.contains(" is refused: "))
        .collect();
    let rules = ["K4", "K3", "K1", "K5", "A8", "P3", "A4"];
    assert_eq!(refused.len(), rules.len(), "{printed}");
    for (line, rule) in refused.iter().zip(rules) {
        assert!(
            line.contains(&format!("(rule {rule})")) && line.contains(" at line "),
            "{line}"
        );
    }
    assert!(!printed.contains("is taken"), "{printed}");
}

#[test]
fn the_property_tests_pass_and_find_the_mistake() {
    let (code, printed, said) = run("property_tests", &[]);
    assert_eq!(code, Some(0), "{said}");
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(
        lines[..2],
        [
            "an alias name survives as a file name: 500 cases passed",
            "all aliases move or none does: 500 cases passed",
        ]
    );
    let found = "two names have two file names, with the mistake: not so for (AliasName(\"alias/";
    assert!(lines[2].starts_with(found) && lines.len() == 3, "{printed}");
}
