//! The aliases that stand on one key: a short list, or a set where a raised quota lets it be long.

use alloc::vec::Vec;

use hashbrown::HashTable;

use super::record::PLACES;

/// Above this a list becomes a set: records have no room for further places.
const MANY: usize = PLACES as usize;
/// Below this a set becomes a list again.
const FEW: usize = MANY / 2;

/// Addresses, each once, in no order.
#[derive(Clone, Debug)]
pub(super) enum KeyAliases {
    Few(Vec<u32>),
    Many(HashTable<u32>),
}

impl Default for KeyAliases {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

/// Addresses differ in their lower bits, and the table looks at the upper ones too.
fn hash(address: &u32) -> u64 {
    u64::from(*address).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl KeyAliases {
    #[inline]
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Few(list) => list.len(),
            Self::Many(set) => set.len(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let (list, set) = match self {
            Self::Few(list) => (Some(list.iter()), None),
            Self::Many(set) => (None, Some(set.iter())),
        };
        let list = list.into_iter().flatten();
        list.chain(set.into_iter().flatten()).copied()
    }

    /// Puts in an address that is not there: its place, where it has one.
    #[inline]
    pub(super) fn insert(&mut self, address: u32) -> u32 {
        let place = self.len();
        match self {
            Self::Few(list) if list.len() < MANY => {
                // Growing by an eighth keeps what is not used small.
                if list.len() == list.capacity() {
                    list.reserve_exact((list.len() / 8).max(4));
                }
                list.push(address);
            }
            Self::Few(list) => {
                let mut set = HashTable::with_capacity(2 * MANY);
                for each in list.iter().copied().chain([address]) {
                    set.insert_unique(hash(&each), each, hash);
                }
                *self = Self::Many(set);
            }
            Self::Many(set) => {
                set.insert_unique(hash(&address), address, hash);
            }
        }
        u32::try_from(place).unwrap_or(u32::MAX)
    }

    /// Takes out an address, which probably stands at a place: the one that stands there now, if
    /// another took its place.
    #[inline]
    pub(super) fn remove(&mut self, address: u32, place: u32) -> Option<(u32, u32)> {
        match self {
            Self::Few(list) => {
                let mut place = place as usize;
                if list.get(place) != Some(&address) {
                    place = list.iter().position(|each| *each == address)?;
                }
                list.swap_remove(place);
                let moved = list.get(place)?;
                Some((*moved, u32::try_from(place).ok()?))
            }
            Self::Many(set) => {
                if let Ok(entry) = set.find_entry(hash(&address), |each| *each == address) {
                    entry.remove();
                }
                if set.len() < FEW {
                    *self = Self::Few(set.iter().copied().collect());
                }
                None
            }
        }
    }

    /// Gives every address another.
    pub(super) fn forward(&mut self, forwarded: impl Fn(u32) -> u32) {
        match self {
            Self::Few(list) => list.iter_mut().for_each(|each| *each = forwarded(*each)),
            Self::Many(set) => {
                let mut moved = HashTable::with_capacity(set.len());
                for each in set.iter() {
                    let each = forwarded(*each);
                    moved.insert_unique(hash(&each), each, hash);
                }
                *self = Self::Many(moved);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW, KeyAliases, MANY};
    use alloc::collections::BTreeSet;

    fn of(aliases: &KeyAliases) -> BTreeSet<u32> {
        aliases.iter().collect()
    }

    #[test]
    fn a_list_becomes_a_set_and_a_list_again_t6() {
        let mut aliases = KeyAliases::default();
        let count = u32::try_from(3 * MANY).unwrap_or_default();
        for address in 0..count {
            aliases.insert(address);
            assert_eq!(aliases.iter().count(), aliases.len());
        }
        assert!(matches!(aliases, KeyAliases::Many(_)));
        assert_eq!(of(&aliases), (0..count).collect());
        aliases.forward(|address| address.wrapping_add(count));
        assert_eq!(of(&aliases), (count..count.wrapping_mul(2)).collect());
        for address in count..count.wrapping_mul(2).wrapping_sub(5) {
            // The hint is right, wrong, or beyond the list.
            aliases.remove(address, address % 300);
        }
        assert!(matches!(aliases, KeyAliases::Few(_)));
        let left = count.wrapping_mul(2).wrapping_sub(5)..count.wrapping_mul(2);
        assert_eq!(of(&aliases), left.collect());
        assert!(aliases.len() < FEW);
    }

    #[test]
    fn a_short_list_forwards_and_forgets_t6() {
        let mut aliases = KeyAliases::default();
        for address in [7, 8, 9] {
            aliases.insert(address);
        }
        aliases.forward(|address| address.wrapping_mul(2));
        assert_eq!(aliases.remove(14, 0), Some((18, 0)));
        assert_eq!(aliases.remove(16, 9), None);
        assert_eq!(aliases.remove(5, 0), None);
        assert_eq!(of(&aliases), [18].into());
    }
}
