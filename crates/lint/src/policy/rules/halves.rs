//! The two halves of an operation on an alias, that on the alias and that on the key: W8, W14.

use std::collections::BTreeSet;

use crate::finding::Severity;
use crate::policy::check::{Fault, Scene, fault};
use crate::policy::explain::PolicyRule::{W8, W14};
use crate::policy::model::{Action, Effect, Policy, Resource, Statement};
use crate::policy::vocabulary::{Operations, RESOURCE_ALIASES, is_about_a_key};
use crate::text::shown;

/// W8: a condition about a key, where the resource is an alias.
pub(crate) fn key_condition_on_alias(scene: &mut Scene<'_>) {
    let statement = scene.statement;
    if statement.is_alias_only() {
        on_aliases_alone(scene);
    } else if !scene.is_key_policy
        && statement.not_resources.is_none()
        && statement.takes_in_aliases()
        && statement.takes_in_keys()
    {
        on_aliases_and_more(scene);
    }
}

/// W8 (a): every resource is an alias.
fn on_aliases_alone(scene: &mut Scene<'_>) {
    let statement = scene.statement;
    if !statement.operations().meets(Operations::on_aliases()) {
        return;
    }
    let about_keys = || {
        let tests = statement.tests.iter();
        tests.filter(|test| test.is_certain && is_about_a_key(&test.key_name))
    };
    let Some(first) = about_keys().next() else {
        return;
    };
    let (severity, effect) = match statement.value_without(about_keys()) {
        Some(false) => (Severity::Error, "so the statement never applies"),
        Some(true) => (Severity::Warning, "so the condition has no effect"),
        None => return,
    };
    let message = format!(
        "{} is absent where the resource is an alias, {effect}; limit aliases by `Resource`, and \
         put the condition into a statement on keys",
        shown(&first.key.text),
    );
    scene.tell(W8, severity, &first.key, message);
}

/// W8 (b): aliases are among the resources.
fn on_aliases_and_more(scene: &mut Scene<'_>) {
    let statement = scene.statement;
    if statement.tests_of(RESOURCE_ALIASES).next().is_none() {
        return;
    }
    let value = statement.value_without(statement.tests_of(RESOURCE_ALIASES));
    let elsewhere = scene.alias_halves_of_others;
    let on_aliases = |action: &&Action| {
        let operations = action.operations;
        action.is_known && !operations.is_empty() && operations.is_within(Operations::on_aliases())
    };
    for action in statement.actions.iter().filter(on_aliases) {
        let text = shown(&action.entry.text);
        let message = match value {
            Some(true) => format!(
                "{text} is authorized for the alias too, which has no `kms:ResourceAliases`, so \
                 the condition is true of every alias; demand an alias with \
                 `\"Null\": {{\"kms:ResourceAliases\": \"false\"}}`, or limit aliases by `Resource`"
            ),
            Some(false) if statement.allows() && !action.operations.is_within(elsewhere) => {
                format!(
                    "{text} is authorized for the alias too, which has no `kms:ResourceAliases`, so \
                 the alias half is never allowed; allow it in a statement on the alias ARN \
                 without this condition"
                )
            }
            _ => continue,
        };
        scene.tell(W8, Severity::Warning, &action.entry, message);
    }
}

/// W14: half a permission, in policies that are all there are.
pub(crate) fn half_permissions(policies: &[&Policy]) -> Vec<(usize, Fault)> {
    let statements: Vec<_> = policies
        .iter()
        .enumerate()
        .filter(|(_, policy)| !policy.only_limits())
        .flat_map(|(index, policy)| {
            let of_key = policy.is_key_policy();
            let allowing = policy.statements.iter();
            // What a key policy gives to an account is for its IAM policies to use.
            let allowing = allowing.filter(move |own| !(of_key && own.is_for_accounts_alone()));
            allowing.map(move |statement| (index, of_key, statement))
        })
        .filter(|(_, _, statement)| statement.effect != Effect::Deny)
        .collect();
    let (mut on_alias, mut on_key) = (Operations::NONE, Operations::NONE);
    for (_, of_key, statement) in &statements {
        on_key = on_key.or(statement.possible_key_half());
        if !of_key {
            on_alias = on_alias.or(statement.possible_alias_half());
        }
    }
    let mut missing: Vec<Missing<'_>> = Vec::new();
    for name in ["CreateAlias", "UpdateAlias", "DeleteAlias"] {
        let operation = Operations::only(name);
        let first = statements.iter().find_map(|(index, _, statement)| {
            let action = statement.actions.iter().find(|action| {
                statement.allows() && action.is_known && action.operations.meets(operation)
            })?;
            Some((*index, *statement, action))
        });
        let Some((index, statement, action)) = first else {
            continue;
        };
        let Some(severity) = missing_half(operation, on_alias, on_key) else {
            continue;
        };
        // One entry such as `kms:*Alias` may allow several operations by half: the worst is told.
        let same = |known: &&mut Missing<'_>| std::ptr::eq(known.action, action);
        match missing.iter_mut().find(same) {
            Some(known) if known.severity == severity => known.names.push(name),
            Some(known) if known.severity < severity => {
                (known.severity, known.names) = (severity, vec![name]);
            }
            Some(_) => {}
            None => missing.push(Missing {
                index,
                statement,
                action,
                severity,
                names: vec![name],
            }),
        }
    }
    let faults = missing
        .iter()
        .map(|missing| (missing.index, missing.fault()));
    let mut faults: Vec<_> = faults.collect();
    let with_index = statements.iter().map(|(index, _, own)| (*index, *own));
    faults.extend(only_key(&with_index.collect::<Vec<_>>()));
    faults.sort_by_key(|(index, _)| *index);
    faults
}

/// The operations that an entry allows by half.
struct Missing<'a> {
    index: usize,
    statement: &'a Statement,
    action: &'a Action,
    severity: Severity,
    names: Vec<&'static str>,
}

impl Missing<'_> {
    fn fault(&self) -> Fault {
        let (names, is, needs) = match self.names.as_slice() {
            [one] => ((*one).to_owned(), "is", "needs"),
            [first, second] => (format!("{first} and {second}"), "are", "need"),
            all => {
                let (last, first) = all.split_last().unwrap_or((&"", &[]));
                (format!("{} and {last}", first.join(", ")), "are", "need")
            }
        };
        let message = if self.severity == Severity::Error {
            format!(
                "{names} {is} allowed on no alias, and {needs} permission on the alias too: add a \
                 statement on the alias ARN to an IAM policy"
            )
        } else {
            format!(
                "{names} {is} allowed on no key, and {needs} permission on the key too: add the key \
                 ARN, unless the key policy allows it"
            )
        };
        fault(
            W14,
            self.severity,
            self.statement,
            &self.action.entry,
            message,
        )
    }
}

/// How bad it is that an operation is allowed by half, if it is: an error where the alias half lacks.
fn missing_half(
    operation: Operations,
    on_alias: Operations,
    on_key: Operations,
) -> Option<Severity> {
    if !operation.meets(on_alias) {
        return Some(Severity::Error);
    }
    (!operation.meets(on_key)).then_some(Severity::Warning)
}

/// UpdateAlias with one key as its key half: it needs the present key and the new one.
fn only_key(statements: &[(usize, &Statement)]) -> Option<(usize, Fault)> {
    let update = Operations::only("UpdateAlias");
    let mut keys = BTreeSet::new();
    let mut found: Option<(usize, &Statement, &Resource)> = None;
    for (index, statement) in statements {
        if !statement.possible_key_half().meets(update) {
            continue;
        }
        if statement.not_resources.is_some() {
            return None;
        }
        let of_keys = statement.resources.iter();
        for resource in of_keys.filter(|resource| resource.pattern.can_be_key()) {
            keys.insert(resource.entry.text.as_str());
            found = found.or(Some((*index, statement, resource)));
        }
    }
    let (index, statement, resource) = found?;
    if keys.len() != 1 || !resource.pattern.is_one_key() || !statement.allows() {
        return None;
    }
    let message = format!(
        "UpdateAlias needs permission on the present key and on the new one, and {} is the only \
         key that is allowed; add the other key ARN, unless its key policy allows it",
        shown(&resource.entry.text),
    );
    let fault = fault(W14, Severity::Warning, statement, &resource.entry, message);
    Some((index, fault))
}
