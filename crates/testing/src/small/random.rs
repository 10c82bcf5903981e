//! Random small worlds, the same in every run.

use super::{Fate, Key, Third, World};

/// Numbers that look random (SplitMix64).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bound = u64::try_from(bound).expect("a bound");
        usize::try_from((mixed ^ (mixed >> 31)) % bound).expect("a number below it")
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// A world in which places are scarce, so that the order matters.
pub fn world(numbers: &mut Numbers, keys: usize, names: usize) -> World {
    let kinds = if numbers.chance(70) { 1 } else { 3 };
    let all_open = numbers.chance(80);
    let keys: Vec<Key> = (0..keys)
        .map(|_| Key {
            kind: numbers.below(kinds),
            open: all_open || numbers.chance(80),
        })
        .collect();
    let quota = 1 + numbers.below(2);
    let all_go = numbers.chance(30);
    let mut room = vec![quota; keys.len()];
    let within = numbers.chance(85);
    let names = (0..names)
        .map(|_| {
            let before = numbers.chance(90).then(|| numbers.below(keys.len()));
            let after = numbers.below(keys.len());
            let fate = match numbers.below(10) {
                0 if all_go || before.is_none() => Fate::Wanted(None),
                0 => Fate::Stays,
                _ if within && room[after] == 0 => match before {
                    Some(_) if !all_go => Fate::Stays,
                    _ => Fate::Wanted(None),
                },
                _ => {
                    room[after] = room[after].saturating_sub(1);
                    Fate::Wanted(Some(after))
                }
            };
            (before, fate)
        })
        .collect();
    let third = match numbers.below(4) {
        0 => Third::Any,
        1 => Third::This(numbers.below(keys.len())),
        _ => Third::No,
    };
    World {
        quota,
        keys,
        names,
        third,
    }
}

/// A world of full keys, and nothing else: every alias is to have the place of another, most often
/// at another key.
pub fn full(numbers: &mut Numbers, keys: usize, quota: usize) -> World {
    let before: Vec<usize> = (0..keys * quota).map(|name| name % keys).collect();
    let names = before.iter().zip(shuffled(numbers, &before));
    World {
        quota,
        keys: vec![Key::OPEN; keys],
        names: names
            .map(|(before, after)| (Some(*before), Fate::Wanted(Some(after))))
            .collect(),
        third: Third::No,
    }
}

/// A world of knots: keys of one kind that are full or nearly so, and circles among them.
pub fn knots(numbers: &mut Numbers, keys: usize, names: usize) -> World {
    let quota = 1 + numbers.below(2);
    let before: Vec<usize> = (0..names).map(|_| numbers.below(keys)).collect();
    let mut after = shuffled(numbers, &before);
    for _ in 0..numbers.below(3) {
        let name = numbers.below(names);
        after[name] = numbers.below(keys);
    }
    let kinds = if numbers.chance(80) { 1 } else { 2 };
    let names = before.iter().zip(after);
    World {
        quota,
        names: names
            .map(|(before, after)| (Some(*before), Fate::Wanted(Some(after))))
            .collect(),
        keys: (0..keys)
            .map(|_| Key {
                kind: numbers.below(kinds),
                open: true,
            })
            .collect(),
        third: match numbers.below(3) {
            0 => Third::No,
            1 => Third::Any,
            _ => Third::This(numbers.below(keys)),
        },
    }
}

fn shuffled(numbers: &mut Numbers, places: &[usize]) -> Vec<usize> {
    let mut places = places.to_vec();
    for last in (1..places.len()).rev() {
        places.swap(last, numbers.below(last + 1));
    }
    places
}
