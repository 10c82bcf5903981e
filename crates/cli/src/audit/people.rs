//! The report for people.

use std::io::{self, Write};

use kms_alias::Refusal;
use kms_alias_audit::{AwsError, Choice, Event, Evidence, Finding, Report};

use crate::common::{Output, Palette, cloud_trail_time, indented, printable};

/// As many findings are shown.
const MOST_FINDINGS: usize = 100;

pub fn print(out: &mut Output, report: &Report<'_>, choices: bool) -> io::Result<()> {
    let differ = report.findings().len();
    for finding in report.findings().iter().take(MOST_FINDINGS) {
        print_finding(out, finding)?;
    }
    if differ > MOST_FINDINGS {
        let more = differ - MOST_FINDINGS;
        writeln!(out, "and {more} more: --json prints all.\n")?;
    }
    print_choices(out, report, choices)?;
    print_summary(out, report)
}

/// An event with both sides, and what it speaks against.
fn print_finding(out: &mut Output, finding: &Finding<'_>) -> io::Result<()> {
    let event = finding.event();
    let bold = Palette::HEAD;
    let (when, name) = (cloud_trail_time(event.time()), printable(event.name()));
    let on = event.subject().unwrap_or_default();
    writeln!(out, "{bold}{when} {name} {}{bold:#}", printable(&on))?;
    if let Some(id) = event.id() {
        writeln!(out, "  event {}", printable(id))?;
    }
    writeln!(out, "  AWS answered:")?;
    writeln!(out, "    {}", printable(&answer(event)))?;
    let rule = finding
        .ours()
        .map_or_else(String::new, |refusal| format!(" (rule {})", refusal.rule()));
    writeln!(out, "  by the rules it would have answered{rule}:")?;
    writeln!(out, "    {}", printable(&verdict(finding.ours())))?;
    for choice in finding.choices() {
        let text = format!(
            "this contradicts the assumption {}: {}",
            choice.name(),
            choice.text()
        );
        writeln!(out, "{}", indented(&text, 2))?;
    }
    writeln!(out)
}

/// What stands for an answer that refuses nothing.
const SUCCESS: &str = "success";

fn answer(event: &Event) -> String {
    event
        .error()
        .map_or_else(|| SUCCESS.to_owned(), AwsError::to_string)
}

fn verdict(refusal: Option<&Refusal>) -> String {
    refusal.map_or_else(
        || SUCCESS.to_owned(),
        |refusal| format!("{}: {refusal}", refusal.exception()),
    )
}

fn print_choices(out: &mut Output, report: &Report<'_>, all: bool) -> io::Result<()> {
    let is_seen = |evidence: &&Evidence<'_>| evidence.confirmed() + evidence.contradicted() > 0;
    let shown: Vec<_> = report
        .evidence()
        .iter()
        .filter(|of| all || is_seen(of))
        .collect();
    let all_in_all = Choice::ALL.len();
    let title = format!(
        "kms-alias assumes {all_in_all} things that AWS's documentation leaves open. Of these this log \
         says something of:"
    );
    writeln!(out, "{}", indented(&title, 0))?;
    if shown.is_empty() {
        writeln!(out, "  none")?;
    }
    for evidence in &shown {
        print_choice(out, evidence, all)?;
    }
    if !all {
        let others = all_in_all.saturating_sub(shown.len());
        writeln!(
            out,
            "--choices lists the other {others} too, with what would confirm each."
        )?;
    }
    writeln!(out)
}

fn print_choice(out: &mut Output, evidence: &Evidence<'_>, all: bool) -> io::Result<()> {
    let choice = evidence.choice();
    let rule = choice
        .rule()
        .map_or_else(String::new, |rule| format!(" (rule {rule})"));
    let text = format!("{}{rule}: {}", choice.name(), choice.text());
    writeln!(out, "{}", indented(&text, 2))?;
    let (confirmed, contradicted) = (evidence.confirmed(), evidence.contradicted());
    let style = if contradicted > 0 {
        Palette::BAD
    } else {
        Palette::GOOD
    };
    if confirmed + contradicted > 0 || !all {
        writeln!(
            out,
            "    {style}events that confirm it: {confirmed}; that contradict it: {contradicted}{style:#}"
        )?;
    }
    if all {
        let nothing = "nothing in a log";
        let by = choice.confirmed_by().unwrap_or(nothing);
        writeln!(out, "{}", indented(&format!("would confirm it: {by}"), 4))?;
        let by = choice.contradicted_by().unwrap_or(nothing);
        writeln!(
            out,
            "{}",
            indented(&format!("would contradict it: {by}"), 4)
        )?;
    }
    Ok(())
}

fn print_summary(out: &mut Output, report: &Report<'_>) -> io::Result<()> {
    for (reason, count) in report.not_judged() {
        writeln!(out, "not judged: {count}, {reason}.")?;
    }
    let others = report.of_other_scopes();
    if others > 0 {
        writeln!(
            out,
            "not looked at: {others} of other accounts and Regions."
        )?;
    }
    let differ = report.findings().len();
    let style = if differ > 0 {
        Palette::BAD
    } else {
        Palette::GOOD
    };
    writeln!(
        out,
        "{style}{}: {} judged, {} agree, {differ} differ.{style:#}",
        report.scope(),
        report.judged(),
        report.agreed(),
    )
}
