//! What an observer is told of steps that succeed or may succeed.

use kms_alias::{AliasTable, Effect, KeyId, Operation};
use kms_alias_foresee::verdict::{
    AliasList, Happening, Judging, KeyFacts, KeyList, Knowledge, Place, Run, RunStep,
};
use kms_alias_testing::half_known::{AT, Key, SCOPE, described, key_id, name};

/// Three keys, the last of which is not described, and an alias on the first.
fn known() -> Knowledge {
    let mut knowledge = Knowledge::new(Place::from(SCOPE));
    for number in 0..2 {
        let Key::Described(key) = described(number, |key| key) else {
            unreachable!()
        };
        knowledge.table_mut().insert_key(key).expect("a new key");
    }
    knowledge.insert_undescribed_key(key_id(2), KeyFacts::customer_managed());
    let table = knowledge.table_mut();
    let created = table.create_alias(name(0), key_id(0), AT);
    created.expect("a free name");
    knowledge.alias_list = AliasList::Complete;
    knowledge.key_list = KeyList::Complete;
    knowledge
}

fn update(to: KeyId) -> RunStep {
    let target_key_id = to.into();
    RunStep::new(
        SCOPE,
        Operation::UpdateAlias {
            alias_name: name(0),
            target_key_id,
        },
    )
}

/// The keys from and to which each step would move the alias, and whether that is certain.
fn told(run: &Run) -> Vec<(usize, bool, KeyId, KeyId)> {
    let mut told = Vec::new();
    let mut judging = Judging::new(vec![known()]);
    judging.judge(
        run,
        &mut |step: usize, table: &AliasTable, happening: Happening<'_>| {
            let (is_certain, effect) = match happening {
                Happening::Certain(change) => (true, change.effect()),
                Happening::Possible(effect) => (false, effect),
                other => panic!("{other:?}"),
            };
            let Effect::AliasUpdated { from, to, .. } = effect else {
                panic!("{effect:?}")
            };
            assert!(table.knows_key(from) && table.knows_key(to));
            told.push((step, is_certain, *from, *to));
        },
    );
    told.sort_unstable();
    told
}

#[test]
fn a_step_of_a_list_is_told_as_it_comes_about_or_may() {
    let [a, b, open] = [0, 1, 2].map(key_id);
    let run = Run::listed(vec![update(b), update(open), update(a)], AT);
    let expected = [
        (0, true, a, b),
        (1, false, b, open),
        (2, false, b, a),
        (2, false, open, a),
    ];
    assert_eq!(told(&run), expected);
}

#[test]
fn of_steps_in_no_order_each_thing_is_told_that_they_may_do() {
    let [a, b, _] = [0, 1, 2].map(key_id);
    let run = Run::partial(vec![update(b), update(a)], AT);
    let expected = [(0, false, a, b), (1, false, a, a), (1, false, b, a)];
    assert_eq!(told(&run), expected);
}

#[test]
fn of_a_key_that_is_not_described_it_is_told_that_its_state_may_change() {
    let disable = Operation::DisableKey {
        key_id: key_id(2).into(),
    };
    let refused = Operation::DisableKey {
        key_id: key_id(7).into(),
    };
    let steps = [disable, refused].map(|operation| RunStep::new(SCOPE, operation));
    let mut told = Vec::new();
    let mut judging = Judging::new(vec![known()]);
    let run = Run::listed(steps.into(), AT);
    judging.judge(
        &run,
        &mut |step: usize, _: &AliasTable, happening: Happening<'_>| {
            told.push((step, happening == Happening::OfOpenKey(key_id(2))));
        },
    );
    assert_eq!(told, [(0, true)]);
}
