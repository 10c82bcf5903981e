//! The aliases of one key: a list with holes, or an order of its own where there are many.
//!
//! In a list each alias knows its place, so that none is searched for and no other moves: one that is
//! removed leaves a hole, which the next one that is added fills. To make a page the whole list is
//! sorted. From 256 aliases on, which needs a raised quota (rule T6), an order takes the place of the
//! list, so that the time of a page depends on the length of the page alone; below 128 aliases it
//! becomes a list again.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::AliasSlot;
use super::cell::{Cell, NONE};
use super::order::Order;
use super::slab::Slab;

/// From so many aliases on a list becomes an order.
const MANY: usize = 256;
/// Below so many an order becomes a list.
const FEW: usize = MANY / 2;

#[derive(Clone, Debug)]
pub(super) enum KeyList {
    Few(Holes),
    Many(Box<Order>),
}

impl Default for KeyList {
    fn default() -> Self {
        Self::Few(Holes::default())
    }
}

impl KeyList {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Few(list) => list.len as usize,
            Self::Many(order) => order.len(),
        }
    }

    /// Puts an alias in that is not there.
    #[inline]
    pub(super) fn insert(&mut self, slot: u32, cells: &mut Slab<Cell>) {
        match self {
            Self::Few(list) if list.slots.len() < MANY => {
                cells.get_mut(slot).place = list.insert(slot);
            }
            _ => self.insert_into_order(slot, cells),
        }
    }

    fn insert_into_order(&mut self, slot: u32, cells: &mut Slab<Cell>) {
        self.order(cells);
        match self {
            Self::Few(list) => cells.get_mut(slot).place = list.insert(slot),
            Self::Many(order) => {
                order.insert(slot, cells.name(slot), cells);
                cells.get_mut(slot).place = NONE;
            }
        }
    }

    /// As [`insert`](Self::insert), where [`order`](Self::order) follows.
    pub(super) fn load(&mut self, slot: u32, cells: &mut Slab<Cell>) {
        match self {
            Self::Few(list) => cells.get_mut(slot).place = list.insert(slot),
            Self::Many(_) => self.insert_into_order(slot, cells),
        }
    }

    /// Makes an order of a list that is long enough.
    pub(super) fn order(&mut self, cells: &Slab<Cell>) {
        if let Self::Few(list) = self
            && list.len as usize >= MANY
        {
            let slots = list.iter().collect();
            *self = Self::Many(Box::new(Order::of(slots, cells)));
        }
    }

    /// Takes an alias out that is there.
    #[inline]
    pub(super) fn remove(&mut self, slot: u32, cells: &mut Slab<Cell>) {
        match self {
            Self::Few(list) => {
                list.remove(cells.get(slot).place);
                if list.is_sparse() {
                    *self = Self::Few(Holes::of(list.iter().collect(), cells));
                }
            }
            Self::Many(_) => self.remove_from_order(slot, cells),
        }
    }

    fn remove_from_order(&mut self, slot: u32, cells: &mut Slab<Cell>) {
        let Self::Many(order) = self else { return };
        order.remove(slot, cells.name(slot), cells);
        if order.len() < FEW {
            let slots = order.iter().map(|slot| slot.0).collect();
            *self = Self::Few(Holes::of(slots, cells));
        }
    }

    /// The first `count` aliases whose names are above a text, in the order of their names.
    pub(super) fn after(&self, text: &[u8], count: usize, cells: &Slab<Cell>) -> Vec<AliasSlot> {
        match self {
            Self::Few(list) => {
                let above = |slot: &u32| cells.name(*slot) > text;
                let above = list.iter().filter(above);
                if count == 1 {
                    let first = above.min_by_key(|slot| cells.name(*slot));
                    return first.map(AliasSlot).into_iter().collect();
                }
                let mut slots: Vec<_> = above.map(AliasSlot).collect();
                slots.sort_unstable_by_key(|slot| cells.name(slot.0));
                slots.truncate(count);
                slots
            }
            Self::Many(order) => order.after(text, count, cells),
        }
    }
}

/// What marks a hole: no slot has this bit.
const HOLE: u32 = 1 << 31;
/// The end of the holes.
const END: u32 = u32::MAX;

/// Slots, each at its place, and holes: a hole is the place of the next one with [`HOLE`] set.
///
/// INVARIANT: `len` places have slots; the chain that begins at `hole` has all others, once each.
#[derive(Clone, Debug)]
pub(super) struct Holes {
    slots: Vec<u32>,
    hole: u32,
    len: u32,
}

impl Default for Holes {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            hole: END,
            len: 0,
        }
    }
}

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "a place is handed out by this list alone, and a table has fewer than 2³² aliases"
)]
impl Holes {
    /// A list without holes, whose aliases are told their places.
    fn of(slots: Vec<u32>, cells: &mut Slab<Cell>) -> Self {
        for (slot, place) in slots.iter().zip(0..) {
            cells.get_mut(*slot).place = place;
        }
        Self {
            hole: END,
            len: slots.len() as u32,
            slots,
        }
    }

    fn iter(&self) -> impl Iterator<Item = u32> {
        let slots = self.slots.iter().copied();
        slots.filter(|slot| slot & HOLE == 0)
    }

    /// Whether three quarters and more of the list are holes.
    fn is_sparse(&self) -> bool {
        const SMALL: usize = 16;
        self.slots.len() > SMALL && (self.len as usize) < self.slots.len() / 4
    }

    /// Puts a slot in: its place.
    #[inline]
    fn insert(&mut self, slot: u32) -> u32 {
        self.len += 1;
        if self.hole != END {
            let place = self.hole & !HOLE;
            self.hole = core::mem::replace(&mut self.slots[place as usize], slot);
            return place;
        }
        // Growing by an eighth keeps what is not used small.
        if self.slots.len() == self.slots.capacity() {
            self.slots.reserve_exact((self.slots.len() / 8).max(4));
        }
        self.slots.push(slot);
        self.len - 1
    }

    /// Leaves a hole at a place.
    #[inline]
    fn remove(&mut self, place: u32) {
        debug_assert!(self.slots[place as usize] & HOLE == 0, "a hole at {place}");
        self.slots[place as usize] = self.hole;
        self.hole = place | HOLE;
        self.len -= 1;
        if self.len == 0 {
            *self = Self::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, FEW, HOLE, KeyList, MANY, Slab};
    use crate::table::store::cell::named;
    use alloc::collections::BTreeSet;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    const COUNT: u32 = 768;

    /// Cells whose slots are in the order of their names.
    fn cells() -> Slab<Cell> {
        let names: Vec<String> = (0..COUNT)
            .map(|number| format!("alias/{number:05}"))
            .collect();
        named(names.iter().map(String::as_str))
    }

    fn assert_holds(list: &KeyList, expected: &BTreeSet<u32>, cells: &Slab<Cell>) {
        assert_eq!(list.len(), expected.len());
        for (text, limit) in [("", usize::MAX), ("", 3), ("alias/00100", 7)] {
            let found = list.after(text.as_bytes(), limit, cells);
            let name = |slot: &&u32| cells.name(**slot) > text.as_bytes();
            let above = expected.iter().filter(name).take(limit).copied();
            assert!(found.into_iter().map(|slot| slot.0).eq(above));
        }
        match list {
            KeyList::Few(list) => {
                assert!(list.slots.len() <= MANY && !list.is_sparse());
                for (slot, place) in list.slots.iter().zip(0..) {
                    assert!(*slot & HOLE > 0 || cells.get(*slot).place == place);
                }
            }
            KeyList::Many(order) => assert!(order.len() >= FEW),
        }
    }

    #[test]
    fn a_list_becomes_an_order_and_a_list_again_t6() {
        let (mut cells, mut list) = (cells(), KeyList::default());
        let mut expected = BTreeSet::new();
        for round in 0..3 {
            for number in 0..COUNT {
                // In another order each round.
                let slot = number * (7 + 6 * round) % COUNT;
                list.insert(slot, &mut cells);
                expected.insert(slot);
                assert_holds(&list, &expected, &cells);
            }
            assert!(matches!(list, KeyList::Many(_)));
            for number in 0..COUNT {
                let slot = number * 5 % COUNT;
                list.remove(slot, &mut cells);
                expected.remove(&slot);
                assert_holds(&list, &expected, &cells);
                // Neither grows into the other by one alias that comes and goes.
                let is_list = matches!(list, KeyList::Few(_));
                assert_eq!(is_list, list.len() < FEW, "{}", list.len());
            }
        }
    }

    #[test]
    fn holes_are_filled_and_a_list_of_holes_is_made_anew() {
        let (mut cells, mut list) = (cells(), KeyList::default());
        let mut expected: BTreeSet<u32> = (0..200).collect();
        expected
            .iter()
            .for_each(|slot| list.insert(*slot, &mut cells));
        for slot in (0..200).filter(|slot| slot % 50 > 0) {
            list.remove(slot, &mut cells);
            expected.remove(&slot);
            assert_holds(&list, &expected, &cells);
            if slot % 3 == 0 {
                list.insert(slot + 300, &mut cells);
                list.remove(slot + 300, &mut cells);
                assert_holds(&list, &expected, &cells);
            }
        }
        let KeyList::Few(list) = list else { return };
        assert!(list.slots.len() <= 16, "{}", list.slots.len());
    }

    #[test]
    fn what_is_loaded_is_ordered_at_the_end() {
        let (mut cells, mut list) = (cells(), KeyList::default());
        for slot in (0..COUNT).rev() {
            list.load(slot, &mut cells);
        }
        assert!(matches!(list, KeyList::Few(_)));
        list.order(&cells);
        assert_holds(&list, &(0..COUNT).collect(), &cells);
    }
}
