//! Every run of a few steps on one or two keys that are not described, held against the oracle.

use kms_alias::{KeyId, KeySpec, KeyState, KeyUsage, MultiRegionRole, Origin};
use kms_alias_foresee::verdict::KeyFacts;

use kms_alias_testing::half_known::{
    Ask, Key, LIFE, SmallWorld, Tally, compare, described, described_there, key_id,
};
use kms_alias_testing::size;

/// A key of which only so much is left open that two of them can be tried together.
fn narrow(number: usize, state: Option<KeyState>) -> Key {
    let mut facts = KeyFacts::customer_managed();
    facts.origin = Some(Origin::AwsKms);
    facts.state = state;
    facts.usage = state.is_none().then_some(KeyUsage::SignVerify);
    Key::Undescribed(key_id(number), facts)
}

fn lists(asks: &[Ask], most: usize) -> Vec<Vec<Ask>> {
    let mut lists: Vec<Vec<Ask>> = vec![Vec::new()];
    let mut all = Vec::new();
    for _ in 0..most {
        let longer = lists.iter().flat_map(|list| {
            asks.iter().map(|ask| {
                let mut list = list.clone();
                list.push(*ask);
                list
            })
        });
        lists = longer.collect();
        all.extend(lists.iter().cloned());
    }
    all
}

fn try_all(keys: &[Key], stands: &[Option<usize>], asks: &[Ask], quotas: &[u32]) -> Tally {
    let mut tally = Tally::default();
    for steps in lists(asks, 2) {
        for quota in quotas {
            let no_order = Some(vec![Vec::new(); steps.len()]);
            for after in [None, no_order] {
                let world = SmallWorld {
                    keys: keys.to_vec(),
                    stands: stands.to_vec(),
                    quota: *quota,
                    keys_complete: false,
                    assumes_absent: false,
                    steps: steps.clone(),
                    after,
                };
                compare(&world, usize::MAX, false, &mut tally);
            }
        }
    }
    tally
}

#[test]
fn every_pair_of_steps_on_a_key_of_which_nothing_is_known() {
    let keys = [
        described(0, |key| key),
        Key::Undescribed(key_id(1), KeyFacts::default()),
    ];
    let asks = [
        Ask::Create(1, 1),
        Ask::Update(0, 1),
        Ask::Update(0, 0),
        Ask::Delete(0),
        Ask::Disable(1),
        Ask::Schedule(1),
        Ask::Cancel(1),
    ];
    let tally = try_all(&keys, &[Some(0), None], &asks, &[50]);
    println!("one unknown key: {tally:?}");
    assert!(tally.undecided > 50);
}

#[test]
fn every_pair_of_steps_on_two_keys_that_are_known_in_part() {
    let keys = [
        narrow(0, Some(KeyState::Enabled)),
        narrow(1, None),
        described(2, |key| key),
    ];
    let asks = [
        Ask::Create(2, 1),
        Ask::Update(0, 1),
        Ask::Update(1, 0),
        Ask::Update(2, 2),
        Ask::Delete(0),
        Ask::Schedule(1),
    ];
    let stands = [Some(0), Some(1), None];
    let tally = try_all(&keys, &stands, &asks, size(&[1], &[1, 2]));
    println!("two unknown keys: {tally:?}");
    assert!(tally.undecided > 20);
}

#[test]
fn every_list_of_three_changes_to_the_state_of_a_key_that_is_not_described_s4_s8() {
    let mut facts = KeyFacts::customer_managed();
    facts.spec = Some(KeySpec::SymmetricDefault);
    let mut tally = Tally::default();
    for multi_region in [false, true] {
        let id = KeyId::new(*key_id(0).as_bytes(), multi_region);
        // One list in so many of the full size.
        for steps in lists(&LIFE, 3).into_iter().step_by(size(3, 1)) {
            let world = SmallWorld {
                keys: vec![Key::Undescribed(id, facts)],
                stands: vec![Some(0)],
                quota: 50,
                keys_complete: false,
                assumes_absent: false,
                steps,
                after: None,
            };
            compare(&world, usize::MAX, true, &mut tally);
        }
    }
    println!("states of one key: {tally:?}");
    assert!(tally.undecided > size(70, 200));
}

#[test]
fn every_list_of_three_changes_to_the_state_of_a_described_key_without_key_material_s4() {
    let keys = [
        described(0, |key| key.origin(Origin::External)),
        described(0, |key| {
            let key = key
                .origin(Origin::External)
                .state(KeyState::PendingDeletion);
            key.awaits_import(true)
        }),
    ];
    let mut tally = Tally::default();
    for key in keys {
        for steps in lists(&LIFE, 3) {
            let world = SmallWorld {
                keys: vec![key.clone()],
                stands: vec![Some(0)],
                quota: 50,
                keys_complete: false,
                assumes_absent: false,
                steps,
                after: None,
            };
            compare(&world, usize::MAX, false, &mut tally);
        }
    }
    println!("states of a key without key material: {tally:?}");
    assert!(tally.ok > 100 && tally.refused > 100);
}

#[test]
fn every_key_that_is_asked_for_is_made_or_refused_m_k7() {
    fn each<T: Copy>(all: &[T]) -> Vec<Option<T>> {
        all.iter().copied().map(Some).chain([None]).collect()
    }
    let specs = [
        KeySpec::SymmetricDefault,
        KeySpec::Hmac256,
        KeySpec::Rsa2048,
        KeySpec::EccNistP256,
        KeySpec::MlKem512,
        KeySpec::Sm2,
    ];
    let mut tally = Tally::default();
    for spec in each(&specs) {
        for usage in each(KeyUsage::ALL) {
            for origin in each(Origin::ALL) {
                let states = [false, true];
                let each_region = each(&[false, true]);
                let each_region = each_region
                    .into_iter()
                    .flat_map(|it| states.map(|open| (it, open)));
                for (multi_region, is_state_open) in each_region {
                    let mut facts = KeyFacts::customer_managed();
                    facts.spec = spec;
                    facts.usage = usage;
                    facts.origin = origin;
                    facts.multi_region = multi_region;
                    let world = SmallWorld {
                        keys: vec![Key::Made(facts, is_state_open)],
                        stands: vec![None],
                        quota: 50,
                        keys_complete: true,
                        assumes_absent: false,
                        steps: vec![Ask::Make(0), Ask::Create(0, 0), Ask::Enable(0)],
                        after: None,
                    };
                    compare(&world, usize::MAX, true, &mut tally);
                }
            }
        }
    }
    println!("keys that are asked for: {tally:?}");
    assert!(tally.ok > 20 && tally.refused > 200 && tally.undecided > 100);
}

#[test]
fn every_primary_key_makes_a_replica_or_refuses_it_m_s8() {
    let roles = [
        MultiRegionRole::Primary { replicas: 0 },
        MultiRegionRole::Primary { replicas: 1 },
        MultiRegionRole::Replica,
    ];
    let replica = |before: KeyFacts| Key::Replica {
        primary: 0,
        facts: KeyFacts::customer_managed(),
        before,
    };
    let mut dying = KeyFacts::customer_managed();
    dying.spec = Some(KeySpec::SymmetricDefault);
    dying.origin = Some(Origin::AwsKms);
    dying.state = Some(KeyState::PendingDeletion);
    let asks = [
        Ask::Create(0, 1),
        Ask::Create(1, 0),
        Ask::Disable(0),
        Ask::Enable(0),
        Ask::Schedule(0),
        Ask::Schedule(1),
        Ask::Make(2),
    ];
    let mut tally = Tally::default();
    for role in roles {
        for state in [
            KeyState::Enabled,
            KeyState::Disabled,
            KeyState::PendingDeletion,
        ] {
            let primary = || described_there(0, |key| key.multi_region_role(role).state(state));
            for before in [KeyFacts::default(), dying] {
                for asks in lists(&asks, 2).into_iter().step_by(size(3, 1)) {
                    let is_made_twice = asks.iter().filter(|ask| **ask == Ask::Make(2)).count();
                    if is_made_twice > 1 {
                        continue;
                    }
                    let mut keys = vec![primary(), replica(before)];
                    if is_made_twice == 1 {
                        keys.push(replica(before));
                    }
                    let mut steps = vec![Ask::Make(1)];
                    steps.extend(asks);
                    let no_order = Some(vec![Vec::new(); steps.len()]);
                    let first = Some(vec![Vec::new(), vec![0], vec![0]][..steps.len()].to_vec());
                    for after in [None, no_order, first] {
                        let world = SmallWorld {
                            keys: keys.clone(),
                            stands: vec![None, None],
                            quota: 50,
                            keys_complete: true,
                            assumes_absent: false,
                            steps: steps.clone(),
                            after,
                        };
                        compare(&world, usize::MAX, true, &mut tally);
                    }
                }
            }
        }
    }
    println!("replicas: {tally:?}");
    let part = size(3, 1);
    assert!(tally.ok > 500 / part && tally.refused > 500 / part && tally.undecided > 100 / part);
}
