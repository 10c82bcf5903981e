//! Key ARNs and alias ARNs (rules K3, K4, A7).

use core::fmt;

use super::alias_name::AnyAliasName;
use super::doors::{compare_by_parsing, parse_doors, static_doors};
use super::grammar::{Form, diagnose};
use super::invalid::ParseError;
use super::key_id::KeyId;
use super::scan;
use super::scope::{AccountId, Region, Scope};

/// The ARN of a key: `arn:aws:kms:us-east-1:111122223333:key/KEY-ID`.
///
/// # Syntax
/// Six parts, none of them empty (rule K3): `arn`, the partition, `kms`, a Region of that
/// partition (rule K4), an account of 12 digits, and `key/` with the key ID.
///
/// # Errors
/// - `arn:aws:kms:us-east-1:1111:key/…`: the account is too short (K3)
/// - `arn:aws:kms:cn-north-1:111122223333:key/…`: a Region of another partition (K4)
///
/// # Ordering
/// By partition, Region, account, key ID: not quite the order of the texts, where one partition's
/// name is the beginning of another's.
///
/// ```
/// use kms_alias::KeyArn;
///
/// let arn: KeyArn =
///     "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".parse()?;
/// assert_eq!((arn.region(), arn.account()), (arn.scope().region(), arn.scope().account()));
/// assert_eq!(arn.region(), "us-east-1");
/// assert_eq!(arn.key_id(), "1234abcd-12ab-34cd-56ef-1234567890ab");
/// assert_eq!(KeyArn::new(arn.scope(), arn.key_id()), arn);
/// assert!(!KeyArn::is_valid("arn:aws:kms:us-east-1:111122223333:alias/payments")); // rule K3
///
/// const KEY: KeyArn = KeyArn::from_static(
///     "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
/// );
/// assert!(KEY.key_id().is_multi_region());
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyArn {
    scope: Scope,
    key_id: KeyId,
}

/// The ARN of an alias, a customer's or AWS's: `arn:aws:kms:us-east-1:111122223333:alias/NAME`.
///
/// # Syntax
/// As that of a [`KeyArn`], with the whole alias name as its last part (rule A7).
///
/// # Ordering
/// By partition, Region, account, name.
///
/// ```
/// use kms_alias::{AliasArn, AliasName};
///
/// let arn: AliasArn = "arn:aws:kms:us-east-1:111122223333:alias/payments".parse()?;
/// assert_eq!(*arn.alias_name(), "alias/payments");
/// assert_eq!(AliasArn::new(arn.scope(), AliasName::from_static("alias/payments")), arn);
/// assert_eq!(arn.into_alias_name(), "alias/payments");
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AliasArn {
    scope: Scope,
    alias_name: AnyAliasName,
}

/// The doors of an ARN, and what every ARN has.
macro_rules! arns {
    ($($type:ident)*) => {
        $(
            parse_doors!($type);
            compare_by_parsing!($type);

            impl $type {
                /// The account and Region.
                #[must_use]
                pub const fn scope(&self) -> Scope {
                    self.scope
                }

                /// The Region.
                #[must_use]
                pub const fn region(&self) -> Region {
                    self.scope.region()
                }

                /// The account.
                #[must_use]
                pub const fn account(&self) -> AccountId {
                    self.scope.account()
                }
            }
        )*
    };
}

arns! { KeyArn AliasArn }
static_doors!(KeyArn, "key ARN", "rules K3 and K4");

impl KeyArn {
    /// The ARN of a key in a scope.
    #[must_use]
    pub const fn new(scope: Scope, key_id: KeyId) -> Self {
        Self { scope, key_id }
    }

    #[inline(always)]
    const fn from_bytes(text: &[u8]) -> Option<Self> {
        match scan::key_arn(text) {
            Some((arn, (bytes, multi_region))) => Some(Self {
                scope: Scope::of_arn(&arn),
                key_id: KeyId::new(bytes, multi_region),
            }),
            None => None,
        }
    }

    /// Whether a text is a key ARN; allocates nothing.
    #[must_use]
    pub const fn is_valid(text: &str) -> bool {
        scan::key_arn(text.as_bytes()).is_some()
    }

    /// The key ID.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        self.key_id
    }
}

impl AliasArn {
    /// The ARN of an alias in a scope.
    #[must_use]
    pub fn new(scope: Scope, alias_name: impl Into<AnyAliasName>) -> Self {
        Self {
            scope,
            alias_name: alias_name.into(),
        }
    }

    pub(super) fn parse_text(text: &str) -> Result<Self, ParseError> {
        scan::arn(text.as_bytes())
            .and_then(|arn| {
                let alias_name = core::str::from_utf8(arn.resource).ok()?.parse().ok()?;
                Some(Self {
                    scope: Scope::of_arn(&arn),
                    alias_name,
                })
            })
            .ok_or_else(|| diagnose("alias ARN", text, &[Form::AliasArn]))
    }

    /// The alias name.
    #[must_use]
    pub const fn alias_name(&self) -> &AnyAliasName {
        &self.alias_name
    }

    /// The alias name, by value.
    #[must_use]
    pub fn into_alias_name(self) -> AnyAliasName {
        self.alias_name
    }
}

impl fmt::Display for KeyArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:key/{}", self.scope, self.key_id)
    }
}

impl fmt::Display for AliasArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scope, self.alias_name)
    }
}
