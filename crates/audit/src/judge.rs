//! One event held against the rules; nothing changes.

use alloc::vec::Vec;

use super::answer::AwsError;
use super::compare;
use super::event::Event;
use super::finding::Difference;
use super::known::{Known, is_of_a_state, not_the_accounts_own, state_drifts};
use super::not_judged::NotJudged;
use super::order::compare_order;
use super::question::Question;
use super::stake::{self, Seen};
use kms_alias::AliasTable;
use kms_alias::KeyArn;
use kms_alias::model::Footnote;
use kms_alias::{Change, Refusal};
use kms_alias::{KeyMetadata, KeyState, Origin, Timestamp};

/// What an event says of the rules.
pub(super) enum Judgement {
    /// Nothing, for this reason.
    Not(NotJudged),
    /// Whether they hold.
    Judged(Judged),
}

/// An event that was held against the rules.
pub(super) struct Judged {
    pub(super) ours: Result<Option<Change>, Refusal>,
    pub(super) difference: Option<Difference>,
    pub(super) seen: Vec<Seen>,
}

impl Judgement {
    /// How long an event should wait for others of the same second.
    ///
    /// What agrees and changes nothing is taken as soon as it agrees: no other event is the worse
    /// for it.
    pub(super) const fn reluctance(&self) -> u8 {
        match self {
            Self::Judged(Judged {
                difference: None,
                ours: Ok(None) | Err(_),
                ..
            }) => 0,
            Self::Judged(Judged {
                difference: None, ..
            }) => 1,
            Self::Not(reason) if !reason.is_want_of_knowledge() => 1,
            Self::Not(_) => 2,
            Self::Judged(_) => 3,
        }
    }
}

/// Judges an event on a table as it stands before it.
pub(super) fn judge(table: &AliasTable, known: &Known, event: &Event) -> Judgement {
    let aws = event.error().filter(|error| !error.is_dry_run());
    let beside = aws.and_then(AwsError::beside_the_rules);
    let question = match beside.map_or_else(|| Question::of(event, table.reserved_names()), Err) {
        Ok(question) => question,
        Err(reason) => return Judgement::Not(reason),
    };
    let ours = question.verdict(table, event.time());
    let difference = compare::difference(&ours, aws);
    let doubt = not_the_accounts_own(table, event, &question)
        .or_else(|| known.doubt(table, &question, &ours, aws))
        .or_else(|| outside_the_rules(&question, &ours, aws))
        .or_else(|| passing_state(table, &question, difference?, &ours, aws));
    if let Some(reason) = doubt {
        return Judgement::Not(reason);
    }
    let seen = evidence(table, &question, event.time(), &ours, aws);
    Judgement::Judged(Judged {
        ours,
        difference,
        seen,
    })
}

/// A call on a key has more reasons to fail than its key: they are nothing to these rules.
fn outside_the_rules(
    question: &Question<'_>,
    ours: &Result<Option<Change>, Refusal>,
    aws: Option<&AwsError>,
) -> Option<NotJudged> {
    if matches!(question, Question::Change(..) | Question::Deleted(_)) {
        return None;
    }
    match ours {
        // Keys of other accounts can be used, and lie outside the table.
        Err(Refusal::OtherAccount { .. }) => Some(NotJudged::OtherAccount),
        Err(refusal) => aws
            .is_some_and(|error| !error.is_of_a_key() && !error.is(refusal.exception()))
            .then_some(NotJudged::OutsideTheRules),
        Ok(_) => aws
            .is_some_and(|error| !error.is_of_a_key())
            .then_some(NotJudged::OutsideTheRules),
    }
}

/// Whether a difference may come of a state that changed without an event.
fn passing_state(
    table: &AliasTable,
    question: &Question<'_>,
    difference: Difference,
    ours: &Result<Option<Change>, Refusal>,
    aws: Option<&AwsError>,
) -> Option<NotJudged> {
    let ours_of_state = ours
        .as_ref()
        .is_err_and(|refusal| is_of_a_state(refusal.rule()));
    let aws_of_state = aws
        .is_some_and(|error| error.is("KMSInvalidStateException") || error.is("DisabledException"));
    if !ours_of_state && !aws_of_state {
        return None;
    }
    let key = key_of(table, question)?;
    let said = aws.and_then(|error| state_said(key, error));
    // Words that name no state speak of the state that we know.
    let of_another = difference != Difference::Words || said.is_some();
    (of_another && state_drifts(key, said)).then_some(NotJudged::StateNotShown)
}

/// The key that an event is about, as the table has it.
pub(super) fn key_of<'a>(
    table: &'a AliasTable,
    question: &Question<'_>,
) -> Option<&'a KeyMetadata> {
    match question {
        Question::Use(_, Ok(identifier)) => table.describe_key(identifier).ok(),
        _ => table.key(question.key_id()?),
    }
}

/// The notes of the key-state table that name a state, and the states.
const NAMED_STATES: [(Footnote, KeyState); 7] = [
    (Footnote::Disabled, KeyState::Disabled),
    (Footnote::PendingDeletion, KeyState::PendingDeletion),
    (Footnote::PendingDeletion, KeyState::PendingReplicaDeletion),
    (Footnote::PendingImport, KeyState::PendingImport),
    (Footnote::Unavailable, KeyState::Unavailable),
    (Footnote::Creating, KeyState::Creating),
    (Footnote::Updating, KeyState::Updating),
];

/// The state of a key by the words of a refusal of AWS's.
pub(super) fn state_said(key: &KeyMetadata, error: &AwsError) -> Option<KeyState> {
    let message = error.message()?;
    let (arn, origin): (KeyArn, Origin) = (key.arn(), key.origin());
    let named = NAMED_STATES.iter();
    let mut said = named.filter(|(note, state)| note.message(arn, *state, origin) == message);
    said.next().map(|(_, state)| *state)
}

/// What AWS's answer says of our choices.
fn evidence(
    table: &AliasTable,
    question: &Question<'_>,
    at: Timestamp,
    ours: &Result<Option<Change>, Refusal>,
    aws: Option<&AwsError>,
) -> Vec<Seen> {
    let refusal = match ours {
        Ok(change) => return stake::of_consent(table, question, change.as_ref(), aws),
        Err(refusal) => refusal,
    };
    let (mut seen, explained) = match aws {
        Some(error) => compare_order(table, question, at, refusal, error),
        None => (Vec::new(), false),
    };
    if !explained {
        seen.extend(stake::of_refusal(table, question, refusal, aws));
    }
    seen
}
