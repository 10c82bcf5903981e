//! Alias names (rules A1–A3).
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "const loops over blocks and tables of fixed length, whose index stays below it"
)]

use super::bytes::{after, starts_with};

/// Rule A1.
const PREFIX: &[u8; 6] = b"alias/";
/// Rule A2, the prefix included.
const SHORTEST_ALIAS: usize = 7;
const LONGEST_ALIAS: usize = 256;

/// Rule A3.
pub(in crate::identifier) const fn is_alias_byte(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    // `/` stands right before the digits.
    let slash_or_digit = byte.wrapping_sub(b'/') < 11;
    letter | slash_or_digit | (byte == b'_') | (byte == b'-')
}

/// The pattern of the service model, which lets a colon through as well.
pub(crate) const fn is_model_byte(byte: u8) -> bool {
    is_alias_byte(byte) | (byte == b':')
}

/// Whether both ends of a text, taken as blocks that may overlap, are of rule A3.
// One loop for both, which the compiler makes into one vector.
const fn ends_are_alias<const N: usize>(bytes: &[u8]) -> bool {
    match (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        (Some(first), Some(last)) => blocks_are_alias(first, last),
        _ => false,
    }
}

const fn blocks_are_alias<const N: usize>(one: &[u8; N], other: &[u8; N]) -> bool {
    let mut bad = 0;
    let mut at = 0;
    while at < N {
        bad |= (!is_alias_byte(one[at]) | !is_alias_byte(other[at])) as u8;
        at += 1;
    }
    bad == 0
}

/// The same of four blocks of a text of 16 to 64 bytes, which overlap if it has fewer than 64.
// One path for all these lengths: a branch between two would often be mispredicted.
#[inline(always)]
const fn quarters_are_alias(bytes: &[u8]) -> bool {
    let last = bytes.len().saturating_sub(16);
    match (
        bytes.first_chunk::<16>(),
        after(bytes, least(16, last)).first_chunk::<16>(),
        after(bytes, least(32, last)).first_chunk::<16>(),
        bytes.last_chunk::<16>(),
    ) {
        (Some(first), Some(second), Some(third), Some(fourth)) => {
            let mut bad = 0;
            let mut at = 0;
            while at < 16 {
                bad |= (!is_alias_byte(first[at])
                    | !is_alias_byte(second[at])
                    | !is_alias_byte(third[at])
                    | !is_alias_byte(fourth[at])) as u8;
                at += 1;
            }
            bad == 0
        }
        _ => false,
    }
}

const fn least(one: usize, other: usize) -> usize {
    if one < other { one } else { other }
}

const fn all_are_alias(bytes: &[u8]) -> bool {
    match bytes.len() {
        0..=7 => ends_are_alias::<4>(bytes),
        8..=15 => ends_are_alias::<8>(bytes),
        16..=64 => quarters_are_alias(bytes),
        _ => middle_is_alias(bytes) & ends_are_alias::<32>(bytes),
    }
}

/// Whether all whole blocks after the first are of rule A3.
const fn middle_is_alias(bytes: &[u8]) -> bool {
    let (blocks, _) = bytes.as_chunks::<32>();
    let mut good = true;
    let mut at = 1;
    while at < blocks.len() {
        good &= blocks_are_alias(&blocks[at], &blocks[at]);
        at += 1;
    }
    good
}

/// Rules A1–A3.
pub(in crate::identifier) const fn alias_name(bytes: &[u8]) -> bool {
    bytes.len() >= SHORTEST_ALIAS
        && bytes.len() <= LONGEST_ALIAS
        && starts_with(bytes, PREFIX)
        && all_are_alias(bytes)
}

#[cfg(test)]
mod tests {
    use super::{alias_name, is_alias_byte, is_model_byte};
    use alloc::format;

    #[test]
    fn two_bad_bytes_do_not_make_a_name_good_a3() {
        let longest = format!("alias/{}", "a".repeat(250)).into_bytes();
        for length in [8, 15, 16, 31, 48, 64, 65, 100, 256] {
            for one in 0..length {
                for other in 0..one {
                    let mut name = longest[..length].to_vec();
                    (name[one], name[other]) = (b'.', b'.');
                    assert!(!alias_name(&name), "at {other} and {one} of {length}");
                }
            }
        }
    }

    #[test]
    fn the_model_lets_a_colon_through_and_nothing_else_more_a3() {
        for byte in 0..=u8::MAX {
            let is_letter_or_digit = byte.is_ascii_alphanumeric();
            assert_eq!(
                is_alias_byte(byte),
                is_letter_or_digit || b"/_-".contains(&byte)
            );
            assert_eq!(
                is_model_byte(byte),
                is_letter_or_digit || b"/_-:".contains(&byte)
            );
        }
    }
}
