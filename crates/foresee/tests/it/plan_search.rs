//! Plans against exhaustive search: in small worlds none is longer, or has more gaps, than need be.

use kms_alias_testing::{size, small};

use small::random::{Numbers, knots, world};
use small::{Cost, Fate, Third, World};

/// What all comparisons saw, so that none of them is of nothing.
#[derive(Debug, Default)]
struct Seen {
    worlds: usize,
    impossible: usize,
    /// Plans longer than one step an alias that changes.
    longer: usize,
    with_gaps: usize,
    with_third_keys: usize,
}

#[track_caller]
fn compare(world: &World, seen: &mut Seen) {
    seen.worlds += 1;
    match small::compare(world) {
        None => seen.impossible += 1,
        Some((planned, cheapest)) => {
            seen.longer += usize::from(cheapest.steps > world.changes());
            seen.with_gaps += usize::from(cheapest.gaps > 0);
            seen.with_third_keys += usize::from(planned.third_keys > 0);
        }
    }
}

/// Every world of so many keys of one kind and so many names, all of them mentioned.
fn every_world(keys: usize, names: usize, quota: usize, third: Third, seen: &mut Seen) {
    let places = keys + 1;
    let worlds = places.pow(u32::try_from(names).expect("a few"));
    let place = |world: usize, name: usize| {
        let digit = world / places.pow(u32::try_from(name).expect("a few")) % places;
        digit.checked_sub(1)
    };
    for before in 0..worlds {
        for after in 0..worlds {
            let world = World {
                quota,
                keys: vec![small::Key::OPEN; keys],
                names: (0..names)
                    .map(|name| (place(before, name), Fate::Wanted(place(after, name))))
                    .collect(),
                third,
            };
            compare(&world, seen);
        }
    }
}

#[test]
fn every_world_of_two_keys_and_four_names_t6() {
    let mut seen = Seen::default();
    for quota in 1..=3 {
        every_world(2, 4, quota, Third::No, &mut seen);
    }
    assert_eq!(seen.worlds, 3 * 81 * 81);
    assert!(
        seen.impossible > 1000 && seen.longer > 100 && seen.with_gaps > 100,
        "{seen:?}"
    );
}

#[test]
fn every_world_of_three_keys_and_three_names_with_third_keys_t6() {
    let mut seen = Seen::default();
    for quota in 1..=2 {
        for third in [Third::No, Third::Any, Third::This(0)] {
            every_world(3, 3, quota, third, &mut seen);
        }
    }
    assert_eq!(seen.worlds, 2 * 3 * 64 * 64);
    assert!(seen.with_third_keys > 100, "{seen:?}");
}

/// Random worlds of a size, by the way in which they are made.
fn random_worlds(
    make: fn(&mut Numbers, usize, usize) -> World,
    (count, keys, names): (usize, usize, usize),
    seed: u64,
) -> Seen {
    let mut numbers = Numbers(seed);
    let mut seen = Seen::default();
    for _ in 0..count {
        compare(&make(&mut numbers, keys, names), &mut seen);
    }
    seen
}

#[test]
fn random_worlds_of_three_keys_u3_u4_t5_t6() {
    let count = size(7_000, 20_000);
    let seen = random_worlds(world, (count, 3, 4), 1);
    let some = count / 10..count / 10 * 9;
    assert!(some.contains(&seen.impossible), "{seen:?}");
    assert!(
        seen.with_gaps > count / 40 && seen.longer > count / 40,
        "{seen:?}"
    );
}

#[test]
fn random_worlds_of_four_keys_and_five_names_t6() {
    let count = size(1_000, 3_000);
    let seen = random_worlds(world, (count, 4, 5), 2);
    assert!(seen.with_gaps > count / 30, "{seen:?}");
}

#[test]
fn knots_of_full_keys_and_keys_above_the_quota_i3_t6() {
    let mut third_keys = 0;
    // One world in so many of the full size.
    let part = size(4, 1);
    for (count, keys, names) in [(5_000, 3, 4), (1_500, 4, 5), (400, 5, 5), (300, 4, 6)] {
        let seen = random_worlds(knots, (count / part, keys, names), 3);
        assert!(seen.longer > 10 / part, "{seen:?}");
        third_keys += seen.with_third_keys;
    }
    assert!(third_keys > 100 / part, "{third_keys}");
}

#[test]
fn a_cost_is_of_steps_first() {
    let [short, long] = [(2, 1), (3, 0)].map(|(steps, gaps)| Cost { steps, gaps });
    assert!(short < long);
}
