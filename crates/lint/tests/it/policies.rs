//! The rules W1–W14: a table of policies with the findings that they must get.

use kms_alias_lint::{Finding, PolicyKind, StatementName, lint_policy};
use serde_json::{Value, json};

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
