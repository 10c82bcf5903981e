//! The plan for people: one line a step, then the gaps and what makes them.

use std::collections::BTreeSet;
use std::io::{self, Write};

use anstyle::Style;
use kms_alias::{AliasTable, Rule};
use kms_alias_foresee::verdict::{Conclusion, Possible};
use kms_alias_foresee::{Impossible, Plan, StepEffect, Undecided, Unreachable};

use crate::common::{INDENT, Output, Palette, indented, print_undecided, printable};

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

/// How many aliases cannot be as they are wanted, and of how many that is not known.
pub fn summary(impossible: &Impossible) -> String {
    let unreachable = match impossible.unreachable().len() {
        0 => None,
        1 => Some("1 alias cannot be as it is wanted".to_owned()),
        count => Some(format!("{count} aliases cannot be as they are wanted")),
    };
    let undecided = match impossible.undecided().len() {
        0 => None,
        1 => Some("1 alias is undecided".to_owned()),
        count => Some(format!("{count} aliases are undecided")),
    };
    let told: Vec<_> = unreachable.into_iter().chain(undecided).collect();
    format!("There is no plan: {}.", told.join(", "))
}

/// Everything that cannot be reached, and everything that cannot be told.
pub fn print_impossible(out: &mut Output, impossible: &Impossible) -> io::Result<()> {
    for told in impossible.unreachable() {
        print_unreachable(out, told)?;
    }
    for told in impossible.undecided() {
        print_open(out, told)?;
    }
    let style = match impossible.conclusion() {
        Conclusion::Undecided => Palette::OPEN,
        Conclusion::Passes | Conclusion::Fails => Palette::BAD,
    };
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

/// An alias, and what it depends on whether it can be as it is wanted.
fn print_open(out: &mut Output, told: &Undecided) -> io::Result<()> {
    let (style, key) = (Palette::OPEN, told.target_key_id());
    let alias_name = told.alias_name();
    writeln!(
        out,
        "{alias_name}  wanted on {key}  {style}undecided{style:#}"
    )?;
    // Where it can be had for certain, only the way is open.
    let mut could_be = told.could_be();
    if told.may_need_gap() {
        let text = if could_be == [Possible::Ok] {
            could_be = &[];
            "it can be had, in one step or deleted and created, with a gap (rules U3, U4)"
        } else {
            "it may have to be deleted and created, with a gap (rules U3, U4)"
        };
        writeln!(out, "{}", indented(text, INDENT))?;
    }
    print_undecided(out, told.needs(), could_be, told.settle(), false)
}
