//! Where a finding stands, and what its message says.

use kms_alias_lint::{Options, lint_files};

use crate::files::{lint, rows};

#[track_caller]
fn finds(path: &str, text: &str, expected: &[&str]) {
    let report = lint(&[(path, text)]);
    assert_eq!(rows(&report), expected, "{:#?}", report.findings);
}

#[track_caller]
fn message(path: &str, text: &str) -> String {
    let report = lint(&[(path, text)]);
    let [finding] = report.findings.as_slice() else {
        panic!("{:#?}", report.findings);
    };
    finding.message.clone()
}

fn alias(attributes: &str) -> String {
    format!("resource \"aws_kms_alias\" \"a\" {{\n  {attributes}\n}}\n")
}

#[test]
fn a_reference_within_a_text_leaves_the_finding_at_the_text_a1() {
    let local = |value: &str| {
        format!(
            "locals {{ n = \"app\" }}\n{}",
            alias(&format!("name = {value}"))
        )
    };
    finds(
        "main.tf",
        &local("\"${local.n}-key\""),
        &["main.tf:3:11 A1"],
    );
    finds(
        "main.tf",
        &local("format(\"%s-key\", local.n)"),
        &["main.tf:3:18 A1"],
    );
    finds("main.tf", &local("local.n"), &["main.tf:1:15 A1"]);
    finds("main.tf", &local("\"${local.n}\""), &["main.tf:1:15 A1"]);
    finds(
        "main.tf",
        &alias("name = \"alias/${aws_kms_key.k.arn}\""),
        &["main.tf:2:11 A3"],
    );
    let template = |name: &str| {
        format!(
            "Parameters:\n  P: {{Type: String, Default: app}}\nResources:\n  A:\n    Type: AWS::KMS::Alias\n    Properties:\n      AliasName: {name}\n"
        )
    };
    finds(
        "t.yaml",
        &template("!Sub '${P}/${AWS::StackName}'"),
        &["t.yaml:7:24 A1"],
    );
    finds("t.yaml", &template("!Sub '${P}'"), &["t.yaml:2:30 A1"]);
}

#[test]
fn no_key_id_is_invented_in_a_message() {
    let template = |name: &str| {
        format!(
            "Resources:\n  A:\n    Type: AWS::KMS::Alias\n    Properties:\n      AliasName: {name}\n  K:\n    Type: AWS::KMS::Key\n"
        )
    };
    for value in ["!Ref K", "!Sub 'alias/${K.Arn}'"] {
        let message = message("t.yaml", &template(value));
        assert!(message.contains('…') && !message.contains('4'), "{message}");
    }
}

#[test]
fn an_empty_target_is_called_empty_k1() {
    let message = message("main.tf", &alias("target_key_id = \"\""));
    assert!(
        message.starts_with("the empty text is no target of an alias"),
        "{message}"
    );
}

#[test]
fn the_key_id_and_the_region_of_an_arn_known_in_part_are_judged_as_in_a_whole_one_k1_k4() {
    let rule = |target: &str| {
        let report = lint(&[("main.tf", &alias(&format!("target_key_id = \"{target}\"")))]);
        report
            .findings
            .iter()
            .map(|one| one.rule.number())
            .collect::<Vec<_>>()
    };
    let id = "5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6";
    for account in ["111122223333", "${var.a}"] {
        assert_eq!(
            rule(&format!("arn:aws:kms:us-east-1:{account}:key/abc")),
            ["K1"]
        );
        assert_eq!(
            rule(&format!("arn:aws:kms:us-east-1:{account}:key/{id}")),
            [""; 0]
        );
    }
    let whole = rule(&format!("arn:aws:kms:moon:111122223333:key/{id}"));
    assert_eq!(whole.len(), 1);
    assert_eq!(
        rule(&format!("arn:aws:kms:moon:${{var.a}}:key/{id}")),
        whole
    );
}

#[test]
fn the_character_that_a_name_cannot_have_is_told_a3() {
    for (name, found) in [
        ("alias/a.b", "`.`"),
        ("alias/a b", "a space"),
        ("alias/a\\tb", "a tab"),
        ("alias/a\\n", "a line break"),
        ("alias/é", "`é`, which is not of `a-z` or `A-Z`"),
        ("alias/${var.x}:y", "`:`"),
        (
            "alias/$${x}",
            "`$`, so what is written as a variable is plain text here",
        ),
    ] {
        let text = format!("resource \"aws_kms_alias\" \"a\" {{\n  name = \"{name}\"\n}}\n");
        let message = message("main.tf", &text);
        let end = format!("expected a letter, a digit, `/`, `_` or `-`, found {found}");
        assert!(message.ends_with(&end), "{message}");
    }
}

#[test]
fn a_reference_is_shown_as_it_is_written_k5() {
    for reference in [
        "aws_kms_alias.a.arn",
        "aws_kms_alias.a[\"one\"].arn",
        "aws_kms_alias.a[0].arn",
        "aws_kms_alias.a[each.key].arn",
        "aws_kms_alias.a[count.index].arn",
    ] {
        let text = format!(
            "resource \"aws_kms_alias\" \"b\" {{\n  name = \"alias/b\"\n  target_key_id = {reference}\n}}\n"
        );
        let message = message("main.tf", &text);
        let beginning = format!("`{reference}` is an alias");
        assert!(message.starts_with(&beginning), "{message}");
    }
}

#[test]
fn an_entry_names_all_operations_that_it_allows_by_half_w14() {
    let policy = |action: &str, resource: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "{action}", "Resource": "arn:aws:kms:us-east-1:111122223333:{resource}"}}}}"#
        )
    };
    let mut options = Options::default();
    options.complete = true;
    let message = |text: &str| {
        let report = lint_files([("p.json", text.as_bytes())], &options);
        report.findings[0].message.clone()
    };
    let on_key = message(&policy("kms:*", "key/*"));
    let words =
        "CreateAlias, UpdateAlias and DeleteAlias are allowed on no alias, and need permission";
    assert!(on_key.starts_with(words), "{on_key}");
    let on_alias = message(&policy("kms:CreateAlias", "alias/x"));
    assert!(
        on_alias.starts_with("CreateAlias is allowed on no key, and needs"),
        "{on_alias}"
    );
}

#[test]
fn a_value_that_matches_no_name_is_told_without_a_second_rule_w10() {
    let policy = r#"{"Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:RequestAlias": "alias/a.b"}}}}"#;
    assert!(message("p.json", policy).ends_with(", found `.`"));
}

/// A policy as a text that holds it, with its finding at the ARN.
const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-west-1:111122223333:alias/app"}]}"#;

#[test]
fn a_finding_in_a_policy_that_is_a_text_stands_where_it_is_written_w1() {
    let escaped = POLICY.replace('"', "\\\"");
    finds(
        "main.tf",
        &format!("resource \"aws_iam_policy\" \"p\" {{\n  policy = \"{escaped}\"\n}}\n"),
        &["main.tf:2:128 W1"],
    );
    finds(
        "main.tf.json",
        &format!(
            "{{\"resource\": {{\"aws_iam_policy\": {{\"p\": {{\n\"policy\": \"{escaped}\"}}}}}}}}"
        ),
        &["main.tf.json:2:127 W1"],
    );
    let template = |policy: &str| {
        format!(
            "Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument: {policy}\n"
        )
    };
    let lines = POLICY.replace(", ", ",\n        ");
    for (policy, expected) in [
        (format!("'{POLICY}'"), "t.yaml:5:122 W1"),
        (format!("\"{escaped}\""), "t.yaml:5:139 W1"),
        (format!("|\n        {lines}"), "t.yaml:9:22 W1"),
        (format!(">-\n        {lines}"), "t.yaml:9:22 W1"),
        (
            format!("!Sub |\n        {lines}").replace("eu-west-1", "${AWS::Region}"),
            "t.yaml:9:22 W1",
        ),
        (
            format!("!Sub |\n        {lines}").replace("kms:Decrypt", "kms:${Verb}"),
            "",
        ),
    ] {
        let expected: &[&str] = if expected.is_empty() {
            &[]
        } else {
            &[expected]
        };
        finds("t.yaml", &template(&policy), expected);
    }
    finds(
        "t.json",
        &format!(
            "{{\"Resources\": {{\"P\": {{\"Type\": \"AWS::IAM::ManagedPolicy\", \"Properties\": {{\n\"PolicyDocument\": \"{escaped}\"}}}}}}}}"
        ),
        &["t.json:2:135 W1"],
    );
}

#[test]
fn what_a_heredoc_fills_in_without_quotes_hides_no_other_statement_w1() {
    let policy = |resource: &str| {
        format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = <<-EOT\n    {{\n      \"Version\": \"2012-10-17\",\n      \"Statement\": [\n        ${{jsonencode(local.more)}},\n        {{\"Effect\": \"Allow\", \"Action\": \"kms:Decrypt\", \"Resource\": {resource}}}\n      ]\n    }}\n  EOT\n}}\n"
        )
    };
    let alias = "arn:aws:kms:*:*:alias/a";
    for (resource, expected) in [
        (format!("\"{alias}\""), vec!["main.tf:7:67 W1"]),
        (format!("[${{x}}, \"{alias}\"]"), vec![]),
        (
            format!("${{jsonencode([\"{alias}\"])}}"),
            vec!["main.tf:7:81 W1"],
        ),
        ("${jsonencode(var.keys)}".to_owned(), vec![]),
        ("${x}".to_owned(), vec![]),
        (
            "\"${aws_kms_alias.a.arn}\"".to_owned(),
            vec!["main.tf:7:67 W1"],
        ),
    ] {
        finds("main.tf", &policy(&resource), &expected);
    }
}

#[test]
fn statements_in_directives_of_a_heredoc_are_checked_w1() {
    let statement = "{\"Effect\": \"Allow\", \"Action\": \"kms:Decrypt\", \"Resource\": \"arn:aws:kms:*:*:alias/a\"}";
    for directive in [
        format!("%{{ for x in var.all ~}}\n    {statement},\n%{{ endfor ~}}"),
        format!("%{{ if var.x }}{statement},%{{ endif }}"),
    ] {
        let text = format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = <<EOT\n{{\"Version\": \"2012-10-17\", \"Statement\": [\n{directive}\n{statement}]}}\nEOT\n}}\n"
        );
        let line = 5 + directive.lines().count() - 1;
        let within = text.lines().nth(3).unwrap_or_default();
        let within = within
            .find("arn:")
            .map_or("main.tf:5:63 W1".to_owned(), |at| {
                format!("main.tf:4:{} W1", at + 1)
            });
        let beside = format!("main.tf:{line}:59 W1");
        finds("main.tf", &text, &[&within, &beside]);
    }
    // What is no whole statement, and what is no JSON with them, hides nothing either.
    for directive in [
        "%{ for x in var.all }${x},%{ endfor }".to_owned(),
        format!("%{{ for x in var.all }}{statement}%{{ if x != 1 }},%{{ endif }}%{{ endfor }}"),
        format!("%{{ if var.x }}{statement}]}}%{{ endif }},"),
    ] {
        let text = format!(
            "resource \"aws_iam_policy\" \"p\" {{\n  policy = <<EOT\n{{\"Version\": \"2012-10-17\", \"Statement\": [\n{directive}\n{statement}]}}\nEOT\n}}\n"
        );
        finds("main.tf", &text, &["main.tf:5:59 W1"]);
    }
    let keys = "{\"Effect\": \"Allow\", \"Action\": \"kms:Decrypt\", \"Resource\": [\"arn:aws:kms:*:*:alias/a\"%{ if var.x }, \"*\"%{ endif }]}";
    let text = format!(
        "locals {{\n  p = <<EOT\n{{\"Version\": \"2012-10-17\", \"Statement\": [{keys}]}}\nEOT\n}}\n"
    );
    finds("main.tf", &text, &[]);
}
