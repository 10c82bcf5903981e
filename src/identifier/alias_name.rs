//! Alias names: a customer's, AWS's own, and any (rules A1–A5, A8).

use super::doors::text_doors;
use super::grammar::{Form, diagnose};
use super::invalid::ParseError;
use super::name_text::NameText;
use super::scan;
use crate::rule::Rule;

/// Rule A1.
pub(crate) const ALIAS_PREFIX: &str = "alias/";
/// What today's API reference reserves (rule A4), and the form of AWS's own aliases (rule A8).
const AWS_PREFIX: &str = "alias/aws/";

/// Whether an alias name is of the form of AWS's own aliases (rule A8).
#[inline]
pub(crate) fn is_aws_alias_name(name: &[u8]) -> bool {
    name.starts_with(AWS_PREFIX.as_bytes())
}

/// Which names belong to AWS: the two published readings of rule A4.
///
/// The documentation that this crate starts from reserves every name that begins with
/// `alias/aws`, so `alias/awsome` too; today's API reference reserves `alias/aws/` only. The
/// stricter reading is the default, because a name that it allows is allowed by both.
///
/// ```
/// use kms_alias::{AliasName, ReservedNames, Rule};
///
/// let (strict, today) = (ReservedNames::AliasAws, ReservedNames::AliasAwsSlash);
/// assert!(!AliasName::is_valid_with("alias/awsome", strict));
/// assert!(AliasName::is_valid_with("alias/awsome", today));
/// assert_eq!(AliasName::parse_with("alias/awsome", today)?, "alias/awsome");
/// let error = AliasName::parse_with("alias/aws/s3", today).unwrap_err();
/// assert_eq!(error.rule(), Rule::A4);
/// assert_eq!(ReservedNames::default().prefix(), "alias/aws");
/// assert!(ReservedNames::default().reserves("alias/awsome")); // rule A4
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ReservedNames {
    /// Every name that begins with `alias/aws`.
    #[default]
    #[cfg_attr(feature = "serde", serde(rename = "alias/aws"))]
    AliasAws,
    /// Every name that begins with `alias/aws/`.
    #[cfg_attr(feature = "serde", serde(rename = "alias/aws/"))]
    AliasAwsSlash,
}

impl ReservedNames {
    /// The beginning that is reserved: `alias/aws` or `alias/aws/`.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::AliasAws => "alias/aws",
            Self::AliasAwsSlash => AWS_PREFIX,
        }
    }

    /// Whether a name is reserved (rule A4).
    #[must_use]
    pub const fn reserves(self, name: &str) -> bool {
        self.reserves_bytes(name.as_bytes())
    }

    #[inline(always)]
    pub(crate) const fn reserves_bytes(self, name: &[u8]) -> bool {
        // Two constants: comparing with a prefix that is looked up is slower.
        match self {
            Self::AliasAws => scan::starts_with(name, Self::AliasAws.prefix().as_bytes()),
            Self::AliasAwsSlash => scan::starts_with(name, AWS_PREFIX.as_bytes()),
        }
    }
}

/// The name of a customer's alias, such as `alias/payments`.
///
/// # Syntax
/// `alias/`, then 1 to 250 of `A-Z a-z 0-9 / _ -` (rules A1, A2, A3), and not a name that belongs
/// to AWS (rule A4, in the reading of [`ReservedNames`]: the default one here, another by
/// [`parse_with`](Self::parse_with)). No `AliasName` ever begins with `alias/aws/`. Case counts
/// (rule A5).
///
/// # Errors
/// Parsing fails with the rule and the byte:
/// - `payments`: the prefix is missing (A1)
/// - `alias/`: no character follows the prefix (A2)
/// - `alias/pay.ments`: a dot is not allowed (A3)
/// - `alias/aws/s3`: the name is reserved (A4)
///
/// # Ordering
/// Byte order of the text.
///
/// ```
/// use kms_alias::AliasName;
///
/// let name: AliasName = "alias/payments".parse()?;
/// assert_eq!(name, "alias/payments");
/// assert!(AliasName::is_valid("alias/team/payroll"));
/// const LEDGER: AliasName = AliasName::from_static("alias/ledger");
/// assert!(LEDGER < name);
/// assert_eq!(name.as_str(), "alias/payments");
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
// INVARIANT: obeys A1–A3 and does not begin with `alias/aws/`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AliasName(NameText);

/// The name of one of AWS's own aliases, such as `alias/aws/s3` (rule A8).
///
/// # Syntax
/// `alias/aws/`, then 1 to 246 of `A-Z a-z 0-9 / _ -`.
///
/// # Ordering
/// Byte order of the text.
///
/// ```
/// use kms_alias::AwsAliasName;
///
/// let name: AwsAliasName = "alias/aws/s3".parse()?;
/// assert_eq!(name.service(), "s3");
/// assert!("alias/ledger".parse::<AwsAliasName>().is_err());
/// assert_eq!(name.as_str(), "alias/aws/s3");
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
// INVARIANT: obeys A1–A3 and has at least one character after `alias/aws/`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AwsAliasName(NameText);

/// Any alias name that can stand in a list: a customer's or AWS's (rules A1–A3).
///
/// # Syntax
/// `alias/`, then 1 to 250 of `A-Z a-z 0-9 / _ -`.
///
/// # Ordering
/// Byte order of the text, which is the order of lists (rule L4).
///
/// ```
/// use kms_alias::{AliasName, AnyAliasName};
///
/// let name: AnyAliasName = "alias/aws/s3".parse()?;
/// assert!(name.is_aws()); // rule A8
/// assert_eq!(name.as_str(), "alias/aws/s3");
/// assert!(AliasName::try_from(name).is_err()); // rule A4
/// assert!(AnyAliasName::is_valid("alias/ledger"));
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
// INVARIANT: obeys A1–A3.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnyAliasName(NameText);

/// The doors of a name, and its text.
macro_rules! name_doors {
    ($($type:ident)*) => {
        $(
            text_doors!($type);

            impl $type {
                /// The whole name, its prefix included.
                #[must_use]
                pub fn as_str(&self) -> &str {
                    self.0.as_str()
                }
            }
        )*
    };
}

name_doors! { AliasName AwsAliasName AnyAliasName }

/// The error about a reserved name, at the last byte of the reserved beginning (rule A4).
fn reserved(what: &'static str, name: &str, reserved_names: ReservedNames) -> ParseError {
    let expected = match reserved_names {
        ReservedNames::AliasAws => "a name that does not begin with `alias/aws`",
        ReservedNames::AliasAwsSlash => "a name that does not begin with `alias/aws/`",
    };
    let position = reserved_names.prefix().len().saturating_sub(1);
    ParseError::at(what, name, position, expected, Rule::A4)
}

impl AliasName {
    /// What every alias name begins with (rule A1).
    pub const PREFIX: &'static str = ALIAS_PREFIX;

    const WHAT: &'static str = "alias name";

    /// Parses a name under a chosen reading of rule A4.
    ///
    /// # Errors
    /// As parsing: rules A1–A3 first, then A4.
    #[inline(always)]
    pub fn parse_with(name: &str, reserved_names: ReservedNames) -> Result<Self, ParseError> {
        if !scan::alias_name(name.as_bytes()) || reserved_names.reserves_bytes(name.as_bytes()) {
            return Err(Self::refused(name, reserved_names));
        }
        Ok(Self(NameText::new(name)))
    }

    /// Diagnoses an invalid name (cold path).
    #[cold]
    fn refused(name: &str, reserved_names: ReservedNames) -> ParseError {
        if scan::alias_name(name.as_bytes()) {
            return reserved(Self::WHAT, name, reserved_names);
        }
        diagnose(Self::WHAT, name, &[Form::AliasName])
    }

    #[inline]
    pub(super) fn parse_text(text: &str) -> Result<Self, ParseError> {
        Self::parse_with(text, ReservedNames::default())
    }

    /// Whether a text is a name, under the default reading of rule A4; allocates nothing.
    #[must_use]
    pub const fn is_valid(text: &str) -> bool {
        Self::is_valid_with(text, ReservedNames::AliasAws)
    }

    /// Whether a text is a name, under a chosen reading of rule A4; allocates nothing.
    #[must_use]
    pub const fn is_valid_with(text: &str, reserved_names: ReservedNames) -> bool {
        scan::alias_name(text.as_bytes()) && !reserved_names.reserves(text)
    }

    /// A name that is known when the program is written, under the default reading of rule A4.
    ///
    /// # Panics
    /// If the text is not a name; in a `const` that is an error of compilation.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        assert!(Self::is_valid(text), "not an alias name: rules A1 to A4");
        Self(NameText::Static(text))
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl AwsAliasName {
    pub(super) fn parse_text(text: &str) -> Result<Self, ParseError> {
        if scan::alias_name(text.as_bytes())
            && text.len() > AWS_PREFIX.len()
            && text.starts_with(AWS_PREFIX)
        {
            return Ok(Self(NameText::new(text)));
        }
        Err(diagnose(
            "name of an AWS alias",
            text,
            &[Form::AwsAliasName],
        ))
    }

    /// What follows `alias/aws/`.
    #[must_use]
    pub fn service(&self) -> &str {
        self.as_str().strip_prefix(AWS_PREFIX).unwrap_or_default()
    }
}

impl AnyAliasName {
    pub(super) fn parse_text(text: &str) -> Result<Self, ParseError> {
        if scan::alias_name(text.as_bytes()) {
            return Ok(Self(NameText::new(text)));
        }
        Err(diagnose(AliasName::WHAT, text, &[Form::AliasName]))
    }

    /// The name of an alias in a table, which was checked when it was put in.
    pub(crate) fn standing(name: &str) -> Self {
        Self(NameText::new(name))
    }

    /// Whether a text is an alias name of either kind; allocates nothing.
    #[must_use]
    pub const fn is_valid(text: &str) -> bool {
        scan::alias_name(text.as_bytes())
    }

    #[inline]
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether the name begins with `alias/aws/`, as AWS's own do (rule A8).
    #[must_use]
    pub fn is_aws(&self) -> bool {
        is_aws_alias_name(self.as_bytes())
    }
}

impl From<AliasName> for AnyAliasName {
    fn from(name: AliasName) -> Self {
        Self(name.0)
    }
}

impl From<AwsAliasName> for AnyAliasName {
    fn from(name: AwsAliasName) -> Self {
        Self(name.0)
    }
}

/// Under the default reading of rule A4, as parsing is.
impl TryFrom<AnyAliasName> for AliasName {
    type Error = ParseError;

    fn try_from(name: AnyAliasName) -> Result<Self, Self::Error> {
        let reserved_names = ReservedNames::default();
        if reserved_names.reserves(name.as_str()) {
            return Err(reserved(Self::WHAT, name.as_str(), reserved_names));
        }
        Ok(Self(name.0))
    }
}

impl TryFrom<AnyAliasName> for AwsAliasName {
    type Error = ParseError;

    fn try_from(name: AnyAliasName) -> Result<Self, Self::Error> {
        Self::parse_text(name.as_str())
    }
}
