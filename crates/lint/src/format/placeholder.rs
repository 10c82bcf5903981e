//! Placeholders that a tool fills before a text reaches AWS, and texts that stand for an attribute of
//! a key.

use std::ops::Range;

use crate::text::{SOME_KEY_ID, Text};

/// How a placeholder begins and ends; it may hold others.
pub(crate) type Marks = (&'static str, &'static str);

/// The ID of a key that a reference leads to.
pub(crate) fn key_id(at: &Range<usize>) -> Text {
    Text::literal(SOME_KEY_ID, at.clone())
}

/// The ARN of such a key: one key, of a scope that is not known.
pub(crate) fn key_arn(at: &Range<usize>) -> Text {
    let mut arn = Text::default();
    for part in ["arn:", ":kms:", ":"] {
        arn.push(part, at.clone());
        arn.push_hole(at.clone());
    }
    arn.push(":key/", at.clone());
    arn.push(SOME_KEY_ID, at.clone());
    arn
}

/// The placeholders of tools that fill a file before AWS sees it: Jinja and Helm, ERB, token
/// replacers, Kubernetes. None of their marks can stand in an alias name or in an identifier of a key.
const OF_TOOLS: &[Marks] = &[
    ("{{", "}}"),
    ("<%", "%>"),
    ("#{", "}"),
    ("$(", ")"),
    ("@@", "@@"),
    ("%%", "%%"),
];

/// A text in which the placeholders of tools are holes; each part keeps its place.
pub(crate) fn filled_by_tools(text: &Text) -> Text {
    with_holes(text, OF_TOOLS)
}

/// A text with holes where placeholders stand; each part keeps its place.
///
/// A mark that opens and never closes is text, and so is each of its kind behind it: a text is
/// searched at most once more than there are kinds of marks.
pub(crate) fn with_holes(text: &Text, marks: &[Marks]) -> Text {
    let value = text.as_str();
    if !marks.iter().any(|(open, _)| value.contains(open)) {
        return text.clone();
    }
    let (mut holes, mut next) = (Vec::new(), 0_usize);
    let mut marks: Vec<&Marks> = marks.iter().collect();
    while let Some(rest) = value.get(next..).filter(|rest| !rest.is_empty()) {
        let found = marks.iter().position(|(open, _)| rest.starts_with(open));
        let Some((found, mark)) = found.and_then(|at| Some((at, *marks.get(at)?))) else {
            next = next.saturating_add(rest.chars().next().map_or(1, char::len_utf8));
            continue;
        };
        match placeholder_length(rest, mark) {
            Some(length) => {
                let end = next.saturating_add(length);
                holes.push(next..end);
                next = end;
            }
            None => _ = marks.remove(found),
        }
    }
    if holes.is_empty() {
        return text.clone();
    }
    text.with_holes_at(&holes)
}

/// A text with holes where variables of a shell stand, which `envsubst` fills: `$`, and a name in upper
/// case.
pub(crate) fn without_variables(text: &Text) -> Text {
    let value = text.as_str();
    let is_first = |character: char| character.is_ascii_uppercase() || character == '_';
    let holes: Vec<_> = value
        .match_indices('$')
        .filter_map(|(at, _)| {
            let name = value.get(at.saturating_add(1)..)?;
            let is_part = |character: char| is_first(character) || character.is_ascii_digit();
            let end = name.find(|character| !is_part(character));
            let length = end.unwrap_or(name.len());
            let is_name = name.starts_with(is_first);
            is_name.then(|| at..at.saturating_add(1).saturating_add(length))
        })
        .collect();
    if holes.is_empty() {
        return text.clone();
    }
    text.with_holes_at(&holes)
}

/// The length of the placeholder that a text begins with.
fn placeholder_length(text: &str, (open, close): &Marks) -> Option<usize> {
    if open == close {
        let inner = text.get(open.len()..)?.find(close)?;
        return Some(inner.saturating_add(open.len().saturating_mul(2)));
    }
    // Within `${self:...}` stands perhaps `${opt:...}`.
    let open = &if open.starts_with("${") { "${" } else { open };
    let (mut depth, mut at) = (0_usize, 0_usize);
    loop {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        if rest.starts_with(open) {
            depth = depth.saturating_add(1);
            at = at.saturating_add(open.len());
        } else if rest.starts_with(close) {
            depth = depth.saturating_sub(1);
            at = at.saturating_add(close.len());
            if depth == 0 {
                return Some(at);
            }
        } else {
            at = at.saturating_add(rest.chars().next().map_or(1, char::len_utf8));
        }
    }
}
