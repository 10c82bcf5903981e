//! Byte classes and lengths: the fast path, which only says yes or no.
//!
//! Every function is `const`, so that `from_static` and parsing at run time share one rule. The
//! loops look at whole blocks without leaving early: a compiler turns those into vector code.
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "const loops over blocks and tables of fixed length, whose index stays below it"
)]

use super::partition::{Partition, REGION_PREFIXES};

/// Rule A1.
const PREFIX: &[u8; 6] = b"alias/";
/// Rule A2, the prefix included.
const SHORTEST_ALIAS: usize = 7;
const LONGEST_ALIAS: usize = 256;
/// Rules K1 and K2: both forms have one length.
pub(super) const KEY_ID_LENGTH: usize = 36;
/// Rule A3.
pub(super) const fn is_alias_byte(byte: u8) -> bool {
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
// The two are looked at in one loop, which makes one vector of what is bad in either.
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

const fn all_are_alias(bytes: &[u8]) -> bool {
    match bytes.len() {
        0..=7 => ends_are_alias::<4>(bytes),
        8..=15 => ends_are_alias::<8>(bytes),
        16..=32 => ends_are_alias::<16>(bytes),
        33..=64 => ends_are_alias::<32>(bytes),
        _ => middle_is_alias(bytes) & ends_are_alias::<32>(bytes),
    }
}

/// Whether what whole blocks there are after the first are of rule A3.
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
pub(super) const fn alias_name(bytes: &[u8]) -> bool {
    bytes.len() >= SHORTEST_ALIAS
        && bytes.len() <= LONGEST_ALIAS
        && starts_with_prefix(bytes)
        && all_are_alias(bytes)
}

/// Rule A1, in two comparisons.
const fn starts_with_prefix(bytes: &[u8]) -> bool {
    let [a, b, c, d, e, f] = *PREFIX;
    match bytes.first_chunk() {
        Some([p, q, r, s, t, u]) => {
            (u32::from_le_bytes([*p, *q, *r, *s]) == u32::from_le_bytes([a, b, c, d]))
                & (u16::from_le_bytes([*t, *u]) == u16::from_le_bytes([e, f]))
        }
        None => false,
    }
}

pub(super) const fn starts_with(bytes: &[u8], prefix: &[u8]) -> bool {
    if bytes.len() < prefix.len() {
        return false;
    }
    let mut at = 0;
    while at < prefix.len() {
        if bytes[at] != prefix[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// What follows the first `count` bytes; nothing where there are fewer.
const fn after(bytes: &[u8], count: usize) -> &[u8] {
    match bytes.split_at_checked(count) {
        Some((_, rest)) => rest,
        None => &[],
    }
}

/// One in every byte of a word.
const EACH: u64 = 0x0101_0101_0101_0101;

/// The bytes of a key ID and whether it is multi-Region (rules K1, K2).
#[inline(always)]
pub(super) const fn key_id(bytes: &[u8]) -> Option<([u8; 16], bool)> {
    let text = match bytes.first_chunk::<KEY_ID_LENGTH>() {
        Some(text) if bytes.len() == KEY_ID_LENGTH => text,
        _ => return None,
    };
    let multi_region = half_word(text, 0) == u32::from_le_bytes(*b"mrk-") as u64;
    // Words, not copies in memory: those would be waited for before they are read as a whole.
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
    // Without its uppermost bit no byte runs over into the next when less than 128 is added.
    let low = word & (0x7f * EACH);
    // What is added brings the uppermost bit to every byte from the first, and past the last.
    let digit = (low + (0x80 - b'0' as u64) * EACH) & !(low + (0x7f - b'9' as u64) * EACH);
    let letter = (low + (0x80 - b'a' as u64) * EACH) & !(low + (0x7f - b'f' as u64) * EACH);
    (word | !(digit | letter)) & (0x80 * EACH)
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
pub(super) const fn key_id_text(value: &[u8; 16], multi_region: bool) -> [u8; KEY_ID_LENGTH] {
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
// Not inlined for the same reason.
#[inline(never)]
const fn encode_hex(value: &[u8; 16], digits: &mut [u8; 32]) {
    let mut at = 0;
    while at < 16 {
        let byte = value[at] as u16;
        let halves = ((byte >> 4) | (byte << 8)) & 0x0f0f;
        // The letters stand 39 above where the digits would go on.
        let letters = (halves.wrapping_add(0x0606) >> 4) & 0x0101;
        let pair = halves
            .wrapping_add(0x3030)
            .wrapping_add(letters.wrapping_mul(39));
        [digits[2 * at], digits[2 * at + 1]] = pair.to_le_bytes();
        at += 1;
    }
}

/// Twelve digits (rule K3).
pub(super) const fn account_id(bytes: &[u8]) -> Option<[u8; 12]> {
    match (
        bytes.first_chunk::<8>(),
        bytes.last_chunk::<8>(),
        bytes.first_chunk::<12>(),
    ) {
        (Some(first), Some(last), Some(digits)) if bytes.len() == 12 => {
            if are_digits(first) & are_digits(last) {
                Some(*digits)
            } else {
                None
            }
        }
        _ => None,
    }
}

const fn are_digits(bytes: &[u8; 8]) -> bool {
    let mut good = true;
    let mut at = 0;
    while at < 8 {
        good &= bytes[at].is_ascii_digit();
        at += 1;
    }
    good
}

/// As many prefixes as the Regions of a partition have at the most.
const PREFIXES: usize = 9;

/// What the Regions of a partition begin with, each prefix as a word of eight bytes.
#[derive(Clone, Copy)]
struct RegionHeads {
    /// The length of each.
    length: usize,
    /// The bytes of a word that count.
    mask: u64,
    /// Some of them more than once, so that there are always as many.
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
pub(super) const fn region_words(bytes: &[u8]) -> [u64; 3] {
    match (bytes.first_chunk(), bytes.last_chunk()) {
        // Most are like this: the last bytes are taken and shifted into place.
        (Some(first), Some(last)) if bytes.len() <= 16 => {
            let missing = 16 - bytes.len();
            let second = u64::from_le_bytes(*last);
            // All of the last bytes are the first, where there are no more.
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
pub(super) const fn region_partition(bytes: &[u8]) -> Option<Partition> {
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
const fn is_region_of(partition: Partition, bytes: &[u8]) -> bool {
    let RegionHeads {
        length,
        mask,
        words,
    } = &REGION_HEADS[partition as usize];
    let head = head(bytes) & *mask;
    let mut fits = false;
    let mut at = 0;
    // All are looked at, as nobody can tell which it will be.
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

/// An ARN of KMS, taken apart (rules K3, K4, A7).
pub(super) struct Arn<'a> {
    pub(super) partition: Partition,
    pub(super) region: &'a [u8],
    pub(super) account: [u8; 12],
    pub(super) resource: &'a [u8],
}

/// The parts of an ARN whose Region is of its partition.
pub(super) const fn arn(bytes: &[u8]) -> Option<Arn<'_>> {
    // The Region is the only part before the resource whose length is not known here.
    let Some((partition, rest)) = before_region(bytes) else {
        return None;
    };
    let (region, rest) = until_colon(rest);
    match rest.split_at_checked(12) {
        Some((account, resource @ [])) => joined(partition, region, account, resource),
        Some((account, [b':', resource @ ..])) => joined(partition, region, account, resource),
        _ => None,
    }
}

/// What an ARN begins with: `arn:`, its partition, `:kms:`; and what follows.
#[inline(always)]
const fn before_region(bytes: &[u8]) -> Option<(Partition, &[u8])> {
    if !starts_with(bytes, b"arn:") {
        return None;
    }
    let bytes = after(bytes, 4);
    let mut at = 0;
    while at < Partition::ALL.len() {
        let name = Partition::ALL[at].as_str().as_bytes();
        // One partition's name may be the beginning of another's.
        if starts_with(bytes, name) && starts_with(after(bytes, name.len()), b":kms:") {
            return Some((Partition::ALL[at], after(bytes, name.len() + 5)));
        }
        at += 1;
    }
    None
}

#[inline(always)]
const fn joined<'a>(
    partition: Partition,
    region: &'a [u8],
    account: &[u8],
    resource: &'a [u8],
) -> Option<Arn<'a>> {
    match account_id(account) {
        Some(account) if is_region_of(partition, region) => Some(Arn {
            partition,
            region,
            account,
            resource,
        }),
        _ => None,
    }
}

/// The parts of an ARN that ends with its account.
pub(super) const fn scope(bytes: &[u8]) -> Option<Arn<'_>> {
    match arn(bytes) {
        // A colon at the end would make an empty resource.
        Some(head) if head.resource.is_empty() && !matches!(bytes, [.., b':']) => Some(head),
        _ => None,
    }
}

/// What stands before the first colon, and after it.
const fn until_colon(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    while at < bytes.len() && bytes[at] != b':' {
        at += 1;
    }
    let (part, rest) = bytes.split_at(at);
    (part, after(rest, 1))
}

/// How many bytes of a key ARN follow its Region, whatever they are (rule K3).
const AFTER_REGION: usize = 1 + 12 + 1 + 4 + KEY_ID_LENGTH;

/// The parts of a key ARN, and the key ID that its resource is (rule K3).
///
/// It is read from its end, where the lengths are known.
#[inline(always)]
pub(super) const fn key_arn(bytes: &[u8]) -> Option<(Arn<'_>, ([u8; 16], bool))> {
    let Some((head, tail)) = bytes.split_last_chunk::<AFTER_REGION>() else {
        return None;
    };
    let (account, resource) = after(tail, 1).split_at(12);
    let resource = after(resource, 1);
    let (key, text) = resource.split_at(4);
    let is_key = (tail[0] == b':') & (tail[13] == b':') & starts_with(key, b"key/");
    let Some((partition, region)) = before_region(head) else {
        return None;
    };
    match (joined(partition, region, account, resource), key_id(text)) {
        (Some(arn), Some(key_id)) if is_key => Some((arn, key_id)),
        _ => None,
    }
}
