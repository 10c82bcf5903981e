//! Brackets and quotes of YAML whose lines are no deeper than the block around them.
//!
//! YAML 1.2 wants such lines deeper, and so does the parser; CloudFormation and most other readers take
//! them as they are. In both, spaces at the beginning of a line are no part of any value, so that more
//! of them change nothing but the depth.

use std::collections::BTreeSet;
use std::ops::Range;

/// How many bytes are read again and again before a file is given up.
const MOST_BYTES: usize = 1 << 26;

/// Where a parser stopped for the depth of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooShallow {
    /// This byte of a flow collection.
    Bracket(usize),
    /// A line of the quoted text that begins at this byte.
    Quote(usize),
}

/// A text, and the lines that are made deeper.
pub(crate) struct Deepened<'a> {
    text: &'a str,
    /// The byte at which each line that is made deeper begins.
    lines: BTreeSet<usize>,
    spaces: usize,
    bytes_left: usize,
}

impl<'a> Deepened<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let depth = |line: &str| {
            let rest = line.trim_start_matches([' ', '-', '?']);
            line.len().saturating_sub(rest.len())
        };
        Self {
            text,
            lines: BTreeSet::new(),
            spaces: text
                .lines()
                .map(depth)
                .max()
                .map_or(1, |most| most.saturating_add(1)),
            bytes_left: MOST_BYTES,
        }
    }

    /// Makes the lines deeper that a parser of the deepened text stopped at; false where there is
    /// none that is not yet, or it was tried too often.
    pub(crate) fn deepen(&mut self, stop: TooShallow) -> bool {
        let known = self.lines.len();
        match stop {
            TooShallow::Bracket(at) => {
                let at = self.place(at);
                let before = self.text.get(..at).unwrap_or_default();
                let line = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
                self.lines.insert(line);
            }
            TooShallow::Quote(at) => {
                let within = quoted(self.text, self.place(at));
                let text = self.text.get(within.clone()).unwrap_or_default();
                let ends = text.match_indices('\n');
                let after = |end: usize| within.start.saturating_add(end).saturating_add(1);
                self.lines.extend(ends.map(|(end, _)| after(end)));
            }
        }
        let added = self.spaces.saturating_mul(self.lines.len());
        let cost = self.text.len().saturating_add(added);
        let left = self.bytes_left.checked_sub(cost);
        self.bytes_left = left.unwrap_or_default();
        left.is_some() && known < self.lines.len()
    }

    /// The deepened text.
    pub(crate) fn text(&self) -> String {
        let spaces = " ".repeat(self.spaces);
        let mut deepened = String::new();
        let mut from = 0;
        for line in &self.lines {
            deepened.push_str(self.text.get(from..*line).unwrap_or_default());
            deepened.push_str(&spaces);
            from = *line;
        }
        deepened.push_str(self.text.get(from..).unwrap_or_default());
        deepened
    }

    /// The byte of the text that a byte of the deepened text stands for.
    pub(crate) fn place(&self, at: usize) -> usize {
        let mut place = at;
        for line in &self.lines {
            if place <= *line {
                break;
            }
            place = place.saturating_sub(self.spaces).max(*line);
        }
        place
    }
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
