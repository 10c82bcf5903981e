//! What the model shows: lists by pages, keys, and what a call on a key meets.

use super::judge::customers;
use super::key::Key;
use super::states::allow;
use super::text;
use super::{Model, Refused};

/// The operations that name their key by any of the four forms (rule K6).
const BY_ALIAS_TOO: [&str; 16] = [
    "Decapsulate",
    "Decrypt",
    "DeriveSharedSecret",
    "DescribeKey",
    "Encapsulate",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateMac",
    "GetPublicKey",
    "ReEncrypt",
    "Sign",
    "Verify",
    "VerifyMac",
];

/// The operations that no caller asks of an AWS managed key (rule S7).
const LIFE: [&str; 4] = [
    "CancelKeyDeletion",
    "DisableKey",
    "EnableKey",
    "ScheduleKeyDeletion",
];

/// A page: names or key IDs, and whether there is more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub entries: Vec<String>,
    pub truncated: bool,
}

impl Page {
    /// How many entries there are, and whether there is more.
    pub fn size(&self) -> (usize, bool) {
        (self.entries.len(), self.truncated)
    }
}

/// Rule L2.
fn limit(limit: Option<i64>, absent: usize, most: i64) -> Result<usize, Refused> {
    match limit {
        None => Ok(absent),
        Some(limit) if (1..=most).contains(&limit) => Ok(usize::try_from(limit).expect("small")),
        Some(_) => Err(Refused::without_words("L2", "ValidationException")),
    }
}

fn page<'a>(entries: impl Iterator<Item = &'a String>, after: Option<&str>, limit: usize) -> Page {
    let left = entries.filter(|entry| after.is_none_or(|last| entry.as_str() > last));
    let mut entries: Vec<_> = left.take(limit + 1).cloned().collect();
    let truncated = entries.len() > limit;
    entries.truncate(limit);
    Page { entries, truncated }
}

impl Model {
    /// ListAliases, from after the last name of the page before (rules L1–L4, K8).
    pub fn list_aliases(
        &self,
        key_id: Option<&str>,
        wanted: Option<i64>,
        after: Option<&str>,
    ) -> Result<Page, Refused> {
        let key = match key_id {
            None => None,
            Some(_) => Some(text::bounded("keyId", key_id, 2048, "K7")?),
        };
        let limit = limit(wanted, 50, 100)?;
        match key {
            None => Ok(page(self.aliases.keys(), after, limit)),
            Some(key_id) => {
                let named = text::key_only(key_id)?;
                self.existing(&named)?;
                Ok(page(self.names_of(&named.resource), after, limit))
            }
        }
    }

    /// ListKeys, from after the last ID of the page before (rules L2–L4).
    pub fn list_keys(&self, wanted: Option<i64>, after: Option<&str>) -> Result<Page, Refused> {
        let limit = limit(wanted, 100, 1000)?;
        Ok(page(self.keys.keys(), after, limit))
    }

    /// DescribeKey: the ID of the key that an identifier names (rules K6, L5).
    pub fn describe_key(&self, key_id: Option<&str>) -> Result<(String, &Key), Refused> {
        let text = text::bounded("keyId", key_id, 2048, "K7")?;
        let mut named = text::identifier(text)?;
        self.here(&named)?;
        if named.is_alias() {
            let alias = self.aliases.get(&named.resource);
            let target = alias.and_then(|alias| alias.target.clone());
            named.resource = target.ok_or_else(|| self.not_found(&named.resource))?;
        }
        let key = self.existing(&named)?;
        Ok((named.resource, key))
    }

    /// What a call on a key meets, by key or through an alias (rules S6, S7, S8, K8).
    pub fn check_use(&self, operation: &str, key_id: &str) -> Result<String, Refused> {
        let by_alias = text::identifier(key_id).is_ok_and(|named| named.is_alias());
        if by_alias && !BY_ALIAS_TOO.contains(&operation) {
            text::key_only(key_id)?;
        }
        let (id, key) = self.describe_key(Some(key_id))?;
        if LIFE.contains(&operation) {
            customers("S7", key)?;
        }
        if operation == "CreateAlias" || operation == "UpdateAlias" {
            customers("T4", key)?;
        }
        let rule = if by_alias { "S6" } else { "S8" };
        allow(operation, rule, &self.key_arn(&id), key)?;
        Ok(id)
    }
}
