//! Where a key lives: Region and account (rules K3, K4).

use core::fmt;

use super::doors::{compare_by_parsing, parse_doors, static_doors, text_doors};
use super::grammar::{Form, diagnose};
use super::invalid::ParseError;
use super::partition::Partition;
use super::scan;

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
/// assert!("us-west".parse::<Region>().is_err()); // rule K4
/// const PARIS: Region = Region::from_static("eu-west-3");
/// assert_eq!(PARIS.as_str(), "eu-west-3");
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
// INVARIANT: the words hold a Region of the partition, and zeros after it, which keep the order. The
// longest Region of rule K4 has 23 bytes: `eusc-de-`, 12 letters, a dash, two digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    words: [[u8; 8]; 3],
    length: u8,
    partition: Partition,
}

text_doors!(Region);
static_doors!(Region, "Region", "rule K4");

impl Region {
    /// A Region that fits a partition's pattern, which bounds its length.
    #[expect(clippy::cast_possible_truncation, reason = "a length of at most 23")]
    #[inline(always)]
    const fn of(text: &[u8], partition: Partition) -> Self {
        let [first, second, third] = scan::region_words(text);
        Self {
            words: [
                first.to_le_bytes(),
                second.to_le_bytes(),
                third.to_le_bytes(),
            ],
            length: text.len() as u8,
            partition,
        }
    }

    #[inline(always)]
    const fn from_bytes(text: &[u8]) -> Option<Self> {
        match scan::region_partition(text) {
            Some(partition) => Some(Self::of(text, partition)),
            None => None,
        }
    }

    /// The Region as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let text = self.words.as_flattened().get(..usize::from(self.length));
        core::str::from_utf8(text.unwrap_or_default()).unwrap_or_default()
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
/// assert!("1111".parse::<AccountId>().is_err()); // rule K3
/// const MINE: AccountId = AccountId::from_static("111122223333");
/// assert_eq!(MINE, account);
/// # Ok::<(), kms_alias::ParseError>(())
/// ```
// INVARIANT: 12 ASCII digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountId([u8; 12]);

text_doors!(AccountId);
static_doors!(AccountId, "account ID", "rule K3");

impl AccountId {
    const fn from_bytes(text: &[u8]) -> Option<Self> {
        match scan::account_id(text) {
            Some(digits) => Some(Self(digits)),
            None => None,
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
/// assert_eq!(scope.region(), "eu-west-3");
/// assert_eq!(scope.account(), "111122223333");
/// assert_eq!(scope.partition(), "aws");
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
            Some(head) => Ok(Self::of_arn(&head)),
            None => Err(diagnose("scope", text, &[Form::Scope])),
        }
    }

    /// The scope that an ARN is of.
    #[inline(always)]
    pub(super) const fn of_arn(arn: &scan::Arn<'_>) -> Self {
        let region = Region::of(arn.region, arn.partition);
        Self {
            region,
            account: AccountId(arn.account),
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
        f.write_str("arn:")?;
        f.write_str(self.partition().as_str())?;
        f.write_str(":kms:")?;
        f.write_str(self.region.as_str())?;
        f.write_str(":")?;
        f.write_str(self.account.as_str())
    }
}
