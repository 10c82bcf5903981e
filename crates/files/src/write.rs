//! A table as `aws kms list-aliases` prints it, and an operation as a list of changes has it.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeStruct, Serializer};
use serde_json::{Map, Value, json};

use super::date;
use kms_alias::{
    Alias, AliasName, AliasTable, KeyArn, KeyId, KeyManager, KeyMetadata, KeySpec, KeyState,
    KeyUsage, Operation, Origin, Scope, TargetKeyId,
};
use kms_alias_foresee::verdict::{AliasList, KeyFacts, KeyList, Knowledge};

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

/// What is known of an account as documents that [`read_account`](super::read_account) reads back,
/// but for the descriptions of keys: the aliases as [`list_aliases_json`] writes them, and, where
/// there are keys that are not described, what `list-keys` prints, and what more is known of those
/// keys as AWS Config tells it.
///
/// ```
/// use kms_alias_files::{File, Options, account_json, read_account};
///
/// let bytes = br#"{"Keys": [{
///     "KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
///     "KeyArn": "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
/// }]}"#;
/// let accounts = read_account(&[File { name: "keys.json", bytes }], Options::default())?;
/// let (_, knowledge) = accounts.iter().next().expect("an account");
/// assert!(account_json(knowledge).contains("\"KeyArn\""));
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
#[must_use]
pub fn account_json(knowledge: &Knowledge) -> String {
    let table = knowledge.table();
    let mut json = list_aliases_json(table);
    if knowledge.alias_list == AliasList::Incomplete {
        json = document(&json!({"Aliases": Items(table), "Truncated": true}));
    }
    let undescribed: Vec<_> = knowledge.undescribed_keys().collect();
    if undescribed.is_empty() {
        return json;
    }
    let arn = |key_id: KeyId| KeyArn::new(table.scope(), key_id);
    let listed =
        |key_id: KeyId| json!({"KeyId": key_id.to_string(), "KeyArn": arn(key_id).to_string()});
    let is_complete = knowledge.key_list == KeyList::Complete;
    let described = table.keys().map(KeyMetadata::key_id);
    let described = described.filter(|_| is_complete);
    let existing = undescribed.iter().filter(|(_, facts)| facts.exists);
    let keys = described.chain(existing.map(|(key_id, _)| *key_id));
    let keys: Vec<_> = keys.map(listed).collect();
    json.push_str(&document(&match is_complete {
        true => json!({"Keys": keys}),
        false => json!({"Keys": keys, "Truncated": true}),
    }));
    let items = undescribed
        .iter()
        .filter_map(|(key_id, facts)| item(arn(*key_id), facts));
    let items: Vec<_> = items.collect();
    if !items.is_empty() {
        json.push_str(&document(&json!({"configurationItems": items})));
    }
    json
}

/// What is known of a key as an item of AWS Config; none if that it exists is all.
fn item(arn: KeyArn, facts: &KeyFacts) -> Option<Value> {
    let text = |member: &str, value: Option<&'static str>| Some((member.into(), value?.into()));
    let members = [
        text("keyManager", facts.manager.map(KeyManager::as_str)),
        text("keySpec", facts.spec.map(KeySpec::as_str)),
        text("keyUsage", facts.usage.map(KeyUsage::as_str)),
        text("origin", facts.origin.map(Origin::as_str)),
        text("keyState", facts.state.map(KeyState::as_str)),
        facts
            .enabled
            .map(|enabled| ("enabled".into(), enabled.into())),
        facts
            .multi_region
            .map(|is| ("multiRegion".into(), is.into())),
    ];
    let members: Map<String, Value> = members.into_iter().flatten().collect();
    let is_told = facts.exists && !members.is_empty();
    is_told.then(|| {
        json!({
            "resourceType": "AWS::KMS::Key",
            "arn": arn.to_string(),
            "configuration": members,
        })
    })
}

fn document(value: &Value) -> String {
    format!("{value:#}\n")
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
