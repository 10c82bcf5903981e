//! Sorting many addresses by the names that lie there.
//!
//! Names lie far apart in memory, so each is looked at as seldom as can be: eight bytes at a time
//! are taken out of all of them and sorted as numbers, and only those that are equal so far are
//! looked at again, at the next eight.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::arena::Arena;

/// How many bytes are compared at a time.
const STEP: usize = 8;

/// What of a name is compared, and where the name lies.
type Keyed = (u64, u32);

/// Names that are equal before this byte.
struct Group {
    range: Range<usize>,
    byte: usize,
}

/// Sorts addresses by the byte order of their names, of which no two are equal.
pub(super) fn sort_by_name(addresses: &mut [u32], names: &Arena) {
    let is_above = |a: &u32, b: &u32| names.name(*a) <= names.name(*b);
    // What AWS lists is sorted already.
    if addresses.is_sorted_by(is_above) {
        return;
    }
    let mut keyed: Vec<Keyed> = Vec::with_capacity(addresses.len());
    let mut groups = vec![Group {
        range: 0..addresses.len(),
        byte: 0,
    }];
    while let Some(Group { range, byte }) = groups.pop() {
        let Some(group) = addresses.get_mut(range.clone()) else {
            continue;
        };
        sort_by_step(group, byte, names, &mut keyed);
        let mut start = range.start;
        for equal in keyed.chunk_by(|a, b| a.0 == b.0) {
            let end = start.saturating_add(equal.len());
            if equal.len() > 1 {
                groups.push(Group {
                    range: start..end,
                    byte: byte.saturating_add(STEP),
                });
            }
            start = end;
        }
    }
}

/// Sorts addresses by eight bytes of their names, and tells what those were.
fn sort_by_step(group: &mut [u32], byte: usize, names: &Arena, keyed: &mut Vec<Keyed>) {
    let step = |address: &u32| (step_at(names.name(*address), byte), *address);
    keyed.clear();
    keyed.extend(group.iter().map(step));
    if !keyed.is_sorted() {
        keyed.sort_unstable();
        for (address, keyed) in group.iter_mut().zip(keyed.iter()) {
            *address = keyed.1;
        }
    }
}

/// Eight bytes of a name as a number that orders as they do; where it ends there are zeros, which
/// stand in no name (rule A3).
fn step_at(name: &[u8], byte: usize) -> u64 {
    let rest = name.get(byte..).unwrap_or_default();
    match rest.first_chunk::<STEP>() {
        Some(step) => u64::from_be_bytes(*step),
        None => {
            let mut step = [0; STEP];
            for (place, byte) in step.iter_mut().zip(rest) {
                *place = *byte;
            }
            u64::from_be_bytes(step)
        }
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test holds little")]
mod tests {
    use super::{Arena, sort_by_name};
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    #[test]
    fn names_with_common_beginnings_come_in_byte_order_l4() {
        let mut names: Vec<String> = (0..3000_u32)
            .map(|number| {
                let number = number.wrapping_mul(2_654_435_761);
                let middle = "-".repeat((number % 23) as usize);
                format!("alias/{}{middle}{number}", number % 7)
            })
            .collect();
        // Beginnings of each other, at and around the edges of steps.
        names.extend((1..250).map(|length| format!("alias/{}", "a".repeat(length))));
        let mut arena = Arena::default();
        let mut addresses: Vec<u32> = (names.iter())
            .map(|name| arena.put(name.as_bytes(), None).expect("room"))
            .collect();
        for _ in 0..2 {
            sort_by_name(&mut addresses, &arena);
            names.sort_unstable();
            let sorted = addresses.iter().map(|address| arena.name(*address));
            assert!(sorted.eq(names.iter().map(String::as_bytes)));
            names.reverse();
            addresses.reverse();
        }
    }
}
