//! The operation that a request names, and how much of it a key decides.

use super::perform::{Handler, handler};
use kms_alias::{KeyUsage, KmsOperation};

/// What the value of `X-Amz-Target` begins with.
pub(super) const TARGET_PREFIX: &str = "TrentService.";

/// The most members that an operation has.
pub(super) const MOST_MEMBERS: usize = most_members(KmsOperation::ALL);

const fn most_members(mut operations: &[KmsOperation]) -> usize {
    let mut most = 0;
    while let [first, others @ ..] = operations {
        if first.members().len() > most {
            most = first.members().len();
        }
        operations = others;
    }
    most
}

/// The operation that the value of `X-Amz-Target` names, and what does it.
pub(super) fn of_target(target: &str) -> Option<(KmsOperation, Handler)> {
    let operation: KmsOperation = target.strip_prefix(TARGET_PREFIX)?.parse().ok()?;
    handler(operation).map(|handler| (operation, handler))
}

/// The member that names the algorithm of a call that needs a key of this usage.
pub(super) const fn algorithm_member(usage: KeyUsage) -> Option<&'static str> {
    match usage {
        KeyUsage::EncryptDecrypt => Some("EncryptionAlgorithm"),
        KeyUsage::SignVerify => Some("SigningAlgorithm"),
        KeyUsage::GenerateVerifyMac => Some("MacAlgorithm"),
        KeyUsage::KeyAgreement => Some("KeyAgreementAlgorithm"),
        _ => None,
    }
}

/// Whether the key decides all of a call: none that takes what was made before, whose bytes decide
/// too.
pub(super) fn is_judged_whole(operation: KmsOperation) -> bool {
    let made_before = ["CiphertextBlob", "Signature", "Mac"];
    let mut members = operation.members().iter();
    !members.any(|member| made_before.contains(&member.name))
}
