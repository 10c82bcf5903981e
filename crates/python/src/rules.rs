//! The rules by number.

use kms_alias::Rule;
use pyo3::prelude::*;
use pyo3::wrap_pyfunction;

/// Every rule: its number, what it says, and where it comes from.
#[pyfunction]
fn rules() -> Vec<(&'static str, &'static str, &'static str)> {
    let rules = Rule::ALL.iter();
    rules
        .map(|rule| (rule.number(), rule.text(), rule.source()))
        .collect()
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(rules, module)?)
}
