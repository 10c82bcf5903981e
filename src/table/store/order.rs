//! Slots in the order of their names, in blocks of up to 256; UpdateAlias does not touch the order
//! of all aliases.
//!
//! Before each block stands a fence, the shortest text that is above every name before the block and
//! at or below every name in it. So a block is found without reading a name, which is a cache miss,
//! and so is a slot that is removed from its block.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::AliasSlot;
use super::block::{Block, shared};
use super::cell::Cell;
use super::slab::Slab;
use super::sort::sort_by_name;

/// How many slots a block holds.
const BLOCK: usize = 256;

/// INVARIANT: no block is empty, their slots are in order one block after the other, and each block
/// has its fence; that of the first is not read.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    fences: Vec<Fence>,
    blocks: Vec<Block>,
    len: usize,
}

/// A beginning of a name.
#[derive(Clone, Debug, Default)]
struct Fence {
    /// 16 bytes of the text, which nearly always tell how it compares.
    head: u128,
    text: Box<[u8]>,
}

impl Fence {
    /// The shortest beginning of a name that is above another, lower name.
    fn between(below: &[u8], name: &[u8]) -> Self {
        let shared = shared(below, name);
        let text: Box<[u8]> = name.get(..=shared).unwrap_or(name).into();
        let head = head(&text);
        Self { head, text }
    }

    /// Whether a name is at the fence or above it.
    fn is_passed_by(&self, head: u128, name: &[u8]) -> bool {
        self.head < head || (self.head == head && *self.text <= *name)
    }
}

/// The 16 bytes after the prefix of an alias name (rule A1), as a number that orders as they do;
/// zeros follow the end of a name, and no name has one (rule A3).
fn head(name: &[u8]) -> u128 {
    const PREFIX: usize = 6;
    let rest = name.get(PREFIX..).unwrap_or_default();
    match rest.first_chunk() {
        Some(head) => u128::from_be_bytes(*head),
        None => {
            let each = rest.iter().zip((0..=120).rev().step_by(8));
            each.fold(0, |head, (byte, bits)| head | u128::from(*byte) << bits)
        }
    }
}

impl Order {
    pub(super) fn of(mut slots: Vec<u32>, cells: &Slab<Cell>) -> Self {
        sort_by_name(&mut slots, cells);
        let mut order = Self {
            len: slots.len(),
            ..Self::default()
        };
        let mut below: &[u8] = &[];
        // Half full, so that the first inserts split nothing.
        for block in slots.chunks(BLOCK / 2) {
            if let [first, ..] = block {
                let fence = Fence::between(below, cells.name(*first));
                order.fences.push(fence);
            }
            order.blocks.push(Block::of(block, cells));
            below = block.last().map_or(below, |last| cells.name(*last));
        }
        order
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// The block where a name stands or would stand.
    fn block_of(&self, name: &[u8]) -> usize {
        let head = head(name);
        self.fences
            .partition_point(|fence| fence.is_passed_by(head, name))
            .saturating_sub(1)
    }

    /// Puts in a slot whose name is not there.
    pub(super) fn insert(&mut self, slot: u32, name: &[u8], cells: &Slab<Cell>) {
        let mut at = self.block_of(name);
        match self.blocks.get(at) {
            None => self.push(Fence::default()),
            Some(block) if block.len() == BLOCK => at = self.split(at, name, cells),
            Some(_) => {}
        }
        if let Some(block) = self.blocks.get_mut(at) {
            block.insert(slot, name, cells);
        }
        self.len = self.len.saturating_add(1);
    }

    /// Makes room in a full block: the block where a name belongs then.
    fn split(&mut self, at: usize, name: &[u8], cells: &Slab<Cell>) -> usize {
        let next = at.saturating_add(1);
        let is_last = next == self.blocks.len();
        let Some(block) = self.blocks.get_mut(at) else {
            return at;
        };
        let last = block
            .slots()
            .last()
            .map_or(&[][..], |last| cells.name(*last));
        if is_last && last < name {
            // Names that come in order fill the blocks.
            self.push(Fence::between(last, name));
            return next;
        }
        let upper = block.split_off(BLOCK / 2);
        let ends = (block.slots().last(), upper.slots().first());
        let (Some(below), Some(first)) = ends else {
            return at;
        };
        let fence = Fence::between(cells.name(*below), cells.name(*first));
        let is_above = fence.is_passed_by(head(name), name);
        self.fences.insert(next, fence);
        self.blocks.insert(next, upper);
        if is_above { next } else { at }
    }

    /// Adds a block to which a slot is put at once.
    fn push(&mut self, fence: Fence) {
        self.fences.push(fence);
        self.blocks.push(Block::default());
    }

    /// Takes out a slot that is there, whose name this is.
    pub(super) fn remove(&mut self, slot: u32, name: &[u8], cells: &Slab<Cell>) {
        let at = self.block_of(name);
        let Some(block) = self.blocks.get_mut(at) else {
            debug_assert!(false, "slot {slot} is not in the order");
            return;
        };
        block.remove(slot);
        self.len = self.len.saturating_sub(1);
        if block.len() == 0 {
            self.fences.remove(at);
            self.blocks.remove(at);
        } else if block.len() < BLOCK / 4 {
            self.merge(at, cells);
        }
    }

    /// Joins a block with the next one, if both are half full at most.
    fn merge(&mut self, at: usize, cells: &Slab<Cell>) {
        let next = at.saturating_add(1);
        let fits = |block: &Block| block.len() <= BLOCK / 2;
        if self.blocks.get(next).is_some_and(fits) {
            self.fences.remove(next);
            let upper = self.blocks.remove(next);
            if let Some(block) = self.blocks.get_mut(at) {
                block.append(upper, cells);
            }
        }
    }

    pub(super) fn iter(&self) -> Slots<'_> {
        Slots {
            blocks: self.blocks.iter(),
            slots: [].iter(),
            left: self.len,
        }
    }

    /// The first `count` slots whose names are above a text, in order.
    pub(super) fn after(&self, text: &[u8], count: usize, cells: &Slab<Cell>) -> Vec<AliasSlot> {
        let at = self.block_of(text);
        let mut page = Vec::with_capacity(count.min(self.len));
        let first = self.blocks.get(at).map(|block| block.above(text, cells));
        let rest = self.blocks.get(at.saturating_add(1)..).unwrap_or_default();
        for block in first.into_iter().chain(rest.iter().map(Block::slots)) {
            let room = count.saturating_sub(page.len());
            page.extend(block.iter().take(room).copied().map(AliasSlot));
            if page.len() == count {
                break;
            }
        }
        page
    }
}

/// The slots of an order.
#[derive(Clone, Debug)]
pub(crate) struct Slots<'a> {
    blocks: core::slice::Iter<'a, Block>,
    slots: core::slice::Iter<'a, u32>,
    left: usize,
}

impl Iterator for Slots<'_> {
    type Item = AliasSlot;

    #[inline]
    fn next(&mut self) -> Option<AliasSlot> {
        if self.slots.as_slice().is_empty() {
            // No block is empty.
            self.slots = self.blocks.next()?.slots().iter();
        }
        self.left = self.left.saturating_sub(1);
        self.slots.next().copied().map(AliasSlot)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Slots<'_> {}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "numbers of a test, which are small and few"
)]
mod tests {
    use super::{BLOCK, Order, Slab, head};
    use crate::table::store::cell::{Cell, named};
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    /// Numbers in a scrambled order that visits each of `0..count` once.
    fn scrambled(count: u32) -> impl Iterator<Item = u32> {
        (0..count).map(move |at| at.wrapping_mul(7919) % count)
    }

    /// Names in the order of their numbers, the longer ones with a common beginning.
    fn name(number: u32) -> String {
        let many = if number.is_multiple_of(3) {
            "/and-so-on"
        } else {
            ""
        };
        format!("alias/{number:08}{many}")
    }

    /// Cells of the names of `0..count`, so that a slot is the number of its name.
    fn cells(count: u32) -> Slab<Cell> {
        let names: Vec<String> = (0..count).map(name).collect();
        named(names.iter().map(String::as_str))
    }

    fn insert(order: &mut Order, numbers: impl Iterator<Item = u32>, cells: &Slab<Cell>) {
        for number in numbers {
            order.insert(number, cells.name(number), cells);
        }
    }

    fn remove(order: &mut Order, numbers: impl Iterator<Item = u32>, cells: &Slab<Cell>) {
        for number in numbers {
            order.remove(number, cells.name(number), cells);
        }
    }

    /// The numbers of the names, in the order of the list.
    fn numbers(order: &Order) -> Vec<u32> {
        let is_block = |len: usize| (1..=BLOCK).contains(&len);
        assert!(order.blocks.iter().all(|block| is_block(block.len())));
        assert_eq!(order.blocks.len(), order.fences.len());
        assert_eq!(order.iter().len(), order.len());
        let numbers: Vec<u32> = order.iter().map(|slot| slot.0).collect();
        assert_eq!(numbers.len(), order.len());
        numbers
    }

    #[test]
    fn the_order_holds_while_blocks_split_and_merge_l4() {
        let count = 20_011;
        let (mut order, cells) = (Order::default(), cells(count + 1));
        insert(&mut order, scrambled(count), &cells);
        assert!(numbers(&order).into_iter().eq(0..count));
        remove(
            &mut order,
            scrambled(count).filter(|number| number % 10 != 0),
            &cells,
        );
        let left: Vec<u32> = (0..count).filter(|number| number % 10 == 0).collect();
        assert_eq!(numbers(&order), left);
        let most = left.len() / (BLOCK / 4) + 2;
        let blocks = order.blocks.len();
        assert!(blocks <= most, "{blocks} blocks for {} names", left.len());
        for above in [0, 5, 10, 11, count] {
            let expected = left.iter().copied().filter(|number| *number > above);
            for limit in [0, 1, 500, usize::MAX] {
                let found = order.after(name(above).as_bytes(), limit, &cells);
                let found = found.into_iter().map(|slot| slot.0);
                assert!(found.eq(expected.clone().take(limit)), "above {above}");
            }
        }
    }

    #[test]
    fn a_head_tells_the_order_of_names_that_depart_early_l4() {
        let names = ["a", "a-", "a/", "aa", "aaaaaaaaaaaaaaaa", "ab", "b"];
        let names = names.map(|name| format!("alias/{name}"));
        assert!(names.is_sorted_by(|a, b| head(a.as_bytes()) < head(b.as_bytes())));
    }

    #[test]
    fn names_that_depart_late_find_their_blocks_l4() {
        let name = |number: u32| format!("alias/a-common-beginning-of-all/{number:04}");
        let names: Vec<String> = (0..3000).map(name).collect();
        let cells = named(names.iter().map(String::as_str));
        let mut order = Order::default();
        insert(&mut order, scrambled(3000), &cells);
        assert!(numbers(&order).into_iter().eq(0..3000));
        remove(&mut order, (0..3000).step_by(3), &cells);
        assert!(
            numbers(&order)
                .into_iter()
                .eq((0..3000).filter(|number| number % 3 > 0))
        );
    }

    #[test]
    fn growing_in_order_fills_the_blocks_l4() {
        let (mut order, cells) = (Order::default(), cells(10_000));
        insert(&mut order, 0..10_000, &cells);
        assert!(numbers(&order).into_iter().eq(0..10_000));
        assert_eq!(order.blocks.len(), 10_000_usize.div_ceil(BLOCK));
    }

    #[test]
    fn an_order_made_at_once_takes_and_gives_names_l4() {
        let cells = cells(2000);
        let is_even = |number: &u32| number.is_multiple_of(2);
        let mut order = Order::of(scrambled(2000).filter(is_even).collect(), &cells);
        assert!(order.blocks.iter().all(|block| block.len() <= BLOCK / 2));
        insert(
            &mut order,
            scrambled(2000).filter(|number| !is_even(number)),
            &cells,
        );
        assert!(numbers(&order).into_iter().eq(0..2000));
        remove(&mut order, 0..2000, &cells);
        assert!(order.blocks.is_empty());
        insert(&mut order, 3..4, &cells);
        assert_eq!(numbers(&order), [3]);
    }

    #[test]
    fn the_first_block_takes_what_is_below_all_l4() {
        let (mut order, cells) = (Order::default(), cells(8000));
        insert(&mut order, 5000..8000, &cells);
        // The first blocks go, and names below every fence come.
        remove(&mut order, 5000..7000, &cells);
        insert(&mut order, scrambled(3000), &cells);
        assert!(numbers(&order).into_iter().eq((0..3000).chain(7000..8000)));
    }
}
