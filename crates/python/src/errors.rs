//! Errors of the library as exceptions of the module, whose classes are Python's.

use kms_alias::{Inconsistent, ParseError, Refusal, Rule};
use kms_alias_files::AccountError;
use pyo3::PyErrArguments;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};

const MODULE: &str = "kms_alias._errors";

/// An exception of a class, or the error of looking that class up.
fn raise(class: PyResult<Bound<'_, PyType>>, arguments: impl PyErrArguments + 'static) -> PyErr {
    class.map_or_else(|error| error, |class| PyErr::from_type(class, arguments))
}

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyType>> {
    Ok(py.import(MODULE)?.getattr(name)?.cast_into()?)
}

/// A text that is not the identifier that it was taken for.
pub(crate) fn invalid(py: Python<'_>, error: &ParseError) -> PyErr {
    let arguments = (
        error.to_string(),
        error.rule().number(),
        error.position(),
        error.expected(),
    );
    raise(class(py, "ParseError"), arguments)
}

/// A refusal, as the class of KMS's exception; what cannot be told is no refusal of KMS.
pub(crate) fn refused(py: Python<'_>, refusal: &Refusal) -> PyErr {
    static CLASSES: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
    if let Refusal::NotDescribed { key } = refusal {
        let rule = refusal.rule().number();
        let arguments = (refusal.to_string(), rule, key.to_string());
        return raise(class(py, "NotDescribed"), arguments);
    }
    let code = refusal.exception();
    let known = CLASSES
        .import(py, MODULE, "CLASSES")
        .and_then(|classes: &Bound<'_, PyDict>| classes.get_item(code));
    let class = match known {
        Ok(Some(class)) => class.cast_into().map_err(PyErr::from),
        Ok(None) => class(py, "Refusal"),
        Err(error) => Err(error),
    };
    let rule = refusal.rule().number();
    raise(class, (code, refusal.to_string(), rule))
}

/// A file that is not what it was handed in as.
pub(crate) fn unusable(py: Python<'_>, error: &AccountError) -> PyErr {
    let arguments = (
        error.to_string(),
        error.rule().map(Rule::number),
        error.file().to_owned(),
        error.line(),
        error.entry().map(str::to_owned),
    );
    raise(class(py, "UnusableInput"), arguments)
}

/// What cannot stand in a table.
pub(crate) fn inconsistent(py: Python<'_>, error: &Inconsistent) -> PyErr {
    let arguments = (error.to_string(), error.rule().number());
    raise(class(py, "Inconsistent"), arguments)
}
