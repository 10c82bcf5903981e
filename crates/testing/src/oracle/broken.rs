//! Which rules a parse error at a byte of a text may name, read off the text without a parser.
//!
//! Mostly it is one. Where a text ends too early, or in a part that two rules speak of, several
//! are right.

use kms_alias::Rule;

/// Rules A1–A3 of a name that is wrong at this byte.
pub fn name(text: &str, position: usize) -> Vec<Rule> {
    let rule = match position {
        _ if text.is_empty() => Rule::A2,
        0..6 => Rule::A1,
        256 => Rule::A2,
        _ if position == text.len() => Rule::A2,
        _ => Rule::A3,
    };
    vec![rule]
}

/// The same with what rule A8 adds.
pub fn aws_name(text: &str, position: usize) -> Vec<Rule> {
    match position {
        6..10 => vec![Rule::A8],
        _ => name(text, position),
    }
}

/// Rules K1 and K2.
pub fn key_id(text: &str, _position: usize) -> Vec<Rule> {
    if text.starts_with("mrk-") {
        vec![Rule::K2]
    } else if text.starts_with('m') {
        vec![Rule::K1, Rule::K2]
    } else {
        vec![Rule::K1]
    }
}

pub fn region(_text: &str, _position: usize) -> Vec<Rule> {
    vec![Rule::K4]
}

pub fn account_id(_text: &str, _position: usize) -> Vec<Rule> {
    vec![Rule::K3]
}

/// The number of the part of an ARN that a byte is in, and where that part begins.
fn part(text: &str, position: usize) -> (usize, usize) {
    let before = &text[..position];
    let start = before.rfind(':').map_or(0, |colon| colon + 1);
    (before.matches(':').count(), start)
}

/// Rules K3 and K4 of all parts before the resource.
pub fn scope(text: &str, position: usize) -> Vec<Rule> {
    let (number, start) = part(text, position);
    let is_empty = text[start..].is_empty() || text[start..].starts_with(':');
    match number {
        1 | 3 if is_empty || position == text.len() => vec![Rule::K3, Rule::K4],
        1 | 3 => vec![Rule::K4],
        _ => vec![Rule::K3],
    }
}

pub fn key_arn(text: &str, position: usize) -> Vec<Rule> {
    let start = match part(text, position) {
        (5, start) if position >= start + "key/".len() => start + "key/".len(),
        _ => return scope(text, position),
    };
    let mut rules = key_id(&text[start..], position - start);
    if text[position..].starts_with(':') {
        // A seventh part.
        rules.push(Rule::K3);
    }
    rules
}

pub fn alias_arn(text: &str, position: usize) -> Vec<Rule> {
    match part(text, position) {
        (5, start) if position == start && position == text.len() => vec![Rule::K3, Rule::A1],
        (5, start) => name(&text[start..], position - start),
        _ => scope(text, position),
    }
}

/// Rule K5 of an alias in the place of a key, or of nothing like a key; else those of the form.
pub fn target_key_id(text: &str, position: usize) -> Vec<Rule> {
    let resource = text.splitn(6, ':').nth(5).unwrap_or_default();
    let is_alias_arn = resource.starts_with("alias/") && part(text, position).0 == 5;
    if text.starts_with("alias/") || is_alias_arn || position == 0 {
        return vec![Rule::K5];
    }
    match &text[..position] {
        "a" => vec![Rule::K1, Rule::K3],
        arn if arn.starts_with("ar") => key_arn(text, position),
        _ => key_id(text, position),
    }
}

/// Rule K6 of nothing like a key or an alias; else those of the form.
pub fn key_identifier(text: &str, position: usize) -> Vec<Rule> {
    match &text[..position] {
        "" => vec![Rule::K6],
        "a" => vec![Rule::K1, Rule::K3, Rule::A1],
        arn if arn.starts_with("ar") => match part(text, position) {
            (5, start) if position == start => vec![Rule::K3, Rule::A1],
            (5, start) if text[start..].starts_with('a') => alias_arn(text, position),
            _ => key_arn(text, position),
        },
        beginning if beginning.starts_with("al") => name(text, position),
        _ => key_id(text, position),
    }
}
