//! What random values are made of, described once for fuzzers and for property tests: every type that
//! a caller hands in.

use alloc::string::String;
use alloc::vec::Vec;
use core::str::FromStr;

pub(super) use crate::identifier::{
    AccountId, AliasArn, AliasName, AnyAliasName, AwsAliasName, KeyArn, KeyId, KeyIdentifier,
    Partition, Region, ReservedNames, Scope, TargetKeyId,
};
pub(super) use crate::key::{
    KeyDetails, KeyManager, KeyMaterialId, KeyMetadata, KeySpec, KeyState, KeyStatus, KeyType,
    KeyUsage, KmsOperation, MultiRegionRole, Origin, ReturnsTo, Rotation, Timestamp, WaitingPeriod,
};
pub(super) use crate::operation::{AliasListEntry, Operation};
pub(super) use crate::table::AliasTable;
use crate::table::Snapshot;

/// Hands this description to a macro: the types of which a value is chosen from `ALL`, and for each
/// other type the parts of a value and what makes one of them, if they fit together.
macro_rules! described {
    ($by:ident) => {
        $by! {
            KeyManager KeySpec KeyState KeyType KeyUsage KmsOperation Origin Partition ReturnsTo;
            ReservedNames: bool => |slash| Some(if slash { Self::AliasAwsSlash } else { Self::AliasAws });
            AliasName: Tail<250> => |tail| tail.after("alias/");
            AwsAliasName: Tail<246> => |tail| tail.after("alias/aws/");
            AnyAliasName: (u8, Tail<246>) => |(prefix, tail)| match prefix % 3 {
                0 => tail.after("alias/"),
                1 => tail.after("alias/aws/"),
                _ => tail.after("alias/aws"),
            };
            KeyId: ([u8; 16], bool) => |(bytes, multi_region)| Some(Self::new(bytes, multi_region));
            Region: u8 => |index| pick(REGIONS, index)?.parse().ok();
            AccountId: [u8; 12] => |bytes| {
                let digits = bytes.iter().map(|byte| char::from_digit(u32::from(*byte) % 10, 10));
                digits.collect::<Option<String>>()?.parse().ok()
            };
            Scope: (Region, AccountId) => |(region, account)| Some(Self::new(region, account));
            KeyArn: (Scope, KeyId) => |(scope, key_id)| Some(Self::new(scope, key_id));
            AliasArn: (Scope, AnyAliasName) => |(scope, name)| Some(Self::new(scope, name));
            TargetKeyId: (bool, KeyArn) => |(by_arn, arn)| {
                Some(if by_arn { arn.into() } else { arn.key_id().into() })
            };
            KeyIdentifier: (u8, KeyArn, AliasArn) => |(form, key, alias)| Some(match form % 4 {
                0 => key.key_id().into(),
                1 => key.into(),
                2 => alias.into_alias_name().into(),
                _ => alias.into(),
            });
            Timestamp: i64 => |millis| {
                // As many moments before 1970 as after it, none of them beyond the ends.
                Some(Self::from_millis(millis.checked_rem(Self::MAX.as_millis().checked_add(1)?)?))
            };
            WaitingPeriod: u8 => |days| {
                Self::from_days((days % 24).saturating_add(Self::LEAST.days()).into())
            };
            KeyStatus: (KeyState, Option<Timestamp>, WaitingPeriod, ReturnsTo) =>
                |(state, deletion_date, waiting_period, returns_to)| Some(match state {
                    KeyState::PendingDeletion => Self::PendingDeletion { deletion_date },
                    KeyState::PendingReplicaDeletion => Self::PendingReplicaDeletion { waiting_period },
                    KeyState::Unavailable => Self::Unavailable { returns_to },
                    other => other.into(),
                });
            MultiRegionRole: u8 => |replicas| Some(match replicas % 5 {
                4 => Self::Replica,
                replicas => Self::Primary { replicas: replicas.into() },
            });
            KeyMaterialId: [u8; 32] => |bytes| Some(Self::new(bytes));
            Rotation: (u16, Timestamp) => |(days, since)| Some(Self::new(days, since));
            KeyDetails: (bool, DetailsParts) => |(has_details, parts)| {
                Some(if has_details { details(parts) } else { Self::default() })
            };
            KeyMetadata: (KeyArn, KeyParts) => |(arn, parts)| key(arn, parts);
            AliasListEntry: (AnyAliasName, Option<KeyId>, [Option<Timestamp>; 2]) =>
                |(alias_name, target_key_id, [creation_date, last_updated_date])| {
                    let mut entry = Self::new(alias_name, target_key_id);
                    (entry.creation_date, entry.last_updated_date) = (creation_date, last_updated_date);
                    Some(entry)
                };
            OperationParts: (AliasName, TargetKeyId, WaitingPeriod, KeyState) =>
                |(alias_name, key, waiting_period, state)| {
                    Some(Self { alias_name, key, waiting_period, state })
                };
            Operation: (u8, OperationParts) => |(index, parts)| Some(pick(OPERATIONS, index)?(parts));
            AliasTable: TableParts => |parts| table(parts);
        }
    };
}

pub(super) use described;

/// One of a list, whatever the number.
pub(super) fn pick<T>(list: &[T], index: u8) -> Option<&T> {
    list.get(usize::from(index).checked_rem(list.len())?)
}

/// A Region of each partition, and more of the first.
pub(super) const REGIONS: &[&str] = &[
    "us-east-1",
    "eu-west-3",
    "ap-southeast-2",
    "cn-north-1",
    "eusc-de-east-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "eu-isoe-west-1",
    "us-isof-south-1",
    "us-gov-west-1",
];

/// The bytes of rule A3.
pub(super) const NAME_BYTES: &[u8; 65] =
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-";

/// From 1 to `MOST` bytes of rule A3, mostly at most 12.
#[derive(Debug)]
pub(super) struct Tail<const MOST: usize>(pub(super) String);

impl<const MOST: usize> Tail<MOST> {
    pub(super) fn after<T: FromStr>(&self, prefix: &str) -> Option<T> {
        alloc::format!("{prefix}{}", self.0).parse().ok()
    }
}

/// A text of any characters.
#[derive(Debug)]
pub(super) struct Text(pub(super) String);

/// What an operation is made of: each takes what it needs.
#[derive(Clone, Debug)]
pub(super) struct OperationParts {
    pub(super) alias_name: AliasName,
    pub(super) key: TargetKeyId,
    pub(super) waiting_period: WaitingPeriod,
    pub(super) state: KeyState,
}

macro_rules! operations {
    ($parts:ident: $($variant:ident { $($field:ident: $value:expr),* })*) => {
        /// A function for each variant, which makes it of parts: first those on aliases.
        pub(super) const OPERATIONS: &[fn(OperationParts) -> Operation] =
            &[$(|$parts| Operation::$variant { $($field: $value),* }),*];

        // A variant that is not in the list does not compile.
        const _: fn(&Operation) = |operation| match operation {
            $(Operation::$variant { .. } => {})*
        };
    };
}

operations! { parts:
    CreateAlias { alias_name: parts.alias_name, target_key_id: parts.key }
    UpdateAlias { alias_name: parts.alias_name, target_key_id: parts.key }
    DeleteAlias { alias_name: parts.alias_name }
    EnableKey { key_id: parts.key }
    DisableKey { key_id: parts.key }
    ScheduleKeyDeletion { key_id: parts.key, waiting_period: parts.waiting_period }
    CancelKeyDeletion { key_id: parts.key }
    DeleteKey { key_id: parts.key.key_id() }
    SetKeyState { key_id: parts.key.key_id(), state: parts.state }
}

/// The fields of [`KeyDetails`], in their order.
pub(super) type DetailsParts = (
    Text,
    Option<KeyMaterialId>,
    Option<Region>,
    [Option<Region>; 2],
    [Option<(Text, Text)>; 3],
    Option<Text>,
    Option<Rotation>,
    Option<Timestamp>,
);

pub(super) fn details(parts: DetailsParts) -> KeyDetails {
    let (Text(description), current_key_material_id, primary_region, replicas, tags, policy, ..) =
        parts;
    let tags = tags.into_iter().flatten();
    let mut tags: Vec<_> = tags.map(|(Text(key), Text(value))| (key, value)).collect();
    tags.sort();
    tags.dedup_by(|(a, _), (b, _)| a == b);
    KeyDetails {
        description,
        current_key_material_id,
        primary_region,
        replica_regions: replicas.into_iter().flatten().collect(),
        tags,
        policy: policy.map(|Text(policy)| policy),
        rotation: parts.6,
        on_demand_rotation: parts.7,
    }
}

/// What a key is made of beside its ARN; numbers choose among what is likely and what is possible.
pub(super) type KeyParts = (
    (u8, KeySpec, u8),
    (u8, Origin, KeyStatus, ReturnsTo),
    (KeyManager, MultiRegionRole, Option<Timestamp>, KeyDetails),
);

/// A key with this ARN, if such a key can be.
pub(super) fn key(arn: KeyArn, (spec, state, rest): KeyParts) -> Option<KeyMetadata> {
    // Keys of custom key stores are symmetric, and they alone can be unavailable: left to chance one
    // key in some hundreds would be.
    let spec = if spec.0 % 2 == 0 {
        (KeySpec::SymmetricDefault, spec.2)
    } else {
        (spec.1, spec.2)
    };
    let (likely, origin, status, returns_to) = state;
    let (origin, status) = match likely % 10 {
        0..=1 => (Origin::AwsKms, KeyStatus::Enabled),
        2..=5 => (Origin::AwsKms, status),
        6 => (origin, KeyStatus::Enabled),
        7..=8 => (origin, status),
        _ if origin.is_custom_key_store() => (origin, KeyStatus::Unavailable { returns_to }),
        _ => (Origin::AwsCloudhsm, KeyStatus::Unavailable { returns_to }),
    };
    let (manager, role, creation_date, details) = rest;
    let usage = *pick(spec.0.usages(), spec.1)?;
    let mut key = KeyMetadata::builder(arn)
        .spec(spec.0)
        .usage(usage)
        .origin(origin);
    key = key.status(status).manager(manager).details(details);
    if arn.key_id().is_multi_region() {
        key = key.multi_region_role(role);
    }
    if let Some(at) = creation_date {
        key = key.creation_date(at);
    }
    key.build().ok()
}

/// A few keys, and aliases with a number that chooses the key of each.
pub(super) type TableParts = (
    (Scope, ReservedNames, Option<u8>),
    [Option<(KeyId, KeyParts)>; 6],
    [Option<(AliasListEntry, u8)>; 12],
);

/// A table of a few keys and aliases, if they fit together; what is there twice is put in once, and a
/// key that cannot be becomes a plain one.
pub(super) fn table(
    ((scope, reserved_names, quota), keys, aliases): TableParts,
) -> Option<AliasTable> {
    let mut parts = Snapshot::new(scope);
    parts.reserved_names = reserved_names;
    if let Some(quota) = quota {
        parts.aliases_per_key = u32::from(quota % 60).max(1);
    }
    for (key_id, of_key) in keys.into_iter().flatten() {
        let arn = KeyArn::new(scope, key_id);
        parts
            .keys
            .extend(key(arn, of_key).or_else(|| KeyMetadata::builder(arn).build().ok()));
    }
    parts.keys.sort_by_key(KeyMetadata::key_id);
    parts.keys.dedup_by_key(|key| key.key_id());
    for (mut alias, index) in aliases.into_iter().flatten() {
        if !alias.alias_name.is_aws() {
            let Some(key) = pick(&parts.keys, index) else {
                continue;
            };
            alias.target_key_id = Some(key.key_id());
        }
        parts.aliases.push(alias);
    }
    parts
        .aliases
        .sort_by(|a, b| a.alias_name.cmp(&b.alias_name));
    parts.aliases.dedup_by(|a, b| a.alias_name == b.alias_name);
    parts.into_table().ok()
}
