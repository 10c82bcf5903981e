//! Every way in which a key can be, spelled out: nothing here knows what rules can tell apart.

use std::collections::BTreeSet;

use kms_alias::model::{Given, Member};
use kms_alias::{
    KeyArn, KeyId, KeyManager, KeyMetadata, KeySpec, KeyState, KeyStatus, KeyUsage, KmsOperation,
    MultiRegionRole, Origin, ReturnsTo, Rule, WaitingPeriod,
};
use kms_alias_foresee::verdict::{Answer, Fact, KeyFacts, Possible};

use super::world::{AT, open};

/// Every key of an ID that the rules of keys allow and that is what is known of it.
fn every_key(arn: KeyArn, facts: &KeyFacts) -> Vec<KeyMetadata> {
    fn each<T: Copy + PartialEq>(all: &[T], known: Option<T>) -> impl Iterator<Item = T> {
        let fits = move |value: &T| known.is_none_or(|known| *value == known);
        all.iter().copied().filter(fits)
    }
    let is_of_state = |status: &KeyStatus| facts.state.is_none_or(|known| status.state() == known);
    let mut keys = Vec::new();
    for manager in each(KeyManager::ALL, facts.manager) {
        for spec in each(KeySpec::ALL, facts.spec) {
            for usage in each(spec.usages(), facts.usage) {
                for origin in each(Origin::ALL, facts.origin) {
                    for status in statuses().into_iter().filter(is_of_state) {
                        for role in roles(arn.key_id()) {
                            let mut key = KeyMetadata::builder(arn)
                                .manager(manager)
                                .spec(spec)
                                .usage(usage)
                                .origin(origin)
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
    keys.retain(|key| fits(key, facts));
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
pub fn completions(arn: KeyArn, facts: &KeyFacts, may_be_absent: bool) -> Vec<Option<KeyMetadata>> {
    let keys = every_key(arn, facts).into_iter();
    let mut keys: Vec<_> = keys.map(Some).collect();
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
        && match (facts.is_primary, key.multi_region_role()) {
            (Some(true), Some(role)) => role != MultiRegionRole::Replica,
            (Some(false), Some(role)) => role == MultiRegionRole::Replica,
            _ => true,
        }
}

/// The keys that CreateKey may make, and none where it may be refused.
pub fn made(arn: KeyArn, facts: &KeyFacts, is_state_open: bool) -> Vec<Option<KeyMetadata>> {
    let mut keys = made_if_possible(arn, facts, is_state_open);
    let one = |multi_region| {
        let mut facts = *facts;
        facts.multi_region = Some(multi_region);
        !refusals(&facts).is_empty()
    };
    let asked = facts.multi_region.map_or(vec![false, true], |it| vec![it]);
    if asked.into_iter().any(one) {
        keys.push(None);
    }
    keys
}

fn made_if_possible(
    arn: KeyArn,
    facts: &KeyFacts,
    is_state_open: bool,
) -> Vec<Option<KeyMetadata>> {
    let facts = KeyFacts::customer_managed().or(*facts);
    let mut keys = completions(arn, &facts, false);
    keys.retain(|key| {
        let key = key.as_ref().expect("it is made");
        let first = match (key.origin(), facts.enabled) {
            (Origin::External, Some(true)) => KeyState::Enabled,
            (Origin::External, _) => KeyState::PendingImport,
            (_, Some(false)) => KeyState::Disabled,
            _ => KeyState::Enabled,
        };
        let is_alone = matches!(
            key.multi_region_role(),
            None | Some(MultiRegionRole::Primary { replicas: 0 })
        );
        let of_tool = [KeyState::Enabled, KeyState::Disabled].contains(&key.state())
            || (key.origin() == Origin::External && key.state() == KeyState::PendingImport);
        let can_be = facts.state.is_some() || key.state() == first || (is_state_open && of_tool);
        can_be && is_alone
    });
    keys
}

/// With what CreateKey may be refused of which so much is known (rules M, K7).
pub fn refusals(facts: &KeyFacts) -> BTreeSet<Answer> {
    fn each<T: Copy>(known: Option<T>, all: &[T]) -> Vec<T> {
        known.map_or(all.to_vec(), |known| vec![known])
    }
    let shown = |is_known: bool, text: String, instead: &str| match is_known {
        true => text,
        false => format!("<{instead}>"),
    };
    let mut answers = BTreeSet::new();
    let mut answer = |exception, message: String| {
        answers.insert(Answer {
            rule: Rule::M,
            exception,
            message: message.into(),
        });
    };
    for spec in each(facts.spec, KeySpec::ALL) {
        let spec_shown = shown(facts.spec.is_some(), spec.to_string(), "key spec");
        for usage in each(facts.usage, KeyUsage::ALL) {
            let usage_shown = shown(facts.usage.is_some(), usage.to_string(), "key usage");
            if !spec.usages().contains(&usage) {
                let words =
                    format!("KeyUsage {usage_shown} is not compatible with KeySpec {spec_shown}");
                answer("ValidationException", words);
                continue;
            }
            if spec == KeySpec::Sm2 {
                let words = "a key of spec SM2 cannot be in partition aws, only in aws-cn (rule M)";
                answer("UnsupportedOperationException", words.into());
                continue;
            }
            for origin in each(facts.origin, Origin::ALL) {
                if matches!(origin, Origin::AwsKms | Origin::External) {
                    continue;
                }
                let origin = shown(facts.origin.is_some(), origin.to_string(), "origin");
                if spec != KeySpec::SymmetricDefault {
                    let words = format!(
                        "a key of origin {origin} cannot have the spec {spec_shown}, only SYMMETRIC_DEFAULT (rule M)"
                    );
                    answer("UnsupportedOperationException", words);
                } else if facts.multi_region != Some(false) {
                    let words = format!("a key of origin {origin} cannot be multi-Region (rule M)");
                    answer("UnsupportedOperationException", words);
                }
            }
        }
    }
    for (fact, member) in [(Fact::KeyType, "keySpec"), (Fact::KeyUsage, "keyUsage")] {
        if open(facts).contains(&fact) {
            let operation = KmsOperation::CreateKey;
            let is_it = |known: &&Member| known.name.eq_ignore_ascii_case(member);
            let known = operation.members().iter().find(is_it).expect("a member");
            let value = format!("<{fact}>");
            let broken = known.shape.broken_by(Given::Text(&value));
            let broken: Vec<String> = broken.map(|it| it.to_string()).collect();
            answers.insert(Answer {
                rule: Rule::K7,
                exception: "ValidationException",
                message: format!(
                    "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {}",
                    broken.join("; ")
                )
                .into(),
            });
        }
    }
    answers
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

/// Whether a fact is among the least differences between two ways that lead to two outcomes.
pub fn separates(keys: &[Option<KeyMetadata>], outcomes: &[Possible], fact: Fact) -> bool {
    keys.iter().zip(outcomes).any(|(one, outcome)| {
        let others = keys
            .iter()
            .zip(outcomes)
            .filter(|(_, other)| *other != outcome);
        let differing = others.map(|(other, _)| differences(one.as_ref(), other.as_ref()));
        let differing: BTreeSet<Vec<_>> = differing.collect();
        let is_least = |facts: &&Vec<_>| {
            let less =
                |other: &&Vec<_>| other != facts && other.iter().all(|fact| facts.contains(fact));
            !differing.iter().any(|other| less(&other))
        };
        differing
            .iter()
            .filter(is_least)
            .any(|facts| facts.contains(&fact))
    })
}
