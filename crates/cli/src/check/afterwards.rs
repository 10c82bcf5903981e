//! The aliases as they are after the changes.

use std::path::Path;

use kms_alias_files::list_aliases_json;
use kms_alias_foresee::verdict::{Knowledge, Outcome};

use super::report::{Report, Step};
use crate::common::{Input, Unusable, fail, replace};

/// Writes the aliases of every place, if all of them are known; whether it did.
///
/// A list with a hole in it would be taken as the whole, so none is written where a step is
/// undecided, or where an alias names a key that is not described.
pub fn write(
    path: &Path,
    report: &Report,
    known: &[Knowledge],
    inputs: &[&Input],
) -> Result<bool, Unusable> {
    let is_undecided = |step: &Step| matches!(step.outcome, Outcome::Undecided { .. });
    if report.steps.iter().any(is_undecided) {
        fail(
            "--after: what stands afterwards is not known, as a step is undecided: nothing is written",
        );
        return Ok(false);
    }
    let undescribed = known
        .iter()
        .flat_map(Knowledge::aliases_of_undescribed_keys);
    if let Some((alias_name, key_id)) = undescribed.into_iter().next() {
        fail(&format!(
            "--after: nothing is written, as {alias_name} names key {key_id}, which is not described: \
             describe it first"
        ));
        return Ok(false);
    }
    let lists = known.iter().map(|one| list_aliases_json(one.table()));
    replace(path, &lists.collect::<String>(), inputs)?;
    Ok(true)
}
