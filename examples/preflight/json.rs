//! The verdicts for programs: one object a step.

use std::io::{self, Write};

use kms_alias::{Refusal, RequestedBy, UseRefusal};
use serde::Serialize;

use super::Verdict;
use super::touched::{Access, Uses};

/// A step's verdict; what the step touches is there if it was asked for.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<Vec<UsesItem<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<Vec<AccessItem<'a>>>,
}

/// Uses that break or start through aliases.
#[derive(Serialize)]
struct UsesItem<'a> {
    effect: &'a str,
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
    key_id: String,
    /// `any`, `key` for a key ID or key ARN, or the alias.
    requested_by: &'a str,
    message: String,
    rule: &'a str,
    lasts: bool,
}

pub fn print(verdicts: &[Verdict], impact: bool, conditions: bool) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (index, verdict) in verdicts.iter().enumerate() {
        let refusal = verdict.refusal.as_ref();
        let line = Line {
            step: index + 1,
            operation: &verdict.operation,
            outcome: if refusal.is_some() { "refused" } else { "ok" },
            exception: refusal.map(Refusal::exception),
            message: refusal.map(ToString::to_string),
            rule: refusal.map(|refusal| refusal.rule().number()),
            impact: impact.then(|| verdict.uses.iter().map(uses).collect()),
            access: conditions.then(|| verdict.access.iter().map(access).collect()),
        };
        serde_json::to_writer(&mut out, &line)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn uses(uses: &Uses) -> UsesItem<'_> {
    let (exception, message) = match &uses.why {
        Some(UseRefusal::Refused(refusal)) => {
            (Some(refusal.exception()), Some(refusal.to_string()))
        }
        why => (None, why.as_ref().map(ToString::to_string)),
    };
    UsesItem {
        effect: if uses.why.is_some() {
            "breaks"
        } else {
            "starts"
        },
        operations: uses
            .operations
            .iter()
            .map(|operation| operation.as_str())
            .collect(),
        aliases: &uses.aliases,
        exception,
        message,
        rule: uses.why.as_ref().map(|why| why.rule().number()),
    }
}

fn access(Access { change, lasts }: &Access) -> AccessItem<'_> {
    AccessItem {
        condition: change.condition(),
        effect: if change.comes_under() { "under" } else { "out" },
        key_id: change.key_id().to_string(),
        requested_by: match change.requested_by() {
            RequestedBy::Any => "any",
            RequestedBy::Key => "key",
            RequestedBy::Alias(name) => name.as_str(),
        },
        message: change.to_string(),
        rule: change.rule().number(),
        lasts: *lasts,
    }
}
