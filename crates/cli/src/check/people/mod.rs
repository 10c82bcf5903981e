//! The verdicts for people: one line a step, then whom the steps touch, and the summary last.

mod steps;
mod summary;
mod touched;

use std::io;

use super::arguments::Arguments;
use super::report::Report;
use crate::common::Output;

pub fn print(out: &mut Output, report: &Report, arguments: &Arguments) {
    // The output notes its own failure.
    let _ = print_parts(out, report, arguments);
}

fn print_parts(out: &mut Output, report: &Report, arguments: &Arguments) -> io::Result<()> {
    steps::print(out, report, arguments)?;
    if !arguments.refused || arguments.impact {
        touched::print_uses(out, report, arguments)?;
    }
    if !arguments.refused || arguments.conditions.is_some() {
        touched::print_access(out, report, arguments)?;
    }
    summary::print(out, report)
}
