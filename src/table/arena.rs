//! The aliases of a table as records in bytes, each at its address.
//!
//! Records lie one after the other in chunks, so that an alias costs little more than its name.
//! What is taken out leaves a gap, which the next record of that size fills.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "an address is handed out by this arena alone, and points into a chunk; chunks and \
              sizes are bounded"
)]

use alloc::vec;
use alloc::vec::Vec;

use hashbrown::{DefaultHashBuilder, HashMap};

use super::record::{self, LONGEST, PackedDate, Record, WhichDate};
use crate::key::Timestamp;

/// What addresses count in: every record begins at such a multiple, and its size is one.
const GRANULE: usize = 2;
/// The size of a chunk. Only the first grows from less.
const CHUNK: usize = GRANULE * GRANULES as usize;
/// How many of them a chunk has.
const GRANULES: u32 = 1 << 19;
/// Chunks that addresses can tell apart: 8 GiB in all. Tests fill fewer.
const MOST_CHUNKS: usize = if cfg!(test) { 1 << 3 } else { 1 << 13 };
/// What records take at most. Where they are laid without gaps, a chunk ends with less room than the
/// longest needs, and all such ends of 8 GiB are less than three chunks.
const MOST_LIVE: usize = (MOST_CHUNKS - 3).saturating_mul(CHUNK);
/// No address: the last granule of the last chunk is no beginning of a record.
const NOWHERE: u32 = u32::MAX;
/// Before this byte most records end.
const MOST_END: usize = 48;
/// Gaps up to here are not worth moving everything.
const SMALL: usize = 1 << 12;

/// Records, each at an address that holds until it is taken out or all are moved together.
#[derive(Clone, Debug, Default)]
pub(super) struct Arena {
    chunks: Vec<Vec<u8>>,
    /// The first gap of each size in granules; each gap holds the address of the next.
    gaps: Vec<u32>,
    live: usize,
    dead: usize,
    /// The dates that do not fit into their record.
    dates: HashMap<(u32, bool), Timestamp, DefaultHashBuilder>,
}

const fn granules(name: usize) -> usize {
    record::length(name).div_ceil(GRANULE)
}

impl Arena {
    fn split(address: u32) -> (usize, usize) {
        let chunk = (address / GRANULES) as usize;
        let byte = (address % GRANULES) as usize * GRANULE;
        (chunk, byte)
    }

    /// The bytes from an address to the end of its chunk.
    #[inline]
    fn bytes(&self, address: u32) -> &[u8] {
        let (chunk, byte) = Self::split(address);
        &self.chunks[chunk][byte..]
    }

    #[inline]
    fn bytes_mut(&mut self, address: u32) -> &mut [u8] {
        let (chunk, byte) = Self::split(address);
        &mut self.chunks[chunk][byte..]
    }

    /// What stands before the name at an address.
    #[inline(always)]
    fn header_mut(&mut self, address: u32) -> Option<&mut record::Header> {
        self.bytes_mut(address).first_chunk_mut()
    }

    /// The record at an address.
    #[inline]
    #[expect(
        clippy::expect_used,
        reason = "an address is handed out only while a record lies there"
    )]
    pub(super) fn record(&self, address: u32) -> Record<'_> {
        Record::new(self.bytes(address)).expect("a record at its address")
    }

    /// The name at an address.
    #[inline]
    pub(super) fn name(&self, address: u32) -> &[u8] {
        self.record(address).name()
    }

    /// Asks for the record at an address: several such calls wait together for the memory that they
    /// ask for, where the uses of the records would wait one by one.
    // Where most records end is asked for, and not where this one does: its length would be waited for.
    #[inline(always)]
    pub(super) fn ahead(&self, address: u32) {
        let bytes = self.bytes(address);
        core::hint::black_box((bytes.first().copied(), bytes.get(MOST_END).copied()));
    }

    /// A date of the record at an address.
    #[inline]
    pub(super) fn date(
        &self,
        address: u32,
        record: Record<'_>,
        which: WhichDate,
    ) -> Option<Timestamp> {
        match record.date(which) {
            PackedDate::None => None,
            PackedDate::At(at) => Some(at),
            PackedDate::Elsewhere => {
                let key = (address, which == WhichDate::Updated);
                self.dates.get(&key).copied()
            }
        }
    }

    #[inline]
    pub(super) fn set_date(&mut self, address: u32, which: WhichDate, date: Option<Timestamp>) {
        let packed = PackedDate::of(date);
        if let Some(header) = self.header_mut(address) {
            record::write_date(header, which, packed);
        }
        self.keep_if_elsewhere(address, which, date, packed);
    }

    #[inline(always)]
    fn keep_if_elsewhere(
        &mut self,
        address: u32,
        which: WhichDate,
        date: Option<Timestamp>,
        packed: PackedDate,
    ) {
        if packed == PackedDate::Elsewhere || !self.dates.is_empty() {
            let date = date.filter(|_| packed == PackedDate::Elsewhere);
            self.keep_elsewhere(address, which, date);
        }
    }

    /// Keeps a date that its record has no room for, or none.
    #[cold]
    fn keep_elsewhere(&mut self, address: u32, which: WhichDate, date: Option<Timestamp>) {
        let key = (address, which == WhichDate::Updated);
        match date {
            Some(at) => self.dates.insert(key, at),
            None => self.dates.remove(&key),
        };
    }

    /// Gives an alias its key and the date of its last update.
    #[inline]
    pub(super) fn update(&mut self, address: u32, key: u32, updated: Option<Timestamp>) {
        let packed = PackedDate::of(updated);
        if let Some(header) = self.header_mut(address) {
            record::write_key(header, Some(key));
            record::write_date(header, WhichDate::Updated, packed);
        }
        self.keep_if_elsewhere(address, WhichDate::Updated, updated, packed);
    }

    /// Whether a name's record has room beside all others, once there are no gaps between them.
    pub(super) fn has_room(&self, name: &[u8]) -> bool {
        self.live + granules(name.len()) * GRANULE <= MOST_LIVE
    }

    /// Writes a record without dates: its address, if there is one left.
    pub(super) fn put(&mut self, name: &[u8], key: Option<u32>) -> Option<u32> {
        let size = granules(name.len());
        let address = match self.gaps.get(size) {
            Some(gap) if *gap != NOWHERE => self.fill_gap(*gap, size),
            _ => self.grow(size * GRANULE)?,
        };
        self.live += size * GRANULE;
        record::write(self.bytes_mut(address), name, key);
        Some(address)
    }

    /// Takes a gap out of its list.
    fn fill_gap(&mut self, gap: u32, size: usize) -> u32 {
        self.gaps[size] = self.record(gap).word();
        self.dead -= size * GRANULE;
        gap
    }

    /// Room for so many bytes at the end of the last chunk, or in a new one.
    fn grow(&mut self, size: usize) -> Option<u32> {
        let room = self.chunks.last().map_or(0, |last| CHUNK - last.len());
        if room < size {
            if self.chunks.len() == MOST_CHUNKS {
                return None;
            }
            // A small table stays small.
            let chunk = if self.chunks.is_empty() { 0 } else { CHUNK };
            self.dead += room;
            self.chunks.push(Vec::with_capacity(chunk));
        }
        let chunk = self.chunks.len().checked_sub(1)?;
        let last = self.chunks.get_mut(chunk)?;
        let begin = last.len();
        if last.capacity() - begin < size {
            let capacity = (2 * last.capacity()).clamp(begin + size, CHUNK);
            last.reserve_exact(capacity - begin);
        }
        last.resize(begin + size, 0);
        u32::try_from(chunk * GRANULES as usize + begin / GRANULE).ok()
    }

    /// Takes a record out.
    pub(super) fn take(&mut self, address: u32) {
        self.set_date(address, WhichDate::Created, None);
        self.set_date(address, WhichDate::Updated, None);
        let size = granules(self.name(address).len());
        if self.gaps.is_empty() {
            self.gaps = vec![NOWHERE; LONGEST.div_ceil(GRANULE) + 1];
        }
        let next = self.gaps[size];
        if let Some(header) = self.header_mut(address) {
            record::write_word(header, next);
        }
        self.gaps[size] = address;
        self.live -= size * GRANULE;
        self.dead += size * GRANULE;
    }

    /// Whether more than half of all is gaps.
    pub(super) fn is_sparse(&self) -> bool {
        self.dead > self.live.max(SMALL)
    }

    /// Lays the records close together, in the order in which they are named; every address is
    /// told the new one. What is not named is gone.
    ///
    /// Afterwards [`forwarded`](Moved::forwarded) tells the new address of an old one.
    pub(super) fn compact(&mut self, addresses: impl Iterator<Item = u32>) -> Moved {
        let mut old = core::mem::take(self);
        for address in addresses {
            let record = old.record(address);
            // What lay in no more room than this fits into it again.
            let Some(new) = self.put(record.name(), record.key()) else {
                continue;
            };
            for which in [WhichDate::Created, WhichDate::Updated] {
                self.set_date(new, which, old.date(address, record, which));
            }
            if let Some(header) = old.header_mut(address) {
                record::write_word(header, new);
            }
        }
        Moved { old }
    }
}

/// What was moved: the old records, each with its new address.
pub(super) struct Moved {
    old: Arena,
}

impl Moved {
    /// The new address of a record that was moved.
    pub(super) fn forwarded(&self, address: u32) -> u32 {
        self.old.record(address).word()
    }
}

#[cfg(test)]
#[expect(
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    reason = "a test holds little"
)]
mod tests {
    use super::{Arena, CHUNK, GRANULE, LONGEST, MOST_LIVE, record};
    use crate::key::Timestamp;
    use crate::table::record::WhichDate::{Created, Updated};
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    /// Names of every length that there is (rule A2), again and again.
    fn name(number: usize) -> String {
        let begin = format!("alias/{number}");
        format!("{begin:-<width$}", width = 16 + number % 241)
    }

    fn held(arena: &Arena) -> usize {
        arena.chunks.iter().map(Vec::capacity).sum()
    }

    /// A date of every kind: none, packed, before 2014, after 2048, the first and the last.
    fn date(number: usize) -> Option<Timestamp> {
        match number % 6 {
            0 => None,
            1 => Some(Timestamp::from_millis(1_700_000_000_123)),
            2 => Some(Timestamp::from_millis(0)),
            3 => Some(Timestamp::from_millis(4_000_000_000_000)),
            4 => Some(Timestamp::MIN),
            _ => Some(Timestamp::MAX),
        }
    }

    fn key(number: usize) -> Option<u32> {
        u32::try_from(number).ok().filter(|key| key % 7 > 0)
    }

    fn put(arena: &mut Arena, number: usize) -> u32 {
        let address = arena.put(name(number).as_bytes(), key(number));
        let address = address.expect("room");
        arena.set_date(address, Created, date(number));
        arena.set_date(address, Updated, date(number / 6));
        address
    }

    fn assert_holds(arena: &Arena, address: u32, number: usize) {
        let record = arena.record(address);
        assert_eq!(record.name(), name(number).as_bytes());
        assert_eq!(record.key(), key(number));
        assert_eq!(arena.date(address, record, Created), date(number));
        assert_eq!(arena.date(address, record, Updated), date(number / 6));
    }

    #[test]
    fn there_is_room_to_the_last_granule_and_no_further_q() {
        let mut arena = Arena::default();
        let name = [b'n'; 200];
        while arena.has_room(&name) {
            assert!(arena.put(&name, None).is_some());
        }
        let left = MOST_LIVE - arena.live;
        let fits = (0..200).filter(|length| arena.has_room(&name[..*length]));
        assert_eq!(
            fits.max(),
            Some(left / GRANULE * GRANULE - record::length(0))
        );
    }

    #[test]
    fn records_of_every_length_and_date_read_back_a2() {
        let mut arena = Arena::default();
        let addresses: Vec<u32> = (0..20_000).map(|number| put(&mut arena, number)).collect();
        assert!(arena.chunks.len() > 2);
        for (number, address) in addresses.iter().enumerate() {
            assert_holds(&arena, *address, number);
        }
        // A date that was elsewhere comes back into its record, and the other way.
        for (number, address) in addresses.iter().enumerate() {
            arena.set_date(*address, Created, date(number.wrapping_add(1)));
            arena.set_date(*address, Created, date(number));
            assert_holds(&arena, *address, number);
        }
        for (number, address) in addresses.iter().enumerate() {
            arena.update(*address, 5, date(number));
            let record = arena.record(*address);
            assert_eq!(record.key(), Some(5));
            assert_eq!(arena.date(*address, record, Created), date(number));
            assert_eq!(arena.date(*address, record, Updated), date(number));
        }
        assert!(!arena.dates.is_empty());
        // What no record fits into at the end of a chunk is a gap.
        let bytes: usize = arena.chunks.iter().map(Vec::len).sum();
        assert_eq!(arena.live, bytes);
        let (_, full) = arena.chunks.split_last().expect("chunks");
        assert!(full.iter().all(|chunk| chunk.len() > CHUNK - LONGEST));
        assert!(arena.chunks.iter().all(|chunk| chunk.capacity() <= CHUNK));
        let ends: usize = full.iter().map(|chunk| CHUNK - chunk.len()).sum();
        assert!(ends > 0);
        assert_eq!(arena.dead, ends);
        for address in addresses {
            arena.take(address);
        }
        assert!(arena.dates.is_empty());
        assert_eq!((arena.live, arena.dead), (0, bytes + ends));
    }

    #[test]
    fn a_small_arena_stays_small_and_a_chunk_is_filled_to_its_end() {
        let (mut arena, name) = (Arena::default(), [b'a'; 17]);
        for count in 1..=32_768_usize {
            arena.put(&name, None).expect("room");
            assert_eq!(held(&arena), (count * 32).next_power_of_two());
        }
        assert_eq!(arena.chunks.len(), 1);
        arena.put(&name, None).expect("room");
        assert_eq!(arena.chunks.len(), 2);
        // Of a size by which no chunk is filled.
        let (mut arena, name) = (Arena::default(), [b'a'; 19]);
        for _ in 0..CHUNK / 34 {
            arena.put(&name, None).expect("room");
        }
        assert_eq!(held(&arena), CHUNK);
    }

    #[test]
    fn an_arena_is_sparse_if_its_gaps_are_most_of_it_and_many() {
        for (live, dead, is_sparse) in [
            (0, 4096, false),
            (0, 4097, true),
            (5000, 4999, false),
            (5000, 5000, false),
            (5000, 5001, true),
        ] {
            let arena = Arena {
                live,
                dead,
                ..Arena::default()
            };
            assert_eq!(arena.is_sparse(), is_sparse, "{live} and {dead}");
        }
    }

    #[test]
    fn the_ends_of_what_five_bytes_hold_read_back_u6() {
        let mut arena = Arena::default();
        let address = arena.put(b"alias/a", None).expect("room");
        let (first, last) = (1_388_534_400_000_i64, 2_488_046_027_773_i64);
        for (millis, is_packed) in [
            (first, true),
            (first.wrapping_sub(1), false),
            (last, true),
            (last.wrapping_add(1), false),
            (last.wrapping_add(2), false),
        ] {
            let at = Timestamp::from_millis(millis);
            arena.set_date(address, Updated, Some(at));
            let record = arena.record(address);
            assert_eq!(arena.date(address, record, Updated), Some(at));
            assert_eq!(arena.dates.is_empty(), is_packed, "{millis}");
        }
    }

    #[test]
    fn what_is_taken_out_makes_room_for_its_like() {
        let mut arena = Arena::default();
        let addresses: Vec<u32> = (0..1000).map(|number| put(&mut arena, number)).collect();
        let before = held(&arena);
        for _ in 0..50 {
            let all = arena.live;
            for address in &addresses {
                arena.take(*address);
                assert_eq!(arena.live + arena.dead, all);
            }
            for number in 0..1000 {
                let address = put(&mut arena, number);
                assert_eq!(arena.live + arena.dead, all);
                assert_holds(&arena, address, number);
            }
        }
        assert_eq!((held(&arena), arena.dead), (before, 0));
        // One more finds no gap of its size.
        let address = put(&mut arena, 1000);
        assert!(!addresses.contains(&address));
        assert_holds(&arena, address, 1000);
    }

    #[test]
    fn moving_closes_the_gaps_and_tells_where_everything_is() {
        let mut arena = Arena::default();
        let addresses: Vec<u32> = (0..30_000).map(|number| put(&mut arena, number)).collect();
        let before = held(&arena);
        let mut left = Vec::new();
        for (number, address) in addresses.into_iter().enumerate() {
            if number % 5 == 0 {
                left.push((number, address));
            } else {
                arena.take(address);
            }
        }
        assert!(arena.is_sparse());
        let moved = arena.compact(left.iter().rev().map(|(_, address)| *address));
        for (number, address) in &left {
            assert_holds(&arena, moved.forwarded(*address), *number);
        }
        assert!(!arena.is_sparse());
        let after = held(&arena);
        assert!(after < before / 4 + 2 * CHUNK, "{after} of {before} bytes");
    }
}
