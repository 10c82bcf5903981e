//! The operations of KMS, each described once: how it names its key, which keys it takes, in which
//! key states it works, and its members with their types (rules K6, K7, K8, M, S8).
//!
//! The table, the wire protocol, lists of changes, the audit and the documentation all read these
//! descriptions. Sources: KMS API reference and service model (2014-11-01); KMS developer guide,
//! key states.

use super::key_state_table::{Footnote, KeyStateCell};
use super::model::Member;
use super::model::Shape::{Boolean, Map};
use super::model::member_types::*;
use super::named::named;
use super::spec::KeyUsage;
use super::state::Origin;
use KeyStateCell::{
    Depends, DependsOnSide as D10, Fails, FailsEither, FailsUnlessStays, NotApplicable as NA,
    SucceedsIfImported as OK_9, SucceedsOnceAvailable as OK_12, SucceedsWithoutEffect as OK_IDLE,
};
use KeyUsage::{
    EncapsulateDecapsulate, EncryptDecrypt, GenerateVerifyMac, KeyAgreement, SignVerify,
};
use NamedBy::{KeyOrAlias, NoKey};
use WorksOn::{Any, Asymmetric, SymmetricEncryption, SymmetricEncryptionInKms, Usage};

/// What an operation does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// It changes nothing and uses no key material.
    Reads,
    /// It uses the key material.
    Uses,
    ChangesAlias,
    /// It changes a key's state. The table has these operations and those on aliases.
    ChangesState,
    /// It changes another property of the key.
    ChangesKey,
    ChangesMaterial,
    EndsGrant,
    MakesKey,
}

/// How an operation names its key (rules K6, K8).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NamedBy {
    /// By any of the four forms.
    KeyOrAlias,
    /// By key ID or key ARN only.
    Key,
    /// It names no existing key.
    NoKey,
}

/// The keys that an operation works on, whatever their state (rule M).
#[derive(Clone, Copy)]
pub(super) enum WorksOn {
    Any,
    Usage(KeyUsage),
    SymmetricEncryption,
    /// Keys of custom key stores make no pairs of data keys.
    SymmetricEncryptionInKms,
    Asymmetric,
}

/// A row of the key-state table, in the order of its columns: Enabled, Disabled, PendingDeletion
/// (and PendingReplicaDeletion), PendingImport, Unavailable, Creating, Updating.
type KeyStateRow = [KeyStateCell; 7];

/// What is described of an operation besides its members.
pub(super) struct OperationFacts {
    pub(super) does: Does,
    pub(super) named_by: NamedBy,
    pub(super) works_on: WorksOn,
    pub(super) row: KeyStateRow,
}

const OK: KeyStateCell = KeyStateCell::Succeeds;
const F1: KeyStateCell = Fails(Footnote::Disabled);
const F3: KeyStateCell = Fails(Footnote::PendingDeletion);
const F4: KeyStateCell = Fails(Footnote::NotPendingDeletion);
const F5: KeyStateCell = Fails(Footnote::PendingImport);
const F6: KeyStateCell = Fails(Footnote::ExternalOrigin);
const F7: KeyStateCell = Fails(Footnote::NotAwsKmsOrigin);
const F9: KeyStateCell = Fails(Footnote::NotExternalOrigin);
const F11: KeyStateCell = Fails(Footnote::Unavailable);
const F14: KeyStateCell = Fails(Footnote::Creating);
const F15: KeyStateCell = Fails(Footnote::Updating);
const F1_7: KeyStateCell = FailsEither(Footnote::Disabled, Footnote::NotAwsKmsOrigin);
const F2_3: KeyStateCell =
    FailsEither(Footnote::PendingDeletionDisabled, Footnote::PendingDeletion);
const F3_7: KeyStateCell = FailsEither(Footnote::PendingDeletion, Footnote::NotAwsKmsOrigin);
const F8_9: KeyStateCell = FailsEither(
    Footnote::ImportedPendingDeletion,
    Footnote::NotExternalOrigin,
);
const F4_13: KeyStateCell = FailsUnlessStays(Footnote::NotPendingDeletion);
const D7: KeyStateCell = Depends(Footnote::NotAwsKmsOrigin);
const D9: KeyStateCell = Depends(Footnote::NotExternalOrigin);

/// The row of every operation that uses the key material as Decrypt does.
const USE: KeyStateRow = [OK, F1, F2_3, F5, F11, F14, OK];
/// The same where the documentation takes the keys to be neither imported nor in a custom key store.
const USE_AWS_KMS: KeyStateRow = [OK, F1, F2_3, NA, NA, F14, OK];
const ALWAYS: KeyStateRow = [OK, OK, OK, OK, OK, OK, OK];
const UNLESS_PENDING_DELETION: KeyStateRow = [OK, OK, F3, OK, OK, OK, OK];
const ENABLE: KeyStateRow = [OK, OK, F3, F5, OK_12, F14, F15];
const ROTATION: KeyStateRow = [D7, F1_7, F3_7, F6, F7, F14, D7];

macro_rules! operations {
    ($($name:ident $does:ident $named_by:ident $works_on:expr, $row:expr => { $($members:tt)* })*) => {
        named! {
            "operation"
            /// An operation of KMS, with its description (rules K7, K8, M, S8).
            ///
            /// ```
            /// use kms_alias::model::{KeyStateCell, Footnote};
            /// use kms_alias::{KeyState, KeyUsage, KmsOperation};
            ///
            /// assert_eq!(
            ///     KmsOperation::Encrypt.in_state(KeyState::Disabled),
            ///     KeyStateCell::Fails(Footnote::Disabled),
            /// );
            /// let members = KmsOperation::DeleteAlias.members();
            /// assert_eq!(members.iter().map(|member| member.name).collect::<Vec<_>>(), ["AliasName"]);
            ///
            /// let (encrypt, disable) = (KmsOperation::Encrypt, KmsOperation::DisableKey);
            /// assert!(encrypt.takes_alias() && !disable.takes_alias()); // rules K6, K8
            /// assert!(disable.changes_key() && !KmsOperation::UpdateAlias.changes_key()); // rule D2
            /// assert!(encrypt.uses_key() && !KmsOperation::DescribeKey.uses_key());
            /// assert!(disable.names_key() && !KmsOperation::CreateKey.names_key());
            /// assert_eq!(encrypt.usage(), Some(KeyUsage::EncryptDecrypt)); // rule M
            /// assert_eq!(KmsOperation::GetPublicKey.usage(), None);
            /// ```
            KmsOperation {
                $(#[doc = concat!("`", stringify!($name), "`")] $name stringify!($name),)*
            }
        }

        impl KmsOperation {
            // Where the operation is known at compile time, as in the rules, nothing of this is left.
            #[inline(always)]
            pub(super) const fn facts(self) -> OperationFacts {
                match self {
                    $(Self::$name => OperationFacts {
                        does: Does::$does,
                        named_by: NamedBy::$named_by,
                        works_on: $works_on,
                        row: $row,
                    },)*
                }
            }

            /// The members of a request, in the service model's order; none for an operation that
            /// the endpoint does not answer.
            #[must_use]
            pub const fn members(self) -> &'static [Member] {
                match self {
                    $(Self::$name => members! { $($members)* },)*
                }
            }
        }
    };
}

operations! {
    CancelKeyDeletion ChangesState Key Any, [F4, F4, OK, F4, F4_13, F4, F4] => {
        KeyId required KEY_ID;
    }
    CreateAlias ChangesAlias Key Any, UNLESS_PENDING_DELETION => {
        AliasName   required ALIAS_NAME;
        TargetKeyId required KEY_ID;
    }
    CreateGrant ChangesKey Key Any, [OK, F1, F2_3, F5, OK, F14, OK] => {
        KeyId             required KEY_ID;
        GranteePrincipal  required PRINCIPAL;
        RetiringPrincipal optional PRINCIPAL;
        Operations        required GRANT_OPERATIONS;
        Constraints       optional CONSTRAINTS;
        GrantTokens       optional GRANT_TOKENS;
        Name              optional GRANT_NAME;
        DryRun            optional Boolean;
    }
    CreateKey MakesKey NoKey Any, ALWAYS => {
        Policy                         optional POLICY;
        Description                    optional DESCRIPTION;
        KeyUsage                       optional one_of(KeyUsage::NAMES);
        CustomerMasterKeySpec          optional CUSTOMER_MASTER_KEY_SPEC;
        KeySpec                        optional KEY_SPEC;
        Origin                         optional one_of(Origin::NAMES);
        CustomKeyStoreId               optional CUSTOM_KEY_STORE_ID;
        BypassPolicyLockoutSafetyCheck optional Boolean;
        Tags                           optional TAGS;
        MultiRegion                    optional Boolean;
        XksKeyId                       optional XKS_KEY_ID;
    }
    Decapsulate Uses KeyOrAlias Usage(EncapsulateDecapsulate), USE => {}
    Decrypt Uses KeyOrAlias Usage(EncryptDecrypt), USE => {
        CiphertextBlob      optional CIPHERTEXT;
        EncryptionContext   optional Map;
        GrantTokens         optional GRANT_TOKENS;
        KeyId               optional KEY_ID;
        EncryptionAlgorithm optional ENCRYPTION_ALGORITHM;
        Recipient           optional RECIPIENT;
        DryRun              optional Boolean;
        DryRunModifiers     optional DRY_RUN_MODIFIERS;
    }
    DeleteAlias ChangesAlias Key Any, ALWAYS => { AliasName required ALIAS_NAME; }
    DeleteImportedKeyMaterial ChangesMaterial Key Any, [OK_9, OK_9, OK_9, OK_IDLE, NA, F14, F15] => {}
    DeriveSharedSecret Uses KeyOrAlias Usage(KeyAgreement), USE => {}
    DescribeKey Reads KeyOrAlias Any, ALWAYS => {
        KeyId       required KEY_ID;
        GrantTokens optional GRANT_TOKENS;
    }
    DisableKey ChangesState Key Any, ENABLE => { KeyId required KEY_ID; }
    DisableKeyRotation ChangesKey Key Any, ROTATION => { KeyId required KEY_ID; }
    EnableKey ChangesState Key Any, ENABLE => { KeyId required KEY_ID; }
    EnableKeyRotation ChangesKey Key Any, ROTATION => {
        KeyId                required KEY_ID;
        RotationPeriodInDays optional ROTATION_PERIOD;
    }
    Encapsulate Uses KeyOrAlias Usage(EncapsulateDecapsulate), USE => {}
    Encrypt Uses KeyOrAlias Usage(EncryptDecrypt), USE => {
        KeyId               required KEY_ID;
        Plaintext           secret   PLAINTEXT;
        EncryptionContext   optional Map;
        GrantTokens         optional GRANT_TOKENS;
        EncryptionAlgorithm optional ENCRYPTION_ALGORITHM;
        DryRun              optional Boolean;
    }
    GenerateDataKey Uses KeyOrAlias SymmetricEncryption, USE => {
        KeyId             required KEY_ID;
        EncryptionContext optional Map;
        NumberOfBytes     optional NUMBER_OF_BYTES;
        KeySpec           optional DATA_KEY_SPEC;
        GrantTokens       optional GRANT_TOKENS;
        Recipient         optional RECIPIENT;
        DryRun            optional Boolean;
    }
    GenerateDataKeyPair Uses KeyOrAlias SymmetricEncryptionInKms, USE => {}
    GenerateDataKeyPairWithoutPlaintext Uses KeyOrAlias SymmetricEncryptionInKms, USE => {}
    GenerateDataKeyWithoutPlaintext Uses KeyOrAlias SymmetricEncryption, USE => {
        KeyId             required KEY_ID;
        EncryptionContext optional Map;
        KeySpec           optional DATA_KEY_SPEC;
        NumberOfBytes     optional NUMBER_OF_BYTES;
        GrantTokens       optional GRANT_TOKENS;
        DryRun            optional Boolean;
    }
    GenerateMac Uses KeyOrAlias Usage(GenerateVerifyMac), USE_AWS_KMS => {
        Message      secret   PLAINTEXT;
        KeyId        required KEY_ID;
        MacAlgorithm required MAC_ALGORITHM;
        GrantTokens  optional GRANT_TOKENS;
        DryRun       optional Boolean;
    }
    GetKeyPolicy Reads Key Any, ALWAYS => {
        KeyId      required KEY_ID;
        PolicyName optional POLICY_NAME;
    }
    GetKeyRotationStatus Reads Key Any, [D7, D7, D7, F6, F7, D7, D7] => { KeyId required KEY_ID; }
    GetParametersForImport Reads Key Any, [D9, D9, F8_9, OK, F9, F14, F15] => {
        KeyId             required KEY_ID;
        WrappingAlgorithm required WRAPPING_ALGORITHM;
        WrappingKeySpec   required WRAPPING_KEY_SPEC;
    }
    GetPublicKey Uses KeyOrAlias Asymmetric, USE_AWS_KMS => {
        KeyId       required KEY_ID;
        GrantTokens optional GRANT_TOKENS;
    }
    ImportKeyMaterial ChangesMaterial Key Any, [D9, D9, F8_9, OK, F9, F14, OK] => {}
    ListAliases Reads Key Any, ALWAYS => {
        KeyId  optional KEY_ID;
        Limit  optional ALIASES_PER_PAGE;
        Marker optional MARKER;
    }
    ListGrants Reads Key Any, ALWAYS => {
        Limit            optional GRANTS_PER_PAGE;
        Marker           optional MARKER;
        KeyId            required KEY_ID;
        GrantId          optional GRANT_ID;
        GranteePrincipal optional PRINCIPAL;
    }
    ListKeyPolicies Reads Key Any, ALWAYS => {
        KeyId  required KEY_ID;
        Limit  optional KEYS_PER_PAGE;
        Marker optional MARKER;
    }
    ListKeyRotations Reads Key Any, ALWAYS => {
        KeyId              required KEY_ID;
        IncludeKeyMaterial optional INCLUDE_KEY_MATERIAL;
        Limit              optional KEYS_PER_PAGE;
        Marker             optional MARKER;
    }
    ListKeys Reads NoKey Any, ALWAYS => {
        Limit  optional KEYS_PER_PAGE;
        Marker optional MARKER;
    }
    ListResourceTags Reads Key Any, ALWAYS => {
        KeyId  required KEY_ID;
        Limit  optional TAGS_PER_PAGE;
        Marker optional MARKER;
    }
    PutKeyPolicy ChangesKey Key Any, ALWAYS => {
        KeyId                          required KEY_ID;
        PolicyName                     optional POLICY_NAME;
        Policy                         required POLICY;
        BypassPolicyLockoutSafetyCheck optional Boolean;
    }
    ReEncrypt Uses KeyOrAlias Usage(EncryptDecrypt), USE => {}
    ReplicateKey ChangesKey Key Any, [OK, F1, F2_3, F5, NA, F14, F15] => {
        KeyId                          required KEY_ID;
        ReplicaRegion                  required REGION;
        Policy                         optional POLICY;
        BypassPolicyLockoutSafetyCheck optional Boolean;
        Description                    optional DESCRIPTION;
        Tags                           optional TAGS;
    }
    RetireGrant EndsGrant Key Any, ALWAYS => {}
    RevokeGrant EndsGrant Key Any, ALWAYS => {}
    RotateKeyOnDemand ChangesKey Key Any, [OK, F1, F3, F5, F7, F14, OK] => {
        KeyId required KEY_ID;
    }
    ScheduleKeyDeletion ChangesState Key Any, [OK, OK, F3, OK, OK, OK, F15] => {
        KeyId               required KEY_ID;
        PendingWindowInDays optional PENDING_WINDOW;
    }
    Sign Uses KeyOrAlias Usage(SignVerify), USE_AWS_KMS => {
        KeyId            required KEY_ID;
        Message          secret   PLAINTEXT;
        MessageType      optional MESSAGE_TYPE;
        GrantTokens      optional GRANT_TOKENS;
        SigningAlgorithm required SIGNING_ALGORITHM;
        DryRun           optional Boolean;
    }
    TagResource ChangesKey Key Any, UNLESS_PENDING_DELETION => {
        KeyId required KEY_ID;
        Tags  required TAGS;
    }
    UntagResource ChangesKey Key Any, UNLESS_PENDING_DELETION => {
        KeyId   required KEY_ID;
        TagKeys required TAG_KEYS;
    }
    UpdateAlias ChangesAlias Key Any, [OK, OK, D10, OK, OK, OK, OK] => {
        AliasName   required ALIAS_NAME;
        TargetKeyId required KEY_ID;
    }
    UpdateKeyDescription ChangesKey Key Any, UNLESS_PENDING_DELETION => {
        KeyId       required KEY_ID;
        Description required DESCRIPTION;
    }
    UpdatePrimaryRegion ChangesKey Key Any, [OK, F1, F2_3, F5, NA, F14, OK] => {
        KeyId         required KEY_ID;
        PrimaryRegion required REGION;
    }
    Verify Uses KeyOrAlias Usage(SignVerify), USE_AWS_KMS => {
        KeyId            required KEY_ID;
        Message          secret   PLAINTEXT;
        MessageType      optional MESSAGE_TYPE;
        Signature        required CIPHERTEXT;
        SigningAlgorithm required SIGNING_ALGORITHM;
        GrantTokens      optional GRANT_TOKENS;
        DryRun           optional Boolean;
    }
    VerifyMac Uses KeyOrAlias Usage(GenerateVerifyMac), USE_AWS_KMS => {
        Message      secret   PLAINTEXT;
        KeyId        required KEY_ID;
        MacAlgorithm required MAC_ALGORITHM;
        Mac          required CIPHERTEXT;
        GrantTokens  optional GRANT_TOKENS;
        DryRun       optional Boolean;
    }
}

impl KmsOperation {
    /// Whether the operation names its key by alias too (rule K6), or by key only (rule K8).
    #[must_use]
    pub const fn takes_alias(self) -> bool {
        matches!(self.facts().named_by, KeyOrAlias)
    }

    /// Whether the operation changes the key that it names, which is refused for AWS's own keys
    /// (rule S7).
    #[must_use]
    pub const fn changes_key(self) -> bool {
        matches!(self.facts().does, Does::ChangesKey | Does::ChangesState)
    }

    /// Whether the operation is one of the state machine's: it changes an alias or a key's state.
    pub(crate) const fn changes_table(self) -> bool {
        matches!(self.facts().does, Does::ChangesAlias | Does::ChangesState)
    }

    /// Whether the operation uses the key material.
    #[must_use]
    pub const fn uses_key(self) -> bool {
        matches!(self.facts().does, Does::Uses)
    }

    /// Whether the operation names an existing key: CreateKey and ListKeys do not.
    #[must_use]
    pub const fn names_key(self) -> bool {
        !matches!(self.facts().named_by, NoKey)
    }

    /// The usage that a key needs for this operation; it is checked before the key's state
    /// (measured).
    #[must_use]
    pub const fn usage(self) -> Option<KeyUsage> {
        match self.facts().works_on {
            Usage(usage) => Some(usage),
            SymmetricEncryption | SymmetricEncryptionInKms => Some(EncryptDecrypt),
            Any | Asymmetric => None,
        }
    }
}
