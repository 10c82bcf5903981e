//! Operations on a small table, rule by rule: what each of them does, and what it leaves alone.

use kms_alias::{
    AccountId, AliasListEntry, AliasName, AliasTable, Assembly, Effect, Inconsistent, KeyArn,
    KeyId, KeyIdentifier, KeyManager, KeyMetadata, KeySpec, KeyState, KeyStatus, KeyUsage,
    KmsOperation, ListAliases, ListKeys, Operation, Origin, Refusal, Region, ReservedNames,
    ReturnsTo, Rule, Scope, Timestamp, WaitingPeriod,
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
        let mut parts = Assembly::new(SCOPE);
        parts.keys = vec![key.build().expect("a possible key")];
        parts.aliases = vec![AliasListEntry::new(PAYMENTS.into(), Some(key_id))];
        let mut table = parts.assemble().expect("a table");
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
    let mut parts = Assembly::new(SCOPE);
    parts.keys = (0..keys)
        .map(|number| {
            KeyMetadata::builder(KeyArn::new(SCOPE, id(number)))
                .build()
                .expect("a possible key")
        })
        .collect();
    let mut table = parts.assemble().expect("a table");
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
    let mut parts = Assembly::new(SCOPE);
    parts.aliases_per_key = 1;
    parts.keys = vec![key(FIRST)];
    parts.aliases = vec![AliasListEntry::new(
        "alias/aws/s3".parse().expect("a name"),
        Some(FIRST),
    )];
    let mut table = parts.assemble().expect("a table");
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
    assert_eq!(table.aliases_of(&FIRST).count(), 1_000);
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
fn a_deletion_is_carried_out_on_its_date_and_takes_the_aliases_s4_s5() {
    let mut table = table();
    let delete = Operation::DeleteKey { key_id: FIRST };
    refused(
        table.apply(&delete, at(1)),
        Rule::S5,
        "KMSInvalidStateException",
    );
    let waiting_period = WaitingPeriod::from_days(7).expect("7 days");
    table
        .apply(
            &Operation::ScheduleKeyDeletion {
                key_id: FIRST.into(),
                waiting_period,
            },
            at(1),
        )
        .expect("a deletion");
    refused(
        table.apply(&delete, at(7 * DAY)),
        Rule::S4,
        "KMSInvalidStateException",
    );
    assert_eq!(table.len(), 1, "until then the aliases stand");
    refused(
        table.create_alias(PAYMENTS, SECOND, at(2)),
        Rule::A6,
        "AlreadyExistsException",
    );
    let change = table.apply(&delete, at(7 * DAY + 1)).expect("due");
    assert!(matches!(change.effect(), Effect::KeyDeleted { aliases, .. } if aliases.len() == 1));
    assert_eq!((table.len(), table.key(&FIRST)), (0, None));
    table
        .create_alias(PAYMENTS, SECOND, at(8 * DAY))
        .expect("the name is free");
}

#[test]
fn an_unavailable_key_returns_to_what_was_asked_meanwhile_s2() {
    let mut table = AliasTable::new(SCOPE);
    let key = KeyMetadata::builder(KeyArn::new(SCOPE, FIRST)).origin(Origin::ExternalKeyStore);
    table
        .insert_key(key.build().expect("a possible key"))
        .expect("a new key");
    let status = |table: &AliasTable| table.key(&FIRST).expect("the key").status();
    let unavailable = Operation::SetKeyState {
        key_id: FIRST,
        state: KeyState::Unavailable,
    };
    table.apply(&unavailable, at(1)).expect("a fact");
    assert_eq!(
        status(&table),
        KeyStatus::Unavailable {
            returns_to: ReturnsTo::Enabled
        }
    );
    table
        .apply(
            &Operation::DisableKey {
                key_id: FIRST.into(),
            },
            at(2),
        )
        .expect("note 12");
    assert_eq!(
        status(&table),
        KeyStatus::Unavailable {
            returns_to: ReturnsTo::Disabled
        }
    );
    let disabled = Operation::SetKeyState {
        key_id: FIRST,
        state: KeyState::Disabled,
    };
    table.apply(&disabled, at(3)).expect("a fact");
    table.apply(&unavailable, at(4)).expect("a fact");
    assert_eq!(
        status(&table),
        KeyStatus::Unavailable {
            returns_to: ReturnsTo::Disabled
        }
    );
    table
        .apply(
            &Operation::EnableKey {
                key_id: FIRST.into(),
            },
            at(5),
        )
        .expect("note 12");
    let schedule = Operation::ScheduleKeyDeletion {
        key_id: FIRST.into(),
        waiting_period: WaitingPeriod::default(),
    };
    table
        .apply(&schedule, at(6))
        .expect("an unavailable key can be deleted");
    let change = table.apply(&unavailable, at(7)).expect("note 13");
    assert!(matches!(change.effect(), Effect::KeyChanged { before, after } if before == after));
    assert_eq!(
        status(&table),
        KeyStatus::PendingDeletion {
            deletion_date: Some(at(6 + 30 * DAY))
        }
    );
}

#[test]
fn the_life_of_an_aws_managed_key_is_not_the_callers_s7_t4() {
    let mut table = table();
    let key_id = OF_AWS.into();
    for operation in [
        Operation::EnableKey { key_id },
        Operation::DisableKey { key_id },
        Operation::ScheduleKeyDeletion {
            key_id,
            waiting_period: WaitingPeriod::default(),
        },
        Operation::CancelKeyDeletion { key_id },
    ] {
        refused(
            table.apply(&operation, at(2)),
            Rule::S7,
            "NotAuthorizedException",
        );
    }
    refused(
        table.create_alias(INVOICES, OF_AWS, at(2)),
        Rule::T4,
        "NotAuthorizedException",
    );
    refused(
        table.update_alias(PAYMENTS, OF_AWS, at(2)),
        Rule::T4,
        "NotAuthorizedException",
    );
}

#[test]
fn what_a_call_gets_is_decided_by_the_state_of_the_key_s6_s8_k8() {
    let mut table = table();
    let through: KeyIdentifier = PAYMENTS.into();
    table
        .check_use(KmsOperation::Encrypt, &through)
        .expect("an enabled key");
    table
        .apply(
            &Operation::DisableKey {
                key_id: FIRST.into(),
            },
            at(2),
        )
        .expect("a disable");
    assert_eq!(
        table.resolve(&through),
        Ok(FIRST),
        "an alias of a disabled key resolves"
    );
    refused(
        table.check_use(KmsOperation::Encrypt, &through),
        Rule::S6,
        "DisabledException",
    );
    refused(
        table.check_use(KmsOperation::Encrypt, &FIRST.into()),
        Rule::S8,
        "DisabledException",
    );
    table
        .check_use(KmsOperation::DescribeKey, &through)
        .expect("in every state");
    refused(
        table.check_use(KmsOperation::CreateGrant, &through),
        Rule::K8,
        "NotFoundException",
    );
    let arn: KeyIdentifier = "arn:aws:kms:eu-west-3:111122223333:alias/payments"
        .parse()
        .expect("an ARN");
    refused(
        table.check_use(KmsOperation::CreateGrant, &arn),
        Rule::K8,
        "InvalidArnException",
    );
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
fn a_key_stands_once_and_in_its_scope_i1_i2() {
    let mut table = table();
    assert_eq!(
        table.insert_key(key(FIRST)),
        Err(Inconsistent::DuplicateKey(KeyArn::new(SCOPE, FIRST)))
    );
    let elsewhere = Scope::new(Region::from_static("eu-west-1"), SCOPE.account());
    let key = KeyMetadata::builder(KeyArn::new(elsewhere, KeyId::new([9; 16], false)))
        .build()
        .expect("a possible key");
    assert_eq!(
        table.insert_key(key).map_err(|error| error.rule()),
        Err(Rule::I2)
    );
}

#[test]
fn a_key_leaves_only_without_aliases_i5() {
    let mut table = table();
    let before = table.clone();
    let error = table.remove_key(&FIRST).expect_err("an alias stands on it");
    let words = format!(
        "aliases stand on key {}: 1 (rule I5)",
        KeyArn::new(SCOPE, FIRST)
    );
    assert_eq!((error.rule(), error.to_string()), (Rule::I5, words));
    assert_eq!(
        table
            .remove_key(&KeyId::new([9; 16], false))
            .map_err(|error| error.rule()),
        Err(Rule::T1)
    );
    assert_eq!(table, before);
    let change = table.remove_key(&SECOND).expect("no alias stands on it");
    assert_eq!(table.key(&SECOND), None);
    table.undo(change).expect("the newest change");
    assert_eq!(table, before);
}

#[test]
fn only_the_newest_change_is_undone_i4() {
    let mut table = table();
    let first = table
        .update_alias(PAYMENTS, SECOND, at(2))
        .expect("an update");
    let second = table
        .update_alias(PAYMENTS, FIRST, at(3))
        .expect("an update");
    let before = table.clone();
    assert_eq!(
        table.undo(first.clone()).map_err(|error| error.rule()),
        Err(Rule::I4)
    );
    assert_eq!(
        table.replay(&second).map_err(|error| error.rule()),
        Err(Rule::I4)
    );
    assert_eq!(table, before);
    table.undo(second.clone()).expect("the newest");
    assert_eq!(
        table.undo(second.clone()).map_err(|error| error.rule()),
        Err(Rule::I4),
        "once only"
    );
    table.undo(first.clone()).expect("the newest now");
    // Another change in the same place of the order is not this one.
    table
        .update_alias(PAYMENTS, SECOND, at(9))
        .expect("an update");
    assert_eq!(
        table.undo(first).map_err(|error| error.rule()),
        Err(Rule::I4)
    );
}

#[test]
fn an_aws_alias_may_know_a_key_before_the_table_does_i2() {
    let mut parts = Assembly::new(SCOPE);
    parts.aliases = vec![AliasListEntry::new(
        "alias/aws/ebs".parse().expect("a name"),
        Some(OF_AWS),
    )];
    let mut table = parts.assemble().expect("a table");
    let through: KeyIdentifier = "alias/aws/ebs".parse().expect("a name");
    refused(table.describe_key(&through), Rule::T1, "NotFoundException");
    assert_eq!(
        (table.key_count(), table.aliases_of(&OF_AWS).count()),
        (0, 0)
    );
    refused(
        table.list_aliases(&ListAliases::of_key(OF_AWS)),
        Rule::T1,
        "NotFoundException",
    );
    let change = table.insert_key(key(OF_AWS)).expect("a new key");
    assert_eq!(table.resolve(&through), Ok(OF_AWS));
    assert_eq!(table.aliases_of(&OF_AWS).count(), 1);
    table.undo(change).expect("the newest change");
    refused(table.describe_key(&through), Rule::T1, "NotFoundException");
    assert_eq!(
        table
            .get("alias/aws/ebs")
            .and_then(|alias| alias.target_key_id()),
        Some(OF_AWS)
    );
}

#[test]
fn a_predefined_alias_without_a_key_is_not_found_l5_a8() {
    let mut parts = Assembly::new(SCOPE);
    parts.aliases = vec![AliasListEntry::new(
        "alias/aws/xray".parse().expect("a name"),
        None,
    )];
    let table = parts.assemble().expect("a table");
    refused(
        table.describe_key(&"alias/aws/xray".parse().expect("a name")),
        Rule::U1,
        "NotFoundException",
    );
    assert_eq!(
        table
            .list_aliases(&ListAliases::default())
            .map(|page| page.aliases.len()),
        Ok(1)
    );
}

#[test]
fn pages_keep_to_their_limits_l2_l3() {
    let table = table();
    for (limit, allowed) in [
        (0, false),
        (1, true),
        (100, true),
        (101, false),
        (1000, false),
        (-1, false),
    ] {
        assert_eq!(
            ListAliases::parse(None, Some(limit), None).is_ok(),
            allowed,
            "{limit}"
        );
    }
    for (limit, allowed) in [
        (0, false),
        (1, true),
        (1000, true),
        (1001, false),
        (i64::MAX, false),
    ] {
        assert_eq!(
            ListKeys::parse(Some(limit), None).is_ok(),
            allowed,
            "{limit}"
        );
    }
    let page = table
        .list_keys(&ListKeys::parse(Some(3), None).expect("a limit"))
        .expect("a page");
    assert_eq!(page.keys.len(), 3);
    let next = ListKeys::parse(Some(3), page.next_marker.as_deref()).expect("a marker of ours");
    let page = table.list_keys(&next).expect("a page");
    assert_eq!((page.keys.len(), page.next_marker), (1, None));
    for marker in [
        "x",
        "after:",
        "after:payments",
        "alias/payments",
        "after:alias/a b",
    ] {
        let refusal = ListAliases::parse(None, None, Some(marker)).expect_err(marker);
        assert_eq!(
            (refusal.rule(), refusal.exception()),
            (Rule::L3, "InvalidMarkerException")
        );
    }
    for marker in ["", "\u{1f}", "\u{100}", &"x".repeat(1025)] {
        let refusal = ListAliases::parse(None, None, Some(marker)).expect_err("out of bounds");
        assert_eq!(
            (refusal.rule(), refusal.exception()),
            (Rule::K7, "ValidationException")
        );
    }
}

#[test]
fn a_table_is_shared_among_threads_for_reading() {
    fn shared<T: Send + Sync>() {}
    shared::<AliasTable>();
    shared::<Refusal>();
}
