//! Arguments of other resources that take a key: an alias in place of the key's ARN (rule F1).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::plan::{Plan, ResourceChange};
use super::reference_to::References;
use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use kms_alias::{AliasArn, KeyArn};
use kms_alias_foresee::verdict::Place;

/// A change of one argument.
struct Argument {
    path: String,
    before: KeyArn,
    after: AliasArn,
}

/// As deep may an argument nest: the reader of JSON bounds it too.
const DEEPEST: usize = 128;

/// The arguments that a plan changes from the ARN of a key to that of an alias of it.
pub(super) fn advice(
    plan: &Plan<'_>,
    references: &References<'_>,
    accounts: &Accounts,
) -> Vec<Advice> {
    let changes = plan.resource_changes.iter().flatten();
    let changes = changes.filter(|change| !change.kind.contains("_kms_"));
    changes
        .flat_map(|change| {
            let arguments = arguments(change);
            arguments
                .into_iter()
                .filter_map(|argument| judge(change, &argument, references, accounts))
        })
        .collect()
}

fn arguments(change: &ResourceChange<'_>) -> Vec<Argument> {
    let (Some(before), Some(after)) = (change.change.before, change.change.after) else {
        return Vec::new();
    };
    // Most resources have none, and need not be read.
    if !after.get().contains(":alias/") || !before.get().contains(":key/") {
        return Vec::new();
    }
    let read = |text| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (before, after) = (read(before.get()), read(after.get()));
    let mut open = Vec::from([(String::new(), &before, &after, 0_usize)]);
    let mut found = Vec::new();
    while let Some((path, before, after, depth)) = open.pop() {
        if depth > DEEPEST {
            continue;
        }
        let depth = depth.saturating_add(1);
        match (before, after) {
            (Value::String(before), Value::String(after)) => {
                if let (Ok(before), Ok(after)) = (before.parse(), after.parse()) {
                    found.push(Argument {
                        path,
                        before,
                        after,
                    });
                }
            }
            (Value::Object(before), Value::Object(after)) => {
                for (name, after) in after {
                    if let Some(before) = before.get(name) {
                        let dot = if path.is_empty() { "" } else { "." };
                        open.push((format!("{path}{dot}{name}"), before, after, depth));
                    }
                }
            }
            (Value::Array(before), Value::Array(after)) => {
                for (index, (before, after)) in before.iter().zip(after).enumerate() {
                    open.push((format!("{path}[{index}]"), before, after, depth));
                }
            }
            _ => {}
        }
    }
    found
}

fn judge(
    change: &ResourceChange<'_>,
    argument: &Argument,
    references: &References<'_>,
    accounts: &Accounts,
) -> Option<Advice> {
    let Argument {
        path,
        before,
        after,
    } = argument;
    let place = Place::from(after.scope());
    let key = accounts.key_of_alias(&place, after.alias_name());
    let is_same = match key {
        Some(key_id) => KeyArn::new(after.scope(), key_id) == *before,
        None => after.scope() == before.scope(),
    };
    if !is_same {
        return None;
    }
    let is_replaced = change.change.actions.len() > 1;
    let does = if is_replaced {
        "replaces the resource"
    } else {
        "shows in every plan"
    };
    let named = if key.is_some() { "names" } else { "may name" };
    let key_arn = format!("{before}");
    let reference = references.key_of_alias(&change.address, after.alias_name(), Some(&key_arn));
    let write = match reference {
        Some(reference) => format!("`{reference}`, which is {key_arn}"),
        None => key_arn,
    };
    let words = format!(
        "`{path}` changes from the ARN of a key to that of {}, which {named} the same key: the change {does} and \
         changes nothing else; write {write}",
        after.alias_name()
    );
    Some(Advice::about(&change.address, AdviceRule::F1, words))
}
