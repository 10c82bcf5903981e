//! Why KMS refuses: one variant per rule, with its number, its exception and KMS's words.

use alloc::boxed::Box;
use alloc::format;

use crate::identifier::{
    AccountId, AliasArn, AliasName, KeyArn, ParseError, Partition, Region, ReservedNames, Scope,
    key_of_arn,
};
use crate::key::model::Violations;
use crate::key::{
    Exception, Footnote, ImpossibleKey, KeyMetadata, KeyState, KeyType, KeyUsage, KmsOperation,
    Origin, Timestamp,
};
use crate::rule::Rule;

/// A key whose state does not allow what was asked. `Display` gives KMS's words for the note of the
/// key-state table (rules T5, S5, S6, S8; KMS developer guide, key states).
///
/// ```
/// use kms_alias::model::Footnote;
/// use kms_alias::{KeyArn, KeyState, Origin, Refusal, Rule, StateRefusal};
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

    /// Whether the key may come to a state that allows it: its origin never changes.
    const fn may_pass(&self) -> bool {
        !matches!(self.footnote.kind(), Exception::UnsupportedOperation)
    }
}

/// Why an operation is refused: the rule, KMS's exception, and KMS's words by `Display`.
///
/// Where the words or the exception are known from an emulator only, or are ours, the variant
/// says so.
///
/// ```
/// use kms_alias::{Exception, KmsOperation, Operation, RequestText, ReservedNames, Rule};
///
/// let text = RequestText { alias_name: Some("payments"), ..RequestText::default() };
/// let refusal =
///     Operation::parse(KmsOperation::DeleteAlias, &text, ReservedNames::default()).unwrap_err();
/// assert_eq!(refusal.rule(), Rule::A1);
/// assert_eq!(refusal.kind(), Some(Exception::Validation));
/// assert_eq!(refusal.exception(), "ValidationException");
/// assert!(!refusal.may_pass_later(), "its name will always lack the prefix");
/// assert!(refusal.to_string().starts_with("Alias must start with the prefix \"alias/\"."));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "the name and the type of a field say what it is"
)]
pub enum Refusal {
    /// A1: the name has no prefix.
    #[error(
        "Alias must start with the prefix \"alias/\". Please see \
         https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html"
    )]
    AliasPrefixMissing { alias_name: Box<str> },
    /// A2, A3, K7, L2, S4: members that break the service model, all of them.
    #[error(transparent)]
    Constraints(#[from] Violations),
    /// A3: the name has a colon, which the service model's pattern lets through.
    #[error("{alias_name} contains invalid characters for an alias")]
    AliasNameColon { alias_name: Box<str> },
    /// A4: the name is reserved. The exception is ours.
    ///
    /// The words are measured for names under `alias/aws/`, and this crate's own for the others.
    #[error("{}", reserved(alias_name, *reserved_names))]
    ReservedAliasName {
        alias_name: Box<str>,
        /// The reading of the rule that reserves it.
        reserved_names: ReservedNames,
    },
    /// A6: the name is taken.
    #[error("An alias with the name {alias} already exists")]
    AlreadyExists { alias: AliasArn },
    /// K1, K2: not a key ID.
    #[error("Invalid keyId '{value}'")]
    InvalidKeyId { value: Box<str>, error: ParseError },
    /// K1: a key ID with upper-case digits, which is well formed, and which no key has.
    #[error("Key '{value}' does not exist")]
    UpperCaseKeyId {
        /// The text; [`in_scope`](Self::in_scope) makes an ARN of it.
        value: Box<str>,
    },
    /// K3: an ARN whose key ID is malformed.
    #[error("Invalid keyId {key_id}")]
    MalformedKeyIdInArn { key_id: Box<str>, error: ParseError },
    /// K3, K4: a malformed ARN as the target of an alias. Exception and words are ours.
    #[error("Invalid arn '{value}'")]
    MalformedTargetArn { value: Box<str>, error: ParseError },
    /// K3, K4: a malformed ARN elsewhere. Exception and words are ours.
    #[error("Invalid arn '{value}'")]
    MalformedArn { value: Box<str>, error: ParseError },
    /// K5: an alias as the target of an alias.
    #[error("Aliases must refer to keys. Not aliases")]
    TargetIsAlias { value: Box<str> },
    /// K7: a member is not of the service model's type. The words are ours.
    #[error("{member} is not {expected}")]
    MemberType {
        member: &'static str,
        /// The type that the service model asks for.
        expected: &'static str,
    },
    /// K7: no operation that this crate models. The words are ours.
    #[error("{operation} is not an operation that changes aliases or the state of keys")]
    UnknownOperation { operation: Box<str> },
    /// K8: an alias where only a key is taken, by name or by ARN.
    #[error("Key Aliases are not supported for this operation.")]
    AliasNotSupported { value: Box<str> },
    /// T1: no such key in this account and Region.
    #[error("Key '{key}' does not exist")]
    KeyNotFound { key: KeyArn },
    /// T2: an ARN of another Region.
    #[error("Invalid arn {region}")]
    OtherRegion { region: Region },
    /// T2, of Decrypt: an ARN of another Region.
    #[error("The key ID in the request does not identify a CMK that can perform this operation.")]
    IncorrectKey { region: Region },
    /// T3: an ARN of another account or partition. The exception is ours.
    #[error("This operation cannot be called cross account")]
    OtherAccount {
        partition: Partition,
        account: AccountId,
    },
    /// T4: an AWS managed key as the target of an alias. Exception and words are those of other
    /// operations on such a key, without the caller.
    #[error("{}", not_authorized(*operation, *key))]
    AwsManagedTarget {
        operation: KmsOperation,
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
        quota: u32,
        /// The aliases of the key before the request.
        usage: u32,
    },
    /// Q: the table is full. Exception and words are ours.
    ///
    /// It holds 2³¹ aliases, where an account has 5 million at the most, and counts `u64::MAX` changes.
    #[error("The table of this account and Region is full: it holds {aliases} aliases.")]
    TableFull { aliases: usize },
    /// U1, L5: no such alias, or one that has no key.
    #[error("Alias {alias} is not found.")]
    AliasNotFound { alias: AliasArn },
    /// U3: the new key is of another type. The words are ours, the exception is that of two
    /// emulators.
    #[error(
        "Alias {alias_name} cannot be changed from a key of type {from} to a key of type {to}. The \
         key type of the current key and the new key must be the same."
    )]
    KeyTypeDiffers {
        alias_name: AliasName,
        from: KeyType,
        to: KeyType,
    },
    /// U4: the new key is of another usage.
    #[error(
        "Alias {alias_name} cannot be changed from a CMK with key usage {from} to a CMK with key \
         usage {to}. The key usage of the current CMK and the new CMK must be the same."
    )]
    KeyUsageDiffers {
        alias_name: AliasName,
        from: KeyUsage,
        to: KeyUsage,
    },
    /// L3: a marker that does not decode; AWS says nothing more of it.
    #[error("")]
    InvalidMarker,
    /// S1, S2, S3, S4: such a key cannot be in that state. Exception and words are ours.
    #[error(transparent)]
    ImpossibleState(ImpossibleKey),
    /// S4: a deletion carried out before its date. Exception and words are ours.
    #[error("{key} is pending deletion until {} milliseconds after the Unix epoch.", deletion_date.as_millis())]
    DeletionNotDue {
        key: KeyArn,
        deletion_date: Timestamp,
    },
    /// S5: a deletion carried out on a key that is not pending deletion.
    #[error(transparent)]
    DeletionNotPending(StateRefusal),
    /// S6: what the alias resolves to is in a state that does not allow the call.
    #[error(transparent)]
    UseThroughAlias(StateRefusal),
    /// M: the usage of the key is not what the operation needs.
    #[error("{key} key usage is {usage} which is not valid for {operation}.")]
    KeyUsage {
        key: KeyArn,
        usage: KeyUsage,
        operation: KmsOperation,
    },
    /// M: CreateKey of a key that there cannot be. The words are recorded for a usage that the key spec
    /// does not allow; the others, and their exception, are ours.
    #[error("{}", impossible_key(.0))]
    ImpossibleKey(ImpossibleKey),
    /// M: CreateKey of another key than one for symmetric encryption, without a key usage.
    #[error(
        "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
    )]
    KeyUsageMissing,
    /// M: ReplicateKey of a key that is no multi-Region primary key.
    #[error("{key} is not a multi-region primary key.")]
    NotPrimaryKey { key: KeyArn },
    /// M: ReplicateKey into the Region of the primary key.
    #[error("{region} cannot have a replica because it contains the primary.")]
    ReplicaBesidePrimary { region: Region },
    /// M: ReplicateKey into another partition than that of the primary key.
    #[error("The replica key Region must be in the same AWS partition as the primary key Region.")]
    ReplicaInOtherPartition,
    /// M: ReplicateKey where a replica key of the same primary key stands.
    #[error("You can create only one replica of each primary key in each AWS Region.")]
    ReplicaExists,
    /// S7: an AWS managed key, which no caller changes. The words are AWS's, without the caller.
    #[error("{}", not_authorized(*operation, *key))]
    AwsManagedKey {
        operation: KmsOperation,
        key: KeyArn,
    },
    /// S8: the state of the key does not allow the operation.
    #[error(transparent)]
    KeyState(StateRefusal),
    /// I6: the answer depends on what the key is, and the table knows only that it exists. KMS
    /// never answers this: a table in which the key is described gives KMS's answer.
    #[error(
        "the answer depends on key {key}, of which only its existence is known: describe it (rule I6)"
    )]
    NotDescribed { key: KeyArn },
}

impl Refusal {
    /// The rule that is broken.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.row().0
    }

    /// KMS's exception; none for [`NotDescribed`](Self::NotDescribed), which is no answer of KMS.
    #[must_use]
    pub fn kind(&self) -> Option<Exception> {
        self.row().1
    }

    /// The name of KMS's exception, such as `"NotFoundException"`; empty where there is no
    /// [`kind`](Self::kind).
    #[must_use]
    pub fn exception(&self) -> &'static str {
        self.kind().map_or("", Exception::as_str)
    }

    /// Whether the same request may succeed later, once the account has changed: a key is created
    /// or enabled, an alias is deleted or moved, a date is reached. Otherwise the refusal is about
    /// the request itself or about something that never changes, and only another request can
    /// succeed.
    #[must_use]
    pub fn may_pass_later(&self) -> bool {
        self.row().2
    }

    /// The rule, the exception, and whether the same request may succeed later.
    fn row(&self) -> (Rule, Option<Exception>, bool) {
        use Exception as E;
        let (rule, kind, later) = match self {
            Self::AliasPrefixMissing { .. } => (Rule::A1, E::Validation, false),
            Self::Constraints(violations) => (violations.rule(), E::Validation, false),
            Self::AliasNameColon { .. } => (Rule::A3, E::Validation, false),
            Self::ReservedAliasName { .. } => (Rule::A4, E::InvalidAliasName, false),
            Self::AlreadyExists { .. } => (Rule::A6, E::AlreadyExists, true),
            Self::InvalidKeyId { error, .. } if error.rule() == Rule::K2 => {
                (Rule::K2, E::NotFound, false)
            }
            Self::InvalidKeyId { .. } | Self::UpperCaseKeyId { .. } => {
                (Rule::K1, E::NotFound, false)
            }
            Self::MalformedKeyIdInArn { .. } => (Rule::K3, E::NotFound, false),
            Self::MalformedTargetArn { error, .. } => (k3_or_k4(error), E::NotFound, false),
            Self::MalformedArn { error, .. } => (k3_or_k4(error), E::InvalidArn, false),
            Self::TargetIsAlias { .. } => (Rule::K5, E::Validation, false),
            Self::MemberType { .. } => (Rule::K7, E::Serialization, false),
            Self::UnknownOperation { .. } => (Rule::K7, E::UnknownOperation, false),
            Self::AliasNotSupported { .. } => (Rule::K8, E::InvalidArn, false),
            Self::KeyNotFound { .. } => (Rule::T1, E::NotFound, true),
            Self::OtherRegion { .. } => (Rule::T2, E::NotFound, false),
            Self::IncorrectKey { .. } => (Rule::T2, E::IncorrectKey, false),
            Self::OtherAccount { .. } => (Rule::T3, E::NotFound, false),
            Self::AwsManagedTarget { .. } => (Rule::T4, E::AccessDenied, false),
            Self::TargetKeyState(state) => (Rule::T5, state.footnote.kind(), state.may_pass()),
            Self::AliasesPerKeyQuota { .. } => (Rule::T6, E::LimitExceeded, true),
            Self::TableFull { .. } => (Rule::Q, E::LimitExceeded, true),
            Self::AliasNotFound { .. } => (Rule::U1, E::NotFound, true),
            Self::KeyTypeDiffers { .. } => (Rule::U3, E::Validation, true),
            Self::KeyUsageDiffers { .. } => (Rule::U4, E::Validation, true),
            Self::InvalidMarker => (Rule::L3, E::InvalidMarker, false),
            Self::ImpossibleState(impossible) => (impossible.rule(), E::KmsInvalidState, false),
            Self::DeletionNotDue { .. } => (Rule::S4, E::KmsInvalidState, true),
            Self::DeletionNotPending(state) => (Rule::S5, state.footnote.kind(), true),
            // The alias may move to another key.
            Self::UseThroughAlias(state) => (Rule::S6, state.footnote.kind(), true),
            Self::KeyUsage { .. } => (Rule::M, E::InvalidKeyUsage, true),
            Self::ImpossibleKey(ImpossibleKey::Usage { .. }) | Self::KeyUsageMissing => {
                (Rule::M, E::Validation, false)
            }
            Self::ImpossibleKey(impossible) => (impossible.rule(), E::UnsupportedOperation, false),
            Self::NotPrimaryKey { .. } => (Rule::M, E::UnsupportedOperation, true),
            Self::ReplicaBesidePrimary { .. } | Self::ReplicaInOtherPartition => {
                (Rule::M, E::Validation, false)
            }
            Self::ReplicaExists => (Rule::M, E::AlreadyExists, true),
            Self::AwsManagedKey { .. } => (Rule::S7, E::AccessDenied, false),
            Self::KeyState(state) => (Rule::S8, state.footnote.kind(), state.may_pass()),
            Self::NotDescribed { .. } => return (Rule::I6, None, true),
        };
        (rule, Some(kind), later)
    }

    /// The same refusal in the account and Region where it was asked.
    ///
    /// A request may name a key by its ID alone, where KMS's words have the whole ARN. An ARN of another
    /// account or Region is refused as such (rules T3, T2).
    ///
    /// ```
    /// use kms_alias::{AccountId, Region, Scope, parse_key_identifier};
    ///
    /// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
    /// let refusal = parse_key_identifier(Some("1234ABCD-12ab-34cd-56ef-1234567890ab")).unwrap_err();
    /// assert_eq!(
    ///     refusal.in_scope(scope).to_string(),
    ///     "Key 'arn:aws:kms:eu-west-3:111122223333:key/1234ABCD-12ab-34cd-56ef-1234567890ab' does not exist",
    /// );
    /// ```
    #[must_use]
    pub fn in_scope(self, scope: Scope) -> Self {
        match self {
            Self::UpperCaseKeyId { value } => match key_of_arn(&value) {
                Some((named, _)) => outside(scope, named).unwrap_or(Self::UpperCaseKeyId { value }),
                None => Self::UpperCaseKeyId {
                    value: format!("{scope}:key/{value}").into(),
                },
            },
            other => other,
        }
    }
}

/// The rule that a malformed ARN breaks.
fn k3_or_k4(error: &ParseError) -> Rule {
    match error.rule() {
        Rule::K4 => Rule::K4,
        _ => Rule::K3,
    }
}

/// KMS's words where they are known; the others are ours.
fn impossible_key(impossible: &ImpossibleKey) -> alloc::string::String {
    match impossible {
        ImpossibleKey::Usage { spec, usage } => {
            format!("KeyUsage {usage} is not compatible with KeySpec {spec}")
        }
        other => alloc::string::ToString::to_string(other),
    }
}

/// The words for rule A4: AWS's own if today's reading reserves the name, else this crate's.
fn reserved(alias_name: &str, reserved_names: ReservedNames) -> alloc::string::String {
    if ReservedNames::AliasAwsSlash.reserves(alias_name) {
        return "The alias name for a customer managed CMK cannot begin with alias/aws/.".into();
    }
    format!(
        "{alias_name} is a reserved alias name: names that begin with {} belong to AWS",
        reserved_names.prefix()
    )
}

/// KMS's words to a caller who would change a key of AWS's own; they leave out who called.
fn not_authorized(operation: KmsOperation, key: KeyArn) -> alloc::string::String {
    format!(
        "User is not authorized to perform: kms:{operation} on resource: {key} because no \
         resource-based policy allows the kms:{operation} action"
    )
}

/// Rules T3 and T2, in this order: what refuses an ARN of another scope than this.
fn outside(scope: Scope, named: Scope) -> Option<Refusal> {
    other_account(scope, named).or_else(|| other_region(scope, named))
}

/// Rule T3.
pub(crate) fn other_account(scope: Scope, named: Scope) -> Option<Refusal> {
    let is_same = named.partition() == scope.partition() && named.account() == scope.account();
    (!is_same).then(|| Refusal::OtherAccount {
        partition: named.partition(),
        account: named.account(),
    })
}

/// Rule T2.
pub(crate) fn other_region(scope: Scope, named: Scope) -> Option<Refusal> {
    (named.region() != scope.region()).then(|| Refusal::OtherRegion {
        region: named.region(),
    })
}
