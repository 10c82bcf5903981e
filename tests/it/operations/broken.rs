//! Every rule that an operation breaks, in the order of the checks.

use super::{FIRST, INVOICES, OF_AWS, PAYMENTS, RSA, SECOND, at, table};
use kms_alias::{AliasName, AliasTable, KeyArn, KeyId, KeyState, Operation, Rule, WaitingPeriod};

const NOBODYS: KeyId = KeyId::from_static("7b1d9f43-2c86-4e05-b3a7-6f20d8c5914e");

/// A table whose keys may have one alias each: `alias/payments` on the first, `alias/invoices` on
/// the second.
fn full() -> AliasTable {
    let mut table = table();
    table
        .create_alias(INVOICES, SECOND, at(2))
        .expect("a new alias");
    table.with_aliases_per_key(1)
}

fn rules(table: &AliasTable, operation: &Operation) -> Vec<Rule> {
    let broken = table.broken_rules(operation, at(3));
    let first = table.check(operation, at(3)).err();
    assert_eq!(broken.first(), first.as_ref());
    broken.iter().map(|refusal| refusal.rule()).collect()
}

fn create(alias_name: AliasName, target: KeyId) -> Operation {
    let target_key_id = target.into();
    Operation::CreateAlias {
        alias_name,
        target_key_id,
    }
}

fn update(alias_name: AliasName, target: KeyId) -> Operation {
    let target_key_id = target.into();
    Operation::UpdateAlias {
        alias_name,
        target_key_id,
    }
}

#[test]
fn every_rule_that_a_create_breaks_is_told_a6_t1_t4_t6() {
    let table = full();
    let new = AliasName::from_static("alias/new");
    for (operation, expected) in [
        (create(new.clone(), RSA), vec![]),
        (create(new.clone(), FIRST), vec![Rule::T6]),
        (create(PAYMENTS, FIRST), vec![Rule::A6, Rule::T6]),
        (create(PAYMENTS, NOBODYS), vec![Rule::A6, Rule::T1]),
        (create(new, OF_AWS), vec![Rule::T4]),
    ] {
        assert_eq!(rules(&table, &operation), expected, "{operation:?}");
    }
}

#[test]
fn every_rule_that_an_update_breaks_is_told_u1_t1_u3_u4_t6() {
    let table = full();
    let absent = AliasName::from_static("alias/absent");
    for (operation, expected) in [
        // The quota is not asked for an alias that stays (rule U7).
        (update(PAYMENTS, FIRST), vec![]),
        (update(PAYMENTS, SECOND), vec![Rule::T6]),
        (update(PAYMENTS, RSA), vec![Rule::U3]),
        (update(PAYMENTS, NOBODYS), vec![Rule::T1]),
        (update(absent.clone(), NOBODYS), vec![Rule::U1, Rule::T1]),
        (update(absent, FIRST), vec![Rule::U1]),
    ] {
        assert_eq!(rules(&table, &operation), expected, "{operation:?}");
    }
}

#[test]
fn every_rule_that_breaks_in_a_keys_life_is_told_t1_s7_s8() {
    let mut table = full();
    let schedule = |key_id: KeyId| Operation::ScheduleKeyDeletion {
        key_id: key_id.into(),
        waiting_period: WaitingPeriod::default(),
    };
    table.apply(&schedule(FIRST), at(3)).expect("a schedule");
    for (operation, expected) in [
        (schedule(SECOND), vec![]),
        (schedule(FIRST), vec![Rule::S8]),
        (schedule(NOBODYS), vec![Rule::T1]),
        (schedule(OF_AWS), vec![Rule::S7]),
        (update(PAYMENTS, FIRST), vec![Rule::T5]),
        (
            Operation::EnableKey {
                key_id: FIRST.into(),
            },
            vec![Rule::S8],
        ),
        (
            Operation::SetKeyState {
                key_id: NOBODYS,
                state: KeyState::Disabled,
            },
            vec![Rule::T1],
        ),
        (
            Operation::DeleteAlias {
                alias_name: PAYMENTS,
            },
            vec![],
        ),
    ] {
        assert_eq!(rules(&table, &operation), expected, "{operation:?}");
    }
}

#[test]
fn a_key_of_elsewhere_breaks_the_rules_of_where_it_is_t2_t3() {
    let table = full();
    for (scope, expected) in [
        ("arn:aws:kms:eu-west-3:111122223333", vec![Rule::T6]),
        ("arn:aws:kms:eu-west-1:111122223333", vec![Rule::T2]),
        ("arn:aws:kms:eu-west-3:444455556666", vec![Rule::T3]),
        (
            "arn:aws:kms:eu-west-1:444455556666",
            vec![Rule::T3, Rule::T2],
        ),
        (
            "arn:aws-cn:kms:cn-north-1:111122223333",
            vec![Rule::T3, Rule::T2],
        ),
    ] {
        let arn: KeyArn = format!("{scope}:key/{SECOND}").parse().expect("a key ARN");
        let operation = Operation::UpdateAlias {
            alias_name: PAYMENTS,
            target_key_id: arn.into(),
        };
        assert_eq!(rules(&table, &operation), expected, "{arn}");
    }
}
