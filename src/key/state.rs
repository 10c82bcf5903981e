//! Key states and what goes with each; origins and managers (rules S1–S4).

use super::named::named;
use super::time::Timestamp;
use crate::rule::Rule;

named! {
    "key state"
    /// The state of a key (KMS developer guide, key states).
    ///
    /// ```
    /// use kms_alias::model::KeyStateCell;
    /// use kms_alias::{KeyState, KmsOperation};
    ///
    /// let state: KeyState = "PendingDeletion".parse()?;
    /// // Rule S8: such a key may be described, and its aliases may go.
    /// assert_eq!(KmsOperation::DescribeKey.in_state(state), KeyStateCell::Succeeds);
    /// assert_eq!(KmsOperation::DeleteAlias.in_state(state), KeyStateCell::Succeeds);
    /// # Ok::<(), kms_alias::UnknownName>(())
    /// ```
    KeyState {
        /// A multi-Region replica that is being made.
        Creating "Creating",
        /// Ready for use.
        Enabled "Enabled",
        /// Not to be used until it is enabled.
        Disabled "Disabled",
        /// Waiting for its deletion.
        PendingDeletion "PendingDeletion",
        /// Waiting for its key material.
        PendingImport "PendingImport",
        /// A multi-Region primary waiting for the deletion of its replicas.
        PendingReplicaDeletion "PendingReplicaDeletion",
        /// In a custom key store that is not connected.
        Unavailable "Unavailable",
        /// A multi-Region key whose primary Region is being changed.
        Updating "Updating",
    }
}

named! {
    "key origin"
    /// Where the key material comes from (KMS API reference).
    ///
    /// ```
    /// use kms_alias::{ImpossibleKey, KeyArn, KeyMetadata, KeyState, Origin};
    ///
    /// let arn = KeyArn::from_static(
    ///     "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    /// );
    /// // A key whose material is imported waits for it (rule S1).
    /// let key = KeyMetadata::builder(arn).origin(Origin::External).build()?;
    /// assert_eq!(key.state(), KeyState::PendingImport);
    /// assert!(Origin::AwsCloudhsm.is_custom_key_store() && !Origin::External.is_custom_key_store());
    /// # Ok::<(), ImpossibleKey>(())
    /// ```
    Origin {
        /// Made by KMS.
        AwsKms "AWS_KMS",
        /// Imported.
        External "EXTERNAL",
        /// In a custom key store backed by CloudHSM.
        AwsCloudhsm "AWS_CLOUDHSM",
        /// In an external key store.
        ExternalKeyStore "EXTERNAL_KEY_STORE",
    }
}

impl Origin {
    /// Whether the key lives in a custom key store: only such a key can be unavailable (rule S2).
    #[must_use]
    pub const fn is_custom_key_store(self) -> bool {
        matches!(self, Self::AwsCloudhsm | Self::ExternalKeyStore)
    }
}

named! {
    "key manager"
    /// Who manages a key: its account, or AWS (KMS API reference). No alias of a customer points to a
    /// key of AWS (rule T4).
    ///
    /// ```
    /// use kms_alias::{KeyArn, KeyManager, KeyMetadata};
    ///
    /// let arn = KeyArn::from_static(
    ///     "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    /// );
    /// let key = KeyMetadata::builder(arn);
    /// assert_eq!(key.clone().build()?.manager(), KeyManager::Customer);
    /// assert_eq!(key.manager(KeyManager::Aws).build()?.manager(), KeyManager::Aws);
    /// # Ok::<(), kms_alias::ImpossibleKey>(())
    /// ```
    KeyManager {
        /// AWS, in the customer's account.
        Aws "AWS",
        /// The customer.
        Customer "CUSTOMER",
    }
}

named! {
    "state to return to"
    /// The state to which an unavailable key returns (rule S2).
    ///
    /// ```
    /// use kms_alias::{KeyState, KeyStatus, ReturnsTo};
    ///
    /// let status = KeyStatus::Unavailable { returns_to: ReturnsTo::Disabled };
    /// assert_eq!(status.state(), KeyState::Unavailable);
    /// // The default is `Enabled`.
    /// assert_eq!(KeyStatus::from(KeyState::Unavailable), KeyStatus::Unavailable { returns_to: ReturnsTo::Enabled });
    /// ```
    ReturnsTo {
        /// It will be enabled.
        Enabled "Enabled",
        /// It will be disabled.
        Disabled "Disabled",
    }
}

/// How many days a key waits for its deletion: 7 to 30, and 30 unless the request says otherwise
/// (rule S4).
///
/// ```
/// use kms_alias::WaitingPeriod;
///
/// assert_eq!(WaitingPeriod::default().days(), 30);
/// assert!(WaitingPeriod::from_days(6).is_none());
/// assert_eq!(WaitingPeriod::LEAST.days(), 7);
/// assert_eq!(WaitingPeriod::from_days(30), Some(WaitingPeriod::MOST));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "i64", into = "i64")
)]
pub struct WaitingPeriod(u8);

impl WaitingPeriod {
    /// The fewest days.
    pub const LEAST: Self = Self(7);
    /// The most days.
    pub const MOST: Self = Self(30);

    /// A period of `days`, or `None` outside 7 to 30 (rule S4).
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "7 to 30 fits"
    )]
    pub const fn from_days(days: i64) -> Option<Self> {
        if days >= Self::LEAST.0 as i64 && days <= Self::MOST.0 as i64 {
            Some(Self(days as u8))
        } else {
            None
        }
    }

    /// The days.
    #[must_use]
    pub const fn days(self) -> u8 {
        self.0
    }
}

impl Default for WaitingPeriod {
    fn default() -> Self {
        Self::MOST
    }
}

impl From<WaitingPeriod> for i64 {
    fn from(period: WaitingPeriod) -> Self {
        Self::from(period.0)
    }
}

impl TryFrom<i64> for WaitingPeriod {
    type Error = NotAWaitingPeriod;

    fn try_from(days: i64) -> Result<Self, Self::Error> {
        Self::from_days(days).ok_or(NotAWaitingPeriod { days })
    }
}

/// The error about a waiting period that is not 7 to 30 days (rule S4).
///
/// ```
/// use kms_alias::{Rule, WaitingPeriod};
///
/// let error = WaitingPeriod::try_from(31).unwrap_err();
/// assert_eq!((error.days(), error.rule()), (31, Rule::S4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("a key cannot wait {days} days for its deletion, only 7 to 30 (rule S4)")]
pub struct NotAWaitingPeriod {
    days: i64,
}

impl NotAWaitingPeriod {
    /// The days.
    #[must_use]
    pub const fn days(&self) -> i64 {
        self.days
    }

    /// The rule: S4.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        Rule::S4
    }
}

/// A [`KeyState`] with the values that belong to it (rules S2, S4; KMS API reference,
/// `KeyMetadata`).
///
/// ```
/// use kms_alias::{KeyState, KeyStatus};
///
/// let status = KeyStatus::PendingDeletion { deletion_date: None };
/// assert_eq!(status.state(), KeyState::PendingDeletion);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[expect(missing_docs, reason = "a status is described where its state is")]
#[non_exhaustive]
pub enum KeyStatus {
    Creating,
    Enabled,
    Disabled,
    PendingDeletion {
        /// When the deletion is due; absent where the source did not say.
        deletion_date: Option<Timestamp>,
    },
    PendingImport,
    PendingReplicaDeletion {
        /// How long the key will wait once its last replica is gone.
        waiting_period: WaitingPeriod,
    },
    Unavailable {
        /// The state it returns to when the key store is connected again (rule S2).
        returns_to: ReturnsTo,
    },
    Updating,
}

impl KeyStatus {
    /// The state alone.
    #[must_use]
    pub const fn state(&self) -> KeyState {
        match self {
            Self::Creating => KeyState::Creating,
            Self::Enabled => KeyState::Enabled,
            Self::Disabled => KeyState::Disabled,
            Self::PendingDeletion { .. } => KeyState::PendingDeletion,
            Self::PendingImport => KeyState::PendingImport,
            Self::PendingReplicaDeletion { .. } => KeyState::PendingReplicaDeletion,
            Self::Unavailable { .. } => KeyState::Unavailable,
            Self::Updating => KeyState::Updating,
        }
    }
}

/// A state with defaults for the values that belong to it: no date, the longest waiting period, and
/// a return to `Enabled` (ours).
impl From<KeyState> for KeyStatus {
    fn from(state: KeyState) -> Self {
        match state {
            KeyState::Creating => Self::Creating,
            KeyState::Enabled => Self::Enabled,
            KeyState::Disabled => Self::Disabled,
            KeyState::PendingDeletion => Self::PendingDeletion {
                deletion_date: None,
            },
            KeyState::PendingImport => Self::PendingImport,
            KeyState::PendingReplicaDeletion => Self::PendingReplicaDeletion {
                waiting_period: WaitingPeriod::default(),
            },
            KeyState::Unavailable => Self::Unavailable {
                returns_to: ReturnsTo::Enabled,
            },
            KeyState::Updating => Self::Updating,
        }
    }
}
