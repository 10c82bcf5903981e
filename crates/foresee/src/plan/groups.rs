//! Numbers by the key to which they belong: one list for all keys.
#![expect(
    clippy::indexing_slicing,
    reason = "a key's number is below the number of keys, and each list lies within that of all"
)]

use alloc::vec;
use alloc::vec::Vec;

/// A list of numbers for each key.
pub(super) struct Groups {
    /// Where the list of each key begins, and at last where that of the last ends.
    begins: Vec<usize>,
    all: Vec<usize>,
}

impl Groups {
    /// Groups pairs of a key and a number; the numbers of a key keep their order.
    pub(super) fn of(keys: usize, pairs: impl Iterator<Item = (usize, usize)> + Clone) -> Self {
        let mut begins = vec![0_usize; keys.saturating_add(1)];
        for (key, _) in pairs.clone() {
            let after = &mut begins[key.saturating_add(1)];
            *after = after.saturating_add(1);
        }
        let mut total = 0_usize;
        for begin in &mut begins {
            total = total.saturating_add(*begin);
            *begin = total;
        }
        let mut next = begins.clone();
        let mut all = vec![0; total];
        for (key, number) in pairs {
            all[next[key]] = number;
            next[key] = next[key].saturating_add(1);
        }
        Self { begins, all }
    }

    /// The numbers of a key.
    pub(super) fn of_key(&self, key: usize) -> &[usize] {
        &self.all[self.begins[key]..self.begins[key.saturating_add(1)]]
    }

    /// Puts one of a key's numbers at the end of its list.
    pub(super) fn put_last(&mut self, key: usize, number: usize) {
        let group = &mut self.all[self.begins[key]..self.begins[key.saturating_add(1)]];
        if let Some(place) = group.iter().position(|other| *other == number) {
            group[place..].rotate_left(1);
        }
    }
}
