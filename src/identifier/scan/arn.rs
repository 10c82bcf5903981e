//! ARNs, taken apart (rules K3, K4, A7).
#![expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "const loops over blocks and tables of fixed length, whose index stays below it"
)]

use super::bytes::{after, starts_with};
use super::key_id::{KEY_ID_LENGTH, key_id};
use super::region::is_region_of;
use crate::identifier::partition::Partition;

/// Twelve digits (rule K3).
pub(in crate::identifier) const fn account_id(bytes: &[u8]) -> Option<[u8; 12]> {
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

/// An ARN of KMS, taken apart (rules K3, K4, A7).
pub(in crate::identifier) struct Arn<'a> {
    pub(in crate::identifier) partition: Partition,
    pub(in crate::identifier) region: &'a [u8],
    pub(in crate::identifier) account: [u8; 12],
    pub(in crate::identifier) resource: &'a [u8],
}

/// The parts of an ARN whose Region is of its partition.
pub(in crate::identifier) const fn arn(bytes: &[u8]) -> Option<Arn<'_>> {
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
pub(in crate::identifier) const fn scope(bytes: &[u8]) -> Option<Arn<'_>> {
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
pub(in crate::identifier) const fn key_arn(bytes: &[u8]) -> Option<(Arn<'_>, ([u8; 16], bool))> {
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
