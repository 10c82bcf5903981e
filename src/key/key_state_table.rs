//! The cells of the key-state table: which operation works in which state (rule S8).
//!
//! A cell holds what the documentation prints. Where that leaves a case open,
//! [`KmsOperation::verdict`] decides by AWS's recorded answers, by the key's origin, or by a choice
//! of this crate ("ours" below).

use alloc::format;
use alloc::string::String;

use super::exception::Exception;
use super::kms_operations::KmsOperation;
use super::metadata::KeyMetadata;
use super::state::{KeyState, Origin};
use crate::identifier::KeyArn;

/// A numbered note of the published table that refuses an operation (rule S8; KMS developer guide,
/// key states).
///
/// ```
/// use kms_alias::model::Footnote;
/// use kms_alias::{KeyArn, KeyState, Origin};
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
    /// 2: the key is pending deletion, answered with `DisabledException`.
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
    /// Its number in the published table, KMS's exception, and what KMS's words say that the key is;
    /// nothing where they are about its origin.
    const fn row(self) -> (u8, Exception, &'static str) {
        use Exception::{Disabled, KmsInvalidState, UnsupportedOperation};
        match self {
            Self::Disabled => (1, Disabled, "disabled"),
            Self::PendingDeletionDisabled => (2, Disabled, PENDING_DELETION),
            Self::PendingDeletion => (3, KmsInvalidState, PENDING_DELETION),
            Self::NotPendingDeletion => (4, KmsInvalidState, "not pending deletion"),
            Self::PendingImport => (5, KmsInvalidState, "pending import"),
            Self::ExternalOrigin => (6, UnsupportedOperation, ""),
            Self::NotAwsKmsOrigin => (7, UnsupportedOperation, ""),
            Self::ImportedPendingDeletion => (8, KmsInvalidState, PENDING_DELETION),
            Self::NotExternalOrigin => (9, UnsupportedOperation, ""),
            Self::Unavailable => (11, KmsInvalidState, "unavailable"),
            Self::Creating => (14, KmsInvalidState, "creating"),
            Self::Updating => (15, KmsInvalidState, "updating"),
        }
    }

    /// The number in the published table.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.row().0
    }

    /// The name of KMS's exception.
    #[must_use]
    pub const fn exception(self) -> &'static str {
        self.kind().as_str()
    }

    pub(crate) const fn kind(self) -> Exception {
        self.row().1
    }

    /// Whether this note allows the operation for an origin; only notes 7 and 9 depend on it.
    const fn allows(self, origin: Origin) -> bool {
        match self {
            Self::NotAwsKmsOrigin => matches!(origin, Origin::AwsKms),
            Self::NotExternalOrigin => matches!(origin, Origin::External),
            _ => true,
        }
    }

    /// KMS's words about a key in a state.
    ///
    /// Notes 7, 8 and 9 have no published words: ours are those of their nearest neighbours.
    #[must_use]
    pub fn message(self, key: KeyArn, state: KeyState, origin: Origin) -> String {
        match (self.row().2, state) {
            ("", _) => format!("{key} origin is {origin} which is not valid for this operation."),
            // The table says "(or pending replica deletion)"; the words name the state that the key
            // is in (recorded).
            (PENDING_DELETION, KeyState::PendingReplicaDeletion) => {
                format!("{key} is pending replica deletion.")
            }
            (is, _) => format!("{key} is {is}."),
        }
    }
}

const PENDING_DELETION: &str = "pending deletion";

/// A cell of the published table: what an operation meets in a key state (rule S8; KMS developer
/// guide, key states).
///
/// ```
/// use kms_alias::model::{KeyStateCell, Footnote};
/// use kms_alias::{KeyState, KmsOperation};
///
/// let cell = KmsOperation::ScheduleKeyDeletion.in_state(KeyState::Updating);
/// assert_eq!(cell, KeyStateCell::Fails(Footnote::Updating));
/// assert_eq!(KmsOperation::UpdateAlias.in_state(KeyState::PendingDeletion), KeyStateCell::DependsOnSide);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyStateCell {
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
    /// It fails: with the second note if the key's origin calls for it, or for notes 2 and 3 as AWS
    /// was recorded to answer; else with the first.
    FailsEither(Footnote, Footnote),
    /// It fails with this note; the second number in the table (13) only describes the state.
    FailsUnlessStays(Footnote),
    /// It depends on the origin: refused with this note (7 or 9) where the origin does not fit.
    Depends(Footnote),
    /// UpdateAlias: an alias may leave a key that is pending deletion, and not move to one (note
    /// 10, rule U5).
    DependsOnSide,
    /// The table says that it does not apply.
    NotApplicable,
}

impl KmsOperation {
    /// What the published table says of this operation in a key state.
    #[must_use]
    #[inline(always)]
    pub const fn in_state(self, state: KeyState) -> KeyStateCell {
        let [
            enabled,
            disabled,
            pending_deletion,
            pending_import,
            unavailable,
            creating,
            updating,
        ] = self.facts().row;
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

    /// Whether this operation works on a key as it stands, or the note that refuses it (rule S8).
    ///
    /// For UpdateAlias the key is the new target: the present one may be in any state (rule U5).
    ///
    /// ```
    /// use kms_alias::model::Footnote;
    /// use kms_alias::{KeyArn, KeyMetadata, KeyState, KmsOperation};
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
    /// The note that refuses it. Of notes 2 and 3 it is the latter, and where the table says N/A it is
    /// note 5 for `PendingImport` (both recorded) and note 11 for `Unavailable` (ours).
    pub fn verdict(self, key: &KeyMetadata) -> Result<(), Footnote> {
        self.verdict_in(key.state(), key.origin())
    }

    #[inline(always)]
    pub(crate) const fn verdict_in(self, state: KeyState, origin: Origin) -> Result<(), Footnote> {
        if self.succeeds_against_table(state, origin) {
            return Ok(());
        }
        match self.in_state(state) {
            KeyStateCell::Succeeds
            | KeyStateCell::SucceedsWithoutEffect
            | KeyStateCell::SucceedsOnceAvailable => Ok(()),
            KeyStateCell::SucceedsIfImported => {
                unless_by_origin(Footnote::NotExternalOrigin, origin)
            }
            KeyStateCell::Fails(note) | KeyStateCell::FailsUnlessStays(note) => Err(note),
            KeyStateCell::Depends(note) => unless_by_origin(note, origin),
            // Notes 2 and 3 say the same of the key; AWS was recorded to answer with note 3.
            KeyStateCell::FailsEither(Footnote::PendingDeletionDisabled, note) => Err(note),
            // It fails in any case: with the note on the origin if that refuses too.
            KeyStateCell::FailsEither(by_state, by_origin) if by_origin.allows(origin) => {
                Err(by_state)
            }
            KeyStateCell::FailsEither(_, by_origin) => Err(by_origin),
            KeyStateCell::DependsOnSide => Err(Footnote::PendingDeletion),
            KeyStateCell::NotApplicable => not_applicable(state),
        }
    }

    /// Where AWS was recorded to do what the published table refuses: GetPublicKey of a disabled
    /// key, and GetKeyRotationStatus of a key whose material is imported, there or not.
    const fn succeeds_against_table(self, state: KeyState, origin: Origin) -> bool {
        match self {
            Self::GetPublicKey => matches!(state, KeyState::Disabled),
            Self::GetKeyRotationStatus => matches!(origin, Origin::External),
            _ => false,
        }
    }
}

/// The verdict where it depends on the origin alone.
const fn unless_by_origin(note: Footnote, origin: Origin) -> Result<(), Footnote> {
    if note.allows(origin) {
        Ok(())
    } else {
        Err(note)
    }
}

/// Where the table says N/A: the note of the state, where the state can be. Note 5 is recorded, note
/// 11 is ours.
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
