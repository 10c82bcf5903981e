//! Verdicts on a list of changes.

use kms_alias::{AliasTable, Refusal, ReservedNames, Timestamp};
use kms_alias_files::{AccountError, File, Loaded, Options, Step, read_changes};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyType};
use pyo3::wrap_pyfunction;

use crate::documents::Documents;
use crate::errors;
use crate::table::options;
use crate::time::moment;

/// A step, and why it is refused if it is.
struct Verdict {
    operation: String,
    refusal: Option<Refusal>,
}

/// What KMS would answer to each of these changes: one :class:`Verdict` a step.
///
/// ``account`` is a list of documents as ``aws kms list-aliases``, ``list-keys`` and ``describe-key``
/// print them, text, bytes or what boto3 answered; :func:`fetch` makes one. ``changes`` is a list of
/// changes, such as ``{"DeleteAlias": {"AliasName": "alias/old"}}``. Each step is judged on the
/// account as the steps before it leave it; a step that is refused changes nothing.
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
#[pyo3(signature = (account, changes, *, at = None, reserved = None, aliases_per_key = None))]
fn check(
    py: Python<'_>,
    account: &Bound<'_, PyAny>,
    changes: &Bound<'_, PyAny>,
    at: Option<&Bound<'_, PyAny>>,
    reserved: Option<&str>,
    aliases_per_key: Option<u32>,
) -> PyResult<Py<PyList>> {
    let at = moment(at)?;
    let options = options(reserved, aliases_per_key)?;
    let account = Documents::of("account", account)?;
    let changes = Documents::one("changes", changes)?;
    let verdicts = py.detach(|| {
        let changes = changes.files();
        let [changes] = changes.as_slice() else {
            return Ok(Vec::new());
        };
        judge(&account.files(), *changes, options, at)
    });
    match verdicts {
        Ok(verdicts) => listed(py, verdicts),
        Err(error) => Err(errors::unusable(py, &error)),
    }
}

fn judge(
    account: &[File<'_>],
    changes: File<'_>,
    options: Options,
    at: Timestamp,
) -> Result<Vec<Verdict>, AccountError> {
    let mut table = Loaded::read(account, options)?.into_table();
    let reserved_names: ReservedNames = options.reserved_names;
    let steps = read_changes(changes, reserved_names)?;
    let verdicts = steps.into_iter();
    Ok(verdicts
        .map(|step| judge_step(&mut table, step, at))
        .collect())
}

fn judge_step(table: &mut AliasTable, step: Step, at: Timestamp) -> Verdict {
    let done = step
        .request
        .and_then(|operation| table.apply(&operation, at));
    Verdict {
        operation: step.operation,
        refusal: done.err(),
    }
}

/// The verdicts as the dataclass of the package.
fn listed(py: Python<'_>, verdicts: Vec<Verdict>) -> PyResult<Py<PyList>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "kms_alias._verdict", "Verdict")?;
    let list = PyList::empty(py);
    for (index, verdict) in verdicts.into_iter().enumerate() {
        let step = index.saturating_add(1);
        let made = match verdict.refusal {
            None => class.call1((step, verdict.operation, "ok")),
            Some(refusal) => class.call1((
                step,
                verdict.operation,
                "refused",
                refusal.exception(),
                refusal.to_string(),
                refusal.rule().number(),
            )),
        };
        list.append(made?)?;
    }
    Ok(list.unbind())
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(check, module)?)
}
