//! The cases as they are written down.

use std::collections::BTreeMap;

use kms_alias::{AccountId, KeyId, Partition, Region};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identifier {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) input: String,
    pub(crate) valid: Option<bool>,
    pub(crate) valid_today: Option<bool>,
    pub(crate) form: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PatternMatch {
    pub(crate) id: String,
    #[serde(rename = "kind")]
    _kind: String,
    pub(crate) pattern: String,
    pub(crate) alias: String,
    pub(crate) matches: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) id: String,
    #[serde(rename = "kind")]
    _kind: String,
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    #[serde(default = "aws")]
    pub(crate) partition: Partition,
    pub(crate) keys: Vec<Key>,
    pub(crate) aliases: Vec<AliasRow>,
    pub(crate) steps: Vec<Step>,
    pub(crate) final_aliases: Option<Vec<AliasRow>>,
    #[serde(default)]
    pub(crate) strict_rule_only: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct Key {
    pub(crate) key_id: KeyId,
    pub(crate) key_spec: Option<String>,
    pub(crate) key_usage: Option<String>,
    pub(crate) key_state: Option<String>,
    pub(crate) origin: Option<String>,
    pub(crate) key_manager: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct AliasRow {
    pub(crate) alias_name: String,
    pub(crate) target_key_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) op: String,
    pub(crate) request: Request,
    pub(crate) expect: Expect,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
pub(crate) struct Request {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alias_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target_key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pending_window_in_days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    #[serde(default)]
    pub(crate) ok: bool,
    pub(crate) error: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) message_likely: Option<String>,
    pub(crate) aliases: Option<Vec<String>>,
    pub(crate) keys: Option<Vec<String>>,
    pub(crate) order: Option<String>,
    pub(crate) truncated: Option<bool>,
    pub(crate) count_max: Option<usize>,
    pub(crate) key: Option<BTreeMap<String, String>>,
    pub(crate) dates: Option<BTreeMap<String, String>>,
}

const fn aws() -> Partition {
    Partition::Aws
}
