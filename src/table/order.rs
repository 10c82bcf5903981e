//! The order of lists, kept in sorted blocks of addresses; UpdateAlias never touches it.
//!
//! Each block has a fence, a text that no name in it is below and every name before it is. So a
//! block is found without looking at a name, which would be far away in memory, and an address that
//! goes is found in its block without looking at one.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::arena::Arena;
use super::block::{Block, same};
use super::sort::sort_by_name;

/// How many addresses a block holds before it is split.
const BLOCK: usize = 256;

/// Addresses in the order of the names that lie there.
///
/// INVARIANT: no block is empty, the blocks one after the other are in order, and fences part
/// them; that of the first block is not asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    /// One for each block.
    fences: Vec<Fence>,
    blocks: Vec<Block>,
}

/// A beginning of a name.
#[derive(Clone, Debug, Default)]
struct Fence {
    /// What its order is told by, nearly always.
    head: u128,
    text: Box<[u8]>,
}

impl Fence {
    /// The shortest beginning of a name that is above another, lower name.
    fn between(below: &[u8], name: &[u8]) -> Self {
        let same = same(below, name);
        let text: Box<[u8]> = name.get(..=same).unwrap_or(name).into();
        let head = head(&text);
        Self { head, text }
    }

    /// Whether a name that begins so is above the fence or at it.
    fn is_passed_by(&self, head: u128, name: &[u8]) -> bool {
        self.head < head || (self.head == head && *self.text <= *name)
    }
}

/// The bytes after the prefix of an alias name (rule A1), as a number that orders as they do; where
/// the name ends there are zeros, which stand in no name (rule A3).
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
    /// An order of these addresses.
    pub(super) fn of(mut addresses: Vec<u32>, names: &Arena) -> Self {
        sort_by_name(&mut addresses, names);
        let mut order = Self::default();
        let mut below: &[u8] = &[];
        // Half full, so that the first inserts split nothing.
        for block in addresses.chunks(BLOCK / 2) {
            let first = block.first().map_or(&[][..], |first| names.name(*first));
            order.fences.push(Fence::between(below, first));
            order.blocks.push(Block::of(block, names));
            below = block.last().map_or(below, |last| names.name(*last));
        }
        order
    }

    /// The block where a name stands or would stand.
    fn block_of(&self, name: &[u8]) -> usize {
        let head = head(name);
        self.fences
            .partition_point(|fence| fence.is_passed_by(head, name))
            .saturating_sub(1)
    }

    /// Puts in an address whose name is not there.
    pub(super) fn insert(&mut self, address: u32, name: &[u8], names: &Arena) {
        let at = self.block_of(name);
        let is_last = at.saturating_add(1) >= self.blocks.len();
        let Some(block) = self.blocks.get_mut(at) else {
            self.fences.push(Fence::default());
            self.blocks.push(Block::of(&[address], names));
            return;
        };
        let place = block.insert(address, name, names);
        if block.len() > BLOCK {
            // Names that come in order fill the blocks.
            let is_end = is_last && place == BLOCK;
            self.split(at, if is_end { BLOCK } else { BLOCK / 2 }, names);
        }
    }

    fn split(&mut self, at: usize, place: usize, names: &Arena) {
        let Some(block) = self.blocks.get_mut(at) else {
            return;
        };
        let upper = block.split_off(place);
        if let (Some(below), Some(first)) = (block.addresses().last(), upper.addresses().first()) {
            let fence = Fence::between(names.name(*below), names.name(*first));
            let next = at.saturating_add(1);
            self.fences.insert(next, fence);
            self.blocks.insert(next, upper);
        }
    }

    /// Takes out an address, whose name this is.
    pub(super) fn remove(&mut self, address: u32, name: &[u8], names: &Arena) {
        let at = self.block_of(name);
        let Some(block) = self.blocks.get_mut(at) else {
            return;
        };
        block.remove(address);
        if block.len() == 0 {
            self.fences.remove(at);
            self.blocks.remove(at);
        } else if block.len() < BLOCK / 4 {
            self.merge(at, names);
        }
    }

    /// Joins a block with the next, if both fit into one half full.
    fn merge(&mut self, at: usize, names: &Arena) {
        let next = at.saturating_add(1);
        let fits = |block: &Block| block.len() <= BLOCK / 2;
        if self.blocks.get(next).is_some_and(fits) {
            self.fences.remove(next);
            let upper = self.blocks.remove(next);
            if let Some(block) = self.blocks.get_mut(at) {
                block.append(upper, names);
            }
        }
    }

    /// The addresses in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.blocks.iter().flat_map(Block::addresses).copied()
    }

    /// The addresses whose names are above a text, in order, block by block.
    pub(super) fn above<'a>(
        &'a self,
        text: &[u8],
        names: &Arena,
    ) -> impl Iterator<Item = &'a [u32]> + use<'a> {
        let at = self.block_of(text);
        let first = self.blocks.get(at).map(|block| block.above(text, names));
        let rest = self.blocks.get(at.saturating_add(1)..).unwrap_or_default();
        first.into_iter().chain(rest.iter().map(Block::addresses))
    }

    /// Gives every address another, where the same name lies.
    pub(super) fn forward(&mut self, forwarded: impl Fn(u32) -> u32) {
        for block in &mut self.blocks {
            block.forward(&forwarded);
        }
    }
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    reason = "numbers of a test, which are small and few"
)]
mod tests {
    use super::{Arena, BLOCK, Block, Order, head};
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

    fn put(arena: &mut Arena, number: u32) -> u32 {
        let address = arena.put(name(number).as_bytes(), Some(number));
        address.expect("room for a few names")
    }

    /// The numbers of the names, in the order of the list.
    fn numbers(order: &Order, arena: &Arena) -> Vec<u32> {
        let is_block = |len: usize| (1..=BLOCK).contains(&len);
        assert!(order.blocks.iter().all(|block| is_block(block.len())));
        assert_eq!(order.blocks.len(), order.fences.len());
        let number = |address| arena.record(address).key().expect("its number");
        order.iter().map(number).collect()
    }

    fn inserted(numbers: impl Iterator<Item = u32>) -> (Order, Arena, Vec<u32>) {
        let (mut order, mut arena) = (Order::default(), Arena::default());
        let mut addresses = Vec::new();
        for number in numbers {
            let address = put(&mut arena, number);
            order.insert(address, name(number).as_bytes(), &arena);
            addresses.push(address);
        }
        (order, arena, addresses)
    }

    #[test]
    fn the_order_holds_while_blocks_split_and_merge_l4() {
        let count = 20_011;
        let (mut order, arena, addresses) = inserted(scrambled(count));
        assert!(numbers(&order, &arena).into_iter().eq(0..count));
        for (number, address) in scrambled(count).zip(addresses) {
            if number % 10 != 0 {
                order.remove(address, name(number).as_bytes(), &arena);
            }
        }
        let left: Vec<u32> = (0..count).filter(|number| number % 10 == 0).collect();
        assert_eq!(numbers(&order, &arena), left);
        let most = left.len() / (BLOCK / 4) + 2;
        let blocks = order.blocks.len();
        assert!(blocks <= most, "{blocks} blocks for {} names", left.len());
        for above in [0, 5, 10, 11, count] {
            let expected = left.iter().copied().filter(|number| *number > above);
            let text = name(above);
            let found = order.above(text.as_bytes(), &arena).flatten();
            let found = found.map(|address| arena.record(*address).key().expect("its number"));
            assert!(found.eq(expected), "above {above}");
        }
    }

    #[test]
    fn a_head_tells_the_order_of_names_that_part_early_l4() {
        let names = ["a", "a-", "a/", "aa", "aaaaaaaaaaaaaaaa", "ab", "b"];
        let names = names.map(|name| format!("alias/{name}"));
        assert!(names.is_sorted_by(|a, b| head(a.as_bytes()) < head(b.as_bytes())));
    }

    #[test]
    fn names_that_part_late_find_their_blocks_l4() {
        let name = |number: u32| format!("alias/a-common-beginning-of-all/{number:04}");
        let (mut order, mut arena) = (Order::default(), Arena::default());
        for number in scrambled(3000) {
            let text = name(number);
            let address = arena.put(text.as_bytes(), Some(number)).expect("room");
            order.insert(address, text.as_bytes(), &arena);
        }
        assert!(numbers(&order, &arena).into_iter().eq(0..3000));
        for address in order.clone().iter().filter(|address| address % 3 == 0) {
            order.remove(address, arena.name(address), &arena);
        }
        assert!(numbers(&order, &arena).is_sorted());
        let left = order.iter().filter(|address| address % 3 == 0).count();
        assert_eq!((left, order.iter().count() < 2500), (0, true));
    }

    #[test]
    fn growing_in_order_fills_the_blocks_l4() {
        let (order, arena, _) = inserted(0..10_000);
        assert!(numbers(&order, &arena).into_iter().eq(0..10_000));
        assert_eq!(order.blocks.len(), 10_000_usize.div_ceil(BLOCK));
    }

    #[test]
    fn an_order_made_at_once_takes_and_gives_names_l4() {
        let mut arena = Arena::default();
        let even = scrambled(2000).filter(|number| number % 2 == 0);
        let addresses = even.map(|number| put(&mut arena, number)).collect();
        let mut order = Order::of(addresses, &arena);
        let half_full = |block: &Block| block.len() <= BLOCK / 2;
        assert!(order.blocks.iter().all(half_full));
        for number in scrambled(2000).filter(|number| number % 2 == 1) {
            let address = put(&mut arena, number);
            order.insert(address, name(number).as_bytes(), &arena);
        }
        assert!(numbers(&order, &arena).into_iter().eq(0..2000));
        // Other addresses of the same names.
        let moved = arena.compact(order.iter().collect::<Vec<_>>().into_iter().rev());
        order.forward(|address| moved.forwarded(address));
        assert!(numbers(&order, &arena).into_iter().eq(0..2000));
        for address in order.clone().iter() {
            order.remove(address, arena.name(address), &arena);
        }
        assert_eq!(order.iter().count(), 0);
        assert!(order.blocks.is_empty());
        let address = put(&mut arena, 3);
        order.insert(address, name(3).as_bytes(), &arena);
        assert_eq!(numbers(&order, &arena), [3]);
    }

    #[test]
    fn the_first_block_takes_what_is_below_all_l4() {
        let (mut order, mut arena, addresses) = inserted(5000..8000);
        // The first blocks go, and names below every fence come.
        for (number, address) in (5000..7000).zip(addresses) {
            order.remove(address, name(number).as_bytes(), &arena);
        }
        for number in scrambled(3000) {
            let address = put(&mut arena, number);
            order.insert(address, name(number).as_bytes(), &arena);
        }
        assert!(
            numbers(&order, &arena)
                .into_iter()
                .eq((0..3000).chain(7000..8000))
        );
    }
}
