//! The report for programs.

use std::io::{self, Write};

use kms_alias_audit::{Evidence, Finding, Report};
use serde_json::{Value, json};

use crate::common::{Output, cloud_trail_time};

/// One object a line: each finding, each reason for which events were not judged, each choice of which
/// the log says something, or all of them, and last the counts.
pub fn print(out: &mut Output, report: &Report<'_>, all: bool) -> io::Result<()> {
    let mut line = |kind: &str, value: Value| {
        let line = json!({"scope": report.scope().to_string(), kind: value});
        writeln!(out, "{line}")
    };
    for finding in report.findings() {
        line("finding", finding_json(finding))?;
    }
    for (reason, count) in report.not_judged() {
        let value =
            json!({"reason": format!("{reason:?}"), "words": reason.to_string(), "count": count});
        line("notJudged", value)?;
    }
    let is_seen = |of: &&Evidence<'_>| all || of.confirmed() + of.contradicted() > 0;
    for evidence in report.evidence().iter().filter(is_seen) {
        line("choice", choice_json(evidence))?;
    }
    let summary = json!({
        "judged": report.judged(),
        "agree": report.agreed(),
        "differ": report.findings().len(),
        "notJudged": not_judged(report),
        "ofOtherScopes": report.of_other_scopes(),
    });
    line("summary", summary)
}

fn finding_json(finding: &Finding<'_>) -> Value {
    let event = finding.event();
    let aws = event
        .error()
        .map(|error| json!({"errorCode": error.code(), "errorMessage": error.message()}));
    let ours = finding.ours().map(|refusal| {
        let rule = refusal.rule().number();
        json!({"exception": refusal.exception(), "message": refusal.to_string(), "rule": rule})
    });
    let choices: Vec<_> = finding
        .choices()
        .iter()
        .map(|choice| choice.name())
        .collect();
    json!({
        "eventID": event.id(),
        "eventTime": cloud_trail_time(event.time()),
        "eventName": event.name(),
        "subject": event.subject(),
        "difference": format!("{:?}", finding.difference()),
        "aws": aws,
        "ours": ours,
        "choices": choices,
    })
}

fn choice_json(evidence: &Evidence<'_>) -> Value {
    let choice = evidence.choice();
    json!({
        "name": choice.name(),
        "rule": choice.rule().map(|rule| rule.number()),
        "text": choice.text(),
        "confirmed": evidence.confirmed(),
        "contradicted": evidence.contradicted(),
        "confirmedBy": choice.confirmed_by(),
        "contradictedBy": choice.contradicted_by(),
    })
}

fn not_judged(report: &Report<'_>) -> usize {
    report.not_judged().map(|(_, count)| count).sum()
}
