//! Whom a step touches, in a form to be shown: uses through aliases, and conditions on aliases.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use kms_alias::KmsOperation;
use kms_alias_foresee::{
    AccessChange, AliasConditions, AliasImpact, Impact, RequestedBy, UseRefusal,
};

/// Uses that start through aliases, or break for one reason.
pub struct Uses {
    pub operations: Vec<KmsOperation>,
    pub aliases: Vec<String>,
    /// Why they break; none if they start.
    pub why: Option<UseRefusal>,
    /// Whether these are all that the key is for, the alias itself coming or going.
    is_every_use: bool,
}

/// The uses that a change breaks or starts, those together that differ in nothing but the alias.
pub fn uses(impact: &Impact) -> Vec<Uses> {
    let mut all: Vec<Uses> = Vec::new();
    let mut places = BTreeMap::new();
    for alias in impact.aliases() {
        for one in uses_through(&alias) {
            let alike = (
                one.operations.clone(),
                one.why.as_ref().map(ToString::to_string),
            );
            let place = *places.entry(alike).or_insert(all.len());
            match all.get_mut(place) {
                Some(same) => same.aliases.extend(one.aliases),
                None => all.push(one),
            }
        }
    }
    all
}

/// First what breaks through an alias, by reason, then what starts.
fn uses_through(alias: &AliasImpact<'_>) -> Vec<Uses> {
    let mut by_reason: BTreeMap<String, (UseRefusal, Vec<KmsOperation>)> = BTreeMap::new();
    for (operation, why) in alias.breaks() {
        let (_, operations) = by_reason
            .entry(why.to_string())
            .or_insert_with(|| (why, Vec::new()));
        operations.push(operation);
    }
    let broken = by_reason
        .into_values()
        .map(|(why, operations)| (Some(why), operations));
    let started: Vec<_> = alias.starts().map(|(operation, _)| operation).collect();
    let started = (!started.is_empty()).then_some((None, started));
    let of_alias = |(why, operations): (Option<UseRefusal>, Vec<KmsOperation>)| {
        let key = if why.is_some() {
            alias.before()
        } else {
            alias.after()
        };
        let every = KmsOperation::ALL.iter();
        let every = every.filter(|operation| {
            operation.takes_alias() && key.is_some_and(|key| operation.suits(key))
        });
        Uses {
            is_every_use: every.count() == operations.len(),
            operations,
            aliases: vec![alias.alias_name().to_string()],
            why,
        }
    };
    broken.chain(started).map(of_alias).collect()
}

impl fmt::Display for Uses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.why.is_some() {
            "breaks "
        } else {
            "starts "
        })?;
        if self.is_every_use {
            f.write_str("every use")?;
        } else {
            let operations: Vec<_> = self
                .operations
                .iter()
                .map(|operation| operation.as_str())
                .collect();
            f.write_str(&operations.join(", "))?;
        }
        write!(f, " through {}", self.aliases.join(", "))?;
        match &self.why {
            Some(why) => write!(f, ": {why} (rule {})", why.rule()),
            None => Ok(()),
        }
    }
}

/// A key that comes under a condition or falls out of it.
pub struct Access {
    pub change: AccessChange,
    /// Whether it is so after the last step, and was not before the first.
    pub lasts: bool,
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.change.fmt(f)
    }
}

/// What a step does to conditions.
pub fn access(conditions: &AliasConditions, impact: &Impact) -> Vec<Access> {
    let changes = conditions.affected_by(impact).into_iter();
    changes
        .map(|change| Access {
            change,
            lasts: false,
        })
        .collect()
}

/// Marks what lasts: of the steps that turn something, the last, unless all of them together turn
/// nothing.
pub fn mark_what_lasts<'a>(
    steps: impl DoubleEndedIterator<Item = &'a mut Vec<Access>>,
    in_all: &[Access],
) {
    let about = |change: &AccessChange| -> (String, String, RequestedBy) {
        let (condition, key_id) = (change.condition().to_owned(), change.key_id().to_string());
        (condition, key_id, change.requested_by().clone())
    };
    let mut left: BTreeSet<_> = in_all.iter().map(|access| about(&access.change)).collect();
    for step in steps.rev() {
        for access in step {
            access.lasts = left.remove(&about(&access.change));
        }
    }
}
