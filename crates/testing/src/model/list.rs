//! What the model shows: lists by pages, keys, and what a call on a key meets.

use super::key::Key;
use super::states::allow;
use super::text::{self, Member};
use super::{Model, Refused, refused};

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

/// The operations that change a key, which no caller asks of an AWS managed one (rule S7).
pub(super) const CHANGES: [&str; 14] = [
    "CancelKeyDeletion",
    "CreateGrant",
    "DisableKey",
    "DisableKeyRotation",
    "EnableKey",
    "EnableKeyRotation",
    "PutKeyPolicy",
    "ReplicateKey",
    "RotateKeyOnDemand",
    "ScheduleKeyDeletion",
    "TagResource",
    "UntagResource",
    "UpdateKeyDescription",
    "UpdatePrimaryRegion",
];

/// The usage that a call needs, which is asked before the state.
fn usage(operation: &str) -> Option<&'static str> {
    match operation {
        "Decrypt" | "Encrypt" | "ReEncrypt" => Some("ENCRYPT_DECRYPT"),
        name if name.starts_with("GenerateDataKey") => Some("ENCRYPT_DECRYPT"),
        "Sign" | "Verify" => Some("SIGN_VERIFY"),
        "GenerateMac" | "VerifyMac" => Some("GENERATE_VERIFY_MAC"),
        "DeriveSharedSecret" => Some("KEY_AGREEMENT"),
        "Encapsulate" | "Decapsulate" => Some("ENCAPSULATE_DECAPSULATE"),
        _ => None,
    }
}

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
fn limit_member(value: Option<i64>, most: i64) -> Member<'static> {
    Member::Number {
        name: "limit",
        value,
        bounds: [1, most],
        rule: "L2",
    }
}

fn limit(limit: Option<i64>, absent: usize) -> usize {
    limit.map_or(absent, |limit| {
        usize::try_from(limit).expect("within bounds")
    })
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
        text::keep_to_model(&[
            text::key_member("keyId", key_id, false),
            limit_member(wanted, 100),
        ])?;
        let limit = limit(wanted, 50);
        match key_id {
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
        text::keep_to_model(&[limit_member(wanted, 1000)])?;
        let mut ids: Vec<_> = self.keys.keys().chain(&self.undescribed).collect();
        ids.sort_unstable();
        Ok(page(ids.into_iter(), after, limit(wanted, 100)))
    }

    /// DescribeKey: the key that an identifier names (rules K6, L5, I6).
    pub fn describe_key(&self, key_id: Option<&str>) -> Result<(String, &Key), Refused> {
        let key_id = self.resolve(key_id)?;
        let key = self.described("DescribeKey", &key_id)?;
        Ok((key_id, key))
    }

    /// The ID of the key that an identifier names (rules K6, L5).
    pub fn resolve(&self, key_id: Option<&str>) -> Result<String, Refused> {
        text::keep_to_model(&[text::key_member("keyId", key_id, true)])?;
        let mut named = text::identifier(key_id.unwrap_or_default())?;
        self.here(&named)?;
        if named.is_alias() {
            let alias = self.aliases.get(&named.resource);
            let target = alias.and_then(|alias| alias.target.clone());
            named.resource = target.ok_or_else(|| self.not_found(&named.resource))?;
        }
        self.existing(&named)?;
        Ok(named.resource)
    }

    /// What a call on a key meets, by key or through an alias (rules S6, S7, S8, K8).
    pub fn check_use(&self, operation: &str, key_id: &str) -> Result<String, Refused> {
        let by_alias = text::identifier(key_id).is_ok_and(|named| named.is_alias());
        if by_alias && !BY_ALIAS_TOO.contains(&operation) {
            text::key_only(key_id)?;
        }
        let id = self.resolve(Some(key_id)).map_err(|refused| {
            // Decrypt does not say that the Region is another (recorded).
            match (operation, refused.rule) {
                ("Decrypt", "T2") => Refused {
                    exception: Some("IncorrectKeyException"),
                    message: Some(
                        "The key ID in the request does not identify a CMK that can perform this \
                         operation."
                            .to_owned(),
                    ),
                    ..refused
                },
                _ => refused,
            }
        })?;
        let key = self.described(operation, &id)?;
        if CHANGES.contains(&operation) {
            self.customers("S7", operation, &id, key)?;
        }
        if operation == "CreateAlias" || operation == "UpdateAlias" {
            self.customers("T4", operation, &id, key)?;
        }
        if usage(operation).is_some_and(|usage| usage != key.usage) {
            let message = format!(
                "{} key usage is {} which is not valid for {operation}.",
                self.key_arn(&id),
                key.usage
            );
            return Err(refused("M", "InvalidKeyUsageException", message));
        }
        let rule = if by_alias { "S6" } else { "S8" };
        allow(operation, rule, &self.key_arn(&id), key)?;
        Ok(id)
    }
}
