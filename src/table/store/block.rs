//! A block of the order: slots in the order of their names, and of each name where it departs from
//! the one before it.
//!
//! Names are not in the block, and reading one is a cache miss. So a block knows of each name how many
//! bytes it shares with the name before it and which byte follows them, and a search reads one name:
//! the departures lead to a name that shares as many bytes with the text as any other here, and
//! the byte at which these two depart tells the place of the text (the blind search of string
//! B-trees; Ferragina and Grossi, 1999).
//!
//! ```text
//! alias/app     (first)
//! alias/apple   shared 9, then `l`
//! alias/pay     shared 6, then `p`
//! ```

use alloc::vec::Vec;

use super::cell::Cell;
use super::slab::Slab;

/// Where a name departs from the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Departure {
    /// How many bytes the two share: at most 255, as a name has at most 256 and another differs.
    shared: u8,
    /// The byte that follows in the name.
    byte: u8,
}

/// Slots in the order of their names.
///
/// INVARIANT: each slot has a departure; that of the first is not read.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    slots: Vec<u32>,
    departures: Vec<Departure>,
}

/// Where a text stands or would stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the name there, which departs from the text so.
    Before(usize, Departure),
    /// Before the name there, and after one that the text is or departs from so.
    After(usize, Departure),
}

impl Block {
    /// A block of these slots, whose names are in order.
    pub(super) fn of(slots: &[u32], cells: &Slab<Cell>) -> Self {
        slots.iter().for_each(|slot| cells.prefetch(*slot));
        let mut below: Option<&[u8]> = None;
        let departure = |slot: &u32| {
            let name = cells.name(*slot);
            let departure = below.map_or(Departure::default(), |below| departure(below, name));
            below = Some(name);
            departure
        };
        Self {
            departures: slots.iter().map(departure).collect(),
            slots: slots.to_vec(),
        }
    }

    pub(super) fn slots(&self) -> &[u32] {
        &self.slots
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// The slots of the names above a text.
    pub(super) fn above(&self, text: &[u8], cells: &Slab<Cell>) -> &[u32] {
        let (Place::Before(first, _) | Place::After(first, _)) = self.place(text, cells);
        self.slots.get(first..).unwrap_or_default()
    }

    /// Puts in a slot, whose name is not here.
    pub(super) fn insert(&mut self, slot: u32, name: &[u8], cells: &Slab<Cell>) {
        let (place, departure) = match self.place(name, cells) {
            Place::After(place, departure) => (place, departure),
            Place::Before(place, theirs) => {
                // From the name before both the new one departs as the other did.
                let next = self.departures.get_mut(place);
                (
                    place,
                    next.map_or(theirs, |next| core::mem::replace(next, theirs)),
                )
            }
        };
        self.slots.insert(place, slot);
        self.departures.insert(place, departure);
    }

    /// Takes out a slot that is here.
    pub(super) fn remove(&mut self, slot: u32) {
        let Some(place) = position(&self.slots, slot) else {
            debug_assert!(false, "slot {slot} is not in its block");
            return;
        };
        self.slots.remove(place);
        let gone = self.departures.remove(place);
        if let Some(next) = self.departures.get_mut(place)
            && gone.shared < next.shared
        {
            // With the name before both the next one shares no more than the one between did.
            *next = gone;
        }
    }

    /// Splits the block: what stands from a place on is another.
    pub(super) fn split_off(&mut self, place: usize) -> Self {
        let place = place.min(self.slots.len());
        Self {
            slots: self.slots.split_off(place),
            departures: self.departures.split_off(place),
        }
    }

    /// Puts a block after this one.
    pub(super) fn append(&mut self, mut upper: Self, cells: &Slab<Cell>) {
        if let (Some(below), Some(above), Some(first)) = (
            self.slots.last(),
            upper.slots.first(),
            upper.departures.first_mut(),
        ) {
            *first = departure(cells.name(*below), cells.name(*above));
        }
        self.slots.append(&mut upper.slots);
        self.departures.append(&mut upper.departures);
    }

    fn place(&self, text: &[u8], cells: &Slab<Cell>) -> Place {
        let like = self.most_alike(text);
        let Some(slot) = self.slots.get(like) else {
            return Place::After(0, Departure::default());
        };
        let name = cells.name(*slot);
        let shared = shared(name, text);
        let (theirs, ours) = (name.get(shared), text.get(shared));
        let departure = |byte: Option<&u8>| Departure {
            // 256 only where the text is the name, and then nothing reads it.
            shared: u8::try_from(shared).unwrap_or(u8::MAX),
            byte: byte.copied().unwrap_or_default(),
        };
        // The names that share more with that name stand together, all above the text or all below.
        if ours < theirs {
            Place::Before(self.first_alike(like, shared), departure(theirs))
        } else {
            Place::After(self.end_alike(like, shared), departure(ours))
        }
    }

    /// The place of a name that shares as many bytes with a text as any other here.
    fn most_alike(&self, text: &[u8]) -> usize {
        let mut like = 0;
        // After a name that goes on otherwise than the text, those that share more with it do too.
        let mut otherwise = u8::MAX;
        for (place, departure) in self.departures.iter().enumerate().skip(1) {
            if departure.shared > otherwise {
                continue;
            }
            // The end of a text is below every byte.
            let byte = text.get(usize::from(departure.shared)).copied();
            if byte.unwrap_or_default() >= departure.byte {
                like = place;
                otherwise = u8::MAX;
            } else {
                otherwise = departure.shared;
            }
        }
        like
    }

    /// The first of the names that share more than so many bytes with the one at a place.
    fn first_alike(&self, like: usize, shared: usize) -> usize {
        let below = self.departures.get(..=like).unwrap_or_default();
        let departs = |departure: &Departure| usize::from(departure.shared) <= shared;
        let first = below.iter().skip(1).rposition(departs);
        first.map_or(0, |first| first.saturating_add(1))
    }

    /// What follows the last of these names.
    fn end_alike(&self, like: usize, shared: usize) -> usize {
        let next = like.saturating_add(1);
        let above = self.departures.get(next..).unwrap_or_default();
        let departs = |departure: &Departure| usize::from(departure.shared) <= shared;
        let end = above.iter().position(departs).unwrap_or(above.len());
        next.saturating_add(end)
    }
}

/// Where a name departs from one that is below it.
fn departure(below: &[u8], name: &[u8]) -> Departure {
    let shared = shared(below, name);
    debug_assert!(
        shared < name.len(),
        "a name after itself or one that begins so"
    );
    Departure {
        shared: u8::try_from(shared).unwrap_or(u8::MAX),
        byte: name.get(shared).copied().unwrap_or_default(),
    }
}

/// How many bytes two texts begin with alike.
pub(super) fn shared(one: &[u8], other: &[u8]) -> usize {
    const STEP: usize = 8;
    let (steps, others) = (one.as_chunks::<STEP>().0, other.as_chunks::<STEP>().0);
    let whole = steps.iter().zip(others).take_while(|(a, b)| a == b).count();
    let begin = whole.saturating_mul(STEP);
    let rest = |text| <[u8]>::get(text, begin..).unwrap_or_default();
    let alike = rest(one).iter().zip(rest(other));
    begin.saturating_add(alike.take_while(|(a, b)| a == b).count())
}

/// Where a slot stands in a list, which is read to its end: so it becomes vector code, and costs
/// less than to stop at a place that cannot be predicted.
fn position(list: &[u32], slot: u32) -> Option<usize> {
    let each = list.iter().zip(0_u32..);
    let place = each.fold(0, |found, (each, place)| {
        found | if *each == slot { place } else { 0 }
    });
    let place = place as usize;
    let stands = list.get(place).is_some_and(|each| *each == slot);
    stands.then_some(place)
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test holds little")]
mod tests {
    use super::{Block, departure, shared};
    use crate::table::store::cell::{Cell, named};
    use crate::table::store::slab::Slab;
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

    fn assert_holds(block: &Block, expected: &BTreeMap<String, u32>, cells: &Slab<Cell>) {
        let slots: Vec<u32> = expected.values().copied().collect();
        assert_eq!(block.slots, slots);
        let names: Vec<&[u8]> = slots.iter().map(|each| cells.name(*each)).collect();
        let pairs = names.windows(2);
        let departures: Vec<_> = pairs.map(|pair| departure(pair[0], pair[1])).collect();
        assert_eq!(block.departures.get(1..).unwrap_or_default(), departures);
        assert_eq!(block.departures.len(), slots.len());
    }

    #[test]
    fn names_find_their_places_by_where_they_depart_l4() {
        let names: Vec<String> = (0..700).map(name).collect();
        let cells = named(names.iter().map(String::as_str));
        let (mut block, mut expected) = (Block::default(), BTreeMap::new());
        for step in 0..2000_u32 {
            let slot = step * 7 % 700;
            let text = &names[slot as usize];
            if let Some(slot) = expected.remove(text) {
                block.remove(slot);
            } else {
                block.insert(slot, text.as_bytes(), &cells);
                expected.insert(text.clone(), slot);
            }
            assert_holds(&block, &expected, &cells);
            for text in [text, &names[(step * 13 % 700) as usize]] {
                let above = expected.range(text.clone()..);
                let above = above.filter(|(each, _)| *each != text);
                let above: Vec<u32> = above.map(|(_, slot)| *slot).collect();
                assert_eq!(block.above(text.as_bytes(), &cells), above);
            }
        }
    }

    #[test]
    fn a_block_splits_and_joins_l4() {
        let names: BTreeMap<String, u32> = (0..300).map(|number| (name(number), 0)).collect();
        let cells = named(names.keys().map(String::as_str));
        let names: BTreeMap<String, u32> = names.into_keys().zip(0..).collect();
        let slots: Vec<u32> = names.values().copied().collect();
        let whole = Block::of(&slots, &cells);
        assert_holds(&whole, &names, &cells);
        for place in [0, 1, slots.len() / 2, slots.len(), 1000] {
            let mut lower = whole.clone();
            let upper = lower.split_off(place);
            let below = names.clone().into_iter().take(place).collect();
            let above = names.clone().into_iter().skip(place).collect();
            assert_holds(&lower, &below, &cells);
            assert_holds(&upper, &above, &cells);
            lower.append(upper, &cells);
            assert_holds(&lower, &names, &cells);
        }
    }

    #[test]
    fn texts_are_alike_up_to_the_first_byte_that_differs() {
        let text = [b'a'; 40];
        for length in 0..40 {
            assert_eq!(shared(&text, &text[..length]), length);
            for at in 0..length {
                let mut other = text;
                other[at] = b'b';
                assert_eq!(shared(&text, &other[..length]), at);
            }
        }
    }
}
