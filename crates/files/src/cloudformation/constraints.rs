//! What a template wants of the values of its parameters: CloudFormation refuses others before it
//! makes anything.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use regex::bytes::RegexBuilder;
use serde_json::Value;

use super::parameters::written;
use super::pattern;
use super::template::Template;

/// A value that a template does not allow, with its name and what the template wants.
pub(super) fn not_allowed<'g>(
    template: &Template,
    given: &'g BTreeMap<String, String>,
) -> Option<(&'g str, &'g str, String)> {
    given.iter().find_map(|(name, value)| {
        let parameter = template.entry("Parameters", name)?;
        let (wrong, wanted) = of_value(parameter, value)?;
        Some((name.as_str(), wrong, wanted))
    })
}

/// A default that a template itself does not allow and that no value given stands in for, with the
/// name of its parameter and what the template wants.
pub(super) fn default_not_allowed<'t>(
    template: &'t Template,
    given: &BTreeMap<String, String>,
) -> Option<(&'t str, String, String)> {
    // A macro may make other parameters of these.
    if template
        .transforms()
        .iter()
        .any(|it| !it.starts_with("AWS::"))
    {
        return None;
    }
    let mut parameters = template.section("Parameters");
    parameters.find_map(|(name, parameter)| {
        let default = parameter.get("Default")?;
        let is_number = parameter.get("Type").and_then(Value::as_str) == Some("Number");
        if given.contains_key(name) || (is_rewritten(default) && !is_number) {
            return None;
        }
        let default = written(default)?;
        let (wrong, wanted) = of_value(parameter, &default)?;
        Some((name.as_str(), wrong.to_owned(), wanted))
    })
}

/// A pattern for the values of a parameter that is none, with the name of the parameter and what is
/// wrong with it.
pub(super) fn wrong_pattern(template: &Template) -> Option<(&str, &str, String)> {
    let mut parameters = template.section("Parameters");
    parameters.find_map(|(name, parameter)| {
        let pattern = parameter.get("AllowedPattern")?.as_str()?;
        Some((name.as_str(), pattern, pattern::fault(pattern)?))
    })
}

/// Whether a value may have been written otherwise than it is read: `1.10`, `True`.
fn is_rewritten(value: &Value) -> bool {
    value.is_boolean() || value.is_f64()
}

/// What a template wants of the value of a parameter that is otherwise, and what in it is wrong.
fn of_value<'g>(parameter: &Value, value: &'g str) -> Option<(&'g str, String)> {
    let kind = parameter.get("Type").and_then(Value::as_str)?;
    // A parameter of SSM has another value than is given, and so has a dynamic reference.
    if kind.starts_with("AWS::SSM::") || value.contains("{{resolve:") {
        return None;
    }
    let wanted = || match kind {
        "String" => of_text(parameter, value),
        "Number" => of_number(parameter, value),
        _ => None,
    };
    of_numbers(kind, value)
        .or_else(|| of_list(parameter, kind, value))
        .or_else(|| Some((value, wanted()?)))
}

/// The values that a parameter has: one, or those of a list.
fn each_of<'g>(kind: &str, value: &'g str) -> Vec<&'g str> {
    match kind.contains("List") {
        true => value.split(',').map(str::trim).collect(),
        false => [value].into(),
    }
}

/// The first value that is no number where numbers are wanted.
fn of_numbers<'g>(kind: &str, value: &'g str) -> Option<(&'g str, String)> {
    if !matches!(kind, "Number" | "List<Number>") {
        return None;
    }
    let mut each = each_of(kind, value).into_iter();
    let is_number = |one: &str| one.trim().parse::<f64>().is_ok_and(f64::is_finite);
    let wrong = each.find(|one| !is_number(one))?;
    Some((wrong, "the template requires a number".to_owned()))
}

/// The first value that `AllowedValues` does not have; of a list each item has to be one of them.
fn of_list<'g>(parameter: &Value, kind: &str, value: &'g str) -> Option<(&'g str, String)> {
    let allowed = parameter.get("AllowedValues")?.as_array()?;
    let is_same = |allowed: &Value, shown: &str, other: &str| {
        let is_loose = kind.contains("Number") || is_rewritten(allowed);
        match (shown.parse::<f64>(), other.parse::<f64>()) {
            (Ok(one), Ok(other)) if is_loose => one.total_cmp(&other).is_eq(),
            _ if is_loose => shown.eq_ignore_ascii_case(other),
            _ => shown == other,
        }
    };
    let allowed = allowed.iter().filter_map(|it| Some((it, written(it)?)));
    let allowed: Vec<(&Value, String)> = allowed.collect();
    let is_allowed = |one: &&str| allowed.iter().any(|(it, shown)| is_same(it, shown, one));
    let wrong = each_of(kind, value)
        .into_iter()
        .find(|one| !is_allowed(one))?;
    let shown: Vec<String> = allowed.iter().map(|(_, it)| format!("`{it}`")).collect();
    (!allowed.is_empty()).then(|| {
        (
            wrong,
            format!("the template allows only {}", shown.join(", ")),
        )
    })
}

/// What `MinLength`, `MaxLength` and `AllowedPattern` want of a text that is otherwise.
fn of_text(parameter: &Value, value: &str) -> Option<String> {
    let length = value.chars().count();
    let bound = |name: &str| written(parameter.get(name)?)?.parse::<usize>().ok();
    if let Some(least) = bound("MinLength").filter(|least| length < *least) {
        return Some(format!(
            "the template requires a length of at least {least}"
        ));
    }
    if let Some(most) = bound("MaxLength").filter(|most| length > *most) {
        return Some(format!("the template requires a length of at most {most}"));
    }
    let pattern = parameter.get("AllowedPattern")?.as_str()?;
    (matches(pattern, value) == Some(false)).then(|| format!("its `AllowedPattern` is `{pattern}`"))
}

/// What `MinValue` and `MaxValue` want of a number that is otherwise.
fn of_number(parameter: &Value, value: &str) -> Option<String> {
    let value: f64 = value.trim().parse().ok()?;
    let bound = |name: &str| {
        let bound = written(parameter.get(name)?)?;
        Some((bound.parse::<f64>().ok()?, bound))
    };
    if let Some((_, least)) = bound("MinValue").filter(|(least, _)| value < *least) {
        return Some(format!("the template requires at least {least}"));
    }
    let (_, most) = bound("MaxValue").filter(|(most, _)| value > *most)?;
    Some(format!("the template requires at most {most}"))
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
