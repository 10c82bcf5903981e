//! Operations on a small table, rule by rule: what each of them does, and what it leaves alone.

#[path = "operations/broken.rs"]
mod broken;
#[path = "operations/every.rs"]
mod every;
#[path = "operations/half_known.rs"]
mod half_known;
#[path = "operations/keys.rs"]
mod keys;
#[path = "operations/states.rs"]
mod states;

use kms_alias::{
    AccountId, AliasListEntry, AliasName, AliasTable, AnyAliasName, Effect, Inconsistent, KeyArn,
    KeyId, KeyIdentifier, KeyManager, KeyMetadata, KeySpec, KeyState, KeyStatus, KeyUsage,
    KmsOperation, ListAliases, ListKeys, MultiRegionRole, Operation, Origin, Refusal, Region,
    RequestText, ReservedNames, ReturnsTo, Rule, Scope, Snapshot, SnapshotEntry, Timestamp,
    WaitingPeriod, Warning,
};

const SCOPE: Scope = Scope::new(
    Region::from_static("eu-west-3"),
    AccountId::from_static("111122223333"),
);
const FIRST: KeyId = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
const SECOND: KeyId = KeyId::from_static("0987dcba-09fe-87dc-65ba-ab0987654321");
const RSA: KeyId = KeyId::from_static("5d0c7a19-3e42-4b8f-a6d1-09c2e7f4b385");
const OF_AWS: KeyId = KeyId::from_static("9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036");
const PAYMENTS: AliasName = AliasName::from_static("alias/payments");
const INVOICES: AliasName = AliasName::from_static("alias/invoices");

const DAY: i64 = 86_400_000;

const fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn key(key_id: KeyId) -> KeyMetadata {
    let key = KeyMetadata::builder(KeyArn::new(SCOPE, key_id));
    let key = match key_id {
        RSA => key.spec(KeySpec::Rsa2048),
        OF_AWS => key.manager(KeyManager::Aws),
        _ => key,
    };
    key.build().expect("a possible key")
}

/// Four keys, and `alias/payments` on the first since moment 1.
fn table() -> AliasTable {
    let mut table = AliasTable::new(SCOPE);
    for key_id in [FIRST, SECOND, RSA, OF_AWS] {
        table.insert_key(key(key_id)).expect("a new key");
    }
    table
        .create_alias(PAYMENTS, FIRST, at(1))
        .expect("a new alias");
    table
}

fn keys(table: &AliasTable) -> Vec<KeyMetadata> {
    table.keys().cloned().collect()
}

/// Target and dates of `alias/payments`.
#[track_caller]
fn payments(table: &AliasTable) -> (Option<KeyId>, Option<Timestamp>, Option<Timestamp>) {
    let alias = table.get(PAYMENTS).expect("the alias");
    (
        alias.target_key_id(),
        alias.creation_date(),
        alias.last_updated_date(),
    )
}

#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>, rule: Rule, exception: &str) {
    let refusal = result.expect_err("a refusal");
    assert_eq!(
        (refusal.rule(), refusal.exception()),
        (rule, exception),
        "{refusal}"
    );
}

#[test]
fn a_new_alias_has_one_date_twice_c1() {
    assert_eq!(payments(&table()), (Some(FIRST), Some(at(1)), Some(at(1))));
}

#[test]
fn an_alias_may_be_created_on_a_key_of_any_spec_and_usage_c1() {
    let mut table = table();
    for spec in KeySpec::ALL {
        for usage in spec.usages() {
            // SM2 is for China alone.
            let key_id = KeyId::new(
                [
                    *spec as u8 + 1,
                    *usage as u8,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                ],
                false,
            );
            let arn = KeyArn::new(SCOPE, key_id);
            let Ok(key) = KeyMetadata::builder(arn).spec(*spec).usage(*usage).build() else {
                assert_eq!(*spec, KeySpec::Sm2);
                continue;
            };
            table.insert_key(key).expect("a new key");
            let name: AliasName = format!("alias/{spec}-{usage}").parse().expect("a name");
            table
                .create_alias(name, key_id, at(2))
                .expect("no rule of type or usage");
        }
    }
}

#[test]
fn an_update_keeps_the_creation_date_and_moves_the_other_u6() {
    let mut table = table();
    table
        .update_alias(PAYMENTS, SECOND, at(5))
        .expect("an update");
    assert_eq!(payments(&table), (Some(SECOND), Some(at(1)), Some(at(5))));
}

#[test]
fn an_update_to_the_present_key_is_an_update_u7() {
    let mut table = table().with_aliases_per_key(1);
    table
        .update_alias(PAYMENTS, FIRST, at(5))
        .expect("no new alias on the key, so no quota either (T6)");
    assert_eq!(payments(&table), (Some(FIRST), Some(at(1)), Some(at(5))));
    let disabled = Operation::SetKeyState {
        key_id: FIRST,
        state: KeyState::PendingDeletion,
    };
    table.apply(&disabled, at(6)).expect("a fact");
    refused(
        table.update_alias(PAYMENTS, FIRST, at(7)),
        Rule::T5,
        "KMSInvalidStateException",
    );
}

#[test]
fn an_alias_leaves_a_key_that_is_pending_deletion_u5() {
    let mut table = table();
    let schedule = Operation::ScheduleKeyDeletion {
        key_id: FIRST.into(),
        waiting_period: WaitingPeriod::default(),
    };
    table.apply(&schedule, at(2)).expect("a deletion");
    table
        .update_alias(PAYMENTS, SECOND, at(3))
        .expect("only the new key's state counts");
}

#[test]
fn an_alias_of_another_account_is_out_of_reach_u2() {
    // The same name in another account is another alias: this table's is not found or not touched.
    let elsewhere = Scope::new(SCOPE.region(), AccountId::from_static("999999999999"));
    let mut other = AliasTable::new(elsewhere);
    let arn = KeyArn::new(elsewhere, FIRST);
    other
        .insert_key(KeyMetadata::builder(arn).build().expect("a possible key"))
        .expect("a new key");
    refused(
        other.update_alias(PAYMENTS, FIRST, at(2)),
        Rule::U1,
        "NotFoundException",
    );
    refused(
        other.update_alias(PAYMENTS, KeyArn::new(SCOPE, FIRST), at(2)),
        Rule::U1,
        "NotFoundException",
    );
    other
        .create_alias(PAYMENTS, FIRST, at(2))
        .expect("the name is free there (A6)");
    refused(
        other.update_alias(PAYMENTS, KeyArn::new(SCOPE, FIRST), at(3)),
        Rule::T3,
        "NotFoundException",
    );
}

#[test]
fn an_alias_is_deleted_in_every_state_of_its_key_d1() {
    let multi_region = KeyId::new([7; 16], true);
    for state in KeyState::ALL {
        let key_id = if state.to_string() == "Unavailable" {
            SECOND
        } else {
            multi_region
        };
        let origin = match state {
            KeyState::Unavailable => Origin::AwsCloudhsm,
            KeyState::PendingImport => Origin::External,
            _ => Origin::AwsKms,
        };
        let key = KeyMetadata::builder(KeyArn::new(SCOPE, key_id))
            .origin(origin)
            .state(*state);
        let mut parts = Snapshot::new(SCOPE);
        parts.keys = vec![key.build().expect("a possible key")];
        parts.aliases = vec![AliasListEntry::new(PAYMENTS.into(), Some(key_id))];
        let mut table = parts.into_table().expect("a table");
        table
            .delete_alias(&PAYMENTS)
            .unwrap_or_else(|refusal| panic!("{state}: {refusal}"));
        refused(table.delete_alias(&PAYMENTS), Rule::U1, "NotFoundException");
    }
}

#[test]
fn no_operation_on_an_alias_changes_a_key_d2() {
    let mut table = table();
    let before = keys(&table);
    table
        .create_alias(INVOICES, SECOND, at(2))
        .expect("a create");
    table
        .update_alias(PAYMENTS, SECOND, at(3))
        .expect("an update");
    table.delete_alias(&PAYMENTS).expect("a delete");
    assert_eq!(keys(&table), before);
}

#[test]
fn a_hundred_thousand_keys_have_fifty_aliases_each_q() {
    // The design size by its shape: as many keys, full quotas on some of them, in one table.
    let keys = 100_000_u32;
    let id = |number: u32| {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&number.to_be_bytes());
        KeyId::new(bytes, false)
    };
    let mut parts = Snapshot::new(SCOPE);
    parts.keys = (0..keys)
        .map(|number| {
            KeyMetadata::builder(KeyArn::new(SCOPE, id(number)))
                .build()
                .expect("a possible key")
        })
        .collect();
    let mut table = parts.into_table().expect("a table");
    assert_eq!(table.key_count(), 100_000);
    for number in (0..keys).step_by(10_000) {
        for alias in 0..50 {
            let name: AliasName = format!("alias/{number}-{alias}").parse().expect("a name");
            table
                .create_alias(name, id(number), at(1))
                .expect("below the quota");
        }
        refused(
            table.create_alias(PAYMENTS, id(number), at(1)),
            Rule::T6,
            "LimitExceededException",
        );
    }
    assert_eq!(table.len(), 500);
}

#[test]
fn the_aliases_of_aws_count_against_no_quota_a8_t6() {
    let mut parts = Snapshot::new(SCOPE);
    parts.aliases_per_key = 1;
    parts.keys = vec![key(FIRST)];
    parts.aliases = vec![AliasListEntry::new(
        "alias/aws/s3".parse().expect("a name"),
        Some(FIRST),
    )];
    let mut table = parts.into_table().expect("a table");
    table
        .create_alias(PAYMENTS, FIRST, at(1))
        .expect("the first that counts");
    let full = table
        .create_alias(INVOICES, FIRST, at(1))
        .expect_err("a full quota");
    let words = "Aliases per key quota for this account in this region is 1, current usage is 1.";
    assert_eq!((full.rule(), full.to_string().as_str()), (Rule::T6, words));
}

#[test]
fn a_raised_quota_may_be_far_above_255_t6() {
    let mut table = table().with_aliases_per_key(1_000);
    for number in 1..1_000 {
        let name: AliasName = format!("alias/n{number}").parse().expect("a name");
        table
            .create_alias(name, FIRST, at(2))
            .expect("below the quota");
    }
    refused(
        table.create_alias(INVOICES, FIRST, at(3)),
        Rule::T6,
        "LimitExceededException",
    );
    assert_eq!(table.aliases_of(FIRST).count(), 1_000);
}

#[test]
fn a_name_parsed_under_the_current_rule_is_still_judged_by_the_tables_a4() {
    let awsome =
        AliasName::parse_with("alias/awsome", ReservedNames::AliasAwsSlash).expect("a name today");
    let mut strict = table();
    refused(
        strict.create_alias(awsome.clone(), FIRST, at(2)),
        Rule::A4,
        "InvalidAliasNameException",
    );
    refused(
        strict.update_alias(awsome.clone(), FIRST, at(2)),
        Rule::A4,
        "InvalidAliasNameException",
    );
    refused(
        strict.delete_alias(&awsome),
        Rule::A4,
        "InvalidAliasNameException",
    );
    let mut current = table().with_reserved_names(ReservedNames::AliasAwsSlash);
    current
        .create_alias(awsome, FIRST, at(2))
        .expect("a name today");
}

#[test]
fn warnings_name_each_reserved_name_that_stands_and_no_neighbour_i3_a4() {
    let names = [
        "alias/a",
        "alias/awr",
        "alias/awr~",
        "alias/aws",
        "alias/aws-a",
        "alias/aws/s3",
        "alias/aws0",
        "alias/awsome",
        "alias/awt",
        "alias/b",
    ];
    for reading in [ReservedNames::AliasAws, ReservedNames::AliasAwsSlash] {
        let mut parts = table().with_reserved_names(reading).snapshot();
        let named = |name: &&str| {
            let name: AnyAliasName = name.parse().ok()?;
            let target = (!name.is_aws()).then_some(FIRST);
            Some(AliasListEntry::new(name, target))
        };
        parts.aliases = names.iter().filter_map(named).collect();
        let wanted: Vec<String> = parts
            .aliases
            .iter()
            .filter(|alias| {
                reading.reserves(alias.alias_name.as_str()) && !alias.alias_name.is_aws()
            })
            .map(|alias| alias.alias_name.to_string())
            .collect();
        let table = parts.into_table().expect("facts");
        let told: Vec<String> = table
            .warnings()
            .map(|warning| match warning {
                Warning::ReservedName { alias_name, .. } => alias_name,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(told, wanted);
        assert_eq!(wanted.is_empty(), reading == ReservedNames::AliasAwsSlash);
    }
}

/// Aliases are loaded some at a time: what is wrong may stand anywhere among them.
#[test]
fn the_first_alias_that_does_not_fit_is_named_wherever_it_stands_i1_i2_a8() {
    const COUNT: usize = 100;
    let fit = |number: usize| {
        let name = format!("alias/n{number}").parse().expect("a name");
        AliasListEntry::new(name, Some(FIRST))
    };
    let named = |name: &str| AliasListEntry::new(name.parse().expect("a name"), None);
    let wrong = [
        (fit(0), Rule::I1),
        (named("alias/nowhere"), Rule::I2),
        (named("alias/aws/"), Rule::A8),
    ];
    let parts = table().snapshot();
    for place in 1..COUNT {
        for later in [place + 1, place + 31, place + 32, place + 33] {
            for (first, rule) in &wrong {
                for (second, _) in &wrong {
                    let mut parts = parts.clone();
                    parts.aliases = (0..COUNT + 40).map(fit).collect();
                    parts.aliases[place] = first.clone();
                    parts.aliases[later] = second.clone();
                    let error = parts.into_table().expect_err("what does not fit");
                    assert_eq!(error.entry, SnapshotEntry::Alias(place));
                    assert_eq!(error.rule(), *rule);
                }
            }
        }
    }
}

#[test]
fn usage_is_compared_before_type_u4_u3() {
    let mut table = table();
    refused(
        table.update_alias(PAYMENTS, RSA, at(2)),
        Rule::U3,
        "ValidationException",
    );
    let mac = KeyId::new([3; 16], false);
    let key = KeyMetadata::builder(KeyArn::new(SCOPE, mac))
        .spec(KeySpec::Hmac256)
        .usage(KeyUsage::GenerateVerifyMac);
    table
        .insert_key(key.build().expect("a possible key"))
        .expect("a new key");
    refused(
        table.update_alias(PAYMENTS, mac, at(2)),
        Rule::U4,
        "ValidationException",
    );
}

#[test]
fn a_table_is_shared_among_threads_for_reading() {
    fn shared<T: Send + Sync>() {}
    shared::<AliasTable>();
    shared::<Refusal>();
}
