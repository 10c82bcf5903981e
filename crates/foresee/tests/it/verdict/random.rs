//! Random half-known accounts against the oracle.
//!
//! `KMS_ALIAS_WORLDS` sets how many worlds are tried, `KMS_ALIAS_SEED` where the random numbers
//! begin, and `KMS_ALIAS_SIZE` how many runs a world may take.

use std::collections::BTreeSet;

use kms_alias::{KeyId, KeyManager, KeySpec, KeyState, KeyUsage, Origin};
use kms_alias_foresee::verdict::{Conclusion, KeyFacts, Need, Outcome, Possible, judge};
use kms_alias_testing::small::random::Numbers;

use super::oracle::Oracle;
use super::small::{Ask, Key, SmallWorld, described, key_id};

/// What a comparison has seen.
#[derive(Debug, Default)]
pub struct Tally {
    pub worlds: usize,
    pub completions: usize,
    pub runs: usize,
    pub ok: usize,
    pub refused: usize,
    pub several_refusals: usize,
    pub undecided: usize,
    pub needs: usize,
    pub order_needs: usize,
    pub bound_reached: usize,
    pub fails_without_a_refused_step: usize,
    pub left_out: usize,
}

/// Holds the verdicts on a world against every completion and order of it.
#[track_caller]
pub fn compare(world: &SmallWorld, most: usize, check_needs: bool, tally: &mut Tally) {
    let oracle = Oracle::of(world);
    // Facts that no key can have together are no world.
    let contradicts = |keys: &Vec<Option<_>>| {
        keys.is_empty() || (!world.keys_complete && keys.iter().all(Option::is_none))
    };
    if oracle.size() > most || oracle.keys.iter().any(contradicts) {
        tally.left_out += 1;
        return;
    }
    let truth = oracle.truth();
    let judgement = judge(&world.run(), vec![world.knowledge()]);
    tally.worlds += 1;
    tally.completions += truth.completions;
    tally.runs += truth.completions * truth.orders;
    for (step, (said, possible)) in judgement.outcomes.iter().zip(&truth.outcomes).enumerate() {
        let said_possible: BTreeSet<Possible> = match said {
            Outcome::Ok => [Possible::Ok].into(),
            Outcome::Refused { could_be } => {
                could_be.iter().cloned().map(Possible::Refused).collect()
            }
            Outcome::Undecided { could_be, .. } => could_be.iter().cloned().collect(),
        };
        assert_eq!(said_possible, *possible, "step {step} of {world:#?}");
        match said {
            Outcome::Ok => tally.ok += 1,
            Outcome::Refused { could_be } => {
                tally.refused += 1;
                tally.several_refusals += usize::from(could_be.len() > 1);
            }
            Outcome::Undecided { needs, .. } => {
                tally.undecided += 1;
                assert!(possible.len() > 1 && possible.contains(&Possible::Ok));
                assert!(!needs.is_empty(), "step {step} of {world:#?}");
                for need in needs {
                    tally.needs += 1;
                    tally.order_needs += usize::from(matches!(need, Need::Order { .. }));
                    if *need == Need::BoundReached {
                        tally.bound_reached += 1;
                    }
                    if check_needs {
                        assert!(
                            oracle.matters(step, need),
                            "{need:?} of step {step} of {world:#?}"
                        );
                    }
                }
            }
        }
    }
    assert_eq!(judgement.conclusion, truth.conclusion, "{world:#?}");
    let none_refused = judgement
        .outcomes
        .iter()
        .all(|outcome| !matches!(outcome, Outcome::Refused { .. }));
    if truth.conclusion == Conclusion::Fails && none_refused {
        tally.fails_without_a_refused_step += 1;
    }
}

fn setting(name: &str, otherwise: usize) -> usize {
    let set = std::env::var(name).ok();
    set.and_then(|value| value.parse().ok())
        .unwrap_or(otherwise)
}

fn facts(numbers: &mut Numbers) -> KeyFacts {
    let mut facts = KeyFacts::default();
    facts.exists = numbers.chance(60);
    if numbers.chance(70) {
        facts.manager = Some(if numbers.chance(85) {
            KeyManager::Customer
        } else {
            KeyManager::Aws
        });
    }
    if numbers.chance(50) {
        facts.origin = Some(*pick(
            numbers,
            &[
                Origin::AwsKms,
                Origin::AwsKms,
                Origin::External,
                Origin::AwsCloudhsm,
            ],
        ));
    }
    if facts.origin == Some(Origin::AwsCloudhsm) {
        return facts;
    }
    if numbers.chance(40) {
        facts.usage = Some(*pick(numbers, KeyUsage::ALL));
    } else if numbers.chance(40) {
        facts.spec = Some(*pick(
            numbers,
            &[
                KeySpec::SymmetricDefault,
                KeySpec::Rsa2048,
                KeySpec::Hmac384,
            ],
        ));
    }
    match numbers.below(4) {
        0 => {
            facts.state = Some(*pick(
                numbers,
                &[
                    KeyState::Enabled,
                    KeyState::Disabled,
                    KeyState::PendingDeletion,
                ],
            ))
        }
        1 => facts.enabled = Some(numbers.chance(70)),
        _ => {}
    }
    facts
}

fn pick<'a, T>(numbers: &mut Numbers, from: &'a [T]) -> &'a T {
    &from[numbers.below(from.len())]
}

fn described_key(numbers: &mut Numbers, number: usize) -> Key {
    let kind = numbers.below(8);
    described(number, |key| match kind {
        0 => key.state(KeyState::PendingDeletion),
        1 => key.spec(KeySpec::Rsa3072).usage(KeyUsage::SignVerify),
        2 => key
            .spec(KeySpec::Hmac224)
            .usage(KeyUsage::GenerateVerifyMac),
        3 => key.state(KeyState::Disabled),
        4 => key.manager(KeyManager::Aws),
        _ => key,
    })
}

fn ask(numbers: &mut Numbers, names: usize, keys: usize) -> Ask {
    let (name, key) = (numbers.below(names), numbers.below(keys));
    match numbers.below(24) {
        0..=6 => Ask::Create(name, key),
        7..=13 => Ask::Update(name, key),
        14..=16 => Ask::Delete(name),
        17 => Ask::Enable(key),
        18 => Ask::Disable(key),
        19 | 20 => Ask::Schedule(key),
        21 => Ask::Cancel(key),
        22 => Ask::DeleteKey(key),
        _ => Ask::State(
            key,
            *pick(
                numbers,
                &[
                    KeyState::Enabled,
                    KeyState::PendingDeletion,
                    KeyState::Unavailable,
                ],
            ),
        ),
    }
}

/// A random world.
pub fn world(numbers: &mut Numbers) -> SmallWorld {
    let described = numbers.below(3);
    let mut keys: Vec<Key> = (0..described)
        .map(|number| described_key(numbers, number))
        .collect();
    for _ in 0..1 + numbers.below(2) {
        let number = keys.len();
        let key = match numbers.below(6) {
            0 => Key::Label(["module.a.key", "module.b.key"][number % 2], facts(numbers)),
            1 => Key::Made(facts(numbers)),
            2 => Key::Undescribed(KeyId::new(*key_id(number).as_bytes(), true), facts(numbers)),
            _ => Key::Undescribed(key_id(number), facts(numbers)),
        };
        keys.push(key);
    }
    let names = 2 + numbers.below(3);
    let stands = (0..names).map(|_| {
        let on = numbers.below(keys.len());
        let can_stand = match &keys[on] {
            Key::Described(key) => key.manager() == KeyManager::Customer,
            Key::Undescribed(_, facts) => facts.exists && facts.manager != Some(KeyManager::Aws),
            _ => false,
        };
        (can_stand && numbers.chance(70)).then_some(on)
    });
    let stands = stands.collect();
    let mut steps: Vec<Ask> = (0..1 + numbers.below(4))
        .map(|_| ask(numbers, names, keys.len()))
        .collect();
    for (number, key) in keys.iter().enumerate() {
        if matches!(key, Key::Made(_)) {
            let at = if numbers.chance(70) {
                0
            } else {
                numbers.below(steps.len() + 1)
            };
            steps.insert(at, Ask::Make(number));
        }
    }
    let after = numbers.chance(50).then(|| order(numbers, steps.len()));
    SmallWorld {
        keys,
        stands,
        quota: *pick(numbers, &[1, 2, 3, 50]),
        keys_complete: numbers.chance(30),
        steps,
        after,
    }
}

/// A random order: steps come after some of those that are listed before them.
fn order(numbers: &mut Numbers, steps: usize) -> Vec<Vec<usize>> {
    let dense = *pick(numbers, &[0, 20, 50]);
    let before =
        |step: usize, numbers: &mut Numbers| (0..step).filter(|_| numbers.chance(dense)).collect();
    (0..steps).map(|step| before(step, numbers)).collect()
}

/// Many steps in no order or little of it, on few keys whose quotas are nearly full.
fn crowd(numbers: &mut Numbers) -> SmallWorld {
    let mut keys = vec![described(0, |key| key), described(1, |key| key)];
    if numbers.chance(50) {
        let mut facts = KeyFacts::customer_managed();
        facts.origin = Some(Origin::AwsKms);
        facts.usage = Some(KeyUsage::SignVerify);
        facts.state = numbers.chance(50).then_some(KeyState::Enabled);
        keys.push(Key::Undescribed(key_id(2), facts));
    }
    let names = 4 + numbers.below(3);
    let stands = (0..names).map(|_| numbers.chance(50).then(|| numbers.below(keys.len())));
    let stands = stands.collect();
    let step = |numbers: &mut Numbers| {
        let (name, key) = (numbers.below(names), numbers.below(keys.len()));
        match numbers.below(10) {
            0..=3 => Ask::Create(name, key),
            4..=6 => Ask::Update(name, key),
            7 | 8 => Ask::Delete(name),
            _ => Ask::Schedule(key),
        }
    };
    let steps: Vec<Ask> = (0..5).map(|_| step(numbers)).collect();
    let after = Some(order(numbers, steps.len()));
    SmallWorld {
        keys,
        stands,
        quota: *pick(numbers, &[1, 2, 3]),
        keys_complete: true,
        steps,
        after,
    }
}

/// A longer list on few names.
fn list(numbers: &mut Numbers) -> SmallWorld {
    let mut world = world(numbers);
    let names = world.stands.len();
    for _ in 0..6 {
        let next = ask(numbers, names, world.keys.len());
        world.steps.push(next);
    }
    world.after = None;
    world
}

#[test]
fn verdicts_on_steps_that_contend_in_many_orders_are_those_of_all_orders() {
    let worlds = setting("KMS_ALIAS_WORLDS", 150);
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
    let worlds = setting("KMS_ALIAS_WORLDS", 150);
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
    let worlds = setting("KMS_ALIAS_WORLDS", 300);
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
