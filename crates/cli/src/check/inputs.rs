//! The files: those that were named, or the sample.

use kms_alias_files::File;
use kms_alias_foresee::AliasConditions;

use super::arguments::Arguments;
use crate::common::{Input, Unusable, note, read_all, warn};

/// All that is read.
pub struct Inputs {
    pub account: Vec<Input>,
    pub changes: Input,
    /// The file of conditions, and what it says.
    pub conditions: Option<(Input, AliasConditions)>,
}

impl Inputs {
    pub fn of(arguments: &Arguments) -> Result<Self, Unusable> {
        let conditions = arguments.conditions.as_deref().map(Input::read);
        let conditions = conditions.transpose()?;
        let (account, changes, conditions) = match &arguments.changes {
            Some(changes) => (
                read_all(&arguments.account)?,
                Input::read(changes)?,
                conditions,
            ),
            None => sample(conditions, arguments.json)?,
        };
        Ok(Self {
            account,
            changes,
            conditions: conditions.map(read_conditions).transpose()?,
        })
    }

    /// Every file that was read.
    pub fn all(&self) -> Vec<&Input> {
        let conditions = self.conditions.iter().map(|(input, _)| input);
        let account = self.account.iter();
        account.chain([&self.changes]).chain(conditions).collect()
    }
}

type Sample = (Vec<Input>, Input, Option<Input>);

fn sample(conditions: Option<Input>, json: bool) -> Result<Sample, Unusable> {
    let account = Input::sample("account.json", include_str!("../../data/account.json"))?;
    let changes = Input::sample("changes.json", include_str!("../../data/changes.json"))?;
    if json {
        return Ok((vec![account], changes, conditions));
    }
    note("a sample account, its changes and conditions; see --help for your own");
    let sample = include_str!("../../data/conditions.json");
    let conditions = match conditions {
        Some(conditions) => conditions,
        None => Input::sample("conditions.json", sample)?,
    };
    Ok((vec![account], changes, Some(conditions)))
}

/// The conditions that a file holds.
fn read_conditions(input: Input) -> Result<(Input, AliasConditions), Unusable> {
    let File { name, bytes } = input.file();
    let conditions = AliasConditions::from_json(bytes).map_err(|error| {
        let line = error
            .line()
            .map_or(String::new(), |line| format!(":{line}"));
        let place = error
            .place()
            .map_or(String::new(), |place| format!("{place}: "));
        Unusable(format!("{name}{line}: {place}{}", error.fault()))
    })?;
    warn_of_idle_values(&conditions);
    Ok((input, conditions))
}

/// Says which values of conditions are no error and yet match nothing.
fn warn_of_idle_values(conditions: &AliasConditions) {
    for (name, condition) in conditions.iter() {
        for value in condition.idle_values() {
            warn(&format!(
                "condition `{name}`: no alias name there can be matches `{value}`: alias names begin \
                 with `alias/`, and conditions do not compare ARNs (rules A1, P3)"
            ));
        }
    }
}
