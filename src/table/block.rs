//! A block of the order: addresses in the order of the names that lie there, and where each name
//! parts from the one before it.
//!
//! Names lie far away in memory. As it is known of each how many bytes are those of the name before
//! it, and which byte comes then, the place of a text is found by looking at one name only: the
//! parts lead to a name with which the text has as much in common as with any, and where these two
//! part tells the place (the blind search of string B-trees; Ferragina and Grossi, 1999).

use alloc::vec::Vec;

use super::arena::Arena;
use super::key_aliases::position;

/// Where a name parts from the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Parting {
    /// How many bytes are the same: 255 at the most, as names are longer by one (rule A2).
    same: u8,
    /// The byte that comes then.
    byte: u8,
}

/// Addresses in the order of their names.
///
/// INVARIANT: there is a parting for each; that of the first is not asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    addresses: Vec<u32>,
    partings: Vec<Parting>,
}

/// Where a text stands or would stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the name there, from which it parts so, as that byte of the name tells.
    Before(usize, Parting),
    /// Before the name there, and it parts so from the one before that, which it may also be.
    After(usize, Parting),
}

impl Block {
    /// A block of these addresses, whose names are in order.
    pub(super) fn of(addresses: &[u32], names: &Arena) -> Self {
        // All of them are waited for together.
        for address in addresses {
            names.ahead(*address);
        }
        let mut below: Option<&[u8]> = None;
        let parting = |address: &u32| {
            let name = names.name(*address);
            let parting = below.map_or(Parting::default(), |below| parting(below, name));
            below = Some(name);
            parting
        };
        Self {
            partings: addresses.iter().map(parting).collect(),
            addresses: addresses.to_vec(),
        }
    }

    pub(super) fn addresses(&self) -> &[u32] {
        &self.addresses
    }

    pub(super) fn len(&self) -> usize {
        self.addresses.len()
    }

    /// The addresses of the names above a text.
    pub(super) fn above(&self, text: &[u8], names: &Arena) -> &[u32] {
        let (Place::Before(first, _) | Place::After(first, _)) = self.place(text, names);
        self.addresses.get(first..).unwrap_or_default()
    }

    /// Puts in an address, whose name does not stand here: its place.
    pub(super) fn insert(&mut self, address: u32, name: &[u8], names: &Arena) -> usize {
        match self.place(name, names) {
            Place::After(place, parting) => {
                self.addresses.insert(place, address);
                self.partings.insert(place, parting);
                place
            }
            Place::Before(place, parting) => {
                // From the name before both it parts as the other did.
                let other = self.partings.get(place).copied().unwrap_or_default();
                if let Some(above) = self.partings.get_mut(place) {
                    *above = parting;
                }
                self.addresses.insert(place, address);
                self.partings.insert(place, other);
                place
            }
        }
    }

    /// Takes out an address.
    pub(super) fn remove(&mut self, address: u32) {
        let Some(place) = position(&self.addresses, address) else {
            return;
        };
        self.addresses.remove(place);
        let gone = self.partings.remove(place);
        if let Some(above) = self.partings.get_mut(place)
            && gone.same < above.same
        {
            // It has no more in common with the name before than the one between had.
            *above = gone;
        }
    }

    /// Parts the block: what stands from a place on is another.
    pub(super) fn split_off(&mut self, place: usize) -> Self {
        let place = place.min(self.addresses.len());
        Self {
            addresses: self.addresses.split_off(place),
            partings: self.partings.split_off(place),
        }
    }

    /// Puts a block after this one.
    pub(super) fn append(&mut self, mut upper: Self, names: &Arena) {
        if let (Some(below), Some(above), Some(first)) = (
            self.addresses.last(),
            upper.addresses.first(),
            upper.partings.first_mut(),
        ) {
            *first = parting(names.name(*below), names.name(*above));
        }
        self.addresses.append(&mut upper.addresses);
        self.partings.append(&mut upper.partings);
    }

    /// Gives every address another, where the same name lies.
    pub(super) fn forward(&mut self, forwarded: impl Fn(u32) -> u32) {
        for address in &mut self.addresses {
            *address = forwarded(*address);
        }
    }

    /// Where a text stands or would stand.
    fn place(&self, text: &[u8], names: &Arena) -> Place {
        let like = self.like(text);
        let Some(address) = self.addresses.get(like) else {
            return Place::After(0, Parting::default());
        };
        let name = names.name(*address);
        let same = same(name, text);
        let (theirs, ours) = (name.get(same), text.get(same));
        let at = |byte: Option<&u8>| Parting {
            same: u8::try_from(same).unwrap_or(u8::MAX),
            byte: byte.copied().unwrap_or_default(),
        };
        // Those that go on as the name does stand together, and the text is below all or above all;
        // after a name that it is, nothing goes on so.
        if ours < theirs {
            Place::Before(self.first_like(like, same), at(theirs))
        } else {
            Place::After(self.end_of_like(like, same), at(ours))
        }
    }

    /// The name with which a text has as much in common as with any other here.
    fn like(&self, text: &[u8]) -> usize {
        let mut like = 0;
        // While a name does not go on as the text does, those that part later are like that name.
        let mut unlike = u8::MAX;
        for (place, parting) in self.partings.iter().enumerate().skip(1) {
            if parting.same > unlike {
                continue;
            }
            let byte = text.get(usize::from(parting.same)).copied();
            if byte.unwrap_or_default() >= parting.byte {
                like = place;
                unlike = u8::MAX;
            } else {
                unlike = parting.same;
            }
        }
        like
    }

    /// The first of the names that have more than so many bytes in common with one.
    fn first_like(&self, like: usize, same: usize) -> usize {
        let below = self.partings.get(..=like).unwrap_or_default();
        let parts = |parting: &Parting| usize::from(parting.same) <= same;
        // The first of all parts from none.
        below.iter().rposition(parts).unwrap_or_default()
    }

    /// What follows the last of the names that have more than so many bytes in common with one.
    fn end_of_like(&self, like: usize, same: usize) -> usize {
        let next = like.saturating_add(1);
        let above = self.partings.get(next..).unwrap_or_default();
        let parts = |parting: &Parting| usize::from(parting.same) <= same;
        let end = above.iter().position(parts).unwrap_or(above.len());
        next.saturating_add(end)
    }
}

/// Where a name parts from one that is below it.
fn parting(below: &[u8], name: &[u8]) -> Parting {
    let same = same(below, name);
    Parting {
        same: u8::try_from(same).unwrap_or(u8::MAX),
        byte: name.get(same).copied().unwrap_or_default(),
    }
}

/// How many bytes two texts begin with alike.
pub(super) fn same(one: &[u8], other: &[u8]) -> usize {
    const STEP: usize = 8;
    let (steps, others) = (one.as_chunks::<STEP>().0, other.as_chunks::<STEP>().0);
    let whole = steps.iter().zip(others).take_while(|(a, b)| a == b).count();
    let begin = whole.saturating_mul(STEP);
    let rest = |text| <[u8]>::get(text, begin..).unwrap_or_default();
    let alike = rest(one).iter().zip(rest(other));
    begin.saturating_add(alike.take_while(|(a, b)| a == b).count())
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test holds little"
)]
mod tests {
    use super::{Block, parting, same};
    use crate::table::arena::Arena;
    use alloc::collections::BTreeMap;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    /// Names that begin alike, beginnings of each other, and the longest that there are (rule A2).
    fn name(number: u32) -> String {
        let mixed = number.wrapping_mul(2_654_435_761);
        let letters = ["a", "b", "-", "/", "Z", "0"];
        let length = 1 + mixed % 7;
        let mut name = String::from("alias/");
        for at in 0..length {
            name.push_str(letters[(mixed >> (4 * at)) as usize % 6]);
        }
        if number.is_multiple_of(5) {
            let long = "a".repeat(255 - name.len());
            name = format!("{name}{long}{}", letters[(number / 5) as usize % 6]);
        }
        name
    }

    fn assert_holds(block: &Block, expected: &BTreeMap<String, u32>, arena: &Arena) {
        let addresses: Vec<u32> = expected.values().copied().collect();
        assert_eq!(block.addresses, addresses);
        let names: Vec<&[u8]> = addresses.iter().map(|each| arena.name(*each)).collect();
        let partings: Vec<_> = names
            .windows(2)
            .map(|pair| parting(pair[0], pair[1]))
            .collect();
        assert_eq!(block.partings.get(1..).unwrap_or_default(), partings);
        assert_eq!(block.partings.len(), addresses.len());
    }

    #[test]
    fn names_find_their_places_by_where_they_part_l4() {
        let (mut arena, mut block) = (Arena::default(), Block::default());
        let mut expected = BTreeMap::new();
        for number in 0..2000_u32 {
            let text = name(number % 700);
            if let Some(address) = expected.remove(&text) {
                block.remove(address);
                // What is not there is not taken out.
                block.remove(address);
            } else {
                let address = arena.put(text.as_bytes(), None).expect("room");
                block.insert(address, text.as_bytes(), &arena);
                expected.insert(text.clone(), address);
            }
            assert_holds(&block, &expected, &arena);
            let above = expected
                .range(text..)
                .filter(|(each, _)| **each > name(number % 700));
            let above: Vec<u32> = above.map(|(_, address)| *address).collect();
            let text = name(number % 700);
            assert_eq!(block.above(text.as_bytes(), &arena), above);
        }
    }

    #[test]
    fn a_block_parts_and_joins_l4() {
        let mut arena = Arena::default();
        let numbers = 0..300_u32;
        let names: BTreeMap<String, u32> = numbers
            .map(|number| {
                (
                    name(number),
                    arena.put(name(number).as_bytes(), None).expect("room"),
                )
            })
            .collect();
        let addresses: Vec<u32> = names.values().copied().collect();
        let whole = Block::of(&addresses, &arena);
        assert_holds(&whole, &names, &arena);
        for place in [0, 1, addresses.len() / 2, addresses.len(), 1000] {
            let mut lower = whole.clone();
            let upper = lower.split_off(place);
            let middle = names.keys().nth(place).cloned();
            let is_below = |name: &String| middle.as_ref().is_none_or(|middle| name < middle);
            let (below, above): (BTreeMap<_, _>, BTreeMap<_, _>) = names
                .clone()
                .into_iter()
                .partition(|(name, _)| is_below(name));
            assert_holds(&lower, &below, &arena);
            assert_holds(&upper, &above, &arena);
            lower.append(upper, &arena);
            assert_holds(&lower, &names, &arena);
        }
    }

    #[test]
    fn texts_are_alike_up_to_the_first_byte_that_differs() {
        let text = [b'a'; 40];
        for length in 0..40 {
            assert_eq!(same(&text, &text[..length]), length);
            for at in 0..length {
                let mut other = text;
                other[at] = b'b';
                assert_eq!(same(&text, &other[..length]), at);
            }
        }
    }
}
