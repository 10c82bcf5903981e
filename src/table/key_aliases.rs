//! The aliases that stand on one key: a short list, or a set where a raised quota lets it be long.

use alloc::vec::Vec;

use hashbrown::HashTable;

/// Above this a list becomes a set, as a list is searched from its beginning.
const MANY: usize = 128;
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

    /// Asks for the list, which will be looked through soon.
    pub(super) fn ahead(&self) {
        // As many addresses as a cache line has.
        const LINE: usize = 16;
        if let Self::Few(list) = self {
            for line in list.chunks(LINE) {
                core::hint::black_box(line.first().copied());
            }
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

    /// Puts in an address that is not there.
    #[inline]
    pub(super) fn insert(&mut self, address: u32) {
        match self {
            Self::Few(list) if list.len() < MANY => {
                // Growing by an eighth keeps what is not used small.
                if list.len() == list.capacity() {
                    list.reserve_exact((list.len() / 8).max(4));
                }
                list.push(address);
            }
            _ => self.insert_into_set(address),
        }
    }

    fn insert_into_set(&mut self, address: u32) {
        match self {
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
    }

    /// Takes out an address.
    #[inline]
    pub(super) fn remove(&mut self, address: u32) {
        match self {
            Self::Few(list) => {
                if let Some(place) = position(list, address) {
                    list.swap_remove(place);
                }
            }
            Self::Many(_) => self.remove_from_set(address),
        }
    }

    fn remove_from_set(&mut self, address: u32) {
        let Self::Many(set) = self else { return };
        if let Ok(entry) = set.find_entry(hash(&address), |each| *each == address) {
            entry.remove();
        }
        if set.len() < FEW {
            *self = Self::Few(set.iter().copied().collect());
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

/// Where an address stands in a list.
///
/// All of the list is looked at, which a compiler turns into vector code: to stop where the address
/// stands costs more, as nobody can tell where that will be.
#[inline]
pub(super) fn position(list: &[u32], address: u32) -> Option<usize> {
    let each = list.iter().zip(0_u32..);
    let place = each.fold(0, |found, (each, place)| {
        found | if *each == address { place } else { 0 }
    });
    let place = place as usize;
    let stands = list.get(place).is_some_and(|each| *each == address);
    stands.then_some(place)
}

#[cfg(test)]
mod tests {
    use super::{KeyAliases, MANY, hash};
    use alloc::collections::BTreeSet;

    fn of(aliases: &KeyAliases) -> BTreeSet<u32> {
        aliases.iter().collect()
    }

    #[test]
    fn a_list_becomes_a_set_and_a_list_again_t6() {
        let mut aliases = KeyAliases::default();
        let count = u32::try_from(3 * MANY).unwrap_or_default();
        let mut sizes = BTreeSet::new();
        for address in 0..count {
            aliases.insert(address);
            assert_eq!(aliases.iter().count(), aliases.len());
            let len = aliases.len();
            match &aliases {
                KeyAliases::Few(list) => {
                    assert!(len <= MANY && list.capacity() <= len + 4.max(len / 8));
                    sizes.insert(list.capacity());
                }
                KeyAliases::Many(_) => assert!(len > MANY),
            }
        }
        // Ten times by four, then by an eighth.
        assert_eq!(sizes.len(), 21);
        assert_eq!(of(&aliases), (0..count).collect());
        aliases.forward(|address| address.wrapping_add(count));
        assert_eq!(of(&aliases), (count..count.wrapping_mul(2)).collect());
        for address in count..count.wrapping_mul(2).wrapping_sub(5) {
            aliases.remove(address);
            // Neither grows into the other by one address that comes and goes.
            let is_list = matches!(aliases, KeyAliases::Few(_));
            assert_eq!(is_list, aliases.len() < MANY / 2, "{}", aliases.len());
        }
        let left = count.wrapping_mul(2).wrapping_sub(5)..count.wrapping_mul(2);
        assert_eq!(of(&aliases), left.collect());
    }

    #[test]
    fn no_two_addresses_of_a_set_have_one_hash() {
        let hashes: BTreeSet<u64> = (0..5000).map(|address| hash(&address)).collect();
        assert_eq!(hashes.len(), 5000);
    }

    #[test]
    fn a_short_list_forwards_and_forgets_t6() {
        let mut aliases = KeyAliases::default();
        for address in [7, 8, 9] {
            aliases.insert(address);
        }
        aliases.forward(|address| address.wrapping_mul(2));
        aliases.remove(14);
        assert_eq!(of(&aliases), [16, 18].into());
        aliases.remove(5);
        aliases.remove(16);
        assert_eq!(of(&aliases), [18].into());
    }
}
