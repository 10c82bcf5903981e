//! Plans of random tables, against the model: what is planned is accepted and arrives, and what is
//! said to be unreachable the model refuses too, by the same rule and with the same words.

use kms_alias_testing::model;
use kms_alias_testing::{plan_judge, size};

use std::collections::BTreeSet;

use kms_alias_foresee::{PlanOptions, ThirdKey, Unmentioned};
use model::adaptor::parsed;
use model::world::{KEY_IDS, world_and_wanted};
use plan_judge::{Outcome, judge};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

fn options() -> impl Strategy<Value = PlanOptions> {
    let third = prop_oneof![
        Just(ThirdKey::No),
        Just(ThirdKey::Any),
        select(KEY_IDS.to_vec()).prop_map(|key_id| ThirdKey::This(parsed(key_id))),
    ];
    (select(vec![Unmentioned::Stay, Unmentioned::Go]), third).prop_map(|(unmentioned, third)| {
        let options = PlanOptions::default().with_unmentioned(unmentioned);
        options.with_third_key(third)
    })
}

#[test]
fn random_plans_arrive_or_are_impossible_as_the_model_says_a4_t1_t2_t3_t4_t5_t6() {
    let pairs = size(3_000, 10_000);
    let mut runner = TestRunner::deterministic();
    let strategy = (world_and_wanted(), options());
    let (mut plans, mut steps, mut impossible) = (0, 0, 0);
    let mut rules = BTreeSet::new();
    for _ in 0..pairs {
        let tree = strategy.new_tree(&mut runner).expect("a value");
        let ((model, wish), options) = tree.current();
        match judge(&model, &wish, options) {
            Outcome::Arrived(count) => {
                plans += 1;
                steps += count;
            }
            Outcome::Impossible(refused_by) => {
                impossible += 1;
                rules.extend(refused_by);
            }
        }
    }
    // Neither outcome is the only one.
    let least = pairs / 4;
    assert!(
        plans > least && steps > pairs && impossible > least,
        "{plans}, {steps}"
    );
    let all = ["A4", "T1", "T2", "T3", "T4", "T5", "T6"];
    assert_eq!(rules, BTreeSet::from(all));
}
