//! The verb `audit`: holds AWS's own record, CloudTrail's log, against the rules.
//!
//! With no arguments it runs on a sample account and log.

mod arguments;
mod inputs;
mod json;
mod people;

use kms_alias_audit::{Coverage, NotJudged, Report, Trail, audit};

use crate::common::{Exit, Output, Unusable, warn};
pub use arguments::Arguments;
use inputs::Inputs;

/// The verb `audit`.
pub fn run(arguments: &Arguments) -> Result<Exit, Unusable> {
    let inputs = Inputs::of(arguments)?;
    let trail = inputs.trail(arguments)?;
    warn_of_what_is_left_out(&trail);
    let mut all_agree = true;
    let mut out = if arguments.json {
        Output::for_programs()
    } else {
        Output::for_people()
    };
    let (tables, coverage) = inputs.tables(arguments, &trail)?;
    for table in tables {
        let report = audit(table, coverage, &trail);
        warn_of(&report, &trail);
        warn_of_missing_list(&report, coverage);
        all_agree &= report.findings().is_empty();
        // The output notes its own failure; the accounts that follow are judged all the same.
        let _ = if arguments.json {
            json::print(&mut out, &report, arguments.choices)
        } else {
            people::print(&mut out, &report, arguments.choices)
        };
    }
    Ok(out.finish(Exit::passes_if(all_agree)))
}

/// Says what no report counts.
fn warn_of_what_is_left_out(trail: &Trail) {
    let without_scope = trail.without_scope();
    if without_scope > 0 {
        warn(&format!(
            "events that do not say which account and Region they are of are not judged: {without_scope}"
        ));
    }
    let without_source = trail.without_source();
    if without_source > 0 {
        warn(&format!(
            "records without `eventSource` are not judged: {without_source}"
        ));
    }
}

/// Says which list would make more events judged.
fn warn_of_missing_list(report: &Report<'_>, coverage: Coverage) {
    let lacks_keys = report
        .not_judged()
        .any(|(reason, _)| reason == NotJudged::KeyNotKnown);
    if coverage == Coverage::AllAliases && lacks_keys {
        warn(
            "the account files have no complete list of keys, so a key that they do not tell of may \
             exist, and events on it are not judged: add what `aws kms list-keys` prints (rule H4)",
        );
    }
}

/// Says what a reader of the numbers has to know.
fn warn_of(report: &Report<'_>, trail: &Trail) {
    let scope = report.scope();
    if trail.scopes().iter().all(|(of, _)| *of != scope) {
        warn(&format!("no event of the log is of {scope}"));
    }
}
