//! Every way in which a key can be, spelled out: nothing here knows what rules can tell apart.

use kms_alias::{
    KeyArn, KeyId, KeyManager, KeyMetadata, KeySpec, KeyState, KeyStatus, MultiRegionRole, Origin,
    ReturnsTo, WaitingPeriod,
};
use kms_alias_foresee::verdict::{Fact, KeyFacts};

use super::world::{AT, SCOPE};

/// Every key of an ID that the rules of keys allow.
pub fn every_key(key_id: KeyId) -> Vec<KeyMetadata> {
    let arn = KeyArn::new(SCOPE, key_id);
    let mut keys = Vec::new();
    for manager in KeyManager::ALL {
        for spec in KeySpec::ALL {
            for usage in spec.usages() {
                for origin in Origin::ALL {
                    for status in statuses() {
                        for role in roles(key_id) {
                            let mut key = KeyMetadata::builder(arn)
                                .manager(*manager)
                                .spec(*spec)
                                .usage(*usage)
                                .origin(*origin)
                                .status(status);
                            if let Some(role) = role {
                                key = key.multi_region_role(role);
                            }
                            let awaiting = key.clone().awaits_import(true).build();
                            let key = key.build();
                            let apart = awaiting != key;
                            keys.extend(key);
                            keys.extend(awaiting.ok().filter(|_| apart));
                        }
                    }
                }
            }
        }
    }
    keys
}

fn statuses() -> Vec<KeyStatus> {
    vec![
        KeyStatus::Creating,
        KeyStatus::Enabled,
        KeyStatus::Disabled,
        KeyStatus::PendingDeletion {
            deletion_date: Some(AT),
        },
        KeyStatus::PendingDeletion {
            deletion_date: Some(AT.plus_days(30)),
        },
        KeyStatus::PendingImport,
        KeyStatus::PendingReplicaDeletion {
            waiting_period: WaitingPeriod::default(),
        },
        KeyStatus::Unavailable {
            returns_to: ReturnsTo::Enabled,
        },
        KeyStatus::Unavailable {
            returns_to: ReturnsTo::Disabled,
        },
        KeyStatus::Updating,
    ]
}

fn roles(key_id: KeyId) -> Vec<Option<MultiRegionRole>> {
    if !key_id.is_multi_region() {
        return vec![None];
    }
    vec![
        Some(MultiRegionRole::Primary { replicas: 0 }),
        Some(MultiRegionRole::Primary { replicas: 1 }),
        Some(MultiRegionRole::Replica),
    ]
}

/// The keys of an ID that fit what is known; no key among them if it may not exist.
pub fn completions(
    key_id: KeyId,
    facts: &KeyFacts,
    may_be_absent: bool,
) -> Vec<Option<KeyMetadata>> {
    let mut keys: Vec<_> = every_key(key_id)
        .into_iter()
        .filter(|key| fits(key, facts))
        .map(Some)
        .collect();
    if may_be_absent {
        keys.push(None);
    }
    keys
}

/// Whether a key is what is known of it.
pub fn fits(key: &KeyMetadata, facts: &KeyFacts) -> bool {
    facts.manager.is_none_or(|known| key.manager() == known)
        && facts.spec.is_none_or(|known| key.spec() == known)
        && facts.usage.is_none_or(|known| key.usage() == known)
        && facts.origin.is_none_or(|known| key.origin() == known)
        && facts.state.is_none_or(|known| key.state() == known)
        && facts
            .multi_region
            .is_none_or(|known| key.is_multi_region() == known)
        && facts
            .enabled
            .is_none_or(|known| (key.state() == KeyState::Enabled) == known)
}

/// The keys that a step may make.
pub fn made(key_id: KeyId, facts: &KeyFacts) -> Vec<Option<KeyMetadata>> {
    let facts = KeyFacts::customer_managed().or(*facts);
    let mut keys = completions(key_id, &facts, false);
    keys.retain(|key| {
        let key = key.as_ref().expect("it is made");
        let first = match (key.origin(), facts.enabled) {
            (Origin::External, Some(true)) => KeyState::Enabled,
            (Origin::External, _) => KeyState::PendingImport,
            (_, Some(false)) => KeyState::Disabled,
            _ => KeyState::Enabled,
        };
        let has_replicas = matches!(
            key.multi_region_role(),
            Some(MultiRegionRole::Primary { replicas: 1.. })
        );
        (facts.state.is_some() || key.state() == first) && !has_replicas
    });
    keys
}

/// The facts in which two keys differ.
pub fn differences(one: Option<&KeyMetadata>, other: Option<&KeyMetadata>) -> Vec<Fact> {
    let (Some(one), Some(other)) = (one, other) else {
        return vec![Fact::Existence];
    };
    let pending = one.state() == KeyState::PendingDeletion && other.state() == one.state();
    let facts = [
        (Fact::Manager, one.manager() != other.manager()),
        (Fact::KeyType, one.key_type() != other.key_type()),
        (Fact::KeyUsage, one.usage() != other.usage()),
        (Fact::Origin, one.origin() != other.origin()),
        (Fact::KeyState, one.status() != other.status() && !pending),
        (
            Fact::DeletionDate,
            one.status() != other.status() && pending,
        ),
        (
            Fact::KeyMaterial,
            one.state() == other.state() && one.has_key_material() != other.has_key_material(),
        ),
        (
            Fact::MultiRegion,
            one.multi_region_role() != other.multi_region_role(),
        ),
    ];
    let differing = facts.into_iter().filter(|(_, differs)| *differs);
    differing.map(|(fact, _)| fact).collect()
}
