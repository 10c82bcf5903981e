//! What IAM makes of a `Condition` element, written from its documentation on plain JSON and
//! strings. It shares no code with the crate.
#![allow(dead_code, reason = "each test has its own use of it")]

use std::collections::BTreeSet;

use serde_json::Value;

/// Whether a pattern matches: a table of which beginnings of the name each beginning of the
/// pattern matches (rule P3).
pub fn like(pattern: &str, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let mut matched = vec![false; name.len() + 1];
    matched[0] = true;
    for wanted in pattern.chars() {
        let before = matched.clone();
        for length in 0..=name.len() {
            matched[length] = match wanted {
                '*' => before[..=length].contains(&true),
                '?' => length > 0 && before[length - 1],
                _ => length > 0 && before[length - 1] && name[length - 1] == wanted,
            };
        }
    }
    matched[name.len()]
}

/// The values of a policy, of which a list has many.
fn values(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(self::values).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// Whether one operator holds of the names that a request has.
fn compares(operator: &str, wanted: &[String], names: &[&str]) -> bool {
    if operator == "Null" {
        return wanted == [if names.is_empty() { "true" } else { "false" }];
    }
    if let Some(operator) = operator.strip_suffix("IfExists") {
        return names.is_empty() || compares(operator, wanted, names);
    }
    if let Some(operator) = operator.strip_prefix("ForAnyValue:") {
        let mut each = names.iter();
        return each.any(|name| compares(operator, wanted, &[name]));
    }
    if let Some(operator) = operator.strip_prefix("ForAllValues:") {
        let mut each = names.iter();
        return each.all(|name| compares(operator, wanted, &[name]));
    }
    if let Some(rest) = operator.strip_prefix("StringNot") {
        return !compares(&format!("String{rest}"), wanted, names);
    }
    let [name] = names else { return false };
    wanted.iter().any(|wanted| match operator {
        "StringEquals" => wanted == name,
        "StringEqualsIgnoreCase" => wanted.eq_ignore_ascii_case(name),
        "StringLike" => like(wanted, name),
        _ => panic!("{operator} is none of these"),
    })
}

/// Whether an element names a condition key.
pub fn names_key(element: &Value, key: &str) -> bool {
    let operators = element.as_object().expect("an object of operators");
    let mut keys = operators
        .values()
        .flat_map(|keys| keys.as_object().expect("an object of keys").keys());
    keys.any(|own| own.eq_ignore_ascii_case(key))
}

/// Whether an element holds of a request: the alias in it, and all aliases of its key.
pub fn holds(element: &Value, request_alias: Option<&str>, aliases: &[&str]) -> bool {
    let operators = element.as_object().expect("an object of operators");
    operators.iter().all(|(operator, keys)| {
        let keys = keys.as_object().expect("an object of keys");
        keys.iter().all(|(key, value)| {
            let names: &[&str] = match key.to_ascii_lowercase().as_str() {
                "kms:requestalias" => request_alias.as_slice(),
                _ => aliases,
            };
            compares(operator, &values(value), names)
        })
    })
}

/// The ways to ask for a key that are under an element, as text: "any" where the element does not
/// ask, "key" for a key ID or ARN, else the alias. A key above the quota is under nothing that is
/// about its aliases (rule P5).
pub fn ways(element: &Value, aliases: &[&str], quota: usize) -> BTreeSet<String> {
    let own = aliases
        .iter()
        .filter(|name| !name.starts_with("alias/aws/"));
    if names_key(element, "kms:ResourceAliases") && own.count() > quota {
        return BTreeSet::new();
    }
    let asks = names_key(element, "kms:RequestAlias");
    let mut ways: Vec<(&str, Option<&str>)> = vec![(if asks { "key" } else { "any" }, None)];
    if asks {
        ways.extend(aliases.iter().map(|name| (*name, Some(*name))));
    }
    ways.retain(|(_, alias)| holds(element, *alias, aliases));
    ways.into_iter().map(|(way, _)| way.to_owned()).collect()
}
