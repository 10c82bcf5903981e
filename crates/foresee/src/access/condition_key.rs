//! The condition keys on aliases (rules P1, P2).

use core::fmt;

/// A condition key that is about aliases (rules P1, P2).
///
/// IAM does not distinguish case in the names of condition keys, and so parsing does not.
///
/// ```
/// use kms_alias_foresee::ConditionKey;
///
/// assert_eq!("KMS:requestalias".parse(), Ok(ConditionKey::RequestAlias));
/// assert!("kms:ViaService".parse::<ConditionKey>().is_err());
/// assert_eq!(ConditionKey::ALL.len(), 2);
/// assert_eq!(ConditionKey::ResourceAliases.as_str(), "kms:ResourceAliases");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConditionKey {
    /// `kms:RequestAlias`: the alias by which the request named the key, if it did (rule P1).
    RequestAlias,
    /// `kms:ResourceAliases`: all aliases of the key (rule P2).
    ResourceAliases,
}

impl ConditionKey {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::RequestAlias, Self::ResourceAliases];

    /// The name as AWS writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RequestAlias => "kms:RequestAlias",
            Self::ResourceAliases => "kms:ResourceAliases",
        }
    }
}

impl fmt::Display for ConditionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
