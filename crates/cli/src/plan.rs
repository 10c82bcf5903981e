//! Plans the way from a real account to the aliases that are wanted: which requests, in which
//! order, and what each does.
//!
//! With no arguments it runs on a sample account and wish.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::common::{self, Input, Reserved, Unusable, fail, note, printable, warn};
use crate::exit::ExitCode;
use clap::Args;
use comfy_table::{Cell, Color};
use kms_alias::{AliasTable, Rule, TargetKeyId};
use kms_alias_files::{self as account, Loaded, Options};
use kms_alias_foresee::{
    Impossible, Plan, PlanOptions, StepEffect, ThirdKey, Unmentioned, Unreachable,
};

/// Plans the way from a real account to the aliases that are wanted: the fewest requests, in an
/// order in which KMS accepts each of them, with the fewest gaps in which a name resolves to
/// nothing. Nothing is sent anywhere.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// What `aws kms list-aliases` and `aws kms describe-key` printed, any number of documents
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "wanted")]
    account: Vec<PathBuf>,
    /// The aliases that are wanted: {"alias/payments": "KEY-ID OR KEY-ARN"}, or what
    /// `aws kms list-aliases` printed
    #[arg(long, value_name = "FILE", requires = "account")]
    wanted: Option<PathBuf>,
    /// Delete the aliases that are not mentioned, but for AWS's own; without it they stay
    #[arg(long)]
    prune: bool,
    /// Print the requests as a list of changes, which `kms-alias check --changes` takes
    #[arg(long)]
    json: bool,
    /// Where full keys swap aliases, let one alias name this key for a while, or `any` that takes
    /// it, and do not delete and create it
    #[arg(long, value_name = "KEY", value_parser = parse_third_key)]
    third_key: Option<Third>,
    /// Which names belong to AWS: those that begin with `alias/aws`, or with `alias/aws/` only
    #[arg(long, value_name = "PREFIX", value_enum, default_value_t = Reserved::AliasAws)]
    reserved: Reserved,
    /// The quota of aliases per key, where AWS raised it
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    aliases_per_key: u32,
}

const AFTER_HELP: &str = "\
With no files it runs on a sample that it carries.
Exit code: 0 if there is a plan, 1 if something that is wanted cannot be reached, 2 if the input
cannot be used.

`plan` and `check` check each other:
  kms-alias plan --account account.json --wanted wanted.json --json > changes.json
  kms-alias check --account account.json --changes changes.json

Make the account's files with:
  aws kms list-aliases > account.json
  aws kms list-keys --query 'Keys[].KeyId' --output text | tr '\\t' '\\n' |
    xargs -n 1 aws kms describe-key --key-id >> account.json";

/// Which third key an alias may name for a while.
#[derive(Clone, Copy)]
enum Third {
    Any,
    Key(TargetKeyId),
}

fn parse_third_key(text: &str) -> Result<Third, String> {
    if text == "any" {
        return Ok(Third::Any);
    }
    let parsed = text.parse().map(Third::Key);
    parsed.map_err(|error| format!("expected `any`, a key ID or a key ARN: {error}"))
}

/// The verb `plan`.
pub fn main(arguments: &Arguments) -> ExitCode {
    match run(arguments) {
        Ok(possible) => ExitCode::from(u8::from(!possible)),
        Err(Unusable(reason)) => {
            fail(&reason);
            ExitCode::from(2)
        }
    }
}

/// Whether there is a plan.
fn run(arguments: &Arguments) -> Result<bool, Unusable> {
    let (account, wanted) = inputs(arguments)?;
    let table = load(arguments, &account)?;
    let wanted = account::read_wanted(wanted.file())?;
    let options = options(arguments, &table)?;
    match Plan::new(&table, &wanted, options, common::system_time()?) {
        Ok(plan) if arguments.json => common::printed(print_json(&plan)).map(|()| true),
        Ok(plan) => common::printed(print_plan(&table, &plan)).map(|()| true),
        Err(impossible) => {
            common::printed(print_impossible(arguments, &impossible)).map(|()| false)
        }
    }
}

/// The account and what is wanted: those that were named, or the sample.
fn inputs(arguments: &Arguments) -> Result<(Vec<Input>, Input), Unusable> {
    if let Some(wanted) = &arguments.wanted {
        let account = arguments.account.iter().map(|path| Input::read(path));
        return Ok((account.collect::<Result<_, _>>()?, Input::read(wanted)?));
    }
    if !arguments.json {
        note("a sample account and what is wanted of it; see --help for your own");
    }
    let account = Input::sample("account.json", include_str!("../data/account.json"));
    let wanted = Input::sample("wanted.json", include_str!("../data/wanted.json"));
    Ok((vec![account], wanted))
}

/// The account, with what has to be said of it.
fn load(arguments: &Arguments, account: &[Input]) -> Result<AliasTable, Unusable> {
    let files: Vec<_> = account.iter().map(Input::file).collect();
    let options = Options::default()
        .with_reserved_names(arguments.reserved.into())
        .with_aliases_per_key(arguments.aliases_per_key);
    let loaded = Loaded::read(&files, options)?;
    common::warn_of_what_stands(loaded.table());
    for key_id in loaded.undescribed_keys() {
        warn(&format!(
            "key {key_id} is listed and not described: no alias can be planned to have it"
        ));
    }
    Ok(loaded.into_table())
}

fn options(arguments: &Arguments, table: &AliasTable) -> Result<PlanOptions, Unusable> {
    let unmentioned = if arguments.prune {
        Unmentioned::Go
    } else {
        Unmentioned::Stay
    };
    let third_key = match arguments.third_key {
        None => ThirdKey::No,
        Some(Third::Any) => ThirdKey::Any,
        Some(Third::Key(key)) => {
            let elsewhere = matches!(key, TargetKeyId::KeyArn(arn) if arn.scope() != table.scope());
            if elsewhere || table.key(&key.key_id()).is_none() {
                let scope = table.scope();
                let words = format!("--third-key {key}: no key of {scope} that the files describe");
                return Err(Unusable(words));
            }
            ThirdKey::This(key.key_id())
        }
    };
    Ok(PlanOptions::default()
        .with_unmentioned(unmentioned)
        .with_third_key(third_key))
}

/// The requests as an array, one a line.
fn print_json(plan: &Plan) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut separator = "[\n";
    for step in plan.steps() {
        if let Some(change) = account::change_json(step.operation()) {
            write!(out, "{separator}{change}")?;
            separator = ",\n";
        }
    }
    out.write_all(if plan.is_empty() { b"[]\n" } else { b"\n]\n" })?;
    out.flush()
}

fn print_plan(table: &AliasTable, plan: &Plan) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    if plan.is_empty() {
        writeln!(out, "Nothing to do: all is as it is wanted.")?;
        return out.flush();
    }
    let mut rows = common::table(&["step", "operation", "on", "what it does"]);
    for (index, step) in plan.steps().iter().enumerate() {
        rows.add_row(vec![
            Cell::new(index + 1),
            Cell::new(step.operation().name()),
            Cell::new(step.alias_name()),
            effect(step.effect()),
        ]);
    }
    writeln!(out, "{rows}")?;
    let (steps, gaps) = (plan.len(), plan.gaps().count());
    let scope = table.scope();
    writeln!(
        out,
        "{} on {scope}, {}.",
        counted(steps, "step"),
        counted(gaps, "gap")
    )?;
    if gaps > 0 {
        writeln!(
            out,
            "In a gap the name resolves to nothing, and calls through it fail. What makes them:"
        )?;
    }
    let causes: BTreeSet<Rule> = plan.gaps().map(|gap| gap.cause).collect();
    for rule in causes {
        writeln!(out, "  {rule}: {}", rule.text())?;
    }
    out.flush()
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// What a step does, in red where a name resolves to nothing for a while.
fn effect(effect: StepEffect) -> Cell {
    let cell = Cell::new(effect);
    match effect {
        StepEffect::GapOpens { .. } => cell.fg(Color::Red),
        StepEffect::StepsAside { .. } => cell.fg(Color::Yellow),
        _ => cell,
    }
}

/// Everything that cannot be reached; with `--json` on standard error, as it is no list of changes.
fn print_impossible(arguments: &Arguments, impossible: &Impossible) -> io::Result<()> {
    let unreachable = impossible.unreachable();
    let summary = match unreachable.len() {
        1 => "There is no plan: 1 alias cannot be as it is wanted.".to_owned(),
        count => format!("There is no plan: {count} aliases cannot be as they are wanted."),
    };
    if arguments.json {
        unreachable.iter().for_each(|told| fail(&told.to_string()));
        fail(&summary);
        return Ok(());
    }
    let mut rows = common::table(&["alias", "wanted", "exception and words", "rule"]);
    for told in unreachable {
        add_rows(&mut rows, told);
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    writeln!(out, "{rows}\n{summary}")?;
    out.flush()
}

/// A row for each refusal that stands in the way of an alias.
fn add_rows(rows: &mut comfy_table::Table, told: &Unreachable) {
    let target = told
        .target_key_id()
        .map_or_else(|| "to go".to_owned(), ToString::to_string);
    for (index, refusal) in told.refusals().iter().enumerate() {
        let words = format!("{}: {refusal}", refusal.exception());
        let (name, target) = match index {
            0 => (told.alias_name().to_string(), target.clone()),
            _ => Default::default(),
        };
        rows.add_row(vec![
            Cell::new(name),
            Cell::new(target),
            Cell::new(printable(&words)).fg(Color::Red),
            Cell::new(refusal.rule()),
        ]);
    }
}
