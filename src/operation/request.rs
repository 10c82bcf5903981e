//! What may be asked of a table.

use alloc::string::String;

use crate::identifier::{AliasName, AnyAliasName, KeyId, TargetKeyId};
use crate::key::model::{ALIASES_PER_PAGE_UNLESS_ASKED, KEYS_PER_PAGE_UNLESS_ASKED};
use crate::key::{KeyState, WaitingPeriod};

/// A change that is asked for: KMS's own operations, and what happens to keys without a request.
///
/// ```
/// use kms_alias::{KmsOperation, Operation, RequestText, ReservedNames};
///
/// let text = RequestText {
///     alias_name: Some("alias/payments"),
///     target_key_id: Some("1234abcd-12ab-34cd-56ef-1234567890ab"),
///     ..RequestText::default()
/// };
/// let operation = Operation::parse(KmsOperation::UpdateAlias, &text, ReservedNames::default())?;
/// assert_eq!(operation.name(), "UpdateAlias");
/// assert!(operation.alias_name().is_some_and(|name| name == "alias/payments"));
/// # Ok::<(), kms_alias::Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[expect(
    missing_docs,
    reason = "the name and the type of a field say what it is"
)]
pub enum Operation {
    /// Creates an alias (rules C1, T1–T6, A1–A6).
    CreateAlias {
        alias_name: AliasName,
        target_key_id: TargetKeyId,
    },
    /// Moves an alias to another key (rules U1–U7, T1–T6).
    UpdateAlias {
        alias_name: AliasName,
        target_key_id: TargetKeyId,
    },
    /// Deletes an alias (rule D1).
    DeleteAlias { alias_name: AliasName },
    /// Enables a key (rules S7, S8).
    EnableKey { key_id: TargetKeyId },
    /// Disables a key (rules S7, S8).
    DisableKey { key_id: TargetKeyId },
    /// Begins the waiting period before a key's deletion (rules S4, S7, S8).
    ScheduleKeyDeletion {
        key_id: TargetKeyId,
        /// How long it is to wait.
        waiting_period: WaitingPeriod,
    },
    /// Ends the waiting period and leaves the key disabled, or pending import if its key material is
    /// not there (rules S4, S7, S8).
    CancelKeyDeletion { key_id: TargetKeyId },
    /// The deletion of a key is carried out, and its aliases go with it (rule S5).
    ///
    /// This is no request: it happens at the end of the waiting period, to AWS's own keys too.
    DeleteKey { key_id: KeyId },
    /// A key's state changes from outside: its import is finished, its key store is disconnected
    /// or connected again, its replication is done.
    ///
    /// The state is taken as a fact if such a key can be in it (rules S1, S2, S3). A key that
    /// becomes unavailable keeps the state it returns to (S2), unless it is pending deletion, which
    /// it stays (note 13). A primary whose replicas are gone begins its waiting period (S4); any
    /// other key that becomes pending deletion has no known date, so its `DeleteKey` is never too
    /// early (ours).
    SetKeyState { key_id: KeyId, state: KeyState },
}

impl Operation {
    /// The alias that the operation is about; none if it is about a key alone.
    #[must_use]
    pub const fn alias_name(&self) -> Option<&AliasName> {
        match self {
            Self::CreateAlias { alias_name, .. }
            | Self::UpdateAlias { alias_name, .. }
            | Self::DeleteAlias { alias_name } => Some(alias_name),
            Self::EnableKey { .. }
            | Self::DisableKey { .. }
            | Self::ScheduleKeyDeletion { .. }
            | Self::CancelKeyDeletion { .. }
            | Self::DeleteKey { .. }
            | Self::SetKeyState { .. } => None,
        }
    }

    /// The key that the operation names: the target of an alias, or the key that it changes. None
    /// for `DeleteAlias`.
    #[must_use]
    pub const fn named_key(&self) -> Option<TargetKeyId> {
        match self {
            Self::CreateAlias { target_key_id, .. } | Self::UpdateAlias { target_key_id, .. } => {
                Some(*target_key_id)
            }
            Self::EnableKey { key_id }
            | Self::DisableKey { key_id }
            | Self::ScheduleKeyDeletion { key_id, .. }
            | Self::CancelKeyDeletion { key_id } => Some(*key_id),
            Self::DeleteKey { key_id } | Self::SetKeyState { key_id, .. } => {
                Some(TargetKeyId::KeyId(*key_id))
            }
            Self::DeleteAlias { .. } => None,
        }
    }

    /// The operation's name: KMS's where it is one of KMS's.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::CreateAlias { .. } => "CreateAlias",
            Self::UpdateAlias { .. } => "UpdateAlias",
            Self::DeleteAlias { .. } => "DeleteAlias",
            Self::EnableKey { .. } => "EnableKey",
            Self::DisableKey { .. } => "DisableKey",
            Self::ScheduleKeyDeletion { .. } => "ScheduleKeyDeletion",
            Self::CancelKeyDeletion { .. } => "CancelKeyDeletion",
            Self::DeleteKey { .. } => "DeleteKey",
            Self::SetKeyState { .. } => "SetKeyState",
        }
    }
}

/// A ListAliases request (rules L1–L4): all aliases or those of one key, a page of them.
///
/// A value of this type is within the bounds; [`parse`](Self::parse) makes one from text.
///
/// ```
/// use kms_alias::{KeyId, ListAliases, Rule};
///
/// let first_ten = ListAliases::parse(None, Some(10), None)?;
/// assert_eq!(first_ten.limit(), 10);
/// assert_eq!(ListAliases::default().limit(), 50);
/// assert_eq!(ListAliases::parse(None, Some(101), None).unwrap_err().rule(), Rule::L2);
/// assert!(first_ten.key_id().is_none(), "of all keys");
/// let key_id = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
/// assert_eq!(ListAliases::of_key(key_id).key_id(), Some(&key_id.into())); // rule L1
/// # Ok::<(), kms_alias::Refusal>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ListAliases {
    pub(super) key_id: Option<TargetKeyId>,
    pub(super) limit: Option<u8>,
    pub(super) after: Option<AnyAliasName>,
}

impl ListAliases {
    /// The aliases of one key only.
    #[must_use]
    pub fn of_key(key_id: impl Into<TargetKeyId>) -> Self {
        Self {
            key_id: Some(key_id.into()),
            ..Self::default()
        }
    }

    /// The key whose aliases are asked for, if it is one key's.
    #[must_use]
    pub const fn key_id(&self) -> Option<&TargetKeyId> {
        self.key_id.as_ref()
    }

    /// How many aliases the page may hold (rule L2).
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
            .map_or(ALIASES_PER_PAGE_UNLESS_ASKED, usize::from)
    }

    /// The name after which the page begins.
    pub const fn after(&self) -> Option<&AnyAliasName> {
        self.after.as_ref()
    }
}

/// A ListKeys request (rules L2–L4): a page of the keys.
///
/// ```
/// use kms_alias::ListKeys;
///
/// assert_eq!(ListKeys::default().limit(), 100);
/// assert!(ListKeys::parse(Some(1001), None).is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ListKeys {
    pub(super) limit: Option<u16>,
    pub(super) after: Option<KeyId>,
}

impl ListKeys {
    /// How many keys the page may hold (rule L2).
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit.map_or(KEYS_PER_PAGE_UNLESS_ASKED, usize::from)
    }

    /// The key ID after which the page begins.
    pub const fn after(&self) -> Option<KeyId> {
        self.after
    }
}

/// What a marker begins with; the last name or ID of the page before follows (rule L3).
const MARKER_PREFIX: &str = "after:";

/// The marker of the page that follows the one which ends with this name or ID.
#[must_use]
pub fn marker_after(last: &str) -> String {
    let mut marker = String::from(MARKER_PREFIX);
    marker.push_str(last);
    marker
}

/// The name or ID in a marker.
pub(super) fn read_marker(marker: &str) -> Option<&str> {
    marker.strip_prefix(MARKER_PREFIX)
}
