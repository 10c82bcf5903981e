//! A table as `aws kms list-aliases` prints it.

use alloc::string::String;

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

use super::date;
use crate::identifier::Scope;
use crate::table::{Alias, AliasTable};

/// The aliases of a table as `list-aliases` prints them, AWS's own too, with dates in ISO 8601.
///
/// A date whose year has no four digits is written as epoch seconds, which reading takes as well.
///
/// ```
/// use kms_alias::account::{File, Options, list_aliases_json, load};
///
/// let bytes = br#"{"Aliases": [{
///     "AliasName": "alias/aws/s3",
///     "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/aws/s3",
///     "CreationDate": 1700000000.5
/// }]}"#;
/// let table = load(&[File { name: "aliases.json", bytes }], Options::default())?;
/// let json = list_aliases_json(&table);
/// assert!(json.contains("\"CreationDate\": \"2023-11-14T22:13:20.5Z\""));
/// # Ok::<(), kms_alias::account::AccountError>(())
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
        if let Some(key_id) = self.alias.target_key_id() {
            item.serialize_entry("TargetKeyId", &key_id)?;
        }
        if let Some(at) = self.alias.creation_date() {
            item.serialize_entry("CreationDate", &date::to_json(at))?;
        }
        if let Some(at) = self.alias.last_updated_date() {
            item.serialize_entry("LastUpdatedDate", &date::to_json(at))?;
        }
        item.end()
    }
}
