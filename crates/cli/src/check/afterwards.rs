//! The aliases as they are after the changes.

use std::path::Path;

use kms_alias_files::list_aliases_json;
use kms_alias_foresee::verdict::{Knowledge, Outcome};

use super::report::{Report, Step};
use crate::common::{Input, Unusable, fail, replace};

/// Whether a path leads to where the verdicts are printed.
fn is_standard_output(path: &Path) -> bool {
    let handle = || same_file::Handle::from_path(path).ok();
    let is_it = || handle().zip(same_file::Handle::stdout().ok());
    path == Path::new("-")
        || (path != Path::new("/dev/null") && is_it().is_some_and(|(one, other)| one == other))
}

/// Says that what stands afterwards hangs on what is not known.
pub fn not_known() -> bool {
    fail(
        "--after: what stands afterwards hangs on conditions that are not known: nothing is written",
    );
    false
}

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
    if is_standard_output(path) {
        return Err(Unusable(format!(
            "{}: this is the standard output, which has the verdicts: name a file for --after",
            path.display()
        )));
    }
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
