//! Texts that hold a document: where each byte of what they stand for is written in the file.

use std::ops::Range;

use crate::text::Text;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writing {
    /// In double quotes, with escapes, as JSON and YAML have it.
    Escaped,
    /// In double quotes in HCL: `$${` stands for `${` besides.
    EscapedInHcl,
    /// In single quotes: two of them stand for one.
    SingleQuoted,
    /// As it is: a scalar of YAML without quotes, a block.
    Plain,
    /// A heredoc of HCL: as it is, but for `$${`.
    Heredoc,
}

/// Whether a text may hold a policy as JSON.
pub(crate) fn may_hold_a_policy(value: &str) -> bool {
    value.trim_start().starts_with('{') && value.contains("Statement")
}

/// A text with the place of each of its bytes, from how it is written in a range of a file.
///
/// Space that stands in the file only, such as an indent, is passed over; none where the two do not
/// fit.
pub(crate) fn exact(value: &str, file: &str, at: Range<usize>, writing: Writing) -> Option<Text> {
    let mut text = Text::default();
    push_exact(&mut text, value, file, at, writing)?;
    Some(text)
}

/// Adds such a text to another.
pub(crate) fn push_exact(
    text: &mut Text,
    value: &str,
    file: &str,
    at: Range<usize>,
    writing: Writing,
) -> Option<()> {
    let written = file.get(..at.end)?;
    let mut next = at.start;
    for character in value.chars() {
        let length = loop {
            let rest = written.get(next..)?;
            if let Some(length) = length_of(character, rest, writing) {
                break length;
            }
            match skipped(rest, writing) {
                0 if character.is_whitespace() => break 0,
                0 => return None,
                space => next = next.saturating_add(space),
            }
        };
        let end = next.saturating_add(length);
        text.push_exact(character, next..end);
        next = end;
    }
    Some(())
}

/// With how many bytes a character is written at the beginning of a text, if it is.
fn length_of(character: char, rest: &str, writing: Writing) -> Option<usize> {
    let has_escapes = matches!(writing, Writing::Escaped | Writing::EscapedInHcl);
    let is_hcl = matches!(writing, Writing::Heredoc | Writing::EscapedInHcl);
    if has_escapes && rest.starts_with('\\') {
        let is_beyond = character > '\u{ffff}';
        return match rest.chars().nth(1)? {
            '\n' | '\r' => None,
            'x' => Some(4),
            'u' if is_beyond => Some(12),
            'u' => Some(6),
            'U' => Some(10),
            other => Some(other.len_utf8().saturating_add(1)),
        };
    }
    if is_hcl && (rest.starts_with("$${") || rest.starts_with("%%{")) {
        return rest.starts_with(character).then_some(2);
    }
    if writing == Writing::SingleQuoted && rest.starts_with("''") {
        return (character == '\'').then_some(2);
    }
    rest.starts_with(character).then_some(character.len_utf8())
}

/// How many bytes at the beginning of a text are there only in the file.
fn skipped(rest: &str, writing: Writing) -> usize {
    let joined = ["\\\n", "\\\r\n"];
    let joined = joined.iter().find(|joined| rest.starts_with(**joined));
    match (writing, joined) {
        (Writing::Escaped, Some(joined)) => joined.len(),
        _ => rest
            .chars()
            .next()
            .filter(|first| first.is_whitespace())
            .map_or(0, char::len_utf8),
    }
}
