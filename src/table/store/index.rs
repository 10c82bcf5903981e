//! Numbers found by hash: linear probing, in one segment or in 256.
//!
//! An entry has 32 bits of the hash beside its number, so growing asks for no hash again and nearly
//! no wrong number is looked at. Entries of one home follow each other: most are found in the cache
//! line that is read first.
//!
//! ```text
//! bit of the hash  31 30                 22            0
//!                     | which segment    | home in the segment (fewer bits in a smaller one)
//! ```
//! Above 16,384 numbers there are 256 segments, which grow and shrink each alone, so no insert
//! waits for more than one of them: at 5,000,000 numbers that is to move some 20,000 entries. The
//! segments stay where a table becomes small again, 256 of 32 bytes at the least.
//!
//! `hashbrown::HashTable<u32>` in segments is simpler. This index is here because it took updates at
//! 1,000,000 aliases from 0.9 to 1.4 of what they were (see `benches/README.md`).
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "segments and their entries are counted in powers of two, by which every place is masked"
)]

use alloc::vec;
use alloc::vec::Vec;

/// Above so many numbers there are [`SEGMENTS`].
const ONE_SEGMENT: usize = 1 << 14;
const SEGMENTS: usize = 256;
const SEGMENT_BIT: u32 = 22;
/// The fewest entries of a segment.
const LEAST: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    hash: u32,
    number: u32,
}

const FREE: Entry = Entry {
    hash: 0,
    number: u32::MAX,
};

/// INVARIANT: the entries are a power of two or none, at least a quarter of them is free, and none
/// is free between the home of an entry and where it stands.
#[derive(Clone, Debug, Default)]
struct Segment {
    entries: Vec<Entry>,
    len: usize,
}

impl Segment {
    fn of(room: usize) -> Self {
        Self {
            entries: vec![FREE; room.max(LEAST).next_power_of_two()],
            len: 0,
        }
    }

    const fn mask(&self) -> usize {
        self.entries.len().wrapping_sub(1)
    }

    /// The place of the entry with this hash whose number is the one, as the caller says.
    #[inline(always)]
    fn find(&self, hash: u32, mut is_it: impl FnMut(u32) -> bool) -> Option<usize> {
        let mask = self.mask();
        // Ends at the first free entry, once round at the latest.
        for step in 0..self.entries.len() {
            let at = (hash as usize + step) & mask;
            let entry = self.entries[at];
            if entry == FREE {
                return None;
            }
            if entry.hash == hash && is_it(entry.number) {
                return Some(at);
            }
        }
        None
    }

    fn insert(&mut self, entry: Entry) {
        if self.len >= self.entries.len() / 4 * 3 {
            self.resize((self.len + 1) * 2);
        }
        let mask = self.mask();
        // Ends at the first free entry, and a quarter of them is free.
        for step in 0..self.entries.len() {
            let at = (entry.hash as usize + step) & mask;
            if self.entries[at] == FREE {
                self.entries[at] = entry;
                self.len += 1;
                return;
            }
        }
        debug_assert!(false, "a segment without a free entry");
    }

    /// Frees a place, and closes the gap with the entries that it kept from their homes.
    fn remove(&mut self, place: usize) {
        let (mask, mut gap) = (self.mask(), place);
        // Ends at the first free entry, once round at the latest.
        for step in 1..self.entries.len() {
            let at = (place + step) & mask;
            let entry = self.entries[at];
            if entry == FREE {
                break;
            }
            let from_home = at.wrapping_sub(entry.hash as usize) & mask;
            if from_home >= at.wrapping_sub(gap) & mask {
                self.entries[gap] = entry;
                gap = at;
            }
        }
        self.entries[gap] = FREE;
        self.len -= 1;
        if self.len < self.entries.len() / 8 && self.entries.len() > LEAST {
            self.resize(self.len * 2);
        }
    }

    fn resize(&mut self, room: usize) {
        let old = core::mem::replace(self, Self::of(room));
        for entry in old.entries.into_iter().filter(|entry| *entry != FREE) {
            self.insert(entry);
        }
    }
}

/// INVARIANT: there is one segment, or there are [`SEGMENTS`].
#[derive(Clone, Debug)]
pub(super) struct Index {
    segments: Vec<Segment>,
    len: usize,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            segments: vec![Segment::default()],
            len: 0,
        }
    }
}

impl Index {
    #[inline(always)]
    fn segment_of(&self, hash: u32) -> usize {
        (hash >> SEGMENT_BIT) as usize & (self.segments.len() - 1)
    }

    /// The number with this hash that is the one, as the caller says.
    #[inline(always)]
    pub(super) fn find(&self, hash: u64, is_it: impl FnMut(u32) -> bool) -> Option<u32> {
        let hash = hash as u32;
        let segment = &self.segments[self.segment_of(hash)];
        let place = segment.find(hash, is_it)?;
        Some(segment.entries[place].number)
    }

    /// Asks memory for the entry that a search for this hash reads first.
    #[inline(always)]
    pub(super) fn prefetch(&self, hash: u64) {
        let segment = &self.segments[self.segment_of(hash as u32)];
        core::hint::black_box(segment.entries.get(hash as usize & segment.mask()));
    }

    /// Puts in a number that is not there.
    pub(super) fn insert(&mut self, hash: u64, number: u32) {
        if self.len == ONE_SEGMENT && self.segments.len() == 1 {
            let only = core::mem::take(&mut self.segments[0]);
            self.segments = vec![Segment::default(); SEGMENTS];
            for entry in only.entries.into_iter().filter(|entry| *entry != FREE) {
                let at = self.segment_of(entry.hash);
                self.segments[at].insert(entry);
            }
        }
        let hash = hash as u32;
        let at = self.segment_of(hash);
        self.segments[at].insert(Entry { hash, number });
        self.len += 1;
    }

    /// Takes out a number that is there.
    pub(super) fn remove(&mut self, hash: u64, number: u32) {
        let hash = hash as u32;
        let at = self.segment_of(hash);
        let place = self.segments[at].find(hash, |each| each == number);
        debug_assert!(place.is_some(), "{number} is not in the index");
        if let Some(place) = place {
            self.segments[at].remove(place);
            self.len -= 1;
        }
    }

    /// Makes room in an empty index for so many numbers.
    pub(super) fn reserve(&mut self, count: usize) {
        if self.len > 0 {
            return;
        }
        let segments = if count > ONE_SEGMENT { SEGMENTS } else { 1 };
        // Segments are not equally full: a sixteenth more.
        let each = (count + count / 16).div_ceil(segments) * 4 / 3;
        self.segments = (0..segments).map(|_| Segment::of(each)).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, FREE, Index, LEAST, ONE_SEGMENT, SEGMENTS, Segment};
    use alloc::collections::BTreeMap;
    use alloc::vec::Vec;

    fn mixed(number: u32) -> u64 {
        let mixed = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ mixed >> 31
    }

    fn assert_holds(segment: &Segment) {
        let entries = &segment.entries;
        assert!(entries.is_empty() || entries.len().is_power_of_two());
        let used = entries.iter().filter(|entry| **entry != FREE).count();
        assert_eq!(used, segment.len);
        assert!(used <= entries.len() / 4 * 3, "{used} of {}", entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let home = entry.hash as usize & segment.mask();
            let way = at.wrapping_sub(home) & segment.mask();
            let between = (0..way).map(|step| entries[(home + step) & segment.mask()]);
            let is_free = |entry: Entry| entry == FREE;
            assert!(*entry == FREE || !between.into_iter().any(is_free));
        }
    }

    /// Numbers come and go under hashes of so many bits, as a map has them.
    fn churn(bits: u32, most: usize, steps: u32) -> Index {
        let (mut index, mut expected) = (Index::default(), BTreeMap::new());
        let hash = |number: u32| mixed(number) % (1 << bits);
        for step in 0..steps {
            let number = mixed(step) as u32 % (3 * most as u32 + 1);
            let found = index.find(hash(number), |each| each == number);
            assert_eq!(found, expected.get(&number).copied());
            if expected.remove(&number).is_some() {
                index.remove(hash(number), number);
            } else if expected.len() < most {
                expected.insert(number, number);
                index.insert(hash(number), number);
            }
        }
        assert_eq!(index.len, expected.len());
        index.segments.iter().for_each(assert_holds);
        index
    }

    #[test]
    fn numbers_come_and_go_at_every_size_whatever_the_hashes() {
        for most in 1..=70 {
            // All on one home, few homes, homes at the end of the segment, good hashes.
            for bits in [0, 1, 3, 32] {
                churn(bits, most, 2_000);
            }
        }
    }

    #[test]
    fn an_index_is_as_large_as_what_it_holds() {
        let most = 3 * ONE_SEGMENT;
        let mut index = churn(32, most, 4 * most as u32);
        assert_eq!(index.segments.len(), SEGMENTS);
        let room = |index: &Index| -> usize {
            index
                .segments
                .iter()
                .map(|segment| segment.entries.len())
                .sum()
        };
        assert!(room(&index) < 8 * most, "{}", room(&index));
        let numbers: Vec<Entry> = (index.segments.iter())
            .flat_map(|segment| segment.entries.clone())
            .filter(|entry| *entry != FREE)
            .collect();
        for entry in numbers {
            index.remove(entry.hash.into(), entry.number);
        }
        assert_eq!((index.len, room(&index)), (0, SEGMENTS * LEAST));
    }

    #[test]
    fn what_was_reserved_does_not_grow() {
        for count in [0, 1, 3, 100, ONE_SEGMENT, ONE_SEGMENT + 1, 5 * ONE_SEGMENT] {
            let mut index = Index::default();
            index.reserve(count);
            let sizes = |index: &Index| -> Vec<usize> {
                let segments = index.segments.iter();
                segments.map(|segment| segment.entries.len()).collect()
            };
            let before = sizes(&index);
            for number in 0..count as u32 {
                index.insert(mixed(number), number);
            }
            assert_eq!(sizes(&index), before, "{count}");
        }
    }
}
