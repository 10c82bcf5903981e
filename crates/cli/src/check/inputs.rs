//! The files: those that were named, or the sample.

use std::fs;
use std::path::Path;

use kms_alias_files::File;
use kms_alias_foresee::AliasConditions;

use super::arguments::Arguments;
use crate::common::{Input, Unusable, note};

/// The conditions that a file holds.
fn read_conditions(input: &Input) -> Result<AliasConditions, Unusable> {
    let File { name, bytes } = input.file();
    AliasConditions::from_json(bytes).map_err(|error| {
        let line = error
            .line()
            .map_or(String::new(), |line| format!(":{line}"));
        let place = error
            .place()
            .map_or(String::new(), |place| format!("{place}: "));
        Unusable(format!("{name}{line}: {place}{}", error.fault()))
    })
}

/// All that is read.
pub struct Inputs {
    pub account: Vec<Input>,
    pub changes: Input,
    pub conditions: Option<AliasConditions>,
}

impl Inputs {
    pub fn of(arguments: &Arguments) -> Result<Self, Unusable> {
        let conditions = arguments.conditions.as_deref().map(Input::read);
        let conditions = conditions.transpose()?;
        if let Some(changes) = &arguments.changes {
            let account = arguments.account.iter().map(|path| Input::read(path));
            return Ok(Self {
                account: account.collect::<Result<_, _>>()?,
                changes: Input::read(changes)?,
                conditions: conditions.as_ref().map(read_conditions).transpose()?,
            });
        }
        Self::sample(conditions, arguments.json)
    }

    fn sample(conditions: Option<Input>, json: bool) -> Result<Self, Unusable> {
        let account = Input::sample("account.json", include_str!("../../data/account.json"));
        let changes = Input::sample("changes.json", include_str!("../../data/changes.json"));
        let sample = || {
            let text = include_str!("../../data/conditions.json");
            (!json).then(|| Input::sample("conditions.json", text))
        };
        if !json {
            note("a sample account, its changes and conditions; see --help for your own");
        }
        let conditions = conditions.or_else(sample);
        Ok(Self {
            account: vec![account],
            changes,
            conditions: conditions.as_ref().map(read_conditions).transpose()?,
        })
    }
}

/// Writes a file: what is a link, a pipe or a device stays one, and a file keeps its mode.
pub fn write(path: &Path, text: &str) -> Result<(), Unusable> {
    fs::write(path, text).map_err(|error| Unusable(format!("{}: {error}", path.display())))
}
