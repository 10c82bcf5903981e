//! The operations that are answered: their members, and what each does.

use super::shape::{Member, Shape};
use crate::key::{KeySpec, KeyUsage, KmsOperation, Origin};
use crate::operation::{
    ALIAS_NAME, ALIASES_PER_PAGE, KEY_ID, KEYS_PER_PAGE, MARKER, WAITING_PERIOD,
};

/// What the value of `X-Amz-Target` begins with.
const TARGET_PREFIX: &str = "TrentService.";

/// An operation of the service.
pub(super) struct WireOperation {
    name: &'static str,
    pub(super) members: &'static [Member],
    pub(super) does: Does,
}

/// What an operation does.
#[derive(Clone, Copy)]
pub(super) enum Does {
    /// It changes an alias or a key's state.
    Change(KmsOperation),
    ListAliases,
    ListKeys,
    DescribeKey,
    CreateKey,
}

const fn operation(name: &'static str, members: &'static [Member], does: Does) -> WireOperation {
    WireOperation {
        name,
        members,
        does,
    }
}

const ALIAS: Member = Member::required("AliasName", Shape::Text(ALIAS_NAME));
const TARGET: Member = Member::required("TargetKeyId", Shape::Text(KEY_ID));
const KEY: Member = Member::required("KeyId", Shape::Text(KEY_ID));
const NEXT: Member = Member::optional("Marker", Shape::Text(MARKER));

const OPERATIONS: &[WireOperation] = &[
    operation(
        "UpdateAlias",
        &[ALIAS, TARGET],
        Does::Change(KmsOperation::UpdateAlias),
    ),
    operation(
        "CreateAlias",
        &[ALIAS, TARGET],
        Does::Change(KmsOperation::CreateAlias),
    ),
    operation(
        "DeleteAlias",
        &[ALIAS],
        Does::Change(KmsOperation::DeleteAlias),
    ),
    operation(
        "ListAliases",
        &[
            Member::optional("KeyId", Shape::Text(KEY_ID)),
            Member::optional("Limit", Shape::Integer(ALIASES_PER_PAGE)),
            NEXT,
        ],
        Does::ListAliases,
    ),
    operation(
        "ListKeys",
        &[
            Member::optional("Limit", Shape::Integer(KEYS_PER_PAGE)),
            NEXT,
        ],
        Does::ListKeys,
    ),
    operation("DescribeKey", &[KEY], Does::DescribeKey),
    operation(
        "CreateKey",
        &[
            Member::optional("KeySpec", Shape::OneOf(KeySpec::NAMES)),
            Member::optional("CustomerMasterKeySpec", Shape::OneOf(KeySpec::NAMES)),
            Member::optional("KeyUsage", Shape::OneOf(KeyUsage::NAMES)),
            Member::optional("Origin", Shape::OneOf(Origin::NAMES)),
            Member::optional("MultiRegion", Shape::Boolean),
        ],
        Does::CreateKey,
    ),
    operation("EnableKey", &[KEY], Does::Change(KmsOperation::EnableKey)),
    operation("DisableKey", &[KEY], Does::Change(KmsOperation::DisableKey)),
    operation(
        "ScheduleKeyDeletion",
        &[
            KEY,
            Member::optional("PendingWindowInDays", Shape::Integer(WAITING_PERIOD)),
        ],
        Does::Change(KmsOperation::ScheduleKeyDeletion),
    ),
    operation(
        "CancelKeyDeletion",
        &[KEY],
        Does::Change(KmsOperation::CancelKeyDeletion),
    ),
];

impl WireOperation {
    /// The operation that the value of `X-Amz-Target` names.
    pub(super) fn of_target(target: &str) -> Option<&'static Self> {
        let name = target.strip_prefix(TARGET_PREFIX)?;
        OPERATIONS.iter().find(|operation| operation.name == name)
    }
}
