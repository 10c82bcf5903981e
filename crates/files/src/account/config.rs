//! Items of AWS Config: an alias or a key each, with what AWS Config adds to them.

use alloc::borrow::Cow;
use alloc::boxed::Box;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::member::{identifier, required};
use super::metadata::KeyItem;
use crate::date::Date;
use crate::fault::Fault;
use crate::object::Object;
use kms_alias::{
    AccountId, AliasArn, AliasListEntry, AnyAliasName, KeyArn, KeyId, KeyMetadata, Region, Scope,
    Timestamp,
};
use kms_alias_foresee::verdict::KeyFacts;

/// An item, or a row of a query that selects some members of one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item<'a> {
    #[serde(borrow)]
    resource_type: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "awsAccountId")]
    account_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    aws_region: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "ARN")]
    arn: Option<Cow<'a, str>>,
    #[serde(borrow)]
    configuration_item_status: Option<Cow<'a, str>>,
    #[serde(borrow)]
    configuration_item_capture_time: Option<Date<'a>>,
    /// An object; in a resource's history, an object in a string.
    #[serde(borrow)]
    configuration: Option<&'a RawValue>,
    #[serde(borrow)]
    tags: Option<&'a RawValue>,
}

/// What an item tells.
pub(crate) enum Told {
    Alias(AliasListEntry, Option<Scope>),
    Key(Box<KeyMetadata>),
    Facts(KeyArn, KeyFacts),
    /// It is of another resource, or of one that is gone.
    Nothing,
}

/// The configuration of an alias.
#[derive(Deserialize)]
struct AliasConfiguration<'a> {
    #[serde(borrow, rename = "AliasName", alias = "aliasName")]
    alias_name: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "TargetKeyId", alias = "targetKeyId")]
    target_key_id: Option<Cow<'a, str>>,
}

impl Item<'_> {
    /// Which resource this is, and when it was so: a history tells of one resource at many times.
    pub(crate) fn captured(&self) -> Option<(&str, Timestamp)> {
        let at = self.configuration_item_capture_time.as_ref()?.timestamp()?;
        Some((self.arn.as_deref()?, at))
    }

    pub(crate) fn read(&self) -> Result<Told, Fault> {
        let gone = self.configuration_item_status.as_deref();
        if gone.is_some_and(|status| status.starts_with("ResourceDeleted")) {
            return Ok(Told::Nothing);
        }
        let Some(configuration) = self.configuration else {
            return Ok(Told::Nothing);
        };
        let text = match serde_json::from_str::<Text<'_>>(configuration.get()) {
            Ok(Text(text)) => text,
            Err(_) => Cow::Borrowed(configuration.get()),
        };
        let arn = self.arn.as_deref();
        match self.resource_type.as_deref() {
            Some("AWS::KMS::Alias") => self.read_alias(&text),
            Some("AWS::KMS::Key") => self.read_key(&text),
            Some(_) => Ok(Told::Nothing),
            // A query need not select the type.
            None if arn.is_some_and(KeyArn::is_valid) => self.read_key(&text),
            None if text.contains("\"AliasName\"") => self.read_alias(&text),
            None if text.contains("\"keyId\"") => self.read_key(&text),
            None => Ok(Told::Nothing),
        }
    }

    fn read_alias(&self, text: &str) -> Result<Told, Fault> {
        let Object(alias) = serde_json::from_str::<Object<AliasConfiguration<'_>>>(text)
            .map_err(|error| Fault::of_part(&error))?;
        let name = required("AliasName", alias.alias_name.as_ref())?;
        let alias_name: AnyAliasName = identifier("AliasName", name)?;
        let target = alias.target_key_id.as_ref();
        let target = target
            .map(|text| identifier::<KeyId>("TargetKeyId", text))
            .transpose()?;
        Ok(Told::Alias(
            AliasListEntry::new(alias_name, target),
            self.scope()?,
        ))
    }

    /// A key, or what is told of it where a query selects some members only.
    fn read_key(&self, text: &str) -> Result<Told, Fault> {
        let Object(mut key) = serde_json::from_str::<Object<KeyItem<'_>>>(text)
            .map_err(|error| Fault::of_part(&error))?;
        key.complete(self.arn.as_deref());
        key.take_tags(self.tags);
        if key.is_whole() {
            return key.read().map(|key| Told::Key(Box::new(key)));
        }
        let (arn, facts) = key.facts()?;
        Ok(Told::Facts(arn, facts))
    }

    fn scope(&self) -> Result<Option<Scope>, Fault> {
        let arn = self.arn.as_deref();
        if let Some(arn) = arn.and_then(|arn| arn.parse::<AliasArn>().ok()) {
            return Ok(Some(arn.scope()));
        }
        let (Some(account), Some(region)) = (&self.account_id, &self.aws_region) else {
            return Ok(None);
        };
        let account: AccountId = identifier("accountId", account)?;
        let region: Region = identifier("awsRegion", region)?;
        Ok(Some(Scope::new(region, account)))
    }
}

/// A string, borrowed where it can be.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
