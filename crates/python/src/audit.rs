//! CloudTrail's log against the rules.

use kms_alias::AliasTable;
use kms_alias_audit::{Coverage, Report, audit as replay, read_trail};
use kms_alias_files::{AccountError, File, Options, read_one_account};
use kms_alias_foresee::verdict::{AliasList, KeyList};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use pyo3::wrap_pyfunction;

use crate::documents::Documents;
use crate::errors;
use crate::table::options;

/// Holds a log against the rules, each account and Region of it apart: one report of each.
#[pyfunction]
#[pyo3(signature = (
    trail, *, account = None, part = false, reserved = None, aliases_per_key = None
))]
fn audit(
    py: Python<'_>,
    trail: &Bound<'_, PyAny>,
    account: Option<&Bound<'_, PyAny>>,
    part: bool,
    reserved: Option<&str>,
    aliases_per_key: Option<u32>,
) -> PyResult<(Py<PyList>, Unjudged)> {
    let options = options(reserved, aliases_per_key)?;
    let trail = Documents::log("trail", trail)?;
    let account = account.map(|account| Documents::of("account", account));
    let account = account.transpose()?;
    let findings = py.detach(|| {
        let account = account.as_ref().map(Documents::files);
        judge(&trail.files(), account.as_deref(), part, options)
    });
    let (findings, unjudged) = findings.map_err(|error| errors::unusable(py, &error))?;
    let list = PyList::empty(py);
    for audited in &findings {
        list.append(audited.to_dict(py)?)?;
    }
    Ok((list.unbind(), unjudged))
}

/// Records that no report counts: of other services, without a source, events that came again, and
/// events that do not say which account and Region they are of.
type Unjudged = (usize, usize, usize, usize);

/// What is told of one account and Region.
struct Audited {
    scope: String,
    judged: usize,
    agreed: usize,
    findings: Vec<Found>,
    not_judged: Vec<(String, usize)>,
    of_other_scopes: usize,
}

/// An event on which AWS and the rules differ.
struct Found {
    event_id: Option<String>,
    event_time: f64,
    event_name: String,
    subject: Option<String>,
    difference: String,
    aws_code: Option<String>,
    aws_message: Option<String>,
    exception: Option<&'static str>,
    message: Option<String>,
    rule: Option<&'static str>,
    choices: Vec<&'static str>,
}

fn judge(
    trail: &[File<'_>],
    account: Option<&[File<'_>]>,
    part: bool,
    options: Options,
) -> Result<(Vec<Audited>, Unjudged), AccountError> {
    let trail = read_trail(trail)?;
    let (tables, coverage) = match account {
        Some(account) => {
            let known = read_one_account(account, options)?;
            let coverage = if part {
                Coverage::Part
            } else {
                // Without a list of aliases none stands but those that are told (rule H6).
                let all_aliases = known.alias_list != AliasList::Incomplete;
                Coverage::of_lists(all_aliases, known.key_list == KeyList::Complete)
            };
            (vec![known.into_table()], coverage)
        }
        None => {
            let scopes = trail.scopes().into_iter();
            let tables = scopes.map(|(scope, _)| {
                let table = AliasTable::new(scope).with_reserved_names(options.reserved_names);
                match options.aliases_per_key {
                    Some(quota) => table.with_aliases_per_key(quota),
                    None => table,
                }
            });
            (tables.collect(), Coverage::Part)
        }
    };
    let reports = tables.into_iter();
    let reports = reports.map(|table| Audited::of(&replay(table, coverage, &trail)));
    let unjudged = (
        trail.other_services(),
        trail.without_source(),
        trail.repeated(),
        trail.without_scope(),
    );
    Ok((reports.collect(), unjudged))
}

impl Audited {
    fn of(report: &Report<'_>) -> Self {
        let not_judged = report.not_judged();
        Self {
            scope: report.scope().to_string(),
            judged: report.judged(),
            of_other_scopes: report.of_other_scopes(),
            agreed: report.agreed(),
            findings: report.findings().iter().map(Found::of).collect(),
            not_judged: not_judged
                .map(|(reason, count)| (format!("{reason:?}"), count))
                .collect(),
        }
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let findings = PyList::empty(py);
        for finding in &self.findings {
            findings.append(finding.to_dict(py)?)?;
        }
        let not_judged = PyDict::new(py);
        for (reason, count) in &self.not_judged {
            not_judged.set_item(reason, count)?;
        }
        let report = PyDict::new(py);
        report.set_item("scope", &self.scope)?;
        report.set_item("judged", self.judged)?;
        report.set_item("agreed", self.agreed)?;
        report.set_item("findings", findings)?;
        report.set_item("not_judged", not_judged)?;
        report.set_item("of_other_scopes", self.of_other_scopes)?;
        Ok(report)
    }
}

impl Found {
    fn of(finding: &kms_alias_audit::Finding<'_>) -> Self {
        let (event, ours) = (finding.event(), finding.ours());
        let choices = finding.choices().iter();
        Self {
            event_id: event.id().map(str::to_owned),
            event_time: event.time().as_seconds(),
            event_name: event.name().to_owned(),
            subject: event.subject().map(|subject| subject.into_owned()),
            difference: format!("{:?}", finding.difference()),
            aws_code: event.error().map(|error| error.code().to_owned()),
            aws_message: event
                .error()
                .and_then(|error| error.message())
                .map(str::to_owned),
            exception: ours.map(kms_alias::Refusal::exception),
            message: ours.map(ToString::to_string),
            rule: ours.map(|refusal| refusal.rule().number()),
            choices: choices.map(|choice| choice.name()).collect(),
        }
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let found = PyDict::new(py);
        found.set_item("event_id", &self.event_id)?;
        found.set_item("event_time", self.event_time)?;
        found.set_item("event_name", &self.event_name)?;
        found.set_item("subject", &self.subject)?;
        found.set_item("difference", &self.difference)?;
        found.set_item("aws_code", &self.aws_code)?;
        found.set_item("aws_message", &self.aws_message)?;
        found.set_item("exception", self.exception)?;
        found.set_item("message", &self.message)?;
        found.set_item("rule", self.rule)?;
        found.set_item("choices", &self.choices)?;
        Ok(found)
    }
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(audit, module)?)
}
