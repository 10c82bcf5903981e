//! The order of lists, kept in sorted blocks of addresses; UpdateAlias never touches it.
//!
//! Each block has a fence, a text that no name in it is below and every name before it is. So a
//! block is found without looking at a record, which would be far away in memory; an address that
//! goes is found in its block without looking at one; and where a name is to go within its block,
//! several records are looked at together, so that the waits for them overlap.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use super::arena::Arena;
use super::sort::sort_by_name;

/// How many addresses a block holds before it is split.
const BLOCK: usize = 256;
/// How many records are looked at together.
const TOGETHER: usize = 15;

/// Addresses in the order of the names that lie there.
///
/// INVARIANT: no block is empty, the blocks one after the other are in order, and fences part
/// them; that of the first block is not asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    blocks: Vec<Block>,
}

#[derive(Clone, Debug)]
struct Block {
    fence: Box<[u8]>,
    addresses: Vec<u32>,
}

/// The shortest beginning of a name that is above another, lower name.
fn fence(below: &[u8], name: &[u8]) -> Box<[u8]> {
    let same = below.iter().zip(name).take_while(|(a, b)| a == b).count();
    name.get(..=same).unwrap_or(name).into()
}

impl Order {
    /// An order of these addresses.
    pub(super) fn of(mut addresses: Vec<u32>, names: &Arena) -> Self {
        sort_by_name(&mut addresses, names);
        let mut blocks = Vec::with_capacity(addresses.len().div_ceil(BLOCK / 2));
        let mut below: &[u8] = &[];
        // Half full, so that the first inserts split nothing.
        for block in addresses.chunks(BLOCK / 2) {
            let first = block.first().map_or(&[][..], |first| names.name(*first));
            let fence = fence(below, first);
            let addresses = block.to_vec();
            blocks.push(Block { fence, addresses });
            below = block.last().map_or(below, |last| names.name(*last));
        }
        Self { blocks }
    }

    /// The block where a name stands or would stand.
    fn block_of(&self, name: &[u8]) -> usize {
        self.blocks
            .partition_point(|block| *block.fence <= *name)
            .saturating_sub(1)
    }

    /// Puts an address where its name belongs, which is not there yet.
    pub(super) fn insert(&mut self, address: u32, name: &[u8], names: &Arena) {
        let at = self.block_of(name);
        let is_last = at.saturating_add(1) >= self.blocks.len();
        let Some(block) = self.blocks.get_mut(at) else {
            self.blocks.push(Block {
                fence: Box::default(),
                addresses: vec![address],
            });
            return;
        };
        let place = count_below(&block.addresses, name, names);
        block.addresses.insert(place, address);
        if block.addresses.len() > BLOCK {
            // At the very end only a little moves over, so that growing in order fills the blocks.
            let is_end = is_last && place == BLOCK;
            self.split(at, if is_end { BLOCK } else { BLOCK / 2 }, names);
        }
    }

    fn split(&mut self, at: usize, place: usize, names: &Arena) {
        let Some(block) = self.blocks.get_mut(at) else {
            return;
        };
        let addresses = block.addresses.split_off(place.min(block.addresses.len()));
        if let (Some(below), Some(first)) = (block.addresses.last(), addresses.first()) {
            let fence = fence(names.name(*below), names.name(*first));
            let upper = Block { fence, addresses };
            self.blocks.insert(at.saturating_add(1), upper);
        }
    }

    /// Takes an address out, which stands where its name belongs.
    pub(super) fn remove(&mut self, address: u32, name: &[u8]) {
        let at = self.block_of(name);
        let Some(block) = self.blocks.get_mut(at) else {
            return;
        };
        if let Some(place) = block.addresses.iter().position(|each| *each == address) {
            block.addresses.remove(place);
        }
        if block.addresses.is_empty() {
            self.blocks.remove(at);
        } else if block.addresses.len() < BLOCK / 4 {
            self.merge(at);
        }
    }

    /// Joins a block with the next, if both fit: a table that shrinks keeps no sparse blocks.
    fn merge(&mut self, at: usize) {
        let next = at.saturating_add(1);
        let fits = |block: &Block| block.addresses.len() <= BLOCK / 2;
        if self.blocks.get(next).is_some_and(fits) {
            let upper = self.blocks.remove(next);
            if let Some(block) = self.blocks.get_mut(at) {
                block.addresses.extend(upper.addresses);
            }
        }
    }

    /// All addresses, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.blocks
            .iter()
            .flat_map(|block| &block.addresses)
            .copied()
    }

    /// The addresses of the names above a text, in order.
    pub(super) fn iter_above(&self, text: &[u8], names: &Arena) -> impl Iterator<Item = u32> + '_ {
        let at = self.block_of(text);
        let first = self
            .blocks
            .get(at)
            .map_or(&[][..], |block| &block.addresses);
        let mut place = count_below(first, text, names);
        if first
            .get(place)
            .is_some_and(|same| names.name(*same) == text)
        {
            place = place.saturating_add(1);
        }
        let rest = self.blocks.get(at.saturating_add(1)..).unwrap_or_default();
        let first = first.get(place..).unwrap_or_default();
        let rest = rest.iter().flat_map(|block| &block.addresses);
        first.iter().chain(rest).copied()
    }

    /// Gives every address another.
    pub(super) fn forward(&mut self, forwarded: impl Fn(u32) -> u32) {
        for block in &mut self.blocks {
            for address in &mut block.addresses {
                *address = forwarded(*address);
            }
        }
    }
}

/// How many of these sorted addresses have names below a text.
fn count_below(addresses: &[u32], text: &[u8], names: &Arena) -> usize {
    let mut left = 0..addresses.len();
    while !left.is_empty() {
        left = narrowed(addresses, left, text, names);
    }
    left.start
}

/// One step of the search: a sixteenth of what was left.
fn narrowed(addresses: &[u32], left: Range<usize>, text: &[u8], names: &Arena) -> Range<usize> {
    let step = left.len().div_ceil(TOGETHER.saturating_add(1)).max(1);
    let slice = addresses.get(left.clone()).unwrap_or_default();
    // The last of each sixteenth: first they are all asked for, then compared.
    let mut looked_at: [&[u8]; TOGETHER] = [&[]; TOGETHER];
    let mut count = 0_usize;
    for (name, part) in looked_at.iter_mut().zip(slice.chunks_exact(step)) {
        if let Some(last) = part.last() {
            *name = names.name_ahead(*last);
            count = count.saturating_add(1);
        }
    }
    let looked_at = looked_at.get(..count).unwrap_or_default();
    let below = looked_at.partition_point(|name| *name < text);
    let start = left.start.saturating_add(below.saturating_mul(step));
    if below == count {
        start..left.end
    } else {
        // What was looked at and is not below is past the place.
        start..start.saturating_add(step).saturating_sub(1)
    }
}

#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    reason = "numbers of a test, which are small and few"
)]
mod tests {
    use super::{Arena, BLOCK, Order};
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
                order.remove(address, name(number).as_bytes());
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
            let found = order.iter_above(text.as_bytes(), &arena);
            let found = found.map(|address| arena.record(address).key().expect("its number"));
            assert!(found.eq(expected), "above {above}");
        }
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
        for number in scrambled(2000).filter(|number| number % 2 == 1) {
            let address = put(&mut arena, number);
            order.insert(address, name(number).as_bytes(), &arena);
        }
        assert!(numbers(&order, &arena).into_iter().eq(0..2000));
        for address in order.clone().iter() {
            order.remove(address, arena.name(address));
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
            order.remove(address, name(number).as_bytes());
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
