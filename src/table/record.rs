//! How an alias lies in bytes: its key, its dates, its name.
//!
//! ```text
//! 0      4        5         10        15
//! | key  | length | created | updated | alias/… |
//! ```
//!
//! Its key is the number of that key's slot.
//!
//! A date takes five bytes: milliseconds from 2014 on, KMS's first year, to 2048. One that does
//! not fit says that it is kept elsewhere.

use crate::key::Timestamp;

/// What stands before the name.
pub(super) const HEADER: usize = 15;
/// The longest record: the longest name (rule A2) and its header.
pub(super) const LONGEST: usize = length(256);
/// What stands for no key.
const NO_KEY: u32 = u32::MAX;
/// 2014-01-01T00:00:00Z, in milliseconds since the Unix epoch.
const FIRST_DATE: i64 = 1_388_534_400_000;
/// The last two values of five bytes.
const NO_DATE: u64 = (1 << 40) - 1;
const DATE_ELSEWHERE: u64 = NO_DATE - 1;

/// Which of the dates of an alias.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum WhichDate {
    Created,
    Updated,
}

/// A date as it is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PackedDate {
    None,
    At(Timestamp),
    /// Before 2014, or after 2048.
    Elsewhere,
}

impl PackedDate {
    /// How a date is packed.
    #[inline]
    pub(super) fn of(date: Option<Timestamp>) -> Self {
        match date {
            None => Self::None,
            Some(at) if Self::offset(at).is_some() => Self::At(at),
            Some(_) => Self::Elsewhere,
        }
    }

    #[inline]
    fn offset(at: Timestamp) -> Option<u64> {
        let offset = u64::try_from(at.as_millis().wrapping_sub(FIRST_DATE)).ok();
        offset.filter(|offset| *offset < DATE_ELSEWHERE)
    }

    #[inline]
    fn pack(self) -> [u8; 5] {
        let value = match self {
            Self::None => NO_DATE,
            Self::At(at) => Self::offset(at).unwrap_or(DATE_ELSEWHERE),
            Self::Elsewhere => DATE_ELSEWHERE,
        };
        let [a, b, c, d, e, ..] = value.to_le_bytes();
        [a, b, c, d, e]
    }

    #[inline]
    fn unpack([a, b, c, d, e]: [u8; 5]) -> Self {
        match u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]) {
            NO_DATE => Self::None,
            DATE_ELSEWHERE => Self::Elsewhere,
            // Five bytes are far from the ends of both types.
            offset => Self::At(Timestamp::from_millis(
                FIRST_DATE.wrapping_add(offset.cast_signed()),
            )),
        }
    }
}

/// The length of a record with a name of so many bytes.
pub(super) const fn length(name: usize) -> usize {
    HEADER.saturating_add(name)
}

/// A record to be read; bytes may follow it.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    header: &'a [u8; HEADER],
    name: &'a [u8],
}

impl<'a> Record<'a> {
    /// The record that begins here.
    #[inline]
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let (header, rest) = bytes.split_first_chunk::<HEADER>()?;
        let [_, _, _, _, length, ..] = *header;
        let name = rest.get(..usize::from(length).saturating_add(1))?;
        Some(Self { header, name })
    }

    /// The whole name.
    #[inline]
    pub(super) const fn name(self) -> &'a [u8] {
        self.name
    }

    /// The slot of the key that the alias names.
    #[inline]
    pub(super) const fn key(self) -> Option<u32> {
        match self.word() {
            NO_KEY => None,
            key => Some(key),
        }
    }

    /// The first word: the key of an alias, or what stands in its place where it is gone.
    #[inline]
    pub(super) const fn word(self) -> u32 {
        let [a, b, c, d, ..] = *self.header;
        u32::from_le_bytes([a, b, c, d])
    }

    #[inline]
    pub(super) fn date(self, which: WhichDate) -> PackedDate {
        let [_, _, _, _, _, created @ .., _, _, _, _, _] = *self.header;
        let [.., a, b, c, d, e] = *self.header;
        PackedDate::unpack(match which {
            WhichDate::Created => created,
            WhichDate::Updated => [a, b, c, d, e],
        })
    }
}

/// What stands before a name, to be written.
pub(super) type Header = [u8; HEADER];

/// Writes the key of a record.
#[inline(always)]
pub(super) fn write_key(header: &mut Header, key: Option<u32>) {
    write_word(header, key.unwrap_or(NO_KEY));
}

/// Writes the first word of a record.
#[inline(always)]
pub(super) fn write_word(header: &mut Header, word: u32) {
    let [a, b, c, d, ..] = header;
    [*a, *b, *c, *d] = word.to_le_bytes();
}

/// Writes a date of a record.
#[inline(always)]
pub(super) fn write_date(header: &mut Header, which: WhichDate, date: PackedDate) {
    let [_, _, _, _, _, a, b, c, d, e, updated @ ..] = header;
    match which {
        WhichDate::Created => [*a, *b, *c, *d, *e] = date.pack(),
        WhichDate::Updated => *updated = date.pack(),
    }
}

/// Writes a whole record without dates: nothing, if it does not fit.
pub(super) fn write(bytes: &mut [u8], name: &[u8], key: Option<u32>) {
    let Some((header, rest)) = bytes.split_first_chunk_mut::<HEADER>() else {
        return;
    };
    // A name has 7 to 256 bytes (rule A2).
    let last = u8::try_from(name.len().wrapping_sub(1)).unwrap_or(u8::MAX);
    let [_, _, _, _, length, ..] = header;
    *length = last;
    write_key(header, key);
    write_date(header, WhichDate::Created, PackedDate::None);
    write_date(header, WhichDate::Updated, PackedDate::None);
    if let Some(place) = rest.get_mut(..name.len()) {
        place.copy_from_slice(name);
    }
}
