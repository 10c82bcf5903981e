//! The account and what is wanted of it: those that were named, or the sample.

use kms_alias::{AliasTable, TargetKeyId};
use kms_alias_files::Loaded;
use kms_alias_foresee::{PlanOptions, ThirdKey, Unmentioned};

use super::arguments::{Arguments, Third};
use crate::common::{Input, Unusable, note, read_all, warn, warn_of_what_stands};

pub struct Inputs {
    account: Vec<Input>,
    pub wanted: Input,
}

impl Inputs {
    pub fn of(arguments: &Arguments) -> Result<Self, Unusable> {
        if let Some(wanted) = &arguments.wanted {
            return Ok(Self {
                account: read_all(&arguments.account)?,
                wanted: Input::read(wanted)?,
            });
        }
        if !arguments.json && arguments.form.is_none() {
            note("a sample account and what is wanted of it; see --help for your own");
        }
        let account = include_str!("../../data/account.json");
        let wanted = include_str!("../../data/wanted.json");
        Ok(Self {
            account: vec![Input::sample("account.json", account)?],
            wanted: Input::sample("wanted.json", wanted)?,
        })
    }

    /// The account, with what has to be said of it.
    pub fn table(&self, arguments: &Arguments) -> Result<AliasTable, Unusable> {
        let files: Vec<_> = self.account.iter().map(Input::file).collect();
        let loaded = Loaded::read(&files, arguments.options.for_files())?;
        warn_of_what_stands(loaded.table().warnings());
        for key_id in loaded.undescribed_keys() {
            warn(&format!(
                "key {key_id} is listed and not described: no alias can be planned to have it"
            ));
        }
        Ok(loaded.into_table())
    }
}

/// How to plan.
pub fn options(arguments: &Arguments, table: &AliasTable) -> Result<PlanOptions, Unusable> {
    let unmentioned = if arguments.prune {
        Unmentioned::Go
    } else {
        Unmentioned::Stay
    };
    let third_key = match arguments.third_key {
        None => ThirdKey::No,
        Some(Third::Any) => ThirdKey::Any,
        Some(Third::Key(key)) => {
            let elsewhere = matches!(key, TargetKeyId::KeyArn(arn) if arn.scope() != table.scope());
            if elsewhere || table.key(key.key_id()).is_none() {
                let scope = table.scope();
                let words = format!("--third-key {key}: no key of {scope} that the files describe");
                return Err(Unusable(words));
            }
            ThirdKey::This(key.key_id())
        }
    };
    Ok(PlanOptions::default()
        .with_unmentioned(unmentioned)
        .with_third_key(third_key))
}
