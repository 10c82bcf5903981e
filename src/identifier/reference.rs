//! How a request names a key: as a target (rule K5), or in any of four forms (rule K6).

use core::fmt;

use super::alias_name::{ALIAS_PREFIX, AliasName, AnyAliasName};
use super::arn::{AliasArn, KeyArn};
use super::doors::{compare_by_parsing, parse_doors};
use super::grammar::{Form, diagnose};
use super::invalid::ParseError;
use super::key_id::KeyId;
use super::scan;
use super::scope::Scope;
use crate::rule::Rule;

/// How the target of an alias is named: by key ID or key ARN, never an alias (rule K5).
///
/// The operations on a key's life take the same two forms (rule K8).
///
/// # Ordering
/// Key IDs before key ARNs.
///
/// ```
/// use kms_alias::{Rule, TargetKeyId};
///
/// let target: TargetKeyId = "1234abcd-12ab-34cd-56ef-1234567890ab".parse()?;
/// assert_eq!(target.key_id(), "1234abcd-12ab-34cd-56ef-1234567890ab");
/// let error = "alias/payments".parse::<TargetKeyId>().unwrap_err();
/// assert_eq!(error.rule(), Rule::K5);
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetKeyId {
    /// By key ID.
    KeyId(KeyId),
    /// By key ARN.
    KeyArn(KeyArn),
}

/// How DescribeKey and the cryptographic operations name a key (rule K6).
///
/// It has no order, as keys and aliases are not compared with each other.
///
/// ```
/// use kms_alias::KeyIdentifier;
///
/// let identifier: KeyIdentifier = "alias/aws/s3".parse()?;
/// assert!(matches!(identifier, KeyIdentifier::AliasName(_)));
/// assert!("payments".parse::<KeyIdentifier>().is_err());
/// assert_eq!(identifier.alias_name().map(|name| name.as_str()), Some("alias/aws/s3"));
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum KeyIdentifier {
    /// A key ID.
    KeyId(KeyId),
    /// A key ARN.
    KeyArn(KeyArn),
    /// An alias name, a customer's or AWS's.
    AliasName(AnyAliasName),
    /// An alias ARN.
    AliasArn(AliasArn),
}

parse_doors!(TargetKeyId);
parse_doors!(KeyIdentifier);
compare_by_parsing!(TargetKeyId);
compare_by_parsing!(KeyIdentifier);

/// Whether a text names an alias, well or badly: by name, or by ARN.
pub(crate) fn names_an_alias(text: &str) -> bool {
    let prefix = ALIAS_PREFIX.as_bytes();
    text.starts_with(ALIAS_PREFIX)
        || scan::arn(text.as_bytes()).is_some_and(|arn| arn.resource.starts_with(prefix))
}

/// The scope and the key ID of a text in the form of a key ARN, whatever its key ID is.
pub(crate) fn key_of_arn(text: &str) -> Option<(Scope, &str)> {
    let arn = scan::arn(text.as_bytes())?;
    let key_id = arn.resource.strip_prefix(b"key/")?;
    Some((Scope::of_arn(&arn), core::str::from_utf8(key_id).ok()?))
}

/// Whether a text would be a key ID if its hex digits were in lower case (rules K1, K2).
pub(crate) fn is_upper_case_key_id(text: &str) -> bool {
    let is_marked = text.starts_with("mrk-");
    text.len() == 36
        && !KeyId::is_valid(text)
        && text
            .to_ascii_lowercase()
            .parse()
            .is_ok_and(|key_id: KeyId| key_id.is_multi_region() == is_marked)
}

impl TargetKeyId {
    pub(super) fn parse_text(text: &str) -> Result<Self, ParseError> {
        const EXPECTED: &str = "a key ID or a key ARN";
        let parsed = if text.starts_with("arn:") {
            text.parse().map(Self::KeyArn)
        } else {
            text.parse().map(Self::KeyId)
        };
        parsed.map_err(|_| {
            let error = diagnose("target key", text, &[Form::KeyId, Form::KeyArn]);
            if names_an_alias(text) {
                error.because("a key ID or a key ARN, not an alias", Rule::K5)
            } else if error.position() == 0 {
                error.because(EXPECTED, Rule::K5)
            } else {
                error
            }
        })
    }

    /// The key ID, in either form.
    #[must_use]
    pub const fn key_id(&self) -> KeyId {
        match self {
            Self::KeyId(key_id) => *key_id,
            Self::KeyArn(arn) => arn.key_id(),
        }
    }
}

impl KeyIdentifier {
    pub(super) fn parse_text(text: &str) -> Result<Self, ParseError> {
        let parsed = if text.starts_with(ALIAS_PREFIX) {
            text.parse().map(Self::AliasName)
        } else if !text.starts_with("arn:") {
            text.parse().map(Self::KeyId)
        } else if names_an_alias(text) {
            text.parse().map(Self::AliasArn)
        } else {
            text.parse().map(Self::KeyArn)
        };
        parsed.map_err(|_| {
            let forms = [Form::KeyId, Form::KeyArn, Form::AliasName, Form::AliasArn];
            let error = diagnose("key identifier", text, &forms);
            if error.position() == 0 {
                error.because(
                    "a key ID, a key ARN, an alias name or an alias ARN",
                    Rule::K6,
                )
            } else {
                error
            }
        })
    }

    /// The alias name that is in it, for an alias name or an alias ARN.
    #[must_use]
    pub const fn alias_name(&self) -> Option<&AnyAliasName> {
        match self {
            Self::AliasName(name) => Some(name),
            Self::AliasArn(arn) => Some(arn.alias_name()),
            Self::KeyId(_) | Self::KeyArn(_) => None,
        }
    }
}

/// Conversions from what a variant holds, one per line.
macro_rules! from {
    ($(|$value:ident: $held:ty| $type:ident::$variant:ident($made:expr);)*) => {
        $(
            impl From<$held> for $type {
                fn from($value: $held) -> Self {
                    Self::$variant($made)
                }
            }
        )*
    };
}

from! {
    |key_id: KeyId| TargetKeyId::KeyId(key_id);
    |key_id: &KeyId| TargetKeyId::KeyId(*key_id);
    |arn: KeyArn| TargetKeyId::KeyArn(arn);
    |arn: &KeyArn| TargetKeyId::KeyArn(*arn);
    |key_id: KeyId| KeyIdentifier::KeyId(key_id);
    |arn: KeyArn| KeyIdentifier::KeyArn(arn);
    |name: AliasName| KeyIdentifier::AliasName(name.into());
    |name: AnyAliasName| KeyIdentifier::AliasName(name);
    |arn: AliasArn| KeyIdentifier::AliasArn(arn);
}

impl From<TargetKeyId> for KeyIdentifier {
    fn from(target: TargetKeyId) -> Self {
        match target {
            TargetKeyId::KeyId(key_id) => Self::KeyId(key_id),
            TargetKeyId::KeyArn(arn) => Self::KeyArn(arn),
        }
    }
}

impl fmt::Display for TargetKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyId(key_id) => key_id.fmt(f),
            Self::KeyArn(arn) => arn.fmt(f),
        }
    }
}

impl fmt::Display for KeyIdentifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyId(key_id) => key_id.fmt(f),
            Self::KeyArn(arn) => arn.fmt(f),
            Self::AliasName(name) => name.fmt(f),
            Self::AliasArn(arn) => arn.fmt(f),
        }
    }
}
