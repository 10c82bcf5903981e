//! A large account, judged by crate and model alike (rule Q).

mod model;

use kms_alias::AliasTable;
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
    let assembled = table.to_parts().assemble().expect("a table");
    assert_eq!(assembled, table);
}
