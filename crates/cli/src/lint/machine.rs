//! The findings for programs.

use std::io::{self, Write};

use kms_alias_lint::{Finding, Severity, StatementName};
use serde::Serialize;
use serde_json::json;

use crate::common::Output;
use crate::common::machine::{self, Level, Region, Unread, annotation, document};

/// One object a finding, and one for each file that could not be read.
pub fn print_json(out: &mut Output, findings: &[Finding], unread: &[Unread]) -> io::Result<()> {
    for finding in findings {
        serde_json::to_writer(&mut *out, &object(finding))?;
        out.write_all(b"\n")?;
    }
    for unread in unread {
        let object = json!({"file": unread.file, "unread": unread.told()});
        writeln!(out, "{object}")?;
    }
    Ok(())
}

/// A finding, as the program's users read it.
#[derive(Serialize)]
struct Object<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<Statement<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Statement<'a> {
    Sid(&'a str),
    Index(usize),
}

fn object(finding: &Finding) -> Object<'_> {
    let policy = finding.policy.as_ref();
    Object {
        file: &finding.file,
        line: finding.place.line,
        column: finding.place.column,
        rule: finding.rule.number(),
        severity: finding.severity.as_str(),
        message: &finding.message,
        path: policy.map(|policy| policy.path.as_str()),
        statement: policy.map(|policy| match &policy.statement {
            StatementName::Sid(sid) => Statement::Sid(sid),
            StatementName::Index(index) => Statement::Index(*index),
        }),
    }
}

pub fn print_sarif(out: &mut Output, findings: &[Finding], unread: &[Unread]) -> io::Result<()> {
    let findings: Vec<_> = findings.iter().map(for_machines).collect();
    writeln!(out, "{:#}", document(&findings, unread))
}

pub fn print_github(out: &mut Output, findings: &[Finding], unread: &[Unread]) -> io::Result<()> {
    let findings = findings.iter().map(for_machines);
    for finding in findings.chain(unread.iter().map(machine::Finding::from)) {
        writeln!(out, "{}", annotation(&finding))?;
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
