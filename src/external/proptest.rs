//! Strategies for the property tests of those who embed this crate: `any::<AliasName>()` and so
//! on, for every type that a caller hands in.

use alloc::string::String;
use alloc::vec::Vec;

use proptest::arbitrary::{Arbitrary, any};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{BoxedStrategy, Just, Strategy, prop_oneof};
use proptest::sample::select;

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

/// Text of these bytes, so many of them.
fn text(
    bytes: &'static [u8],
    count: impl Into<proptest::collection::SizeRange>,
) -> BoxedStrategy<String> {
    let text = |bytes: Vec<u8>| bytes.into_iter().map(char::from).collect();
    vec(select(bytes), count).prop_map(text).boxed()
}

/// A prefix and 1 to `most` bytes of rule A3; short ones more often.
fn name(prefix: &'static str, most: usize) -> BoxedStrategy<String> {
    prop_oneof![7 => text(NAME_BYTES, 1..=12), 1 => text(NAME_BYTES, 1..=most)]
        .prop_map(move |tail| alloc::format!("{prefix}{tail}"))
        .boxed()
}

/// The strategy of a type, in one place.
macro_rules! strategies {
    ($($type:ty => $strategy:expr;)*) => {
        $(
            impl Arbitrary for $type {
                type Parameters = ();
                type Strategy = BoxedStrategy<Self>;

                fn arbitrary_with((): ()) -> Self::Strategy {
                    ($strategy).boxed()
                }
            }
        )*
    };
}

/// What a text parses to; the few that do not are left out.
fn parsed<T>(text: BoxedStrategy<String>) -> impl Strategy<Value = T>
where
    T: core::str::FromStr + core::fmt::Debug,
{
    text.prop_filter_map("reserved", |text| text.parse().ok())
}

strategies! {
    KeyManager => select(Self::ALL);
    KeySpec => select(Self::ALL);
    KeyState => select(Self::ALL);
    KeyType => select(Self::ALL);
    KeyUsage => select(Self::ALL);
    KmsOperation => select(Self::ALL);
    Origin => select(Self::ALL);
    Partition => select(Self::ALL);
    ReturnsTo => select(Self::ALL);
    ReservedNames => prop_oneof![Just(Self::AliasAws), Just(Self::AliasAwsSlash)];
    AliasName => parsed(name("alias/", 250));
    AwsAliasName => parsed(name("alias/aws/", 246));
    AnyAliasName => prop_oneof![
        any::<AliasName>().prop_map(Self::from),
        any::<AwsAliasName>().prop_map(Self::from),
        parsed(name("alias/aws", 247)),
    ];
    KeyId => any::<([u8; 16], bool)>().prop_map(|(bytes, multi_region)| Self::new(bytes, multi_region));
    Region => parsed(select(REGIONS).prop_map(String::from).boxed());
    AccountId => parsed(text(b"0123456789", 12));
    Scope => any::<(Region, AccountId)>().prop_map(|(region, account)| Self::new(region, account));
    KeyArn => any::<(Scope, KeyId)>().prop_map(|(scope, key_id)| Self::new(scope, key_id));
    AliasArn => any::<(Scope, AnyAliasName)>().prop_map(|(scope, name)| Self::new(scope, name));
    TargetKeyId => prop_oneof![
        any::<KeyId>().prop_map(Self::from),
        any::<KeyArn>().prop_map(Self::from),
    ];
    KeyIdentifier => prop_oneof![
        any::<KeyId>().prop_map(Self::from),
        any::<KeyArn>().prop_map(Self::from),
        any::<AnyAliasName>().prop_map(Self::from),
        any::<AliasArn>().prop_map(Self::from),
    ];
    Timestamp => (Self::MIN.as_millis()..=Self::MAX.as_millis()).prop_map(Self::from_millis);
    WaitingPeriod => (Self::LEAST.days()..=Self::MOST.days())
        .prop_map(|days| Self::from_days(days.into()).unwrap_or_default());
    KeyStatus => any::<(KeyState, Option<Timestamp>, WaitingPeriod, ReturnsTo)>().prop_map(status);
    MultiRegionRole => prop_oneof![
        Just(Self::Replica),
        (0_u32..4).prop_map(|replicas| Self::Primary { replicas }),
    ];
    KeyMaterialId => any::<[u8; 32]>().prop_map(KeyMaterialId::new);
    Rotation => any::<(u16, Timestamp)>().prop_map(|(days, since)| Rotation::new(days, since));
    KeyDetails => details();
    KeyMetadata => any::<KeyArn>().prop_flat_map(key);
    AliasListEntry => any::<(AnyAliasName, Option<KeyId>, [Option<Timestamp>; 2])>().prop_map(entry);
    Operation => operation();
    AliasTable => any::<Scope>().prop_flat_map(table);
}

fn status(
    (state, deletion_date, waiting_period, returns_to): (
        KeyState,
        Option<Timestamp>,
        WaitingPeriod,
        ReturnsTo,
    ),
) -> KeyStatus {
    match state {
        KeyState::PendingDeletion => KeyStatus::PendingDeletion { deletion_date },
        KeyState::PendingReplicaDeletion => KeyStatus::PendingReplicaDeletion { waiting_period },
        KeyState::Unavailable => KeyStatus::Unavailable { returns_to },
        other => other.into(),
    }
}

/// A key with this ARN; what cannot be is left out.
fn key(arn: KeyArn) -> impl Strategy<Value = KeyMetadata> {
    // Custom key stores take symmetric keys alone, so there are more of them.
    let spec = prop_oneof![Just(KeySpec::SymmetricDefault), any::<KeySpec>()]
        .prop_flat_map(|spec| (Just(spec), select(spec.usages())));
    let origin = prop_oneof![2 => Just(Origin::AwsKms), 1 => any::<Origin>()];
    let status = prop_oneof![1 => Just(KeyStatus::Enabled), 2 => any::<KeyStatus>()];
    // Only keys of custom key stores are unavailable: left to chance, one in some hundreds.
    let unavailable =
        any::<ReturnsTo>().prop_map(|returns_to| KeyStatus::Unavailable { returns_to });
    let origin_and_status = prop_oneof![
        8 => (origin, status),
        1 => (select(&[Origin::AwsCloudhsm, Origin::ExternalKeyStore][..]), unavailable),
    ];
    let rest = (
        any::<KeyManager>(),
        any::<MultiRegionRole>(),
        any::<Option<Timestamp>>(),
        any::<KeyDetails>(),
    );
    (spec, origin_and_status, rest).prop_filter_map(
        "a key that cannot be",
        move |((spec, usage), (origin, status), (manager, role, creation_date, details))| {
            let mut key = KeyMetadata::builder(arn)
                .spec(spec)
                .usage(usage)
                .origin(origin);
            key = key.manager(manager).status(status).details(details);
            if arn.key_id().is_multi_region() {
                key = key.multi_region_role(role);
            }
            if let Some(at) = creation_date {
                key = key.creation_date(at);
            }
            key.build().ok()
        },
    )
}

/// Text of any characters: without `std`, proptest has no strategy of its own for it.
fn any_text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..32).prop_map(String::from_iter)
}

/// What a key carries; half of them nothing.
fn details() -> impl Strategy<Value = KeyDetails> {
    let tags = vec((any_text(), any_text()), 0..4).prop_map(|mut tags| {
        tags.sort();
        tags.dedup_by(|(a, _), (b, _)| a == b);
        tags
    });
    let some = (
        (any_text(), any::<(Option<KeyMaterialId>, Option<Region>)>()),
        (vec(any::<Region>(), 0..3), tags, option::of(any_text())),
        any::<(Option<Rotation>, Option<Timestamp>)>(),
    );
    let some = some.prop_map(
        |((text, (id, primary)), (replicas, tags, policy), (rotation, at))| KeyDetails {
            description: text,
            current_key_material_id: id,
            primary_region: primary,
            replica_regions: replicas,
            tags,
            policy,
            rotation,
            on_demand_rotation: at,
        },
    );
    prop_oneof![Just(KeyDetails::default()), some]
}

fn entry(
    (name, target, [creation, updated]): (AnyAliasName, Option<KeyId>, [Option<Timestamp>; 2]),
) -> AliasListEntry {
    let mut entry = AliasListEntry::new(name, target);
    entry.creation_date = creation;
    entry.last_updated_date = updated;
    entry
}

fn operation() -> BoxedStrategy<Operation> {
    let (name, target) = (any::<AliasName>().boxed(), any::<TargetKeyId>().boxed());
    prop_oneof![
        3 => on_aliases(name, target.clone()),
        6 => on_keys(target, any::<KeyId>().boxed()),
    ]
    .boxed()
}

fn on_aliases(
    name: BoxedStrategy<AliasName>,
    target: BoxedStrategy<TargetKeyId>,
) -> impl Strategy<Value = Operation> {
    let both = (name.clone(), target);
    prop_oneof![
        both.clone()
            .prop_map(|(alias_name, target_key_id)| Operation::CreateAlias {
                alias_name,
                target_key_id
            }),
        both.prop_map(|(alias_name, target_key_id)| Operation::UpdateAlias {
            alias_name,
            target_key_id
        }),
        name.prop_map(|alias_name| Operation::DeleteAlias { alias_name }),
    ]
}

fn on_keys(
    target: BoxedStrategy<TargetKeyId>,
    key: BoxedStrategy<KeyId>,
) -> impl Strategy<Value = Operation> {
    prop_oneof![
        target
            .clone()
            .prop_map(|key_id| Operation::EnableKey { key_id }),
        target
            .clone()
            .prop_map(|key_id| Operation::DisableKey { key_id }),
        (target.clone(), any::<WaitingPeriod>()).prop_map(|(key_id, waiting_period)| {
            Operation::ScheduleKeyDeletion {
                key_id,
                waiting_period,
            }
        }),
        target.prop_map(|key_id| Operation::CancelKeyDeletion { key_id }),
        key.clone()
            .prop_map(|key_id| Operation::DeleteKey { key_id }),
        (key, any::<KeyState>())
            .prop_map(|(key_id, state)| Operation::SetKeyState { key_id, state }),
    ]
}

/// A table of a few keys and aliases; what is said twice is said once.
fn table(scope: Scope) -> impl Strategy<Value = AliasTable> {
    let keys = vec(
        any::<KeyId>().prop_flat_map(move |key_id| key(KeyArn::new(scope, key_id))),
        0..6,
    );
    let aliases = vec(
        (any::<AliasListEntry>(), any::<proptest::sample::Index>()),
        0..12,
    );
    let rules = (any::<ReservedNames>(), option::of(1_u32..60));
    (keys, aliases, rules).prop_filter_map(
        "parts that do not fit",
        move |(keys, aliases, rules)| {
            let mut parts = Snapshot::new(scope);
            parts.reserved_names = rules.0;
            parts.aliases_per_key = rules.1.unwrap_or(parts.aliases_per_key);
            parts.keys = keys;
            parts.keys.sort_by_key(KeyMetadata::key_id);
            parts.keys.dedup_by_key(|key| key.key_id());
            for (mut alias, index) in aliases {
                if !alias.alias_name.is_aws() {
                    if parts.keys.is_empty() {
                        continue;
                    }
                    alias.target_key_id = Some(index.get(&parts.keys).key_id());
                }
                parts.aliases.push(alias);
            }
            parts
                .aliases
                .sort_by(|a, b| a.alias_name.cmp(&b.alias_name));
            parts.aliases.dedup_by(|a, b| a.alias_name == b.alias_name);
            parts.into_table().ok()
        },
    )
}

/// Operations about what stands in a table: on names that are taken or free, on keys that are there
/// or not.
///
/// Of ten operations about seven are on aliases and three on keys. A name is one that stands in the
/// table three times out of four, a key nine times out of ten, so most operations reach the rules
/// about keys, and many are accepted. Failing cases shrink towards the first names and keys.
///
/// ```
/// use kms_alias::strategies::operation_on;
/// use kms_alias::{AliasTable, Timestamp};
/// use proptest::prelude::*;
///
/// proptest!(|(
///     (table, operation) in any::<AliasTable>()
///         .prop_flat_map(|table| (operation_on(&table), Just(table)).prop_map(|(a, b)| (b, a))),
/// )| {
///     let at = Timestamp::from_millis(0);
///     let foreseen = table.check(&operation, at);
///     prop_assert_eq!(table.clone().apply(&operation, at), foreseen);
/// });
/// ```
pub fn operation_on(table: &AliasTable) -> BoxedStrategy<Operation> {
    let names: Vec<AliasName> = table
        .iter()
        .filter_map(|alias| alias.name().parse().ok())
        .collect();
    let keys: Vec<KeyId> = table.keys().map(KeyMetadata::key_id).collect();
    let name = one_of_or_any(names, 3, 1);
    let key = one_of_or_any(keys, 9, 1);
    let target = key.clone().prop_map(TargetKeyId::from).boxed();
    prop_oneof![
        7 => on_aliases(name, target.clone()),
        3 => on_keys(target, key),
    ]
    .boxed()
}

/// One of these, or any other, as often as the weights say.
fn one_of_or_any<T: Arbitrary + Clone + 'static>(
    these: Vec<T>,
    known: u32,
    other: u32,
) -> BoxedStrategy<T> {
    if these.is_empty() {
        return any::<T>().boxed();
    }
    prop_oneof![known => select(these), other => any::<T>()].boxed()
}
