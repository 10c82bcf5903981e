//! The one interpreter that may import the module.

use std::sync::OnceLock;

use pyo3::exceptions::PyImportError;
use pyo3::ffi;
use pyo3::prelude::*;

/// Refuses a second interpreter of the process: the module keeps the classes of its exceptions, and
/// those of the first interpreter would be raised in the other.
pub(crate) fn only(_: Python<'_>) -> PyResult<()> {
    static FIRST: OnceLock<i64> = OnceLock::new();
    // SAFETY: Python's lock is held, so that there is a current interpreter.
    let this = unsafe { ffi::PyInterpreterState_GetID(ffi::PyInterpreterState_Get()) };
    if *FIRST.get_or_init(|| this) == this {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "another interpreter of this process imported kms_alias first, and only one can: import it \
         there, or in a process of its own",
    ))
}
