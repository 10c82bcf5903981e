//! Where a key lives: partition, Region, account (rules K3, K4).

use core::fmt;

use super::doors::{compare_by_parsing, parse_doors, text_doors};
use super::grammar::{Form, diagnose};
use super::invalid::ParseError;
use super::scan;
use crate::rule::Rule;

macro_rules! partitions {
    ($($(#[$doc:meta])* $name:ident $text:literal $($prefix:literal)*;)*) => {
        /// A group of Regions that AWS runs apart from the others (rule K4).
        ///
        /// ```
        /// use kms_alias::{Partition, Region};
        ///
        /// assert_eq!("aws-cn".parse::<Partition>()?, Partition::AwsCn);
        /// assert_eq!("cn-north-1".parse::<Region>()?.partition(), Partition::AwsCn);
        /// # Ok::<(), kms_alias::ParseError>(())
        /// ```
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Partition {
            $($(#[$doc])* $name,)*
        }

        impl Partition {
            /// Every partition, in the byte order of the texts.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The text, as ARNs have it.
            #[must_use]
            pub const fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }

        /// What the Regions of each partition begin with (rule K4): a word and a number follow.
        pub(super) const REGION_PREFIXES: &[(&str, Partition)] =
            &[$($(($prefix, Partition::$name),)*)*];
    };
}

partitions! {
    /// The commercial Regions.
    Aws "aws" "us-" "eu-" "ap-" "sa-" "ca-" "me-" "af-" "il-" "mx-";
    /// China.
    AwsCn "aws-cn" "cn-";
    /// The European Sovereign Cloud.
    AwsEusc "aws-eusc" "eusc-de-";
    /// Isolated Regions in the United States.
    AwsIso "aws-iso" "us-iso-";
    /// Isolated Regions in the United States, the second group.
    AwsIsoB "aws-iso-b" "us-isob-";
    /// Isolated Regions in Europe.
    AwsIsoE "aws-iso-e" "eu-isoe-";
    /// Isolated Regions in the United States, the third group.
    AwsIsoF "aws-iso-f" "us-isof-";
    /// The government of the United States.
    AwsUsGov "aws-us-gov" "us-gov-";
}

text_doors!(Partition);

impl Partition {
    pub(super) fn parse_text(text: &str) -> Result<Self, ParseError> {
        Self::ALL
            .iter()
            .find(|known| known.as_str() == text)
            .copied()
            .ok_or_else(|| {
                let same = |known: &Self| {
                    known
                        .as_str()
                        .bytes()
                        .zip(text.bytes())
                        .take_while(|(a, b)| a == b)
                        .count()
                };
                let position = Self::ALL.iter().map(same).max().unwrap_or_default();
                ParseError::at(
                    "partition",
                    text,
                    position,
                    "a partition, such as `aws`",
                    Rule::K4,
                )
            })
    }
}

/// The longest Region that rule K4 allows: `eusc-de-`, 12 letters, a dash, two digits.
const LONGEST_REGION: usize = 23;

/// A Region, such as `eu-west-3`.
///
/// # Syntax
/// The beginning that a [`Partition`] gives its Regions, 1 to 12 lower-case letters, a dash, 1 or
/// 2 digits (rule K4). Whether AWS runs such a Region today is not asked: AWS opens new ones.
///
/// # Ordering
/// Byte order of the text.
///
/// ```
/// use kms_alias::{Partition, Region};
///
/// let region: Region = "us-gov-west-1".parse()?;
/// assert_eq!(region.partition(), Partition::AwsUsGov);
/// assert!("us-west".parse::<Region>().is_err());
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
// INVARIANT: the bytes are a Region of the partition, and zeros after it, which keep the order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    bytes: [u8; LONGEST_REGION],
    length: u8,
    partition: Partition,
}

text_doors!(Region);

impl Region {
    #[expect(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        reason = "a copy in const code of at most LONGEST_REGION bytes, which fit both"
    )]
    pub(super) const fn from_bytes(text: &[u8]) -> Option<Self> {
        let Some(partition) = scan::region_partition(text) else {
            return None;
        };
        if text.len() > LONGEST_REGION {
            return None;
        }
        let mut bytes = [0; LONGEST_REGION];
        let mut at = 0;
        while at < text.len() {
            bytes[at] = text[at];
            at += 1;
        }
        Some(Self {
            bytes,
            length: text.len() as u8,
            partition,
        })
    }

    pub(super) fn parse_text(text: &str) -> Result<Self, ParseError> {
        Self::from_bytes(text.as_bytes()).ok_or_else(|| diagnose("Region", text, &[Form::Region]))
    }

    /// A Region that is known when the program is written.
    ///
    /// # Panics
    /// If the text is not a Region; in a `const` that is an error of compilation.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "documented: the check of a constant at compile time"
    )]
    pub const fn from_static(text: &'static str) -> Self {
        match Self::from_bytes(text.as_bytes()) {
            Some(region) => region,
            None => panic!("not a Region: rule K4"),
        }
    }

    /// The Region as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let text = self
            .bytes
            .get(..usize::from(self.length))
            .unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }

    /// The partition that the Region belongs to.
    #[must_use]
    pub const fn partition(&self) -> Partition {
        self.partition
    }
}

/// The number of an AWS account: 12 digits (rule K3).
///
/// # Ordering
/// Byte order of the text.
///
/// ```
/// use kms_alias::AccountId;
///
/// let account: AccountId = "111122223333".parse()?;
/// assert_eq!(account.as_str(), "111122223333");
/// assert!("1111".parse::<AccountId>().is_err());
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
// INVARIANT: 12 ASCII digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountId([u8; 12]);

text_doors!(AccountId);

impl AccountId {
    pub(super) const fn from_bytes(text: &[u8]) -> Option<Self> {
        match scan::account_id(text) {
            Some(digits) => Some(Self(digits)),
            None => None,
        }
    }

    pub(super) fn parse_text(text: &str) -> Result<Self, ParseError> {
        Self::from_bytes(text.as_bytes())
            .ok_or_else(|| diagnose("account ID", text, &[Form::AccountId]))
    }

    /// An account that is known when the program is written.
    ///
    /// # Panics
    /// If the text is not an account ID; in a `const` that is an error of compilation.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "documented: the check of a constant at compile time"
    )]
    pub const fn from_static(text: &'static str) -> Self {
        match Self::from_bytes(text.as_bytes()) {
            Some(account) => account,
            None => panic!("not an account ID: rule K3"),
        }
    }

    /// The 12 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// One account in one Region: what a table is the table of, and where an alias is unique (A6).
///
/// A Region belongs to one partition, so the partition is known with it.
///
/// # Syntax
/// As text it is the beginning of an ARN: `arn:aws:kms:eu-west-3:111122223333`.
///
/// # Ordering
/// By partition, Region, account.
///
/// ```
/// use kms_alias::{AccountId, Region, Scope};
///
/// let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
/// assert_eq!(scope, "arn:aws:kms:eu-west-3:111122223333");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    region: Region,
    account: AccountId,
}

parse_doors!(Scope);
compare_by_parsing!(Scope);

impl Scope {
    /// The scope of an account in a Region.
    #[must_use]
    pub const fn new(region: Region, account: AccountId) -> Self {
        Self { region, account }
    }

    pub(super) fn parse_text(text: &str) -> Result<Self, ParseError> {
        match scan::scope(text.as_bytes()) {
            Some(scope) => Ok(scope),
            None => Err(diagnose("scope", text, &[Form::Scope])),
        }
    }

    /// The partition of the Region.
    #[must_use]
    pub const fn partition(&self) -> Partition {
        self.region.partition
    }

    /// The Region.
    #[must_use]
    pub const fn region(&self) -> Region {
        self.region
    }

    /// The account.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.account
    }
}

impl PartialOrd for Scope {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Scope {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        let parts = |scope: &Self| (scope.partition(), scope.region, scope.account);
        parts(self).cmp(&parts(other))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "arn:{}:kms:{}:{}",
            self.partition(),
            self.region,
            self.account
        )
    }
}
