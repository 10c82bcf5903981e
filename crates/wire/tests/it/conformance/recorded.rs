//! What AWS was recorded or measured to answer, over the wire, with a table for each Region.

use std::collections::BTreeMap;

use kms_alias::{
    AccountId, AliasTable, KeyDetails, KeyMetadata, KmsOperation, MultiRegionRole, Region, Scope,
    Snapshot,
};
use kms_alias_wire::{handle, handle_in};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::case::{AliasRow, Key};
use super::scenario::{same, same_aliases, time};

/// How AWS's answer is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Grade {
    /// In a recording of the service.
    Recorded,
    /// As its author says that it was measured.
    Measured,
}

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    Passed,
    Failed,
    /// It needs an operation that the endpoint does not answer.
    LeftOut,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recorded {
    pub(super) id: String,
    pub(super) grade: Grade,
    #[serde(rename = "observed")]
    _observed: Option<String>,
    /// The operations that the case is about, where it is about few.
    #[serde(default)]
    needs: Vec<String>,
    account: AccountId,
    region: Region,
    keys: Vec<RecordedKey>,
    #[serde(default)]
    aliases: Vec<AliasRow>,
    steps: Vec<RecordedStep>,
    final_aliases: Option<Vec<AliasRow>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct RecordedKey {
    key_id: String,
    key_spec: Option<String>,
    key_usage: Option<String>,
    key_state: Option<String>,
    origin: Option<String>,
    key_manager: Option<String>,
    multi_region_key_type: Option<String>,
    primary_region: Option<Region>,
    #[serde(default)]
    replica_regions: Vec<Region>,
    /// Where it is another than the scenario's.
    region: Option<Region>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordedStep {
    op: String,
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
    /// Lists are always in the order that is written.
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

type Tables = BTreeMap<Region, AliasTable>;

impl Recorded {
    /// Runs the case; what is wrong with it, if it fails.
    pub(super) fn run(&self) -> (Outcome, Option<String>) {
        if self.needs.iter().any(|operation| !is_answered(operation)) {
            return (Outcome::LeftOut, None);
        }
        match self.take_steps() {
            Ok(()) => (Outcome::Passed, None),
            Err(why) => (Outcome::Failed, Some(format!("{}: {why}", self.id))),
        }
    }

    fn take_steps(&self) -> Result<(), String> {
        let mut tables = self.tables();
        let mut next_marker = Value::Null;
        for (index, step) in self.steps.iter().enumerate() {
            let place = format!("step {} ({})", index + 1, step.op);
            let before = tables.clone();
            let answer = self.take(step, &mut tables, &next_marker, index);
            if answer.is_err() {
                same("tables", &tables, &before).map_err(|why| format!("{place}: {why}"))?;
            }
            next_marker = match &answer {
                Ok(body) => body["NextMarker"].clone(),
                Err(_) => Value::Null,
            };
            step.expect
                .is_answer(&answer)
                .map_err(|why| format!("{place}: {why}"))?;
        }
        match &self.final_aliases {
            Some(wanted) => same_aliases(&tables[&self.region], wanted),
            None => Ok(()),
        }
    }

    fn take(
        &self,
        step: &RecordedStep,
        tables: &mut Tables,
        next_marker: &Value,
        index: usize,
    ) -> Result<Value, Value> {
        let mut request = step.request.clone();
        if request.get("Marker") == Some(&json!("$NextMarker")) {
            request.insert("Marker".to_owned(), next_marker.clone());
        }
        let body = serde_json::to_vec(&request).expect("a request");
        let region = step.region.unwrap_or(self.region);
        let mut table = tables.remove(&region).expect("a Region of the case");
        let target = format!("TrentService.{}", step.op);
        let random = [u8::try_from(index).expect("few steps"); 16];
        let response = handle_in(&mut table, tables, &target, &body, time(index), random);
        tables.insert(region, table);
        let body = match response.body() {
            [] => Value::Null,
            body => serde_json::from_slice(body).expect("JSON"),
        };
        match response.status() {
            200 => Ok(body),
            400 => Err(body),
            status => panic!("{}: status {status}", self.id),
        }
    }

    fn tables(&self) -> Tables {
        let mut tables = Tables::new();
        let regions = self.steps.iter().filter_map(|step| step.region);
        let regions = regions.chain(self.keys.iter().filter_map(|key| key.region));
        for region in regions.chain([self.region]) {
            let mut part = Snapshot::new(Scope::new(region, self.account));
            let keys = self.keys.iter();
            let here = keys.filter(|key| key.region.unwrap_or(self.region) == region);
            part.keys = here.map(|key| key.metadata(part.scope)).collect();
            if region == self.region {
                part.aliases = self.aliases.iter().map(AliasRow::entry).collect();
            }
            let table = part
                .into_table()
                .unwrap_or_else(|error| panic!("{}: {error}", self.id));
            tables.insert(region, table);
        }
        tables
    }
}

/// Whether the endpoint answers an operation: it is asked in vain, and does not say that it is none.
fn is_answered(operation: &str) -> bool {
    let known: Result<KmsOperation, _> = operation.parse();
    assert!(known.is_ok(), "{operation} is no operation of KMS");
    let scope = "arn:aws:kms:eu-west-3:111122223333"
        .parse()
        .expect("a scope");
    let mut table = AliasTable::new(scope);
    let target = format!("TrentService.{operation}");
    let response = handle(&mut table, &target, b"{}", time(0), [0; 16]);
    !String::from_utf8_lossy(response.body()).contains("UnknownOperationException")
}

impl RecordedKey {
    fn metadata(&self, scope: Scope) -> KeyMetadata {
        let key = Key {
            key_id: self.key_id.parse().expect("a key ID"),
            key_spec: self.key_spec.clone(),
            key_usage: self.key_usage.clone(),
            key_state: self.key_state.clone(),
            origin: self.origin.clone(),
            key_manager: self.key_manager.clone(),
        };
        let mut key = key.builder(scope);
        let replicas = u32::try_from(self.replica_regions.len()).expect("few Regions");
        match self.multi_region_key_type.as_deref() {
            Some("REPLICA") => key = key.multi_region_role(MultiRegionRole::Replica),
            None if replicas > 0 => {
                key = key.multi_region_role(MultiRegionRole::Primary { replicas });
            }
            None => {}
            Some(other) => panic!("unknown {other}"),
        }
        let key = key.details(KeyDetails {
            primary_region: self.primary_region,
            replica_regions: self.replica_regions.clone(),
            ..KeyDetails::default()
        });
        key.build()
            .unwrap_or_else(|error| panic!("{}: {error}", self.key_id))
    }
}

impl Expected {
    fn is_answer(&self, answer: &Result<Value, Value>) -> Result<(), String> {
        match answer {
            Ok(body) => self.is_output(body),
            Err(body) => self.is_error(body),
        }
    }

    fn is_error(&self, body: &Value) -> Result<(), String> {
        let Some(error) = &self.error else {
            return Err(format!("refused: {body}"));
        };
        if error != "*" {
            same("exception", &body["__type"].as_str(), &Some(error))?;
        }
        let message = body["message"].as_str().unwrap_or_default();
        if let Some(wanted) = &self.message {
            same("message", &message, &wanted.as_str())?;
        }
        if let Some(start) = &self.message_starts {
            let begins = message.starts_with(start.as_str());
            return begins.then_some(()).ok_or(format!("message: {message}"));
        }
        let is_ours = message.starts_with("nothing stands against");
        match self.means_ok == is_ours {
            true => Ok(()),
            false => Err(format!("whether nothing stands against it: {message}")),
        }
    }

    fn is_output(&self, body: &Value) -> Result<(), String> {
        if !self.ok {
            return Err(format!("done: {body}"));
        }
        if let Some(wanted) = &self.aliases {
            let listed = body["Aliases"].as_array().ok_or("no list")?;
            let name = |alias: &Value| alias["AliasName"].as_str().map(str::to_owned);
            let names: Option<Vec<_>> = listed.iter().map(name).collect();
            same("aliases", &names.as_ref(), &Some(wanted))?;
        }
        if let Some(truncated) = self.truncated {
            same("truncated", &body["Truncated"], &json!(truncated))?;
        }
        for (name, wanted) in self.entries.iter().flatten() {
            let mut listed = body["Aliases"].as_array().into_iter().flatten();
            let entry = listed.find(|alias| alias["AliasName"] == json!(name));
            let members = entry.and_then(Value::as_object).ok_or("no such alias")?;
            let mut members: Vec<_> = members.keys().cloned().collect();
            members.sort();
            same(name, &members, wanted)?;
        }
        let key = &body["KeyMetadata"];
        for (member, wanted) in self.key.iter().flatten() {
            shows(member, &key[member], &with_arn(wanted, key))?;
        }
        for member in &self.key_absent {
            same(member, &key.get(member), &None)?;
        }
        for (member, wanted) in self.output.iter().flatten() {
            shows(member, &body[member], wanted)?;
        }
        for member in &self.present {
            let is_there = body.get(member).is_some();
            is_there.then_some(()).ok_or(format!("no {member}"))?;
        }
        for member in &self.absent {
            same(member, &body.get(member), &None)?;
        }
        Ok(())
    }
}

/// Whether a value is the wanted one; of a structure only the members that are wanted.
fn shows(place: &str, found: &Value, wanted: &Value) -> Result<(), String> {
    match wanted {
        Value::Object(members) => members.iter().try_for_each(|(member, wanted)| {
            shows(&format!("{place}.{member}"), &found[member], wanted)
        }),
        wanted => same(place, found, wanted),
    }
}

/// `$KeyArn` stands for the ARN of the key that was made.
fn with_arn(wanted: &Value, key: &Value) -> Value {
    match wanted {
        Value::String(text) if text == "$KeyArn" => key["Arn"].clone(),
        Value::Object(members) => {
            let members = members.iter();
            let filled = members.map(|(name, value)| (name.clone(), with_arn(value, key)));
            Value::Object(filled.collect())
        }
        other => other.clone(),
    }
}
