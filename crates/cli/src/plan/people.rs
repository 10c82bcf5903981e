//! The plan for people: one line a step, then the gaps and what makes them.

use std::collections::BTreeSet;
use std::io::{self, Write};

use anstyle::Style;
use kms_alias::{AliasTable, Rule};
use kms_alias_foresee::{Impossible, Plan, StepEffect, Unreachable};

use crate::common::{Output, Palette, indented, printable};

pub fn print_plan(out: &mut Output, table: &AliasTable, plan: &Plan) -> io::Result<()> {
    if plan.is_empty() {
        return writeln!(out, "Nothing to do: all is as it is wanted.");
    }
    for (index, step) in plan.steps().iter().enumerate() {
        let (number, operation) = (index + 1, step.operation().name());
        writeln!(out, "{number:>4}  {operation:<11}  {}", step.alias_name())?;
        let style = style(step.effect());
        let text = indented(&step.effect().to_string(), 6);
        writeln!(out, "{style}{text}{style:#}")?;
    }
    writeln!(out)?;
    let (steps, gaps) = (plan.len(), plan.gaps().count());
    if gaps > 0 {
        let text =
            "In a gap the name resolves to nothing, and calls through it fail. What makes them:";
        writeln!(out, "{}", indented(text, 0))?;
    }
    let causes: BTreeSet<Rule> = plan.gaps().map(|gap| gap.cause).collect();
    for rule in causes {
        let text = format!("{rule}: {}", rule.text());
        writeln!(out, "{}", indented(&text, 2))?;
    }
    let (steps, gaps) = (counted(steps, "step"), counted(gaps, "gap"));
    writeln!(out, "{steps} on {}, {gaps}.", table.scope())
}

fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// Red where a name resolves to nothing for a while.
const fn style(effect: StepEffect) -> Style {
    match effect {
        StepEffect::GapOpens { .. } => Palette::BAD,
        StepEffect::StepsAside { .. } => Palette::OPEN,
        _ => Style::new(),
    }
}

/// How many aliases cannot be as they are wanted.
pub fn summary(impossible: &Impossible) -> String {
    match impossible.unreachable().len() {
        1 => "There is no plan: 1 alias cannot be as it is wanted.".to_owned(),
        count => format!("There is no plan: {count} aliases cannot be as they are wanted."),
    }
}

/// Everything that cannot be reached.
pub fn print_impossible(out: &mut Output, impossible: &Impossible) -> io::Result<()> {
    for told in impossible.unreachable() {
        print_unreachable(out, told)?;
    }
    let style = Palette::BAD;
    writeln!(out, "\n{style}{}{style:#}", summary(impossible))
}

/// An alias, and each refusal that stands in its way: KMS's words on a line of their own.
fn print_unreachable(out: &mut Output, told: &Unreachable) -> io::Result<()> {
    let wanted = match told.target_key_id() {
        Some(key) => format!("wanted on {key}"),
        None => "wanted to go".to_owned(),
    };
    writeln!(out, "{}  {wanted}", told.alias_name())?;
    for refusal in told.refusals() {
        let (exception, rule) = (refusal.exception(), refusal.rule());
        let faint = Palette::FAINT;
        writeln!(out, "      {exception} {faint}(rule {rule}){faint:#}")?;
        writeln!(out, "      {}", printable(&refusal.to_string()))?;
    }
    Ok(())
}
