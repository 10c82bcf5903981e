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
/// Where the hex digits of a key ID of rule K1 stand.
const UUID_DIGITS: [usize; 32] = [
    0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 19, 20, 21, 22, 24, 25, 26, 27, 28, 29,
    30, 31, 32, 33, 34, 35,
];
/// Where its dashes stand.
const UUID_DASHES: [usize; 4] = [8, 13, 18, 23];

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

const fn block_is_alias<const N: usize>(block: &[u8; N]) -> bool {
    let mut good = true;
    let mut at = 0;
    while at < N {
        good &= is_alias_byte(block[at]);
        at += 1;
    }
    good
}

/// Whether both ends of a text, taken as blocks that may overlap, are of rule A3.
const fn ends_are_alias<const N: usize>(bytes: &[u8]) -> bool {
    match (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) {
        (Some(first), Some(last)) => block_is_alias(first) & block_is_alias(last),
        _ => false,
    }
}

const fn all_are_alias(bytes: &[u8]) -> bool {
    if bytes.len() < 8 {
        return ends_are_alias::<4>(bytes);
    }
    if bytes.len() < 16 {
        return ends_are_alias::<8>(bytes);
    }
    if bytes.len() < 32 {
        return ends_are_alias::<16>(bytes);
    }
    let (blocks, _) = bytes.as_chunks::<32>();
    let mut good = ends_are_alias::<32>(bytes);
    let mut at = 1;
    while at < blocks.len() {
        good &= block_is_alias(&blocks[at]);
        at += 1;
    }
    good
}

/// Rules A1–A3.
pub(super) const fn alias_name(bytes: &[u8]) -> bool {
    bytes.len() >= SHORTEST_ALIAS
        && bytes.len() <= LONGEST_ALIAS
        && starts_with(bytes, PREFIX)
        && all_are_alias(bytes)
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

/// The bytes of a key ID and whether it is multi-Region (rules K1, K2).
pub(super) const fn key_id(bytes: &[u8]) -> Option<([u8; 16], bool)> {
    let Some(text) = bytes.first_chunk::<KEY_ID_LENGTH>() else {
        return None;
    };
    if bytes.len() != KEY_ID_LENGTH {
        return None;
    }
    let multi_region = starts_with(text, b"mrk-");
    let mut digits = [0; 32];
    let mut at = 0;
    while at < 32 {
        digits[at] = if multi_region {
            text[at + 4]
        } else {
            text[UUID_DIGITS[at]]
        };
        at += 1;
    }
    let mut dashed = true;
    at = 0;
    while at < UUID_DASHES.len() {
        dashed &= text[UUID_DASHES[at]] == b'-';
        at += 1;
    }
    match hex_pairs(&digits) {
        Some(value) if dashed | multi_region => Some((value, multi_region)),
        _ => None,
    }
}

const fn hex_pairs(digits: &[u8; 32]) -> Option<[u8; 16]> {
    let mut values = [0; 32];
    let mut good = true;
    let mut at = 0;
    while at < 32 {
        let decimal = digits[at].wrapping_sub(b'0');
        let letter = digits[at].wrapping_sub(b'a');
        good &= (decimal < 10) | (letter < 6);
        values[at] = if decimal < 10 {
            decimal
        } else {
            letter.wrapping_add(10)
        };
        at += 1;
    }
    let mut bytes = [0; 16];
    at = 0;
    while at < 16 {
        bytes[at] = (values[2 * at] << 4) | (values[2 * at + 1] & 15);
        at += 1;
    }
    if good { Some(bytes) } else { None }
}

/// A key ID as text (rules K1, K2).
pub(super) const fn key_id_text(value: &[u8; 16], multi_region: bool) -> [u8; KEY_ID_LENGTH] {
    let digits = hex_digits(value);
    let mut text = [b'-'; KEY_ID_LENGTH];
    let mut at = 0;
    if multi_region {
        text[0] = b'm';
        text[1] = b'r';
        text[2] = b'k';
        while at < 32 {
            text[at + 4] = digits[at];
            at += 1;
        }
    } else {
        while at < 32 {
            text[UUID_DIGITS[at]] = digits[at];
            at += 1;
        }
    }
    text
}

const fn hex_digits(value: &[u8; 16]) -> [u8; 32] {
    let mut digits = [0; 32];
    let mut at = 0;
    while at < 16 {
        digits[2 * at] = value[at] >> 4;
        digits[2 * at + 1] = value[at] & 15;
        at += 1;
    }
    at = 0;
    while at < 32 {
        // The letters stand 39 above where the digits would go on.
        let letter = (digits[at] > 9) as u8;
        digits[at] += b'0' + 39 * letter;
        at += 1;
    }
    digits
}

/// Twelve digits (rule K3).
pub(super) const fn account_id(bytes: &[u8]) -> Option<[u8; 12]> {
    let Some(digits) = bytes.first_chunk::<12>() else {
        return None;
    };
    let mut good = bytes.len() == 12;
    let mut at = 0;
    while at < 12 {
        good &= digits[at].is_ascii_digit();
        at += 1;
    }
    if good { Some(*digits) } else { None }
}

/// The partition whose pattern a Region fits (rule K4): `PREFIX` `WORD` `-` `DIGITS`.
pub(super) const fn region_partition(bytes: &[u8]) -> Option<Partition> {
    let mut at = 0;
    while at < REGION_PREFIXES.len() {
        let (prefix, partition) = REGION_PREFIXES[at];
        if starts_with(bytes, prefix.as_bytes()) && is_word_and_digits(after(bytes, prefix.len())) {
            return Some(partition);
        }
        at += 1;
    }
    None
}

const fn is_word_and_digits(bytes: &[u8]) -> bool {
    let mut word = 0;
    while word < bytes.len() && bytes[word].is_ascii_lowercase() {
        word += 1;
    }
    let digits = after(bytes, word + 1);
    let mut good = word >= 1 && word <= 12 && word < bytes.len() && bytes[word] == b'-';
    good &= matches!(digits.len(), 1 | 2);
    let mut at = 0;
    while at < digits.len() {
        good &= digits[at].is_ascii_digit();
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
    if !starts_with(bytes, b"arn:") {
        return None;
    }
    let (named, rest) = until_colon(after(bytes, 4));
    let (service, rest) = until_colon(rest);
    let (region, rest) = until_colon(rest);
    let (account, resource) = until_colon(rest);
    if service.len() != 3 || !starts_with(service, b"kms") {
        return None;
    }
    let (Some(partition), Some(account)) = (region_partition(region), account_id(account)) else {
        return None;
    };
    let text = partition.as_str().as_bytes();
    if named.len() == text.len() && starts_with(named, text) {
        Some(Arn {
            partition,
            region,
            account,
            resource,
        })
    } else {
        None
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

/// The parts of a key ARN, and the key ID that its resource is (rule K3).
pub(super) const fn key_arn(bytes: &[u8]) -> Option<(Arn<'_>, ([u8; 16], bool))> {
    let Some(arn) = arn(bytes) else { return None };
    if !starts_with(arn.resource, b"key/") {
        return None;
    }
    match key_id(after(arn.resource, 4)) {
        Some(key_id) => Some((arn, key_id)),
        None => None,
    }
}
