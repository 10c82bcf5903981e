//! A table as `aws kms list-aliases` prints it, and an operation as a list of changes has it.

use alloc::string::String;

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeStruct, Serializer};

use super::date;
use kms_alias::Operation;
use kms_alias::{Alias, AliasTable};
use kms_alias::{AliasName, Scope, TargetKeyId};

/// The aliases of a table as `list-aliases` prints them, AWS's own too, with dates in ISO 8601.
///
/// A date whose year has no four digits is written as epoch seconds, which reading takes as well.
///
/// ```
/// use kms_alias_files::{File, Options, list_aliases_json, load};
///
/// let bytes = br#"{"Aliases": [{
///     "AliasName": "alias/aws/s3",
///     "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/aws/s3",
///     "TargetKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
///     "CreationDate": 1700000000.5
/// }]}"#;
/// let table = load(&[File { name: "aliases.json", bytes }], Options::default())?;
/// let json = list_aliases_json(&table);
/// assert!(json.contains("\"CreationDate\": \"2023-11-14T22:13:20.5Z\""));
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
#[must_use]
pub fn list_aliases_json(table: &AliasTable) -> String {
    // Writing to a string fails only where a map's key is no string, and here all are.
    let mut json = serde_json::to_string_pretty(&Listing(table)).unwrap_or_default();
    json.push('\n');
    json
}

struct Listing<'a>(&'a AliasTable);

struct Item<'a> {
    scope: Scope,
    alias: Alias<'a>,
}

struct Items<'a>(&'a AliasTable);

impl Serialize for Listing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut listing = serializer.serialize_struct("ListAliases", 1)?;
        listing.serialize_field("Aliases", &Items(self.0))?;
        listing.end()
    }
}

impl Serialize for Items<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let scope = self.0.scope();
        serializer.collect_seq(self.0.iter().map(|alias| Item { scope, alias }))
    }
}

impl Serialize for Item<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut item = serializer.serialize_map(None)?;
        item.serialize_entry("AliasName", self.alias.name())?;
        item.serialize_entry(
            "AliasArn",
            &format_args!("{}:{}", self.scope, self.alias.name()),
        )?;
        // An alias of AWS's that has no key shows no dates either (recorded).
        let Some(key_id) = self.alias.target_key_id() else {
            return item.end();
        };
        item.serialize_entry("TargetKeyId", &key_id)?;
        if let Some(at) = self.alias.creation_date() {
            item.serialize_entry("CreationDate", &date::to_json(at))?;
        }
        if let Some(at) = self.alias.last_updated_date() {
            item.serialize_entry("LastUpdatedDate", &date::to_json(at))?;
        }
        item.end()
    }
}

/// An operation as an entry of a list of changes, which [`read_changes`](super::read_changes) reads
/// back; none for what happens without a request (`DeleteKey`, `SetKeyState`).
///
/// ```
/// use kms_alias_files::change_json;
/// use kms_alias::{AliasName, Operation};
///
/// let operation = Operation::DeleteAlias { alias_name: AliasName::from_static("alias/old") };
/// let json = change_json(&operation);
/// assert_eq!(json.as_deref(), Some(r#"{"DeleteAlias":{"AliasName":"alias/old"}}"#));
/// ```
#[must_use]
pub fn change_json(operation: &Operation) -> Option<String> {
    let request = Request::of(operation)?;
    serde_json::to_string(&Entry {
        operation: operation.name(),
        request,
    })
    .ok()
}

struct Entry<'a> {
    operation: &'static str,
    request: Request<'a>,
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entry = serializer.serialize_map(Some(1))?;
        entry.serialize_entry(self.operation, &self.request)?;
        entry.end()
    }
}

/// A request's members.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    alias_name: Option<&'a AliasName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_key_id: Option<&'a TargetKeyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<&'a TargetKeyId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pending_window_in_days: Option<u8>,
}

impl<'a> Request<'a> {
    fn of(operation: &'a Operation) -> Option<Self> {
        let none = Self::default();
        match operation {
            Operation::CreateAlias {
                alias_name,
                target_key_id,
            }
            | Operation::UpdateAlias {
                alias_name,
                target_key_id,
            } => Some(Self {
                alias_name: Some(alias_name),
                target_key_id: Some(target_key_id),
                ..none
            }),
            Operation::DeleteAlias { alias_name } => Some(Self {
                alias_name: Some(alias_name),
                ..none
            }),
            Operation::EnableKey { key_id }
            | Operation::DisableKey { key_id }
            | Operation::CancelKeyDeletion { key_id } => Some(Self {
                key_id: Some(key_id),
                ..none
            }),
            Operation::ScheduleKeyDeletion {
                key_id,
                waiting_period,
            } => Some(Self {
                key_id: Some(key_id),
                pending_window_in_days: Some(waiting_period.days()),
                ..none
            }),
            Operation::DeleteKey { .. } | Operation::SetKeyState { .. } => None,
        }
    }
}
