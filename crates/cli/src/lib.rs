//! The program `kms-alias`: what KMS would answer, before anything runs.
//!
//! It is a function, so that a package in another language can bring the same command.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod audit;
mod check;
mod common;
mod exit;
mod explain;
mod fetch;
mod lint;
mod plan;
mod serve;

use std::ffi::OsString;

use clap::{Parser, Subcommand};

use common::Exit;
pub use exit::ExitCode;

/// Knows every rule of AWS KMS key aliases: says which change fails and why, before anything runs.
#[derive(Parser)]
#[command(name = "kms-alias", version)]
struct Program {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Check(check::Arguments),
    Plan(plan::Arguments),
    Lint(lint::Arguments),
    Audit(audit::Arguments),
    Explain(explain::Arguments),
    Fetch(fetch::Arguments),
    Serve(serve::Arguments),
}

/// Runs the program with these arguments, of which the first is its name.
pub fn main_from<A>(arguments: impl IntoIterator<Item = A>) -> ExitCode
where
    A: Into<OsString> + Clone,
{
    match Program::try_parse_from(arguments) {
        Ok(program) => run(&program.verb),
        Err(error) => {
            // A pipe that nobody reads needs no answer.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}

fn run(verb: &Verb) -> ExitCode {
    let ended = match verb {
        Verb::Check(arguments) => check::run(arguments),
        Verb::Plan(arguments) => plan::run(arguments),
        Verb::Lint(arguments) => lint::run(arguments),
        Verb::Audit(arguments) => audit::run(arguments),
        Verb::Explain(arguments) => explain::run(arguments),
        Verb::Fetch(arguments) => fetch::run(arguments),
        Verb::Serve(arguments) => return serve::main(arguments),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(unusable) => {
            common::fail(&unusable.to_string());
            Exit::Unusable.into()
        }
    }
}
