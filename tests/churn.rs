//! Tables that grow, shrink and go on for ever: everything is found, and memory does not grow.
//!
//! The allocator counts for the whole process, so the tests take turns.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

use kms_alias_testing::model;

use std::sync::{Mutex, PoisonError};

use kms_alias::{
    AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Operation, Region, Scope,
    Timestamp,
};
use model::adaptor::{ask, assert_agree, assert_same, joined, table};
use model::large::Numbers;
use model::{Key, Model, Request};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;
static TURN: Mutex<()> = Mutex::new(());

const KEYS: u64 = 8;
const NAMES: u64 = 6_000;
const DAY: i64 = 86_400_000;

fn key_id(number: u64) -> String {
    format!("{number:08x}-0000-4000-8000-{number:012x}")
}

/// Names of many lengths, short and long, with common beginnings (rule A2).
fn name(number: u64) -> String {
    let width = usize::try_from(number * 37 % 200).expect("a width");
    format!("alias/{:02}/{:->width$}", number % 90, number)
}

/// Keys whose quota is raised far above a byte's 255 (rule T6).
fn account() -> Model {
    let mut model = Model::new(["aws", "eu-west-3", "111122223333"]);
    model.quota = 2_000;
    for number in 0..KEYS {
        let id = key_id(number);
        model.insert_key(&id, Key::plain(&id)).expect("a new key");
    }
    model
}

/// Mostly creates while the table is to grow, and mostly deletes while it is to shrink.
fn request(numbers: &mut Numbers, grows: bool) -> Request {
    let (name, target) = (name(numbers.below(NAMES)), key_id(numbers.below(KEYS)));
    let creates = if grows { 70 } else { 5 };
    match numbers.below(100) {
        percent if percent < creates => Request::alias("CreateAlias", &name, &target),
        percent if percent < creates + 20 => Request::alias("UpdateAlias", &name, &target),
        _ => Request::delete_alias(&name),
    }
}

#[test]
fn a_table_that_grows_and_shrinks_again_and_again_is_judged_as_the_model_judges_it_t6_l4() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut numbers = Numbers(7);
    let mut model = account();
    let mut table = table(&model);
    let mut most = 0;
    for phase in 0..6 {
        for step in 0..8_000 {
            // Dates from long before KMS to long after us.
            let at = (phase * 8_000 + step - 20_000) * DAY;
            let request = request(&mut numbers, phase % 2 == 0);
            let by_crate = ask(&mut table, &request, at);
            assert_same(&by_crate, &model.apply(&request, at), &request);
        }
        assert_agree(&table, &model);
        for key in 0..KEYS {
            let names = joined(&table, &model, Some(&key_id(key)), 100);
            most = most.max(names.len());
        }
        let assembled = table.snapshot().into_table().expect("a table");
        assert_eq!(assembled, table);
    }
    assert!(most > 255, "at most {most} aliases stood on a key");
}

fn scope() -> Scope {
    let account = AccountId::from_static("111122223333");
    Scope::new(Region::from_static("eu-west-3"), account)
}

/// A table of two keys with a quota that is never reached.
fn two_keys() -> (AliasTable, [KeyId; 2]) {
    let keys = [KeyId::new([1; 16], false), KeyId::new([2; 16], false)];
    let mut table = AliasTable::new(scope()).with_aliases_per_key(u32::MAX);
    for key in keys {
        let key = KeyMetadata::builder(KeyArn::new(scope(), key)).build();
        table
            .insert_key(key.expect("a possible key"))
            .expect("a new key");
    }
    (table, keys)
}

fn parsed(number: u64) -> AliasName {
    name(number).parse().expect("a name")
}

/// Creates, moves and deletes a window of names that goes on and on, other lengths every time.
fn churn(table: &mut AliasTable, keys: [KeyId; 2], rounds: std::ops::Range<u64>) {
    const WINDOW: u64 = 1_000;
    for number in rounds {
        let at = Timestamp::from_millis(1_700_000_000_000 + i64::try_from(number).expect("a time"));
        let created = table.create_alias(parsed(number), keys[0], at);
        drop(created.expect("a new name"));
        drop(
            table
                .update_alias(parsed(number), keys[1], at)
                .expect("an alias"),
        );
        if number >= WINDOW {
            let deleted = table.delete_alias(&parsed(number - WINDOW));
            drop(deleted.expect("an alias"));
        }
    }
}

#[test]
fn a_table_that_creates_and_deletes_for_ever_does_not_grow_q() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let before = MEMORY.current_usage();
    let (mut table, keys) = two_keys();
    churn(&mut table, keys, 0..20_000);
    let early = MEMORY.current_usage() - before;
    churn(&mut table, keys, 20_000..200_000);
    let late = MEMORY.current_usage() - before;
    assert_eq!(table.len(), 1_000);
    // 180,000 more names went through, of 33 MB; 1,000 of them stand.
    assert!(late < early + early / 4, "{early} bytes, then {late}");
    let listed: Vec<&str> = table.iter().map(|alias| alias.name()).collect();
    let mut expected: Vec<String> = (199_000..200_000).map(name).collect();
    expected.sort_unstable();
    assert_eq!(listed, expected);
}

#[test]
fn a_table_that_becomes_small_gives_memory_back_q() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let before = MEMORY.current_usage();
    let (mut table, keys) = two_keys();
    let at = Timestamp::from_millis(0);
    for number in 0..50_000 {
        table
            .create_alias(parsed(number), keys[0], at)
            .expect("a new name");
    }
    let large = MEMORY.current_usage() - before;
    for number in 100..50_000 {
        table.delete_alias(&parsed(number)).expect("an alias");
    }
    let small = MEMORY.current_usage() - before;
    assert_eq!(table.len(), 100);
    assert!(small < large / 20, "{large} bytes, then {small}");
}

#[test]
fn undoing_all_of_a_long_run_restores_the_start_i4() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut numbers = Numbers(11);
    let mut model = account();
    for number in 0..1_000 {
        let request = Request::alias("CreateAlias", &name(number), &key_id(number % KEYS));
        model.apply(&request, 0).expect("a new name");
    }
    let mut table = table(&model);
    let start = table.clone();
    let mut changes = Vec::new();
    for step in 0..20_000 {
        let request = request(&mut numbers, step / 5_000 % 2 == 0);
        changes.extend(ask(&mut table, &request, step));
    }
    assert!(changes.len() > 5_000, "{} changes", changes.len());
    let end = table.clone();
    for change in changes.iter().rev() {
        table.undo(change).expect("the newest change");
    }
    assert_eq!(table, start);
    for change in &changes {
        table.replay(change).expect("the next change");
    }
    assert_eq!(table, end);
}

#[test]
fn a_batch_is_judged_as_its_operations_one_by_one_i1() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut table, keys) = two_keys();
    churn(&mut table, keys, 0..3_000);
    let at = Timestamp::from_millis(5);
    let batch: Vec<Operation> = (0..100_u64)
        .map(|number| Operation::UpdateAlias {
            alias_name: parsed(2_000 + number % 40 * 7),
            target_key_id: keys[usize::from(number % 3 == 0)].into(),
        })
        .collect();
    let mut one_by_one = table.clone();
    let changes: Vec<_> = (batch.iter())
        .map(|operation| one_by_one.apply(operation, at).expect("a valid update"))
        .collect();
    assert_eq!(table.apply_all(&batch, at).expect("all of them"), changes);
    assert_eq!(table, one_by_one);
}
