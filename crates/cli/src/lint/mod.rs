//! The verb `lint`: wrong alias names, key identifiers and policies in files.
//!
//! With no arguments it runs on sample files.

mod arguments;
mod machine;
mod paths;
mod people;
mod strangers;
mod walk;

use kms_alias_lint::{Report, lint_files};

use crate::common::machine::{Region, Unread};
use crate::common::{Exit, Format, Output, Unusable, fail, note};
pub use arguments::Arguments;

/// The verb `lint`.
pub fn run(arguments: &Arguments) -> Result<Exit, Unusable> {
    let mut files = if arguments.paths.is_empty() {
        if !arguments.format().is_for_programs() {
            note("sample files; see --help for your own");
        }
        walk::samples()
    } else {
        walk::read(&paths::alike(&arguments.paths))
    };
    let contents = files.read.iter().map(|(name, bytes)| (&**name, &**bytes));
    let mut report = lint_files(contents, &arguments.options());
    files.pass_over_strangers(&mut report);
    let mut unread = std::mem::take(&mut files.unread);
    unread.extend(report.unread.iter().map(|one| Unread {
        file: one.file.clone(),
        region: Some(Region {
            line: one.place.line,
            columns: Some((one.place.column, one.place.column.saturating_add(1))),
        }),
        message: one.reason.clone(),
    }));
    unread.extend(files.plans(&report));
    for one in &unread {
        let separator = if one.region.is_some() { "" } else { " " };
        fail(&format!("{}:{separator}{}", one.file, one.told()));
    }
    files.warn_of_passed_over(&report);
    Ok(print(arguments, &report, &unread, &files))
}

/// Prints the report, and tells the exit code.
fn print(arguments: &Arguments, report: &Report, unread: &[Unread], files: &walk::Files) -> Exit {
    let findings = &report.findings[..];
    let format = arguments.format();
    let mut out = if format.is_for_programs() {
        Output::for_programs()
    } else {
        Output::for_people()
    };
    // The output notes its own failure.
    let _ = match format {
        Format::Json => machine::print_json(&mut out, findings, unread),
        Format::Sarif => machine::print_sarif(&mut out, findings, unread),
        Format::Github => machine::print_github(&mut out, findings, unread),
        Format::Text => people::print(&mut out, findings, files).and_then(|()| {
            people::print_summary(&mut out, report, unread.len(), files.unread_folders)
        }),
    };
    out.finish(if !unread.is_empty() {
        Exit::Unusable
    } else {
        Exit::passes_if(!report.has_errors())
    })
}
