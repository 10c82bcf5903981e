//! Each step on the account as the steps before it left it.

use std::io::{self, IsTerminal};

use kms_alias::{AliasTable, Refusal, Timestamp};
use kms_alias_files as files;
use kms_alias_foresee::verdict::{Answer, Conclusion, Outcome};
use kms_alias_foresee::{AliasConditions, Impact};

use super::access::{self, Access};
use super::report::{Report, Step};
use super::uses;
use crate::common::{Unusable, progress};

/// A list of changes longer than this shows its progress on a terminal.
const LONG_LIST: usize = 2_000;

/// What is asked of each step.
pub struct Asked<'a> {
    pub at: Timestamp,
    pub uses: bool,
    pub conditions: Option<&'a AliasConditions>,
}

/// Each step on the table as the steps before it left it; a refused step changes nothing.
pub fn judge(
    table: &mut AliasTable,
    changes: Vec<files::Step>,
    asked: &Asked<'_>,
) -> Result<Report, Unusable> {
    let total = changes.len();
    let shows_progress = total > LONG_LIST && io::stderr().is_terminal();
    let mut steps = Vec::with_capacity(total);
    let mut in_all = Impact::default();
    for (index, change) in changes.into_iter().enumerate() {
        if shows_progress && index % LONG_LIST == 0 {
            progress(&format!("\rjudged {index} of {total} steps"));
        }
        steps.push(judge_step(table, index + 1, change, asked, &mut in_all)?);
    }
    if shows_progress {
        progress(&format!("\rjudged {total} of {total} steps\n"));
    }
    let access = asked.conditions.map(|conditions| {
        let access = access::access(conditions, &in_all);
        access::mark_what_lasts(steps.iter_mut().map(|step| &mut step.access), &access);
        access
    });
    let passes = steps.iter().all(|step| step.outcome == Outcome::Ok);
    Ok(Report {
        conclusion: if passes {
            Conclusion::Passes
        } else {
            Conclusion::Fails
        },
        steps,
        place: table.scope().to_string(),
        aliases_afterwards: table.len(),
        uses: uses::uses(&in_all),
        access,
    })
}

/// One step, and whom it touches if anything is asked of that.
fn judge_step(
    table: &mut AliasTable,
    number: usize,
    change: files::Step,
    asked: &Asked<'_>,
    in_all: &mut Impact,
) -> Result<Step, Unusable> {
    let applied = change
        .request
        .and_then(|operation| table.apply(&operation, asked.at));
    let mut step = Step {
        number,
        address: None,
        operation: change.operation,
        subject: change.subject,
        outcome: Outcome::Ok,
        uses: Vec::new(),
        access: Vec::new(),
    };
    match applied {
        Err(refusal) => step.outcome = refused(&refusal),
        Ok(change) if asked.uses || asked.conditions.is_some() => {
            let impact = Impact::of(table, &change)?;
            (step.uses, step.access) = touched(&impact, asked);
            in_all.then(impact);
        }
        Ok(_) => {}
    }
    Ok(step)
}

/// Whom a step touches, as far as that was asked.
fn touched(impact: &Impact, asked: &Asked<'_>) -> (Vec<uses::Uses>, Vec<Access>) {
    let uses = asked.uses.then(|| uses::uses(impact));
    let access = asked.conditions.map(|all| access::access(all, impact));
    (uses.unwrap_or_default(), access.unwrap_or_default())
}

fn refused(refusal: &Refusal) -> Outcome {
    let answer = Answer {
        rule: refusal.rule(),
        exception: refusal.exception(),
        message: refusal.to_string().into(),
    };
    Outcome::Refused {
        could_be: vec![answer],
    }
}
