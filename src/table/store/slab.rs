//! Values in numbered slots that never move, in chunks of 1,024.
//!
//! A new chunk copies nothing, so no insert waits for growth. Slots that are free are used before new
//! ones. A chunk whose slots are all free is deallocated, but for one such chunk: so a table that
//! grows and shrinks around a multiple of 1,024 does not allocate each time. At most one chunk is
//! allocated that has no value.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "slots are handed out here alone, below 2³¹, and used only while they are in use"
)]

use alloc::vec::Vec;
use core::mem::replace;

/// How many slots a chunk has.
const CHUNK: usize = 1 << 10;
/// The end of a chunk's list of free slots.
const END: u32 = u32::MAX;

#[derive(Clone, Debug)]
enum Slot<T> {
    Used(T),
    /// The next free place of the chunk, or [`END`].
    Free(u32),
}

/// INVARIANT: `used` slots are used, and the list that begins at `free` has all others, once each.
#[derive(Clone, Debug)]
struct Chunk<T> {
    slots: Vec<Slot<T>>,
    free: u32,
    used: usize,
}

impl<T> Chunk<T> {
    const EMPTY: Self = Self {
        slots: Vec::new(),
        free: END,
        used: 0,
    };

    const fn is_allocated(&self) -> bool {
        self.slots.capacity() > 0
    }

    /// Puts a value into a chunk that is not full: its place.
    fn put(&mut self, value: T, is_first: bool) -> u32 {
        self.used += 1;
        if self.free != END {
            let place = self.free;
            if let Slot::Free(next) = replace(&mut self.slots[place as usize], Slot::Used(value)) {
                self.free = next;
            }
            return place;
        }
        if self.slots.len() == self.slots.capacity() {
            // Small tables have one chunk, which doubles; others are filled soon.
            let room = if is_first {
                self.slots.len().max(4)
            } else {
                CHUNK
            };
            self.slots.reserve_exact(room.min(CHUNK - self.slots.len()));
        }
        self.slots.push(Slot::Used(value));
        self.slots.len() as u32 - 1
    }
}

/// INVARIANT: `open` has the chunks that are not full, once each; `has_spare` says whether one of
/// them is allocated and has no value.
#[derive(Clone, Debug)]
pub(super) struct Slab<T> {
    chunks: Vec<Chunk<T>>,
    open: Vec<u32>,
    has_spare: bool,
    len: usize,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self {
            chunks: Vec::new(),
            open: Vec::new(),
            has_spare: false,
            len: 0,
        }
    }
}

impl<T> Slab<T> {
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    #[expect(
        clippy::expect_used,
        reason = "a slot is in use from its `insert` to its `remove`; no slot comes from input"
    )]
    pub(super) fn get(&self, slot: u32) -> &T {
        let slots = &self.chunks[slot as usize / CHUNK].slots;
        let used = match &slots[slot as usize % CHUNK] {
            Slot::Used(value) => Some(value),
            Slot::Free(_) => None,
        };
        used.expect("a slot in use")
    }

    #[inline(always)]
    #[expect(
        clippy::expect_used,
        reason = "a slot is in use from its `insert` to its `remove`; no slot comes from input"
    )]
    pub(super) fn get_mut(&mut self, slot: u32) -> &mut T {
        let slots = &mut self.chunks[slot as usize / CHUNK].slots;
        let used = match &mut slots[slot as usize % CHUNK] {
            Slot::Used(value) => Some(value),
            Slot::Free(_) => None,
        };
        used.expect("a slot in use")
    }

    /// Puts a value in: its slot. The caller has seen that fewer than 2³¹ are in use.
    pub(super) fn insert(&mut self, value: T) -> u32 {
        let at = self.open.last().copied().unwrap_or_else(|| {
            self.chunks.push(Chunk::EMPTY);
            let at = self.chunks.len() as u32 - 1;
            self.open.push(at);
            at
        });
        let chunk = &mut self.chunks[at as usize];
        if chunk.used == 0 && chunk.is_allocated() {
            self.has_spare = false;
        }
        let place = chunk.put(value, at == 0);
        if chunk.used == CHUNK {
            self.open.pop();
        }
        self.len += 1;
        at * CHUNK as u32 + place
    }

    /// Takes a value out, whose slot may be used again.
    pub(super) fn remove(&mut self, slot: u32) -> Option<T> {
        let (at, place) = (slot as usize / CHUNK, slot as usize % CHUNK);
        let chunk = &mut self.chunks[at];
        let Slot::Used(value) = replace(&mut chunk.slots[place], Slot::Free(chunk.free)) else {
            debug_assert!(false, "slot {slot} is not in use");
            return None;
        };
        chunk.free = place as u32;
        if chunk.used == CHUNK {
            self.open.push(at as u32);
        }
        chunk.used -= 1;
        self.len -= 1;
        if chunk.used == 0 {
            if self.has_spare {
                *chunk = Chunk::EMPTY;
            }
            self.has_spare = true;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, Slab};
    use alloc::collections::BTreeMap;
    use alloc::vec::Vec;

    fn allocated<T>(slab: &Slab<T>) -> usize {
        let chunks = slab.chunks.iter();
        chunks.filter(|chunk| chunk.is_allocated()).count()
    }

    /// The invariants, and that every value is where it was put.
    fn assert_holds(slab: &Slab<u32>, expected: &BTreeMap<u32, u32>) {
        assert_eq!(slab.len(), expected.len());
        for (slot, value) in expected {
            assert_eq!(slab.get(*slot), value);
        }
        let mut open = slab.open.clone();
        open.sort_unstable();
        let not_full = slab.chunks.iter().zip(0..);
        let not_full = not_full.filter(|(chunk, _)| chunk.used < CHUNK);
        assert!(not_full.map(|(_, at)| at).eq(open));
        let spare = slab.chunks.iter();
        let spare = spare.filter(|chunk| chunk.used == 0 && chunk.is_allocated());
        assert_eq!(spare.count(), usize::from(slab.has_spare));
    }

    #[test]
    fn slots_are_used_again_and_empty_chunks_are_given_back() {
        let mut slab = Slab::default();
        let mut expected = BTreeMap::new();
        let count = 10 * CHUNK as u32;
        for round in 0..3 {
            for value in 0..count {
                expected.insert(slab.insert(value), value);
            }
            assert_holds(&slab, &expected);
            assert_eq!((allocated(&slab), slab.chunks.len()), (10, 10));
            // Every chunk keeps a few, then the last of them go.
            for keep in [100, u32::MAX] {
                let gone: Vec<u32> = expected.keys().copied().collect();
                for slot in gone.into_iter().filter(|slot| slot % keep != 7 + round) {
                    assert_eq!(slab.remove(slot), expected.remove(&slot));
                }
                assert_holds(&slab, &expected);
            }
            // One chunk of the ten is kept, or two where a value is left.
            assert!(expected.len() <= 1 && allocated(&slab) <= 1 + expected.len());
            for (slot, value) in core::mem::take(&mut expected) {
                assert_eq!(slab.remove(slot), Some(value));
            }
        }
    }

    #[test]
    fn one_value_that_comes_and_goes_at_the_edge_of_a_chunk_allocates_nothing() {
        let mut slab = Slab::default();
        for value in 0..CHUNK {
            slab.insert(value);
        }
        for _ in 0..10 {
            let slot = slab.insert(7);
            assert_eq!((slot as usize, allocated(&slab)), (CHUNK, 2));
            assert_eq!(slab.remove(slot), Some(7));
            assert_eq!(allocated(&slab), 2);
        }
    }

    #[test]
    fn a_small_slab_takes_little_memory() {
        let mut slab = Slab::default();
        for value in 0..5 {
            slab.insert(value);
        }
        assert_eq!(slab.chunks[0].slots.capacity(), 8);
        // A copy is full, and grows as the original does.
        let mut copy = slab.clone();
        copy.insert(5);
        assert!(copy.chunks[0].slots.capacity() <= 10);
    }
}
