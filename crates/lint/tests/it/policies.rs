//! The rules W1–W14: a table of policies with the findings that they must get.

use kms_alias_lint::{Finding, PolicyKind, StatementName, lint_policy};
use serde_json::{Value, json};

use crate::files::{lint, rows};

const CASES: &str = include_str!("../cases/policies.json");

pub(crate) fn findings(policy: &Value, kind: PolicyKind, complete: bool) -> Vec<Finding> {
    let text = serde_json::to_string_pretty(policy).unwrap();
    lint_policy(text.as_bytes(), kind, complete).unwrap()
}

/// A finding as the table has it: rule, severity, statement, path.
pub(crate) fn row(finding: &Finding) -> Value {
    let policy = finding.policy.as_ref().unwrap();
    let statement = match &policy.statement {
        StatementName::Sid(sid) => json!(sid),
        StatementName::Index(index) => json!(index),
    };
    let (rule, severity) = (finding.rule.number(), finding.severity.as_str());
    json!([rule, severity, statement, policy.path])
}

fn sorted(mut rows: Vec<Value>) -> Vec<Value> {
    rows.sort_by_key(Value::to_string);
    rows
}

#[test]
fn every_policy_of_the_table_gets_its_findings() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    assert!(cases.len() >= 34);
    let mut wrong = String::new();
    for case in cases {
        let kind = PolicyKind::from_name(case["kind"].as_str().unwrap()).unwrap();
        let complete = case["complete"].as_bool().unwrap();
        let found = findings(&case["policy"], kind, complete);
        let found = sorted(found.iter().map(row).collect());
        let expected = sorted(case["findings"].as_array().unwrap().clone());
        if found != expected {
            wrong += &format!("{}: expected {expected:?}, found {found:?}\n", case["name"]);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The line and column of a marker, from 1, and the text without it.
fn marked(text: &str) -> (String, usize, usize) {
    let at = text.find('\u{2020}').expect("a marker");
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    (text.replace('\u{2020}', ""), line, column)
}

#[test]
fn a_policy_that_is_a_text_in_what_get_key_policy_prints_is_read_with_its_places() {
    let inner = r#"{\n  \"Statement\": [{\"Sid\": \"\u00fc\ud83d\ude00\", \"Effect\": \"Allow\",
        \"Principal\": \"*\", \"Action\": \"kms:Decrypt\", \"Resource\": \"*\", \"Condition\":
        {\"ForAnyValue:StringEquals\": {\"†kms:ResourceAliases\": \"alias/app\"}}}]}"#;
    let inner: String = inner.lines().map(str::trim).collect();
    let text = format!("{{\n  \"Policy\": \"{inner}\",\n  \"PolicyName\": \"default\"\n}}");
    let (text, line, column) = marked(&text);
    let found = lint_policy(text.as_bytes(), PolicyKind::Identity, false).unwrap();
    let places: Vec<_> = found
        .iter()
        .map(|one| (one.rule.number(), one.place.line, one.place.column))
        .collect();
    // A key policy cannot have this condition key.
    assert_eq!(places, [("W12", line, column)], "{text}");
    let path = &found[0].policy.as_ref().unwrap().path;
    assert_eq!(
        path,
        "/Statement/0/Condition/ForAnyValue:StringEquals/kms:ResourceAliases"
    );
}

#[test]
fn several_documents_in_one_file_are_all_read() {
    let policy = |resource: &str| json!({"Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": resource}});
    let alias = "arn:aws:kms:eu-west-1:210987654321:alias/app";
    let text = format!("{}\n{}\n{}\n", policy("*"), policy(alias), policy(alias));
    let found = lint_policy(text.as_bytes(), PolicyKind::Identity, false).unwrap();
    let lines: Vec<_> = found.iter().map(|one| one.place.line).collect();
    assert_eq!(lines, [2, 3]);
    let report = kms_alias_lint::lint_files(
        [("policies.json", text.as_bytes())],
        &kms_alias_lint::Options::default(),
    );
    assert_eq!((report.findings.len(), report.unread.len()), (2, 0));
    let cut = format!("{text}{{");
    let report = kms_alias_lint::lint_files(
        [("policies.json", cut.as_bytes())],
        &kms_alias_lint::Options::default(),
    );
    assert_eq!((report.findings.len(), report.unread.len()), (0, 1));
}

#[test]
fn policies_are_read_from_what_the_cli_prints_of_an_account_and_an_organization_w1() {
    let policy = |verb: &str| {
        format!(
            "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Deny\",\"Action\":\"kms:{verb}\",\"Resource\":\"arn:aws:kms:*:*:alias/a\"}}]}}"
        )
    };
    let (one, other) = (policy("Decrypt"), policy("Sign"));
    let account = format!(
        "{{\"UserDetailList\":[],\"RoleDetailList\":[{{\"RoleName\":\"r\",\"RolePolicyList\":[{{\"PolicyName\":\"p\",\"PolicyDocument\":{one}}}]}}],\n\"Policies\":[{{\"PolicyVersionList\":[{{\"Document\":{other},\"IsDefaultVersion\":false}},\n{{\"Document\":{other},\"IsDefaultVersion\":true}}]}}]}}"
    );
    let report = lint(&[("a.json", &account)]);
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|one| (one.place.line, &*one.policy.as_ref().unwrap().path))
        .collect();
    let expected = [
        (
            1,
            "/RoleDetailList/0/RolePolicyList/0/PolicyDocument/Statement/0/Resource",
        ),
        (
            3,
            "/Policies/0/PolicyVersionList/1/Document/Statement/0/Resource",
        ),
    ];
    assert_eq!(found, expected);
    let content = one.replace('"', "\\\"");
    let organization = format!(
        "{{\"Policy\":{{\"PolicySummary\":{{\"Type\":\"SERVICE_CONTROL_POLICY\"}},\n\"Content\":\"{content}\"}}}}"
    );
    assert_eq!(
        rows(&lint(&[("s.json", &organization)])),
        ["s.json:2:118 W1"]
    );
}
