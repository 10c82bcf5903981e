//! Verdicts on changes.

use std::collections::HashMap;

use kms_alias_foresee::verdict::{Answer, Conclusion, Need, Outcome, Possible};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString, PyTuple, PyType};
use pyo3::wrap_pyfunction;

use crate::documents::Documents;
use crate::errors;
use crate::judged::{Asked, Judged, Parameters, Shown, Warned};
use crate::table::options;
use crate::time::moment;

/// The verdicts, what is said of all of them together, and what else is to be said.
type Answered = (Py<PyList>, &'static str, Vec<Warned>);

/// What KMS would answer to each of these changes.
#[pyfunction]
#[pyo3(signature = (
    account, changes, *, deployed = None, parameters = None, deployed_parameters = None,
    templates = None, deployed_templates = None, at = None, partial = false, reserved = None,
    aliases_per_key = None
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
    deployed_parameters: Option<HashMap<String, String>>,
    templates: Option<&Bound<'_, PyAny>>,
    deployed_templates: Option<&Bound<'_, PyAny>>,
    at: Option<&Bound<'_, PyAny>>,
    partial: bool,
    reserved: Option<&str>,
    aliases_per_key: Option<u32>,
) -> PyResult<Answered> {
    let options = options(reserved, aliases_per_key)?.with_partial(partial);
    let deployed = deployed.map(|deployed| Documents::one("deployed", deployed));
    let asked = Asked {
        at: moment(at)?,
        account: Documents::of("account", account)?,
        changes: Documents::list("changes", changes)?,
        deployed: deployed.transpose()?,
        parameters: values(parameters),
        deployed_parameters: values(deployed_parameters),
        templates: Documents::named("templates", templates)?,
        deployed_templates: Documents::named("deployed_templates", deployed_templates)?,
    };
    let judged = py.detach(|| asked.judge(options));
    let judged = judged.map_err(|error| errors::unusable(py, &error))?;
    let outcome = match judged.conclusion {
        Conclusion::Passes => "ok",
        Conclusion::Fails => "refused",
        Conclusion::Undecided => "undecided",
    };
    Ok((listed(py, &judged)?, outcome, judged.warnings))
}

fn values(parameters: Option<HashMap<String, String>>) -> Parameters {
    let parameters = parameters.unwrap_or_default().into_iter();
    let mut parameters: Parameters = parameters
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    parameters.sort_unstable();
    parameters
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

fn verdicts(py: Python<'_>, judged: &Judged) -> PyResult<Py<PyList>> {
    let list = PyList::empty(py);
    for step in &judged.steps {
        list.append(verdict(py, step)?)?;
    }
    Ok(list.unbind())
}

fn verdict<'py>(py: Python<'py>, step: &Shown) -> PyResult<Bound<'py, PyAny>> {
    let verdict = bare(py)?;
    let members = verdict
        .getattr(intern!(py, "__dict__"))?
        .cast_into::<PyDict>()?;
    members.set_item(intern!(py, "step"), step.number)?;
    let operation = PyString::intern(py, &step.operation);
    members.set_item(intern!(py, "operation"), operation)?;
    if let Some(address) = &step.address {
        members.set_item("address", &**address)?;
    }
    if let Some(scope) = &step.scope {
        members.set_item("scope", scope)?;
    }
    if !step.notes.is_empty() {
        let notes = step.notes.iter().map(|note| &**note);
        members.set_item("notes", PyTuple::new(py, notes.collect::<Vec<_>>())?)?;
    }
    let name = outcome(py, &step.outcome, &members)?;
    members.set_item(intern!(py, "outcome"), name)?;
    Ok(verdict)
}

/// The name of an outcome; what is said of it is added to the members.
fn outcome<'py>(
    py: Python<'py>,
    outcome: &Outcome,
    members: &Bound<'py, PyDict>,
) -> PyResult<&'py Bound<'py, PyString>> {
    Ok(match outcome {
        Outcome::Ok => intern!(py, "ok"),
        Outcome::Refused { could_be } => {
            match could_be.as_slice() {
                [answer] => answered(members, answer)?,
                several => {
                    if let Some(exception) = outcome.exception() {
                        members.set_item("exception", exception)?;
                    }
                    if let Some(rule) = outcome.rule() {
                        members.set_item("rule", rule.number())?;
                    }
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
    })
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

/// What an outcome depends on, with the member names of the program; steps are counted from 1.
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
