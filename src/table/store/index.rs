//! The numbers of aliases or of keys, found by the hash of a name or an ID.
//!
//! The hash tables are hashbrown's: one, or [`TABLES`] of which the hash chooses one, so that an
//! insert waits for the growth of one of them at most. At 5,000,000 numbers that is to hash some
//! 5,000 names again. The tables stay where an index becomes small again, 32 bytes each.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tables are counted in powers of two, by which every place is masked"
)]

use alloc::vec;
use alloc::vec::Vec;

use hashbrown::HashTable;

/// Above so many numbers there are [`TABLES`].
const ONE_TABLE: usize = 1 << 14;
const TABLES: usize = 1024;
/// The bits of a hash that choose a table: a table itself looks at the lowest and the highest.
const TABLE_BIT: u32 = 40;

/// INVARIANT: there is one table, or there are [`TABLES`].
#[derive(Clone, Debug)]
pub(super) struct Index {
    tables: Vec<HashTable<u32>>,
    len: usize,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            tables: vec![HashTable::new()],
            len: 0,
        }
    }
}

impl Index {
    #[inline(always)]
    fn table_of(&self, hash: u64) -> usize {
        (hash >> TABLE_BIT) as usize & (self.tables.len() - 1)
    }

    /// The number with this hash that is the one, as the caller says.
    #[inline(always)]
    pub(super) fn find(&self, hash: u64, mut is_it: impl FnMut(u32) -> bool) -> Option<u32> {
        let table = &self.tables[self.table_of(hash)];
        table.find(hash, |number| is_it(*number)).copied()
    }

    /// Puts in a number that is not there; `hash_of` gives the hash of those that are.
    pub(super) fn insert(&mut self, hash: u64, number: u32, hash_of: impl Fn(u32) -> u64) {
        let hash_of = |number: &u32| hash_of(*number);
        if self.len == ONE_TABLE && self.tables.len() == 1 {
            let only = core::mem::take(&mut self.tables[0]);
            self.tables = vec![HashTable::new(); TABLES];
            for number in only {
                let hash = hash_of(&number);
                let at = self.table_of(hash);
                self.tables[at].insert_unique(hash, number, hash_of);
            }
        }
        let at = self.table_of(hash);
        self.tables[at].insert_unique(hash, number, hash_of);
        self.len += 1;
    }

    /// Takes out a number that is there.
    pub(super) fn remove(&mut self, hash: u64, number: u32, hash_of: impl Fn(u32) -> u64) {
        let at = self.table_of(hash);
        let table = &mut self.tables[at];
        match table.find_entry(hash, |each| *each == number) {
            Ok(entry) => drop(entry.remove()),
            Err(_) => debug_assert!(false, "{number} is not in the index"),
        }
        if table.len() < table.capacity() / 8 {
            table.shrink_to(table.len() * 2, |number| hash_of(*number));
        }
        self.len -= 1;
    }

    /// Makes room in an empty index for so many numbers.
    pub(super) fn reserve(&mut self, count: usize) {
        if self.len > 0 {
            return;
        }
        let tables = if count > ONE_TABLE { TABLES } else { 1 };
        // Tables are not equally full: a sixteenth more.
        let each = (count + count / 16).div_ceil(tables);
        self.tables = (0..tables)
            .map(|_| HashTable::with_capacity(each))
            .collect();
    }
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "numbers of a test, which are small or mixed"
)]
mod tests {
    use super::{Index, ONE_TABLE, TABLES};
    use alloc::collections::BTreeMap;
    use alloc::vec::Vec;

    fn mixed(number: u32) -> u64 {
        let mixed = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ mixed >> 31
    }

    fn room(index: &Index) -> usize {
        index.tables.iter().map(|table| table.capacity()).sum()
    }

    /// Numbers come and go under hashes of these bits, as a map has them.
    fn churn(bits: u64, most: usize, steps: u32) -> Index {
        let (mut index, mut expected) = (Index::default(), BTreeMap::new());
        let hash = |number: u32| mixed(number) & bits;
        for step in 0..steps {
            let number = mixed(step) as u32 % (3 * most as u32 + 1);
            let found = index.find(hash(number), |each| each == number);
            assert_eq!(found, expected.get(&number).copied());
            if expected.remove(&number).is_some() {
                index.remove(hash(number), number, hash);
            } else if expected.len() < most {
                expected.insert(number, number);
                index.insert(hash(number), number, hash);
            }
        }
        assert_eq!(index.len, expected.len());
        index
    }

    #[test]
    fn numbers_come_and_go_at_every_size_whatever_the_hashes() {
        for most in 1..=70 {
            // All of one hash, few hashes, good hashes.
            for bits in [0, 1, 7, u64::MAX] {
                churn(bits, most, 2_000);
            }
        }
    }

    #[test]
    fn an_index_is_as_large_as_what_it_holds() {
        let most = 3 * ONE_TABLE;
        let mut index = churn(u64::MAX, most, 4 * most as u32);
        assert_eq!(index.tables.len(), TABLES);
        assert!(room(&index) < 8 * most, "{}", room(&index));
        let tables = index.tables.iter();
        let numbers: Vec<u32> = tables.flatten().copied().collect();
        for number in numbers {
            index.remove(mixed(number), number, mixed);
        }
        // A table keeps room for a few.
        assert!(
            index.len == 0 && room(&index) < 8 * TABLES,
            "{}",
            room(&index)
        );
    }

    #[test]
    fn what_was_reserved_does_not_grow() {
        for count in [0, 1, 3, 100, ONE_TABLE, ONE_TABLE + 1, 5 * ONE_TABLE] {
            let mut index = Index::default();
            index.reserve(count);
            let before = room(&index);
            for number in 0..count as u32 {
                index.insert(mixed(number), number, mixed);
            }
            assert!(room(&index) <= before + before / 4, "{count}");
        }
    }
}
