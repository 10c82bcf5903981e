//! The answers of the operations that answer anything, with the service's own member names.

use alloc::vec::Vec;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::response::Response;
use kms_alias::{Alias, AliasPage, KeyPage};
use kms_alias::{KeyArn, Region, Scope};
use kms_alias::{
    KeyMetadata, KeyState, KeyStatus, KeyUsage, MultiRegionRole, Origin, WaitingPeriod,
};

/// A page of ListAliases.
pub(super) fn aliases(scope: Scope, page: &AliasPage<'_>) -> Response {
    Response::of(&Page {
        name: "Aliases",
        items: page
            .aliases
            .iter()
            .map(|alias| AliasItem { scope, alias })
            .collect::<Vec<_>>(),
        next_marker: page.next_marker.as_deref(),
    })
}

/// A page of ListKeys.
pub(super) fn keys(page: &KeyPage) -> Response {
    Response::of(&Page {
        name: "Keys",
        items: page
            .keys
            .iter()
            .map(|key| KeyItem(*key))
            .collect::<Vec<_>>(),
        next_marker: page.next_marker.as_deref(),
    })
}

/// What DescribeKey and CreateKey say of a key.
pub(super) fn key(key: &KeyMetadata) -> Response {
    Response::of(&Described(key))
}

/// What ScheduleKeyDeletion says of the key as it leaves it.
pub(super) fn scheduled(key: &KeyMetadata, waiting_period: WaitingPeriod) -> Response {
    Response::of(&Scheduled {
        key,
        waiting_period,
    })
}

/// What CancelKeyDeletion says of the key as it leaves it.
pub(super) fn key_id(key: &KeyMetadata) -> Response {
    Response::of(&Cancelled(key))
}

struct Page<'a, T> {
    name: &'static str,
    items: Vec<T>,
    next_marker: Option<&'a str>,
}

impl<T: Serialize> Serialize for Page<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut page = serializer.serialize_map(None)?;
        page.serialize_entry(self.name, &self.items)?;
        if let Some(marker) = self.next_marker {
            page.serialize_entry("NextMarker", marker)?;
        }
        page.serialize_entry("Truncated", &self.next_marker.is_some())?;
        page.end()
    }
}

struct AliasItem<'a> {
    scope: Scope,
    alias: &'a Alias<'a>,
}

impl Serialize for AliasItem<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { scope, alias } = self;
        let mut item = serializer.serialize_map(None)?;
        item.serialize_entry("AliasName", alias.name())?;
        item.serialize_entry("AliasArn", &format_args!("{scope}:{}", alias.name()))?;
        // An alias of AWS's that has no key shows no dates either (recorded).
        let Some(key_id) = alias.target_key_id() else {
            return item.end();
        };
        item.serialize_entry("TargetKeyId", &key_id)?;
        if let Some(at) = alias.creation_date() {
            item.serialize_entry("CreationDate", &at.as_seconds())?;
        }
        if let Some(at) = alias.last_updated_date() {
            item.serialize_entry("LastUpdatedDate", &at.as_seconds())?;
        }
        item.end()
    }
}

struct KeyItem(KeyArn);

impl Serialize for KeyItem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut item = serializer.serialize_map(None)?;
        item.serialize_entry("KeyId", &self.0.key_id())?;
        item.serialize_entry("KeyArn", &self.0)?;
        item.end()
    }
}

struct Described<'a>(&'a KeyMetadata);

impl Serialize for Described<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut described = serializer.serialize_map(Some(1))?;
        described.serialize_entry("KeyMetadata", &Metadata(self.0))?;
        described.end()
    }
}

/// A key as the service describes it.
pub(super) struct Metadata<'a>(pub(super) &'a KeyMetadata);

impl Serialize for Metadata<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let key = self.0;
        let mut metadata = serializer.serialize_map(None)?;
        metadata.serialize_entry("AWSAccountId", &key.arn().scope().account())?;
        metadata.serialize_entry("KeyId", &key.key_id())?;
        metadata.serialize_entry("Arn", &key.arn())?;
        if let Some(at) = key.creation_date() {
            metadata.serialize_entry("CreationDate", &at.as_seconds())?;
        }
        metadata.serialize_entry("Enabled", &(key.state() == KeyState::Enabled))?;
        metadata.serialize_entry("Description", &key.details().description)?;
        metadata.serialize_entry("KeyUsage", &key.usage())?;
        metadata.serialize_entry("KeyState", &key.state())?;
        metadata.serialize_entry("Origin", &key.origin())?;
        metadata.serialize_entry("KeyManager", &key.manager())?;
        metadata.serialize_entry("KeySpec", &key.spec())?;
        metadata.serialize_entry("CustomerMasterKeySpec", &key.spec())?;
        if let Some(member) = algorithms_member(key.usage()) {
            metadata.serialize_entry(member, key.spec().algorithms(key.usage()))?;
        }
        metadata.serialize_entry("MultiRegion", &key.is_multi_region())?;
        if let Some(role) = key.multi_region_role() {
            metadata.serialize_entry("MultiRegionConfiguration", &Configuration { key, role })?;
        }
        // Key material that is imported here has no end (ours).
        if key.origin() == Origin::External && key.has_key_material() {
            metadata.serialize_entry("ExpirationModel", "KEY_MATERIAL_DOES_NOT_EXPIRE")?;
        }
        if let Some(id) = key.details().current_key_material_id {
            metadata.serialize_entry("CurrentKeyMaterialId", &id)?;
        }
        match key.status() {
            KeyStatus::PendingDeletion {
                deletion_date: Some(at),
            } => metadata.serialize_entry("DeletionDate", &at.as_seconds())?,
            KeyStatus::PendingReplicaDeletion { waiting_period } => {
                metadata.serialize_entry("PendingDeletionWindowInDays", &waiting_period.days())?
            }
            _ => {}
        }
        metadata.end()
    }
}

/// The member that lists the algorithms of a key of this usage.
const fn algorithms_member(usage: KeyUsage) -> Option<&'static str> {
    match usage {
        KeyUsage::EncryptDecrypt => Some("EncryptionAlgorithms"),
        KeyUsage::SignVerify => Some("SigningAlgorithms"),
        KeyUsage::GenerateVerifyMac => Some("MacAlgorithms"),
        KeyUsage::KeyAgreement => Some("KeyAgreementAlgorithms"),
        _ => None,
    }
}

/// What is known of the related keys of a multi-Region key.
struct Configuration<'a> {
    key: &'a KeyMetadata,
    role: MultiRegionRole,
}

/// A key of the same ID in a Region; an empty structure where the Region is not known (ours).
struct RelatedKey(Option<KeyArn>);

impl Configuration<'_> {
    fn in_region(&self, region: Region) -> RelatedKey {
        let scope = Scope::new(region, self.key.arn().scope().account());
        RelatedKey(Some(KeyArn::new(scope, self.key.key_id())))
    }

    /// Those whose Region is known, and the rest of their number.
    fn replicas(&self) -> impl Iterator<Item = RelatedKey> {
        let known = &self.key.details().replica_regions;
        let count = match self.role {
            MultiRegionRole::Primary { replicas } => usize::try_from(replicas).unwrap_or(0),
            MultiRegionRole::Replica => 0,
        };
        let unknown = count.saturating_sub(known.len()).min(MOST_REPLICAS);
        let known = known.iter().map(|region| self.in_region(*region));
        known.chain((0..unknown).map(|_| RelatedKey(None)))
    }
}

impl Serialize for Configuration<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut configuration = serializer.serialize_map(None)?;
        let (kind, primary) = match self.role {
            MultiRegionRole::Primary { .. } => ("PRIMARY", Some(self.key.arn().scope().region())),
            MultiRegionRole::Replica => ("REPLICA", self.key.details().primary_region),
        };
        configuration.serialize_entry("MultiRegionKeyType", kind)?;
        if let Some(region) = primary {
            configuration.serialize_entry("PrimaryKey", &self.in_region(region))?;
            let replicas: Vec<_> = self.replicas().collect();
            configuration.serialize_entry("ReplicaKeys", &replicas)?;
        }
        configuration.end()
    }
}

impl Serialize for RelatedKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut key = serializer.serialize_map(None)?;
        if let Some(arn) = self.0 {
            key.serialize_entry("Arn", &arn)?;
            key.serialize_entry("Region", &arn.scope().region())?;
        }
        key.end()
    }
}

/// More than there are Regions: what is beyond is no account of AWS's.
const MOST_REPLICAS: usize = 100;

/// The answer of ScheduleKeyDeletion; a primary that waits for its replicas has no date yet.
struct Scheduled<'a> {
    key: &'a KeyMetadata,
    waiting_period: WaitingPeriod,
}

impl Serialize for Scheduled<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut scheduled = serializer.serialize_map(None)?;
        scheduled.serialize_entry("KeyId", &self.key.arn())?;
        if let KeyStatus::PendingDeletion {
            deletion_date: Some(at),
        } = self.key.status()
        {
            scheduled.serialize_entry("DeletionDate", &at.as_seconds())?;
        }
        scheduled.serialize_entry("KeyState", &self.key.state())?;
        scheduled.serialize_entry("PendingWindowInDays", &self.waiting_period.days())?;
        scheduled.end()
    }
}

/// The answer of CancelKeyDeletion.
struct Cancelled<'a>(&'a KeyMetadata);

impl Serialize for Cancelled<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut cancelled = serializer.serialize_map(Some(1))?;
        cancelled.serialize_entry("KeyId", &self.0.arn())?;
        cancelled.end()
    }
}
