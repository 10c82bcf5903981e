//! The account and what is wanted of it: those that were named, or the sample.

use kms_alias::{AliasTable, TargetKeyId};
use kms_alias_foresee::verdict::Knowledge;
use kms_alias_foresee::{PlanOptions, ThirdKey, Unmentioned};

use super::arguments::{Arguments, Third};
use crate::common::{Input, Unusable, note, one_account, read_all};

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

    /// What is known of the account.
    pub fn known(&self, arguments: &Arguments) -> Result<Knowledge, Unusable> {
        one_account(&self.account, &arguments.options, &arguments.place)
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
                return Err(Unusable::new(words));
            }
            ThirdKey::This(key.key_id())
        }
    };
    Ok(PlanOptions::default()
        .with_unmentioned(unmentioned)
        .with_third_key(third_key))
}
