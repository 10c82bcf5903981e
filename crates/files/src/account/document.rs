//! The documents of an account as they come, and the values that they hold if they are right.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::listing::Aliases;
use super::member::{identifier, required};
use super::metadata::KeyItem;
use crate::fault::Fault;
use crate::object::Object;
use kms_alias::{KeyArn, KeyId, Scope};

/// One document of a file.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Document<'a> {
    pub(crate) aliases: Option<Aliases>,
    #[serde(borrow)]
    pub(crate) key_metadata: Option<Object<KeyItem<'a>>>,
    #[serde(borrow)]
    pub(crate) keys: Option<Vec<Object<KeyListItem<'a>>>>,
    /// The tags of the key that is described beside them.
    #[serde(borrow)]
    pub(crate) tags: Option<&'a RawValue>,
    truncated: Option<bool>,
    next_token: Option<IgnoredAny>,
    next_marker: Option<IgnoredAny>,
    /// A recorded answer of boto3: the answer itself.
    #[serde(borrow, rename = "data")]
    pub(crate) data: Option<&'a RawValue>,
    /// The rows of a query of AWS Config, each a document in a string.
    #[serde(borrow)]
    pub(crate) results: Option<Vec<Cow<'a, str>>>,
    /// Items of AWS Config.
    #[serde(
        borrow,
        rename = "configurationItems",
        alias = "ConfigurationItems",
        alias = "baseConfigurationItems"
    )]
    pub(crate) configuration_items: Option<Vec<&'a RawValue>>,
    /// An item of AWS Config by itself.
    #[serde(rename = "resourceType")]
    pub(crate) resource_type: Option<IgnoredAny>,
}

/// An entry of `Keys`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct KeyListItem<'a> {
    #[serde(borrow)]
    key_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    key_arn: Option<Cow<'a, str>>,
}

impl Document<'_> {
    /// Whether the list goes on in another document.
    pub(crate) fn goes_on(&self) -> bool {
        self.truncated == Some(true) || self.next_token.is_some() || self.next_marker.is_some()
    }

    pub(crate) const fn is_of_an_account(&self) -> bool {
        self.aliases.is_some() || self.key_metadata.is_some() || self.keys.is_some()
    }
}

impl KeyListItem<'_> {
    /// The key ID, and the scope that the entry tells; it adds nothing else.
    pub(crate) fn read(&self) -> Result<(KeyId, Option<Scope>), Fault> {
        let key_id: KeyId = identifier("KeyId", required("KeyId", self.key_id.as_ref())?)?;
        let Some(arn) = &self.key_arn else {
            return Ok((key_id, None));
        };
        let arn: KeyArn = identifier("KeyArn", arn)?;
        if arn.key_id() == key_id {
            Ok((key_id, Some(arn.scope())))
        } else {
            Err(Fault::OtherKey { key_id, arn })
        }
    }
}
