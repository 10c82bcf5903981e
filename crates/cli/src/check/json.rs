//! The verdicts for programs: one object a step, and one of all steps if it is asked for.

use std::io::{self, Write};

use kms_alias_foresee::verdict::name_shown;
use kms_alias_foresee::verdict::{Answer, Need, Outcome, Possible};
use kms_alias_foresee::{RequestedBy, UseRefusal};
use serde::Serialize;
use serde_json::{Value, json};

use super::access::Access;
use super::arguments::Arguments;
use super::report::{Report, Step};
use super::uses::{UseEffect, Uses};
use crate::common::Output;

/// A step's verdict; what the step touches is there if it was asked for.
#[derive(Serialize)]
struct Line<'a> {
    step: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    /// The account and Region, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
    operation: &'a str,
    #[serde(flatten)]
    outcome: OutcomeItem<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a [Box<str>]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<Vec<UsesItem<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<Vec<AccessItem<'a>>>,
}

#[derive(Serialize)]
#[serde(tag = "outcome", rename_all = "lowercase")]
enum OutcomeItem<'a> {
    Ok,
    Refused {
        /// What all answers have in common.
        #[serde(skip_serializing_if = "Option::is_none")]
        exception: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        rule: Option<&'a str>,
        /// Where KMS may give several answers, all of which refuse.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        could_be: Vec<AnswerItem<'a>>,
    },
    Undecided {
        needs: Vec<Value>,
        could_be: Vec<Value>,
        settle: &'a [Box<str>],
    },
}

#[derive(Serialize)]
struct AnswerItem<'a> {
    exception: &'a str,
    message: &'a str,
    rule: &'a str,
}

/// What all steps do together, which may be less: what is taken back is not in it.
#[derive(Serialize)]
struct LastLine<'a> {
    together: Together<'a>,
}

#[derive(Serialize)]
struct Together<'a> {
    impact: Vec<UsesItem<'a>>,
    /// The steps whose doing is not in it, as it is not certain.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    without: Vec<usize>,
}

/// Uses that break or start through aliases.
#[derive(Serialize)]
struct UsesItem<'a> {
    effect: &'a str,
    /// False where it is so if the step succeeds; left out where it is so for certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    certain: Option<bool>,
    operations: Vec<&'a str>,
    aliases: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    exception: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
}

/// A key that comes under a condition or falls out of it.
#[derive(Serialize)]
struct AccessItem<'a> {
    condition: &'a str,
    effect: &'a str,
    /// As of uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    certain: Option<bool>,
    key_id: String,
    /// `any`, `key` for a key ID or key ARN, or the alias.
    requested_by: String,
    message: String,
    rule: &'a str,
    lasts: bool,
}

pub fn print(out: &mut Output, report: &Report, arguments: &Arguments) {
    for step in report.shown(arguments.refused) {
        write_line(out, &line(step, report, arguments));
    }
    if arguments.impact {
        let impact = report.uses.iter().map(uses).collect();
        let without = report.steps_not_certain().map(|step| step.number);
        let together = Together {
            impact,
            without: without.collect(),
        };
        write_line(out, &LastLine { together });
    }
}

fn line<'a>(step: &'a Step, report: &Report, arguments: &Arguments) -> Line<'a> {
    let has_conditions = report.access.is_some();
    Line {
        step: step.number,
        address: step.address.as_deref(),
        scope: step.place.as_deref(),
        operation: &step.operation,
        outcome: outcome(&step.outcome),
        notes: (!step.notes.is_empty()).then_some(&step.notes[..]),
        impact: (arguments.impact).then(|| step.uses.iter().map(uses).collect()),
        access: has_conditions.then(|| step.access.iter().map(access).collect()),
    }
}

fn write_line(out: &mut Output, line: &impl Serialize) {
    // The output notes its own failure.
    let _ = serde_json::to_writer(&mut *out, line)
        .map_err(io::Error::from)
        .and_then(|()| out.write_all(b"\n"));
}

fn outcome(outcome: &Outcome) -> OutcomeItem<'_> {
    match outcome {
        Outcome::Ok => OutcomeItem::Ok,
        Outcome::Refused { could_be } => {
            let (message, several) = match &could_be[..] {
                [answer] => (Some(&*answer.message), &[][..]),
                several => (None, several),
            };
            OutcomeItem::Refused {
                exception: outcome.exception(),
                message,
                rule: outcome.rule().map(|rule| rule.number()),
                could_be: several.iter().map(answer_item).collect(),
            }
        }
        Outcome::Undecided {
            needs,
            could_be,
            settle,
        } => OutcomeItem::Undecided {
            needs: needs.iter().map(need).collect(),
            could_be: could_be.iter().map(possible).collect(),
            settle,
        },
    }
}

fn answer_item(answer: &Answer) -> AnswerItem<'_> {
    AnswerItem {
        exception: answer.exception,
        message: &answer.message,
        rule: answer.rule.number(),
    }
}

/// What an outcome depends on; steps are counted from 1, as everywhere in the output.
fn need(need: &Need) -> Value {
    match need {
        Need::Key { key, fact } => json!({"key": key, "fact": fact.as_str()}),
        Need::Order { first, second } => json!({"order": [first + 1, second + 1]}),
        Need::Name { label } => json!({"name": label}),
        Need::Alias { alias_name } => json!({"alias": alias_name}),
        Need::Account => json!({"place": "account"}),
        Need::Region => json!({"place": "region"}),
        Need::BoundReached => json!({"bound": "reached"}),
        other => json!({"other": format!("{other:?}")}),
    }
}

fn possible(possible: &Possible) -> Value {
    match possible {
        Possible::Ok => json!({"outcome": "ok"}),
        Possible::Refused(answer) => json!({
            "outcome": "refused",
            "exception": answer.exception,
            "message": answer.message,
            "rule": answer.rule.number(),
        }),
    }
}

fn uses(uses: &Uses) -> UsesItem<'_> {
    let (effect, exception, rule) = match &uses.effect {
        UseEffect::Breaks(why @ UseRefusal::Refused(refusal)) => {
            ("breaks", Some(refusal.exception()), Some(why.rule()))
        }
        UseEffect::Breaks(why) => ("breaks", None, Some(why.rule())),
        UseEffect::Starts => ("starts", None, None),
        UseEffect::Open { .. } => ("unknown", None, None),
    };
    let message = match &uses.effect {
        UseEffect::Breaks(UseRefusal::Refused(refusal)) => Some(refusal.to_string()),
        effect => effect.why(),
    };
    let operations = uses.operations.iter();
    UsesItem {
        effect,
        certain: (!uses.is_certain).then_some(false),
        operations: operations.map(|operation| operation.as_str()).collect(),
        aliases: &uses.aliases,
        exception,
        message,
        rule: rule.map(|rule| rule.number()),
    }
}

fn access(
    Access {
        change,
        is_certain,
        lasts,
    }: &Access,
) -> AccessItem<'_> {
    AccessItem {
        condition: change.condition(),
        effect: if change.comes_under() { "under" } else { "out" },
        certain: (!is_certain).then_some(false),
        key_id: change.key_id().to_string(),
        requested_by: match change.requested_by() {
            RequestedBy::Any => "any".to_owned(),
            RequestedBy::Key => "key".to_owned(),
            RequestedBy::Alias(name) => name_shown(name.as_str()),
        },
        message: name_shown(&change.to_string()),
        rule: change.rule().number(),
        lasts: *lasts,
    }
}
