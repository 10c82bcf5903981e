//! A large account, judged by crate and model alike (rule Q).

use kms_alias_testing::model;

use kms_alias::{AliasName, AliasTable, AnyAliasName, Change, KeyId, Operation, Rule, Timestamp};
use model::Model;
use model::adaptor::{ask, assert_agree, assert_same, table};
use model::large::{Numbers, account, request};

const CHANGES: usize = 10_000;

/// Asks both, and counts what was not refused.
fn change(table: &mut AliasTable, model: &mut Model, numbers: &mut Numbers) -> usize {
    let mut changed = 0;
    for number in 0..CHANGES {
        let at = i64::try_from(number).expect("a time") * 1_000_000;
        let request = request(numbers);
        let by_crate = ask(table, &request, at);
        assert_same(&by_crate, &model.apply(&request, at), &request);
        changed += usize::from(by_crate.is_ok());
    }
    changed
}

#[test]
fn a_large_account_is_judged_as_the_model_judges_it_q() {
    let mut numbers = Numbers(1);
    let mut model = account(&mut numbers);
    let mut table = table(&model);
    assert_agree(&table, &model);
    let changed = change(&mut table, &mut model, &mut numbers);
    assert_agree(&table, &model);
    // Neither are all refused nor none.
    assert!(
        (CHANGES / 4..CHANGES * 3 / 4).contains(&changed),
        "{changed}"
    );
    let assembled = table.snapshot().into_table().expect("a table");
    assert_eq!(assembled, table);
}

/// Requests that are granted one after the other, and what they change.
fn granted(table: &mut AliasTable, at: Timestamp) -> (Vec<Operation>, Vec<Change>) {
    let keys: Vec<KeyId> = table.keys().map(|key| key.key_id()).collect();
    let names: Vec<AnyAliasName> = table.iter().map(|alias| alias.to_name()).collect();
    let customers = names.into_iter().flat_map(AliasName::try_from).step_by(31);
    let asked = customers.enumerate().map(|(number, alias_name)| {
        let target_key_id = keys[number * 7919 % keys.len()].into();
        match number % 3 {
            0 => Operation::DeleteAlias { alias_name },
            1 => Operation::UpdateAlias {
                alias_name,
                target_key_id,
            },
            _ => Operation::CreateAlias {
                alias_name: format!("{alias_name}-2").parse().expect("a name"),
                target_key_id,
            },
        }
    });
    asked
        .filter_map(|operation| {
            let change = table.apply(&operation, at).ok()?;
            Some((operation, change))
        })
        .unzip()
}

#[test]
fn a_large_account_takes_many_operations_at_once_or_none_q() {
    let at = Timestamp::from_millis(1_700_000_000_000);
    let mut table = table(&account(&mut Numbers(2)));
    let mut one_by_one = table.clone();
    let (mut operations, changes) = granted(&mut one_by_one, at);
    assert!(operations.len() > 1000, "{}", operations.len());
    // The last one would delete an alias that the first has deleted.
    let before = table.clone();
    let first = operations[0].clone();
    operations.push(first);
    let refused = table.apply_all(&operations, at).expect_err("no such alias");
    assert_eq!(
        (refused.index, refused.refusal.rule()),
        (changes.len(), Rule::U1)
    );
    assert_eq!(table, before);
    operations.pop();
    assert_eq!(table.apply_all(&operations, at), Ok(changes));
    assert_eq!(table, one_by_one);
}
