//! The cell of an alias: all that is known of it, in one cache line.
//!
//! ```text
//! byte  0         40               56     60      64
//!       | name    | two dates      | key  | place |
//! ```
//! A name of up to 32 bytes lies in the cell as a length and its bytes; in the accounts that were
//! looked at most names do, and a look-up then reads one line. A longer name is a `Box<str>`.

use alloc::boxed::Box;

use arrayvec::ArrayString;

use super::slab::Slab;
use super::{AliasRecord, KeySlot, NewAlias};
use crate::key::Timestamp;

/// How many bytes of a name lie in its cell.
const INLINE: usize = 32;
/// No key, or no place in the list of one.
pub(super) const NONE: u32 = u32::MAX;
/// No date: [`Timestamp::MIN`] is above it.
const NO_DATE: i64 = i64::MIN;

/// Text by type, so that reading a name checks nothing.
#[derive(Clone, Debug)]
enum Name {
    Inline(ArrayString<INLINE>),
    Long(Box<str>),
}

#[derive(Clone, Debug)]
#[repr(align(64))]
pub(crate) struct Cell {
    name: Name,
    creation_date: i64,
    last_updated_date: i64,
    /// The number of its key, or [`NONE`].
    pub(super) key: u32,
    /// Where it stands in the list of its key, where that is kept by place.
    pub(super) place: u32,
}

const _: () = assert!(size_of::<Cell>() == 64);

impl Cell {
    /// A cell on no key yet.
    pub(super) fn new(alias: &NewAlias<'_>) -> Self {
        let inline = ArrayString::from(alias.name);
        Self {
            name: inline.map_or_else(|_| Name::Long(alias.name.into()), Name::Inline),
            creation_date: pack(alias.creation_date),
            last_updated_date: pack(alias.last_updated_date),
            key: NONE,
            place: NONE,
        }
    }

    pub(super) fn set_last_updated_date(&mut self, date: Option<Timestamp>) {
        self.last_updated_date = pack(date);
    }
}

impl AliasRecord for Cell {
    #[inline(always)]
    fn name(&self) -> &str {
        match &self.name {
            Name::Inline(text) => text,
            Name::Long(text) => text,
        }
    }

    #[inline(always)]
    fn key(&self) -> Option<KeySlot> {
        (self.key != NONE).then_some(KeySlot(self.key))
    }

    #[inline]
    fn creation_date(&self) -> Option<Timestamp> {
        unpack(self.creation_date)
    }

    #[inline]
    fn last_updated_date(&self) -> Option<Timestamp> {
        unpack(self.last_updated_date)
    }
}

impl Slab<Cell> {
    #[inline(always)]
    pub(super) fn name(&self, slot: u32) -> &[u8] {
        self.get(slot).name().as_bytes()
    }

    /// Asks memory for a cell: the cache misses of several such calls overlap.
    #[inline(always)]
    pub(super) fn prefetch(&self, slot: u32) {
        core::hint::black_box(self.get(slot).key);
    }

    /// The same of a long name, which lies elsewhere.
    #[inline(always)]
    pub(super) fn prefetch_name(&self, slot: u32) {
        if let Name::Long(text) = &self.get(slot).name {
            core::hint::black_box(text.as_bytes().first());
        }
    }
}

fn pack(date: Option<Timestamp>) -> i64 {
    date.map_or(NO_DATE, Timestamp::as_millis)
}

fn unpack(millis: i64) -> Option<Timestamp> {
    (millis != NO_DATE).then_some(Timestamp::from_millis(millis))
}

/// A slab of cells with these names, for the tests of what orders them.
#[cfg(test)]
pub(super) fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> Slab<Cell> {
    let mut cells = Slab::default();
    for name in names {
        cells.insert(Cell::new(&NewAlias {
            name,
            key: None,
            creation_date: None,
            last_updated_date: None,
        }));
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::{AliasRecord, Cell, INLINE, NewAlias};
    use crate::key::Timestamp;
    use alloc::format;

    #[test]
    fn names_and_dates_are_read_as_they_were_put_a2() {
        for length in 1..=250 {
            let name = format!("alias/{}", "x".repeat(length));
            let dates = [None, Some(Timestamp::MIN), Some(Timestamp::MAX)];
            for (creation_date, last_updated_date) in dates.into_iter().zip(dates.into_iter().rev())
            {
                let cell = Cell::new(&NewAlias {
                    name: &name,
                    key: None,
                    creation_date,
                    last_updated_date,
                });
                let read = (cell.creation_date(), cell.last_updated_date());
                assert_eq!(read, (creation_date, last_updated_date));
                assert_eq!((cell.name(), cell.key()), (&*name, None));
                assert_eq!(
                    matches!(cell.name, super::Name::Inline(_)),
                    name.len() <= INLINE
                );
            }
        }
    }
}
