//! The findings for programs.

use std::io::{self, Write};

use kms_alias_lint::{Finding, Severity, StatementName};
use serde_json::{Value, json};

use crate::common::Output;
use crate::common::machine::{self, Level, Region, Unread, annotation, document};

/// One object a finding, and one for each file that could not be read.
pub fn print_json(out: &mut Output, findings: &[Finding], unread: &[Unread]) -> io::Result<()> {
    for finding in findings {
        writeln!(out, "{}", object(finding))?;
    }
    for unread in unread {
        let object = json!({"file": unread.file, "unread": unread.message});
        writeln!(out, "{object}")?;
    }
    Ok(())
}

fn object(finding: &Finding) -> Value {
    let mut object = json!({
        "file": finding.file,
        "line": finding.place.line,
        "column": finding.place.column,
        "rule": finding.rule.number(),
        "severity": finding.severity.as_str(),
        "message": finding.message,
    });
    if let Some(policy) = &finding.policy {
        object["path"] = policy.path.as_str().into();
        object["statement"] = match &policy.statement {
            StatementName::Sid(sid) => sid.as_str().into(),
            StatementName::Index(index) => (*index).into(),
        };
    }
    object
}

pub fn print_sarif(out: &mut Output, findings: &[Finding], unread: &[Unread]) -> io::Result<()> {
    let findings: Vec<_> = findings.iter().map(for_machines).collect();
    writeln!(out, "{:#}", document(&findings, unread))
}

pub fn print_github(out: &mut Output, findings: &[Finding]) -> io::Result<()> {
    for finding in findings {
        writeln!(out, "{}", annotation(&for_machines(finding)))?;
    }
    Ok(())
}

fn for_machines(finding: &Finding) -> machine::Finding {
    let (line, column) = (finding.place.line, finding.place.column);
    machine::Finding {
        rule: finding.rule.number(),
        text: finding.rule.text(),
        level: match finding.severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
            Severity::Note => Level::Note,
        },
        message: finding.message.clone(),
        file: finding.file.clone(),
        region: Some(Region {
            line,
            columns: Some((column, column.saturating_add(finding.length.max(1)))),
        }),
        address: finding.policy.as_ref().map(|policy| policy.path.clone()),
    }
}
