//! Verdicts on runs in half-known accounts that the bytes choose.

use kms_alias_testing::half_known::{
    Choices, Tally, any_key, compare, crowd, list, replicas, world,
};

/// As many runs may a world take: completions times orders.
const MOST: usize = 4_000;

/// The verdicts on a run in an account that is half known are those of every completion and order,
/// each run through a closed table: `ok` and `refused` only where all agree, `undecided` only where
/// two differ, with the answers that came out, and the run as a whole likewise.
pub fn verdict(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else {
        return;
    };
    let mut bytes = Bytes(rest);
    let world = match kind % 5 {
        0 => world(&mut bytes),
        1 => crowd(&mut bytes),
        2 => list(&mut bytes),
        3 => replicas(&mut bytes),
        _ => any_key(&mut bytes),
    };
    compare(&world, MOST, false, &mut Tally::default());
}

/// Bytes that choose; those that end too early choose the first of what is left to choose.
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl Choices for Bytes<'_> {
    fn below(&mut self, bound: usize) -> usize {
        match self.0.split_first() {
            Some((byte, rest)) => {
                self.0 = rest;
                usize::from(*byte) % bound
            }
            None => 0,
        }
    }
}
