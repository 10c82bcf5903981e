//! Regions and their partitions (rule K4).
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "const loops over blocks and tables of fixed length, whose index stays below it"
)]

use super::bytes::after;
use crate::identifier::partition::{Partition, REGION_PREFIXES};

/// The most prefixes that the Regions of one partition have.
const PREFIXES: usize = 9;

/// What the Regions of a partition begin with, each prefix as a word of eight bytes.
#[derive(Clone, Copy)]
struct RegionHeads {
    /// The length of each.
    length: usize,
    /// The bytes of a word that count.
    mask: u64,
    /// A word for each prefix, and the first of them again in every place that is left.
    words: [u64; PREFIXES],
}

/// By partition.
const REGION_HEADS: [RegionHeads; Partition::ALL.len()] = {
    let mut heads = [RegionHeads::of(Partition::Aws); Partition::ALL.len()];
    let mut at = 0;
    while at < heads.len() {
        heads[Partition::ALL[at] as usize] = RegionHeads::of(Partition::ALL[at]);
        at += 1;
    }
    heads
};

impl RegionHeads {
    const fn of(partition: Partition) -> Self {
        let (mut length, mut words, mut count) = (0, [0; PREFIXES], 0);
        let mut at = 0;
        while at < REGION_PREFIXES.len() {
            let (prefix, of) = REGION_PREFIXES[at];
            if of as u8 == partition as u8 {
                assert!(
                    length == 0 || length == prefix.len(),
                    "prefixes of one length"
                );
                length = prefix.len();
                words[count] = head(prefix.as_bytes());
                count += 1;
            }
            at += 1;
        }
        while count < PREFIXES {
            words[count] = words[0];
            count += 1;
        }
        let mask = u64::MAX >> (64 - 8 * length);
        Self {
            length,
            mask,
            words,
        }
    }
}

/// The first eight bytes, or what there is and zeros after it.
const fn head(bytes: &[u8]) -> u64 {
    if let Some(head) = bytes.first_chunk() {
        return u64::from_le_bytes(*head);
    }
    let mut head = 0;
    let mut at = 0;
    while at < bytes.len() {
        head |= (bytes[at] as u64) << (8 * at);
        at += 1;
    }
    head
}

/// A Region as three words with zeros after it.
pub(in crate::identifier) const fn region_words(bytes: &[u8]) -> [u64; 3] {
    match (bytes.first_chunk(), bytes.last_chunk()) {
        // Most are like this: the last bytes are taken and shifted into place.
        (Some(first), Some(last)) if bytes.len() <= 16 => {
            let missing = 16 - bytes.len();
            let second = u64::from_le_bytes(*last);
            // Of a text of eight bytes the last eight are the first, and the second word is empty.
            let second = if missing < 8 {
                second >> (8 * missing)
            } else {
                0
            };
            [u64::from_le_bytes(*first), second, 0]
        }
        _ => [head(bytes), head(after(bytes, 8)), head(after(bytes, 16))],
    }
}

/// The partition whose pattern a Region fits (rule K4).
pub(in crate::identifier) const fn region_partition(bytes: &[u8]) -> Option<Partition> {
    let mut at = 0;
    while at < Partition::ALL.len() {
        if is_region_of(Partition::ALL[at], bytes) {
            return Some(Partition::ALL[at]);
        }
        at += 1;
    }
    None
}

/// Whether a Region fits the pattern of a partition (rule K4): `PREFIX` `WORD` `-` `DIGITS`.
#[inline(always)]
pub(super) const fn is_region_of(partition: Partition, bytes: &[u8]) -> bool {
    let RegionHeads {
        length,
        mask,
        words,
    } = &REGION_HEADS[partition as usize];
    let head = head(bytes) & *mask;
    let mut fits = false;
    let mut at = 0;
    // All are compared: leaving early would often be mispredicted.
    while at < PREFIXES {
        fits |= head == words[at];
        at += 1;
    }
    fits && is_word_and_digits(after(bytes, *length))
}

/// 1 to 12 letters, a dash, 1 or 2 digits; read from the end, where the dash is near.
const fn is_word_and_digits(bytes: &[u8]) -> bool {
    let word = match bytes {
        [word @ .., b'-', digit] if digit.is_ascii_digit() => word,
        [word @ .., b'-', tens, digit] if tens.is_ascii_digit() & digit.is_ascii_digit() => word,
        _ => return false,
    };
    match word.len() {
        1..=3 => ends_are_lower::<1>(word) & ends_are_lower::<1>(after(word, word.len() / 2)),
        4..=7 => ends_are_lower::<4>(word),
        8..=12 => ends_are_lower::<8>(word),
        _ => false,
    }
}

/// Whether both ends of a word, taken as blocks that may overlap, are lower-case letters.
const fn ends_are_lower<const N: usize>(bytes: &[u8]) -> bool {
    match (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        (Some(first), Some(last)) => block_is_lower(first) & block_is_lower(last),
        _ => false,
    }
}

const fn block_is_lower<const N: usize>(block: &[u8; N]) -> bool {
    let mut good = true;
    let mut at = 0;
    while at < N {
        good &= block[at].is_ascii_lowercase();
        at += 1;
    }
    good
}
