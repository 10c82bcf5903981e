//! Condition keys where they do not work: W9, W11, W12.

use crate::finding::Severity;
use crate::policy::check::Scene;
use crate::policy::explain::PolicyRule::{W9, W11, W12};
use crate::policy::model::{Action, Statement, Test};
use crate::policy::vocabulary::{Operations, REQUEST_ALIAS, RESOURCE_ALIASES};
use crate::text::shown;

/// W9: a condition key that the operation does not have.
pub(crate) fn condition_without_use(scene: &mut Scene<'_>) {
    let naming = Operations::naming_aliases();
    let without_resource = Operations::without_resource();
    without_use(scene, REQUEST_ALIAS, |operations| !operations.meets(naming));
    without_use(scene, RESOURCE_ALIASES, |operations| {
        operations.is_within(without_resource)
    });
}

fn without_use(scene: &mut Scene<'_>, key: &str, unfit: impl Fn(Operations) -> bool) {
    let statement = scene.statement;
    if !is_compared(statement, key) {
        return;
    }
    let (severity, effect) = match statement.value_without(statement.tests_of(key)) {
        Some(false) => (Severity::Error, "is never met"),
        Some(true) => (Severity::Warning, "has no effect"),
        None => return,
    };
    let name = if key == REQUEST_ALIAS {
        "kms:RequestAlias"
    } else {
        "kms:ResourceAliases"
    };
    // No condition key on aliases has an effect on it.
    let random = Operations::only("GenerateRandom");
    let is_unfit = |action: &&Action| {
        let operations = action.operations.without(random);
        action.is_known && !operations.is_empty() && unfit(operations)
    };
    for action in statement.actions.iter().filter(is_unfit) {
        let message = format!(
            "{} has no `{name}`, so the condition {effect}; put it into a statement of its own",
            shown(&action.entry.text),
        );
        scene.tell(W9, severity, &action.entry, message);
    }
}

/// Whether a key is asked for by more than `Null`.
fn is_compared(statement: &Statement, key: &str) -> bool {
    let mut tests = statement.tests_of(key);
    tests.any(|test| !test.operator().is_null())
}

/// W11: an operator or a condition key that does not work.
pub(crate) fn wrong_operator_or_key(scene: &mut Scene<'_>) {
    for test in &scene.statement.tests {
        let message = if test.is_on_aliases() {
            operator_fault(test)
        } else {
            key_fault(test)
        };
        if let Some(message) = message {
            scene.tell(W11, Severity::Error, &test.key, message);
        }
    }
}

fn operator_fault(test: &Test) -> Option<String> {
    let operator = test.operator();
    let (name, key) = (shown(&test.operator), shown(&test.key.text));
    if operator.is_null() && operator.set.is_some() {
        return Some(format!(
            "{name}: `Null` takes no set operator; write `Null`"
        ));
    }
    let set = if test.key_name == RESOURCE_ALIASES {
        "ForAnyValue:"
    } else {
        ""
    };
    let works = operator.is_of_strings() || operator.is_null() && !operator.if_exists;
    (!works).then(|| {
        format!(
            "{name} does not compare texts, and {key} is one; write `{set}StringEquals` or \
             `{set}StringLike`"
        )
    })
}

/// What is wrong with a name that looks like that of a condition key on aliases.
fn key_fault(test: &Test) -> Option<String> {
    let name = test.key_name.as_str();
    let rest = name.strip_prefix("kms:").or(name.strip_prefix("aws:"))?;
    let letters = rest.bytes().all(|byte| byte.is_ascii_alphabetic());
    (letters && rest.contains("alias")).then(|| {
        format!(
            "there is no condition key {}; the two on aliases are `kms:RequestAlias` and \
             `kms:ResourceAliases`",
            shown(&test.key.text),
        )
    })
}

/// W12: `kms:ResourceAliases` in a key policy.
pub(crate) fn resource_aliases_in_key_policy(scene: &mut Scene<'_>) {
    if !scene.is_key_policy {
        return;
    }
    for test in scene.statement.tests_of(RESOURCE_ALIASES) {
        let message = "KMS refuses a key policy with `kms:ResourceAliases`; use \
                       `kms:RequestAlias` here, or an IAM policy";
        scene.tell(W12, Severity::Error, &test.key, message);
    }
}
