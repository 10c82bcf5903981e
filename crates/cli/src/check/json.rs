//! The verdicts for programs: one object a step, and one of all steps if it is asked for.

use std::io::{self, Write};

use kms_alias::Refusal;
use kms_alias_foresee::{RequestedBy, UseRefusal};
use serde::Serialize;

use super::Report;
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

/// What all steps do together, which may be less: what is taken back is not in it.
#[derive(Serialize)]
struct LastLine<'a> {
    together: Together<'a>,
}

#[derive(Serialize)]
struct Together<'a> {
    impact: Vec<UsesItem<'a>>,
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

pub fn print(report: &Report, impact: bool) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (index, verdict) in report.verdicts.iter().enumerate() {
        let refusal = verdict.refusal.as_ref();
        let line = Line {
            step: index + 1,
            operation: &verdict.operation,
            outcome: if refusal.is_some() { "refused" } else { "ok" },
            exception: refusal.map(Refusal::exception),
            message: refusal.map(ToString::to_string),
            rule: refusal.map(|refusal| refusal.rule().number()),
            impact: impact.then(|| verdict.uses.iter().map(uses).collect()),
            access: (report.access.as_ref()).map(|_| verdict.access.iter().map(access).collect()),
        };
        write_line(&mut out, &line)?;
    }
    if impact {
        let impact = report.uses.iter().map(uses).collect();
        let together = Together { impact };
        write_line(&mut out, &LastLine { together })?;
    }
    out.flush()
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
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
