//! The verb `check`: predicts which step of what is about to happen KMS refuses, and why.
//!
//! With no arguments it runs on a sample account and list of changes.

mod access;
mod afterwards;
mod arguments;
mod crowd;
mod inputs;
mod json;
mod judge;
mod machine;
mod made;
mod people;
mod remedy;
mod report;
mod side_by_side;
mod uses;

use kms_alias::Timestamp;
use kms_alias_files::{self as files, Accounts, Kind, recognise};
use kms_alias_foresee::verdict::Knowledge;

use crate::common::{self, Exit, Format, Input, Output, Unusable, warn};
pub use arguments::Arguments;
use inputs::Inputs;
use judge::Asked;
use report::Report;

/// The verb `check`.
pub fn run(arguments: &Arguments) -> Result<Exit, Unusable> {
    judged(arguments).inspect_err(|unusable| machine::print_unusable(unusable, arguments))
}

fn judged(arguments: &Arguments) -> Result<Exit, Unusable> {
    let mut inputs = Inputs::of(arguments)?;
    let at = arguments.now.map_or_else(common::system_time, Ok)?;
    let (mut report, known) = match judge_side_by_side(&inputs, arguments, at)? {
        Some(report) => (report, Vec::new()),
        None => judge_together(&mut inputs, arguments, at)?,
    };
    report.denied.clone_from(&arguments.deny);
    if arguments.format() != Format::Sarif && arguments.format() != Format::Github {
        for advice in &report.advice {
            warn(&advice.to_string());
        }
    }
    // First the file: a reader of the output who leaves early has it all the same.
    let written = match &arguments.after {
        Some(_) if report.ways > 1 => afterwards::not_known(),
        Some(path) => afterwards::write(path, &report, &known, &inputs.all())?,
        None => true,
    };
    let found = print(&report, arguments);
    Ok(if found == Exit::Passes && !written {
        Exit::Unusable
    } else {
        found
    })
}

/// The account files of an organisation, each account by itself; none if they are not such.
fn judge_side_by_side(
    inputs: &Inputs,
    arguments: &Arguments,
    at: Timestamp,
) -> Result<Option<Report>, Unusable> {
    match side_by_side::groups(arguments, &inputs.changes)? {
        Some(groups) => {
            side_by_side::judge(&groups, inputs, arguments, at, &asked(inputs, arguments))
        }
        None => Ok(None),
    }
}

/// All files at once.
fn judge_together(
    inputs: &mut Inputs,
    arguments: &Arguments,
    at: Timestamp,
) -> Result<(Report, Vec<Knowledge>), Unusable> {
    inputs.read_account(arguments)?;
    let mut accounts = read_accounts(inputs, arguments)?;
    let input = inputs.run_input(arguments, at);
    let asked = asked(inputs, arguments);
    let kind = recognise(input.file.bytes);
    if matches!(
        kind,
        Kind::CloudFormation | Kind::CdkManifest | Kind::TerraformPlan
    ) {
        if kind != Kind::CloudFormation
            && let Some(fault) = accounts.not_covered()
        {
            // The plan may say itself where each step runs.
            warn(&fault.to_string());
        }
        return Ok(judge::judge(&input, accounts, &asked)?);
    }
    let run = files::read_run(&input, &mut accounts)?;
    let scopes = accounts.iter().filter_map(|(place, _)| place.scope());
    let scopes: Vec<_> = scopes.filter(|scope| arguments.chooses(*scope)).collect();
    let name = input.file.name;
    Ok(judge::judge_changes(name, run, accounts, &scopes, &asked))
}

fn asked<'a>(inputs: &'a Inputs, arguments: &Arguments) -> Asked<'a> {
    Asked {
        uses: arguments.impact || !arguments.format().is_for_programs(),
        conditions: inputs.conditions.as_ref().map(|(_, conditions)| conditions),
    }
}

fn read_accounts(inputs: &Inputs, arguments: &Arguments) -> Result<Accounts, Unusable> {
    let options = arguments.for_files();
    if inputs.account.is_empty() {
        return Ok(Accounts::unknown(options));
    }
    let account: Vec<_> = inputs.account.iter().map(Input::file).collect();
    Ok(files::read_account(&account, options)?)
}

/// Prints the report, and tells the exit code.
fn print(report: &Report, arguments: &Arguments) -> Exit {
    let found = report.exit();
    let mut out = if arguments.format().is_for_programs() {
        Output::for_programs()
    } else {
        Output::for_people()
    };
    match arguments.format() {
        Format::Text => people::print(&mut out, report, arguments),
        Format::Json => json::print(&mut out, report, arguments),
        Format::Sarif => machine::print_sarif(&mut out, report, arguments.refused),
        Format::Github => machine::print_github(&mut out, report, arguments.refused),
    }
    out.finish(found)
}
