//! The files: those that were named, or the sample.

use std::fs;
use std::path::Path;

use kms_alias::account::File;
use kms_alias::{AliasConditions, ConditionsError};

use super::Unusable;
use super::arguments::Arguments;
use super::say;

/// A file's name and content.
pub struct Input {
    name: String,
    bytes: Vec<u8>,
}

impl Input {
    fn read(path: &Path) -> Result<Self, Unusable> {
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|error| Unusable(format!("{name}: {error}")))?;
        Ok(Self { name, bytes })
    }

    fn sample(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            bytes: text.into(),
        }
    }

    pub fn file(&self) -> File<'_> {
        File {
            name: &self.name,
            bytes: &self.bytes,
        }
    }

    /// The conditions that the file holds.
    fn conditions(&self) -> Result<AliasConditions, Unusable> {
        let reason = |error: ConditionsError| {
            let line = error
                .line()
                .map_or(String::new(), |line| format!(":{line}"));
            let place = error
                .place()
                .map_or(String::new(), |place| format!("{place}: "));
            Unusable(format!("{}{line}: {place}{}", self.name, error.fault()))
        };
        AliasConditions::from_json(&self.bytes).map_err(reason)
    }
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
                conditions: conditions.map(|input| input.conditions()).transpose()?,
            });
        }
        Self::sample(conditions, arguments.json)
    }

    fn sample(conditions: Option<Input>, json: bool) -> Result<Self, Unusable> {
        let account = Input::sample(
            "account.json (sample)",
            include_str!("../data/account.json"),
        );
        let changes = Input::sample(
            "changes.json (sample)",
            include_str!("../data/changes.json"),
        );
        let sample = || {
            let text = include_str!("../data/conditions.json");
            (!json).then(|| Input::sample("conditions.json (sample)", text))
        };
        if !json {
            say::note("a sample account, its changes and conditions; see --help for your own");
        }
        let conditions = conditions.or_else(sample);
        Ok(Self {
            account: vec![account],
            changes,
            conditions: conditions.map(|input| input.conditions()).transpose()?,
        })
    }
}

/// Writes a file: what is a link, a pipe or a device stays one, and a file keeps its mode.
pub fn write(path: &Path, text: &str) -> Result<(), Unusable> {
    fs::write(path, text).map_err(|error| Unusable(format!("{}: {error}", path.display())))
}
