//! Random half-known accounts against the oracle.
//!
//! `KMS_ALIAS_WORLDS` sets how many worlds are tried, `KMS_ALIAS_SEED` where the random numbers
//! begin, and `KMS_ALIAS_SIZE` how many runs a world may take.

use kms_alias_foresee::verdict::{Fact, Need};
use kms_alias_testing::half_known::{
    Tally, any_key, compare, crowd, life, list, overdue, replicas, untold, world,
};
use kms_alias_testing::size;
use kms_alias_testing::small::random::Numbers;

fn setting(name: &str, otherwise: usize) -> usize {
    let set = std::env::var(name).ok();
    set.and_then(|value| value.parse().ok())
        .unwrap_or(otherwise)
}

#[test]
fn verdicts_on_steps_that_contend_in_many_orders_are_those_of_all_orders() {
    let worlds = setting("KMS_ALIAS_WORLDS", size(60, 150));
    let most = setting("KMS_ALIAS_SIZE", 12_000);
    let mut numbers = Numbers(u64::try_from(setting("KMS_ALIAS_SEED", 2)).expect("a number"));
    let mut tally = Tally::default();
    for _ in 0..worlds {
        let world = crowd(&mut numbers);
        compare(&world, most, true, &mut tally);
    }
    println!("in many orders: {tally:?}");
    assert!(tally.order_needs > 0 && tally.fails_without_a_refused_step > 0);
    assert_eq!(tally.bound_reached, 0);
}

#[test]
fn verdicts_on_longer_lists_are_those_of_all_completions() {
    let worlds = setting("KMS_ALIAS_WORLDS", size(60, 150));
    let most = setting("KMS_ALIAS_SIZE", 2_000);
    let mut numbers = Numbers(u64::try_from(setting("KMS_ALIAS_SEED", 3)).expect("a number"));
    let mut tally = Tally::default();
    for _ in 0..worlds {
        let world = list(&mut numbers);
        compare(&world, most, true, &mut tally);
    }
    println!("longer lists: {tally:?}");
    assert!(tally.undecided > 0);
    assert_eq!(tally.bound_reached, 0);
}

#[test]
fn verdicts_on_random_half_known_accounts_are_those_of_all_completions_and_orders() {
    let worlds = setting("KMS_ALIAS_WORLDS", size(150, 300));
    let most = setting("KMS_ALIAS_SIZE", 3_000);
    let mut numbers = Numbers(u64::try_from(setting("KMS_ALIAS_SEED", 1)).expect("a number"));
    let mut tally = Tally::default();
    for _ in 0..worlds {
        let world = world(&mut numbers);
        compare(&world, most, true, &mut tally);
    }
    println!("{tally:?}");
    assert!(tally.undecided > 0 && tally.several_refusals > 0 && tally.order_needs > 0);
    assert_eq!(tally.bound_reached, 0);
}

#[test]
fn verdicts_on_what_happens_to_the_state_of_a_key_are_those_of_all_completions_s4_s8() {
    let worlds = setting("KMS_ALIAS_WORLDS", size(200, 400));
    let most = setting("KMS_ALIAS_SIZE", 12_000);
    let mut numbers = Numbers(u64::try_from(setting("KMS_ALIAS_SEED", 4)).expect("a number"));
    let mut tally = Tally::default();
    for _ in 0..worlds {
        let world = life(&mut numbers);
        compare(&world, most, true, &mut tally);
    }
    println!("states of a key: {tally:?}");
    assert!(tally.undecided > 100 && tally.ok > 50 && tally.refused > 50);
    assert_eq!(tally.bound_reached, 0);
}

#[test]
fn a_target_that_is_not_known_may_be_any_key_t6() {
    let worlds = setting("KMS_ALIAS_WORLDS", size(150, 300));
    let most = setting("KMS_ALIAS_SIZE", 12_000);
    let mut numbers = Numbers(u64::try_from(setting("KMS_ALIAS_SEED", 5)).expect("a number"));
    let mut tally = Tally::default();
    for _ in 0..worlds {
        let world = any_key(&mut numbers);
        compare(&world, most, true, &mut tally);
    }
    println!("any key: {tally:?}");
    assert!(tally.undecided > 50 && tally.ok > 100 && tally.identities > 20);
    assert_eq!(tally.bound_reached, 0);
}

#[test]
fn each_fact_of_a_key_that_changes_an_outcome_alone_is_told() {
    let worlds = setting("KMS_ALIAS_WORLDS", 60);
    let most = setting("KMS_ALIAS_SIZE", 1_000);
    let mut numbers = Numbers(u64::try_from(setting("KMS_ALIAS_SEED", 6)).expect("a number"));
    for number in 0..worlds {
        let world = match number % 2 {
            0 => crowd(&mut numbers),
            _ => world(&mut numbers),
        };
        let mut untold = untold(&world, most);
        // Of a key that goes when its deletion is due, the order of steps says as much.
        let is_date = |need: &Need| {
            matches!(
                need,
                Need::Key {
                    fact: Fact::DeletionDate,
                    ..
                }
            )
        };
        untold.retain(|(_, need)| !is_date(need));
        assert!(untold.is_empty(), "{untold:?} of {world:#?}");
    }
}

#[test]
fn verdicts_on_replicas_are_those_of_all_completions_and_orders_m_s8() {
    let worlds = setting("KMS_ALIAS_WORLDS", size(200, 600));
    let most = setting("KMS_ALIAS_SIZE", 3_000);
    let mut numbers = Numbers(u64::try_from(setting("KMS_ALIAS_SEED", 7)).expect("a number"));
    let mut tally = Tally::default();
    for _ in 0..worlds {
        let world = replicas(&mut numbers);
        compare(&world, most, true, &mut tally);
    }
    println!("replicas: {tally:?}");
    assert!(tally.undecided > 20 && tally.ok > 60 && tally.refused > 60);
    assert_eq!(tally.bound_reached, 0);
}

#[test]
fn a_key_whose_deletion_was_due_before_the_run_may_be_gone_and_its_aliases_with_it_s5() {
    let worlds = setting("KMS_ALIAS_WORLDS", size(150, 400));
    let most = setting("KMS_ALIAS_SIZE", 3_000);
    let mut numbers = Numbers(u64::try_from(setting("KMS_ALIAS_SEED", 8)).expect("a number"));
    let mut tally = Tally::default();
    for _ in 0..worlds {
        let world = overdue(&mut numbers);
        compare(&world, most, true, &mut tally);
    }
    println!("overdue keys: {tally:?}");
    assert!(tally.undecided > 50 && tally.ok > 10 && tally.refused > 25);
    assert_eq!(tally.bound_reached, 0);
}
