//! The verdicts for people: a table, and below it whom the steps touch.

use std::fmt::Display;
use std::io::{self, Write};

use comfy_table::{Cell, Color};
use kms_alias::AliasTable;

use super::{Report, Verdict};
use crate::common::{self, printable};

/// As many lines on uses through aliases are shown unless all are asked for.
const MOST_LINES: usize = 20;

pub fn print(table: &AliasTable, report: &Report, all_uses: bool) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    print_verdicts(&mut out, table, &report.verdicts)?;
    let uses = report.verdicts.iter().map(|verdict| &*verdict.uses);
    let most = if all_uses { usize::MAX } else { MOST_LINES };
    print_touched(
        &mut out,
        "Uses through aliases (rule S6)",
        uses,
        &report.uses,
        most,
    )?;
    if let Some(in_all) = &report.access {
        let access = report.verdicts.iter().map(|verdict| &*verdict.access);
        let title = "Conditions on aliases (rules P1 to P5)";
        print_touched(&mut out, title, access, in_all, usize::MAX)?;
    }
    out.flush()
}

/// What each step touches, and what all of them together do, which may be less.
fn print_touched<'a, T: Display + 'a>(
    out: &mut impl Write,
    title: &str,
    steps: impl Iterator<Item = &'a [T]>,
    in_all: &[T],
    most: usize,
) -> io::Result<()> {
    let (mut lines, mut touching) = (Vec::new(), 0);
    for (index, items) in steps.enumerate() {
        touching += usize::from(!items.is_empty());
        lines.extend(
            items
                .iter()
                .map(|item| format!("step {} {item}", index + 1)),
        );
    }
    if touching == 0 {
        return writeln!(out, "\n{title}: no step changes anything.");
    }
    if touching > 1 && in_all.is_empty() {
        lines.push("together: nothing, the steps take each other back".to_owned());
    } else if touching > 1 {
        let in_all = in_all.iter().map(|item| format!("together: {item}"));
        lines.extend(in_all);
    }
    writeln!(out, "\n{title}:")?;
    for line in lines.iter().take(most) {
        writeln!(out, "  {}", printable(line))?;
    }
    match lines.len().saturating_sub(most) {
        0 => Ok(()),
        more => writeln!(out, "  and {more} lines more: --impact shows them all"),
    }
}

fn print_verdicts(
    out: &mut impl Write,
    table: &AliasTable,
    verdicts: &[Verdict],
) -> io::Result<()> {
    let mut rows = common::table(&[
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
    Ok(())
}

fn row(
    number: usize,
    Verdict {
        operation,
        subject,
        refusal,
        ..
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
