//! The documents of an account as they come, and the values that they hold if they are right.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::date::Date;
use super::fault::Fault;
use super::listing::Aliases;
use super::member::{identifier, named, required, timestamp};
use super::object::Object;
use kms_alias::{
    ImpossibleKey, KeyMetadata, KeySpec, KeyState, KeyStatus, MultiRegionRole, UnknownName,
    WaitingPeriod,
};
use kms_alias::{KeyArn, KeyId, Scope};

/// One document of a file.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Document<'a> {
    pub(super) aliases: Option<Aliases>,
    #[serde(borrow)]
    pub(super) key_metadata: Option<Object<KeyItem<'a>>>,
    #[serde(borrow)]
    pub(super) keys: Option<Vec<Object<KeyListItem<'a>>>>,
    truncated: Option<bool>,
    next_token: Option<IgnoredAny>,
}

/// A `KeyMetadata`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyItem<'a> {
    #[serde(borrow)]
    key_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    arn: Option<Cow<'a, str>>,
    #[serde(borrow)]
    key_state: Option<Cow<'a, str>>,
    #[serde(borrow)]
    key_spec: Option<Cow<'a, str>>,
    #[serde(borrow)]
    customer_master_key_spec: Option<Cow<'a, str>>,
    #[serde(borrow)]
    key_usage: Option<Cow<'a, str>>,
    #[serde(borrow)]
    origin: Option<Cow<'a, str>>,
    #[serde(borrow)]
    key_manager: Option<Cow<'a, str>>,
    multi_region: Option<bool>,
    #[serde(borrow)]
    multi_region_configuration: Option<Object<MultiRegionConfiguration<'a>>>,
    #[serde(borrow)]
    creation_date: Option<Date<'a>>,
    #[serde(borrow)]
    deletion_date: Option<Date<'a>>,
    pending_deletion_window_in_days: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MultiRegionConfiguration<'a> {
    #[serde(borrow)]
    multi_region_key_type: Option<Cow<'a, str>>,
    replica_keys: Option<Vec<IgnoredAny>>,
}

/// An entry of `Keys`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct KeyListItem<'a> {
    #[serde(borrow)]
    key_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    key_arn: Option<Cow<'a, str>>,
}

impl Document<'_> {
    /// Whether the list goes on in another document.
    pub(super) fn goes_on(&self) -> bool {
        self.truncated == Some(true) || self.next_token.is_some()
    }

    pub(super) const fn is_of_an_account(&self) -> bool {
        self.aliases.is_some() || self.key_metadata.is_some() || self.keys.is_some()
    }
}

impl KeyListItem<'_> {
    /// The key ID, and the scope that the entry tells; it adds nothing else.
    pub(super) fn read(&self) -> Result<(KeyId, Option<Scope>), Fault> {
        let key_id: KeyId = identifier("KeyId", required("KeyId", self.key_id.as_ref())?)?;
        let Some(arn) = &self.key_arn else {
            return Ok((key_id, None));
        };
        let arn: KeyArn = identifier("KeyArn", arn)?;
        if arn.key_id() == key_id {
            Ok((key_id, Some(arn.scope())))
        } else {
            Err(Fault::OtherKey { key_id, arn })
        }
    }
}

impl KeyItem<'_> {
    /// The key.
    pub(super) fn read(&self) -> Result<KeyMetadata, Fault> {
        let arn = self.arn()?;
        let spec: KeySpec = match (&self.key_spec, &self.customer_master_key_spec) {
            // An old CLI prints the old name only.
            (None, Some(spec)) => named("CustomerMasterKeySpec", Some(spec))?,
            (spec, _) => named("KeySpec", spec.as_ref())?,
        };
        let key = KeyMetadata::builder(arn)
            .spec(spec)
            .usage(named("KeyUsage", self.key_usage.as_ref())?)
            .origin(named("Origin", self.origin.as_ref())?)
            .manager(named("KeyManager", self.key_manager.as_ref())?)
            .status(self.status()?);
        let key = match self.role()? {
            Some(role) => key.multi_region_role(role),
            None => key,
        };
        let key = match timestamp(self.creation_date.as_ref())? {
            Some(at) => key.creation_date(at),
            None => key,
        };
        key.build().map_err(Fault::Impossible)
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
                let error = UnknownName::new("multi-Region key type", other);
                Err(Fault::Unknown {
                    member: MEMBER,
                    error,
                })
            }
        }
    }
}
