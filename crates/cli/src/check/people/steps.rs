//! One line a step, and under a step that does not pass why: KMS's words whole, on a line of their
//! own.

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style;
use kms_alias::Rule;
use kms_alias_foresee::verdict::{Answer, Outcome};

use super::super::arguments::Arguments;
use super::super::report::{Report, Step};
use crate::common::{INDENT, Output, Palette, indented, print_answer, print_undecided, printable};

/// A note on more steps than these is printed once, after all steps.
const MOST_NOTED: usize = 3;

pub fn print(out: &mut Output, report: &Report, arguments: &Arguments) -> io::Result<()> {
    let mut noted: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for step in report.shown(arguments.refused) {
        for note in notes(step) {
            noted.entry(note).or_default().push(step.number);
        }
    }
    noted.retain(|_, steps| steps.len() > MOST_NOTED);
    let refused = report
        .shown(arguments.refused)
        .filter(|step| rule(step).is_some());
    let last = refused.last().map(|step| step.number);
    for step in report.shown(arguments.refused) {
        print_step(out, step)?;
        match &step.outcome {
            Outcome::Ok => {}
            Outcome::Refused { could_be } => print_refused(out, could_be)?,
            Outcome::Undecided {
                needs,
                could_be,
                settle,
            } => print_undecided(out, needs, could_be, settle, arguments.verbose)?,
        }
        for note in notes(step).filter(|note| !noted.contains_key(note)) {
            writeln!(
                out,
                "{}",
                indented(&printable(&format!("note: {note}")), INDENT)
            )?;
        }
        if let (Some(rule), true) = (rule(step), last == Some(step.number)) {
            let faint = Palette::FAINT;
            writeln!(
                out,
                "{:INDENT$}{faint}`kms-alias explain {rule}` tells the rule{faint:#}",
                ""
            )?;
        }
    }
    for (note, steps) in noted {
        let text = format!("note on {} of these steps: {note}", steps.len());
        writeln!(out, "{}", indented(&printable(&text), INDENT))?;
    }
    Ok(())
}

/// What else is to be said of a step; of one that passes there is nothing to explain.
fn notes(step: &Step) -> impl Iterator<Item = &str> {
    let is_ok = step.outcome == Outcome::Ok;
    step.said().filter(move |_| !is_ok)
}

/// The rule by which a step is refused, or the first of them.
fn rule(step: &Step) -> Option<Rule> {
    match &step.outcome {
        Outcome::Refused { could_be } => could_be.first().map(|answer| answer.rule),
        _ => None,
    }
}

const fn word(outcome: &Outcome) -> (&'static str, Style) {
    match outcome {
        Outcome::Ok => ("ok", Palette::GOOD),
        Outcome::Refused { .. } => ("refused", Palette::BAD),
        Outcome::Undecided { .. } => ("undecided", Palette::OPEN),
    }
}

fn print_step(out: &mut Output, step: &Step) -> io::Result<()> {
    let (word, style) = word(&step.outcome);
    let subject = step.subject.as_deref().unwrap_or_default();
    let mut line = format!("{} {}", printable(&step.operation), printable(subject));
    if let Some(address) = &step.address {
        line = format!("{line}  ({})", printable(address));
    }
    if let Some(place) = &step.place {
        line = format!("{line}  in {}", printable(place));
    }
    let number = step.number;
    writeln!(
        out,
        "{number:>4}  {style}{word:<9}{style:#}  {}",
        line.trim_end()
    )
}

/// One answer, or all that KMS may give.
fn print_refused(out: &mut Output, could_be: &[Answer]) -> io::Result<()> {
    if could_be.len() > 1 {
        writeln!(out, "{:INDENT$}with one of these:", "")?;
    }
    could_be
        .iter()
        .try_for_each(|answer| print_answer(out, answer))
}

/// The title of a part.
pub fn title(out: &mut Output, text: &str) -> io::Result<()> {
    let style = Palette::HEAD;
    writeln!(out, "\n{style}{}{style:#}", indented(text, 0))
}
