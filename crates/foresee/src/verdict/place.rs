//! Where a step runs, as far as that is known.

use core::fmt;

use kms_alias::{AccountId, Partition, Region, Scope};

/// An account and Region, each of which may be unknown.
///
/// A template names no account, and often no Region. Each place has a table of its own: what
/// happens in one place changes nothing in another. KMS's words that need what is unknown show a
/// placeholder: `<account>`, `<region>`.
///
/// ```
/// use kms_alias::Region;
/// use kms_alias_foresee::verdict::Place;
///
/// let place = Place { region: Some(Region::from_static("eu-west-3")), ..Place::default() };
/// assert_eq!(place.to_string(), "arn:aws:kms:eu-west-3:<account>");
/// assert_eq!(place.scope(), None);
/// assert_eq!(Place::default().to_string(), "arn:<partition>:kms:<region>:<account>");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The partition, where the Region is not known but its partition is.
    pub partition: Option<Partition>,
    /// The Region, with which the partition is known too.
    pub region: Option<Region>,
    /// The account.
    pub account: Option<AccountId>,
    /// Tells apart places of which account or Region is not known: two places of different numbers
    /// are two, such as those of two providers whose credentials are of different accounts.
    pub number: u16,
}

impl Place {
    /// The scope of a table, if Region and account are known.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        Some(Scope::new(self.region?, self.account?))
    }

    /// Whether two places are certainly not one: their accounts or their Regions are known and
    /// differ.
    ///
    /// ```
    /// use kms_alias::Region;
    /// use kms_alias_foresee::verdict::Place;
    ///
    /// let paris = Place { region: Some(Region::from_static("eu-west-3")), ..Place::default() };
    /// let oregon = Place { region: Some(Region::from_static("us-west-2")), ..Place::default() };
    /// assert!(paris.is_apart(&oregon));
    /// assert!(!paris.is_apart(&Place::default()));
    /// ```
    #[must_use]
    pub fn is_apart(&self, other: &Self) -> bool {
        fn differ<T: PartialEq>(one: Option<T>, other: Option<T>) -> bool {
            matches!((one, other), (Some(one), Some(other)) if one != other)
        }
        differ(self.account, other.account)
            || differ(self.region, other.region)
            || differ(self.partition(), other.partition())
    }

    /// The partition, which follows from the Region where that is known.
    #[must_use]
    pub fn partition(&self) -> Option<Partition> {
        match self.region {
            Some(region) => Some(region.partition()),
            None => self.partition,
        }
    }
}

impl From<Scope> for Place {
    fn from(scope: Scope) -> Self {
        Self {
            partition: Some(scope.partition()),
            region: Some(scope.region()),
            account: Some(scope.account()),
            number: 0,
        }
    }
}

/// The beginning of an ARN, with a placeholder for each part that is unknown.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let partition = self.partition();
        let partition = partition.as_ref().map_or("<partition>", Partition::as_str);
        let region = self.region.as_ref().map_or("<region>", Region::as_str);
        let account = self.account.as_ref().map_or("<account>", AccountId::as_str);
        write!(f, "arn:{partition}:kms:{region}:{account}")
    }
}
