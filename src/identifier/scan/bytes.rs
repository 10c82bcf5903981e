//! What the scans share: the beginning of a text and what follows.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "const loops whose index stays below what they loop over"
)]

/// Whether a text begins with a prefix: by the prefix's ends, which may overlap, as words.
#[inline(always)]
pub(in crate::identifier) const fn starts_with(bytes: &[u8], prefix: &[u8]) -> bool {
    let Some((begin, _)) = bytes.split_at_checked(prefix.len()) else {
        return false;
    };
    match prefix.len() {
        4..=7 => half_words(begin) == half_words(prefix),
        8..=16 => words(begin) == words(prefix),
        _ => same(begin, prefix),
    }
}

/// Both ends of a text of 4 to 8 bytes.
#[inline(always)]
const fn half_words(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => {
            u32::from_le_bytes(*first) as u64 | (u32::from_le_bytes(*last) as u64) << 32
        }
        _ => 0,
    }
}

/// Both ends of a text of 8 to 16 bytes.
#[inline(always)]
const fn words(bytes: &[u8]) -> u128 {
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => {
            u64::from_le_bytes(*first) as u128 | (u64::from_le_bytes(*last) as u128) << 64
        }
        _ => 0,
    }
}

/// Whether two texts of one length are the same.
const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// What follows the first `count` bytes; nothing where there are fewer.
pub(super) const fn after(bytes: &[u8], count: usize) -> &[u8] {
    match bytes.split_at_checked(count) {
        Some((_, rest)) => rest,
        None => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::starts_with;

    #[test]
    fn a_text_begins_with_what_std_says_it_begins_with() {
        let text: [u8; 24] = core::array::from_fn(|at| u8::try_from(at).unwrap_or_default());
        for length in 0..=24 {
            for prefix in 0..=24 {
                let (begin, prefix) = (&text[..length], &text[..prefix]);
                assert_eq!(starts_with(begin, prefix), begin.starts_with(prefix));
                for at in 0..prefix.len() {
                    let mut other = text;
                    other[at] ^= 0x80;
                    assert!(!starts_with(begin, &other[..prefix.len()]));
                }
            }
        }
    }
}
