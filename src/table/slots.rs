//! Values in numbered slots, which are used again.
#![expect(
    clippy::indexing_slicing,
    reason = "a slot is handed out here alone, and only while it is in use"
)]

use alloc::vec::Vec;

/// Slots that can be given back and are used again.
#[derive(Clone, Debug)]
pub(super) struct Slots<T> {
    pub(super) all: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Slots<T> {
    /// The slot of a value; none once 2³¹ are in use, which memory does not hold.
    pub(super) fn put(&mut self, value: T) -> Option<u32> {
        if let Some(slot) = self.free.pop() {
            self.all[slot as usize] = Some(value);
            return Some(slot);
        }
        let slot = i32::try_from(self.all.len()).ok()?.cast_unsigned();
        self.all.push(Some(value));
        Some(slot)
    }

    pub(super) fn take(&mut self, slot: u32) {
        self.all[slot as usize] = None;
        self.free.push(slot);
    }

    #[expect(
        clippy::expect_used,
        reason = "a slot is handed out only while it is in use"
    )]
    #[inline(always)]
    pub(super) fn get(&self, slot: u32) -> &T {
        self.all[slot as usize].as_ref().expect("a slot in use")
    }

    #[expect(
        clippy::expect_used,
        reason = "a slot is handed out only while it is in use"
    )]
    #[inline(always)]
    pub(super) fn get_mut(&mut self, slot: u32) -> &mut T {
        self.all[slot as usize].as_mut().expect("a slot in use")
    }
}
