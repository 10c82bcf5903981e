//! The key model (rules M, K2, S1–S4): every combination against a statement of its own.

use std::collections::BTreeSet;

use kms_alias::{
    KeyArn, KeyManager, KeyMetadata, KeyMetadataBuilder, KeySpec, KeyState, KeyStatus, KeyUsage,
    MultiRegionRole, Origin, Partition, ReturnsTo, Rule, Timestamp, WaitingPeriod,
};
use serde_json::{Value, json};

const KEY: KeyArn = KeyArn::from_static(
    "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
);
const REPLICATED: KeyArn = KeyArn::from_static(
    "arn:aws:kms:eu-west-3:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
);
const IN_CHINA: KeyArn = KeyArn::from_static(
    "arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
);
const REPLICATED_IN_CHINA: KeyArn = KeyArn::from_static(
    "arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
);

/// Specs, their type and their usages (rule M).
const MODEL: &str = "
    SYMMETRIC_DEFAULT                             | symmetric encryption | ENCRYPT_DECRYPT
    HMAC_224 HMAC_256 HMAC_384 HMAC_512           | HMAC                 | GENERATE_VERIFY_MAC
    RSA_2048 RSA_3072 RSA_4096                    | asymmetric           | ENCRYPT_DECRYPT SIGN_VERIFY
    ECC_NIST_P256 ECC_NIST_P384 ECC_NIST_P521     | asymmetric           | SIGN_VERIFY KEY_AGREEMENT
    ECC_NIST_EDWARDS25519 ECC_SECG_P256K1         | asymmetric           | SIGN_VERIFY
    ML_DSA_44 ML_DSA_65 ML_DSA_87                 | asymmetric           | SIGN_VERIFY
    ML_KEM_512 ML_KEM_768 ML_KEM_1024             | asymmetric           | ENCAPSULATE_DECAPSULATE
    SM2                                           | asymmetric           | ENCRYPT_DECRYPT SIGN_VERIFY KEY_AGREEMENT";

/// The rows of the model: spec, type, usages.
fn model() -> impl Iterator<Item = (&'static str, &'static str, BTreeSet<&'static str>)> {
    let rows = MODEL
        .lines()
        .skip(1)
        .map(|line| line.split('|').map(str::trim));
    rows.flat_map(|mut row| {
        let mut next = || row.next().expect("three columns");
        let (specs, key_type, usages) = (next(), next(), next());
        specs
            .split(' ')
            .map(move |spec| (spec, key_type, usages.split(' ').collect()))
    })
}

/// A key that is asked for.
#[derive(Clone, Debug)]
struct Wanted {
    arn: KeyArn,
    spec: KeySpec,
    usage: KeyUsage,
    origin: Origin,
    state: KeyState,
    role: Option<MultiRegionRole>,
}

impl Wanted {
    fn builder(&self) -> KeyMetadataBuilder {
        let key = KeyMetadata::builder(self.arn)
            .spec(self.spec)
            .usage(self.usage)
            .origin(self.origin)
            .state(self.state);
        match self.role {
            Some(role) => key.multi_region_role(role),
            None => key,
        }
    }

    /// The rules that there can be no such key by.
    fn broken(&self) -> BTreeSet<Rule> {
        let in_store = matches!(self.origin, Origin::AwsCloudhsm | Origin::ExternalKeyStore);
        let multi_region = self.arn.key_id().to_string().starts_with("mrk-");
        let usages = model()
            .find(|(spec, ..)| *spec == self.spec.as_str())
            .expect("a spec")
            .2;
        let no_replicas = match self.role {
            None => false,
            Some(role) => role != MultiRegionRole::Primary { replicas: 1 },
        };
        let is = |states: &[KeyState]| states.contains(&self.state);
        let of_multi_region = [
            KeyState::Creating,
            KeyState::Updating,
            KeyState::PendingReplicaDeletion,
        ];
        let broken = [
            (Rule::M, !usages.contains(self.usage.as_str())),
            (
                Rule::M,
                self.spec == KeySpec::Sm2 && self.arn.scope().partition() != Partition::AwsCn,
            ),
            (
                Rule::M,
                in_store && (self.spec != KeySpec::SymmetricDefault || multi_region),
            ),
            (Rule::K2, self.role.is_some() && !multi_region),
            (
                Rule::S1,
                is(&[KeyState::PendingImport]) && self.origin != Origin::External,
            ),
            (Rule::S2, is(&[KeyState::Unavailable]) && !in_store),
            (Rule::S3, is(&of_multi_region) && !multi_region),
            (
                Rule::S4,
                is(&[KeyState::PendingReplicaDeletion]) && no_replicas,
            ),
        ];
        broken
            .into_iter()
            .filter_map(|(rule, is_broken)| is_broken.then_some(rule))
            .collect()
    }
}

const ROLES: [Option<MultiRegionRole>; 4] = [
    None,
    Some(MultiRegionRole::Primary { replicas: 0 }),
    Some(MultiRegionRole::Primary { replicas: 1 }),
    Some(MultiRegionRole::Replica),
];

/// Every combination.
fn all() -> Vec<Wanted> {
    let mut all = Vec::new();
    for arn in [KEY, REPLICATED, IN_CHINA, REPLICATED_IN_CHINA] {
        for (spec, usage) in pairs(KeySpec::ALL, KeyUsage::ALL) {
            for (origin, state) in pairs(Origin::ALL, KeyState::ALL) {
                all.extend(ROLES.map(|role| Wanted {
                    arn,
                    spec,
                    usage,
                    origin,
                    state,
                    role,
                }));
            }
        }
    }
    assert_eq!(all.len(), 4 * 20 * 5 * 4 * 8 * 4);
    all
}

fn pairs<A: Copy, B: Copy>(a: &'static [A], b: &'static [B]) -> impl Iterator<Item = (A, B)> {
    a.iter().flat_map(move |a| b.iter().map(move |b| (*a, *b)))
}

#[test]
fn there_are_exactly_the_keys_that_can_be_m_k2_s1_s2_s3_s4() {
    let mut possible = 0;
    for wanted in all() {
        let broken = wanted.broken();
        match wanted.builder().build() {
            Ok(key) => {
                assert!(broken.is_empty(), "{wanted:?} breaks {broken:?}");
                is_as_wanted(&key, &wanted);
                possible += 1;
            }
            Err(error) => {
                assert!(
                    broken.contains(&error.rule()),
                    "{wanted:?}: {error}, not {broken:?}"
                );
                let number = format!("(rule {})", error.rule());
                assert!(error.to_string().ends_with(&number), "{error}");
            }
        }
    }
    assert!(possible > 1000, "{possible}");
}

#[track_caller]
fn is_as_wanted(key: &KeyMetadata, wanted: &Wanted) {
    let key_type = model()
        .find(|(spec, ..)| *spec == wanted.spec.as_str())
        .expect("a spec")
        .1;
    assert_eq!((key.arn(), key.key_id()), (wanted.arn, wanted.arn.key_id()));
    assert_eq!(
        (key.spec(), key.usage(), key.origin()),
        (wanted.spec, wanted.usage, wanted.origin)
    );
    assert_eq!(
        (key.state(), key.key_type().as_str()),
        (wanted.state, key_type)
    );
    assert_eq!(key.status(), KeyStatus::from(wanted.state));
    assert_eq!(
        (key.manager(), key.creation_date()),
        (KeyManager::Customer, None)
    );
    let multi_region = wanted.arn.key_id().is_multi_region();
    let waits = wanted.state == KeyState::PendingReplicaDeletion;
    let primary = MultiRegionRole::Primary {
        replicas: u32::from(waits),
    };
    let role = multi_region.then(|| wanted.role.unwrap_or(primary));
    assert_eq!(
        (key.is_multi_region(), key.multi_region_role()),
        (multi_region, role)
    );
}

#[test]
fn a_status_is_taken_exactly_if_such_a_key_can_be_s1_s2_s3_s4() {
    for wanted in all() {
        let at_first = Wanted {
            state: KeyState::Enabled,
            ..wanted.clone()
        };
        let Ok(key) = at_first.builder().build() else {
            continue;
        };
        let role = key.multi_region_role();
        let moved = key.with_status(wanted.state.into());
        let built = Wanted {
            role,
            ..wanted.clone()
        }
        .builder()
        .build();
        assert_eq!(moved, built, "{wanted:?}");
    }
}

#[test]
fn only_keys_that_can_be_are_read_m_k2_s1_s2_s3_s4() {
    for wanted in all().into_iter().step_by(7) {
        let json = serde_json::to_value(wanted.builder()).unwrap();
        let read = serde_json::from_value::<KeyMetadata>(json);
        match wanted.builder().build() {
            Ok(key) => {
                assert_eq!(read.unwrap(), key);
                let again = serde_json::from_str(&serde_json::to_string(&key).unwrap());
                assert_eq!(again.ok(), Some(key));
            }
            Err(error) => assert!(read.unwrap_err().to_string().contains(&error.to_string())),
        }
    }
}

#[test]
fn specs_have_their_type_and_usages_m() {
    let found: BTreeSet<_> = KeySpec::ALL.iter().map(|spec| spec.as_str()).collect();
    assert_eq!(found, model().map(|(spec, ..)| spec).collect());
    for (spec, key_type, usages) in model() {
        let spec: KeySpec = spec.parse().unwrap();
        assert_eq!(spec.key_type().as_str(), key_type);
        let found: Vec<_> = spec.usages().iter().map(|usage| usage.as_str()).collect();
        assert_eq!(found.len(), usages.len());
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), usages, "{spec}");
    }
}

#[track_caller]
fn impossible(key: KeyMetadataBuilder, rule: Rule, words: &str) {
    let error = key.build().unwrap_err();
    assert_eq!((error.rule(), error.to_string()), (rule, words.to_owned()));
}

#[test]
fn a_usage_that_the_spec_does_not_allow_is_refused_m() {
    let key = KeyMetadata::builder(KEY).spec(KeySpec::Hmac256);
    let words = "a key of spec HMAC_256 cannot have the usage ENCRYPT_DECRYPT (rule M)";
    impossible(key, Rule::M, words);
}

#[test]
fn sm2_outside_china_is_refused_m() {
    let words = "a key of spec SM2 cannot be in partition aws, only in aws-cn (rule M)";
    impossible(KeyMetadata::builder(KEY).spec(KeySpec::Sm2), Rule::M, words);
    assert!(
        KeyMetadata::builder(IN_CHINA)
            .spec(KeySpec::Sm2)
            .build()
            .is_ok()
    );
}

#[test]
fn custom_key_stores_take_symmetric_keys_of_one_region_m() {
    let key = KeyMetadata::builder(KEY)
        .spec(KeySpec::Rsa2048)
        .origin(Origin::AwsCloudhsm);
    let words = "a key of origin AWS_CLOUDHSM cannot have the spec RSA_2048, only SYMMETRIC_DEFAULT \
                 (rule M)";
    impossible(key, Rule::M, words);
    let key = KeyMetadata::builder(REPLICATED).origin(Origin::ExternalKeyStore);
    let words = "a key of origin EXTERNAL_KEY_STORE cannot be multi-Region (rule M)";
    impossible(key, Rule::M, words);
    for origin in Origin::ALL {
        let in_store = origin.as_str() == "AWS_CLOUDHSM" || origin.as_str() == "EXTERNAL_KEY_STORE";
        assert_eq!(origin.is_custom_key_store(), in_store);
    }
}

#[test]
fn a_key_of_one_region_has_no_role_k2() {
    let key = KeyMetadata::builder(KEY).multi_region_role(MultiRegionRole::Replica);
    let words = "a key is multi-Region exactly if its key ID begins with `mrk-`, and \
                 1234abcd-12ab-34cd-56ef-1234567890ab says otherwise (rule K2)";
    impossible(key, Rule::K2, words);
}

#[test]
fn only_imported_keys_are_pending_import_s1() {
    let words = "a key of origin AWS_KMS and ID 1234abcd-12ab-34cd-56ef-1234567890ab cannot be \
                 PendingImport (rule S1)";
    impossible(
        KeyMetadata::builder(KEY).state(KeyState::PendingImport),
        Rule::S1,
        words,
    );
}

#[test]
fn an_imported_key_starts_pending_import_s1() {
    let state = |origin| {
        KeyMetadata::builder(KEY)
            .origin(origin)
            .build()
            .unwrap()
            .state()
    };
    assert_eq!(state(Origin::External), KeyState::PendingImport);
    for origin in [
        Origin::AwsKms,
        Origin::AwsCloudhsm,
        Origin::ExternalKeyStore,
    ] {
        assert_eq!(state(origin), KeyState::Enabled);
    }
}

#[test]
fn only_keys_in_a_store_are_unavailable_and_return_s2() {
    let words = "a key of origin AWS_KMS and ID 1234abcd-12ab-34cd-56ef-1234567890ab cannot be \
                 Unavailable (rule S2)";
    impossible(
        KeyMetadata::builder(KEY).state(KeyState::Unavailable),
        Rule::S2,
        words,
    );
    let enabled = KeyStatus::Unavailable {
        returns_to: ReturnsTo::Enabled,
    };
    assert_eq!(KeyStatus::from(KeyState::Unavailable), enabled);
    let disabled = KeyStatus::Unavailable {
        returns_to: ReturnsTo::Disabled,
    };
    let key = KeyMetadata::builder(KEY)
        .origin(Origin::AwsCloudhsm)
        .status(disabled)
        .build()
        .unwrap();
    assert_eq!(
        serde_json::to_value(&key).unwrap()["status"],
        json!({"Unavailable": {"returns_to": "Disabled"}})
    );
    assert_eq!(
        (key.state(), key.status()),
        (KeyState::Unavailable, disabled)
    );
}

#[test]
fn only_multi_region_keys_are_creating_or_updating_s3() {
    let words = "a key of origin AWS_KMS and ID 1234abcd-12ab-34cd-56ef-1234567890ab cannot be \
                 Updating (rule S3)";
    impossible(
        KeyMetadata::builder(KEY).state(KeyState::Updating),
        Rule::S3,
        words,
    );
    assert!(
        KeyMetadata::builder(REPLICATED)
            .state(KeyState::Creating)
            .build()
            .is_ok()
    );
}

#[test]
fn only_a_primary_with_replicas_waits_for_them_s4() {
    let key = KeyMetadata::builder(REPLICATED).state(KeyState::PendingReplicaDeletion);
    let words =
        "a key cannot be PendingReplicaDeletion unless it is a primary with replicas (rule S4)";
    for role in [
        MultiRegionRole::Replica,
        MultiRegionRole::Primary { replicas: 0 },
    ] {
        impossible(key.clone().multi_region_role(role), Rule::S4, words);
    }
    let role = key.build().unwrap().multi_region_role();
    assert_eq!(role, Some(MultiRegionRole::Primary { replicas: 1 }));
}

#[test]
fn a_key_waits_7_to_30_days_s4() {
    for days in (-1..=400).chain([i64::MIN, i64::MAX, 256 + 7, (1 << 32) + 7]) {
        let wanted = (7..=30).contains(&days).then_some(days);
        assert_eq!(WaitingPeriod::from_days(days).map(i64::from), wanted);
        let read = serde_json::from_value::<WaitingPeriod>(json!(days));
        assert_eq!(read.ok().map(i64::from), wanted);
    }
    assert_eq!(WaitingPeriod::default().days(), 30);
    let error = WaitingPeriod::try_from(31).unwrap_err();
    let words = "a key cannot wait 31 days for its deletion, only 7 to 30 (rule S4)";
    assert_eq!((error.days(), error.rule()), (31, Rule::S4));
    assert_eq!(error.to_string(), words);
    let waiting_period = WaitingPeriod::default();
    let status = KeyStatus::PendingReplicaDeletion { waiting_period };
    assert_eq!(KeyStatus::from(KeyState::PendingReplicaDeletion), status);
}

#[test]
fn a_bare_state_knows_no_more_than_itself() {
    for state in KeyState::ALL {
        assert_eq!(KeyStatus::from(*state).state(), *state);
    }
    let status = KeyStatus::PendingDeletion {
        deletion_date: None,
    };
    assert_eq!(KeyStatus::from(KeyState::PendingDeletion), status);
}

#[test]
fn what_is_not_said_is_the_usual_m() {
    let key: KeyMetadata = serde_json::from_value(json!({ "arn": KEY })).unwrap();
    assert_eq!(key, KeyMetadata::builder(KEY).build().unwrap());
    assert_eq!(key.spec(), KeySpec::SymmetricDefault);
    assert_eq!(
        (key.usage(), key.origin()),
        (KeyUsage::EncryptDecrypt, Origin::AwsKms)
    );
    assert_eq!(
        (key.manager(), key.state()),
        (KeyManager::Customer, KeyState::Enabled)
    );
}

#[test]
fn everything_that_is_said_is_kept() {
    let at = Timestamp::from_millis(1_700_000_000_000);
    let status = KeyStatus::PendingDeletion {
        deletion_date: Some(at.plus_days(7)),
    };
    let key = KeyMetadata::builder(REPLICATED)
        .manager(KeyManager::Aws)
        .multi_region_role(MultiRegionRole::Replica)
        .creation_date(at)
        .status(status)
        .build()
        .unwrap();
    assert_eq!(
        (key.manager(), key.creation_date()),
        (KeyManager::Aws, Some(at))
    );
    assert_eq!(
        (key.status(), key.multi_region_role()),
        (status, Some(MultiRegionRole::Replica))
    );
    let read: KeyMetadata = serde_json::from_value(serde_json::to_value(&key).unwrap()).unwrap();
    assert_eq!(read, key);
}

#[test]
fn what_a_key_has_not_is_not_read() {
    let read = |json: Value| serde_json::from_value::<KeyMetadata>(json);
    let said = |json: Value| read(json).unwrap_err().to_string();
    assert!(said(json!({ "arn": KEY, "colour": "red" })).contains("unknown field `colour`"));
    assert!(
        said(json!({ "arn": KEY, "spec": "RSA_8192" })).contains("unknown key spec `RSA_8192`")
    );
    assert!(said(json!({ "arn": KEY, "status": "Melted" })).contains("Melted"));
    assert!(said(json!({})).contains("missing field `arn`"));
}
