//! What is said of a verdict that is not certain: what it depends on, what may come out, and what
//! would settle it.

use std::io::{self, Write};

use kms_alias_foresee::verdict::{Answer, Fact, Need, Possible};

use super::{Output, Palette, indented, printable};

/// How far what is said of a step is indented.
pub const INDENT: usize = 6;

/// As many answers that a step may get are shown unless all are asked for.
const MOST_ANSWERS: usize = 3;

/// The exception and the rule, and below them KMS's words as they are, for copying.
pub fn print_answer(out: &mut Output, answer: &Answer) -> io::Result<()> {
    let Answer {
        rule, exception, ..
    } = answer;
    let faint = Palette::FAINT;
    writeln!(
        out,
        "{:INDENT$}{exception} {faint}(rule {rule}){faint:#}",
        ""
    )?;
    writeln!(out, "{:INDENT$}{}", "", printable(&answer.message))
}

pub fn print_undecided(
    out: &mut Output,
    needs: &[Need],
    could_be: &[Possible],
    settle: &[Box<str>],
    all: bool,
) -> io::Result<()> {
    if !needs.is_empty() {
        let text = format!("it depends on {}", needs_words(needs));
        writeln!(out, "{}", indented(&printable(&text), INDENT))?;
    }
    if could_be.contains(&Possible::Ok) {
        writeln!(out, "{:INDENT$}it may pass", "")?;
    }
    let refusals = could_be.iter().filter_map(|possible| match possible {
        Possible::Ok => None,
        Possible::Refused(answer) => Some(answer),
    });
    let refusals: Vec<_> = refusals.collect();
    if !refusals.is_empty() {
        writeln!(out, "{:INDENT$}it may be refused:", "")?;
    }
    let most = if all { usize::MAX } else { MOST_ANSWERS };
    let mut shown = refusals.iter().take(most);
    shown.try_for_each(|answer| print_answer(out, answer))?;
    if let more @ 1.. = refusals.len().saturating_sub(most) {
        writeln!(
            out,
            "{:INDENT$}and {more} more: --verbose shows them all",
            ""
        )?;
    }
    if !settle.is_empty() {
        writeln!(out, "{:INDENT$}this would help to settle it:", "")?;
    }
    for command in settle {
        writeln!(out, "{:INDENT$}{}", "", printable(command))?;
    }
    Ok(())
}

/// What an outcome depends on: the facts of one key together.
pub fn needs_words(needs: &[Need]) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut facts: Vec<(&str, Vec<&str>)> = Vec::new();
    for need in needs {
        match need {
            Need::Key {
                fact: Fact::Identity,
                ..
            } => words.push(need.to_string()),
            Need::Key { key, fact } => match facts.iter_mut().find(|(of, _)| *of == &**key) {
                Some((_, known)) => known.push(fact.as_str()),
                None => facts.push((key, vec![fact.as_str()])),
            },
            Need::Account => words.push(format!("{need} (--account-id says it)")),
            Need::Region => words.push(format!("{need} (--region says it)")),
            other => words.push(other.to_string()),
        }
    }
    let of_keys = facts
        .iter()
        .map(|(key, facts)| format!("the {} of key {key}", listed(facts)));
    of_keys.chain(words).collect::<Vec<_>>().join("; ")
}

/// Texts as a sentence lists them.
fn listed(texts: &[&str]) -> String {
    match texts {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
