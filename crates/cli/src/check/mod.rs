//! The verb `check`: foretells which step of a list of changes KMS refuses, and why.
//!
//! With no arguments it runs on a sample account and list of changes.

mod access;
mod arguments;
mod inputs;
mod json;
mod judge;
mod people;
mod report;
mod uses;

use kms_alias_files as files;

use crate::common::{self, Exit, Input, Output, Unusable, replace};
pub use arguments::Arguments;
use inputs::Inputs;
use judge::Asked;
use report::Report;

/// The verb `check`.
pub fn run(arguments: &Arguments) -> Result<Exit, Unusable> {
    let inputs = Inputs::of(arguments)?;
    let account: Vec<_> = inputs.account.iter().map(Input::file).collect();
    let loaded = files::Loaded::read(&account, arguments.options.for_files())?;
    let steps = files::read_changes(inputs.changes.file(), arguments.options.reserved_names())?;
    common::warn_of_what_stands(loaded.table());
    for key_id in loaded.undescribed_keys() {
        common::warn(&format!(
            "key {key_id} is listed and not described: steps that name it are refused"
        ));
    }
    let mut table = loaded.into_table();
    let asked = Asked {
        at: arguments.now.map_or_else(common::system_time, Ok)?,
        uses: arguments.impact || !arguments.json,
        conditions: inputs.conditions.as_ref().map(|(_, conditions)| conditions),
    };
    let report = judge::judge(&mut table, steps, &asked)?;
    // First the file: a reader of the output who leaves early has it all the same.
    if let Some(path) = &arguments.after {
        replace(path, &files::list_aliases_json(&table), &inputs.all())?;
    }
    Ok(print(&report, arguments))
}

/// Prints the report, and tells the exit code.
fn print(report: &Report, arguments: &Arguments) -> Exit {
    let found = report.exit();
    if arguments.json {
        let mut out = Output::for_programs();
        json::print(&mut out, report, arguments);
        out.finish(found)
    } else {
        let mut out = Output::for_people();
        people::print(&mut out, report, arguments);
        out.finish(found)
    }
}
