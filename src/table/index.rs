//! Numbers found by hash: each bucket is one cache line, which holds some bits of the hashes beside
//! the numbers.
//!
//! Where a table is far larger than the caches, looking at two places costs twice as much as
//! looking at one. Who asks says whether a number is the one, as numbers are all that is kept here.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "buckets are counted in powers of two, by which every place is masked"
)]

use alloc::vec;
use alloc::vec::Vec;

/// How many numbers a bucket holds.
const SLOTS: usize = 12;
/// How many of them are in use in a full index, on average.
const FULL: usize = 10;
/// The tag of a free slot.
const FREE: u8 = 0;
/// One in every byte of a word.
const EACH: u64 = 0x0101_0101_0101_0101;

#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Bucket {
    numbers: [u32; SLOTS],
    /// Some bits of the hash of each.
    tags: [u8; SLOTS],
    /// How many stand in later buckets because there was no room in this one.
    passed: u32,
}

impl Bucket {
    const EMPTY: Self = Self {
        numbers: [0; SLOTS],
        tags: [FREE; SLOTS],
        passed: 0,
    };

    /// The slots with a tag.
    #[inline(always)]
    fn tagged(&self, tag: u8) -> impl Iterator<Item = u32> + '_ {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = self.tags;
        let words = [
            u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            // What follows is no slot, and no tag is free where one is looked for.
            u64::from_le_bytes([i, j, k, l, FREE, FREE, FREE, FREE]),
        ];
        let [first, second] = words.map(|word| zero_bytes(word ^ (u64::from(tag) * EACH)));
        let slots = Slots { first, second };
        slots.map(|slot| self.numbers[slot % SLOTS])
    }

    fn slot_of(&self, tag: u8, number: u32) -> Option<usize> {
        let mut slots = self.tags.iter().zip(&self.numbers);
        slots.position(|(each, other)| *each == tag && *other == number)
    }
}

/// The uppermost bit of every byte that is zero.
const fn zero_bytes(word: u64) -> u64 {
    let low = word & (0x7f * EACH);
    !((low + 0x7f * EACH) | word) & (0x80 * EACH)
}

/// Slots, as bits of two words.
struct Slots {
    first: u64,
    second: u64,
}

impl Iterator for Slots {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        let (word, begin) = match self.first {
            0 => (&mut self.second, 8),
            _ => (&mut self.first, 0),
        };
        if *word == 0 {
            return None;
        }
        let slot = begin + word.trailing_zeros() as usize / 8;
        *word &= *word - 1;
        Some(slot)
    }
}

/// Numbers, found by a hash that their owner tells.
///
/// INVARIANT: there is no bucket, or as many as a power of two, and in these is room; the buckets
/// between a number's own and the one where it stands count it as passed.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    buckets: Vec<Bucket>,
    len: usize,
}

/// The bits of a hash that are kept.
#[inline(always)]
const fn tag(hash: u64) -> u8 {
    let [.., upper] = hash.to_le_bytes();
    if upper == FREE { 1 } else { upper }
}

impl Index {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the lower bits of the hash are as good as all of them"
    )]
    fn bucket_of(&self, hash: u64) -> usize {
        hash as usize & self.buckets.len().wrapping_sub(1)
    }

    #[inline(always)]
    fn next(&self, bucket: usize) -> usize {
        (bucket + 1) & self.buckets.len().wrapping_sub(1)
    }

    /// Asks for the bucket where a number with this hash is looked for first.
    #[inline(always)]
    pub(super) fn ahead(&self, hash: u64) {
        let bucket = self.buckets.get(self.bucket_of(hash));
        core::hint::black_box(bucket.map(|bucket| bucket.passed));
    }

    /// The number with a hash that is the one.
    #[inline(always)]
    pub(super) fn find(&self, hash: u64, mut is_it: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut at = self.bucket_of(hash);
        loop {
            let bucket = self.buckets.get(at)?;
            for number in bucket.tagged(tag(hash)) {
                if is_it(number) {
                    return Some(number);
                }
            }
            if bucket.passed == 0 {
                return None;
            }
            at = self.next(at);
        }
    }

    /// Puts in a number that is not there; the hashes of others may be asked for.
    pub(super) fn insert(&mut self, hash: u64, number: u32, hash_of: impl Fn(u32) -> u64) {
        self.reserve(1, hash_of);
        self.put(hash, number);
    }

    /// Puts in a number for which there is room.
    fn put(&mut self, hash: u64, number: u32) {
        let mut at = self.bucket_of(hash);
        let slot = loop {
            let bucket = &mut self.buckets[at];
            if let Some(slot) = bucket.tags.iter().position(|tag| *tag == FREE) {
                break slot;
            }
            bucket.passed += 1;
            at = self.next(at);
        };
        self.buckets[at].tags[slot] = tag(hash);
        self.buckets[at].numbers[slot] = number;
        self.len += 1;
    }

    /// Takes out a number.
    pub(super) fn remove(&mut self, hash: u64, number: u32) {
        let own = self.bucket_of(hash);
        let mut at = own;
        let slot = loop {
            let Some(bucket) = self.buckets.get(at) else {
                return;
            };
            if let Some(slot) = bucket.slot_of(tag(hash), number) {
                break slot;
            }
            if bucket.passed == 0 {
                return;
            }
            at = self.next(at);
        };
        self.buckets[at].tags[slot] = FREE;
        self.len -= 1;
        let mut passed = own;
        while passed != at {
            self.buckets[passed].passed -= 1;
            passed = self.next(passed);
        }
    }

    /// Makes room for so many numbers more.
    pub(super) fn reserve(&mut self, count: usize, hash_of: impl Fn(u32) -> u64) {
        let len = self.len.saturating_add(count);
        if len > self.buckets.len().saturating_mul(FULL) {
            self.resize(len, hash_of);
        }
    }

    /// Gives room back that is not needed.
    pub(super) fn shrink(&mut self, hash_of: impl Fn(u32) -> u64) {
        if self.len < self.buckets.len().saturating_mul(FULL) / 4 {
            self.resize(self.len, hash_of);
        }
    }

    fn resize(&mut self, len: usize, hash_of: impl Fn(u32) -> u64) {
        let count = len.div_ceil(FULL).max(1).next_power_of_two();
        let old = core::mem::replace(&mut self.buckets, vec![Bucket::EMPTY; count]);
        self.len = 0;
        for number in numbers(&old) {
            self.put(hash_of(number), number);
        }
    }

    /// The numbers, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        numbers(&self.buckets)
    }

    /// Gives every number another with the same hash.
    pub(super) fn forward(&mut self, forwarded: impl Fn(u32) -> u32) {
        for bucket in &mut self.buckets {
            for (number, tag) in bucket.numbers.iter_mut().zip(bucket.tags) {
                if tag != FREE {
                    *number = forwarded(*number);
                }
            }
        }
    }
}

fn numbers(buckets: &[Bucket]) -> impl Iterator<Item = u32> + '_ {
    buckets.iter().flat_map(|bucket| {
        let slots = bucket.numbers.iter().zip(&bucket.tags);
        let used = slots.filter(|(_, tag)| **tag != FREE);
        used.map(|(number, _)| *number)
    })
}

#[cfg(test)]
mod tests {
    use super::{Bucket, FULL, Index, SLOTS, tag, zero_bytes};
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    /// A hash of few bits in its lower part, so that buckets overflow, or a good one.
    fn hash(number: u32, bits: u32) -> u64 {
        let mixed = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = mixed ^ mixed >> 29;
        (mixed & !(u64::MAX >> 8)) | (mixed % (1 << bits))
    }

    fn assert_holds(index: &Index, expected: &BTreeSet<u32>, bits: u32) {
        assert_eq!(index.len(), expected.len());
        assert_eq!(index.iter().collect::<BTreeSet<_>>(), *expected);
        let passed: u32 = index.buckets.iter().map(|bucket| bucket.passed).sum();
        let mut away = 0_usize;
        for number in expected {
            let found = index.find(hash(*number, bits), |each| each == *number);
            assert_eq!(found, Some(*number));
            let stands = |bucket: &Bucket| {
                let tag = tag(hash(*number, bits));
                bucket.slot_of(tag, *number).is_some()
            };
            let at = index.buckets.iter().position(stands).unwrap_or(usize::MAX);
            let own = index.bucket_of(hash(*number, bits));
            away += at.wrapping_sub(own) & (index.buckets.len() - 1);
        }
        assert_eq!(passed as usize, away);
        // Good hashes find their number where they look first, nearly always.
        assert!(bits < 40 || away < expected.len() / 4, "{away}");
    }

    #[test]
    fn a_tag_is_the_upper_bits_and_never_that_of_a_free_slot() {
        for upper in 0..=u8::MAX {
            let hash = u64::from(upper) << 56 | 0x1234;
            assert_eq!(tag(hash), upper.max(1));
        }
    }

    #[test]
    fn an_index_moves_nothing_before_it_is_full_nor_shrinks_before_it_is_a_quarter_full() {
        let mut index = Index::default();
        index.reserve(1280, |_| 0);
        for number in 0..1280 {
            index.insert(hash(number, 40), number, |_| unreachable!());
        }
        index.insert(hash(1280, 40), 1280, |each| hash(each, 40));
        assert_eq!(index.buckets.len(), 256);
        for number in 0..641 {
            index.remove(hash(number, 40), number);
        }
        index.shrink(|_| unreachable!());
        assert_eq!((index.len(), index.buckets.len()), (640, 256));
        index.remove(hash(641, 40), 641);
        index.shrink(|each| hash(each, 40));
        assert_eq!((index.len(), index.buckets.len()), (639, 64));
        assert_holds(&index, &(642..1281).collect(), 40);
    }

    #[test]
    fn what_is_put_in_is_found_and_nothing_else_whatever_the_hashes() {
        for bits in [0, 2, 5, 40] {
            let mut index = Index::default();
            let mut expected = BTreeSet::new();
            let count = if bits == 0 { 200 } else { 1200 };
            for number in 0..count {
                index.insert(hash(number, bits), number, |each| hash(each, bits));
                expected.insert(number);
            }
            assert_holds(&index, &expected, bits);
            for number in (0..count).filter(|number| number % 3 > 0) {
                index.remove(hash(number, bits), number);
                expected.remove(&number);
                // What is not there is not taken out.
                index.remove(hash(number, bits), number);
                assert_eq!(index.find(hash(number, bits), |each| each == number), None);
            }
            assert_holds(&index, &expected, bits);
            index.forward(|number| number + count);
            let forwarded: BTreeSet<u32> = expected.iter().map(|number| number + count).collect();
            assert_eq!(index.iter().collect::<BTreeSet<_>>(), forwarded);
        }
    }

    #[test]
    fn an_index_is_as_large_as_what_it_holds() {
        let mut index = Index::default();
        assert_eq!(index.find(7, |_| true), None);
        index.remove(7, 7);
        index.reserve(1000, |_| 0);
        let reserved = index.buckets.len();
        for number in 0..1000 {
            index.insert(hash(number, 40), number, |each| hash(each, 40));
        }
        assert_eq!((index.buckets.len(), reserved), (128, 128));
        assert!(index.len() <= index.buckets.len() * FULL && FULL < SLOTS);
        for number in 0..900 {
            index.remove(hash(number, 40), number);
        }
        index.shrink(|each| hash(each, 40));
        assert_eq!(index.buckets.len(), 16);
        let left: Vec<u32> = (900..1000).collect();
        assert_holds(&index, &left.into_iter().collect(), 40);
    }

    #[test]
    fn a_bucket_is_one_cache_line() {
        assert_eq!(size_of::<Bucket>(), 64);
    }

    #[test]
    fn zero_bytes_are_found_and_no_others() {
        for zero in 0..8 {
            for other in [1, 0x7f, 0x80, 0x81, 0xff_u8] {
                let mut bytes = [other; 8];
                bytes[zero] = 0;
                let expected = 0x80 << (8 * zero);
                assert_eq!(zero_bytes(u64::from_le_bytes(bytes)), expected);
            }
        }
    }
}
