//! Facts that no operation would have brought about (rule I3).

use alloc::string::String;

use super::alias_table::AliasTable;
use super::store::AliasStore;
use crate::identifier::{KeyArn, ReservedNames};
use crate::rule::Rule;

/// A fact that no operation would have brought about, and that stands all the same (rule I3).
///
/// ```
/// use kms_alias::{AliasListEntry, Rule};
#[doc = include_str!("example_table.md")]
///
/// // An account may hold what today's rules would refuse (rule I3).
/// let mut parts = table.snapshot();
/// parts.aliases = vec![AliasListEntry::new("alias/awsome".parse()?, Some(key_id))];
/// let table = parts.into_table()?;
/// let warnings: Vec<_> = table.warnings().map(|warning| warning.rule()).collect();
/// assert_eq!(warnings, [Rule::A4]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "the name and the type of a field say what it is"
)]
pub enum Warning {
    /// A key has more aliases than the quota, which conditions on its aliases deny (rule P5).
    #[error(
        "key {key} has {count} aliases, more than the quota of {quota} (rule T6): while it has, \
         every condition on kms:ResourceAliases denies its use (rule P5)"
    )]
    AboveQuota { key: KeyArn, count: u32, quota: u32 },
    /// A customer's alias has a name that the table's reading of rule A4 reserves.
    #[error(
        "alias {alias_name} has a reserved name: names that begin with {} are refused here (rule \
         A4). AWS's current rule reserves alias/aws/ only: choose it with --reserved alias/aws/ or \
         `ReservedNames::AliasAwsSlash`",
        reserved_names.prefix()
    )]
    ReservedName {
        alias_name: String,
        reserved_names: ReservedNames,
    },
}

impl Warning {
    /// The rule that would refuse it.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self {
            Self::AboveQuota { .. } => Rule::T6,
            Self::ReservedName { .. } => Rule::A4,
        }
    }
}

impl AliasTable {
    /// What stands here that no operation would have brought about (rule I3): keys above the
    /// quota, in the order of their IDs, then reserved names.
    pub fn warnings(&self) -> impl Iterator<Item = Warning> {
        let quota = self.aliases_per_key;
        let above = self.store.keys_after(None).filter_map(move |slot| {
            // No key can exceed the greatest quota.
            let count = self.reaches(slot, quota.checked_add(1)?)?;
            let key = self.key_arn(self.store.key_id(slot));
            Some(Warning::AboveQuota { key, count, quota })
        });
        let reserved_names = self.reserved_names;
        // They follow each other in the order of names.
        let prefix = reserved_names.prefix();
        let from = self.iter().skip_while(move |alias| alias.name() < prefix);
        let reserved = from.take_while(move |alias| reserved_names.reserves(alias.name()));
        let reserved = reserved.filter(|alias| !alias.is_aws());
        let reserved = reserved.map(move |alias| Warning::ReservedName {
            alias_name: String::from(alias.name()),
            reserved_names,
        });
        above.chain(reserved)
    }
}
