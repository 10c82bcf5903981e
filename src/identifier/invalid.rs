//! The one error of parsing: what was expected, what was found, at which byte, which rule.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use core::fmt;

use crate::rule::Rule;

/// What stood where the text went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Found {
    End,
    Character(char),
}

/// Why a text is not the identifier that it was taken for.
///
/// Equal errors have the same cause at the same place of texts that begin alike. The position counts
/// bytes from 0 and is that of the first byte after which no continuation could have made the text
/// valid; it is the length of the text where the text ends too early. Of a long text the words show
/// the first 80 characters.
///
/// ```
/// use kms_alias::{AliasName, Rule};
///
/// let error = "alias/pay.ments".parse::<AliasName>().unwrap_err();
/// assert_eq!(error.position(), 9);
/// assert_eq!(error.rule(), Rule::A3);
/// assert_eq!(
///     error.to_string(),
///     "invalid alias name `alias/pay.ments`: expected a letter, a digit, `/`, `_` or `-`, \
///      found `.` at byte 9 (rule A3)",
/// );
/// assert_eq!(error.expected(), "a letter, a digit, `/`, `_` or `-`");
/// ```
// One word, so that the result of parsing is no larger than what is parsed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ParseError(Box<Fault>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Fault {
    what: &'static str,
    /// The beginning of the text, in backticks and after a space; nothing where the text is empty.
    quoted: String,
    expected: &'static str,
    found: Found,
    position: usize,
    rule: Rule,
}

/// So many characters of a text are quoted.
const QUOTED: usize = 80;

/// A text as an error quotes it, with nothing in it that a terminal would obey.
fn quoted(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!(" `{}…`", text.get(..end).unwrap_or(text).escape_debug()),
        None => format!(" `{}`", text.escape_debug()),
    }
}

impl ParseError {
    /// An error at a byte of the text, which says itself what stands there.
    pub(super) fn at(
        what: &'static str,
        text: &str,
        position: usize,
        expected: &'static str,
        rule: Rule,
    ) -> Self {
        let found = text
            .get(position..)
            .and_then(|rest| rest.chars().next())
            .map_or(Found::End, Found::Character);
        Self(Box::new(Fault {
            what,
            quoted: quoted(text),
            expected,
            found,
            position,
            rule,
        }))
    }

    /// The same place seen from a wider question.
    pub(super) fn because(mut self, expected: &'static str, rule: Rule) -> Self {
        (self.0.expected, self.0.rule) = (expected, rule);
        self
    }

    /// The byte, counted from 0, at which the text could no longer become valid.
    #[must_use]
    pub fn position(&self) -> usize {
        self.0.position
    }

    /// The rule that the text breaks.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.0.rule
    }

    /// What would have been right at that place, in words.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.0.expected
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault {
            what,
            quoted,
            expected,
            found,
            position,
            rule,
        } = &*self.0;
        write!(
            f,
            "invalid {what}{quoted}: expected {expected}, found {found} at byte {position} (rule {rule})"
        )
    }
}

impl core::error::Error for ParseError {}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::End => f.write_str("the end"),
            Self::Character('`') => f.write_str("a backtick"),
            Self::Character(character) => write!(f, "`{}`", character.escape_debug()),
        }
    }
}
