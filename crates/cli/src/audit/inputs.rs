//! The files: those that were named, or the sample.

use kms_alias::AliasTable;
use kms_alias_audit::{Coverage, Trail, read_trail};
use kms_alias_files::File;
use kms_alias_foresee::verdict::{AliasList, KeyList};

use super::arguments::Arguments;
use crate::common::{Input, Unusable, note, one_account, read_all, warn_of_undescribed};

/// The account and the log.
pub struct Inputs {
    pub account: Vec<Input>,
    log: Vec<Input>,
}

impl Inputs {
    pub fn of(arguments: &Arguments) -> Result<Self, Unusable> {
        if !arguments.trail.is_empty() {
            return Ok(Self {
                account: read_all(&arguments.account)?,
                log: read_all(&arguments.trail)?,
            });
        }
        if !arguments.json {
            note("a sample account and its log, both invented; see --help for your own");
        }
        let account = include_bytes!("../../data/account.json");
        let early = include_bytes!("../../data/trail.json");
        let late = include_bytes!("../../data/trail.json.gz");
        Ok(Self {
            account: vec![Input::sample("account.json", account)?],
            log: vec![
                Input::sample("trail.json.gz", late)?,
                Input::sample("trail.json", early)?,
            ],
        })
    }

    /// The log, as far as it was asked for.
    pub fn trail(&self, arguments: &Arguments) -> Result<Trail, Unusable> {
        let trail = read_trail(&files(&self.log))?;
        Ok(match arguments.since {
            Some(since) => trail.since(since),
            None => trail,
        })
    }

    /// The accounts to begin with, and how much is known of them: the one that was named, or nothing for
    /// each that the log has.
    pub fn tables(
        &self,
        arguments: &Arguments,
        trail: &Trail,
    ) -> Result<(Vec<AliasTable>, Coverage), Unusable> {
        let options = &arguments.options;
        if self.account.is_empty() {
            let empty = |scope| {
                AliasTable::new(scope)
                    .with_reserved_names(options.reserved_names())
                    .with_aliases_per_key(options.aliases_per_key())
            };
            let scopes = trail.scopes().into_iter();
            let tables = scopes.map(|(scope, _)| empty(scope)).collect();
            return Ok((tables, Coverage::Part));
        }
        let known = one_account(&self.account, options, &arguments.place)?;
        warn_of_undescribed(
            known.table().undescribed_keys(),
            "an event that depends on more than its existence is not judged",
        );
        let coverage = if arguments.part {
            Coverage::Part
        } else {
            // Without a list of aliases none stands but those that are told (rule H6).
            let all_aliases = known.alias_list != AliasList::Incomplete;
            Coverage::of_lists(all_aliases, known.key_list == KeyList::Complete)
        };
        Ok((vec![known.into_table()], coverage))
    }
}

fn files(inputs: &[Input]) -> Vec<File<'_>> {
    inputs.iter().map(Input::file).collect()
}
