//! Keys of which only their existence is known (rule I6).

use super::*;
use kms_alias::TargetKeyId;

const UNKNOWN: KeyId = KeyId::from_static("0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d");
const EXISTS: KeyId = KeyId::from_static("7c1d2e3f-4a5b-4c6d-8e7f-0a1b2c3d4e5f");
const OF_AWS_TOO: KeyId = KeyId::from_static("8d2e3f40-5b6c-4d7e-9f80-1b2c3d4e5f60");
const LEDGER: AliasName = AliasName::from_static("alias/ledger");

/// The table of all tests here: besides four described keys, one that is listed, one with a
/// customer's alias, and one with an alias of AWS's.
fn half_known() -> AliasTable {
    let mut parts = table().snapshot();
    let alias =
        |name: &str, key_id| AliasListEntry::new(name.parse().expect("a name"), Some(key_id));
    parts.undescribed_keys = vec![EXISTS];
    parts.aliases.push(alias("alias/ledger", UNKNOWN));
    parts.aliases.push(alias("alias/aws/s3", OF_AWS_TOO));
    parts.sequence = 5;
    parts.into_table().expect("an account that is half known")
}

fn create(name: &str, target: impl Into<TargetKeyId>) -> Operation {
    Operation::CreateAlias {
        alias_name: AliasName::parse_with(name, ReservedNames::AliasAwsSlash).expect("a name"),
        target_key_id: target.into(),
    }
}

fn update(name: AliasName, target: impl Into<TargetKeyId>) -> Operation {
    Operation::UpdateAlias {
        alias_name: name,
        target_key_id: target.into(),
    }
}

fn rules(table: &AliasTable, operation: &Operation) -> Vec<Rule> {
    let broken = table.broken_rules(operation, at(9));
    let first = table.check(operation, at(9)).map(drop);
    assert_eq!(first.err().as_ref(), broken.first());
    broken.iter().map(Refusal::rule).collect()
}

#[test]
fn an_account_that_is_half_known_loads_and_saves_i2_i6() {
    let table = half_known();
    assert!(table.undescribed_keys().eq([UNKNOWN, EXISTS, OF_AWS_TOO]));
    assert_eq!((table.key_count(), table.len()), (4, 3));
    assert_eq!(
        table.snapshot().undescribed_keys,
        [UNKNOWN, EXISTS, OF_AWS_TOO]
    );
    kms_alias_testing::invariants::check(&table);
    for key_id in [UNKNOWN, EXISTS] {
        assert!(table.knows_key(&key_id) && !table.is_described(&key_id));
        assert_eq!(table.key(key_id), None);
    }
    let names: Vec<_> = table
        .aliases_of(UNKNOWN)
        .map(|alias| alias.name())
        .collect();
    assert_eq!(names, ["alias/ledger"]);
    // An alias is a fact, which a table without its key does not have.
    let mut without = table.snapshot();
    without.undescribed_keys.clear();
    without.aliases.retain(|alias| !alias.alias_name.is_aws());
    let without = without.into_table().expect("an account");
    assert!(without.undescribed_keys().eq([UNKNOWN]));
    assert_ne!(without, table);
}

#[test]
fn a_key_stands_once_described_or_not_i1() {
    let mut parts = half_known().snapshot();
    parts.undescribed_keys.push(EXISTS);
    let twice = parts.clone().into_table().expect_err("a key that is there");
    assert_eq!(twice.entry, kms_alias::SnapshotEntry::UndescribedKey(3));
    assert_eq!(
        (twice.rule(), twice.entry.to_string().as_str()),
        (Rule::I1, "undescribed_keys[3]")
    );
    parts.undescribed_keys[3] = FIRST;
    assert_eq!(
        parts.into_table().expect_err("a described key").rule(),
        Rule::I1
    );
    let mut table = half_known();
    for key_id in [FIRST, UNKNOWN, EXISTS] {
        let twice = table.insert_undescribed_key(key_id);
        assert_eq!(twice.map_err(|error| error.rule()), Err(Rule::I1));
    }
}

#[test]
fn what_is_decided_without_the_key_is_decided_first_a4_a6_u1_t3_t2_i6() {
    let table = half_known();
    let elsewhere = |region: &'static str, account: &'static str| {
        let scope = Scope::new(Region::from_static(region), AccountId::from_static(account));
        KeyArn::new(scope, UNKNOWN)
    };
    for (operation, expected) in [
        (create("alias/aws-x", UNKNOWN), vec![Rule::A4, Rule::I6]),
        (create("alias/payments", UNKNOWN), vec![Rule::A6, Rule::I6]),
        (update(INVOICES, UNKNOWN), vec![Rule::U1, Rule::I6]),
        (
            create("alias/x", elsewhere("eu-west-3", "999999999999")),
            vec![Rule::T3],
        ),
        (
            create("alias/x", elsewhere("us-east-1", "111122223333")),
            vec![Rule::T2],
        ),
        (create("alias/x", UNKNOWN), vec![Rule::I6]),
        (create("alias/x", EXISTS), vec![Rule::I6]),
        // Whatever else it is, it is AWS's own.
        (create("alias/x", OF_AWS_TOO), vec![Rule::T4]),
        (update(PAYMENTS, OF_AWS_TOO), vec![Rule::T4]),
        (
            Operation::DisableKey {
                key_id: OF_AWS_TOO.into(),
            },
            vec![Rule::S7],
        ),
        (
            Operation::DisableKey {
                key_id: UNKNOWN.into(),
            },
            vec![Rule::I6],
        ),
        (Operation::DeleteKey { key_id: UNKNOWN }, vec![Rule::I6]),
        (
            Operation::SetKeyState {
                key_id: EXISTS,
                state: KeyState::Disabled,
            },
            vec![Rule::I6],
        ),
        // The present key and the new one: U7, U4 and U3 need both.
        (update(LEDGER, UNKNOWN), vec![Rule::I6]),
        (update(LEDGER, EXISTS), vec![Rule::I6, Rule::I6]),
        (update(LEDGER, FIRST), vec![Rule::I6]),
        (update(PAYMENTS, UNKNOWN), vec![Rule::I6]),
    ] {
        assert_eq!(rules(&table, &operation), expected, "{operation:?}");
    }
    // The state of the new key is asked before the usage of the present one.
    let mut dying = table.clone();
    let second = Operation::ScheduleKeyDeletion {
        key_id: SECOND.into(),
        waiting_period: WaitingPeriod::LEAST,
    };
    dying.apply(&second, at(9)).expect("a deletion");
    assert_eq!(rules(&dying, &update(LEDGER, SECOND)), [Rule::T5, Rule::I6]);
}

/// That the quota is reached is known, and which rule refuses is not: T5 comes before T6.
#[test]
fn a_full_quota_does_not_decide_for_a_key_that_is_not_described_t6_i6() {
    let table = half_known().with_aliases_per_key(1);
    assert_eq!(
        rules(&table, &create("alias/x", UNKNOWN)),
        [Rule::I6, Rule::T6]
    );
    assert_eq!(
        rules(&table, &update(PAYMENTS, UNKNOWN)),
        [Rule::I6, Rule::T6]
    );
    let none = half_known().with_aliases_per_key(0);
    assert_eq!(
        rules(&none, &create("alias/x", OF_AWS_TOO)),
        [Rule::T4, Rule::T6]
    );
}

#[test]
fn a_customers_alias_on_a_key_of_aws_leaves_open_whose_it_is_t4_i6() {
    let mut parts = half_known().snapshot();
    let name = "alias/odd".parse().expect("a name");
    parts
        .aliases
        .push(AliasListEntry::new(name, Some(OF_AWS_TOO)));
    let table = parts.into_table().expect("facts");
    assert_eq!(rules(&table, &create("alias/x", OF_AWS_TOO)), [Rule::I6]);
}

#[test]
fn what_a_refusal_of_this_kind_says_is_no_answer_of_kms_i6() {
    let refusal = half_known()
        .check(&create("alias/x", EXISTS), at(9))
        .expect_err("undecided");
    let key = KeyArn::new(SCOPE, EXISTS);
    assert_eq!(refusal, Refusal::NotDescribed { key });
    assert_eq!((refusal.rule(), refusal.exception()), (Rule::I6, ""));
    assert!(refusal.to_string().contains(&key.to_string()), "{refusal}");
}

#[test]
fn aliases_of_such_keys_are_deleted_resolved_and_listed_d1_k6_l1_l4() {
    let mut table = half_known();
    let before = table.clone();
    let through: KeyIdentifier = "alias/ledger".parse().expect("a name");
    assert_eq!(table.resolve(&through), Ok(UNKNOWN));
    refused(table.describe_key(&through), Rule::I6, "");
    refused(
        table.check_use(KmsOperation::Encrypt, &through),
        Rule::I6,
        "",
    );
    refused(
        table.check_use(KmsOperation::EnableKey, &through),
        Rule::K8,
        "InvalidArnException",
    );
    let page = table
        .list_aliases(&ListAliases::of_key(UNKNOWN))
        .expect("a key that exists");
    assert_eq!(page.aliases.len(), 1);
    let mut keys: Vec<KeyId> = table
        .list_keys(&ListKeys::default())
        .keys
        .iter()
        .map(|key| key.key_id())
        .collect();
    assert!(keys.is_sorted() && keys.len() == 7);
    keys.retain(|key_id| !table.is_described(key_id));
    assert_eq!(keys, [UNKNOWN, EXISTS, OF_AWS_TOO]);
    let deleted = table.delete_alias(&LEDGER).expect("an alias");
    // The key exists all the same.
    assert!(table.knows_key(&UNKNOWN));
    table.undo(&deleted).expect("the newest change");
    assert_eq!(table, before);
}

#[test]
fn a_key_is_described_later_and_a_log_has_all_of_it_i4_i6() {
    let start = half_known();
    let mut table = start.clone();
    let described = |key_id| {
        KeyMetadata::builder(KeyArn::new(SCOPE, key_id))
            .build()
            .expect("a key")
    };
    let other = KeyId::new([9; 16], false);
    let changes = vec![
        table.insert_undescribed_key(other).expect("a new key"),
        table
            .insert_key(described(UNKNOWN))
            .expect("a key to describe"),
        table
            .update_alias(LEDGER, FIRST, at(9))
            .expect("both are described"),
        table.remove_key(&EXISTS).expect("a bare key"),
        table.insert_key(described(EXISTS)).expect("a new key"),
        table.remove_key(&other).expect("a bare key"),
    ];
    let effects: Vec<_> = changes
        .iter()
        .map(|change| format!("{:?}", change.effect()))
        .collect();
    let kinds = [
        "UndescribedKeyInserted",
        "KeyDescribed",
        "AliasUpdated",
        "UndescribedKeyRemoved",
        "KeyInserted",
        "UndescribedKeyRemoved",
    ];
    assert!(
        effects
            .iter()
            .zip(kinds)
            .all(|(effect, kind)| effect.starts_with(kind)),
        "{effects:?}"
    );
    assert_eq!(table.key(UNKNOWN), Some(&described(UNKNOWN)));
    let error = table
        .insert_key(described(UNKNOWN))
        .expect_err("a described key");
    assert_eq!(error.rule(), Rule::I1);
    let error = table
        .remove_key(&OF_AWS_TOO)
        .expect_err("an alias names it");
    assert_eq!(error.rule(), Rule::I5);
    let end = table.clone();
    for change in changes.iter().rev() {
        table.undo(change).expect("the newest change");
        kms_alias_testing::invariants::check(&table);
    }
    assert_eq!(table, start);
    table.replay_all(&changes).expect("the next changes");
    assert_eq!(table, end);
    // None of them fits where the key is otherwise than the change says.
    let mut empty = AliasTable::new(SCOPE);
    for change in &changes[1..] {
        assert!(!empty.can_replay(change) && !end.can_replay(change));
    }
    empty
        .replay(
            &AliasTable::new(SCOPE)
                .insert_undescribed_key(FIRST)
                .expect("a key"),
        )
        .expect("the next");
    kms_alias_testing::invariants::check(&empty);
}
