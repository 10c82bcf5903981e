//! Which choices a verdict rests on, and what AWS's answer says of them.

use alloc::vec::Vec;

use super::answer::AwsError;
use super::choice::Choice;
use super::compare::says;
use super::question::Question;
use kms_alias::AliasTable;
use kms_alias::ReservedNames;
use kms_alias::Rule;
use kms_alias::model::Violations;
use kms_alias::model::{Footnote, KeyStateCell};
use kms_alias::{Change, Effect, Refusal, StateRefusal};
use kms_alias::{KeyState, KmsOperation};

/// A choice that an event confirms or contradicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) choice: Choice,
    pub(super) confirmed: bool,
}

/// What of a refusal is the choice.
#[derive(Clone, Copy)]
enum Aspect {
    /// That there is one.
    Refused,
    /// That there is one, with its exception.
    RefusedSo,
    /// Its exception.
    Exception,
    /// Its words.
    Words,
}

type Stake = (Choice, Aspect);

/// What AWS's answer says of the choices that a refusal of ours rests on.
pub(super) fn of_refusal(
    table: &AliasTable,
    question: &Question<'_>,
    refusal: &Refusal,
    aws: Option<&AwsError>,
) -> Vec<Seen> {
    let by_kind = stakes_of(refusal).iter().copied();
    let by_state = state_of(refusal).zip(operation_of(question));
    let by_state = by_state.map(|(state, operation)| of_state(operation, state));
    by_kind
        .chain(by_state.into_iter().flatten())
        .chain(of_account(table, question, refusal))
        .filter_map(|(choice, aspect)| {
            let confirmed = is_as_said(aspect, refusal, aws)?;
            Some(Seen { choice, confirmed })
        })
        .collect()
}

/// Whether AWS's answer is as we say; none if it does not speak of it.
fn is_as_said(aspect: Aspect, refusal: &Refusal, aws: Option<&AwsError>) -> Option<bool> {
    match (aspect, aws) {
        (Aspect::Refused, answer) => Some(answer.is_some()),
        (Aspect::Exception | Aspect::RefusedSo, Some(error)) => Some(error.is(refusal.exception())),
        (Aspect::RefusedSo, None) => Some(false),
        (Aspect::Words, Some(error)) if error.is(refusal.exception()) => {
            error.message().map(|message| says(message, refusal))
        }
        (Aspect::Exception | Aspect::Words, _) => None,
    }
}

/// The choices behind each kind of refusal.
fn stakes_of(refusal: &Refusal) -> &'static [Stake] {
    match refusal {
        // The words on a name under `alias/aws/` are measured.
        Refusal::ReservedAliasName { alias_name, .. } if !is_disputed(alias_name) => {
            &[(Choice::ReservedNameException, Aspect::Exception)]
        }
        Refusal::ReservedAliasName { .. } => &[
            (Choice::ReservedNameException, Aspect::Exception),
            (Choice::ReservedNameWords, Aspect::Words),
        ],
        Refusal::MalformedTargetArn { .. } => &[
            (Choice::MalformedTargetException, Aspect::Exception),
            (Choice::MalformedArnWords, Aspect::Words),
        ],
        Refusal::MalformedArn { .. } => &[
            (Choice::MalformedArnException, Aspect::Exception),
            (Choice::MalformedArnWords, Aspect::Words),
        ],
        Refusal::MemberType { .. } => &[(Choice::MemberTypeWords, Aspect::Words)],
        Refusal::OtherAccount { .. } => &[(Choice::OtherAccountException, Aspect::Exception)],
        Refusal::AwsManagedTarget { .. } => {
            &[(Choice::AwsManagedTargetException, Aspect::Exception)]
        }
        Refusal::Constraints(violations) if is_prefix_alone(violations) => {
            &[(Choice::NameAfterPrefixWords, Aspect::Words)]
        }
        Refusal::KeyTypeDiffers { .. } => &[
            (Choice::KeyTypeException, Aspect::Exception),
            (Choice::KeyTypeWords, Aspect::Words),
        ],
        Refusal::DeletionNotDue { .. } => &[(Choice::DeletionDate, Aspect::Refused)],
        Refusal::AwsManagedKey { .. } => &[(Choice::AwsManagedKey, Aspect::RefusedSo)],
        // The others are AWS's own, no answer to anything in a log, or told by what stands around them.
        _ => &[],
    }
}

/// Whether what is broken is that nothing follows the prefix of a name.
fn is_prefix_alone(violations: &Violations) -> bool {
    let mut all = violations.iter();
    all.any(|violation| violation.shown.as_deref() == Some("'alias/'"))
}

const fn state_of(refusal: &Refusal) -> Option<&StateRefusal> {
    match refusal {
        Refusal::TargetKeyState(state)
        | Refusal::UseThroughAlias(state)
        | Refusal::KeyState(state) => Some(state),
        _ => None,
    }
}

/// The choices behind a cell of the key-state table that refuses.
fn of_state(operation: KmsOperation, state: &StateRefusal) -> Vec<Stake> {
    use Aspect::{RefusedSo, Words};
    let mut stakes = Vec::new();
    match operation.in_state(state.state) {
        KeyStateCell::NotApplicable if state.state == KeyState::Unavailable => {
            stakes.push((Choice::NotApplicableCells, RefusedSo));
        }
        _ => {}
    }
    if matches!(
        state.footnote,
        Footnote::NotAwsKmsOrigin | Footnote::ImportedPendingDeletion | Footnote::NotExternalOrigin
    ) {
        stakes.push((Choice::OriginWords, Words));
    }
    if is_later(operation) {
        stakes.push((Choice::LaterOperations, RefusedSo));
    }
    stakes
}

const fn operation_of(question: &Question<'_>) -> Option<KmsOperation> {
    match question {
        Question::Change(operation, ..) | Question::Use(operation, _) => Some(*operation),
        Question::ListAliases(_) | Question::ListKeys(_) | Question::Deleted(_) => None,
    }
}

/// The operations that came after the key-state table was printed.
const fn is_later(operation: KmsOperation) -> bool {
    matches!(
        operation,
        KmsOperation::DeriveSharedSecret | KmsOperation::Encapsulate | KmsOperation::Decapsulate
    )
}

/// The choices that a refusal rests on by what stands around it.
fn of_account(table: &AliasTable, question: &Question<'_>, refusal: &Refusal) -> Option<Stake> {
    let choice = match refusal {
        Refusal::ReservedAliasName { alias_name, .. } if is_disputed(alias_name) => {
            Choice::ReservedNamesReading
        }
        Refusal::AliasNotSupported { .. } if matches!(question, Question::ListAliases(_)) => {
            Choice::ListByAlias
        }
        Refusal::Constraints(violations) if violations.rule() == Rule::L2 => Choice::PageLimit,
        // The table has the alias, and it has no key (rules A8, L5).
        Refusal::AliasNotFound { alias } if table.get(alias.alias_name()).is_some() => {
            Choice::AliasWithoutKey
        }
        _ => return None,
    };
    Some((choice, Aspect::Refused))
}

/// A name that one of the two readings of rule A4 reserves.
fn is_disputed(name: &str) -> bool {
    ReservedNames::AliasAws.reserves(name) && !ReservedNames::AliasAwsSlash.reserves(name)
}

/// What AWS's answer says of the choices that our consent rests on.
pub(super) fn of_consent(
    table: &AliasTable,
    question: &Question<'_>,
    change: Option<&Change>,
    aws: Option<&AwsError>,
) -> Vec<Seen> {
    let confirmed = aws.is_none();
    let mut seen = Vec::new();
    let mut see = |choice| seen.push(Seen { choice, confirmed });
    match change.map(Change::effect) {
        Some(Effect::AliasUpdated { from, to, .. }) if from == to => see(Choice::SameKey),
        Some(Effect::KeyDeleted { .. }) => see(Choice::DeletionDate),
        _ => {}
    }
    if question.alias_name().is_some_and(is_disputed)
        && aws.is_none_or(AwsError::is_of_reserved_names)
    {
        see(Choice::ReservedNamesReading);
    }
    if let Question::Use(operation, Ok(identifier)) = question
        && is_later(*operation)
        && let Ok(key) = table.describe_key(identifier)
        && key.state() != KeyState::Enabled
    {
        see(Choice::LaterOperations);
    }
    seen
}
