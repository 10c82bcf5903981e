//! The aliases as they are after the changes.

use std::path::Path;

use kms_alias_files::account_json;
use kms_alias_foresee::verdict::{Knowledge, Outcome, STAND_IN, STAND_IN_NAME};

use super::report::{Report, Step};
use crate::common::{Input, Unusable, fail, replace, warn};

/// Whether a path leads to where the verdicts are printed.
fn is_standard_output(path: &Path) -> bool {
    let handle = || same_file::Handle::from_path(path).ok();
    let is_it = || handle().zip(same_file::Handle::stdout().ok());
    path == Path::new("-")
        || (path != Path::new("/dev/null") && is_it().is_some_and(|(one, other)| one == other))
}

/// Says that what exists afterwards depends on what is not known.
pub fn not_known() -> bool {
    fail(
        "--after: what exists afterwards depends on conditions that are not known: nothing is written",
    );
    false
}

/// Writes the aliases of every place, if all of them are known; whether it did.
///
/// A list with a hole in it would be taken as the whole, so none is written where a step is
/// undecided. Keys that are not described are written as what `list-keys` prints.
pub fn write(
    path: &Path,
    report: &Report,
    known: &[Knowledge],
    inputs: &[&Input],
) -> Result<bool, Unusable> {
    if is_standard_output(path) {
        let words = "this is the standard output, which has the verdicts: name a file for --after";
        return Err(Unusable::new(words).of_file(path.display()));
    }
    let is_undecided = |step: &Step| matches!(step.outcome, Outcome::Undecided { .. });
    if report.steps.iter().any(is_undecided) {
        fail(
            "--after: what exists afterwards is not known, as a step is undecided: nothing is written",
        );
        return Ok(false);
    }
    if !report.open_places.is_empty() {
        fail(&format!(
            "--after: what exists afterwards in {} is not certain: nothing is written",
            report.open_places.join(", ")
        ));
        return Ok(false);
    }
    let lists = known.iter().map(account_json);
    let text = lists.collect::<String>();
    if text.contains(STAND_IN) {
        warn(&format!(
            "--after: key IDs that begin with {STAND_IN} stand for keys that have none yet, or none \
             that is known"
        ));
    }
    if text.contains(STAND_IN_NAME) {
        warn(&format!(
            "--after: names with `{STAND_IN_NAME}` stand for names that are not known before they are made"
        ));
    }
    replace(path, &text, inputs)?;
    Ok(true)
}
