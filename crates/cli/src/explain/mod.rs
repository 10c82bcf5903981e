//! The verb `explain`: what a rule says, where it comes from, and an example of what breaks it.

mod examples;

use std::io::{self, Write};

use clap::Args;
use kms_alias::model::KeyStateCell;
use kms_alias::{AliasTable, KeyState, KmsOperation, Refusal, ReservedNames, Rule, Timestamp};
use kms_alias_files::{AdviceRule, File, Options, load, read_changes};
use kms_alias_lint::PolicyRule;

use crate::common::{Exit, Output, Palette, Unusable, indented};
use examples::{CASES, Example, REQUESTS};

/// Explains a rule: what it says, where it comes from, what breaks it, and an example. Without a
/// rule it lists all of them.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Arguments {
    /// The rule's number, such as U3, W4 or F1, or the letter of several; case does not count
    #[arg(value_name = "RULE")]
    rules: Vec<String>,
}

const AFTER_HELP: &str = "\
A, K, T, U, C, D, L, S, M, P, Q: what KMS answers, and what an alias means to a policy.
I: what an account can hold. H: what is taken of an account that is known in part.
W: policies, for `lint`. F: plans and files, for `check`.
Exit code: 0, or 2 if there is no such rule.";

/// A rule, wherever it is kept.
#[derive(Clone, Copy)]
enum Known {
    Kms(Rule),
    Policy(PolicyRule),
    Advice(AdviceRule),
}

impl Known {
    fn all() -> impl Iterator<Item = Self> {
        let kms = Rule::ALL.iter().copied().map(Self::Kms);
        let policy = PolicyRule::ALL.iter().copied().map(Self::Policy);
        let advice = AdviceRule::ALL.iter().copied().map(Self::Advice);
        kms.chain(policy).chain(advice)
    }

    fn of_number(number: &str) -> Option<Self> {
        Self::all().find(|known| known.number().eq_ignore_ascii_case(number))
    }

    /// The rules of a letter.
    fn of_letter(letter: &str) -> Vec<Self> {
        let is_of_it = |known: &Self| {
            let own = known
                .number()
                .trim_end_matches(|it: char| it.is_ascii_digit());
            own.eq_ignore_ascii_case(letter)
        };
        Self::all().filter(is_of_it).collect()
    }

    const fn number(self) -> &'static str {
        match self {
            Self::Kms(rule) => rule.number(),
            Self::Policy(rule) => rule.number(),
            Self::Advice(rule) => rule.number(),
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Kms(rule) => rule.text(),
            Self::Policy(rule) => rule.title(),
            Self::Advice(rule) => rule.text(),
        }
    }
}

/// What is asked for: a rule, or those of a letter.
enum Asked {
    Rule(Known),
    Letter(Vec<Known>),
}

impl Asked {
    fn of(text: &str) -> Result<Self, Unusable> {
        if let Some(rule) = Known::of_number(text) {
            return Ok(Self::Rule(rule));
        }
        let rules = Known::of_letter(text);
        if rules.is_empty() {
            let words = format!("there is no rule `{text}`: `kms-alias explain` lists all");
            return Err(Unusable::new(words));
        }
        Ok(Self::Letter(rules))
    }
}

/// The verb `explain`.
pub fn run(arguments: &Arguments) -> Result<Exit, Unusable> {
    let asked = arguments.rules.iter().map(|text| Asked::of(text));
    let asked: Vec<_> = asked.collect::<Result<_, _>>()?;
    let mut out = Output::for_people();
    // The output notes its own failure.
    let _ = if asked.is_empty() {
        list(&mut out, Known::all())
    } else {
        asked.into_iter().try_for_each(|asked| match asked {
            Asked::Rule(rule) => explain(&mut out, rule),
            Asked::Letter(rules) => list(&mut out, rules.into_iter()),
        })
    };
    Ok(out.finish(Exit::Passes))
}

fn list(out: &mut Output, rules: impl Iterator<Item = Known>) -> io::Result<()> {
    for known in rules {
        let (number, head) = (known.number(), Palette::HEAD);
        let text = indented(known.text(), 5);
        writeln!(out, "{head}{number:<5}{head:#}{}", text.trim_start())?;
    }
    Ok(())
}

fn explain(out: &mut Output, known: Known) -> io::Result<()> {
    let (number, head) = (known.number(), Palette::HEAD);
    writeln!(out, "{head}Rule {number}{head:#}")?;
    writeln!(out, "{}\n", indented(known.text(), 2))?;
    match known {
        Known::Kms(rule) => explain_kms(out, rule),
        Known::Policy(rule) => explain_policy(out, rule),
        Known::Advice(rule) => {
            writeln!(
                out,
                "{}\n",
                indented(
                    "`check` warns of it. KMS refuses nothing by it: the rule is ours.",
                    2
                )
            )?;
            print_case(out, rule.number())
        }
    }
}

fn explain_kms(out: &mut Output, rule: Rule) -> io::Result<()> {
    let head = Palette::HEAD;
    writeln!(
        out,
        "{head}Source{head:#}\n{}\n",
        indented(rule.source(), 2)
    )?;
    if rule == Rule::T5 {
        print_states(out)?;
    }
    let Some((_, wrong, right)) = example(REQUESTS, rule.number()) else {
        return print_case(out, rule.number());
    };
    writeln!(out, "{head}A request that breaks it{head:#}\n  {wrong}\n")?;
    if let Some(refusal) = answer(wrong) {
        writeln!(out, "{head}What KMS answers{head:#}")?;
        writeln!(out, "  {}: {refusal}\n", refusal.exception())?;
    }
    writeln!(out, "{head}A request that keeps it{head:#}\n  {right}\n")
}

fn example(of: &'static [Example], number: &str) -> Option<&'static Example> {
    of.iter().find(|(rule, _, _)| *rule == number)
}

/// A case in words that breaks a rule, and one that keeps it.
fn print_case(out: &mut Output, number: &str) -> io::Result<()> {
    let Some((_, wrong, right)) = example(CASES, number) else {
        return Ok(());
    };
    let head = Palette::HEAD;
    for (title, text) in [("Wrong", wrong), ("Right", right)] {
        writeln!(out, "{head}{title}{head:#}\n{}\n", indented(text, 2))?;
    }
    Ok(())
}

/// In which states a key can be the target of an alias.
fn print_states(out: &mut Output) -> io::Result<()> {
    let head = Palette::HEAD;
    writeln!(out, "{head}The states of the target key{head:#}")?;
    for operation in [KmsOperation::CreateAlias, KmsOperation::UpdateAlias] {
        let (allowed, refused): (Vec<_>, Vec<_>) = KeyState::ALL
            .iter()
            .partition(|state| operation.in_state(**state) == KeyStateCell::Succeeds);
        let names = |states: &[&KeyState]| {
            let names: Vec<_> = states.iter().map(ToString::to_string).collect();
            names.join(", ")
        };
        let text = format!(
            "{operation} takes a key in {}; it refuses one in {}.",
            names(&allowed),
            names(&refused)
        );
        writeln!(out, "{}", indented(&text, 2))?;
    }
    writeln!(out)
}

/// What KMS would answer to a request on the sample account.
fn answer(request: &str) -> Option<Refusal> {
    let account = include_bytes!("../../data/account.json");
    let file = |name, bytes| File { name, bytes };
    let mut table: AliasTable = load(&[file("account.json", account)], Options::default()).ok()?;
    let changes = file("request", request.as_bytes());
    let changes = read_changes(changes, ReservedNames::default()).ok()?;
    let change = changes.into_iter().next()?;
    let at = Timestamp::from_millis(0);
    change
        .request
        .and_then(|operation| table.apply(&operation, at))
        .err()
}

fn explain_policy(out: &mut Output, rule: PolicyRule) -> io::Result<()> {
    let head = Palette::HEAD;
    writeln!(out, "{}\n", indented(rule.meaning(), 2))?;
    writeln!(
        out,
        "{head}Source{head:#}\n{}\n",
        indented(rule.source(), 2)
    )?;
    for (title, text) in [("Wrong", rule.wrong()), ("Right", rule.right())] {
        writeln!(out, "{head}{title}{head:#}")?;
        for line in text.lines() {
            writeln!(out, "  {line}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_breaks_the_rule_that_it_is_of_or_passes() {
        for (rule, wrong, right) in REQUESTS {
            let refusal = answer(wrong).unwrap_or_else(|| panic!("{rule}: {wrong} passes"));
            assert_eq!(refusal.rule().number(), *rule, "{wrong}: {refusal}");
            assert_eq!(answer(right), None, "{rule}: {right}");
        }
    }

    #[test]
    fn every_rule_has_one_example() {
        for known in Known::all() {
            let number = known.number();
            let of_requests = REQUESTS.iter().chain(CASES);
            let examples = of_requests.filter(|(rule, _, _)| *rule == number).count();
            let expected = usize::from(!matches!(known, Known::Policy(_)));
            assert_eq!(examples, expected, "{number}");
            if let Known::Policy(rule) = known {
                assert!(
                    !rule.wrong().is_empty() && !rule.right().is_empty(),
                    "{number}"
                );
            }
        }
    }

    #[test]
    fn each_number_is_that_of_one_rule() {
        let numbers: Vec<_> = Known::all().map(Known::number).collect();
        let unique: std::collections::BTreeSet<_> = numbers.iter().collect();
        assert_eq!(unique.len(), numbers.len());
    }
}
