//! Why KMS refuses: one variant a rule, with its number, its exception and KMS's words.

use alloc::boxed::Box;
use core::fmt;

use super::constraint::{
    ALIAS_NAME_PATTERN, Bound, Constraint, MARKER_PATTERN, Shown, Violation, WAITING_PERIOD,
};
use crate::identifier::{
    AccountId, AliasArn, AliasName, KeyArn, ParseError, Partition, Region, ReservedNames,
};
use crate::key::{
    Footnote, ImpossibleKey, KeyMetadata, KeyState, KeyType, KeyUsage, Origin, Timestamp,
};
use crate::rule::Rule;

/// A key whose state does not allow what was asked: KMS's words of the key-state table's note
/// (rules T5, S5, S6, S8; KMS developer guide, key states).
///
/// ```
/// use kms_alias::{Footnote, KeyArn, KeyState, Origin, Refusal, Rule, StateRefusal};
///
/// let key = KeyArn::from_static(
///     "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
/// );
/// let refusal = StateRefusal {
///     key,
///     state: KeyState::PendingDeletion,
///     origin: Origin::AwsKms,
///     footnote: Footnote::PendingDeletion,
/// };
/// assert_eq!(refusal.to_string(), format!("{key} is pending deletion."));
/// assert_eq!(Refusal::TargetKeyState(refusal).rule(), Rule::T5); // as the target of an alias
/// assert_eq!(Refusal::UseThroughAlias(refusal).rule(), Rule::S6); // used through one
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", footnote.message(*key, *state, *origin))]
pub struct StateRefusal {
    /// The key.
    pub key: KeyArn,
    /// Its state.
    pub state: KeyState,
    /// Its origin, which some notes are about.
    pub origin: Origin,
    /// The note.
    pub footnote: Footnote,
}

impl StateRefusal {
    /// A note about a key as it stands.
    #[must_use]
    pub const fn of(key: &KeyMetadata, footnote: Footnote) -> Self {
        Self {
            key: key.arn(),
            state: key.state(),
            origin: key.origin(),
            footnote,
        }
    }
}

/// Why an operation is refused: the rule, KMS's exception, and KMS's words by `Display`.
///
/// Where the words or the exception are known from an emulator only, or are ours, the variant
/// says so.
///
/// ```
/// use kms_alias::{KmsOperation, Operation, RequestText, ReservedNames, Rule};
///
/// let text = RequestText { alias_name: Some("payments"), ..RequestText::default() };
/// let refusal =
///     Operation::parse(KmsOperation::DeleteAlias, &text, ReservedNames::default()).unwrap_err();
/// assert_eq!(refusal.rule(), Rule::A1);
/// assert_eq!(refusal.exception(), "ValidationException");
/// assert!(refusal.to_string().starts_with("Alias must start with the prefix \"alias/\"."));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A1: the name has no prefix.
    #[error(
        "Alias must start with the prefix \"alias/\". Please see \
         https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
    )]
    AliasPrefixMissing {
        /// The name.
        alias_name: Box<str>,
    },
    /// A2: the name is too short or too long. The words are ours, in the service's form.
    #[error("{}", one_error(Shown::Text(alias_name), "aliasName", Constraint::Length(*bound)))]
    AliasNameLength {
        /// The name.
        alias_name: Box<str>,
        /// The bound that it breaks, in characters.
        bound: Bound,
    },
    /// A3: the name has characters outside the service model's pattern. The words are an emulator's.
    #[error(
        "{}",
        one_error(
            Shown::Text(alias_name),
            "aliasName",
            Constraint::Pattern(ALIAS_NAME_PATTERN)
        )
    )]
    AliasNameCharacters {
        /// The name.
        alias_name: Box<str>,
    },
    /// A3: the name has a colon, which the service model's pattern lets through.
    #[error("{alias_name} contains invalid characters for an alias")]
    AliasNameColon {
        /// The name.
        alias_name: Box<str>,
    },
    /// A4: the name is reserved. The words are ours.
    #[error("{alias_name} is a reserved alias name: names that begin with {} belong to AWS", reserved_names.prefix())]
    ReservedAliasName {
        /// The name.
        alias_name: Box<str>,
        /// The reading of the rule that reserves it.
        reserved_names: ReservedNames,
    },
    /// A6: the name is taken.
    #[error("An alias with the name {alias} already exists")]
    AlreadyExists {
        /// The alias that has it.
        alias: AliasArn,
    },
    /// K1, K2: no key ID.
    #[error("Invalid keyId '{value}'")]
    InvalidKeyId {
        /// The text.
        value: Box<str>,
        /// Where it went wrong.
        error: ParseError,
    },
    /// K3, K4: a malformed ARN as the target of an alias. Exception and words are ours.
    #[error("Invalid arn '{value}'")]
    MalformedTargetArn {
        /// The text.
        value: Box<str>,
        /// Where it went wrong.
        error: ParseError,
    },
    /// K3, K4: a malformed ARN elsewhere. Exception and words are ours.
    #[error("Invalid arn '{value}'")]
    MalformedArn {
        /// The text.
        value: Box<str>,
        /// Where it went wrong.
        error: ParseError,
    },
    /// K5: an alias as the target of an alias. The words are an emulator's.
    #[error("Aliases must refer to keys. Not aliases")]
    TargetIsAlias {
        /// The text.
        value: Box<str>,
    },
    /// K7: a required member is not there. The words are ours.
    #[error("{}", one_error(Shown::Null, member, Constraint::NotNull))]
    MemberMissing {
        /// The member.
        member: &'static str,
    },
    /// K7: a member is too short or too long. The words are ours.
    #[error("{}", one_error(Shown::Text(value), member, Constraint::Length(*bound)))]
    MemberLength {
        /// The member.
        member: &'static str,
        /// Its value.
        value: Box<str>,
        /// The bound that it breaks, in characters.
        bound: Bound,
    },
    /// K7: a marker has characters outside U+0020 to U+00FF. The words are ours.
    #[error(
        "{}",
        one_error(Shown::Text(marker), "marker", Constraint::Pattern(MARKER_PATTERN))
    )]
    MarkerCharacters {
        /// The marker.
        marker: Box<str>,
    },
    /// K7: a member is not of the service model's type. The words are ours.
    #[error("{member} is not {expected}")]
    MemberType {
        /// The member.
        member: &'static str,
        /// What the model wants there.
        expected: &'static str,
    },
    /// K7: no operation that this crate models. The words are ours.
    #[error("{operation} is not an operation that changes aliases or the state of keys")]
    UnknownOperation {
        /// The operation.
        operation: Box<str>,
    },
    /// K8: an alias where only a key is taken.
    #[error("{}", if value.starts_with("arn:") { NotSupported::Arn } else { NotSupported::Name(value) })]
    AliasNotSupported {
        /// The text.
        value: Box<str>,
    },
    /// T1: no such key in this account and Region.
    #[error("Key '{key}' does not exist")]
    KeyNotFound {
        /// The key.
        key: KeyArn,
    },
    /// T2: an ARN of another Region.
    #[error("Invalid arn {region}")]
    OtherRegion {
        /// The Region.
        region: Region,
    },
    /// T3: an ARN of another account or partition. The words are ours.
    #[error("Invalid arn: partition {partition} and account {account} are not those of this table")]
    OtherAccount {
        /// The partition of the ARN.
        partition: Partition,
        /// The account of the ARN.
        account: AccountId,
    },
    /// T4: an AWS managed key as the target of an alias. Exception and words are ours.
    #[error("{key} is an AWS managed key, which cannot be the target of an alias")]
    AwsManagedTarget {
        /// The key.
        key: KeyArn,
    },
    /// T5: the state of the target does not allow it.
    #[error(transparent)]
    TargetKeyState(StateRefusal),
    /// T6: the key has as many aliases as the quota says.
    #[error(
        "Aliases per key quota for this account in this region is {quota}, current usage is {usage}."
    )]
    AliasesPerKeyQuota {
        /// The quota.
        quota: u32,
        /// The aliases of the key before the request.
        usage: u32,
    },
    /// Q: the table holds 8 GiB of aliases, at least 30 million, where an account has 5 million at the
    /// most. Exception and words are ours.
    #[error("No more aliases than these {aliases} are held for an account and Region.")]
    TableFull {
        /// The aliases that stand.
        aliases: usize,
    },
    /// U1, L5: no such alias, or one that has no key.
    #[error("Alias {alias} is not found.")]
    AliasNotFound {
        /// The alias.
        alias: AliasArn,
    },
    /// U3: the new key is of another type. The words are ours, the exception is two emulators'.
    #[error(
        "Alias {alias_name} cannot be changed from a key of type {from} to a key of type {to}. The \
         key type of the current key and the new key must be the same."
    )]
    KeyTypeDiffers {
        /// The alias.
        alias_name: AliasName,
        /// The type of the present key.
        from: KeyType,
        /// The type of the new key.
        to: KeyType,
    },
    /// U4: the new key is of another usage. The words are an emulator's.
    #[error(
        "Alias {alias_name} cannot be changed from a CMK with key usage {from} to a CMK with key \
         usage {to}. The key usage of the current CMK and the new CMK must be the same."
    )]
    KeyUsageDiffers {
        /// The alias.
        alias_name: AliasName,
        /// The usage of the present key.
        from: KeyUsage,
        /// The usage of the new key.
        to: KeyUsage,
    },
    /// L2: too few or too many on a page. The words are ours.
    #[error("{}", one_error(Shown::Number(*limit), "limit", Constraint::Value(*bound)))]
    PageLimit {
        /// The limit that was asked for.
        limit: i64,
        /// The bound that it breaks.
        bound: Bound,
    },
    /// L3: a marker that does not decode. The words are ours.
    #[error("Invalid marker")]
    InvalidMarker,
    /// S1, S2, S3, S4: such a key cannot be in that state. Exception and words are ours.
    #[error(transparent)]
    ImpossibleState(ImpossibleKey),
    /// S4: a waiting period outside 7 to 30 days. The words are ours.
    #[error(
        "{}",
        one_error(Shown::Number(*days), "pendingWindowInDays", period_constraint(*days))
    )]
    WaitingPeriod {
        /// The days that were asked for.
        days: i64,
    },
    /// S4: a deletion carried out before its date. Exception and words are ours.
    #[error("{key} is pending deletion until {} milliseconds after the Unix epoch.", deletion_date.as_millis())]
    DeletionNotDue {
        /// The key.
        key: KeyArn,
        /// When its deletion is due.
        deletion_date: Timestamp,
    },
    /// S5: a deletion carried out on a key that is not pending deletion.
    #[error(transparent)]
    DeletionNotPending(StateRefusal),
    /// S6: what the alias resolves to is in a state that does not allow the call.
    #[error(transparent)]
    UseThroughAlias(StateRefusal),
    /// S7: an AWS managed key, whose life no caller changes. Exception and words are ours.
    #[error("{key} is an AWS managed key, whose state cannot be changed")]
    AwsManagedKey {
        /// The key.
        key: KeyArn,
    },
    /// S8: the state of the key does not allow the operation.
    #[error(transparent)]
    KeyState(StateRefusal),
}

impl Refusal {
    /// The rule that is broken.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self {
            Self::AliasPrefixMissing { .. } => Rule::A1,
            Self::AliasNameLength { .. } => Rule::A2,
            Self::AliasNameCharacters { .. } | Self::AliasNameColon { .. } => Rule::A3,
            Self::ReservedAliasName { .. } => Rule::A4,
            Self::AlreadyExists { .. } => Rule::A6,
            Self::InvalidKeyId { error, .. } => match error.rule() {
                Rule::K2 => Rule::K2,
                _ => Rule::K1,
            },
            Self::MalformedTargetArn { error, .. } | Self::MalformedArn { error, .. } => {
                match error.rule() {
                    Rule::K4 => Rule::K4,
                    _ => Rule::K3,
                }
            }
            Self::TargetIsAlias { .. } => Rule::K5,
            Self::MemberMissing { .. }
            | Self::MemberLength { .. }
            | Self::MarkerCharacters { .. }
            | Self::MemberType { .. }
            | Self::UnknownOperation { .. } => Rule::K7,
            Self::AliasNotSupported { .. } => Rule::K8,
            Self::KeyNotFound { .. } => Rule::T1,
            Self::OtherRegion { .. } => Rule::T2,
            Self::OtherAccount { .. } => Rule::T3,
            Self::AwsManagedTarget { .. } => Rule::T4,
            Self::TargetKeyState(_) => Rule::T5,
            Self::AliasesPerKeyQuota { .. } => Rule::T6,
            Self::TableFull { .. } => Rule::Q,
            Self::AliasNotFound { .. } => Rule::U1,
            Self::KeyTypeDiffers { .. } => Rule::U3,
            Self::KeyUsageDiffers { .. } => Rule::U4,
            Self::PageLimit { .. } => Rule::L2,
            Self::InvalidMarker => Rule::L3,
            Self::ImpossibleState(impossible) => impossible.rule(),
            Self::WaitingPeriod { .. } | Self::DeletionNotDue { .. } => Rule::S4,
            Self::DeletionNotPending(_) => Rule::S5,
            Self::UseThroughAlias(_) => Rule::S6,
            Self::AwsManagedKey { .. } => Rule::S7,
            Self::KeyState(_) => Rule::S8,
        }
    }

    /// The name of KMS's exception, such as `"NotFoundException"`.
    #[must_use]
    pub fn exception(&self) -> &'static str {
        match self {
            Self::AliasPrefixMissing { .. }
            | Self::AliasNameLength { .. }
            | Self::AliasNameCharacters { .. }
            | Self::AliasNameColon { .. }
            | Self::TargetIsAlias { .. }
            | Self::MemberMissing { .. }
            | Self::MemberLength { .. }
            | Self::MarkerCharacters { .. }
            | Self::KeyTypeDiffers { .. }
            | Self::KeyUsageDiffers { .. }
            | Self::PageLimit { .. }
            | Self::WaitingPeriod { .. } => "ValidationException",
            Self::ReservedAliasName { .. } => "InvalidAliasNameException",
            Self::AlreadyExists { .. } => "AlreadyExistsException",
            Self::InvalidKeyId { .. }
            | Self::MalformedTargetArn { .. }
            | Self::KeyNotFound { .. }
            | Self::OtherRegion { .. }
            | Self::OtherAccount { .. }
            | Self::AliasNotFound { .. } => "NotFoundException",
            Self::MalformedArn { .. } => "InvalidArnException",
            Self::AliasNotSupported { value } => {
                if value.starts_with("arn:") {
                    "InvalidArnException"
                } else {
                    "NotFoundException"
                }
            }
            Self::MemberType { .. } => "SerializationException",
            Self::UnknownOperation { .. } => "UnknownOperationException",
            Self::AwsManagedTarget { .. } | Self::AwsManagedKey { .. } => "NotAuthorizedException",
            Self::AliasesPerKeyQuota { .. } | Self::TableFull { .. } => "LimitExceededException",
            Self::InvalidMarker => "InvalidMarkerException",
            Self::ImpossibleState(_) | Self::DeletionNotDue { .. } => "KMSInvalidStateException",
            Self::TargetKeyState(state)
            | Self::DeletionNotPending(state)
            | Self::UseThroughAlias(state)
            | Self::KeyState(state) => state.footnote.exception(),
        }
    }
}

/// Rule S4's bound that so many days break.
fn period_constraint(days: i64) -> Constraint {
    let bound = WAITING_PERIOD.broken_by(days);
    Constraint::Value(bound.unwrap_or(Bound::AtMost(WAITING_PERIOD.most)))
}

/// A constraint that one member breaks, as the service says it.
struct OneError<'a>(Violation<'a>);

impl fmt::Display for OneError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1 validation error detected: {}", self.0)
    }
}

const fn one_error<'a>(value: Shown<'a>, member: &'a str, constraint: Constraint) -> OneError<'a> {
    OneError(Violation {
        value,
        member,
        constraint,
    })
}

/// Rule K8's words: one text for an alias ARN, K1's for an alias name.
enum NotSupported<'a> {
    Arn,
    Name(&'a str),
}

impl fmt::Display for NotSupported<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arn => f.write_str("Key Aliases are not supported for this operation"),
            Self::Name(name) => write!(f, "Invalid keyId '{name}'"),
        }
    }
}
