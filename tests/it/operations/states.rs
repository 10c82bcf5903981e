//! The states of a key, and what each means for its aliases.

use super::*;

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
    assert_eq!((table.len(), table.key(FIRST)), (0, None));
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
    let status = |table: &AliasTable| table.key(FIRST).expect("the key").status();
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
fn a_kept_key_without_material_waits_for_it_again_s4() {
    let mut table = AliasTable::new(SCOPE);
    let key = KeyMetadata::builder(KeyArn::new(SCOPE, FIRST)).origin(Origin::External);
    table
        .insert_key(key.build().expect("a key"))
        .expect("an empty table");
    let key_id = FIRST.into();
    let schedule = Operation::ScheduleKeyDeletion {
        key_id,
        waiting_period: WaitingPeriod::default(),
    };
    let cancel = Operation::CancelKeyDeletion { key_id };
    let state = |table: &AliasTable| table.key(FIRST).map(KeyMetadata::state);
    table.apply(&schedule, at(1)).expect("a schedule");
    let cancelled = table.apply(&cancel, at(2)).expect("a cancel");
    assert_eq!(state(&table), Some(KeyState::PendingImport));
    table.undo(&cancelled).expect("the newest");
    assert_eq!(state(&table), Some(KeyState::PendingDeletion));
    table.apply(&cancel, at(3)).expect("a cancel");
    assert_eq!(state(&table), Some(KeyState::PendingImport));

    let imported = Operation::SetKeyState {
        key_id: FIRST,
        state: KeyState::Enabled,
    };
    table.apply(&imported, at(4)).expect("a fact");
    table.apply(&schedule, at(5)).expect("a schedule");
    table.apply(&cancel, at(6)).expect("a cancel");
    assert_eq!(
        state(&table),
        Some(KeyState::Disabled),
        "its material is there"
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
            "AccessDeniedException",
        );
    }
    refused(
        table.create_alias(INVOICES, OF_AWS, at(2)),
        Rule::T4,
        "AccessDeniedException",
    );
    refused(
        table.update_alias(PAYMENTS, OF_AWS, at(2)),
        Rule::T4,
        "AccessDeniedException",
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
        "InvalidArnException",
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
fn a_primary_whose_last_replica_is_gone_has_none_s4() {
    const PRIMARY: KeyId = KeyId::from_static("mrk-1234abcd12ab34cd56ef1234567890ab");
    let mut table = AliasTable::new(SCOPE);
    let key = KeyMetadata::builder(KeyArn::new(SCOPE, PRIMARY))
        .multi_region_role(MultiRegionRole::Primary { replicas: 2 });
    table
        .insert_key(key.build().expect("a possible key"))
        .expect("a new key");
    let waiting_period = WaitingPeriod::from_days(7).expect("7 days");
    let schedule = Operation::ScheduleKeyDeletion {
        key_id: PRIMARY.into(),
        waiting_period,
    };
    table.apply(&schedule, at(1)).expect("a deletion");
    let told = |table: &AliasTable| {
        let key = table.key(PRIMARY).expect("the key");
        (key.status(), key.multi_region_role())
    };
    let waits = KeyStatus::PendingReplicaDeletion { waiting_period };
    let role = |replicas| Some(MultiRegionRole::Primary { replicas });
    assert_eq!(told(&table), (waits, role(2)));
    let gone = Operation::SetKeyState {
        key_id: PRIMARY,
        state: KeyState::PendingDeletion,
    };
    table.apply(&gone, at(DAY)).expect("a fact");
    let deletion_date = Some(at(8 * DAY));
    let pending = KeyStatus::PendingDeletion { deletion_date };
    assert_eq!(told(&table), (pending, role(0)));
}

#[test]
fn a_state_that_is_said_again_keeps_its_date_and_what_it_returns_to_s2_s4() {
    let mut table = table();
    let set = |key_id, state| Operation::SetKeyState { key_id, state };
    let schedule = Operation::ScheduleKeyDeletion {
        key_id: FIRST.into(),
        waiting_period: WaitingPeriod::default(),
    };
    table.apply(&schedule, at(DAY)).expect("a schedule");
    let before = table.key(FIRST).cloned();
    let again = set(FIRST, KeyState::PendingDeletion);
    table.apply(&again, at(5 * DAY)).expect("a fact");
    assert_eq!(table.key(FIRST), before.as_ref());
    let status = before.map(|key| key.status());
    let deletion_date = Some(at(31 * DAY));
    assert_eq!(status, Some(KeyStatus::PendingDeletion { deletion_date }));
}
