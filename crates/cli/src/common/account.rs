//! What the files of an account do not say, and what is said of an account.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use kms_alias::{ReservedNames, Warning};
use kms_alias_files::Options;

use super::say::warn;

/// As many warnings of a rule are said one by one.
const MOST_WARNINGS: usize = 10;

/// What the files of an account do not say of it.
#[derive(Args)]
pub struct AccountOptions {
    /// Which names belong to AWS: those that begin with `alias/aws`, or with `alias/aws/` only
    #[arg(long, value_name = "PREFIX", value_enum, default_value_t = Reserved::AliasAws)]
    reserved: Reserved,
    /// The quota of aliases per key, where AWS raised it
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    aliases_per_key: u32,
}

impl AccountOptions {
    pub fn reserved_names(&self) -> ReservedNames {
        self.reserved.into()
    }

    pub const fn aliases_per_key(&self) -> u32 {
        self.aliases_per_key
    }

    /// For the reader of the account's files.
    pub fn for_files(&self) -> Options {
        Options::default()
            .with_reserved_names(self.reserved_names())
            .with_aliases_per_key(self.aliases_per_key)
    }
}

/// The two readings of rule A4, by the prefix that each reserves.
#[derive(Clone, Copy, ValueEnum)]
pub enum Reserved {
    #[value(name = "alias/aws")]
    AliasAws,
    #[value(name = "alias/aws/")]
    AliasAwsSlash,
}

impl From<Reserved> for ReservedNames {
    fn from(reserved: Reserved) -> Self {
        match reserved {
            Reserved::AliasAws => Self::AliasAws,
            Reserved::AliasAwsSlash => Self::AliasAwsSlash,
        }
    }
}

/// Says what stands beyond the rules: of each rule a few one by one.
pub fn warn_of_what_stands(warnings: impl IntoIterator<Item = Warning>) {
    let mut count_of_rule = BTreeMap::new();
    for warning in warnings {
        let count = count_of_rule.entry(warning.rule()).or_insert(0_usize);
        *count += 1;
        if *count <= MOST_WARNINGS {
            warn(&warning.to_string());
        }
    }
    for (rule, count) in count_of_rule {
        if count > MOST_WARNINGS {
            let more = count - MOST_WARNINGS;
            warn(&format!("and {more} more beyond rule {rule}"));
        }
    }
}
