//! Set operators on the two condition keys: W4, W5, W6, W7.

use crate::finding::Severity;
use crate::policy::check::Scene;
use crate::policy::explain::PolicyRule::{W4, W5, W6, W7};
use crate::policy::model::{Statement, Test};
use crate::policy::operator::SetOperator;
use crate::policy::vocabulary::{REQUEST_ALIAS, RESOURCE_ALIASES};
use crate::text::shown;

/// W4: `kms:ResourceAliases` has many values, and needs a set operator.
pub(crate) fn missing_set_operator(scene: &mut Scene<'_>) {
    for test in scene.statement.tests_of(RESOURCE_ALIASES) {
        let operator = test.operator();
        // W11 tells of another operator than those of strings.
        if operator.set.is_some() || !operator.is_of_strings() {
            continue;
        }
        let (name, comparison) = (shown(&test.operator), shown_comparison(test));
        let message = format!(
            "{name} compares one value, and `kms:ResourceAliases` has many; write \
             `ForAnyValue:{comparison}` or `ForAllValues:{comparison}`"
        );
        scene.tell(W4, Severity::Error, &test.key, message);
    }
}

fn shown_comparison(test: &Test) -> String {
    let shown = shown(&test.operator);
    shown.trim_matches('`').to_owned()
}

/// W5: `kms:RequestAlias` has one value, and needs no set operator.
pub(crate) fn needless_set_operator(scene: &mut Scene<'_>) {
    for test in scene.statement.tests_of(REQUEST_ALIAS) {
        let operator = test.operator();
        let Some(set) = operator.set.filter(|_| !operator.is_null()) else {
            continue;
        };
        let plain = shown(operator.comparison);
        let (severity, message) = match set {
            SetOperator::ForAllValues => (
                Severity::Warning,
                format!(
                    "`ForAllValues` is true of every request that names no alias, and \
                     `kms:RequestAlias` has one value; write {plain}"
                ),
            ),
            SetOperator::ForAnyValue if operator.is_negated() => (
                Severity::Warning,
                format!(
                    "`ForAnyValue` with a negated operator is false of every request that names \
                     no alias, and `kms:RequestAlias` has one value; write {plain}"
                ),
            ),
            SetOperator::ForAnyValue => (
                Severity::Note,
                format!(
                    "`kms:RequestAlias` has one value, and needs no `ForAnyValue`: {plain} is the same"
                ),
            ),
        };
        scene.tell(W5, severity, &test.key, message);
    }
}

/// W6: `ForAllValues` on `kms:ResourceAliases` is true of a key without aliases.
pub(crate) fn for_all_values_alone(scene: &mut Scene<'_>) {
    if demands_an_alias(scene.statement) || !scene.statement.tests_are_known {
        return;
    }
    for test in scene.statement.tests_of(RESOURCE_ALIASES) {
        let operator = test.operator();
        let is_positive = operator.is_of_strings() && !operator.is_negated();
        if operator.set == Some(SetOperator::ForAllValues) && is_positive {
            let message = "`ForAllValues` is true of every key without aliases; add \
                           `\"Null\": {\"kms:ResourceAliases\": \"false\"}`, or use `ForAnyValue`";
            scene.tell(W6, Severity::Warning, &test.key, message);
        }
    }
}

/// Whether a key without aliases is excluded: by a positive `ForAnyValue`, or by `Null`.
fn demands_an_alias(statement: &Statement) -> bool {
    statement.tests_of(RESOURCE_ALIASES).any(|test| {
        let operator = test.operator();
        let any = operator.set == Some(SetOperator::ForAnyValue)
            && operator.is_of_strings()
            && !operator.is_negated()
            && !operator.if_exists;
        any || operator.is_null() && test.null_value() == Some(false)
    })
}

/// W7: `ForAnyValue` with a negated operator on `kms:ResourceAliases`.
pub(crate) fn for_any_value_negated(scene: &mut Scene<'_>) {
    for test in scene.statement.tests_of(RESOURCE_ALIASES) {
        let operator = test.operator();
        let is_negated = operator.is_of_strings() && operator.is_negated();
        if operator.set == Some(SetOperator::ForAnyValue) && is_negated {
            let message = format!(
                "`ForAnyValue` with a negated operator is true as soon as one alias differs, and \
                 false of a key without aliases; write `ForAllValues:{}`",
                shown(operator.comparison).trim_matches('`'),
            );
            scene.tell(W7, Severity::Warning, &test.key, message);
        }
    }
}
