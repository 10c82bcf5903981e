//! What an account's files do not say.

use kms_alias::{AccountId, Region, ReservedNames, Scope};
use kms_alias_foresee::verdict::Place;

/// What an account does not say of itself.
///
/// ```
/// use kms_alias::ReservedNames;
/// use kms_alias_files::Options;
///
/// // AWS raised the quota of this account, and its names are judged by today's rule.
/// let options = Options::default()
///     .with_aliases_per_key(200) // rule T6
///     .with_reserved_names(ReservedNames::AliasAwsSlash); // rule A4
/// assert_eq!(options.aliases_per_key, Some(200));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The reading of rule A4.
    pub reserved_names: ReservedNames,
    /// The quota of aliases per key (rule T6), where AWS raised it above 50.
    pub aliases_per_key: Option<u32>,
    /// Whether lists are a part of what stands: the aliases of one key, a filtered export.
    pub partial: bool,
    /// The account, where no ARN tells it.
    pub account: Option<AccountId>,
    /// The Region, where no ARN tells it.
    pub region: Option<Region>,
}

impl Options {
    /// The same options with another reading of rule A4.
    #[must_use]
    pub const fn with_reserved_names(mut self, reserved_names: ReservedNames) -> Self {
        self.reserved_names = reserved_names;
        self
    }

    /// The same options with another quota (rule T6).
    #[must_use]
    pub const fn with_aliases_per_key(mut self, quota: u32) -> Self {
        self.aliases_per_key = Some(quota);
        self
    }

    /// The same options for lists that are a part of what stands.
    #[must_use]
    pub const fn with_partial(mut self, partial: bool) -> Self {
        self.partial = partial;
        self
    }

    /// The same options for an account and Region that no ARN tells.
    #[must_use]
    pub const fn with_scope(mut self, scope: Scope) -> Self {
        self.account = Some(scope.account());
        self.region = Some(scope.region());
        self
    }

    /// Where something runs that says neither account nor Region.
    pub(crate) fn place(&self) -> Place {
        let (account, region) = (self.account, self.region);
        Place {
            partition: region.map(|region| region.partition()),
            region,
            account,
            number: 0,
        }
    }
}
