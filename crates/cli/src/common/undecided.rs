//! What is said of a verdict that is not certain: what it hangs on, what may come out, and what
//! would settle it.

use std::io::{self, Write};

use kms_alias_foresee::verdict::{Answer, Need, Possible};

use super::{Output, Palette, indented, printable};

/// How far what is said of a step is indented.
pub const INDENT: usize = 6;

/// As many answers that a step may get are shown unless all are asked for.
const MOST_ANSWERS: usize = 3;

/// The exception and the rule, and below them KMS's words as they are, for copying.
pub fn print_answer(out: &mut Output, answer: &Answer) -> io::Result<()> {
    let Answer {
        rule, exception, ..
    } = answer;
    let faint = Palette::FAINT;
    writeln!(
        out,
        "{:INDENT$}{exception} {faint}(rule {rule}){faint:#}",
        ""
    )?;
    writeln!(out, "{:INDENT$}{}", "", printable(&answer.message))
}

pub fn print_undecided(
    out: &mut Output,
    needs: &[Need],
    could_be: &[Possible],
    settle: &[Box<str>],
    all: bool,
) -> io::Result<()> {
    let needs: Vec<_> = needs.iter().map(need_words).collect();
    if !needs.is_empty() {
        let text = format!("it hangs on {}", needs.join("; "));
        writeln!(out, "{}", indented(&printable(&text), INDENT))?;
    }
    if could_be.contains(&Possible::Ok) {
        writeln!(out, "{:INDENT$}it may pass", "")?;
    }
    let refusals = could_be.iter().filter_map(|possible| match possible {
        Possible::Ok => None,
        Possible::Refused(answer) => Some(answer),
    });
    let refusals: Vec<_> = refusals.collect();
    if !refusals.is_empty() {
        writeln!(out, "{:INDENT$}it may be refused:", "")?;
    }
    let most = if all { usize::MAX } else { MOST_ANSWERS };
    let mut shown = refusals.iter().take(most);
    shown.try_for_each(|answer| print_answer(out, answer))?;
    if let more @ 1.. = refusals.len().saturating_sub(most) {
        writeln!(
            out,
            "{:INDENT$}and {more} more: --verbose shows them all",
            ""
        )?;
    }
    if !settle.is_empty() {
        writeln!(out, "{:INDENT$}this would settle it:", "")?;
    }
    for command in settle {
        writeln!(out, "{:INDENT$}{}", "", printable(command))?;
    }
    Ok(())
}

/// What an outcome hangs on, with what says it on the command line.
pub fn need_words(need: &Need) -> String {
    match need {
        Need::Account => format!("{need} (--account-id says it)"),
        Need::Region => format!("{need} (--region says it)"),
        _ => need.to_string(),
    }
}
