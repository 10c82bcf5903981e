//! Keys that come under a condition on aliases or fall out of it (rules P1–P5).

use std::collections::BTreeSet;

use kms_alias_foresee::{AccessChange, AliasConditions, Impact, RequestedBy};

/// A key that comes under a condition or falls out of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Access {
    pub change: AccessChange,
    /// Whether it is so whatever the unknown is; else it is so if the step succeeds.
    pub is_certain: bool,
    /// Whether it is so after the last step, and was not before the first.
    pub lasts: bool,
}

/// What a step does to conditions.
pub fn access(conditions: &AliasConditions, impact: &Impact) -> Vec<Access> {
    let changes = conditions.affected_by(impact).into_iter();
    changes
        .map(|change| Access {
            change,
            is_certain: true,
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
        for access in step.iter_mut().filter(|access| access.is_certain) {
            access.lasts = left.remove(&about(&access.change));
        }
    }
}
