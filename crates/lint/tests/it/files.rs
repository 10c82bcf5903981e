//! Names and identifiers in files: a table of folders with the findings that they must get.

use std::collections::BTreeMap;

use kms_alias_lint::{Options, Report, lint_files};
use serde_json::{Value, json};

const CASES: &str = include_str!("../cases/files.json");

pub(crate) fn lint(files: &[(&str, &str)]) -> Report {
    let files = files.iter().map(|(path, text)| (*path, text.as_bytes()));
    lint_files(files, &Options::default())
}

/// Each finding as `file:line:column rule`.
pub(crate) fn rows(report: &Report) -> Vec<String> {
    let rows = report.findings.iter().map(|finding| {
        let place = finding.place;
        format!(
            "{}:{}:{} {}",
            finding.file, place.line, place.column, finding.rule
        )
    });
    rows.collect()
}

#[test]
fn every_folder_of_the_table_gets_its_findings() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    assert!(cases.len() >= 26);
    let mut wrong = String::new();
    for case in cases {
        let files: BTreeMap<String, String> =
            serde_json::from_value(case["files"].clone()).unwrap();
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| (&**path, &**text))
            .collect();
        let report = lint(&files);
        let found: Vec<_> = report
            .findings
            .iter()
            .map(|f| json!([f.file, f.place.line, f.place.column, f.rule.number()]))
            .collect();
        if json!(found) != case["findings"] || !report.unread.is_empty() {
            let (name, expected) = (&case["name"], &case["findings"]);
            wrong += &format!("{name}: expected {expected}, found {report:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn comments_are_read_in_a_jsonc_and_told_elsewhere() {
    let policy = "// why\n{\"Effect\": \"Allow\", \"Action\": \"kms:Decrypt\", /* é */ \"Resource\": \"arn:aws:kms:*:*:alias/a\",}\n";
    assert_eq!(rows(&lint(&[("p.jsonc", policy)])), ["p.jsonc:2:67 W1"]);
    for path in ["p.json", "-", "policy"] {
        let report = lint(&[(path, policy)]);
        let told = report.unread[0].to_string();
        let beginning = format!("{path}:1:1: not JSON: JSON has no comments: remove it");
        assert!(told.starts_with(&beginning), "{told}");
    }
    for text in ["", "// nothing\n{}", "/usr/bin/env\n{"] {
        for path in ["p.jsonc", "p.json", "-"] {
            let report = lint(&[(path, text)]);
            assert_eq!(report.findings, []);
            let is_broken = text.ends_with("\n{") && path != "-";
            assert_eq!(report.unread.len(), usize::from(is_broken), "{path} {text}");
        }
    }
}
