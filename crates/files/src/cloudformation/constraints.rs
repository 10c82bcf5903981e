//! What a template wants of the values of its parameters: CloudFormation refuses others before it
//! makes anything.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use regex::bytes::RegexBuilder;
use serde_json::Value;

use super::parameters::written;
use super::template::Template;

/// A value that a template does not allow, with its name and what the template wants.
pub(super) fn not_allowed<'g>(
    template: &Template,
    given: &'g BTreeMap<String, String>,
) -> Option<(&'g str, &'g str, String)> {
    given.iter().find_map(|(name, value)| {
        let parameter = template.entry("Parameters", name)?;
        let kind = parameter.get("Type").and_then(Value::as_str)?;
        // A parameter of SSM has another value than is given.
        if kind.starts_with("AWS::SSM::") {
            return None;
        }
        let of_text = || Some((value.as_str(), of_text(parameter, value)?));
        let of_number = || Some((value.as_str(), of_number(parameter, value)?));
        let (wrong, wanted) = of_list(parameter, kind, value).or_else(|| match kind {
            "String" => of_text(),
            "Number" => of_number(),
            _ => None,
        })?;
        Some((name.as_str(), wrong, wanted))
    })
}

/// The first value that `AllowedValues` does not have; of a list each item has to be one of them.
fn of_list<'g>(parameter: &Value, kind: &str, value: &'g str) -> Option<(&'g str, String)> {
    let allowed = parameter.get("AllowedValues")?.as_array()?;
    let allowed: Vec<String> = allowed.iter().filter_map(written).collect();
    let each: Vec<&str> = match kind.contains("List") {
        true => value.split(',').map(str::trim).collect(),
        false => [value].into(),
    };
    let is_same = |one: &str, other: &str| match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) if kind.contains("Number") => one.total_cmp(&other).is_eq(),
        _ => one == other,
    };
    let is_allowed = |one: &&str| allowed.iter().any(|it| is_same(it, one));
    let wrong = each.into_iter().find(|one| !is_allowed(one))?;
    let shown: Vec<String> = allowed.iter().map(|it| format!("`{it}`")).collect();
    (!allowed.is_empty()).then(|| (wrong, format!("the template allows {}", shown.join(", "))))
}

/// What `MinLength`, `MaxLength` and `AllowedPattern` want of a text that is otherwise.
fn of_text(parameter: &Value, value: &str) -> Option<String> {
    let length = value.chars().count();
    let bound = |name: &str| written(parameter.get(name)?)?.parse::<usize>().ok();
    if let Some(least) = bound("MinLength").filter(|least| length < *least) {
        return Some(format!("the template wants at least {least} characters"));
    }
    if let Some(most) = bound("MaxLength").filter(|most| length > *most) {
        return Some(format!("the template wants at most {most} characters"));
    }
    let pattern = parameter.get("AllowedPattern")?.as_str()?;
    (matches(pattern, value) == Some(false))
        .then(|| format!("the template wants it to match `{pattern}`"))
}

/// What `MinValue` and `MaxValue` want of a number that is otherwise.
fn of_number(parameter: &Value, value: &str) -> Option<String> {
    let value: f64 = value.parse().ok()?;
    let bound = |name: &str| {
        let bound = written(parameter.get(name)?)?;
        Some((bound.parse::<f64>().ok()?, bound))
    };
    if let Some((_, least)) = bound("MinValue").filter(|(least, _)| value < *least) {
        return Some(format!("the template wants at least {least}"));
    }
    let (_, most) = bound("MaxValue").filter(|(most, _)| value > *most)?;
    Some(format!("the template wants at most {most}"))
}

/// Whether the whole of a value matches a pattern, which is one of Java's: nothing where it cannot be
/// read as one that means the same here.
fn matches(pattern: &str, value: &str) -> Option<bool> {
    // Of classes of characters, these are ours alone.
    const OURS: [&str; 2] = ["--", "~~"];
    if !value.is_ascii() || OURS.iter().any(|ours| pattern.contains(ours)) {
        return None;
    }
    let whole = format!(r"\A(?:{pattern})\z");
    let regex = RegexBuilder::new(&whole).unicode(false).build().ok()?;
    Some(regex.is_match(value.as_bytes()))
}
