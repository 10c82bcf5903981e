//! What AWS was recorded or measured to answer, over the wire, with a table for each Region.

use std::collections::BTreeMap;

use kms_alias::wire::handle;
use kms_alias::{
    AccountId, AliasTable, Assembly, KeyDetails, KeyId, KeyMetadata, MultiRegionRole, Region, Scope,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::case::{AliasRow, Key};
use crate::scenario::time;

/// How AWS's answer is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Grade {
    /// In a recording of the service.
    Recorded,
    /// As its author says that it was measured.
    Measured,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recorded {
    pub(crate) id: String,
    pub(crate) grade: Grade,
    #[serde(rename = "observed")]
    _observed: Option<String>,
    /// The operations that the case is about, where it is about few.
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    account: AccountId,
    region: Region,
    keys: Vec<RecordedKey>,
    #[serde(default)]
    aliases: Vec<AliasRow>,
    pub(crate) steps: Vec<RecordedStep>,
    final_aliases: Option<Vec<AliasRow>>,
}

#[derive(Deserialize)]
struct RecordedKey {
    #[serde(flatten)]
    key: Key,
    #[serde(rename = "MultiRegionKeyType")]
    multi_region_key_type: Option<String>,
    #[serde(rename = "PrimaryRegion")]
    primary_region: Option<Region>,
    #[serde(rename = "ReplicaRegions", default)]
    replica_regions: Vec<Region>,
    /// Where it is another than the scenario's.
    #[serde(rename = "Region")]
    region: Option<Region>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordedStep {
    pub(crate) op: String,
    request: Map<String, Value>,
    /// Where it is another than the scenario's.
    region: Option<Region>,
    expect: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    ok: bool,
    error: Option<String>,
    message: Option<String>,
    message_starts: Option<String>,
    /// AWS did it; here there is no key material to do it with.
    #[serde(default)]
    means_ok: bool,
    aliases: Option<Vec<String>>,
    #[serde(rename = "order")]
    _order: Option<String>,
    truncated: Option<bool>,
    /// The members that each alias of a list shows.
    entries: Option<BTreeMap<String, Vec<String>>>,
    /// Members of the key that is described.
    key: Option<Map<String, Value>>,
    #[serde(default)]
    key_absent: Vec<String>,
    /// Members of the answer.
    output: Option<Map<String, Value>>,
    #[serde(default)]
    present: Vec<String>,
    #[serde(default)]
    absent: Vec<String>,
}
