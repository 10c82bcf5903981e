//! The rules by number.

use kms_alias::Rule;
use kms_alias_files::AdviceRule;
use kms_alias_lint::PolicyRule;
use pyo3::prelude::*;
use pyo3::wrap_pyfunction;

/// Every rule: its number, what it says, and where it comes from.
#[pyfunction]
fn rules() -> Vec<(&'static str, &'static str, &'static str)> {
    let kms = Rule::ALL.iter();
    let kms = kms.map(|rule| (rule.number(), rule.text(), rule.source()));
    let policies = PolicyRule::ALL.iter();
    let policies = policies.map(|rule| (rule.number(), rule.title(), rule.source()));
    let files = AdviceRule::ALL.iter();
    let files = files.map(|rule| (rule.number(), rule.text(), "ours"));
    kms.chain(policies).chain(files).collect()
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(rules, module)?)
}
