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
    writeln!(out, "  AWS answered")?;
    writeln!(out, "    {}", printable(&answer(event)))?;
    let rule = finding
        .ours()
        .map_or_else(String::new, |refusal| format!(" (rule {})", refusal.rule()));
    writeln!(out, "  by the rules it would have been{rule}")?;
    writeln!(out, "    {}", printable(&verdict(finding.ours())))?;
    for choice in finding.choices() {
        let text = format!("it speaks against {}: {}", choice.name(), choice.text());
        writeln!(out, "{}", indented(&text, 2))?;
    }
    writeln!(out)
}

fn answer(event: &Event) -> String {
    event
        .error()
        .map_or_else(|| "done".to_owned(), AwsError::to_string)
}

fn verdict(refusal: Option<&Refusal>) -> String {
    refusal.map_or_else(
        || "done".to_owned(),
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
    writeln!(out, "What no public source settles, and this log says:")?;
    if shown.is_empty() {
        writeln!(out, "  nothing")?;
    }
    for evidence in shown {
        print_choice(out, evidence, all)?;
    }
    let unseen = report.evidence().iter().filter(|of| !is_seen(of));
    let (visible, hidden): (Vec<_>, Vec<_>) =
        unseen.partition(|of| of.choice().contradicted_by().is_some());
    let text = format!(
        "Of {} choices {} are not met by this log, and {} by none: --choices lists all.",
        Choice::ALL.len(),
        visible.len(),
        hidden.len(),
    );
    writeln!(out, "{}\n", indented(&text, 0))
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
            "    {style}confirmed by {confirmed}, contradicted by {contradicted} events{style:#}"
        )?;
    }
    if all {
        let nothing = "nothing in a log";
        let by = choice.confirmed_by().unwrap_or(nothing);
        writeln!(out, "{}", indented(&format!("confirmed by: {by}"), 4))?;
        let by = choice.contradicted_by().unwrap_or(nothing);
        writeln!(out, "{}", indented(&format!("contradicted by: {by}"), 4))?;
    }
    Ok(())
}

fn print_summary(out: &mut Output, report: &Report<'_>) -> io::Result<()> {
    for (reason, count) in report.not_judged() {
        writeln!(out, "not judged: {count}, {reason}.")?;
    }
    let others = report.of_other_scopes();
    if others > 0 {
        writeln!(out, "of other accounts and Regions: {others}.")?;
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
