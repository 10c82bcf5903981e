//! A key as KMS describes it: the one reader of `KeyMetadata`.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::member::{identifier, named, required, timestamp};
use super::tags::Tags;
use crate::date::Date;
use crate::fault::Fault;
use crate::object::Object;
use kms_alias::{
    AccountId, ImpossibleKey, KeyDetails, KeyManager, KeyMetadata, KeySpec, KeyState, KeyStatus,
    KeyUsage, MultiRegionRole, Origin, Timestamp, UnknownName, WaitingPeriod,
};
use kms_alias::{KeyArn, KeyId, Region};
use kms_alias_foresee::verdict::KeyFacts;

/// A `KeyMetadata`: of DescribeKey and CreateKey, and with names in lower camel case that of AWS
/// Config and CloudTrail.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeyItem<'a> {
    #[serde(borrow, alias = "keyId")]
    key_id: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "arn")]
    arn: Option<Cow<'a, str>>,
    #[serde(
        borrow,
        rename = "AWSAccountId",
        alias = "awsaccountId",
        alias = "aWSAccountId",
        alias = "awsAccountId"
    )]
    account_id: Option<Cow<'a, str>>,
    #[serde(alias = "enabled")]
    enabled: Option<bool>,
    #[serde(borrow, alias = "description")]
    description: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "currentKeyMaterialId")]
    current_key_material_id: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "keyState")]
    key_state: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "keySpec")]
    key_spec: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "customerMasterKeySpec")]
    customer_master_key_spec: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "keyUsage")]
    key_usage: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "origin")]
    origin: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "keyManager")]
    key_manager: Option<Cow<'a, str>>,
    #[serde(alias = "multiRegion")]
    multi_region: Option<bool>,
    #[serde(borrow, alias = "multiRegionConfiguration")]
    multi_region_configuration: Option<Object<MultiRegionConfiguration<'a>>>,
    #[serde(borrow, alias = "creationDate")]
    creation_date: Option<Date<'a>>,
    #[serde(borrow, alias = "deletionDate")]
    deletion_date: Option<Date<'a>>,
    #[serde(alias = "expirationModel")]
    expiration_model: Option<IgnoredAny>,
    #[serde(alias = "validTo")]
    valid_to: Option<IgnoredAny>,
    /// No member of `KeyMetadata`: the key's tags, where a document has them beside it.
    #[serde(skip)]
    pub(super) tags: Vec<(String, String)>,
    #[serde(alias = "pendingDeletionWindowInDays")]
    pending_deletion_window_in_days: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MultiRegionConfiguration<'a> {
    #[serde(borrow, alias = "multiRegionKeyType")]
    multi_region_key_type: Option<Cow<'a, str>>,
    #[serde(borrow, alias = "primaryKey")]
    primary_key: Option<Object<RelatedKey<'a>>>,
    #[serde(borrow, alias = "replicaKeys")]
    replica_keys: Option<Vec<Object<RelatedKey<'a>>>>,
}

/// A key of the same ID in another Region, as far as it is told.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RelatedKey<'a> {
    #[serde(borrow, alias = "region")]
    region: Option<Cow<'a, str>>,
}

impl RelatedKey<'_> {
    fn region(&self) -> Result<Option<Region>, Fault> {
        let region = self.region.as_deref();
        region.map(|text| identifier("Region", text)).transpose()
    }
}

impl KeyItem<'_> {
    /// The ARN, where it is there and is one.
    #[must_use]
    pub fn key_arn(&self) -> Option<KeyArn> {
        self.arn.as_deref()?.parse().ok()
    }

    /// The key; every member that a rule asks for has to be there.
    ///
    /// # Errors
    /// A member that is missing or is none, and members that contradict each other.
    pub fn read(&self) -> Result<KeyMetadata, Fault> {
        self.read_with(timestamp(self.creation_date.as_ref())?)
    }

    /// A key that was made at this moment: CloudTrail has the date in words for people.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_made_at(&self, at: Timestamp) -> Result<KeyMetadata, Fault> {
        self.read_with(Some(at))
    }

    fn read_with(&self, creation_date: Option<Timestamp>) -> Result<KeyMetadata, Fault> {
        let arn = self.arn()?;
        let spec: KeySpec = match self.spec() {
            (None, Some(spec)) => named("CustomerMasterKeySpec", Some(spec))?,
            (spec, _) => named("KeySpec", spec)?,
        };
        let key = KeyMetadata::builder(arn)
            .spec(spec)
            .usage(named("KeyUsage", self.key_usage.as_ref())?)
            .origin(named("Origin", self.origin.as_ref())?)
            .manager(named("KeyManager", self.key_manager.as_ref())?)
            .status(self.status()?)
            .awaits_import(!self.shows_key_material())
            .details(self.details()?);
        let key = match self.role()? {
            Some(role) => key.multi_region_role(role),
            None => key,
        };
        let key = match creation_date {
            Some(at) => key.creation_date(at),
            None => key,
        };
        let key = key.build().map_err(Fault::Impossible)?;
        self.agree(&key)?;
        Ok(key)
    }

    /// What the members tell of the key, where some of them are missing: its ARN has to be there.
    ///
    /// # Errors
    /// A member that is none.
    pub fn facts(&self) -> Result<(KeyArn, KeyFacts), Fault> {
        let arn: KeyArn = identifier("Arn", required("Arn", self.arn.as_ref())?)?;
        let mut facts = KeyFacts::existing();
        facts.spec = optional::<KeySpec>("KeySpec", self.spec().0.or(self.spec().1))?;
        facts.usage = optional::<KeyUsage>("KeyUsage", self.key_usage.as_ref())?;
        facts.origin = optional::<Origin>("Origin", self.origin.as_ref())?;
        facts.manager = optional::<KeyManager>("KeyManager", self.key_manager.as_ref())?;
        facts.state = optional::<KeyState>("KeyState", self.key_state.as_ref())?;
        facts.enabled = self.enabled;
        facts.multi_region = self.multi_region;
        Ok((arn, facts))
    }

    /// Takes the ARN from the item of AWS Config around the key, and drops its dates: there they
    /// are numbers of another unit.
    pub(crate) fn complete(&mut self, arn: Option<&str>) {
        if self.arn.is_none() {
            self.arn = arn.map(|arn| Cow::Owned(arn.into()));
        }
        if matches!(self.creation_date, Some(Date::Seconds(_))) {
            self.creation_date = None;
        }
        if matches!(self.deletion_date, Some(Date::Seconds(_))) {
            self.deletion_date = None;
        }
    }

    /// Takes the tags that stand beside the key; those of another form than tags have are none.
    pub(crate) fn take_tags(&mut self, tags: Option<&RawValue>) {
        let tags = tags.and_then(|tags| serde_json::from_str::<Tags<'_>>(tags.get()).ok());
        self.tags = tags.map(Tags::read).unwrap_or_default();
    }

    /// Whether every member is there that [`read`](Self::read) asks for.
    pub fn is_whole(&self) -> bool {
        let (new, old) = self.spec();
        self.key_id.is_some()
            && self.key_state.is_some()
            && self.key_usage.is_some()
            && self.origin.is_some()
            && self.key_manager.is_some()
            && new.or(old).is_some()
    }

    /// The spec by its name, and by the old one: an old CLI prints that only.
    const fn spec(&self) -> (Option<&Cow<'_, str>>, Option<&Cow<'_, str>>) {
        (
            self.key_spec.as_ref(),
            self.customer_master_key_spec.as_ref(),
        )
    }

    /// Whether KMS shows that imported key material is there or was (recorded): a key that is pending
    /// deletion and shows none goes back to pending import if its deletion is cancelled (rule S4).
    const fn shows_key_material(&self) -> bool {
        self.expiration_model.is_some()
            || self.valid_to.is_some()
            || self.current_key_material_id.is_some()
    }

    fn arn(&self) -> Result<KeyArn, Fault> {
        let key_id: KeyId = identifier("KeyId", required("KeyId", self.key_id.as_ref())?)?;
        let arn: KeyArn = identifier("Arn", required("Arn", self.arn.as_ref())?)?;
        if arn.key_id() != key_id {
            return Err(Fault::OtherKey { key_id, arn });
        }
        // Where it is not said, the ID decides (rule K2).
        if self
            .multi_region
            .is_some_and(|said| said != key_id.is_multi_region())
        {
            return Err(Fault::Impossible(ImpossibleKey::MultiRegion(key_id)));
        }
        Ok(arn)
    }

    /// Members that say the same thing twice say the same.
    fn agree(&self, key: &KeyMetadata) -> Result<(), Fault> {
        if let Some(account) = &self.account_id {
            let account_id: AccountId = identifier("AWSAccountId", account)?;
            if account_id != key.arn().scope().account() {
                let arn = key.arn();
                return Err(Fault::OtherAccount { account_id, arn });
            }
        }
        let state = key.state();
        match self.enabled {
            Some(enabled) if enabled != (state == KeyState::Enabled) => {
                Err(Fault::OtherEnabled { enabled, state })
            }
            _ => Ok(()),
        }
    }

    /// What no rule asks for.
    fn details(&self) -> Result<KeyDetails, Fault> {
        let mut details = KeyDetails {
            description: self.description.as_deref().unwrap_or_default().into(),
            tags: self.tags.clone(),
            ..KeyDetails::default()
        };
        if let Some(id) = &self.current_key_material_id {
            details.current_key_material_id = Some(named("CurrentKeyMaterialId", Some(id))?);
        }
        if let Some(Object(configuration)) = &self.multi_region_configuration {
            if let Some(Object(primary)) = &configuration.primary_key {
                details.primary_region = primary.region()?;
            }
            for Object(replica) in configuration.replica_keys.iter().flatten() {
                details.replica_regions.extend(replica.region()?);
            }
        }
        Ok(details)
    }

    /// The state with what goes with it (rule S4), and nothing else.
    fn status(&self) -> Result<KeyStatus, Fault> {
        let state: KeyState = named("KeyState", self.key_state.as_ref())?;
        let deletion_date = timestamp(self.deletion_date.as_ref())?;
        let days = self.pending_deletion_window_in_days;
        if deletion_date.is_some() && state != KeyState::PendingDeletion {
            return Err(Fault::OtherState {
                member: "DeletionDate",
                state,
            });
        }
        if days.is_some() && state != KeyState::PendingReplicaDeletion {
            return Err(Fault::OtherState {
                member: "PendingDeletionWindowInDays",
                state,
            });
        }
        Ok(match state {
            KeyState::PendingDeletion => KeyStatus::PendingDeletion { deletion_date },
            KeyState::PendingReplicaDeletion => KeyStatus::PendingReplicaDeletion {
                waiting_period: match days {
                    None => WaitingPeriod::default(),
                    Some(days) => WaitingPeriod::try_from(days).map_err(Fault::WaitingPeriod)?,
                },
            },
            other => other.into(),
        })
    }

    fn role(&self) -> Result<Option<MultiRegionRole>, Fault> {
        const MEMBER: &str = "MultiRegionKeyType";
        let Some(Object(configuration)) = &self.multi_region_configuration else {
            return Ok(None);
        };
        match required(MEMBER, configuration.multi_region_key_type.as_ref())? {
            "REPLICA" => Ok(Some(MultiRegionRole::Replica)),
            "PRIMARY" => {
                let replicas = configuration.replica_keys.as_ref().map_or(0, Vec::len);
                let replicas = u32::try_from(replicas).unwrap_or(u32::MAX);
                Ok(Some(MultiRegionRole::Primary { replicas }))
            }
            other => {
                let error =
                    UnknownName::new("multi-Region key type", other, &["PRIMARY", "REPLICA"]);
                Err(Fault::Unknown {
                    member: MEMBER,
                    error,
                })
            }
        }
    }
}

/// A name that may be missing.
fn optional<T>(member: &'static str, value: Option<&Cow<'_, str>>) -> Result<Option<T>, Fault>
where
    T: core::str::FromStr<Err = UnknownName>,
{
    value.map(|_| named(member, value)).transpose()
}
