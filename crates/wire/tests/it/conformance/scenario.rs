//! A scenario step by step.

use std::collections::BTreeSet;

use kms_alias::{
    AliasListEntry, AliasTable, AnyAliasName, KeyArn, KeyMetadata, KeyMetadataBuilder, KeyState,
    MultiRegionRole, ReservedNames, Scope, Snapshot, Timestamp,
};

use super::case::{AliasRow, Expect, Key, Scenario};
use super::door::{Answer, Door, Listed, Refused};

/// The clock: one second passes before each step, and nothing else moves it.
pub(crate) fn time(step: usize) -> Timestamp {
    let seconds = i64::try_from(step).expect("few steps") + 1;
    Timestamp::from_millis(1_700_000_000_000 + 1000 * seconds)
}

pub(crate) fn run(
    scenario: &Scenario,
    reserved_names: ReservedNames,
    door: Door,
) -> Result<(), String> {
    let mut table = scenario.table(reserved_names);
    let mut next_marker = None;
    for (index, step) in scenario.steps.iter().enumerate() {
        let before = table.clone();
        let place = format!("{} step {} ({})", scenario.id, index + 1, step.op);
        match step.take(&mut table, next_marker.as_deref(), time(index), door) {
            Ok(answer) => {
                step.expect
                    .is_answer(&answer)
                    .map_err(|why| format!("{place}: {why}"))?;
                next_marker = answer.next_marker;
            }
            Err(refused) => {
                step.expect
                    .is_refusal(&refused)
                    .map_err(|why| format!("{place}: {why}"))?;
                same("table", &table, &before).map_err(|why| format!("{place}: {why}"))?;
            }
        }
    }
    match &scenario.final_aliases {
        Some(wanted) => {
            same_aliases(&table, wanted).map_err(|why| format!("{}: {why}", scenario.id))
        }
        None => Ok(()),
    }
}

/// Whether the aliases that have a target are these.
pub(super) fn same_aliases(table: &AliasTable, wanted: &[AliasRow]) -> Result<(), String> {
    let standing = table.iter().filter_map(|alias| {
        let target_key_id = Some(alias.target_key_id()?.to_string());
        Some(AliasRow {
            alias_name: alias.name().into(),
            target_key_id,
        })
    });
    let (standing, wanted): (BTreeSet<_>, BTreeSet<_>) =
        (standing.collect(), wanted.iter().cloned().collect());
    same("final aliases", &standing, &wanted)
}

pub(super) fn same<T: PartialEq + std::fmt::Debug>(
    what: &str,
    found: &T,
    wanted: &T,
) -> Result<(), String> {
    if found == wanted {
        return Ok(());
    }
    Err(format!("{what}: found {found:?}, wanted {wanted:?}"))
}

impl Scenario {
    pub(crate) fn table(&self, reserved_names: ReservedNames) -> AliasTable {
        let scope = Scope::new(self.region, self.account);
        assert_eq!(scope.partition(), self.partition, "{}", self.id);
        let mut parts = Snapshot::new(scope);
        parts.reserved_names = reserved_names;
        parts.keys = self.keys.iter().map(|key| key.metadata(scope)).collect();
        parts.aliases = self.aliases.iter().map(AliasRow::entry).collect();
        parts
            .into_table()
            .unwrap_or_else(|error| panic!("{}: {error}", self.id))
    }
}

impl AliasRow {
    /// Created before the clock starts.
    pub(super) fn entry(&self) -> AliasListEntry {
        let target = self.target_key_id.as_deref();
        let target = target.map(|key_id| key_id.parse().expect("a key ID"));
        let name: AnyAliasName = self.alias_name.parse().expect("an alias name");
        let mut entry = AliasListEntry::new(name, target);
        entry.creation_date = Some(Timestamp::from_millis(1_700_000_000_000));
        entry.last_updated_date = entry.creation_date;
        entry
    }
}

impl Key {
    fn metadata(&self, scope: Scope) -> KeyMetadata {
        self.builder(scope)
            .build()
            .unwrap_or_else(|error| panic!("{}: {error}", self.key_id))
    }

    pub(super) fn builder(&self, scope: Scope) -> KeyMetadataBuilder {
        fn known<T: std::str::FromStr>(name: &Option<String>) -> Option<T> {
            let name = name.as_deref()?;
            Some(name.parse().unwrap_or_else(|_| panic!("unknown {name}")))
        }
        let mut key = KeyMetadata::builder(KeyArn::new(scope, self.key_id));
        if let Some(spec) = known(&self.key_spec) {
            key = key.spec(spec);
        }
        if let Some(usage) = known(&self.key_usage) {
            key = key.usage(usage);
        }
        if let Some(origin) = known(&self.origin) {
            key = key.origin(origin);
        }
        if let Some(manager) = known(&self.key_manager) {
            key = key.manager(manager);
        }
        let state = known(&self.key_state).unwrap_or(KeyState::Enabled);
        key = key.state(state);
        if self.key_id.is_multi_region() {
            key = key.multi_region_role(role(state));
        }
        key
    }
}

/// The scenarios' defaults for multi-Region keys.
fn role(state: KeyState) -> MultiRegionRole {
    match state {
        KeyState::PendingReplicaDeletion => MultiRegionRole::Primary { replicas: 1 },
        KeyState::Creating => MultiRegionRole::Replica,
        _ => MultiRegionRole::Primary { replicas: 0 },
    }
}

impl Expect {
    fn is_refusal(&self, refused: &Refused) -> Result<(), String> {
        let Some(error) = self.error.as_deref() else {
            return Err(format!("refused: {refused:?}"));
        };
        if error != "*" {
            same("exception", &refused.exception.as_str(), &error)?;
        }
        for message in [&self.message, &self.message_likely].into_iter().flatten() {
            same("message", &refused.message, message)?;
        }
        Ok(())
    }

    fn is_answer(&self, answer: &Answer) -> Result<(), String> {
        same("ok", &true, &self.ok)?;
        let names = answer.aliases.as_ref().map(|aliases| {
            let name = |alias: &Listed| alias.name.clone();
            aliases.iter().map(name).collect::<Vec<_>>()
        });
        self.is_list("aliases", names.as_ref(), self.aliases.as_ref())?;
        self.is_list("keys", answer.keys.as_ref(), self.keys.as_ref())?;
        if let Some(truncated) = &self.truncated {
            same("truncated", &answer.next_marker.is_some(), truncated)?;
        }
        if let Some(most) = self.count_max {
            let count = names.or(answer.keys.clone()).map(|list| list.len());
            same(
                "count within bounds",
                &count.map(|count| count <= most),
                &Some(true),
            )?;
        }
        for (member, wanted) in self.key.iter().flatten() {
            let key = answer.key.as_ref().ok_or("no key")?;
            let found = key.get(member).ok_or(format!("no member {member}"))?;
            same(member, found, wanted)?;
        }
        for (name, wanted) in self.dates.iter().flatten() {
            let mut aliases = answer.aliases.iter().flatten();
            let alias = aliases
                .find(|alias| alias.name == *name)
                .ok_or("no such alias")?;
            let (Some(created), Some(updated)) = (alias.created, alias.updated) else {
                return Err(format!("{name} has not both dates"));
            };
            let found = match updated.cmp(&created) {
                std::cmp::Ordering::Less => "earlier",
                std::cmp::Ordering::Equal => "same",
                std::cmp::Ordering::Greater => "later",
            };
            same("dates", &found, &wanted.as_str())?;
        }
        Ok(())
    }

    fn is_list(
        &self,
        what: &str,
        found: Option<&Vec<String>>,
        wanted: Option<&Vec<String>>,
    ) -> Result<(), String> {
        let Some(wanted) = wanted else { return Ok(()) };
        let (mut found, mut wanted) = (found.cloned().ok_or("no list")?, wanted.clone());
        match self.order.as_deref() {
            None => {}
            Some("unspecified") => {
                found.sort();
                wanted.sort();
            }
            Some(other) => return Err(format!("unknown order {other}")),
        }
        same(what, &found, &wanted)
    }
}
