//! Properties of other resources that take a key: an alias in place of the key (rule F1).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value;

use super::evaluate::{DEEPEST, Evaluated, Part};
use super::stack::Resources;
use super::steps::Stack;
use super::template::Kind;
use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use kms_alias::{AnyAliasName, KeyArn, KeyId};

/// A property of a resource in the running template and in the new one.
struct Property<'v> {
    path: String,
    before: &'v Value,
    after: &'v Value,
    depth: usize,
}

/// The properties that a stack changes from a key to an alias of it.
pub(super) fn advice(stack: &Stack<'_>, accounts: &Accounts) -> Vec<Advice> {
    let Some(old) = &stack.old else {
        return Vec::new();
    };
    let mut advice = Vec::new();
    for (logical_id, body) in stack.new.scope.template.section("Resources") {
        let before = old.scope.template.entry("Resources", logical_id);
        let kind = |body: &Value| body.get("Type").and_then(Value::as_str).map(String::from);
        let is_kms = kind(body).is_none_or(|kind| kind.starts_with("AWS::KMS::"));
        let Some(before) = before.filter(|before| !is_kms && kind(before) == kind(body)) else {
            continue;
        };
        let (Some(before), Some(after)) = (before.get("Properties"), body.get("Properties")) else {
            continue;
        };
        let found = changes(stack, old, before, after, accounts);
        let words = found.into_iter();
        advice.extend(words.map(|words| Advice::about(logical_id, AdviceRule::F1, words)));
    }
    advice
}

/// What is to be said of the properties of one resource.
fn changes(
    stack: &Stack<'_>,
    old: &Resources<'_>,
    before: &Value,
    after: &Value,
    accounts: &Accounts,
) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = Vec::from([Property {
        path: String::new(),
        before,
        after,
        depth: 0,
    }]);
    while let Some(one) = open.pop() {
        if one.depth > DEEPEST || one.before == one.after {
            continue;
        }
        let depth = one.depth.saturating_add(1);
        let inner = |path: String, before, after| Property {
            path,
            before,
            after,
            depth,
        };
        match (one.before, one.after) {
            (Value::Array(before), Value::Array(after)) => {
                let pairs = before.iter().zip(after).enumerate();
                open.extend(pairs.map(|(index, (before, after))| {
                    inner(format!("{}[{index}]", one.path), before, after)
                }));
            }
            (Value::Object(before), Value::Object(after))
                if !is_function(one.before) && !is_function(one.after) =>
            {
                let dot = if one.path.is_empty() { "" } else { "." };
                let pairs = after
                    .iter()
                    .filter_map(|(name, after)| Some((name, before.get(name)?, after)));
                open.extend(pairs.map(|(name, before, after)| {
                    inner(format!("{}{dot}{name}", one.path), before, after)
                }));
            }
            (before, after) => {
                let before = old.scope.value(before);
                let after = stack.new.scope.value(after);
                found.extend(judge(stack, old, &one.path, &before, &after, accounts));
            }
        }
    }
    found
}

fn is_function(value: &Value) -> bool {
    let only = value.as_object().filter(|members| members.len() == 1);
    let name = only.and_then(|members| members.keys().next());
    name.is_some_and(|name| name == "Ref" || name.starts_with("Fn::"))
}

fn judge(
    stack: &Stack<'_>,
    old: &Resources<'_>,
    path: &str,
    before: &Evaluated,
    after: &Evaluated,
    accounts: &Accounts,
) -> Option<String> {
    let shown = key_shown(before)?;
    let name = alias_name(after)?;
    let aliases = old.all.values().filter(|it| it.kind == Kind::Alias);
    let mut of_name =
        aliases.filter(|it| old.value(it, "AliasName").as_known() == Some(name.clone()));
    let names = match of_name.next() {
        Some(alias) if is_one_key(&old.target(alias), before) => "names",
        Some(_) => return None,
        None => {
            let parsed: Option<AnyAliasName> = name.parse().ok();
            let stands_on = parsed.and_then(|name| accounts.key_of_alias(&stack.place, &name));
            match (stands_on, literal_key(before)) {
                (Some(one), Some(other)) if one == other => "names",
                (Some(_), Some(_)) => return None,
                _ => "may name",
            }
        }
    };
    Some(format!(
        "`{path}` changes from key {shown} to {name}, which {names} the same key: the change updates or replaces the \
         resource and changes nothing else; keep what the running template has"
    ))
}

/// Whether two values name one key, by ID or by ARN.
fn is_one_key(one: &Evaluated, other: &Evaluated) -> bool {
    one == other || (one.as_key().is_some() && one.as_key() == other.as_key())
}

/// What is shown for a value that is a key.
fn key_shown(value: &Evaluated) -> Option<String> {
    match value {
        Evaluated::Text(parts) => match &parts[..] {
            [Part::Key { logical_id, .. }] => Some(logical_id.clone()),
            _ => literal_key(value).and_then(|_| value.as_known()),
        },
        _ => None,
    }
}

fn literal_key(value: &Evaluated) -> Option<KeyId> {
    let text = value.as_known()?;
    let arn: KeyArn = text.parse().ok()?;
    Some(arn.key_id())
}

/// The name of the alias that a value is, or whose ARN it is.
fn alias_name(value: &Evaluated) -> Option<String> {
    let Evaluated::Text(parts) = value else {
        return None;
    };
    let Part::Known(last) = parts.last()? else {
        return None;
    };
    let name = match last.rsplit_once(":alias/") {
        Some((_, name)) => format!("alias/{name}"),
        None if parts.len() == 1 => last.clone(),
        None => return None,
    };
    name.parse::<AnyAliasName>().ok().map(|_| name)
}
