//! The aliases that AWS predefines in every account and Region (rule A8).

use kms_alias::{AliasListEntry, AnyAliasName};
use kms_alias_lint::AWS_ALIAS_SERVICES;

/// Aliases without a key: AWS makes the key when it is first needed.
pub(crate) fn aliases() -> impl Iterator<Item = AliasListEntry> {
    AWS_ALIAS_SERVICES.iter().filter_map(|service| {
        let name: AnyAliasName = format!("alias/aws/{service}").parse().ok()?;
        Some(AliasListEntry::new(name, None))
    })
}
