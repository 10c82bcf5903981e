//! Each sentence of the rules W1–W14, with its exceptions.

use kms_alias_lint::{PolicyKind, PolicyRule, lint_policy};
use serde_json::{Value, json};

mod conditions;
mod resources;

use crate::policies::findings;

const ALIAS: &str = "arn:aws:kms:eu-west-1:210987654321:alias/app";
const KEY: &str = "arn:aws:kms:eu-west-1:210987654321:key/5f0c2a9e-7b31-4d68-9a4e-c1d2e3f4a5b6";
const KEYS: &str = "arn:aws:kms:eu-west-1:210987654321:key/*";

fn short(policy: &Value, kind: PolicyKind, complete: bool) -> Vec<String> {
    let found = findings(policy, kind, complete);
    let row = |finding: &kms_alias_lint::Finding| {
        let path = &finding.policy.as_ref().unwrap().path;
        format!("{} {} {path}", finding.rule, finding.severity)
    };
    let mut rows: Vec<_> = found.iter().map(row).collect();
    rows.sort();
    rows
}

/// Checks a statement, Allow unless it says otherwise.
#[track_caller]
fn of(statement: Value, expected: &[&str]) {
    of_kind(statement, PolicyKind::Identity, expected);
}

#[track_caller]
fn of_kind(mut statement: Value, kind: PolicyKind, expected: &[&str]) {
    statement
        .as_object_mut()
        .unwrap()
        .entry("Effect")
        .or_insert(json!("Allow"));
    assert_eq!(short(&statement, kind, false), expected, "{statement}");
}

/// Checks a condition on Decrypt of any key.
#[track_caller]
fn condition(condition: Value, expected: &[&str]) {
    let statement = json!({"Action": "kms:Decrypt", "Resource": "*", "Condition": condition});
    let prefixed: Vec<_> = expected
        .iter()
        .map(|row| row.replace(" /", " /Condition/"))
        .collect();
    of(
        statement,
        &prefixed.iter().map(String::as_str).collect::<Vec<_>>(),
    );
}

#[test]
fn examples_of_each_rule_break_it_and_the_mended_ones_break_none() {
    for rule in PolicyRule::ALL {
        let complete = *rule == PolicyRule::W14;
        let judge =
            |text: &str| lint_policy(text.as_bytes(), PolicyKind::Identity, complete).unwrap();
        let wrong = judge(rule.wrong());
        assert!(!wrong.is_empty(), "{rule}");
        assert!(
            wrong
                .iter()
                .all(|finding| finding.rule.number() == rule.number()),
            "{rule}: {wrong:?}"
        );
        assert_eq!(judge(rule.right()), [], "{rule}");
    }
}

#[test]
fn statements_alone_in_lists_and_in_answers_of_the_cli_have_their_pointers() {
    let statement =
        json!({"Sid": "", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": [ALIAS]});
    assert_eq!(
        short(&statement, PolicyKind::Identity, false),
        ["W1 error /Resource/0"]
    );
    assert_eq!(
        short(&json!([statement, statement]), PolicyKind::Identity, false),
        ["W1 error /0/Resource/0", "W1 error /1/Resource/0"]
    );
    let document = json!({"Version": "2012-10-17", "Statement": statement});
    assert_eq!(
        short(&document, PolicyKind::Identity, false),
        ["W1 error /Statement/Resource/0"]
    );
    assert_eq!(
        short(&json!([document]), PolicyKind::Identity, false),
        ["W1 error /0/Statement/Resource/0"]
    );
    let answer = json!({"PolicyVersion": {"VersionId": "v1", "Document": document}});
    assert_eq!(
        short(&answer, PolicyKind::Identity, false),
        ["W1 error /PolicyVersion/Document/Statement/Resource/0"]
    );
}
