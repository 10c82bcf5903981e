//! The command `kms-alias`.

use pyo3::prelude::*;
use pyo3::wrap_pyfunction;

/// Runs the program with these arguments, of which the first is its name; the exit code.
#[pyfunction]
fn main(py: Python<'_>, arguments: Vec<std::ffi::OsString>) -> u8 {
    py.detach(|| kms_alias_cli::main_from(arguments).into())
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(main, module)?)
}
