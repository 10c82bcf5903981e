//! What an event asks these rules.

use super::event::{Event, NamedKey, Request, key_id, text};
use super::not_judged::NotJudged;
use kms_alias::AliasTable;
use kms_alias::{
    Change, ListAliases, ListKeys, Operation, Refusal, RequestText, parse_key_identifier,
};
use kms_alias::{KeyId, KeyIdentifier, ReservedNames};
use kms_alias::{KmsOperation, Timestamp};
use kms_alias_files::changes::{Member, Members, integer, string};

/// A question that an event asks.
pub(super) enum Question<'a> {
    /// A request that changes an alias or a key's state.
    Change(KmsOperation, RequestText<'a>, Result<Operation, Refusal>),
    /// A call that uses or shows the key that it names.
    Use(KmsOperation, Result<KeyIdentifier, Refusal>),
    /// A list of aliases.
    ListAliases(Result<ListAliases, Refusal>),
    /// A list of keys.
    ListKeys(Result<ListKeys, Refusal>),
    /// The deletion of a key was carried out.
    Deleted(KeyId),
}

impl<'a> Question<'a> {
    /// The question of an event, or why it asks none.
    pub(super) fn of(event: &'a Event, reserved_names: ReservedNames) -> Result<Self, NotJudged> {
        match event.name() {
            "DeleteKey" => event.key().map(Self::Deleted).ok_or(NotJudged::NoRule),
            "ListKeys" => {
                let request = shown(event)?;
                let limit = integer("Limit", request.limit.as_ref());
                Ok(Self::ListKeys(
                    limit.and_then(|limit| ListKeys::parse(limit, None)),
                ))
            }
            name => match name.parse() {
                // It names two keys, and no source says which is looked at first.
                Err(_) | Ok(KmsOperation::ReEncrypt) => Err(NotJudged::NoRule),
                Ok(operation) if !operation.names_key() => Err(NotJudged::NoRule),
                Ok(operation) => Self::of_operation(operation, event, reserved_names),
            },
        }
    }

    fn of_operation(
        operation: KmsOperation,
        event: &'a Event,
        reserved_names: ReservedNames,
    ) -> Result<Self, NotJudged> {
        match operation {
            operation if Operation::is_change(operation) => {
                let members = &shown(event)?.members;
                let parsed = members.parse(operation, reserved_names);
                Ok(Self::Change(operation, as_text(members), parsed))
            }
            KmsOperation::ListAliases => {
                let request = shown(event)?;
                // A marker is the service's own secret.
                let parsed = string("KeyId", request.members.key_id.as_ref()).and_then(|key_id| {
                    let limit = integer("Limit", request.limit.as_ref())?;
                    ListAliases::parse(key_id, limit, None)
                });
                Ok(Self::ListAliases(parsed))
            }
            other => named_key(event).map(|identifier| Self::Use(other, identifier)),
        }
    }

    /// What the rules say: for a change what it would do.
    pub(super) fn verdict(
        &self,
        table: &AliasTable,
        at: Timestamp,
    ) -> Result<Option<Change>, Refusal> {
        let in_scope = |refusal: &Refusal| refusal.clone().in_scope(table.scope());
        match self {
            Self::Change(_, _, operation) => {
                let operation = operation.as_ref().map_err(in_scope)?;
                table.check(operation, at).map(Some)
            }
            Self::Use(operation, identifier) => {
                let identifier = identifier.as_ref().map_err(in_scope)?;
                table.check_use(*operation, identifier).map(|_| None)
            }
            Self::ListAliases(request) => {
                let request = request.as_ref().map_err(in_scope)?;
                table.list_aliases(request).map(|_| None)
            }
            Self::ListKeys(request) => {
                // A list of keys refuses nothing that its request did not.
                request.as_ref().map(|_| None).map_err(in_scope)
            }
            Self::Deleted(key_id) => {
                let operation = Operation::DeleteKey { key_id: *key_id };
                table.check(&operation, at).map(Some)
            }
        }
    }
}

fn shown(event: &Event) -> Result<&Request, NotJudged> {
    event.request().ok_or(NotJudged::RequestNotShown)
}

/// The key that a call names; where the request shows none, the one that the record names.
fn named_key(event: &Event) -> Result<Result<KeyIdentifier, Refusal>, NotJudged> {
    let asked = event
        .request()
        .and_then(|request| request.members.key_id.as_ref());
    match asked {
        Some(Member::Text(text)) => Ok(parse_key_identifier(Some(text))),
        Some(Member::Integer(_) | Member::Other) => Err(NotJudged::OutsideTheRules),
        None => match event.named_key() {
            Some(NamedKey::Own(key_id)) => Ok(Ok(key_id.into())),
            Some(NamedKey::OfAnotherAccount) => Err(NotJudged::OtherAccount),
            None => Err(NotJudged::RequestNotShown),
        },
    }
}

/// The members as text; what is no text is left out.
fn as_text<'a>(members: &'a Members<'_>) -> RequestText<'a> {
    RequestText {
        alias_name: text(members.alias_name.as_ref()),
        target_key_id: text(members.target_key_id.as_ref()),
        key_id: text(members.key_id.as_ref()),
        pending_window_in_days: match members.pending_window_in_days {
            Some(Member::Integer(days)) => Some(days),
            _ => None,
        },
    }
}

impl Question<'_> {
    /// The alias that the event names, if it is one of a change.
    pub(super) fn alias_name(&self) -> Option<&str> {
        match self {
            Self::Change(_, text, _) => text.alias_name,
            _ => None,
        }
    }

    /// The key that the event names, by ID or ARN.
    pub(super) fn key_id(&self) -> Option<KeyId> {
        match self {
            Self::Change(_, _, Ok(operation)) => match operation {
                Operation::CreateAlias { target_key_id, .. }
                | Operation::UpdateAlias { target_key_id, .. } => Some(target_key_id.key_id()),
                Operation::EnableKey { key_id }
                | Operation::DisableKey { key_id }
                | Operation::ScheduleKeyDeletion { key_id, .. }
                | Operation::CancelKeyDeletion { key_id } => Some(key_id.key_id()),
                Operation::DeleteAlias { .. }
                | Operation::DeleteKey { .. }
                | Operation::SetKeyState { .. } => None,
            },
            Self::Change(_, text, Err(_)) => text.target_key_id.or(text.key_id).and_then(key_id),
            Self::ListAliases(Ok(request)) => request.key_id().map(|key_id| key_id.key_id()),
            Self::Deleted(key_id) => Some(*key_id),
            Self::Use(..) | Self::ListAliases(Err(_)) | Self::ListKeys(_) => None,
        }
    }
}
