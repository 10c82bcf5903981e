//! Brackets and quotes of YAML whose lines are no deeper than the block around them.
//!
//! YAML 1.2 wants such lines deeper, and so does the parser; CloudFormation and most other readers take
//! them as they are. In both, spaces at the beginning of a line are no part of any value, so that more
//! of them change nothing but the depth.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use saphyr_parser::ScanError;

/// How many bytes are read again and again before a file is given up.
const MOST_BYTES: usize = 1 << 26;

/// Where a parser stopped for the depth of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TooShallow {
    /// This byte of a flow collection.
    Bracket(usize),
    /// A line of the quoted text that begins at this byte.
    Quote(usize),
}

/// Why a reader stopped: its fault, and whether deeper lines may let it go on.
#[derive(Debug)]
pub struct Stop<F> {
    fault: F,
    too_shallow: Option<TooShallow>,
}

impl<F> Stop<F> {
    /// A fault that the parser found in a text.
    pub fn of(error: &ScanError, text: &Deepened<'_>, fault: F) -> Self {
        let place: fn(usize) -> TooShallow = match error.info() {
            "invalid indentation" | "invalid indentation in flow construct" => TooShallow::Bracket,
            "invalid indentation in quoted scalar" => TooShallow::Quote,
            _ => return fault.into(),
        };
        let text = text.as_str();
        let character = text.char_indices().nth(error.marker().index());
        let byte = character.map_or(text.len(), |(byte, _)| byte);
        Self {
            fault,
            too_shallow: Some(place(byte)),
        }
    }
}

/// A fault of another kind: no depth mends it.
impl<F> From<F> for Stop<F> {
    fn from(fault: F) -> Self {
        Self {
            fault,
            too_shallow: None,
        }
    }
}

/// Has a text read, again with deeper lines where the reader stopped for the depth of a line.
///
/// # Errors
/// The first fault that is not for the depth of a line; where deeper lines do not help, the first.
pub fn read<T, F>(
    text: &str,
    mut reader: impl FnMut(&Deepened<'_>) -> Result<T, Stop<F>>,
) -> Result<T, F> {
    let mut deepened = Deepened::new(text);
    let first = match reader(&deepened) {
        Ok(read) => return Ok(read),
        Err(stop) => stop,
    };
    let mut too_shallow = first.too_shallow;
    while let Some(stop) = too_shallow
        && deepened.deepen(stop)
    {
        match reader(&deepened) {
            Ok(read) => return Ok(read),
            Err(next) if next.too_shallow.is_none() => return Err(next.fault),
            Err(next) => too_shallow = next.too_shallow,
        }
    }
    Err(first.fault)
}

/// A text whose lines are as deep as the parser wants them.
#[derive(Debug)]
pub struct Deepened<'a> {
    written: &'a str,
    deepened: Cow<'a, str>,
    /// The byte at which each line that is made deeper begins.
    lines: BTreeSet<usize>,
    spaces: usize,
    bytes_left: usize,
}

impl<'a> Deepened<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            written: text,
            deepened: Cow::Borrowed(text),
            lines: BTreeSet::new(),
            spaces: deepest(text).saturating_add(1),
            bytes_left: MOST_BYTES,
        }
    }

    /// The text to be parsed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.deepened
    }

    /// The byte of the text as it was written that a byte of the text to be parsed stands for.
    ///
    /// Both have the same lines.
    #[must_use]
    pub fn place(&self, at: usize) -> usize {
        let mut place = at;
        for line in &self.lines {
            if place <= *line {
                break;
            }
            place = place.saturating_sub(self.spaces).max(*line);
        }
        place
    }

    /// Makes the lines deeper that a parser stopped at; false where there is none that is not yet,
    /// or it was tried too often.
    fn deepen(&mut self, stop: TooShallow) -> bool {
        let known = self.lines.len();
        match stop {
            TooShallow::Bracket(at) => {
                let at = self.place(at);
                let before = self.written.get(..at).unwrap_or_default();
                let line = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
                self.lines.insert(line);
            }
            TooShallow::Quote(at) => {
                let within = quoted(self.written, self.place(at));
                let text = self.written.get(within.clone()).unwrap_or_default();
                let ends = text.match_indices('\n');
                let after = |end: usize| within.start.saturating_add(end).saturating_add(1);
                self.lines.extend(ends.map(|(end, _)| after(end)));
            }
        }
        let added = self.spaces.saturating_mul(self.lines.len());
        let cost = self.written.len().saturating_add(added);
        let left = self.bytes_left.checked_sub(cost);
        self.bytes_left = left.unwrap_or_default();
        let is_deeper = left.is_some() && known < self.lines.len();
        if is_deeper {
            self.deepened = Cow::Owned(self.with_spaces());
        }
        is_deeper
    }

    fn with_spaces(&self) -> String {
        let spaces = " ".repeat(self.spaces);
        let mut deepened = String::new();
        let mut from = 0;
        for line in &self.lines {
            deepened.push_str(self.written.get(from..*line).unwrap_or_default());
            deepened.push_str(&spaces);
            from = *line;
        }
        deepened.push_str(self.written.get(from..).unwrap_or_default());
        deepened
    }
}

/// The depth of the deepest line.
fn deepest(text: &str) -> usize {
    let depth = |line: &str| {
        let rest = line.trim_start_matches([' ', '-', '?']);
        line.len().saturating_sub(rest.len())
    };
    text.lines().map(depth).max().unwrap_or_default()
}

/// The quoted text that begins at a byte, to its end or that of the file.
fn quoted(text: &str, start: usize) -> Range<usize> {
    let rest = text.get(start..).unwrap_or_default();
    let quote = rest.chars().next().unwrap_or('"');
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        let is_escape = character == '\\' && quote == '"';
        let is_doubled = character == quote
            && quote == '\''
            && characters.peek().is_some_and(|(_, next)| *next == quote);
        if is_escape || is_doubled {
            characters.next();
        } else if character == quote {
            return start..start.saturating_add(at);
        }
    }
    start..text.len()
}
