//! Uses through aliases that a step breaks or starts (rule S6).

use std::collections::BTreeMap;

use kms_alias::{KeyId, KeyMetadata, KmsOperation};
use kms_alias_foresee::verdict::{KeyFacts, name_shown};
use kms_alias_foresee::{AliasImpact, Impact, UseRefusal};

/// Uses that start through aliases, break for one reason, or may do either.
#[derive(Clone, PartialEq, Eq)]
pub struct Uses {
    pub operations: Vec<KmsOperation>,
    /// What the operations are called together.
    pub words: String,
    pub aliases: Vec<String>,
    pub effect: UseEffect,
    /// Whether it is so whatever the unknown is; else it is so if the step succeeds.
    pub is_certain: bool,
}

/// What becomes of uses.
#[derive(Clone, PartialEq, Eq)]
pub enum UseEffect {
    /// They break, for this reason.
    Breaks(UseRefusal),
    Starts,
    /// That is not known, as these keys are not described; none if the key is not known before the
    /// run.
    Open {
        may: May,
        keys: Vec<KeyId>,
        /// Those of which a plan tells, and what it does not say.
        told: Vec<(KeyId, String)>,
        /// What those are called whose IDs are made up.
        called: Vec<(KeyId, String)>,
    },
}

/// What may become of uses of which that is not known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum May {
    Break,
    Start,
    BreakOrStart,
}

impl May {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Break => "break",
            Self::Start => "start",
            Self::BreakOrStart => "break or start",
        }
    }
}

impl UseEffect {
    const fn may(&self) -> Option<May> {
        match self {
            Self::Open { may, .. } => Some(*may),
            _ => None,
        }
    }

    /// Why uses break, or why it is not known what becomes of them.
    pub fn why(&self) -> Option<String> {
        match self {
            Self::Breaks(why) => Some(why.to_string()),
            Self::Starts => None,
            Self::Open {
                keys, told, called, ..
            } => Some(why_open(keys, told, called)),
        }
    }

    /// Notes what a plan tells of the keys, and what it does not say.
    pub fn note_told(
        &mut self,
        tells: impl Fn(&KeyId) -> Option<String>,
        calls: impl Fn(&KeyId) -> Option<String>,
    ) {
        if let Self::Open {
            keys, told, called, ..
        } = self
        {
            let made_up = keys
                .iter()
                .filter_map(|key_id| Some((*key_id, calls(key_id)?)));
            *called = made_up.collect();
            let each = keys
                .iter()
                .filter_map(|key_id| Some((*key_id, tells(key_id)?)));
            *told = each.collect();
        }
    }
}

fn why_open(keys: &[KeyId], told: &[(KeyId, String)], called: &[(KeyId, String)]) -> String {
    let name = |key_id: &KeyId| {
        let known = called.iter().find(|(made_up, _)| made_up == key_id);
        known.map_or_else(|| key_id.to_string(), |(_, name)| name.clone())
    };
    let is_told = |key_id: &KeyId| told.iter().any(|(known, _)| known == key_id);
    let others: Vec<_> = keys.iter().filter(|key_id| !is_told(key_id)).collect();
    let of_others = match &others[..] {
        [] if told.is_empty() => Some("the key is not known before the run".to_owned()),
        [] => None,
        [one] => Some(format!("key {} is not described", name(one))),
        several => {
            let keys: Vec<_> = several.iter().map(|key_id| name(key_id)).collect();
            Some(format!("keys {} are not described", keys.join(" and ")))
        }
    };
    let of_told = told.iter().map(|(key_id, lacks)| {
        format!(
            "of key {} the plan tells, and no account file: {lacks}",
            name(key_id)
        )
    });
    of_others
        .into_iter()
        .chain(of_told)
        .collect::<Vec<_>>()
        .join("; ")
}

/// What a plan does not say of a key; nothing if it tells nothing of it.
pub fn lacking(facts: KeyFacts) -> Option<String> {
    let known = [
        (facts.spec.is_some(), "key spec"),
        (facts.usage.is_some(), "key usage"),
        (facts.origin.is_some(), "origin"),
        (facts.state.is_some(), "key state"),
    ];
    if known.iter().all(|(is_known, _)| !is_known) {
        return None;
    }
    let lacking: Vec<_> = known
        .iter()
        .filter(|(is_known, _)| !is_known)
        .map(|(_, name)| *name)
        .collect();
    Some(match &lacking[..] {
        [] => "it may have changed since, and what works with it is not told".to_owned(),
        several => format!("its {} it does not say", several.join(" and its ")),
    })
}

/// The uses that a change breaks or starts, those together that differ in nothing but the alias.
pub fn uses(impact: &Impact, is_known: impl Fn(&KeyId) -> bool) -> Vec<Uses> {
    let mut all: Vec<Uses> = Vec::new();
    let mut places = BTreeMap::new();
    for alias in impact.aliases() {
        for one in uses_through(&alias, &is_known) {
            let alike = (one.operations.clone(), one.effect.why(), one.effect.may());
            let place = *places.entry(alike).or_insert(all.len());
            match all.get_mut(place) {
                Some(same) => same.aliases.extend(one.aliases),
                None => all.push(one),
            }
        }
    }
    all
}

/// What may become of uses through the aliases of a key that is not described, if its state changes.
pub fn of_open_key(key_id: KeyId, aliases: impl Iterator<Item = String>) -> Option<Uses> {
    let aliases: Vec<_> = aliases.collect();
    (!aliases.is_empty()).then(|| Uses {
        operations: Vec::new(),
        words: String::new(),
        aliases,
        effect: UseEffect::Open {
            may: May::BreakOrStart,
            keys: vec![key_id],
            told: Vec::new(),
            called: Vec::new(),
        },
        is_certain: false,
    })
}

/// First what breaks through an alias, by reason, then what starts, and last whether that is open.
fn uses_through(alias: &AliasImpact<'_>, is_known: &impl Fn(&KeyId) -> bool) -> Vec<Uses> {
    let mut by_reason: BTreeMap<String, (UseRefusal, Vec<KmsOperation>)> = BTreeMap::new();
    for (operation, why) in alias.breaks() {
        let (_, operations) = by_reason
            .entry(why.to_string())
            .or_insert_with(|| (why, Vec::new()));
        operations.push(operation);
    }
    let broken = by_reason
        .into_values()
        .map(|(why, operations)| (UseEffect::Breaks(why), operations));
    let started: Vec<_> = alias.starts().map(|(operation, _)| operation).collect();
    let started = (!started.is_empty()).then_some((UseEffect::Starts, started));
    let is_open = alias.undescribed_keys().next().is_some();
    let open = is_open.then(|| {
        let mut keys: Vec<_> = alias.undescribed_keys().filter(is_known).collect();
        keys.dedup();
        let may = match (
            alias.leads_somewhere_before(),
            alias.leads_somewhere_after(),
        ) {
            (false, _) => May::Start,
            (_, false) => May::Break,
            _ => May::BreakOrStart,
        };
        let open = UseEffect::Open {
            may,
            keys,
            told: Vec::new(),
            called: Vec::new(),
        };
        (open, Vec::new())
    });
    let of_alias = |(effect, operations): (UseEffect, Vec<KmsOperation>)| {
        let key = match effect {
            UseEffect::Breaks(_) => alias.before(),
            UseEffect::Starts | UseEffect::Open { .. } => alias.after(),
        };
        let words = match effect {
            UseEffect::Open { .. } => String::new(),
            _ => words(&operations, key),
        };
        Uses {
            words,
            operations,
            aliases: vec![name_shown(alias.alias_name().as_str())],
            effect,
            is_certain: true,
        }
    };
    broken.chain(started).chain(open).map(of_alias).collect()
}

/// Operations that people think of as one use, and what they call it.
const GROUPS: &[(&str, &[KmsOperation])] = &[
    (
        "encrypting and decrypting",
        &[
            KmsOperation::Encrypt,
            KmsOperation::Decrypt,
            KmsOperation::ReEncrypt,
        ],
    ),
    (
        "making data keys",
        &[
            KmsOperation::GenerateDataKey,
            KmsOperation::GenerateDataKeyWithoutPlaintext,
            KmsOperation::GenerateDataKeyPair,
            KmsOperation::GenerateDataKeyPairWithoutPlaintext,
        ],
    ),
    (
        "signing and verifying",
        &[KmsOperation::Sign, KmsOperation::Verify],
    ),
    (
        "making and verifying MACs",
        &[KmsOperation::GenerateMac, KmsOperation::VerifyMac],
    ),
    (
        "encapsulating and decapsulating",
        &[KmsOperation::Encapsulate, KmsOperation::Decapsulate],
    ),
    (
        "deriving shared secrets",
        &[KmsOperation::DeriveSharedSecret],
    ),
    ("reading the public key", &[KmsOperation::GetPublicKey]),
    ("describing the key", &[KmsOperation::DescribeKey]),
];

/// What operations on a key are called together: `every use`, groups of them that are whole as far
/// as the key allows them, and the names of the rest.
fn words(operations: &[KmsOperation], key: Option<&KeyMetadata>) -> String {
    let suits = |operation: &KmsOperation| {
        operation.takes_alias() && key.is_none_or(|key| operation.suits(key))
    };
    let every = KmsOperation::ALL.iter().filter(|one| suits(one)).count();
    if key.is_some() && every == operations.len() {
        return "every use".to_owned();
    }
    let mut left = operations.to_vec();
    let mut words = Vec::new();
    for (name, group) in GROUPS {
        let mut suiting = group.iter().filter(|one| suits(one)).peekable();
        if suiting.peek().is_some() && suiting.all(|one| operations.contains(one)) {
            words.push(*name);
            left.retain(|one| !group.contains(one));
        }
    }
    words.extend(left.iter().map(|operation| operation.as_str()));
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use kms_alias::{KeyArn, KeyMetadata};

    use super::*;

    #[test]
    fn every_use_that_takes_an_alias_is_in_one_group() {
        for operation in KmsOperation::ALL.iter().filter(|one| one.takes_alias()) {
            let groups = GROUPS.iter().filter(|(_, group)| group.contains(operation));
            assert_eq!(groups.count(), 1, "{operation}");
        }
    }

    #[test]
    fn a_group_is_named_only_if_all_of_it_is_meant() {
        let arn = KeyArn::from_static(
            "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        );
        let key = KeyMetadata::builder(arn).build().expect("a key");
        let of = |operations: &[KmsOperation]| words(operations, Some(&key));
        let [encrypt, decrypt] = [KmsOperation::Encrypt, KmsOperation::Decrypt];
        assert_eq!(of(&[decrypt]), "Decrypt");
        assert_eq!(
            of(&[decrypt, encrypt, KmsOperation::ReEncrypt]),
            "encrypting and decrypting"
        );
        let all = KmsOperation::ALL.iter().copied();
        let all: Vec<_> = all
            .filter(|one| one.takes_alias() && one.suits(&key))
            .collect();
        assert_eq!(of(&all), "every use");
        assert!(!of(&all[1..]).contains("every use"));
    }
}
