//! Key IDs, from text to bytes and back (rules K1, K2).
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "const loops over blocks and tables of fixed length, whose index stays below it"
)]

/// Both forms have one length.
pub(super) const KEY_ID_LENGTH: usize = 36;
/// One in every byte of a word.
const EACH: u64 = 0x0101_0101_0101_0101;

/// The bytes of a key ID and whether it is multi-Region (rules K1, K2).
#[inline(always)]
pub(in crate::identifier) const fn key_id(bytes: &[u8]) -> Option<([u8; 16], bool)> {
    let text = match bytes.first_chunk::<KEY_ID_LENGTH>() {
        Some(text) if bytes.len() == KEY_ID_LENGTH => text,
        _ => return None,
    };
    let multi_region = half_word(text, 0) == u32::from_le_bytes(*b"mrk-") as u64;
    // Words, not copies in memory: reading a word that was just written in pieces would stall.
    let words = if multi_region {
        [
            word(text, 4),
            word(text, 12),
            word(text, 20),
            word(text, 28),
        ]
    } else {
        [
            word(text, 0),
            half_word(text, 9) | half_word(text, 14) << 32,
            half_word(text, 19) | half_word(text, 24) << 32,
            word(text, 28),
        ]
    };
    let dashed = (text[8] == b'-') & (text[13] == b'-') & (text[18] == b'-') & (text[23] == b'-');
    let [first, second, third, fourth] = words;
    let bad = not_hex(first) | not_hex(second) | not_hex(third) | not_hex(fourth);
    let upper = eight_digits(first) | eight_digits(second) << 32;
    let lower = eight_digits(third) | eight_digits(fourth) << 32;
    if (bad == 0) & (dashed | multi_region) {
        let value = (upper as u128) | (lower as u128) << 64;
        Some((value.to_le_bytes(), multi_region))
    } else {
        None
    }
}

/// Eight bytes of a text.
#[inline(always)]
const fn word(text: &[u8; KEY_ID_LENGTH], at: usize) -> u64 {
    match text.split_at(at).1.first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => 0,
    }
}

/// Four bytes of a text.
#[inline(always)]
const fn half_word(text: &[u8; KEY_ID_LENGTH], at: usize) -> u64 {
    match text.split_at(at).1.first_chunk() {
        Some(bytes) => u32::from_le_bytes(*bytes) as u64,
        None => 0,
    }
}

/// The uppermost bit of every byte that is no lower-case hex digit.
#[inline(always)]
const fn not_hex(word: u64) -> u64 {
    // With the uppermost bits cleared, adding less than 128 to each byte carries into no other.
    let low = word & (0x7f * EACH);
    // Each sum has the uppermost bit set in the bytes that are at least the first digit, or above
    // the last.
    let digit = (low + (0x80 - b'0' as u64) * EACH) & !(low + (0x7f - b'9' as u64) * EACH);
    let letter = (low + (0x80 - b'a' as u64) * EACH) & !(low + (0x7f - b'f' as u64) * EACH);
    (word | (!digit & !letter)) & (0x80 * EACH)
}

/// Eight hex digits as four bytes, the first digit being the upper half of the first byte.
#[inline(always)]
const fn eight_digits(word: u64) -> u64 {
    // The letters have bit 6, and their lower bits count from 1.
    let halves = (word & (0x0f * EACH)) + 9 * (word >> 6 & EACH);
    let pairs = (halves << 4 | halves >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
    (fours | fours >> 16) & 0xffff_ffff
}

/// Copies `N` bytes from a place of one text to a place of another.
const fn copy<const N: usize, const FROM: usize, const TO: usize>(
    from: &[u8; FROM],
    place: usize,
    to: &mut [u8; TO],
    to_place: usize,
) {
    let mut at = 0;
    while at < N {
        to[to_place + at] = from[place + at];
        at += 1;
    }
}

/// A key ID as text (rules K1, K2).
pub(in crate::identifier) const fn key_id_text(
    value: &[u8; 16],
    multi_region: bool,
) -> [u8; KEY_ID_LENGTH] {
    let mut digits = [0; 32];
    encode_hex(value, &mut digits);
    let mut text = [b'-'; KEY_ID_LENGTH];
    copy::<8, 32, 36>(&digits, 24, &mut text, 28);
    if multi_region {
        copy::<4, 4, 36>(b"mrk-", 0, &mut text, 0);
        copy::<8, 32, 36>(&digits, 0, &mut text, 4);
        copy::<8, 32, 36>(&digits, 8, &mut text, 12);
        copy::<8, 32, 36>(&digits, 16, &mut text, 20);
    } else {
        copy::<8, 32, 36>(&digits, 0, &mut text, 0);
        copy::<4, 32, 36>(&digits, 8, &mut text, 9);
        copy::<4, 32, 36>(&digits, 12, &mut text, 14);
        copy::<4, 32, 36>(&digits, 16, &mut text, 19);
        copy::<4, 32, 36>(&digits, 20, &mut text, 24);
    }
    text
}

/// Writes bytes as lower-case hex digits.
// Not inlined, so that the digits lie in memory: only then does the compiler make vector code of
// this.
#[inline(never)]
const fn encode_hex(value: &[u8; 16], digits: &mut [u8; 32]) {
    let mut at = 0;
    while at < 16 {
        let byte = value[at] as u16;
        let halves = ((byte >> 4) | (byte << 8)) & 0x0f0f;
        // `a` is 39 above the byte that follows `9`.
        let letters = (halves.wrapping_add(0x0606) >> 4) & 0x0101;
        let pair = halves
            .wrapping_add(0x3030)
            .wrapping_add(letters.wrapping_mul(39));
        [digits[2 * at], digits[2 * at + 1]] = pair.to_le_bytes();
        at += 1;
    }
}
