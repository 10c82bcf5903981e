//! What the files of an account do not say, and what is said of an account.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use kms_alias::{AccountId, KeyId, Region, ReservedNames, Warning};
use kms_alias_files::{Options, read_one_account};
use kms_alias_foresee::verdict::{AliasList, Knowledge};

use super::exit::Unusable;
use super::input::Input;
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

/// Which account and Region is meant.
#[derive(Args)]
pub struct PlaceOptions {
    /// The Region of account files that name none; of several Regions, the one that is meant
    #[arg(long, value_name = "REGION", requires = "account")]
    region: Option<Region>,
    /// The account of account files that name none; of several accounts, the one that is meant
    #[arg(long, value_name = "DIGITS", requires = "account")]
    account_id: Option<AccountId>,
}

/// What is known of one account and Region, with what has to be said of it.
pub fn one_account(
    inputs: &[Input],
    options: &AccountOptions,
    place: &PlaceOptions,
) -> Result<Knowledge, Unusable> {
    let files: Vec<_> = inputs.iter().map(Input::file).collect();
    let mut options = options.for_files();
    (options.region, options.account) = (place.region, place.account_id);
    let known = read_one_account(&files, options)?;
    warn_of_what_stands(known.table().warnings());
    if known.alias_list == AliasList::Absent {
        warn(
            "no list of aliases: names that nothing mentions are assumed to be free, and quotas not to be \
             full (rule H6)",
        );
    }
    Ok(known)
}

/// Says that keys are not described, and what follows from it.
pub fn warn_of_undescribed(keys: impl IntoIterator<Item = KeyId>, what: &str) {
    let mut keys = keys.into_iter();
    let Some(first) = keys.next() else {
        return;
    };
    match keys.count() {
        0 => warn(&format!("key {first} is not described: {what}")),
        others => warn(&format!(
            "key {first} and {others} more are not described: {what}"
        )),
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
