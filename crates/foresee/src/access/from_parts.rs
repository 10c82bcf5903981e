//! Conditions out of random parts.

use alloc::vec::Vec;

use crate::access::{AliasCondition, AliasPattern, Comparison, ConditionKey, ConditionOperator};

/// What stands before and after a comparison in a condition operator.
pub(crate) const AROUND_COMPARISONS: &[(&str, &str)] = &[
    ("", ""),
    ("", "IfExists"),
    ("ForAnyValue:", ""),
    ("ForAllValues:", ""),
    ("ForAllValues:", "IfExists"),
];

/// A key, an operator, and patterns as values.
type Compared = (ConditionKey, ConditionOperator, Vec<AliasPattern>);

/// The condition of all these comparisons, if there can be one.
pub(crate) fn condition(comparisons: Vec<Compared>) -> Option<AliasCondition> {
    let mut comparisons = comparisons.into_iter();
    let (key, operator, patterns) = comparisons.next()?;
    let first = AliasCondition::new(operator, key, values(operator, &patterns)).ok()?;
    comparisons.try_fold(first, |condition, (key, operator, patterns)| {
        condition
            .and(operator, key, values(operator, &patterns))
            .ok()
    })
}

/// The patterns, but for `Null`, which has a value of its own.
fn values(operator: ConditionOperator, patterns: &[AliasPattern]) -> Vec<&str> {
    if operator.comparison() == Comparison::Null {
        return Vec::from([if patterns.len() > 1 { "true" } else { "false" }]);
    }
    patterns.iter().map(AliasPattern::as_str).collect()
}
