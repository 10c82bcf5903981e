//! The values that this crate makes for the tests of others: all valid, and all of them varied.

use kms_alias_testing::invariants;

use std::collections::HashSet;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use arbitrary::{Arbitrary, Unstructured};
use kms_alias::{
    AccountId, AliasArn, AliasListEntry, AliasName, AliasTable, AnyAliasName, AwsAliasName, KeyArn,
    KeyId, KeyIdentifier, KeyManager, KeyMetadata, KeySpec, KeyState, KeyStatus, KeyType, KeyUsage,
    KmsOperation, MultiRegionRole, Operation, Origin, Partition, Region, ReservedNames, ReturnsTo,
    Scope, TargetKeyId, Timestamp, WaitingPeriod,
};
use kms_alias_foresee::ConditionOperator;
use kms_alias_foresee::{
    AliasCondition, AliasPattern, ConditionKey, KeyAliases, Plan, PlanOptions, ThirdKey,
    Unmentioned, Wanted,
};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

const COUNT: usize = 300;

/// Values out of a fuzzer's bytes: a stretch of numbers that look random, cut anew for each.
fn from_bytes<T: for<'a> Arbitrary<'a>>() -> Vec<T> {
    let mut state = 7_u64;
    let mut byte = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    };
    let bytes: Vec<Vec<u8>> = (0..COUNT * 4)
        .map(|_| (0..1_500).map(|_| byte()).collect())
        .collect();
    // A few bytes make no value, as a key that cannot be: the fuzzer passes those over.
    let values: Vec<T> = bytes
        .iter()
        .filter_map(|bytes| T::arbitrary(&mut Unstructured::new(bytes)).ok())
        .collect();
    assert!(
        values.len() >= COUNT,
        "only {} of {} made a value",
        values.len(),
        bytes.len()
    );
    values
}

/// Values of the strategy.
fn from_strategy<T: proptest::arbitrary::Arbitrary>() -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    let strategy = proptest::arbitrary::any::<T>();
    (0..COUNT)
        .map(|_| strategy.new_tree(&mut runner).expect("a value").current())
        .collect()
}

/// Both ways make values that keep a law, and at least so many different ones.
#[track_caller]
fn made<T>(different: usize, law: impl Fn(&T))
where
    T: for<'a> Arbitrary<'a> + proptest::arbitrary::Arbitrary + Debug,
{
    for values in [from_bytes::<T>(), from_strategy::<T>()] {
        values.iter().for_each(&law);
        let texts: HashSet<String> = values.iter().map(|value| format!("{value:?}")).collect();
        assert!(
            texts.len() >= different,
            "only {} different values",
            texts.len()
        );
    }
}

/// What is printed is parsed to the same.
#[track_caller]
fn made_of_text<T>(different: usize)
where
    T: for<'a> Arbitrary<'a>
        + proptest::arbitrary::Arbitrary
        + Debug
        + Display
        + FromStr<Err: Debug>
        + PartialEq,
{
    made::<T>(different, |value| {
        let parsed: T = value.to_string().parse().expect("a valid value");
        assert_eq!(parsed, *value);
    });
}

#[test]
fn identifiers_are_valid_and_varied() {
    made_of_text::<AliasName>(250);
    made_of_text::<AwsAliasName>(250);
    made_of_text::<AnyAliasName>(250);
    made_of_text::<KeyId>(250);
    made_of_text::<AccountId>(250);
    made_of_text::<Region>(8);
    made_of_text::<Partition>(Partition::ALL.len());
    made_of_text::<Scope>(250);
    made_of_text::<KeyArn>(250);
    made_of_text::<AliasArn>(250);
    made_of_text::<TargetKeyId>(250);
    made_of_text::<KeyIdentifier>(250);
    made_of_text::<AliasPattern>(200);
    made::<ReservedNames>(2, |_| {});
}

#[test]
fn conditions_can_be_evaluated_and_are_varied_p2_p5() {
    made_of_text::<ConditionKey>(ConditionKey::ALL.len());
    made_of_text::<ConditionOperator>(31);
    made::<KeyAliases>(200, |aliases| {
        assert!(aliases.names().is_sorted_by(|a, b| a < b));
    });
    made::<AliasCondition>(200, |condition| {
        assert!(ConditionKey::ALL.iter().any(|key| condition.asks(*key)));
    });
    let values = |conditions: Vec<AliasCondition>| {
        ["Absent(true)", "Absent(false)", "(\"alias/"].map(|value| {
            let has = |condition: &&AliasCondition| format!("{condition:?}").contains(value);
            conditions.iter().filter(has).count()
        })
    };
    for counts in [values(from_bytes()), values(from_strategy())] {
        assert!(counts.iter().all(|count| *count > 3), "{counts:?}");
    }
    let standings = |conditions: Vec<AliasCondition>, aliases: Vec<KeyAliases>| {
        let pairs = conditions.iter().zip(&aliases);
        let standings = pairs.map(|(condition, aliases)| condition.standing(None, aliases));
        standings.collect::<HashSet<_>>().len()
    };
    assert_eq!(standings(from_bytes(), from_bytes()), 3);
    assert_eq!(standings(from_strategy(), from_strategy()), 3);
}

#[test]
fn wishes_can_be_planned_and_are_varied() {
    made::<Wanted>(250, |wanted| {
        let kept: Wanted = wanted
            .iter()
            .map(|(name, key)| (name.clone(), *key))
            .collect();
        assert_eq!(kept, *wanted);
    });
    made::<Unmentioned>(2, |_| {});
    made::<ThirdKey>(90, |_| {});
    let kinds = |values: Vec<ThirdKey>| {
        let kinds = values.iter().map(std::mem::discriminant);
        kinds.collect::<HashSet<_>>().len()
    };
    assert_eq!((kinds(from_bytes()), kinds(from_strategy())), (3, 3));
    made::<PlanOptions>(90, |_| {});
    let impossible = |tables: Vec<AliasTable>, wishes: Vec<Wanted>, options: Vec<PlanOptions>| {
        let all = tables.iter().zip(&wishes).zip(&options);
        let at = Timestamp::from_millis(0);
        let plans = all.map(|((table, wanted), options)| Plan::new(table, wanted, *options, at));
        plans.filter(Result::is_err).count()
    };
    // Keys that are chosen at random are mostly nobody's.
    assert!(impossible(from_bytes(), from_bytes(), from_bytes()) > 100);
    assert!(impossible(from_strategy(), from_strategy(), from_strategy()) > 100);
}

#[test]
fn names_of_keys_are_all_there() {
    made_of_text::<KeySpec>(KeySpec::ALL.len());
    made_of_text::<KeyUsage>(KeyUsage::ALL.len());
    made_of_text::<KeyType>(KeyType::ALL.len());
    made_of_text::<KeyState>(KeyState::ALL.len());
    made_of_text::<Origin>(Origin::ALL.len());
    made_of_text::<KeyManager>(KeyManager::ALL.len());
    made_of_text::<ReturnsTo>(ReturnsTo::ALL.len());
    made_of_text::<KmsOperation>(KmsOperation::ALL.len());
}

#[test]
fn every_kind_of_identifier_and_status_is_there() {
    let kinds = |values: Vec<KeyIdentifier>| {
        let kind = |value: &KeyIdentifier| std::mem::discriminant(value);
        values.iter().map(kind).collect::<HashSet<_>>().len()
    };
    assert_eq!((kinds(from_bytes()), kinds(from_strategy())), (4, 4));
    let states = |values: Vec<KeyStatus>| {
        values
            .iter()
            .map(KeyStatus::state)
            .collect::<HashSet<_>>()
            .len()
    };
    assert_eq!((states(from_bytes()), states(from_strategy())), (8, 8));
    let kinds = |values: Vec<Operation>| {
        values
            .iter()
            .map(Operation::name)
            .collect::<HashSet<_>>()
            .len()
    };
    assert_eq!((kinds(from_bytes()), kinds(from_strategy())), (9, 9));
    let kinds = |values: Vec<MultiRegionRole>| values.iter().collect::<HashSet<_>>().len();
    assert_eq!((kinds(from_bytes()), kinds(from_strategy())), (5, 5));
    let aws = |values: Vec<AnyAliasName>| {
        let aws = values.iter().filter(|name| name.is_aws()).count();
        let reserved = values
            .iter()
            .filter(|name| ReservedNames::AliasAws.reserves(name.as_str()))
            .count();
        0 < aws && aws < reserved && reserved < values.len()
    };
    assert!(
        aws(from_bytes()) && aws(from_strategy()),
        "names of all three kinds (A4, A8)"
    );
}

#[test]
fn values_of_numbers_reach_their_ends_s4() {
    made::<WaitingPeriod>(20, |period| assert!((7..=30).contains(&period.days())));
    made::<Timestamp>(3, |at| {
        assert!((Timestamp::MIN..=Timestamp::MAX).contains(at))
    });
}

#[test]
fn keys_can_be_and_some_are_in_every_state_m_s1_s2_s3() {
    made::<KeyMetadata>(250, |key| {
        assert!(key.spec().usages().contains(&key.usage()));
        assert_eq!(key.with_status(key.status()).as_ref(), Ok(key));
        assert_eq!(key.multi_region_role().is_some(), key.is_multi_region());
    });
    let states = |values: Vec<KeyMetadata>| {
        values
            .iter()
            .map(KeyMetadata::state)
            .collect::<HashSet<_>>()
            .len()
    };
    assert_eq!((states(from_bytes()), states(from_strategy())), (8, 8));
    let dates = |values: Vec<KeyMetadata>| {
        values
            .iter()
            .filter(|key| key.creation_date().is_some())
            .count()
    };
    assert!(dates(from_bytes()) > 50 && dates(from_strategy()) > 50);
    made::<AliasListEntry>(250, |_| {});
    let dates = |values: Vec<AliasListEntry>| {
        let both = |entry: &&AliasListEntry| {
            entry.creation_date.is_some() && entry.last_updated_date.is_some()
        };
        values.iter().filter(both).count()
    };
    assert!(dates(from_bytes()) > 20 && dates(from_strategy()) > 20);
}

#[test]
fn tables_keep_their_invariants_and_hold_something_i1_i2() {
    made::<AliasTable>(100, invariants::check);
    let customers = |values: Vec<AliasTable>| {
        let has = |table: &&AliasTable| table.iter().any(|alias| !alias.to_name().is_aws());
        values.iter().filter(has).count()
    };
    assert!(customers(from_bytes()) > 50 && customers(from_strategy()) > 50);
    let several = |values: Vec<AliasTable>| values.iter().filter(|table| table.len() > 3).count();
    assert!(several(from_bytes()) > 50 && several(from_strategy()) > 50);
}
