//! The operations that are answered: their members, and what each does.

use super::model::{
    ALIAS_NAME, ALIASES_LIMIT, CIPHERTEXT, CUSTOM_KEY_STORE_ID, CUSTOMER_MASTER_KEY_SPEC,
    DATA_KEY_SPEC, DESCRIPTION, DRY_RUN_MODIFIERS, ENCRYPTION_ALGORITHM, GRANT_TOKENS, KEY_ID,
    KEYS_LIMIT, MAC_ALGORITHM, MARKER, MESSAGE_TYPE, NUMBER_OF_BYTES, PENDING_WINDOW, PLAINTEXT,
    POLICY, RECIPIENT, SIGNING_ALGORITHM, TAGS, XKS_KEY_ID,
};
use super::shape::Shape::{Boolean, Map, OneOf};
use super::shape::{Member, members};
use kms_alias::{KeySpec, KeyUsage, KmsOperation, Origin};

/// What the value of `X-Amz-Target` begins with.
const TARGET_PREFIX: &str = "TrentService.";

/// An operation of the service.
pub(super) struct WireOperation {
    name: &'static str,
    pub(super) members: &'static [Member],
    pub(super) does: Does,
}

/// What an operation does.
#[derive(Clone, Copy)]
pub(super) enum Does {
    /// It changes an alias or the state of a key.
    Change(KmsOperation),
    ListAliases,
    ListKeys,
    DescribeKey,
    CreateKey,
    /// It uses key material, and is judged by the key.
    Use(Use),
}

/// What an operation that uses key material asks of its key.
#[derive(Clone, Copy)]
pub(super) struct Use {
    pub(super) operation: KmsOperation,
    pub(super) needs: Needs,
    /// Whether state, usage and algorithm decide all, and no ciphertext or signature does.
    pub(super) is_judged_whole: bool,
}

/// What a key has to be for an operation.
#[derive(Clone, Copy)]
pub(super) enum Needs {
    /// Of this usage, and fit for the algorithm that this member names.
    Algorithm(KeyUsage, &'static str),
    /// A symmetric encryption key.
    DataKeys,
    /// An asymmetric key.
    PublicKey,
}

const ENCRYPT: Needs = Needs::Algorithm(KeyUsage::EncryptDecrypt, "EncryptionAlgorithm");
const SIGN: Needs = Needs::Algorithm(KeyUsage::SignVerify, "SigningAlgorithm");
const MAC: Needs = Needs::Algorithm(KeyUsage::GenerateVerifyMac, "MacAlgorithm");

/// An operation for which the key decides all.
const fn makes(operation: KmsOperation, needs: Needs) -> Does {
    Does::Use(Use {
        operation,
        needs,
        is_judged_whole: true,
    })
}

/// An operation for which what was made before decides too.
const fn takes(operation: KmsOperation, needs: Needs) -> Does {
    Does::Use(Use {
        operation,
        needs,
        is_judged_whole: false,
    })
}

macro_rules! operations {
    ($($name:ident $does:expr => { $($members:tt)* })*) => {
        const OPERATIONS: &[WireOperation] = &[$(WireOperation {
            name: stringify!($name),
            members: members! { $($members)* },
            does: $does,
        }),*];
    };
}

operations! {
    UpdateAlias Does::Change(KmsOperation::UpdateAlias) => {
        AliasName   required ALIAS_NAME;
        TargetKeyId required KEY_ID;
    }
    CreateAlias Does::Change(KmsOperation::CreateAlias) => {
        AliasName   required ALIAS_NAME;
        TargetKeyId required KEY_ID;
    }
    DeleteAlias Does::Change(KmsOperation::DeleteAlias) => {
        AliasName required ALIAS_NAME;
    }
    ListAliases Does::ListAliases => {
        KeyId  optional KEY_ID;
        Limit  optional ALIASES_LIMIT;
        Marker optional MARKER;
    }
    ListKeys Does::ListKeys => {
        Limit  optional KEYS_LIMIT;
        Marker optional MARKER;
    }
    DescribeKey Does::DescribeKey => {
        KeyId       required KEY_ID;
        GrantTokens optional GRANT_TOKENS;
    }
    CreateKey Does::CreateKey => {
        Policy                         optional POLICY;
        Description                    optional DESCRIPTION;
        KeyUsage                       optional OneOf(KeyUsage::NAMES);
        CustomerMasterKeySpec          optional CUSTOMER_MASTER_KEY_SPEC;
        KeySpec                        optional OneOf(KeySpec::NAMES);
        Origin                         optional OneOf(Origin::NAMES);
        CustomKeyStoreId               optional CUSTOM_KEY_STORE_ID;
        BypassPolicyLockoutSafetyCheck optional Boolean;
        Tags                           optional TAGS;
        MultiRegion                    optional Boolean;
        XksKeyId                       optional XKS_KEY_ID;
    }
    EnableKey Does::Change(KmsOperation::EnableKey) => {
        KeyId required KEY_ID;
    }
    DisableKey Does::Change(KmsOperation::DisableKey) => {
        KeyId required KEY_ID;
    }
    ScheduleKeyDeletion Does::Change(KmsOperation::ScheduleKeyDeletion) => {
        KeyId               required KEY_ID;
        PendingWindowInDays optional PENDING_WINDOW;
    }
    CancelKeyDeletion Does::Change(KmsOperation::CancelKeyDeletion) => {
        KeyId required KEY_ID;
    }
    Encrypt makes(KmsOperation::Encrypt, ENCRYPT) => {
        KeyId               required KEY_ID;
        Plaintext           required PLAINTEXT;
        EncryptionContext   optional Map;
        GrantTokens         optional GRANT_TOKENS;
        EncryptionAlgorithm optional ENCRYPTION_ALGORITHM;
        DryRun              optional Boolean;
    }
    Decrypt takes(KmsOperation::Decrypt, ENCRYPT) => {
        CiphertextBlob      optional CIPHERTEXT;
        EncryptionContext   optional Map;
        GrantTokens         optional GRANT_TOKENS;
        KeyId               optional KEY_ID;
        EncryptionAlgorithm optional ENCRYPTION_ALGORITHM;
        Recipient           optional RECIPIENT;
        DryRun              optional Boolean;
        DryRunModifiers     optional DRY_RUN_MODIFIERS;
    }
    GenerateDataKey makes(KmsOperation::GenerateDataKey, Needs::DataKeys) => {
        KeyId             required KEY_ID;
        EncryptionContext optional Map;
        NumberOfBytes     optional NUMBER_OF_BYTES;
        KeySpec           optional DATA_KEY_SPEC;
        GrantTokens       optional GRANT_TOKENS;
        Recipient         optional RECIPIENT;
        DryRun            optional Boolean;
    }
    GenerateDataKeyWithoutPlaintext
    makes(KmsOperation::GenerateDataKeyWithoutPlaintext, Needs::DataKeys) => {
        KeyId             required KEY_ID;
        EncryptionContext optional Map;
        KeySpec           optional DATA_KEY_SPEC;
        NumberOfBytes     optional NUMBER_OF_BYTES;
        GrantTokens       optional GRANT_TOKENS;
        DryRun            optional Boolean;
    }
    Sign makes(KmsOperation::Sign, SIGN) => {
        KeyId            required KEY_ID;
        Message          required PLAINTEXT;
        MessageType      optional MESSAGE_TYPE;
        GrantTokens      optional GRANT_TOKENS;
        SigningAlgorithm required SIGNING_ALGORITHM;
        DryRun           optional Boolean;
    }
    Verify takes(KmsOperation::Verify, SIGN) => {
        KeyId            required KEY_ID;
        Message          required PLAINTEXT;
        MessageType      optional MESSAGE_TYPE;
        Signature        required CIPHERTEXT;
        SigningAlgorithm required SIGNING_ALGORITHM;
        GrantTokens      optional GRANT_TOKENS;
        DryRun           optional Boolean;
    }
    GenerateMac makes(KmsOperation::GenerateMac, MAC) => {
        Message      required PLAINTEXT;
        KeyId        required KEY_ID;
        MacAlgorithm required MAC_ALGORITHM;
        GrantTokens  optional GRANT_TOKENS;
        DryRun       optional Boolean;
    }
    VerifyMac takes(KmsOperation::VerifyMac, MAC) => {
        Message      required PLAINTEXT;
        KeyId        required KEY_ID;
        MacAlgorithm required MAC_ALGORITHM;
        Mac          required CIPHERTEXT;
        GrantTokens  optional GRANT_TOKENS;
        DryRun       optional Boolean;
    }
    GetPublicKey takes(KmsOperation::GetPublicKey, Needs::PublicKey) => {
        KeyId       required KEY_ID;
        GrantTokens optional GRANT_TOKENS;
    }
}

/// The most members that an operation has.
pub(super) const MOST_MEMBERS: usize = most_members(OPERATIONS);

const fn most_members(mut operations: &[WireOperation]) -> usize {
    let mut most = 0;
    while let [first, others @ ..] = operations {
        if first.members.len() > most {
            most = first.members.len();
        }
        operations = others;
    }
    most
}

impl WireOperation {
    /// The operation that the value of `X-Amz-Target` names.
    pub(super) fn of_target(target: &str) -> Option<&'static Self> {
        let name = target.strip_prefix(TARGET_PREFIX)?;
        OPERATIONS.iter().find(|operation| operation.name == name)
    }
}
