//! Foresees a list of changes against a real account: which step fails, and why.
//!
//! With no arguments it runs on a sample account and list of changes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use clap::{Parser, ValueEnum};
use comfy_table::{Cell, Color, ContentArrangement, Table, presets};
use kms_alias::account::{self, File, Options, Step};
use kms_alias::{AliasTable, Refusal, ReservedNames, Timestamp};
use serde::Serialize;

/// Foresees a list of changes to KMS aliases and keys against a real account: which step fails,
/// with which exception, and by which rule. Nothing is sent anywhere.
#[derive(Parser)]
#[command(name = "preflight", after_help = AFTER_HELP)]
struct Arguments {
    /// What `aws kms list-aliases` and `aws kms describe-key` printed, any number of documents
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "changes")]
    account: Vec<PathBuf>,
    /// The changes: {"UpdateAlias": {"AliasName": "…", "TargetKeyId": "…"}} and so on
    #[arg(long, value_name = "FILE", requires = "account")]
    changes: Option<PathBuf>,
    /// Print one JSON object a step instead of a table
    #[arg(long)]
    json: bool,
    /// When the changes are made: ISO 8601 with an offset, or seconds since the Unix epoch
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    now: Option<Timestamp>,
    /// Write the aliases as they are after the changes, as list-aliases prints them
    #[arg(long, value_name = "FILE")]
    after: Option<PathBuf>,
    /// Which names belong to AWS: those that begin with `alias/aws`, or with `alias/aws/` only
    #[arg(long, value_name = "PREFIX", value_enum, default_value_t = Reserved::AliasAws)]
    reserved: Reserved,
    /// The quota of aliases per key, where AWS raised it
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    aliases_per_key: u32,
}

const AFTER_HELP: &str = "\
With no files it runs on a sample that it carries.
Exit code: 0 if all steps pass, 1 if some step is refused, 2 if the input cannot be used.

Make the account's files with:
  aws kms list-aliases > account.json
  aws kms list-keys --query 'Keys[].KeyId' --output text | tr '\\t' '\\n' |
    xargs -n 1 aws kms describe-key --key-id >> account.json";

#[derive(Clone, Copy, ValueEnum)]
enum Reserved {
    #[value(name = "alias/aws")]
    AliasAws,
    #[value(name = "alias/aws/")]
    AliasAwsSlash,
}

impl From<Reserved> for ReservedNames {
    fn from(reserved: Reserved) -> Self {
        match reserved {
            Reserved::AliasAws => Self::AliasAws,
            Reserved::AliasAwsSlash => Self::AliasAwsSlash,
        }
    }
}

/// A list of changes longer than this shows its progress on a terminal.
const LONG_LIST: usize = 2_000;

/// As many warnings of a rule are said one by one.
const MOST_WARNINGS: usize = 10;

/// The input cannot be used, for this reason.
struct Unusable(String);

impl<E: std::error::Error> From<E> for Unusable {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// A step and what came of it.
struct Verdict {
    operation: String,
    subject: Option<String>,
    refusal: Option<Refusal>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(all_pass) => ExitCode::from(u8::from(!all_pass)),
        Err(Unusable(reason)) => {
            say("error", AnsiColor::Red, &reason);
            ExitCode::from(2)
        }
    }
}

/// Whether all steps pass.
fn run(arguments: &Arguments) -> Result<bool, Unusable> {
    let reserved_names = arguments.reserved.into();
    let (account, changes) = inputs(arguments)?;
    let files: Vec<_> = account.iter().map(Input::file).collect();
    let options = Options::default()
        .with_reserved_names(reserved_names)
        .with_aliases_per_key(arguments.aliases_per_key);
    let mut table = account::load(&files, options)?;
    let steps = account::read_changes(changes.file(), reserved_names)?;
    warn(&table);
    for key_id in account::undescribed_keys(&files, &table)? {
        let words =
            format!("key {key_id} is listed and not described: steps that name it are refused");
        say("warning", AnsiColor::Yellow, &words);
    }
    let at = arguments.now.map_or_else(system_time, Ok)?;
    let verdicts = judge(&mut table, steps, at);
    let all_pass = verdicts.iter().all(|verdict| verdict.refusal.is_none());
    let printed = if arguments.json {
        print_json(&verdicts)
    } else {
        print_table(&table, &verdicts)
    };
    match printed {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        other => other?,
    }
    if let Some(path) = &arguments.after {
        write_after(path, &account::list_aliases_json(&table))?;
    }
    Ok(all_pass)
}

/// Says what stands beyond the rules: of each rule a few one by one.
fn warn(table: &AliasTable) {
    let mut count_of_rule = BTreeMap::new();
    for warning in table.warnings() {
        let count = count_of_rule.entry(warning.rule()).or_insert(0_usize);
        *count += 1;
        if *count <= MOST_WARNINGS {
            say("warning", AnsiColor::Yellow, &warning.to_string());
        }
    }
    for (rule, count) in count_of_rule
        .into_iter()
        .filter(|(_, count)| *count > MOST_WARNINGS)
    {
        let more = count - MOST_WARNINGS;
        say(
            "warning",
            AnsiColor::Yellow,
            &format!("and {more} more beyond rule {rule}"),
        );
    }
}

/// A file's name and content.
struct Input {
    name: String,
    bytes: Vec<u8>,
}

impl Input {
    fn read(path: &Path) -> Result<Self, Unusable> {
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|error| Unusable(format!("{name}: {error}")))?;
        Ok(Self { name, bytes })
    }

    fn sample(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            bytes: text.into(),
        }
    }

    fn file(&self) -> File<'_> {
        File {
            name: &self.name,
            bytes: &self.bytes,
        }
    }
}

/// The account and the changes: those that were named, or the sample.
fn inputs(arguments: &Arguments) -> Result<(Vec<Input>, Input), Unusable> {
    if let Some(changes) = &arguments.changes {
        let account = arguments
            .account
            .iter()
            .map(|path| Input::read(path))
            .collect::<Result<_, _>>()?;
        return Ok((account, Input::read(changes)?));
    }
    if !arguments.json {
        say(
            "note",
            AnsiColor::Cyan,
            "a sample account and its changes; see --help for your own",
        );
    }
    let account = Input::sample("account.json (sample)", include_str!("data/account.json"));
    let changes = Input::sample("changes.json (sample)", include_str!("data/changes.json"));
    Ok((vec![account], changes))
}

/// Each step on the table as the steps before it left it; a refused step changes nothing.
fn judge(table: &mut AliasTable, steps: Vec<Step>, at: Timestamp) -> Vec<Verdict> {
    let total = steps.len();
    let progress = total > LONG_LIST && io::stderr().is_terminal();
    let mut verdicts = Vec::with_capacity(total);
    for (
        index,
        Step {
            operation,
            subject,
            request,
            ..
        },
    ) in steps.into_iter().enumerate()
    {
        if progress && index % LONG_LIST == 0 {
            show_progress(&format!("\rjudged {index} of {total} steps"));
        }
        let refusal = request
            .and_then(|operation| table.apply(&operation, at))
            .err();
        verdicts.push(Verdict {
            operation,
            subject,
            refusal,
        });
    }
    if progress {
        show_progress(&format!("\rjudged {total} of {total} steps\n"));
    }
    verdicts
}

fn show_progress(text: &str) {
    // As with what is said: an error here is nobody's loss.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// A step's verdict for programs.
#[derive(Serialize)]
struct Line<'a> {
    step: usize,
    operation: &'a str,
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
}

fn print_json(verdicts: &[Verdict]) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (
        index,
        Verdict {
            operation, refusal, ..
        },
    ) in verdicts.iter().enumerate()
    {
        let refusal = refusal.as_ref();
        let line = Line {
            step: index + 1,
            operation,
            outcome: if refusal.is_some() { "refused" } else { "ok" },
            exception: refusal.map(Refusal::exception),
            message: refusal.map(ToString::to_string),
            rule: refusal.map(|refusal| refusal.rule().number()),
        };
        serde_json::to_writer(&mut out, &line)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn print_table(table: &AliasTable, verdicts: &[Verdict]) -> io::Result<()> {
    let mut rows = Table::new();
    rows.load_preset(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    if rows.width().is_none() {
        rows.set_width(120);
    }
    if anstream::AutoStream::choice(&io::stdout()) == ColorChoice::Never {
        rows.force_no_tty();
    }
    rows.set_header([
        "step",
        "operation",
        "on",
        "verdict",
        "exception and words",
        "rule",
    ]);
    for (index, verdict) in verdicts.iter().enumerate() {
        rows.add_row(row(index + 1, verdict));
    }
    let refused = verdicts
        .iter()
        .filter(|verdict| verdict.refusal.is_some())
        .count();
    let mut out = io::BufWriter::new(io::stdout().lock());
    writeln!(out, "{rows}")?;
    writeln!(
        out,
        "{} steps on {}: {} pass, {refused} refused. {} aliases stand afterwards.",
        verdicts.len(),
        table.scope(),
        verdicts.len() - refused,
        table.len(),
    )?;
    if refused > 0 {
        writeln!(
            out,
            "A refused step changes nothing; the steps after it are judged without it."
        )?;
    }
    out.flush()
}

fn row(
    number: usize,
    Verdict {
        operation,
        subject,
        refusal,
    }: &Verdict,
) -> Vec<Cell> {
    let (verdict, words, rule) = match refusal {
        None => (Cell::new("ok").fg(Color::Green), String::new(), ""),
        Some(refusal) => {
            let words = format!("{}: {refusal}", refusal.exception());
            (
                Cell::new("refused").fg(Color::Red),
                words,
                refusal.rule().number(),
            )
        }
    };
    let on = subject.as_deref().unwrap_or_default();
    vec![
        Cell::new(number),
        Cell::new(printable(operation)),
        Cell::new(printable(on)),
        verdict,
        Cell::new(printable(&words)),
        Cell::new(rule),
    ]
}

/// A text from a file, with nothing in it that a terminal would obey.
fn printable(text: &str) -> String {
    let plain = |character: char| {
        if character.is_control() {
            '\u{fffd}'
        } else {
            character
        }
    };
    text.chars().map(plain).collect()
}

fn say(kind: &str, color: AnsiColor, text: &str) {
    let style = Style::new().bold().fg_color(Some(color.into()));
    // Whoever closed standard error does not want to hear it.
    let _ = writeln!(
        anstream::stderr(),
        "{style}{kind}{style:#}: {}",
        printable(text)
    );
}

fn parse_time(text: &str) -> Result<Timestamp, String> {
    account::parse_timestamp(text).ok_or_else(|| {
        "expected ISO 8601 with an offset, of the years 0 to 9999, or seconds since the Unix epoch".to_owned()
    })
}

fn system_time() -> Result<Timestamp, Unusable> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(Timestamp::from_millis(i64::try_from(since.as_millis())?))
}

/// Writes a file: what is a link, a pipe or a device stays one, and a file keeps its mode.
fn write_after(path: &Path, text: &str) -> Result<(), Unusable> {
    fs::write(path, text).map_err(|error| Unusable(format!("{}: {error}", path.display())))
}
