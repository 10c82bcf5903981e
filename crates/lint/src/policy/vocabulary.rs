//! What the rules W know by name: the actions of KMS, condition keys, AWS's own aliases.

use std::sync::LazyLock;

use super::pattern::Pattern;

/// The kinds of operations that the rules distinguish.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// An operation on an alias: it needs permission on the alias and on the key.
    Alias,
    /// An operation that is authorized for no key.
    NoResource,
    /// An operation on a key that cannot name it by an alias.
    Key,
    /// An operation on a key that can name it by an alias, and so has `kms:RequestAlias`.
    Named,
}

/// Every action of KMS (Service Authorization Reference).
const ACTIONS: &[(&str, Kind)] = &[
    ("CancelKeyDeletion", Kind::Key),
    ("ConnectCustomKeyStore", Kind::NoResource),
    ("CreateAlias", Kind::Alias),
    ("CreateCustomKeyStore", Kind::NoResource),
    ("CreateGrant", Kind::Key),
    ("CreateKey", Kind::NoResource),
    ("Decapsulate", Kind::Named),
    ("Decrypt", Kind::Named),
    ("DeleteAlias", Kind::Alias),
    ("DeleteCustomKeyStore", Kind::NoResource),
    ("DeleteImportedKeyMaterial", Kind::Key),
    ("DeriveSharedSecret", Kind::Named),
    ("DescribeCustomKeyStores", Kind::NoResource),
    ("DescribeKey", Kind::Named),
    ("DisableKey", Kind::Key),
    ("DisableKeyRotation", Kind::Key),
    ("DisconnectCustomKeyStore", Kind::NoResource),
    ("EnableKey", Kind::Key),
    ("EnableKeyRotation", Kind::Key),
    ("Encapsulate", Kind::Named),
    ("Encrypt", Kind::Named),
    ("GenerateDataKey", Kind::Named),
    ("GenerateDataKeyPair", Kind::Named),
    ("GenerateDataKeyPairWithoutPlaintext", Kind::Named),
    ("GenerateDataKeyWithoutPlaintext", Kind::Named),
    ("GenerateMac", Kind::Named),
    ("GenerateRandom", Kind::NoResource),
    ("GetKeyLastUsage", Kind::Key),
    ("GetKeyPolicy", Kind::Key),
    ("GetKeyRotationStatus", Kind::Key),
    ("GetParametersForImport", Kind::Key),
    ("GetPublicKey", Kind::Named),
    ("ImportKeyMaterial", Kind::Key),
    ("ListAliases", Kind::NoResource),
    ("ListGrants", Kind::Key),
    ("ListKeyPolicies", Kind::Key),
    ("ListKeyRotations", Kind::Key),
    ("ListKeys", Kind::NoResource),
    ("ListResourceTags", Kind::Key),
    ("ListRetirableGrants", Kind::NoResource),
    ("PutKeyPolicy", Kind::Key),
    ("ReEncryptFrom", Kind::Named),
    ("ReEncryptTo", Kind::Named),
    ("ReplicateKey", Kind::Key),
    ("RetireGrant", Kind::Key),
    ("RevokeGrant", Kind::Key),
    ("RotateKeyOnDemand", Kind::Key),
    ("ScheduleKeyDeletion", Kind::Key),
    ("Sign", Kind::Named),
    ("SynchronizeMultiRegionKey", Kind::Key),
    ("TagResource", Kind::Key),
    ("UntagResource", Kind::Key),
    ("UpdateAlias", Kind::Alias),
    ("UpdateCustomKeyStore", Kind::NoResource),
    ("UpdateKeyDescription", Kind::Key),
    ("UpdatePrimaryRegion", Kind::Key),
    ("Verify", Kind::Named),
    ("VerifyMac", Kind::Named),
];

/// A set of KMS's actions: bit N is the Nth of [`ACTIONS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Operations(u64);

// One bit an action.
const _: () = assert!(ACTIONS.len() <= 64);

impl Operations {
    pub(crate) const NONE: Self = Self(0);

    /// Every action of KMS.
    pub(crate) fn all() -> Self {
        Self::of_names(|_| true)
    }

    /// CreateAlias, UpdateAlias and DeleteAlias.
    pub(crate) fn on_aliases() -> Self {
        Self::of_kinds(&[Kind::Alias])
    }

    /// The operations that are authorized for no key.
    pub(crate) fn without_resource() -> Self {
        Self::of_kinds(&[Kind::NoResource])
    }

    /// The operations on a key, those on aliases aside.
    pub(crate) fn on_keys() -> Self {
        Self::of_kinds(&[Kind::Key, Kind::Named])
    }

    /// The operations that can name a key by an alias.
    pub(crate) fn naming_aliases() -> Self {
        Self::of_kinds(&[Kind::Named])
    }

    /// One action.
    pub(crate) fn only(name: &str) -> Self {
        Self::of_names(|action| action == name)
    }

    fn of_kinds(kinds: &[Kind]) -> Self {
        Self::fitting(|_, kind| kinds.contains(&kind))
    }

    /// The actions whose name, without `kms:`, fits.
    pub(crate) fn of_names(fits: impl Fn(&str) -> bool) -> Self {
        Self::fitting(|name, _| fits(name))
    }

    /// The actions that a pattern in lower case matches.
    pub(crate) fn matched_by(pattern: &Pattern) -> Self {
        static EXACT: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
            let names = ACTIONS.iter().map(|(name, _)| name.to_ascii_lowercase());
            let exact = names.map(|name| Pattern::of_exact(&format!("kms:{name}")));
            exact.collect()
        });
        let matched = EXACT.iter().zip(0_u32..);
        let matched = matched.filter(|(action, _)| pattern.meets(action));
        Self(matched.fold(0, |bits, (_, index)| bits | 1_u64.wrapping_shl(index)))
    }

    fn fitting(fits: impl Fn(&str, Kind) -> bool) -> Self {
        let actions = ACTIONS.iter().zip(0_u32..);
        let fitting = actions.filter(|((name, kind), _)| fits(name, *kind));
        Self(fitting.fold(0, |bits, (_, index)| bits | 1_u64.wrapping_shl(index)))
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(crate) const fn meets(self, other: Self) -> bool {
        !self.and(other).is_empty()
    }

    pub(crate) const fn is_within(self, other: Self) -> bool {
        self.without(other).is_empty()
    }
}

/// The services that encrypt with a key of their own under an alias of AWS's, `alias/aws/SERVICE`
/// (rule A8); AWS publishes no list, and which there are differs between Regions (ours).
///
/// ```
/// use kms_alias_lint::AWS_ALIAS_SERVICES;
///
/// assert!(AWS_ALIAS_SERVICES.contains(&"s3"));
/// ```
pub const AWS_ALIAS_SERVICES: &[&str] = &[
    "acm",
    "backup",
    "codeartifact",
    "codecommit",
    "connect",
    "dms",
    "dynamodb",
    "ebs",
    "ecr",
    "elasticfilesystem",
    "es",
    "fsx",
    "glue",
    "kafka",
    "kinesis",
    "kinesisvideo",
    "lambda",
    "lightsail",
    "rds",
    "redshift",
    "s3",
    "secretsmanager",
    "ses",
    "sns",
    "sqs",
    "ssm",
    "timestream",
    "workspaces",
    "xray",
];

/// The condition keys on aliases, in lower case.
pub(crate) const REQUEST_ALIAS: &str = "kms:requestalias";
pub(crate) const RESOURCE_ALIASES: &str = "kms:resourcealiases";

/// Whether a condition key, in lower case, is about a key and so absent where the resource is an
/// alias.
pub(crate) fn is_about_a_key(name: &str) -> bool {
    const NAMES: &[&str] = &[
        RESOURCE_ALIASES,
        "kms:keyorigin",
        "kms:keyspec",
        "kms:keyusage",
        "kms:multiregion",
        "kms:multiregionkeytype",
    ];
    NAMES.contains(&name)
        || name.starts_with("kms:customermasterkey")
        || name.starts_with("aws:resourcetag/")
}
