//! What reaches into another Region: replicas of a key, and which of them is the primary.
//!
//! Ours: a replica is ready at once, though the answer says `Creating` as AWS's does, and a change of
//! the primary Region is done at once.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;
use serde_json::json;

use super::fault::Fault;
use super::kept::policy_of;
use super::operation::TARGET_PREFIX;
use super::output;
use super::perform::Call;
use super::response::Response;
use kms_alias::{
    AliasTable, KeyArn, KeyDetails, KeyMetadata, KeyStatus, KmsOperation, MultiRegionRole, Refusal,
    Region, Scope, read_key_id,
};

/// The tables of the same account in other Regions than the one that is asked.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use kms_alias::{AccountId, AliasTable, Region, Scope, Timestamp};
/// use kms_alias_wire::{OtherRegions, handle_in};
///
/// let account = AccountId::from_static("111122223333");
/// let [here, there] = ["eu-west-3", "eu-west-1"].map(Region::from_static);
/// let mut table = AliasTable::new(Scope::new(here, account));
/// let mut others = BTreeMap::from([(there, AliasTable::new(Scope::new(there, account)))]);
/// assert!(others.table(there).is_some());
///
/// let at = Timestamp::from_millis(1_700_000_000_000);
/// let mut ask = |operation: &str, body: &str| {
///     let target = format!("TrentService.{operation}");
///     handle_in(&mut table, &mut others, &target, body.as_bytes(), at, [7; 16]).status()
/// };
/// assert_eq!(ask("CreateKey", r#"{"MultiRegion": true}"#), 200);
/// let key = "mrk-07070707070747078707070707070707";
/// let replicate = format!(r#"{{"KeyId": "{key}", "ReplicaRegion": "eu-west-1"}}"#);
/// assert_eq!(ask("ReplicateKey", &replicate), 200);
/// assert_eq!(others[&there].key_count(), 1);
/// ```
pub trait OtherRegions {
    /// The table of another Region, if there is one.
    fn table(&mut self, region: Region) -> Option<&mut AliasTable>;
}

impl OtherRegions for BTreeMap<Region, AliasTable> {
    fn table(&mut self, region: Region) -> Option<&mut AliasTable> {
        self.get_mut(&region)
    }
}

/// Whether a request with this `X-Amz-Target` changes tables of other Regions.
///
/// ```
/// use kms_alias_wire::reaches_other_regions;
///
/// assert!(reaches_other_regions("TrentService.ReplicateKey"));
/// assert!(!reaches_other_regions("TrentService.CreateAlias"));
/// ```
#[must_use]
pub fn reaches_other_regions(target: &str) -> bool {
    let operations = [
        KmsOperation::ReplicateKey,
        KmsOperation::UpdatePrimaryRegion,
    ];
    let name = target.strip_prefix(TARGET_PREFIX);
    operations
        .iter()
        .any(|operation| name == Some(operation.as_str()))
}

/// No other Region is known.
pub(super) struct NoOthers;

impl OtherRegions for NoOthers {
    fn table(&mut self, _: Region) -> Option<&mut AliasTable> {
        None
    }
}

/// The answer of ReplicateKey.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Replicated<'a> {
    replica_key_metadata: output::Metadata<'a>,
    replica_policy: String,
    replica_tags: Vec<serde_json::Value>,
}

impl Call<'_, '_> {
    pub(super) fn replicate(self) -> Result<Response, Fault> {
        let (primary, region) = self.primary_and_region()?;
        let mut details = primary.details().clone();
        let there = self.others.table(region);
        if there.is_some_and(|table| table.knows_key(&primary.key_id())) {
            return Err(Refusal::ReplicaExists.into());
        }
        details.replica_regions.push(region);
        let replica = self.replica_of(&primary, region, &details.replica_regions)?;
        let shown = replica.with_status(KeyStatus::Creating);
        let shown = shown?;
        let tags = replica.details().tags.iter();
        let answer = Response::of(&Replicated {
            replica_key_metadata: output::Metadata(&shown),
            replica_policy: policy_of(&replica),
            replica_tags: tags
                .map(|(name, value)| json!({"TagKey": name, "TagValue": value}))
                .collect(),
        });
        let siblings: Vec<Region> = primary.details().replica_regions.clone();
        let others = &mut *self.others;
        for sibling in siblings {
            tell(others.table(sibling), &primary, |known| {
                known.replica_regions.push(region);
            })?;
        }
        if let Some(table) = others.table(region) {
            table.insert_key(replica).map_err(Fault::KeyNotNew)?;
        }
        let replicas = match primary.multi_region_role() {
            Some(MultiRegionRole::Primary { replicas }) => replicas.saturating_add(1),
            _ => 1,
        };
        let primary = primary
            .with_details(details)
            .with_role(MultiRegionRole::Primary { replicas });
        self.become_key(primary?)?;
        Ok(answer)
    }

    /// The primary key, and the Region of the request, as far as the key's own table tells that there
    /// can be a replica.
    fn primary_and_region(&self) -> Result<(KeyMetadata, Region), Fault> {
        let text = self.request.text("ReplicaRegion").unwrap_or_default();
        let key_id = read_key_id(self.request.text("KeyId").unwrap_or_default())?;
        let Ok(region) = text.parse::<Region>() else {
            self.table.check_primary(&key_id)?;
            return Err(Fault::NoSuchRegion(text.into()));
        };
        let primary = self.table.check_replication(&key_id, region)?;
        Ok((primary.clone(), region))
    }

    fn replica_of(
        &self,
        primary: &KeyMetadata,
        region: Region,
        replica_regions: &[Region],
    ) -> Result<KeyMetadata, Fault> {
        let here = primary.arn().scope();
        let arn = KeyArn::new(Scope::new(region, here.account()), primary.key_id());
        // Neither description, tags nor policy are shared with replicas (recorded).
        let details = KeyDetails {
            description: self.request.text("Description").unwrap_or_default().into(),
            current_key_material_id: primary.details().current_key_material_id,
            primary_region: Some(here.region()),
            replica_regions: replica_regions.into(),
            tags: self.tags()?,
            policy: self.policy()?,
            ..KeyDetails::default()
        };
        KeyMetadata::builder(arn)
            .spec(primary.spec())
            .usage(primary.usage())
            .origin(primary.origin())
            .creation_date(self.at)
            .multi_region_role(MultiRegionRole::Replica)
            .details(details)
            .build()
            .map_err(Fault::from)
    }

    pub(super) fn update_primary_region(self) -> Result<Response, Fault> {
        let primary = self.key()?.clone();
        let here = primary.arn().scope();
        let Some(MultiRegionRole::Primary { replicas }) = primary.multi_region_role() else {
            return Err(Fault::NotPrimaryToMove(primary.arn()));
        };
        let text = self.request.text("PrimaryRegion").unwrap_or_default();
        let known = &primary.details().replica_regions;
        let region = match text.parse::<Region>() {
            Ok(region) if region == here.region() => return Ok(Response::empty()),
            Ok(region) if known.contains(&region) => region,
            _ => return Err(Fault::NoReplicaThere(primary.key_id())),
        };
        let mut replica_regions = known.clone();
        replica_regions.retain(|other| *other != region);
        replica_regions.push(here.region());
        let regions = replica_regions.clone();
        let moved = |known: &mut KeyDetails| {
            known.primary_region = Some(region);
            known.replica_regions = regions.clone();
        };
        let arn = KeyArn::new(Scope::new(region, here.account()), primary.key_id());
        let others = &mut *self.others;
        if let Some(table) = others.table(region) {
            let replica = table.check_use(self.operation, &arn.into())?.clone();
            let mut details = replica.details().clone();
            moved(&mut details);
            details.primary_region = None;
            let role = MultiRegionRole::Primary { replicas };
            let replica = replica.with_details(details).with_role(role);
            let replica = replica?;
            table.change_key(replica).map_err(Fault::KeyNotChanged)?;
        }
        for sibling in replica_regions {
            tell(others.table(sibling), &primary, moved)?;
        }
        let mut details = primary.details().clone();
        moved(&mut details);
        let replica = primary
            .with_details(details)
            .with_role(MultiRegionRole::Replica);
        self.become_key(replica?)?;
        Ok(Response::empty())
    }
}

/// Tells a related key of a change, if it stands in the table of its Region.
fn tell(
    table: Option<&mut AliasTable>,
    primary: &KeyMetadata,
    change: impl Fn(&mut KeyDetails),
) -> Result<(), Fault> {
    let Some(table) = table else { return Ok(()) };
    let Some(key) = table.key(primary.key_id()) else {
        return Ok(());
    };
    let mut details = key.details().clone();
    change(&mut details);
    let key = key.with_details(details);
    table.change_key(key).map_err(Fault::KeyNotChanged)?;
    Ok(())
}
