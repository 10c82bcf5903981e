//! Verdicts on changes.

use std::collections::HashMap;

use kms_alias::Timestamp;
use kms_alias_files::{AccountError, Accounts, Options, ReadRun, RunInput, read_account, read_run};
use kms_alias_foresee::verdict::{Answer, Need, Outcome, Possible, RunStep, judge};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString, PyTuple, PyType};
use pyo3::wrap_pyfunction;

use crate::documents::Documents;
use crate::errors;
use crate::table::options;
use crate::time::moment;

/// What KMS would answer to each of these changes: one :class:`Verdict` a step.
///
/// ``account`` is a list of documents as ``aws kms list-aliases``, ``list-keys`` and ``describe-key``
/// print them, text, bytes or what boto3 answered; :func:`fetch` makes one. ``changes`` is a list of
/// changes, such as ``{"DeleteAlias": {"AliasName": "alias/old"}}``, a Terraform plan (``terraform
/// show -json``), a CloudFormation template or the manifest of a CDK assembly. Each step is judged on
/// the account as the steps before it leave it, in every order that a plan allows; a step that is
/// refused changes nothing.
///
/// ``deployed`` is the template that is running, ``parameters`` are the values of a template's
/// parameters by name, ``templates`` and ``deployed_templates`` the templates of an assembly by their
/// file names.
///
/// An account may be known in part: keys that are not described, lists that are missing, or a part
/// of what stands (``partial``). A verdict is ``ok`` or ``refused`` only if it is so whatever the
/// unknown is; otherwise it is ``undecided``, and says what it hangs on and what would settle it.
///
/// Raises :class:`UnusableInput`, which says where, for what cannot be read.
///
/// >>> from kms_alias import check
/// >>> account = [{"Aliases": [{
/// ...     "AliasName": "alias/aws/s3",
/// ...     "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/aws/s3",
/// ... }]}]
/// >>> [verdict] = check(account, '{"DeleteAlias": {"AliasName": "alias/old"}}')
/// >>> verdict.outcome, verdict.exception, verdict.rule
/// ('refused', 'NotFoundException', 'U1')
#[pyfunction]
#[pyo3(signature = (
    account, changes, *, deployed = None, parameters = None, templates = None,
    deployed_templates = None, at = None, partial = false, reserved = None, aliases_per_key = None
))]
#[expect(
    clippy::too_many_arguments,
    reason = "each is a keyword of the Python function"
)]
fn check(
    py: Python<'_>,
    account: &Bound<'_, PyAny>,
    changes: &Bound<'_, PyAny>,
    deployed: Option<&Bound<'_, PyAny>>,
    parameters: Option<HashMap<String, String>>,
    templates: Option<&Bound<'_, PyAny>>,
    deployed_templates: Option<&Bound<'_, PyAny>>,
    at: Option<&Bound<'_, PyAny>>,
    partial: bool,
    reserved: Option<&str>,
    aliases_per_key: Option<u32>,
) -> PyResult<Py<PyList>> {
    let options = options(reserved, aliases_per_key)?.with_partial(partial);
    let deployed = deployed.map(|deployed| Documents::one("deployed", deployed));
    let asked = Asked {
        at: moment(at)?,
        account: Documents::of("account", account)?,
        changes: Documents::one("changes", changes)?,
        deployed: deployed.transpose()?,
        parameters: parameters.unwrap_or_default(),
        templates: Documents::named(templates)?,
        deployed_templates: Documents::named(deployed_templates)?,
    };
    match py.detach(|| asked.judge(options)) {
        Ok(judged) => listed(py, &judged),
        Err(error) => Err(errors::unusable(py, &error)),
    }
}

/// What is judged.
struct Asked {
    at: Timestamp,
    account: Documents,
    changes: Documents,
    deployed: Option<Documents>,
    parameters: HashMap<String, String>,
    templates: Documents,
    deployed_templates: Documents,
}

/// The steps and what is said of each.
struct Judged {
    read: ReadRun,
    outcomes: Vec<Outcome>,
}

impl Asked {
    fn judge(&self, options: Options) -> Result<Judged, AccountError> {
        let account = self.account.files();
        let mut accounts = if account.is_empty() {
            Accounts::unknown(options)
        } else {
            read_account(&account, options)?
        };
        let read = read_run(&self.input(), &mut accounts)?;
        let outcomes = judge(&read.run, accounts.into_knowledge()).outcomes;
        Ok(Judged { read, outcomes })
    }

    fn input(&self) -> RunInput<'_> {
        let parameters = self.parameters.iter();
        let mut input = RunInput::new(self.changes.file(), self.at);
        input.deployed = self.deployed.as_ref().map(Documents::file);
        input.parameters = parameters
            .map(|(name, value)| (name.as_str().into(), value.as_str().into()))
            .collect();
        input.templates = self.templates.files();
        input.deployed_templates = self.deployed_templates.files();
        input
    }
}

/// The verdicts as the dataclass of the package.
///
/// The collector of garbage is asked to wait: it would look at every verdict several times, and
/// none of them is garbage.
fn listed(py: Python<'_>, judged: &Judged) -> PyResult<Py<PyList>> {
    let collector = py.import("gc")?;
    let was_enabled: bool = collector.call_method0("isenabled")?.extract()?;
    collector.call_method0("disable")?;
    let list = verdicts(py, judged);
    if was_enabled {
        collector.call_method0("enable")?;
    }
    list
}

fn verdicts(py: Python<'_>, Judged { read, outcomes }: &Judged) -> PyResult<Py<PyList>> {
    let list = PyList::empty(py);
    for (index, (step, outcome)) in read.run.steps.iter().zip(outcomes).enumerate() {
        if read.is_listed(step, outcome) {
            let number = index.saturating_add(1);
            list.append(verdict(py, number, step, outcome)?)?;
        }
    }
    Ok(list.unbind())
}

fn verdict<'py>(
    py: Python<'py>,
    number: usize,
    step: &RunStep,
    outcome: &Outcome,
) -> PyResult<Bound<'py, PyAny>> {
    let verdict = bare(py)?;
    let members = verdict
        .getattr(intern!(py, "__dict__"))?
        .cast_into::<PyDict>()?;
    members.set_item(intern!(py, "step"), number)?;
    let operation = PyString::intern(py, step.request.operation());
    members.set_item(intern!(py, "operation"), operation)?;
    if let Some(address) = &step.address {
        members.set_item("address", &**address)?;
    }
    if !step.notes.is_empty() {
        let notes = step.notes.iter().map(|note| &**note);
        members.set_item("notes", PyTuple::new(py, notes.collect::<Vec<_>>())?)?;
    }
    let name = match outcome {
        Outcome::Ok => intern!(py, "ok"),
        Outcome::Refused { could_be } => {
            match could_be.as_slice() {
                [answer] => answered(&members, answer)?,
                several => {
                    let several = several.iter().map(|answer| refused(py, answer));
                    members.set_item("could_be", tuple(py, several)?)?;
                }
            }
            intern!(py, "refused")
        }
        Outcome::Undecided {
            needs,
            could_be,
            settle,
        } => {
            members.set_item("needs", tuple(py, needs.iter().map(|of| need(py, of)))?)?;
            let could_be = could_be.iter().map(|of| possible(py, of));
            members.set_item("could_be", tuple(py, could_be)?)?;
            let settle = settle.iter().map(|command| &**command);
            members.set_item("settle", PyTuple::new(py, settle.collect::<Vec<_>>())?)?;
            intern!(py, "undecided")
        }
    };
    members.set_item(intern!(py, "outcome"), name)?;
    Ok(verdict)
}

/// A `Verdict` with nothing in it.
///
/// The constructor of a frozen dataclass sets each field by a call of its own, which for a list of
/// 100,000 takes as long as judging them. The defaults stand in the class.
fn bare(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static NEW: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let class = CLASS.import(py, "kms_alias._verdict", "Verdict")?;
    let new = NEW.get_or_try_init(py, || {
        let object = py.import("builtins")?.getattr("object")?;
        Ok::<_, PyErr>(object.getattr("__new__")?.unbind())
    })?;
    new.bind(py).call1((class,))
}

fn tuple<'py>(
    py: Python<'py>,
    items: impl Iterator<Item = PyResult<Bound<'py, PyDict>>>,
) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, items.collect::<PyResult<Vec<_>>>()?)
}

fn answered(members: &Bound<'_, PyDict>, answer: &Answer) -> PyResult<()> {
    members.set_item("exception", answer.exception)?;
    members.set_item("message", &*answer.message)?;
    members.set_item("rule", answer.rule.number())
}

fn refused<'py>(py: Python<'py>, answer: &Answer) -> PyResult<Bound<'py, PyDict>> {
    let members = PyDict::new(py);
    members.set_item("outcome", "refused")?;
    answered(&members, answer)?;
    Ok(members)
}

fn possible<'py>(py: Python<'py>, possible: &Possible) -> PyResult<Bound<'py, PyDict>> {
    match possible {
        Possible::Refused(answer) => refused(py, answer),
        Possible::Ok => {
            let members = PyDict::new(py);
            members.set_item("outcome", "ok")?;
            Ok(members)
        }
    }
}

/// What an outcome hangs on, with the member names of the program; steps are counted from 1.
fn need<'py>(py: Python<'py>, need: &Need) -> PyResult<Bound<'py, PyDict>> {
    let members = PyDict::new(py);
    match need {
        Need::Key { key, fact } => {
            members.set_item("key", &**key)?;
            members.set_item("fact", fact.as_str())?;
        }
        Need::Order { first, second } => {
            let steps = (first.saturating_add(1), second.saturating_add(1));
            members.set_item("order", steps)?;
        }
        Need::Name { label } => members.set_item("name", &**label)?,
        Need::Alias { alias_name } => members.set_item("alias", &**alias_name)?,
        Need::Account => members.set_item("place", "account")?,
        Need::Region => members.set_item("place", "region")?,
        Need::BoundReached => members.set_item("bound", "reached")?,
        other => members.set_item("other", format!("{other:?}"))?,
    }
    Ok(members)
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(check, module)?)
}
