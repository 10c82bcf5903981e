//! The verdicts as findings: SARIF and annotations of GitHub Actions.

use std::io::Write;

use kms_alias_files::{Advice, AdviceRule};
use kms_alias_foresee::verdict::{Conclusion, Need, Outcome, Possible};

use super::arguments::Arguments;
use super::report::{Report, Step};
use crate::common::machine::{Finding, Level, Region, Unread, annotation, document};
use crate::common::{Exit, Format, Output, Unusable, needs_words};

pub fn print_sarif(out: &mut Output, report: &Report, refused_only: bool) {
    // The output notes its own failure.
    let _ = writeln!(out, "{:#}", document(&findings(report, refused_only), &[]));
}

pub fn print_github(out: &mut Output, report: &Report, refused_only: bool) {
    for finding in findings(report, refused_only) {
        // The output notes its own failure.
        let _ = writeln!(out, "{}", annotation(&finding));
    }
}

/// Why nothing can be judged, where a program reads the places of what is wrong.
pub fn print_unusable(unusable: &Unusable, arguments: &Arguments) {
    let unread = Unread::of(unusable, arguments.file());
    let mut out = Output::for_programs();
    // The output notes its own failure.
    let _ = match arguments.format() {
        Format::Github => writeln!(out, "{}", annotation(&Finding::from(&unread))),
        Format::Sarif => writeln!(out, "{:#}", document(&[], &[unread])),
        Format::Text | Format::Json => Ok(()),
    };
    out.finish(Exit::Unusable);
}

/// The steps that do not pass, and what else is wrong.
fn findings(report: &Report, refused_only: bool) -> Vec<Finding> {
    let steps = report.shown(refused_only);
    let steps = steps.filter_map(|step| of_step(step, report));
    let advice = report.advice.iter().filter(|_| !refused_only);
    let advice = advice.map(|advice| of_advice(advice, report));
    let mut findings: Vec<Finding> = steps.chain(advice).collect();
    let is_told = findings.iter().any(|finding| finding.level == Level::Error);
    if report.conclusion == Conclusion::Fails && !is_told {
        findings.push(of_run(report));
    }
    findings
}

/// Why a run fails of which no single step is refused in every order.
fn of_run(report: &Report) -> Finding {
    let undecided = report
        .steps
        .iter()
        .filter(|step| matches!(&step.outcome, Outcome::Undecided { .. }));
    let mut remedies: Vec<&str> = Vec::new();
    for remedy in undecided.clone().flat_map(|step| &step.remedies) {
        if !remedies.contains(&&**remedy) && remedies.len() < MOST_STEPS {
            remedies.push(remedy);
        }
    }
    let numbers: Vec<_> = undecided.map(|step| step.number.to_string()).collect();
    let shown = numbers.iter().take(MOST_STEPS).cloned().collect::<Vec<_>>();
    let more = match numbers.len().saturating_sub(MOST_STEPS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (rule, text) = FAILS;
    Finding {
        rule,
        text,
        level: Level::Error,
        message: noted(
            format!(
                "at least one of the steps {}{more} is refused, whatever the unknown is and in every order, though none \
                 of them is refused in all: the run fails",
                shown.join(", ")
            ),
            remedies,
        ),
        file: report.file.clone(),
        region: None,
        address: None,
    }
}

/// As many steps are named that are undecided.
const MOST_STEPS: usize = 10;

/// What stands for a rule where every order and completion has a refusal, and no step is refused in all.
const FAILS: (&str, &str) = (
    "fails",
    "Every order and completion of a run has a step that is refused.",
);

/// What stands for a rule where none is known to be broken.
const UNDECIDED: (&str, &str) = (
    "undecided",
    "The outcome of a step depends on what is not known.",
);

/// The file and the line of what has this address; the file that was named where nothing is told of it.
fn written(report: &Report, address: Option<&str>) -> (String, Option<usize>) {
    match address.and_then(|address| report.sources.get(address)) {
        Some(source) => (source.file.clone(), source.line),
        None => (report.file.clone(), None),
    }
}

fn of_line(line: usize) -> Region {
    Region {
        line,
        columns: None,
    }
}

fn of_step(step: &Step, report: &Report) -> Option<Finding> {
    let (level, (rule, text), words) = match &step.outcome {
        Outcome::Ok => return None,
        Outcome::Refused { could_be } => {
            let rule = could_be.first()?.rule;
            let words = could_be
                .iter()
                .map(|one| format!("{}: {}", one.exception, one.message));
            let words = words.collect::<Vec<_>>().join(" / ");
            (Level::Error, (rule.number(), rule.text()), words)
        }
        Outcome::Undecided {
            needs,
            could_be,
            settle,
        } => {
            let refusals = could_be.iter().filter_map(|possible| match possible {
                Possible::Ok => None,
                Possible::Refused(answer) => Some(answer),
            });
            // The rule that may be broken, if it is one.
            let mut rules = refusals.clone().map(|answer| answer.rule);
            let rule = rules
                .next()
                .filter(|first| rules.all(|rule| rule == *first));
            let rule = rule.map_or(UNDECIDED, |rule| (rule.number(), rule.text()));
            let refusals: Vec<_> = refusals
                .map(|one| format!("{}: {}", one.exception, one.message))
                .collect();
            (Level::Warning, rule, undecided(needs, &refusals, settle))
        }
    };
    let subject = step.subject.as_deref().unwrap_or_default();
    let (file, line) = written(report, step.address.as_deref());
    Some(Finding {
        rule,
        text,
        level,
        message: noted(
            format!("{} {subject}: {words}", step.operation),
            step.said(),
        ),
        file,
        region: step.line.or(line).map(of_line),
        address: step.address.as_deref().map(str::to_owned),
    })
}

/// A message with what is to be said besides.
fn noted<'n>(mut message: String, notes: impl IntoIterator<Item = &'n str>) -> String {
    for note in notes {
        // KMS ends some of its words with a full stop.
        let stop = if message.ends_with('.') { "" } else { "." };
        message = format!("{message}{stop} Note: {note}");
    }
    message
}

/// As many refusals are told of a step that is undecided.
const MOST_REFUSALS: usize = 2;

/// What an undecided step depends on, how it may be refused, and what settles it.
fn undecided(needs: &[Need], refusals: &[String], settle: &[Box<str>]) -> String {
    let mut words = format!("undecided: it depends on {}", needs_words(needs));
    if !refusals.is_empty() {
        let told: Vec<_> = refusals.iter().take(MOST_REFUSALS).cloned().collect();
        words = format!("{words}. It may be refused: {}", told.join(" / "));
        if let more @ 1.. = refusals.len().saturating_sub(MOST_REFUSALS) {
            words = format!("{words} / and {more} more");
        }
    }
    if !settle.is_empty() {
        // KMS ends some of its words with a full stop.
        let words_of_kms = words.strip_suffix('.').unwrap_or(&words);
        words = format!(
            "{words_of_kms}. This would help to settle it: {}",
            settle.join("; ")
        );
    }
    words
}

fn of_advice(advice: &Advice, report: &Report) -> Finding {
    let (file, line) = written(report, advice.address.as_deref());
    Finding {
        rule: advice.rule.number(),
        text: advice.rule.text(),
        // What alone makes a run fail.
        level: if advice.rule == AdviceRule::F9 || report.is_denied(advice) {
            Level::Error
        } else {
            Level::Warning
        },
        message: advice.words.to_string(),
        file,
        region: line.map(of_line),
        address: advice.address.as_deref().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::undecided;
    use kms_alias_foresee::verdict::Need;

    #[test]
    fn a_full_stop_of_kms_is_not_written_twice() {
        let refusals = ["NotFoundException: it is not found.".to_owned()];
        let words = undecided(
            &[Need::BoundReached],
            &refusals,
            &["aws kms list-keys".into()],
        );
        assert!(
            words.ends_with("it is not found. This would help to settle it: aws kms list-keys"),
            "{words}"
        );
    }
}
