//! Foresees a list of changes against a real account: which step fails, and why; whom it locks out.
//!
//! With no arguments it runs on a sample account and list of changes.

mod arguments;

mod inputs;
mod json;
mod people;
mod say;
mod touched;

use std::io::{self, IsTerminal};

use kms_alias::{AliasTable, Refusal, Timestamp};
use kms_alias_files::{self as account, Loaded, Options, Step};
use kms_alias_foresee::{AliasConditions, Impact};

use crate::common::{self, Input, Unusable};
use crate::exit::ExitCode;
pub use arguments::Arguments;
use inputs::Inputs;
use touched::{Access, Uses};

/// A list of changes longer than this shows its progress on a terminal.
const LONG_LIST: usize = 2_000;

/// A step, what came of it, and whom it touches as far as that was asked.
struct Verdict {
    operation: String,
    subject: Option<String>,
    refusal: Option<Refusal>,
    uses: Vec<Uses>,
    access: Vec<Access>,
}

/// All steps, and whom they touch together.
struct Report {
    verdicts: Vec<Verdict>,
    uses: Vec<Uses>,
    /// None if there are no conditions.
    access: Option<Vec<Access>>,
}

/// What is asked of each step.
struct Asked {
    at: Timestamp,
    uses: bool,
    conditions: Option<AliasConditions>,
}

/// The verb `check`.
pub fn main(arguments: &Arguments) -> ExitCode {
    match run(arguments) {
        Ok(all_pass) => ExitCode::from(u8::from(!all_pass)),
        Err(Unusable(reason)) => {
            common::fail(&reason);
            ExitCode::from(2)
        }
    }
}

/// Whether all steps pass.
fn run(arguments: &Arguments) -> Result<bool, Unusable> {
    let reserved_names = arguments.reserved.into();
    let inputs = Inputs::of(arguments)?;
    let files: Vec<_> = inputs.account.iter().map(Input::file).collect();
    let options = Options::default()
        .with_reserved_names(reserved_names)
        .with_aliases_per_key(arguments.aliases_per_key);
    let loaded = Loaded::read(&files, options)?;
    let steps = account::read_changes(inputs.changes.file(), reserved_names)?;
    common::warn_of_what_stands(loaded.table());
    for key_id in loaded.undescribed_keys() {
        common::warn(&format!(
            "key {key_id} is listed and not described: steps that name it are refused"
        ));
    }
    let mut table = loaded.into_table();
    inputs.conditions.iter().for_each(say::idle_values);
    let asked = Asked {
        at: arguments.now.map_or_else(common::system_time, Ok)?,
        uses: arguments.impact || !arguments.json,
        conditions: inputs.conditions,
    };
    let report = judge(&mut table, steps, &asked)?;
    let all_pass = (report.verdicts.iter()).all(|verdict| verdict.refusal.is_none());
    let printed = if arguments.json {
        json::print(&report, arguments.impact)
    } else {
        people::print(&table, &report, arguments.impact)
    };
    common::printed(printed)?;
    if let Some(path) = &arguments.after {
        inputs::write(path, &account::list_aliases_json(&table))?;
    }
    Ok(all_pass)
}

/// Each step on the table as the steps before it left it; a refused step changes nothing.
fn judge(table: &mut AliasTable, steps: Vec<Step>, asked: &Asked) -> Result<Report, Unusable> {
    let total = steps.len();
    let progress = total > LONG_LIST && io::stderr().is_terminal();
    let mut verdicts = Vec::with_capacity(total);
    let mut in_all = Impact::default();
    for (index, step) in steps.into_iter().enumerate() {
        if progress && index % LONG_LIST == 0 {
            say::progress(&format!("\rjudged {index} of {total} steps"));
        }
        verdicts.push(judge_step(table, step, asked, &mut in_all)?);
    }
    if progress {
        say::progress(&format!("\rjudged {total} of {total} steps\n"));
    }
    let conditions = asked.conditions.as_ref();
    let access = conditions.map(|conditions| touched::access(conditions, &in_all));
    if let Some(access) = &access {
        let steps = verdicts.iter_mut().map(|verdict| &mut verdict.access);
        touched::mark_what_lasts(steps, access);
    }
    Ok(Report {
        verdicts,
        uses: touched::uses(&in_all),
        access,
    })
}

/// One step, and whom it touches if anything is asked of that.
fn judge_step(
    table: &mut AliasTable,
    step: Step,
    asked: &Asked,
    in_all: &mut Impact,
) -> Result<Verdict, Unusable> {
    let mut verdict = Verdict {
        operation: step.operation,
        subject: step.subject,
        refusal: None,
        uses: Vec::new(),
        access: Vec::new(),
    };
    let applied = step
        .request
        .and_then(|operation| table.apply(&operation, asked.at));
    let change = match applied {
        Ok(change) if asked.uses || asked.conditions.is_some() => change,
        other => {
            verdict.refusal = other.err();
            return Ok(verdict);
        }
    };
    let impact = Impact::of(table, &change)?;
    if asked.uses {
        verdict.uses = touched::uses(&impact);
    }
    if let Some(conditions) = &asked.conditions {
        verdict.access = touched::access(conditions, &impact);
    }
    in_all.then(impact);
    Ok(verdict)
}
