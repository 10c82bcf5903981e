//! The order of lists, kept in sorted blocks of slots; UpdateAlias never touches it.

use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// How many slots a block holds before it is split.
const BLOCK: usize = 512;

/// Slots in the order of what they stand for.
///
/// INVARIANT: no block is empty, and the blocks one after the other are in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    blocks: Vec<Vec<u32>>,
}

/// Where a slot stands: its block, and its place there.
#[derive(Clone, Copy)]
struct Place {
    block: usize,
    place: usize,
}

impl Order {
    /// An order of slots that are sorted already.
    pub(super) fn from_sorted(slots: &[u32]) -> Self {
        // Half full, so that the first inserts split nothing.
        Self {
            blocks: slots.chunks(BLOCK / 2).map(<[u32]>::to_vec).collect(),
        }
    }

    /// The first place whose slot is not below what is searched for.
    fn find(&self, compare: impl Fn(u32) -> Ordering) -> Place {
        let below = |slot: &u32| compare(*slot) == Ordering::Less;
        let block = self
            .blocks
            .partition_point(|block| block.last().is_some_and(below));
        let place = self
            .blocks
            .get(block)
            .map_or(0, |slots| slots.partition_point(below));
        Place { block, place }
    }

    /// Puts a slot in its place, which `compare` finds.
    pub(super) fn insert(&mut self, slot: u32, compare: impl Fn(u32) -> Ordering) {
        let Place { block, place } = self.find(compare);
        // What comes after everything goes to the end of the last block.
        let (block, place) = match self.blocks.last() {
            Some(last) if block == self.blocks.len() => (block.saturating_sub(1), last.len()),
            _ => (block, place),
        };
        let Some(slots) = self.blocks.get_mut(block) else {
            self.blocks.push(vec![slot]);
            return;
        };
        slots.insert(place.min(slots.len()), slot);
        if slots.len() > BLOCK {
            // At the very end only a little moves over, so that growing in order fills the blocks.
            let at_end = block.saturating_add(1) == self.blocks.len() && place == BLOCK;
            self.split(block, if at_end { BLOCK } else { BLOCK / 2 });
        }
    }

    fn split(&mut self, block: usize, at: usize) {
        let Some(slots) = self.blocks.get_mut(block) else {
            return;
        };
        let upper = slots.split_off(at.min(slots.len()));
        self.blocks.insert(block.saturating_add(1), upper);
    }

    /// Takes a slot out of its place, which `compare` finds.
    pub(super) fn remove(&mut self, compare: impl Fn(u32) -> Ordering) {
        let Place { block, place } = self.find(compare);
        let Some(slots) = self.blocks.get_mut(block) else {
            return;
        };
        if place < slots.len() {
            slots.remove(place);
        }
        if slots.is_empty() {
            self.blocks.remove(block);
        } else if slots.len() < BLOCK / 4 {
            self.merge(block);
        }
    }

    /// Joins a block with the next, if both fit: a table that shrinks keeps no sparse blocks.
    fn merge(&mut self, block: usize) {
        let next = block.saturating_add(1);
        let fits = |slots: &Vec<u32>| slots.len() <= BLOCK / 2;
        if self.blocks.get(next).is_some_and(fits) {
            let upper = self.blocks.remove(next);
            if let Some(slots) = self.blocks.get_mut(block) {
                slots.extend(upper);
            }
        }
    }

    /// All slots, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.blocks.iter().flatten().copied()
    }

    /// The slots above what is searched for, in order.
    pub(super) fn iter_above(
        &self,
        compare: impl Fn(u32) -> Ordering,
    ) -> impl Iterator<Item = u32> + '_ {
        // Nothing is equal twice, so "not above" has at most one more than "below".
        let Place { block, place } = self.find(|slot| match compare(slot) {
            Ordering::Equal => Ordering::Less,
            other => other,
        });
        let first = self
            .blocks
            .get(block)
            .and_then(|slots| slots.get(place..))
            .unwrap_or_default();
        let rest = self
            .blocks
            .get(block.saturating_add(1)..)
            .unwrap_or_default();
        first.iter().chain(rest.iter().flatten()).copied()
    }
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "numbers of a test, which are small"
)]
mod tests {
    use super::{BLOCK, Order};
    use alloc::vec::Vec;

    /// Numbers in a scrambled order that visits each of `0..count` once.
    fn scrambled(count: u32) -> impl Iterator<Item = u32> {
        (0..count).map(move |at| at.wrapping_mul(7919) % count)
    }

    #[test]
    fn the_order_holds_while_blocks_split_and_merge_l4() {
        let mut order = Order::default();
        let count = 20_011;
        for slot in scrambled(count) {
            order.insert(slot, |other| other.cmp(&slot));
        }
        assert!(order.iter().eq(0..count));
        for slot in scrambled(count).filter(|slot| slot % 10 != 0) {
            order.remove(|other| other.cmp(&slot));
        }
        let left: Vec<u32> = (0..count).filter(|slot| slot % 10 == 0).collect();
        assert!(order.iter().eq(left.iter().copied()));
        let most = left.len() / (BLOCK / 4) + 2;
        assert!(
            order.blocks.len() <= most,
            "{} blocks for {} slots",
            order.blocks.len(),
            left.len()
        );
        for above in [0, 5, 10, count] {
            let expected = left.iter().copied().filter(|slot| *slot > above);
            assert!(order.iter_above(|other| other.cmp(&above)).eq(expected));
        }
    }

    #[test]
    fn growing_in_order_fills_the_blocks_l4() {
        let mut order = Order::default();
        for slot in 0..10_000 {
            order.insert(slot, |other| other.cmp(&slot));
        }
        assert!(order.iter().eq(0..10_000));
        assert_eq!(order.blocks.len(), 10_000_usize.div_ceil(BLOCK));
    }

    #[test]
    fn an_order_of_sorted_slots_takes_and_gives_slots_l4() {
        let mut order =
            Order::from_sorted(&(0..2000).filter(|slot| slot % 2 == 0).collect::<Vec<_>>());
        for slot in (0..2000).filter(|slot| slot % 2 == 1) {
            order.insert(slot, |other| other.cmp(&slot));
        }
        assert!(order.iter().eq(0..2000));
        for slot in 0..2000 {
            order.remove(|other| other.cmp(&slot));
        }
        assert_eq!(order.iter().count(), 0);
        assert!(order.blocks.is_empty());
        order.insert(3, |other| other.cmp(&3));
        assert!(order.iter().eq([3]));
    }
}
