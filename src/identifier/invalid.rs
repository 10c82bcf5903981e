//! The one error of parsing: what was expected, what was found, at which byte, which rule.

use alloc::boxed::Box;
use core::fmt;

use arrayvec::ArrayString;

use crate::rule::Rule;

/// Why a text is not the identifier that it was taken for.
///
/// Errors are compared by cause, position and the first 80 bytes of the text. The position counts
/// bytes from 0 and is that of the first byte after which no continuation could have made the text
/// valid; it is the length of the text where the text ends too early. The message quotes the first
/// 80 bytes of a long text.
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
    text: ArrayString<QUOTED>,
    is_whole: bool,
    expected: &'static str,
    /// What stands at the position; none at the end of the text.
    found: Option<char>,
    position: usize,
    rule: Rule,
}

/// How many bytes of a text an error quotes.
const QUOTED: usize = 80;

/// The beginning of a text, and whether that is all of it. It is escaped only when the error is
/// printed, as most errors of parsing never are.
fn beginning(text: &str) -> (ArrayString<QUOTED>, bool) {
    let ends = (0..=QUOTED.min(text.len())).rev();
    let end = ends.into_iter().find(|end| text.is_char_boundary(*end));
    let begin = text.get(..end.unwrap_or_default()).unwrap_or_default();
    (
        ArrayString::from(begin).unwrap_or_default(),
        begin.len() == text.len(),
    )
}

impl ParseError {
    /// An error at a byte of the text.
    pub(super) fn at(
        what: &'static str,
        text: &str,
        position: usize,
        expected: &'static str,
        rule: Rule,
    ) -> Self {
        let found = text.get(position..).and_then(|rest| rest.chars().next());
        let (text, is_whole) = beginning(text);
        Self(Box::new(Fault {
            what,
            text,
            is_whole,
            expected,
            found,
            position,
            rule,
        }))
    }

    /// The same position with another expectation and rule.
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
            text,
            is_whole,
            expected,
            found,
            position,
            rule,
        } = &*self.0;
        write!(f, "invalid {what}")?;
        if !text.is_empty() {
            // Escaped, so that no terminal interprets it.
            let rest = if *is_whole { "" } else { "…" };
            write!(f, " `{}{rest}`", text.escape_debug())?;
        }
        write!(f, ": expected {expected}, found ")?;
        match found {
            None => f.write_str("the end")?,
            Some('`') => f.write_str("a backtick")?,
            Some(character) => write!(f, "`{}`", character.escape_debug())?,
        }
        write!(f, " at byte {position} (rule {rule})")
    }
}

impl core::error::Error for ParseError {}
