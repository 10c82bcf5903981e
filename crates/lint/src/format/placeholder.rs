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
    let value = text.as_str();
    let (mut holes, mut next) = (Vec::new(), 0_usize);
    while let Some(rest) = value.get(next..).filter(|rest| !rest.is_empty()) {
        let mark = OF_TOOLS.iter().find(|(open, _)| rest.starts_with(open));
        let length = mark.and_then(|mark| placeholder_length(rest, mark));
        let end = match length {
            Some(length) => {
                let end = next.saturating_add(length);
                holes.push(next..end);
                end
            }
            None => next.saturating_add(rest.chars().next().map_or(1, char::len_utf8)),
        };
        next = end;
    }
    if holes.is_empty() {
        return text.clone();
    }
    text.with_holes_at(&holes)
}

/// A text with holes where placeholders stand.
pub(crate) fn with_holes(text: &str, at: &Range<usize>, marks: &[Marks]) -> Text {
    let mut result = Text::default();
    let (mut literal, mut next) = (0_usize, 0_usize);
    while let Some(rest) = text.get(next..).filter(|rest| !rest.is_empty()) {
        let Some(mark) = marks.iter().find(|(open, _)| rest.starts_with(open)) else {
            next = next.saturating_add(rest.chars().next().map_or(1, char::len_utf8));
            continue;
        };
        let Some(length) = placeholder_length(rest, mark) else {
            // It has no end, and so is text.
            break;
        };
        if literal < next {
            result.push(text.get(literal..next).unwrap_or_default(), at.clone());
        }
        result.push_hole(at.clone());
        next = next.saturating_add(length);
        literal = next;
    }
    let rest = text.get(literal..).unwrap_or_default();
    if !rest.is_empty() || text.is_empty() {
        result.push(rest, at.clone());
    }
    result
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
