//! The one error of parsing: what was expected, what was found, at which byte, which rule.

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
/// Equal errors have the same cause at the same place. The position counts bytes from 0 and is
/// that of the first byte after which no continuation could have made the text valid; it is the
/// length of the text where the text ends too early.
///
/// ```
/// use kms_alias::{AliasName, Rule};
///
/// let error = "alias/pay.ments".parse::<AliasName>().unwrap_err();
/// assert_eq!(error.position(), 9);
/// assert_eq!(error.rule(), Rule::A3);
/// assert_eq!(
///     error.to_string(),
///     "invalid alias name: expected a letter, a digit, `/`, `_` or `-`, found `.` at byte 9 (rule A3)",
/// );
/// assert_eq!(error.expected(), "a letter, a digit, `/`, `_` or `-`");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("invalid {what}: expected {expected}, found {found} at byte {position} (rule {rule})")]
pub struct ParseError {
    what: &'static str,
    expected: &'static str,
    found: Found,
    position: usize,
    rule: Rule,
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
        Self {
            what,
            expected,
            found,
            position,
            rule,
        }
    }

    /// The same place seen from a wider question.
    pub(super) const fn because(self, expected: &'static str, rule: Rule) -> Self {
        Self {
            expected,
            rule,
            ..self
        }
    }

    /// The byte, counted from 0, at which the text could no longer become valid.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// The rule that the text breaks.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// What would have been right at that place, in words.
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        self.expected
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::End => f.write_str("the end"),
            Self::Character('`') => f.write_str("a backtick"),
            Self::Character(character) => write!(f, "`{}`", character.escape_debug()),
        }
    }
}
