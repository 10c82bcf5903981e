//! The summary: the last lines, and always there.

use std::io::{self, Write};

use super::super::report::{Counts, Report};
use crate::common::{Output, Palette, indented, printable};

pub fn print(out: &mut Output, report: &Report) -> io::Result<()> {
    let Counts {
        ok,
        refused,
        undecided,
    } = report.counts();
    let steps = match report.steps.len() {
        1 => "1 step".to_owned(),
        steps => format!("{steps} steps"),
    };
    let style = if refused > 0 {
        Palette::BAD
    } else if undecided > 0 {
        Palette::OPEN
    } else {
        Palette::GOOD
    };
    let mut counts = format!("{ok} ok, {refused} refused");
    if undecided > 0 {
        counts = format!("{counts}, {undecided} undecided");
    }
    let place = printable(&report.place);
    writeln!(out, "\n{style}{steps}: {counts}{style:#}  ({place})")?;
    let mut said = format!("{} aliases stand afterwards.", report.aliases_afterwards);
    if refused > 0 {
        said.push_str(" A refused step changes nothing; the steps after it are judged without it.");
    }
    writeln!(out, "{}", indented(&said, 0))
}
