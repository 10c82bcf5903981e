//! The order of checks: a request that breaks two rules shows which AWS asks first.

use alloc::vec::Vec;

use super::answer::AwsError;
use super::choice::Choice;
use super::compare::fit;
use super::question::Question;
use super::stake::Seen;
use kms_alias::AliasTable;
use kms_alias::ReservedNames;
use kms_alias::Rule;
use kms_alias::{KmsOperation, Timestamp};
use kms_alias::{Operation, Refusal, RequestText};

/// What AWS's answer says of the order in which we ask rules; and whether it explains why AWS
/// answers otherwise than we do.
pub(super) fn compare_order(
    table: &AliasTable,
    question: &Question<'_>,
    at: Timestamp,
    ours: &Refusal,
    aws: &AwsError,
) -> (Vec<Seen>, bool) {
    let (mut seen, mut explained) = (Vec::new(), false);
    let ours_fits = fit(ours, aws);
    let mut others = every_refusal(table, question, at);
    others.retain(|other| other.rule() != ours.rule());
    for other in others {
        let other_fits = fit(&other, aws);
        if ours_fits == other_fits {
            continue;
        }
        let confirmed = ours_fits > other_fits;
        explained |= !confirmed;
        let choice = choice_between(ours.rule(), other.rule());
        let one = choice.map(|choice| Seen { choice, confirmed });
        seen.extend(one.filter(|one| !seen.contains(one)));
    }
    if explained {
        // Whatever else was confirmed rests on the same answer.
        seen.retain(|seen| !seen.confirmed);
    }
    (seen, explained)
}

/// The choice by which one rule is asked before another; none where that is measured.
const fn choice_between(first: Rule, second: Rule) -> Option<Choice> {
    Some(match (stage(first), stage(second)) {
        (Stage::Shape, Stage::Shape) => Choice::MembersInOrder,
        (Stage::Shape, _) => Choice::ShapesFirst,
        (Stage::Alias, _) => Choice::AliasBeforeTarget,
        (Stage::Scope, _) => Choice::AccountBeforeRegion,
        (Stage::Manager, _) => Choice::ManagerBeforeState,
        (Stage::State, _) => Choice::StateBeforeComparison,
        // The usage (U4) is asked before the type (U3).
        (Stage::Comparison, Stage::Comparison) => return None,
        // No other rule is broken with that of a key that is not there, and none comes after the quota.
        (Stage::Comparison | Stage::Key | Stage::Quota, _) => Choice::QuotaLast,
    })
}

/// Where a rule stands in our order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Shape,
    Alias,
    Scope,
    Key,
    Manager,
    State,
    Comparison,
    Quota,
}

const fn stage(rule: Rule) -> Stage {
    match rule {
        Rule::U1 | Rule::A6 => Stage::Alias,
        Rule::T3 | Rule::T2 => Stage::Scope,
        Rule::T1 => Stage::Key,
        Rule::T4 | Rule::S7 => Stage::Manager,
        Rule::T5 | Rule::S8 => Stage::State,
        Rule::U4 | Rule::U3 => Stage::Comparison,
        Rule::T6 => Stage::Quota,
        // Rules A1 to A4 and K1 to K8, and the bounds of S4.
        _ => Stage::Shape,
    }
}

/// Every rule that a request breaks: by the shape of each member, and by what stands.
fn every_refusal(table: &AliasTable, question: &Question<'_>, at: Timestamp) -> Vec<Refusal> {
    let Question::Change(operation, text, _) = question else {
        return Vec::new();
    };
    let reserved_names = table.reserved_names();
    let mut refusals = Vec::new();
    for member in each_member(*operation, text) {
        refusals.extend(Operation::parse(member.0, &member.1, reserved_names).err());
    }
    for request in readable(*operation, text) {
        // Under the laxer reading a reserved name can be asked for, and the table says the rest.
        let lax = ReservedNames::AliasAwsSlash;
        if let Ok(operation) = Operation::parse(request.operation, &request.text, lax) {
            let broken = table.broken_rules(&operation, at).into_iter();
            // That a key is not described is no answer of KMS (rule I6).
            let broken = broken.filter(|refusal| refusal.rule() != Rule::I6);
            refusals.extend(broken.filter(|refusal| request.tells(refusal.rule())));
        }
    }
    refusals
}

/// A member that is as it should be, to stand beside the one that is looked at.
const GOOD_NAME: &str = "alias/a";
const GOOD_KEY: &str = "00000000-0000-0000-0000-000000000000";

/// A request for each member, in which every other is as it should be.
fn each_member<'a>(
    operation: KmsOperation,
    text: &RequestText<'a>,
) -> [(KmsOperation, RequestText<'a>); 3] {
    let good = RequestText {
        alias_name: Some(GOOD_NAME),
        target_key_id: Some(GOOD_KEY),
        key_id: Some(GOOD_KEY),
        pending_window_in_days: None,
    };
    let alias_name = RequestText {
        alias_name: text.alias_name,
        ..good
    };
    let key = RequestText {
        target_key_id: text.target_key_id,
        key_id: text.key_id,
        ..good
    };
    let days = RequestText {
        pending_window_in_days: text.pending_window_in_days,
        ..good
    };
    [alias_name, key, days].map(|text| (operation, text))
}

/// A request that can be read, and what it tells of the one that was made.
struct Readable<'a> {
    operation: KmsOperation,
    text: RequestText<'a>,
    part: Part,
}

#[derive(Clone, Copy)]
enum Part {
    Whole,
    Name,
    Target,
}

impl Readable<'_> {
    /// Whether a rule that this request breaks is broken by the one that was made.
    fn tells(&self, rule: Rule) -> bool {
        match self.part {
            Part::Whole => true,
            Part::Name => stage(rule) == Stage::Alias || rule == Rule::A4,
            Part::Target => matches!(
                stage(rule),
                Stage::Scope | Stage::Key | Stage::Manager | Stage::State
            ),
        }
    }
}

/// The request itself, with its name alone, and with its key alone.
fn readable<'a>(operation: KmsOperation, text: &RequestText<'a>) -> [Readable<'a>; 3] {
    let name = RequestText {
        target_key_id: Some(GOOD_KEY),
        ..*text
    };
    let target = RequestText {
        alias_name: Some(GOOD_NAME),
        pending_window_in_days: None,
        ..*text
    };
    [
        (*text, Part::Whole),
        (name, Part::Name),
        (target, Part::Target),
    ]
    .map(|(text, part)| Readable {
        operation,
        text,
        part,
    })
}
