//! The operation that a request names, and how much of it a key decides.

use kms_alias::{KeyUsage, KmsOperation, Operation};

/// What the value of `X-Amz-Target` begins with.
const TARGET_PREFIX: &str = "TrentService.";

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

/// The operation that the value of `X-Amz-Target` names, if it is described with its members.
pub(super) fn of_target(target: &str) -> Option<KmsOperation> {
    let operation: KmsOperation = target.strip_prefix(TARGET_PREFIX)?.parse().ok()?;
    is_answered(operation).then_some(operation)
}

fn is_answered(operation: KmsOperation) -> bool {
    let is_done = Operation::is_change(operation)
        || operation.uses_key()
        || matches!(
            operation,
            KmsOperation::ListAliases
                | KmsOperation::ListKeys
                | KmsOperation::DescribeKey
                | KmsOperation::CreateKey
        );
    is_done && !operation.members().is_empty()
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
