//! Every operation of the state machine, from one list that the compiler keeps whole.

use std::collections::BTreeSet;
use std::mem::discriminant;

use arbitrary::Unstructured;
use kms_alias::{
    KeyState, KmsOperation, Operation, RequestText, ReservedNames, WaitingPeriod,
    strategies::operation_on,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{FIRST, PAYMENTS, at, table};

macro_rules! every {
    ($($variant:ident { $($field:ident: $value:expr),* })*) => {
        /// One operation of each variant; a variant that is not in the list does not compile.
        fn every_operation() -> Vec<Operation> {
            let every = vec![$(Operation::$variant { $($field: $value),* }),*];
            for operation in &every {
                match operation {
                    $(Operation::$variant { .. } => {})*
                }
            }
            every
        }
    };
}

every! {
    CreateAlias { alias_name: PAYMENTS, target_key_id: FIRST.into() }
    UpdateAlias { alias_name: PAYMENTS, target_key_id: FIRST.into() }
    DeleteAlias { alias_name: PAYMENTS }
    EnableKey { key_id: FIRST.into() }
    DisableKey { key_id: FIRST.into() }
    ScheduleKeyDeletion { key_id: FIRST.into(), waiting_period: WaitingPeriod::LEAST }
    CancelKeyDeletion { key_id: FIRST.into() }
    DeleteKey { key_id: FIRST }
    SetKeyState { key_id: FIRST, state: KeyState::Disabled }
}

/// Every member that a request can have.
fn full_text() -> RequestText<'static> {
    RequestText {
        alias_name: Some("alias/payments"),
        target_key_id: Some("1234abcd-12ab-34cd-56ef-1234567890ab"),
        key_id: Some("1234abcd-12ab-34cd-56ef-1234567890ab"),
        pending_window_in_days: Some(7),
    }
}

#[test]
fn every_operation_of_kms_is_read_from_text_if_it_is_one_of_a_table() {
    let mut read = Vec::new();
    for operation in KmsOperation::ALL {
        let parsed = Operation::parse(*operation, &full_text(), ReservedNames::default());
        assert_eq!(
            parsed.is_ok(),
            Operation::is_change(*operation),
            "{operation}"
        );
        read.extend(parsed);
    }
    let by_name = |operations: Vec<Operation>| -> BTreeSet<String> {
        let each = operations.iter();
        each.map(|operation| format!("{} {operation:?}", operation.name()))
            .collect()
    };
    let mut of_kms = every_operation();
    of_kms.retain(|operation| !matches!(operation.name(), "DeleteKey" | "SetKeyState"));
    assert_eq!(by_name(read), by_name(of_kms));
}

#[test]
fn every_operation_is_judged_by_each_entry_point() {
    for operation in every_operation() {
        let mut table = table();
        let checked = table.check(&operation, at(2));
        let broken = table.broken_rules(&operation, at(2));
        assert_eq!(broken.first(), checked.as_ref().err(), "{operation:?}");
        let before = table.clone();
        assert_eq!(table.apply(&operation, at(2)), checked, "{operation:?}");
        if let Ok(change) = checked {
            table.undo(&change).expect("the newest");
            assert_eq!(table, before);
        }
    }
}

fn are_all_made(operations: impl Iterator<Item = Operation>) {
    let mut missing = every_operation();
    for made in operations.take(1_000) {
        missing.retain(|operation| discriminant(operation) != discriminant(&made));
    }
    assert_eq!(missing, []);
}

#[test]
fn the_strategies_make_every_operation() {
    let mut runner = TestRunner::deterministic();
    for strategy in [any::<Operation>().boxed(), operation_on(&table())] {
        let mut tree = || strategy.new_tree(&mut runner).expect("a value");
        are_all_made(std::iter::repeat_with(|| tree().current()));
    }
}

#[test]
fn a_fuzzers_bytes_make_every_operation() {
    let mut runner = TestRunner::deterministic();
    let bytes = proptest::collection::vec(any::<u8>(), 400);
    let mut bytes = || bytes.new_tree(&mut runner).expect("bytes").current();
    let operations = (0..2_000).map(|_| Unstructured::new(&bytes()).arbitrary());
    are_all_made(operations.flatten());
}
