//! The extension module `kms_alias._kms_alias`: what the Python package `kms_alias` is made of.
//!
//! The Python files beside it are the module's face: its classes, documentation and examples. Here
//! stands what needs the rules, each function a few lines around the library that knows them. Work
//! on lists and files is done without Python's lock.
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines
)]

mod audit;
mod check;
mod documents;
mod errors;
mod identifier;
mod interpreter;
mod judged;
mod lint;
mod program;
mod request;
mod rules;
mod table;
mod time;

use pyo3::prelude::*;

#[pymodule]
fn _kms_alias(module: &Bound<'_, PyModule>) -> PyResult<()> {
    interpreter::only(module.py())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<table::Table>()?;
    identifier::register(module)?;
    audit::register(module)?;
    check::register(module)?;
    lint::register(module)?;
    program::register(module)?;
    rules::register(module)
}
