//! Valid values out of a fuzzer's bytes, for every type that a caller hands in.

use alloc::string::String;
use alloc::vec::Vec;

use arbitrary::{Arbitrary, Error, Result, Unstructured};

use super::{NAME_BYTES, REGIONS};
use crate::identifier::{
    AccountId, AliasArn, AliasName, AnyAliasName, AwsAliasName, KeyArn, KeyId, KeyIdentifier,
    Partition, Region, ReservedNames, Scope, TargetKeyId,
};
use crate::key::{
    KeyDetails, KeyManager, KeyMaterialId, KeyMetadata, KeySpec, KeyState, KeyStatus, KeyType,
    KeyUsage, KmsOperation, MultiRegionRole, Origin, ReturnsTo, Rotation, Timestamp, WaitingPeriod,
};
use crate::operation::{AliasListEntry, Operation};
use crate::table::{AliasTable, Snapshot};

/// A value that is chosen among all.
macro_rules! chosen {
    ($($type:ident)*) => {
        $(
            impl<'a> Arbitrary<'a> for $type {
                fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
                    u.choose(Self::ALL).copied()
                }
            }
        )*
    };
}

chosen! { KeyManager KeySpec KeyState KeyType KeyUsage KmsOperation Origin Partition ReturnsTo }

/// What the bytes hold, or the error that they hold no such value.
fn valid<T, E>(value: core::result::Result<T, E>) -> Result<T> {
    value.map_err(|_| Error::IncorrectFormat)
}

/// A prefix and 1 to `most` bytes of rule A3; short ones more often.
fn name(u: &mut Unstructured<'_>, prefix: &str, most: usize) -> Result<String> {
    let short = u.ratio(7_u8, 8_u8)?;
    let length = u.int_in_range(1..=if short { most.min(12) } else { most })?;
    let mut name = String::from(prefix);
    for _ in 0..length {
        name.push(char::from(*u.choose(NAME_BYTES)?));
    }
    Ok(name)
}

/// A key with this ARN, if the bytes make one that can be.
fn key(u: &mut Unstructured<'_>, arn: KeyArn) -> Result<KeyMetadata> {
    // Custom key stores take symmetric keys alone, so there are more of them.
    let spec = if u.arbitrary()? {
        KeySpec::SymmetricDefault
    } else {
        u.arbitrary()?
    };
    let mut key = KeyMetadata::builder(arn)
        .spec(spec)
        .usage(*u.choose(spec.usages())?)
        .manager(u.arbitrary()?);
    if u.arbitrary()? {
        key = key.origin(u.arbitrary()?);
    }
    if u.arbitrary()? {
        key = key.status(u.arbitrary()?);
    }
    if arn.key_id().is_multi_region() {
        key = key.multi_region_role(u.arbitrary()?);
    }
    if u.arbitrary()? {
        key = key.creation_date(u.arbitrary()?);
    }
    if u.arbitrary()? {
        key = key.details(u.arbitrary()?);
    }
    valid(key.build())
}

/// How a value of each type is made of bytes.
macro_rules! made {
    ($($(#[$doc:meta])* $type:ty => |$u:ident| $value:expr;)*) => {
        $(
            $(#[$doc])*
            impl<'a> Arbitrary<'a> for $type {
                fn arbitrary($u: &mut Unstructured<'a>) -> Result<Self> {
                    $value
                }
            }
        )*
    };
}

made! {
    ReservedNames => |u| u.choose(&[Self::AliasAws, Self::AliasAwsSlash]).copied();
    AliasName => |u| valid(name(u, "alias/", 250)?.parse());
    AwsAliasName => |u| valid(name(u, "alias/aws/", 246)?.parse());
    AnyAliasName => |u| {
        let prefix = u.choose(&["alias/", "alias/aws/", "alias/aws"]).copied()?;
        valid(name(u, prefix, 246)?.parse())
    };
    KeyId => |u| Ok(Self::new(u.arbitrary()?, u.arbitrary()?));
    Region => |u| valid(u.choose(REGIONS)?.parse());
    AccountId => |u| {
        let mut digits = String::new();
        for _ in 0..12 {
            digits.push(char::from(*u.choose(b"0123456789")?));
        }
        valid(digits.parse())
    };
    Scope => |u| Ok(Self::new(u.arbitrary()?, u.arbitrary()?));
    KeyArn => |u| Ok(Self::new(u.arbitrary()?, u.arbitrary()?));
    AliasArn => |u| Ok(Self::new(u.arbitrary()?, AnyAliasName::arbitrary(u)?));
    TargetKeyId => |u| {
        Ok(if u.arbitrary()? {
            Self::KeyId(u.arbitrary()?)
        } else {
            Self::KeyArn(u.arbitrary()?)
        })
    };
    KeyIdentifier => |u| {
        Ok(match u.int_in_range(0..=3)? {
            0 => Self::KeyId(u.arbitrary()?),
            1 => Self::KeyArn(u.arbitrary()?),
            2 => Self::AliasName(u.arbitrary()?),
            _ => Self::AliasArn(u.arbitrary()?),
        })
    };
    Timestamp => |u| {
        let range = Self::MIN.as_millis()..=Self::MAX.as_millis();
        Ok(Self::from_millis(u.int_in_range(range)?))
    };
    WaitingPeriod => |u| {
        let (least, most) = (Self::LEAST.into(), Self::MOST.into());
        Self::from_days(u.int_in_range::<i64>(least..=most)?).ok_or(Error::IncorrectFormat)
    };
    KeyStatus => |u| {
        Ok(match u.arbitrary()? {
            KeyState::PendingDeletion => Self::PendingDeletion {
                deletion_date: u.arbitrary()?,
            },
            KeyState::PendingReplicaDeletion => Self::PendingReplicaDeletion {
                waiting_period: u.arbitrary()?,
            },
            KeyState::Unavailable => Self::Unavailable {
                returns_to: u.arbitrary()?,
            },
            other => other.into(),
        })
    };
    KeyMaterialId => |u| Ok(Self::new(u.arbitrary()?));
    Rotation => |u| Ok(Self::new(u.arbitrary()?, u.arbitrary()?));
    KeyDetails => |u| {
        let mut tags: Vec<(String, String)> = u.arbitrary()?;
        tags.sort();
        tags.dedup_by(|(a, _), (b, _)| a == b);
        Ok(Self {
            description: u.arbitrary()?,
            current_key_material_id: u.arbitrary()?,
            primary_region: u.arbitrary()?,
            replica_regions: u.arbitrary()?,
            tags,
            policy: u.arbitrary()?,
            rotation: u.arbitrary()?,
            on_demand_rotation: u.arbitrary()?,
        })
    };
    MultiRegionRole => |u| {
        Ok(match u.int_in_range(0..=3)? {
            3 => Self::Replica,
            replicas => Self::Primary { replicas },
        })
    };
    KeyMetadata => |u| {
        let arn = u.arbitrary()?;
        key(u, arn)
    };
    AliasListEntry => |u| {
        let mut entry = Self::new(u.arbitrary()?, u.arbitrary()?);
        entry.creation_date = u.arbitrary()?;
        entry.last_updated_date = u.arbitrary()?;
        Ok(entry)
    };
    Operation => |u| {
        Ok(match u.int_in_range(0..=8)? {
            0 => Self::CreateAlias {
                alias_name: u.arbitrary()?,
                target_key_id: u.arbitrary()?,
            },
            1 => Self::UpdateAlias {
                alias_name: u.arbitrary()?,
                target_key_id: u.arbitrary()?,
            },
            2 => Self::DeleteAlias {
                alias_name: u.arbitrary()?,
            },
            3 => Self::EnableKey {
                key_id: u.arbitrary()?,
            },
            4 => Self::DisableKey {
                key_id: u.arbitrary()?,
            },
            5 => Self::ScheduleKeyDeletion {
                key_id: u.arbitrary()?,
                waiting_period: u.arbitrary()?,
            },
            6 => Self::CancelKeyDeletion {
                key_id: u.arbitrary()?,
            },
            7 => Self::DeleteKey {
                key_id: u.arbitrary()?,
            },
            _ => Self::SetKeyState {
                key_id: u.arbitrary()?,
                state: u.arbitrary()?,
            },
        })
    };
    /// A table of a few keys and aliases; what the bytes say twice is said once.
    AliasTable => |u| {
        let scope: Scope = u.arbitrary()?;
        let mut parts = Snapshot::new(scope);
        parts.reserved_names = u.arbitrary()?;
        parts.aliases_per_key = u.int_in_range(1..=50)?;
        for _ in 0..u.int_in_range(0..=6)? {
            let arn = KeyArn::new(scope, u.arbitrary()?);
            parts.keys.extend(key(u, arn));
        }
        parts.keys.sort_by_key(KeyMetadata::key_id);
        parts.keys.dedup_by_key(|key| key.key_id());
        let key_ids: Vec<KeyId> = parts.keys.iter().map(KeyMetadata::key_id).collect();
        for _ in 0..u.int_in_range(0..=12)? {
            let mut alias: AliasListEntry = u.arbitrary()?;
            if !alias.alias_name.is_aws() {
                let Ok(key_id) = u.choose(&key_ids) else {
                    continue;
                };
                alias.target_key_id = Some(*key_id);
            }
            parts.aliases.push(alias);
        }
        parts
            .aliases
            .sort_by(|a, b| a.alias_name.cmp(&b.alias_name));
        parts.aliases.dedup_by(|a, b| a.alias_name == b.alias_name);
        valid(parts.into_table())
    };
}
