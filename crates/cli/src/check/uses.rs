//! Uses through aliases that a step breaks or starts (rule S6).

use std::collections::BTreeMap;

use kms_alias::{KeyMetadata, KmsOperation};
use kms_alias_foresee::verdict::name_shown;
use kms_alias_foresee::{AliasImpact, Impact, UseRefusal};

/// Uses that start through aliases, or break for one reason.
pub struct Uses {
    pub operations: Vec<KmsOperation>,
    /// What the operations are called together.
    pub words: String,
    pub aliases: Vec<String>,
    /// Why they break; none if they start.
    pub why: Option<UseRefusal>,
}

/// The uses that a change breaks or starts, those together that differ in nothing but the alias.
pub fn uses(impact: &Impact) -> Vec<Uses> {
    let mut all: Vec<Uses> = Vec::new();
    let mut places = BTreeMap::new();
    for alias in impact.aliases() {
        for one in uses_through(&alias) {
            let alike = (
                one.operations.clone(),
                one.why.as_ref().map(ToString::to_string),
            );
            let place = *places.entry(alike).or_insert(all.len());
            match all.get_mut(place) {
                Some(same) => same.aliases.extend(one.aliases),
                None => all.push(one),
            }
        }
    }
    all
}

/// First what breaks through an alias, by reason, then what starts.
fn uses_through(alias: &AliasImpact<'_>) -> Vec<Uses> {
    let mut by_reason: BTreeMap<String, (UseRefusal, Vec<KmsOperation>)> = BTreeMap::new();
    for (operation, why) in alias.breaks() {
        let (_, operations) = by_reason
            .entry(why.to_string())
            .or_insert_with(|| (why, Vec::new()));
        operations.push(operation);
    }
    let broken = by_reason
        .into_values()
        .map(|(why, operations)| (Some(why), operations));
    let started: Vec<_> = alias.starts().map(|(operation, _)| operation).collect();
    let started = (!started.is_empty()).then_some((None, started));
    let of_alias = |(why, operations): (Option<UseRefusal>, Vec<KmsOperation>)| {
        let key = if why.is_some() {
            alias.before()
        } else {
            alias.after()
        };
        Uses {
            words: words(&operations, key),
            operations,
            aliases: vec![name_shown(alias.alias_name().as_str())],
            why,
        }
    };
    broken.chain(started).map(of_alias).collect()
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
