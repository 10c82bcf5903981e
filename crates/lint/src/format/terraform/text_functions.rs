//! The functions of Terraform that make a text of another one.
//!
//! What they give is known as far as it does not depend on what a run fills in.

use crate::text::{HOLE, Text};

/// Those that [`changed`] knows.
pub(super) const CHANGING: &[&str] = &[
    "chomp",
    "lower",
    "replace",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "upper",
];

/// What a function makes of a text, given its other arguments.
pub(super) fn changed(name: &str, text: &Text, others: &[String]) -> Option<Text> {
    let value = text.as_str();
    match (name, others) {
        // Beyond ASCII one letter may become several.
        ("lower", []) if value.is_ascii_but_holes() => {
            Some(text.mapped(|letter| letter.to_ascii_lowercase()))
        }
        ("upper", []) if value.is_ascii_but_holes() => {
            Some(text.mapped(|letter| letter.to_ascii_uppercase()))
        }
        ("lower", []) => (value.to_lowercase() == value).then(|| text.clone()),
        ("upper", []) => (value.to_uppercase() == value).then(|| text.clone()),
        ("trimspace", []) if !text.has_holes() => {
            let start = value.len().saturating_sub(value.trim_start().len());
            let end = start.saturating_add(value.trim().len());
            Some(text.slice(start..end))
        }
        ("chomp", []) if !text.has_holes() => {
            let end = value.trim_end_matches(['\n', '\r']).len();
            Some(text.slice(0..end))
        }
        ("trimprefix", [prefix]) => {
            let known = value.split(HOLE).next().unwrap_or_default();
            if known.starts_with(prefix.as_str()) {
                Some(text.slice(prefix.len()..value.len()))
            } else {
                let may_begin = text.has_holes() && prefix.starts_with(known);
                (!may_begin).then(|| text.clone())
            }
        }
        ("trimsuffix", [suffix]) => {
            let known = value.rsplit(HOLE).next().unwrap_or_default();
            if known.ends_with(suffix.as_str()) {
                Some(text.slice(0..value.len().saturating_sub(suffix.len())))
            } else {
                let may_end = text.has_holes() && suffix.ends_with(known);
                (!may_end).then(|| text.clone())
            }
        }
        ("replace", [from, to]) if !text.has_holes() => replaced(text, from, to),
        _ => None,
    }
}

/// A text with another one in each place of a third; none for a regular expression.
fn replaced(text: &Text, from: &str, to: &str) -> Option<Text> {
    let is_pattern = from.len() > 1 && from.starts_with('/') && from.ends_with('/');
    if is_pattern || from.is_empty() {
        return None;
    }
    let mut replaced = Text::default();
    let mut done = 0;
    for (byte, _) in text.as_str().match_indices(from) {
        replaced.push_text(&text.slice(done..byte));
        replaced.push(to, text.at_byte(byte));
        done = byte.saturating_add(from.len());
    }
    replaced.push_text(&text.slice(done..text.as_str().len()));
    Some(replaced)
}

trait AsciiButHoles {
    fn is_ascii_but_holes(&self) -> bool;
}

impl AsciiButHoles for str {
    fn is_ascii_but_holes(&self) -> bool {
        self.chars().all(|own| own.is_ascii() || own == HOLE)
    }
}

/// A text by the format of `format`; none where a verb is not known.
pub(super) fn formatted(
    format: &str,
    mut literal: impl FnMut(&str),
    mut value: impl FnMut(Verb) -> Option<()>,
) -> Option<()> {
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (before, verb) = rest.split_at_checked(at)?;
        literal(before);
        let verb = verb.get(1..)?;
        let letter = verb.find(|own: char| !own.is_ascii_digit())?;
        let (width, behind) = verb.split_at_checked(letter)?;
        let kind = behind.chars().next()?;
        rest = behind.get(kind.len_utf8()..)?;
        match (width, kind) {
            ("", '%') => literal("%"),
            ("", 's' | 'v') => value(Verb::Text)?,
            ("", 'd') => value(Verb::Number { zeros: 0 })?,
            (width, 'd') => {
                let zeros = width.strip_prefix('0')?.parse().ok()?;
                value(Verb::Number { zeros })?;
            }
            _ => return None,
        }
    }
    literal(rest);
    Some(())
}

/// What stands in the place of a value.
#[derive(Clone, Copy)]
pub(super) enum Verb {
    Text,
    /// A whole number of so many digits at least.
    Number {
        zeros: u8,
    },
}
