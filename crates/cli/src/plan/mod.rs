//! The verb `plan`: the way from a real account to the aliases that are wanted, as requests, as
//! shell commands, or as Terraform.
//!
//! With no arguments it runs on a sample account and wish.

mod arguments;
mod inputs;
mod people;

use std::io::{self, Write};

use kms_alias::AliasTable;
use kms_alias_files as files;
use kms_alias_foresee::verdict::Conclusion;
use kms_alias_foresee::{Impossible, Plan};

use crate::common::{self, Exit, Output, Unusable, fail};
pub use arguments::Arguments;
use arguments::Form;
use inputs::Inputs;

/// The verb `plan`.
pub fn run(arguments: &Arguments) -> Result<Exit, Unusable> {
    let inputs = Inputs::of(arguments)?;
    let known = inputs.known(arguments)?;
    let table = known.table();
    let wanted = files::read_wanted(inputs.wanted.file())?;
    let options = inputs::options(arguments, table)?;
    Ok(
        match Plan::of_account(&known, &wanted, options, common::system_time()?) {
            Ok(plan) => print_plan(arguments, table, &plan),
            Err(impossible) => print_impossible(arguments, &impossible),
        },
    )
}

fn print_plan(arguments: &Arguments, table: &AliasTable, plan: &Plan) -> Exit {
    let mut out = if arguments.json || arguments.form.is_some() {
        Output::for_programs()
    } else {
        Output::for_people()
    };
    // The output notes its own failure.
    let _ = match arguments.form {
        Some(Form::AwsCli) => out.write_all(files::aws_cli_commands(table, plan).as_bytes()),
        Some(Form::Terraform) => out.write_all(files::terraform_blocks(table, plan).as_bytes()),
        None if arguments.json => print_json(&mut out, plan),
        None => people::print_plan(&mut out, table, plan),
    };
    out.finish(Exit::Passes)
}

/// The requests as an array, one a line.
fn print_json(out: &mut Output, plan: &Plan) -> io::Result<()> {
    let mut separator = "[\n";
    for step in plan.steps() {
        if let Some(change) = files::change_json(step.operation()) {
            write!(out, "{separator}{change}")?;
            separator = ",\n";
        }
    }
    out.write_all(if plan.is_empty() { b"[]\n" } else { b"\n]\n" })
}

/// What cannot be reached, or cannot be told; on standard error where standard output is for another
/// tool.
fn print_impossible(arguments: &Arguments, impossible: &Impossible) -> Exit {
    let exit = match impossible.conclusion() {
        Conclusion::Undecided => Exit::Undecided,
        Conclusion::Passes | Conclusion::Fails => Exit::Fails,
    };
    if arguments.json || arguments.form.is_some() {
        let unreachable = impossible.unreachable().iter();
        unreachable.for_each(|told| fail(&told.to_string()));
        let undecided = impossible.undecided().iter();
        undecided.for_each(|told| fail(&told.to_string()));
        fail(&people::summary(impossible));
        return exit;
    }
    let mut out = Output::for_people();
    // The output notes its own failure.
    let _ = people::print_impossible(&mut out, impossible);
    out.finish(exit)
}
