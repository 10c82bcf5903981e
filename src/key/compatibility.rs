//! The published table of key states, as data: which operation works in which state (rule S8).
//!
//! A cell says what the documentation prints. [`KmsOperation::verdict`] settles the cells that
//! leave a choice, by the key's origin or as this crate chose ("ours" below).

use alloc::format;
use alloc::string::String;

use super::metadata::KeyMetadata;
use super::named::named;
use super::state::{KeyState, Origin};
use crate::identifier::KeyArn;

/// A numbered note of the published table that refuses an operation (rule S8; KMS developer guide,
/// key states).
///
/// ```
/// use kms_alias::{Footnote, KeyArn, KeyState, Origin};
///
/// let arn = KeyArn::from_static(
///     "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
/// );
/// assert_eq!(Footnote::Disabled.exception(), "DisabledException");
/// assert_eq!(
///     Footnote::Disabled.message(arn, KeyState::Disabled, Origin::AwsKms),
///     format!("{arn} is disabled."),
/// );
/// assert_eq!(Footnote::Disabled.number(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Footnote {
    /// 1: the key is disabled.
    Disabled,
    /// 2: the key is pending deletion, said as `DisabledException`.
    PendingDeletionDisabled,
    /// 3: the key is pending deletion.
    PendingDeletion,
    /// 4: the key is not pending deletion.
    NotPendingDeletion,
    /// 5: the key is pending import.
    PendingImport,
    /// 6: the operation is not for imported key material.
    ExternalOrigin,
    /// 7: the operation is not for imported key material nor for custom key stores.
    NotAwsKmsOrigin,
    /// 8: the key has imported key material, and is pending deletion.
    ImportedPendingDeletion,
    /// 9: the operation is for imported key material only.
    NotExternalOrigin,
    /// 11: the key is unavailable.
    Unavailable,
    /// 14: the key is being created.
    Creating,
    /// 15: the key is being updated.
    Updating,
}

impl Footnote {
    /// The number in the published table.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Disabled => 1,
            Self::PendingDeletionDisabled => 2,
            Self::PendingDeletion => 3,
            Self::NotPendingDeletion => 4,
            Self::PendingImport => 5,
            Self::ExternalOrigin => 6,
            Self::NotAwsKmsOrigin => 7,
            Self::ImportedPendingDeletion => 8,
            Self::NotExternalOrigin => 9,
            Self::Unavailable => 11,
            Self::Creating => 14,
            Self::Updating => 15,
        }
    }

    /// The name of KMS's exception.
    #[must_use]
    pub const fn exception(self) -> &'static str {
        match self {
            Self::Disabled | Self::PendingDeletionDisabled => "DisabledException",
            Self::ExternalOrigin | Self::NotAwsKmsOrigin | Self::NotExternalOrigin => {
                "UnsupportedOperationException"
            }
            Self::PendingDeletion
            | Self::NotPendingDeletion
            | Self::PendingImport
            | Self::ImportedPendingDeletion
            | Self::Unavailable
            | Self::Creating
            | Self::Updating => "KMSInvalidStateException",
        }
    }

    /// KMS's words about a key in a state.
    ///
    /// Notes 7, 8 and 9 have no published words: ours are those of their nearest neighbours.
    #[must_use]
    pub fn message(self, key: KeyArn, state: KeyState, origin: Origin) -> String {
        let is = match self {
            Self::Disabled => "disabled",
            Self::PendingDeletionDisabled
            | Self::PendingDeletion
            | Self::ImportedPendingDeletion => {
                // The table says "(or pending replica deletion)": we say the one that is (ours).
                if matches!(state, KeyState::PendingReplicaDeletion) {
                    "pending replica deletion"
                } else {
                    "pending deletion"
                }
            }
            Self::NotPendingDeletion => "not pending deletion",
            Self::PendingImport => "pending import",
            Self::Unavailable => "unavailable",
            Self::Creating => "creating",
            Self::Updating => "updating",
            Self::ExternalOrigin | Self::NotAwsKmsOrigin | Self::NotExternalOrigin => {
                return format!("{key} origin is {origin} which is not valid for this operation.");
            }
        };
        format!("{key} is {is}.")
    }
}

/// A cell of the published table: what an operation meets in a key state (rule S8; KMS developer
/// guide, key states).
///
/// ```
/// use kms_alias::{Cell, Footnote, KeyState, KmsOperation};
///
/// let cell = KmsOperation::ScheduleKeyDeletion.in_state(KeyState::Updating);
/// assert_eq!(cell, Cell::Fails(Footnote::Updating));
/// assert_eq!(KmsOperation::UpdateAlias.in_state(KeyState::PendingDeletion), Cell::DependsOnSide);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cell {
    /// It succeeds.
    Succeeds,
    /// It succeeds and changes nothing.
    SucceedsWithoutEffect,
    /// It succeeds, and the state changes once the key is available (note 12).
    SucceedsOnceAvailable,
    /// It succeeds for keys with imported key material (note 9).
    SucceedsIfImported,
    /// It fails.
    Fails(Footnote),
    /// It fails with one of two notes.
    FailsEither(Footnote, Footnote),
    /// It fails with the first note; the second number (13) describes the state only.
    FailsUnlessStays(Footnote),
    /// It depends on the origin: refused with this note (7 or 9) where the origin does not fit.
    Depends(Footnote),
    /// UpdateAlias: a key pending deletion may be left, and not be moved to (note 10, rule U5).
    DependsOnSide,
    /// The table says that it does not apply.
    NotApplicable,
}

use Cell::{
    Depends, DependsOnSide, Fails, FailsEither, FailsUnlessStays, NotApplicable as NA,
    SucceedsIfImported as OK_9, SucceedsOnceAvailable as OK_12, SucceedsWithoutEffect as OK_IDLE,
};

const OK: Cell = Cell::Succeeds;
const F1: Cell = Fails(Footnote::Disabled);
const F3: Cell = Fails(Footnote::PendingDeletion);
const F4: Cell = Fails(Footnote::NotPendingDeletion);
const F5: Cell = Fails(Footnote::PendingImport);
const F6: Cell = Fails(Footnote::ExternalOrigin);
const F7: Cell = Fails(Footnote::NotAwsKmsOrigin);
const F9: Cell = Fails(Footnote::NotExternalOrigin);
const F11: Cell = Fails(Footnote::Unavailable);
const F14: Cell = Fails(Footnote::Creating);
const F15: Cell = Fails(Footnote::Updating);
const F1_7: Cell = FailsEither(Footnote::Disabled, Footnote::NotAwsKmsOrigin);
const F2_3: Cell = FailsEither(Footnote::PendingDeletionDisabled, Footnote::PendingDeletion);
const F3_7: Cell = FailsEither(Footnote::PendingDeletion, Footnote::NotAwsKmsOrigin);
const F8_9: Cell = FailsEither(
    Footnote::ImportedPendingDeletion,
    Footnote::NotExternalOrigin,
);
const F4_13: Cell = FailsUnlessStays(Footnote::NotPendingDeletion);
const D7: Cell = Depends(Footnote::NotAwsKmsOrigin);
const D9: Cell = Depends(Footnote::NotExternalOrigin);
const D10: Cell = DependsOnSide;

/// A row of the table, in the order of its columns: Enabled, Disabled, PendingDeletion (and
/// PendingReplicaDeletion), PendingImport, Unavailable, Creating, Updating.
type Row = [Cell; 7];

/// How an operation may name its key (rules K6, K8).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// By any of the four forms.
    KeyOrAlias,
    /// By key ID or key ARN only.
    Key,
}

macro_rules! key_state_table {
    ($($name:ident $names:ident $row:expr;)*) => {
        named! {
            "operation"
            /// An operation of KMS that the key-state table has a row for (rule S8).
            ///
            /// ```
            /// use kms_alias::{Cell, Footnote, KeyState, KmsOperation};
            ///
            /// assert_eq!(
            ///     KmsOperation::Encrypt.in_state(KeyState::Disabled),
            ///     Cell::Fails(Footnote::Disabled),
            /// );
            /// ```
            KmsOperation {
                $(#[doc = concat!("`", stringify!($name), "`")] $name stringify!($name),)*
            }
        }

        impl KmsOperation {
            const fn row(self) -> (Names, Row) {
                match self {
                    $(Self::$name => (Names::$names, $row),)*
                }
            }
        }
    };
}

/// The row of every operation that uses the key material as Decrypt does.
const USE: Row = [OK, F1, F2_3, F5, F11, F14, OK];
/// The same for keys that can neither be imported nor be in a custom key store.
const USE_AWS_KMS: Row = [OK, F1, F2_3, NA, NA, F14, OK];
const ALWAYS: Row = [OK, OK, OK, OK, OK, OK, OK];
const UNLESS_PENDING_DELETION: Row = [OK, OK, F3, OK, OK, OK, OK];
const ENABLE: Row = [OK, OK, F3, F5, OK_12, F14, F15];
const ROTATION: Row = [D7, F1_7, F3_7, F6, F7, F14, D7];

key_state_table! {
    CancelKeyDeletion                   Key        [F4, F4, OK, F4, F4_13, F4, F4];
    CreateAlias                         Key        UNLESS_PENDING_DELETION;
    CreateGrant                         Key        [OK, F1, F2_3, F5, OK, F14, OK];
    Decapsulate                         KeyOrAlias USE;
    Decrypt                             KeyOrAlias USE;
    DeleteAlias                         Key        ALWAYS;
    DeleteImportedKeyMaterial           Key        [OK_9, OK_9, OK_9, OK_IDLE, NA, F14, F15];
    DeriveSharedSecret                  KeyOrAlias USE;
    DescribeKey                         KeyOrAlias ALWAYS;
    DisableKey                          Key        ENABLE;
    DisableKeyRotation                  Key        ROTATION;
    EnableKey                           Key        ENABLE;
    EnableKeyRotation                   Key        ROTATION;
    Encapsulate                         KeyOrAlias USE;
    Encrypt                             KeyOrAlias USE;
    GenerateDataKey                     KeyOrAlias USE;
    GenerateDataKeyPair                 KeyOrAlias USE;
    GenerateDataKeyPairWithoutPlaintext KeyOrAlias USE;
    GenerateDataKeyWithoutPlaintext     KeyOrAlias USE;
    GenerateMac                         KeyOrAlias USE_AWS_KMS;
    GetKeyPolicy                        Key        ALWAYS;
    GetKeyRotationStatus                Key        [D7, D7, D7, F6, F7, D7, D7];
    GetParametersForImport              Key        [D9, D9, F8_9, OK, F9, F14, F15];
    GetPublicKey                        KeyOrAlias USE_AWS_KMS;
    ImportKeyMaterial                   Key        [D9, D9, F8_9, OK, F9, F14, OK];
    ListAliases                         Key        ALWAYS;
    ListGrants                          Key        ALWAYS;
    ListKeyPolicies                     Key        ALWAYS;
    ListResourceTags                    Key        ALWAYS;
    PutKeyPolicy                        Key        ALWAYS;
    ReEncrypt                           KeyOrAlias USE;
    ReplicateKey                        Key        [OK, F1, F2_3, F5, NA, F14, F15];
    RetireGrant                         Key        ALWAYS;
    RevokeGrant                         Key        ALWAYS;
    ScheduleKeyDeletion                 Key        [OK, OK, F3, OK, OK, OK, F15];
    Sign                                KeyOrAlias USE_AWS_KMS;
    TagResource                         Key        UNLESS_PENDING_DELETION;
    UntagResource                       Key        UNLESS_PENDING_DELETION;
    UpdateAlias                         Key        [OK, OK, D10, OK, OK, OK, OK];
    UpdateKeyDescription                Key        UNLESS_PENDING_DELETION;
    UpdatePrimaryRegion                 Key        [OK, F1, F2_3, F5, NA, F14, OK];
    Verify                              KeyOrAlias USE_AWS_KMS;
    VerifyMac                           KeyOrAlias USE_AWS_KMS;
}

impl KmsOperation {
    /// What the published table says of this operation in a key state.
    #[must_use]
    pub const fn in_state(self, state: KeyState) -> Cell {
        let [
            enabled,
            disabled,
            pending_deletion,
            pending_import,
            unavailable,
            creating,
            updating,
        ] = self.row().1;
        match state {
            KeyState::Enabled => enabled,
            KeyState::Disabled => disabled,
            KeyState::PendingDeletion | KeyState::PendingReplicaDeletion => pending_deletion,
            KeyState::PendingImport => pending_import,
            KeyState::Unavailable => unavailable,
            KeyState::Creating => creating,
            KeyState::Updating => updating,
        }
    }

    /// Whether the operation names its key by alias too (rule K6), or by key only (rule K8).
    ///
    /// ```
    /// use kms_alias::KmsOperation;
    ///
    /// assert!(KmsOperation::Encrypt.takes_alias());
    /// assert!(!KmsOperation::ScheduleKeyDeletion.takes_alias());
    /// ```
    #[must_use]
    pub const fn takes_alias(self) -> bool {
        matches!(self.row().0, Names::KeyOrAlias)
    }

    /// Whether this operation works on a key as it stands, or the note that refuses it (rule S8).
    ///
    /// For UpdateAlias the key is the new target: the present one may be in any state (rule U5).
    ///
    /// ```
    /// use kms_alias::{Footnote, KeyArn, KeyMetadata, KeyState, KmsOperation};
    ///
    /// let arn = KeyArn::from_static(
    ///     "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    /// );
    /// let key = KeyMetadata::builder(arn).state(KeyState::PendingDeletion).build()?;
    /// assert_eq!(KmsOperation::Decrypt.verdict(&key), Err(Footnote::PendingDeletion));
    /// assert_eq!(KmsOperation::CancelKeyDeletion.verdict(&key), Ok(()));
    /// # Ok::<(), kms_alias::ImpossibleKey>(())
    /// ```
    ///
    /// # Errors
    /// The note of the published table. Our choices: of notes 2 and 3 the latter; where the table
    /// says N/A, note 5 for `PendingImport` and note 11 for `Unavailable`.
    pub fn verdict(self, key: &KeyMetadata) -> Result<(), Footnote> {
        self.verdict_in(key.state(), key.origin())
    }

    #[inline(always)]
    pub(crate) const fn verdict_in(self, state: KeyState, origin: Origin) -> Result<(), Footnote> {
        match self.in_state(state) {
            Cell::Succeeds | OK_IDLE | OK_12 => Ok(()),
            OK_9 => fits(Footnote::NotExternalOrigin, origin),
            Fails(note) | FailsUnlessStays(note) => Err(note),
            Depends(note) => fits(note, origin),
            FailsEither(Footnote::PendingDeletionDisabled, note) => Err(note),
            FailsEither(by_state, by_origin) => match fits(by_origin, origin) {
                Ok(()) => Err(by_state),
                Err(note) => Err(note),
            },
            DependsOnSide => Err(Footnote::PendingDeletion),
            NA => not_applicable(state),
        }
    }
}

/// Whether an origin is one that a note (7 or 9) lets pass.
const fn fits(note: Footnote, origin: Origin) -> Result<(), Footnote> {
    let fits = match note {
        Footnote::NotExternalOrigin => matches!(origin, Origin::External),
        // Note 7: no cell depends on another.
        _ => matches!(origin, Origin::AwsKms),
    };
    if fits { Ok(()) } else { Err(note) }
}

/// Where the table says N/A (ours): the note of the state, where the state can be.
const fn not_applicable(state: KeyState) -> Result<(), Footnote> {
    match state {
        KeyState::PendingImport => Err(Footnote::PendingImport),
        KeyState::Unavailable => Err(Footnote::Unavailable),
        KeyState::Creating
        | KeyState::Enabled
        | KeyState::Disabled
        | KeyState::PendingDeletion
        | KeyState::PendingReplicaDeletion
        | KeyState::Updating => Ok(()),
    }
}
