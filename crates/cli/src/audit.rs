//! Tests the rules of this crate against AWS's own record: CloudTrail's log, replayed.
//!
//! With no arguments it runs on a sample account and log.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anstyle::Style;
use clap::Args;
use comfy_table::{Cell, Color, Table};
use flate2::read::MultiGzDecoder;
use kms_alias::{AliasTable, Refusal, Timestamp};
use kms_alias_audit::{
    AwsError, Choice, Coverage, Event, Evidence, Finding, Report, Trail, audit, read_trail,
};
use kms_alias_files::{self as account, File, Loaded, Options};
use serde_json::{Value, json};

use crate::common::{self, Input, Reserved, Unusable, note, printable};
use crate::exit::ExitCode;

/// Holds AWS's own record against the rules of this crate: of each event in CloudTrail's log,
/// whether KMS answered as the rules say. Nothing is sent anywhere.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// CloudTrail's log: files of a trail, compressed or not, or what lookup-events printed
    #[arg(long, value_name = "FILE", num_args = 1..)]
    trail: Vec<PathBuf>,
    /// The account just before the first event, as preflight takes it; without one each account
    /// and Region of the log begins at nothing, and keys are learned from CreateKey
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "trail")]
    account: Vec<PathBuf>,
    /// The account's files are a part of it: what they lack may exist all the same
    #[arg(long, requires = "account")]
    part: bool,
    /// Leave out the events before this time: ISO 8601 with an offset, or seconds since the Unix
    /// epoch
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    since: Option<Timestamp>,
    /// Print one JSON object a line instead of tables
    #[arg(long)]
    json: bool,
    /// Print every choice of this crate, with what in a log would confirm or contradict it
    #[arg(long)]
    choices: bool,
    /// Which names belong to AWS: those that begin with `alias/aws`, or with `alias/aws/` only
    #[arg(long, value_name = "PREFIX", value_enum, default_value_t = Reserved::AliasAws)]
    reserved: Reserved,
    /// The quota of aliases per key, where AWS raised it
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    aliases_per_key: u32,
}

const AFTER_HELP: &str = "\
With no files it runs on a sample that it carries. The sample is invented: it shows what the
output looks like, and nothing about AWS.
Exit code: 0 if AWS and the rules agree on all that can be judged, 1 if they differ somewhere,
2 if the input cannot be used.

Get the log of the last 90 days:
  aws cloudtrail lookup-events --lookup-attributes \\
    AttributeKey=EventSource,AttributeValue=kms.amazonaws.com > trail.json
More can be judged if the account's files, printed as for preflight, are from before it:
  audit --trail trail.json --account account.json --since 2026-02-01T00:00:00Z";

/// As many findings are shown to people.
const MOST_FINDINGS: usize = 100;

/// What a file of the gzip format begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The verb `audit`.
pub fn main(arguments: &Arguments) -> ExitCode {
    match run(arguments) {
        Ok(all_agree) => ExitCode::from(u8::from(!all_agree)),
        Err(Unusable(reason)) => {
            common::fail(&reason);
            ExitCode::from(2)
        }
    }
}

/// Whether AWS and the rules agree on all that could be judged.
fn run(arguments: &Arguments) -> Result<bool, Unusable> {
    let (account, log) = inputs(arguments)?;
    let mut trail = read_trail(&files(&log))?;
    if let Some(since) = arguments.since {
        trail = trail.since(since);
    }
    let coverage = if arguments.part || account.is_empty() {
        Coverage::Part
    } else {
        Coverage::Whole
    };
    let mut all_agree = true;
    let mut out = io::BufWriter::new(anstream::AutoStream::auto(io::stdout().lock()));
    for table in tables(arguments, &account, &trail)? {
        let report = audit(table, coverage, &trail);
        warn(&report, &trail);
        all_agree &= report.findings().is_empty();
        let printed = if arguments.json {
            print_json(&mut out, &report)
        } else {
            print_tables(&mut out, &report, arguments.choices)
        };
        match printed.and_then(|()| out.flush()) {
            // Whoever reads has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            other => other?,
        }
    }
    Ok(all_agree)
}

/// The accounts to begin with: the one that was named, or nothing for each that the log has.
fn tables(
    arguments: &Arguments,
    account: &[Input],
    trail: &Trail,
) -> Result<Vec<AliasTable>, Unusable> {
    let reserved_names = arguments.reserved.into();
    if account.is_empty() {
        let empty = |scope| {
            AliasTable::new(scope)
                .with_reserved_names(reserved_names)
                .with_aliases_per_key(arguments.aliases_per_key)
        };
        let scopes = trail.scopes().into_iter();
        return Ok(scopes.map(|(scope, _)| empty(scope)).collect());
    }
    let options = Options::default()
        .with_reserved_names(reserved_names)
        .with_aliases_per_key(arguments.aliases_per_key);
    let account = files(account);
    let loaded = Loaded::read(&account, options)?;
    for key_id in loaded.undescribed_keys() {
        let words =
            format!("key {key_id} is listed and not described: to the rules it is not there");
        common::warn(&words);
    }
    Ok(vec![loaded.into_table()])
}

/// Says what a reader of the numbers has to know.
fn warn(report: &Report<'_>, trail: &Trail) {
    let scope = report.scope();
    if trail.scopes().iter().all(|(of, _)| *of != scope) {
        let words = format!("no event of the log is of {scope}");
        common::warn(&words);
    }
}

/// Reads a file, and unpacks it if it is compressed.
fn read(path: &Path) -> Result<Input, Unusable> {
    Input::read(path)?.mapped(unpacked)
}

fn unpacked(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(&bytes[..]).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

fn files(inputs: &[Input]) -> Vec<File<'_>> {
    inputs.iter().map(Input::file).collect()
}

/// The account and the log: those that were named, or the sample.
fn inputs(arguments: &Arguments) -> Result<(Vec<Input>, Vec<Input>), Unusable> {
    let read = |paths: &[PathBuf]| paths.iter().map(|path| read(path)).collect();
    if !arguments.trail.is_empty() {
        let account: Result<_, Unusable> = read(&arguments.account);
        return Ok((account?, read(&arguments.trail)?));
    }
    if !arguments.json {
        let words = "a sample account and its log, both invented; see --help for your own";
        note(words);
    }
    let account = Input::sample("account.json", include_bytes!("../data/account.json"));
    let early = Input::sample("trail.json", include_bytes!("../data/trail.json"));
    let late = Input::sample("trail.json.gz", include_bytes!("../data/trail.json.gz"));
    let late = late.mapped(unpacked)?;
    Ok((vec![account], vec![late, early]))
}

/// One object a line: each finding, each reason for which events were not judged, each choice, and
/// last the counts.
fn print_json(out: &mut impl Write, report: &Report<'_>) -> io::Result<()> {
    let mut line = |kind: &str, value: Value| {
        let line = json!({"scope": report.scope().to_string(), kind: value});
        writeln!(out, "{line}")
    };
    for finding in report.findings() {
        line("finding", finding_json(finding))?;
    }
    for (reason, count) in report.not_judged() {
        let value =
            json!({"reason": format!("{reason:?}"), "words": reason.to_string(), "count": count});
        line("notJudged", value)?;
    }
    for evidence in report.evidence() {
        line("choice", choice_json(evidence))?;
    }
    let summary = json!({
        "judged": report.judged(),
        "agree": report.agreed(),
        "differ": report.findings().len(),
        "notJudged": not_judged(report),
        "ofOtherScopes": report.of_other_scopes(),
    });
    line("summary", summary)
}

fn finding_json(finding: &Finding<'_>) -> Value {
    let event = finding.event();
    let aws = event
        .error()
        .map(|error| json!({"errorCode": error.code(), "errorMessage": error.message()}));
    let ours = finding.ours().map(|refusal| {
        let rule = refusal.rule().number();
        json!({"exception": refusal.exception(), "message": refusal.to_string(), "rule": rule})
    });
    let choices: Vec<_> = finding
        .choices()
        .iter()
        .map(|choice| choice.name())
        .collect();
    json!({
        "eventID": event.id(),
        "eventTime": time(event.time()),
        "eventName": event.name(),
        "subject": event.subject(),
        "difference": format!("{:?}", finding.difference()),
        "aws": aws,
        "ours": ours,
        "choices": choices,
    })
}

fn choice_json(evidence: &Evidence<'_>) -> Value {
    let choice = evidence.choice();
    json!({
        "name": choice.name(),
        "rule": choice.rule().map(|rule| rule.number()),
        "text": choice.text(),
        "confirmed": evidence.confirmed(),
        "contradicted": evidence.contradicted(),
        "confirmedBy": choice.confirmed_by(),
        "contradictedBy": choice.contradicted_by(),
    })
}

fn not_judged(report: &Report<'_>) -> usize {
    report.not_judged().map(|(_, count)| count).sum()
}

fn print_tables(out: &mut impl Write, report: &Report<'_>, choices: bool) -> io::Result<()> {
    let differ = report.findings().len();
    for finding in report.findings().iter().take(MOST_FINDINGS) {
        print_finding(out, finding)?;
    }
    if differ > MOST_FINDINGS {
        writeln!(
            out,
            "and {} more: --json prints all.",
            differ - MOST_FINDINGS
        )?;
    }
    writeln!(
        out,
        "{}: {} judged, {} agree, {differ} differ.",
        report.scope(),
        report.judged(),
        report.agreed(),
    )?;
    for (reason, count) in report.not_judged() {
        writeln!(out, "not judged: {count}, {reason}.")?;
    }
    if report.of_other_scopes() > 0 {
        writeln!(
            out,
            "of other accounts and Regions: {}.",
            report.of_other_scopes()
        )?;
    }
    print_choices(out, report, choices)
}

fn print_choices(out: &mut impl Write, report: &Report<'_>, all: bool) -> io::Result<()> {
    let is_seen = |evidence: &&Evidence<'_>| evidence.confirmed() + evidence.contradicted() > 0;
    let shown: Vec<_> = report
        .evidence()
        .iter()
        .filter(|of| all || is_seen(of))
        .collect();
    writeln!(out, "\nWhat no public source settles, and this log says:")?;
    if shown.is_empty() {
        writeln!(out, "nothing.")?;
    } else {
        writeln!(out, "{}", choices_table(&shown, all))?;
    }
    let unseen = report.evidence().iter().filter(|of| !is_seen(of));
    let (visible, hidden): (Vec<_>, Vec<_>) =
        unseen.partition(|of| of.choice().contradicted_by().is_some());
    writeln!(
        out,
        "Of {} choices {} are not met by this log, and {} by none: --choices lists all.",
        Choice::ALL.len(),
        visible.len(),
        hidden.len(),
    )
}

/// An event with both sides, and what it speaks against.
fn print_finding(out: &mut impl Write, finding: &Finding<'_>) -> io::Result<()> {
    let event = finding.event();
    let bold = Style::new().bold();
    let (when, name) = (time(event.time()), printable(event.name()));
    let on = event.subject().unwrap_or_default();
    writeln!(out, "{bold}{when} {name} {}{bold:#}", printable(&on))?;
    if let Some(id) = event.id() {
        writeln!(out, "  event       {}", printable(id))?;
    }
    writeln!(out, "  AWS         {}", printable(&answer(event)))?;
    let rule = finding
        .ours()
        .map_or_else(String::new, |refusal| format!(" ({})", refusal.rule()));
    writeln!(
        out,
        "  these rules {}{rule}",
        printable(&verdict(finding.ours()))
    )?;
    for choice in finding.choices() {
        writeln!(out, "  against     {}: {}", choice.name(), choice.text())?;
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

fn choices_table(shown: &[&Evidence<'_>], all: bool) -> Table {
    let mut heads = vec![
        "choice",
        "rule",
        "what was chosen",
        "confirmed",
        "contradicted",
    ];
    if all {
        heads.extend(["confirmed by", "contradicted by"]);
    }
    let mut rows = common::table(&heads);
    for evidence in shown {
        let choice = evidence.choice();
        let contradicted = Cell::new(evidence.contradicted());
        let mut row = vec![
            Cell::new(choice.name()),
            Cell::new(choice.rule().map_or("", |rule| rule.number())),
            Cell::new(choice.text()),
            Cell::new(evidence.confirmed()),
            if evidence.contradicted() > 0 {
                contradicted.fg(Color::Red)
            } else {
                contradicted
            },
        ];
        if all {
            let nothing = "nothing in a log";
            row.push(Cell::new(choice.confirmed_by().unwrap_or(nothing)));
            row.push(Cell::new(choice.contradicted_by().unwrap_or(nothing)));
        }
        rows.add_row(row);
    }
    rows
}

fn parse_time(text: &str) -> Result<Timestamp, String> {
    account::parse_timestamp(text).ok_or_else(|| {
        "expected ISO 8601 with an offset, of the years 0 to 9999, or seconds since the Unix epoch".to_owned()
    })
}

/// A time as CloudTrail writes it.
fn time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .map_or_else(|_| at.to_string(), |at| at.to_string())
}
