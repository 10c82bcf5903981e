//! Names, identifiers and policies in files.

use kms_alias_lint::{Finding, Options, PolicyKind, Report, StatementName, Unread, lint_files};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::wrap_pyfunction;

use crate::documents;
use crate::identifier::reserved_names;

/// A finding as the dataclass of the package takes it: file, line, column, length, rule, severity,
/// message, and in a policy the path and the statement.
type Row = (
    String,
    usize,
    usize,
    usize,
    &'static str,
    &'static str,
    String,
    Option<String>,
    Option<Statement>,
);

/// A statement: its `Sid`, or its place among the statements.
#[derive(IntoPyObject)]
enum Statement {
    Sid(String),
    Index(usize),
}

/// A file that could not be read: file, line, column and reason.
type UnreadRow = (String, usize, usize, String);

fn policy_kind(name: &str) -> PyResult<PolicyKind> {
    PolicyKind::from_name(name).ok_or_else(|| {
        PyValueError::new_err("a policy is of kind \"identity\", \"key\", \"scp\" or \"rcp\"")
    })
}

/// Checks files that belong together.
#[pyfunction]
#[pyo3(signature = (files, *, policy_kind = "identity", complete = false, reserved = None))]
fn lint(
    py: Python<'_>,
    files: Vec<(String, Bound<'_, PyAny>)>,
    policy_kind: &str,
    complete: bool,
    reserved: Option<&str>,
) -> PyResult<(Vec<Row>, Vec<UnreadRow>, usize)> {
    let mut options = Options::default();
    options.reserved_names = reserved_names(reserved)?;
    options.policy_kind = self::policy_kind(policy_kind)?;
    options.complete = complete;
    let files = files.into_iter();
    let files = files.map(|(name, text)| {
        let bytes = documents::bytes(&name, &text)?;
        Ok((name, bytes))
    });
    let files = files.collect::<PyResult<Vec<_>>>()?;
    let report = py.detach(|| {
        let files = files.iter();
        let files = files.map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        lint_files(files, &options)
    });
    let Report {
        findings,
        unread,
        looked_at,
        ..
    } = report;
    let findings = findings.into_iter().map(row).collect();
    Ok((
        findings,
        unread.into_iter().map(unread_row).collect(),
        looked_at,
    ))
}

/// Checks one policy document: its findings, or where and why it cannot be read.
#[pyfunction]
#[pyo3(signature = (text, *, kind = "identity", complete = false))]
fn lint_policy(
    py: Python<'_>,
    text: &Bound<'_, PyAny>,
    kind: &str,
    complete: bool,
) -> PyResult<(Vec<Row>, Option<UnreadRow>)> {
    let (kind, bytes) = (policy_kind(kind)?, documents::bytes("text", text)?);
    let findings = py.detach(|| kms_alias_lint::lint_policy(&bytes, kind, complete));
    Ok(match findings {
        Ok(findings) => (findings.into_iter().map(row).collect(), None),
        Err(unread) => (Vec::new(), Some(unread_row(unread))),
    })
}

/// What a document is by its content, such as `"CloudFormation"`.
#[pyfunction]
fn kind_of(text: &Bound<'_, PyAny>) -> PyResult<String> {
    let bytes = documents::bytes("text", text)?;
    Ok(format!("{:?}", kms_alias_files::recognise(&bytes)))
}

fn row(finding: Finding) -> Row {
    let (path, statement) = finding.policy.map_or((None, None), |policy| {
        let statement = match policy.statement {
            StatementName::Sid(sid) => Statement::Sid(sid),
            StatementName::Index(index) => Statement::Index(index),
        };
        (Some(policy.path), Some(statement))
    });
    (
        finding.file,
        finding.place.line,
        finding.place.column,
        finding.length,
        finding.rule.number(),
        finding.severity.as_str(),
        finding.message,
        path,
        statement,
    )
}

fn unread_row(unread: Unread) -> UnreadRow {
    let (line, column) = (unread.place.line, unread.place.column);
    (unread.file, line, column, unread.reason)
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(kind_of, module)?)?;
    module.add_function(wrap_pyfunction!(lint, module)?)?;
    module.add_function(wrap_pyfunction!(lint_policy, module)?)
}
