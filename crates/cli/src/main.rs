//! The program `kms-alias`: what KMS would answer, before anything runs.
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
mod lint;
mod plan;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    Serve(serve::Arguments),
}

fn main() -> ExitCode {
    match &Program::parse().verb {
        Verb::Check(arguments) => check::main(arguments),
        Verb::Plan(arguments) => plan::main(arguments),
        Verb::Lint(arguments) => lint::main(arguments),
        Verb::Audit(arguments) => audit::main(arguments),
        Verb::Serve(arguments) => serve::main(arguments),
    }
}
