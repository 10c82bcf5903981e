//! A file as text: decoding, and the places of its bytes.

use std::borrow::Cow;
use std::ops::Range;

use crate::finding::{Place, Unread};

/// A file that is text, without its byte-order mark.
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: Cow<'a, str>,
    lines: Lines,
}

/// Bytes between two counts.
const STRIDE: usize = 1024;

/// Finds the line and column of a byte in constant time and a scan of at most [`STRIDE`] bytes.
struct Lines {
    /// The byte at which each line begins.
    starts: Vec<usize>,
    /// How many counted characters begin before each multiple of [`STRIDE`].
    counts: Vec<usize>,
}

/// Whether a byte begins a character that a column counts: not a continuation byte, not a
/// carriage return.
const fn is_counted(byte: u8) -> bool {
    (byte as i8) >= -0x40 && byte != b'\r'
}

impl Lines {
    fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let breaks = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        starts.extend(breaks.map(|(at, _)| at.saturating_add(1)));
        let mut counts = vec![0_usize];
        for chunk in bytes.chunks(STRIDE) {
            let counted = chunk.iter().filter(|byte| is_counted(**byte)).count();
            let before = counts.last().copied().unwrap_or_default();
            counts.push(before.saturating_add(counted));
        }
        Self { starts, counts }
    }

    /// How many counted characters begin before a byte.
    fn count(&self, text: &str, at: usize) -> usize {
        let stride = at / STRIDE;
        let from = stride.saturating_mul(STRIDE);
        let rest = text.as_bytes().get(from..at).unwrap_or_default();
        let rest = rest.iter().filter(|byte| is_counted(**byte)).count();
        let before = self.counts.get(stride).copied().unwrap_or_default();
        before.saturating_add(rest)
    }
}

impl<'a> Source<'a> {
    /// Decodes a file.
    ///
    /// UTF-8 with or without a mark, and UTF-16 with one.
    pub(crate) fn decode(path: &'a str, bytes: &'a [u8]) -> Result<Self, Unread> {
        let text = match bytes {
            [0xEF, 0xBB, 0xBF, rest @ ..] => utf_8(path, rest)?,
            [0xFF, 0xFE, rest @ ..] => Cow::Owned(utf_16(path, rest, u16::from_le_bytes)?),
            [0xFE, 0xFF, rest @ ..] => Cow::Owned(utf_16(path, rest, u16::from_be_bytes)?),
            _ => utf_8(path, bytes)?,
        };
        Ok(Self::of_text(path, text))
    }

    pub(crate) fn of_text(path: &'a str, text: Cow<'a, str>) -> Self {
        let lines = Lines::new(&text);
        Self { path, text, lines }
    }

    /// The place of a byte; of the end of the text if it is beyond.
    pub(crate) fn place(&self, at: usize) -> Place {
        let at = at.min(self.text.len());
        let line = self.lines.starts.partition_point(|start| *start <= at);
        let start = self.lines.starts.get(line.saturating_sub(1));
        let start = start.copied().unwrap_or_default();
        Place {
            line,
            column: self.width(start..at).saturating_add(1),
        }
    }

    /// How many characters of the first line of a range a column counts.
    pub(crate) fn length(&self, range: &Range<usize>) -> usize {
        let line = self
            .lines
            .starts
            .partition_point(|start| *start <= range.start);
        let next = self.lines.starts.get(line);
        let line_end = next.map_or(self.text.len(), |next| next.saturating_sub(1));
        self.width(range.start..range.end.min(line_end))
    }

    fn width(&self, range: Range<usize>) -> usize {
        let end = self.lines.count(&self.text, range.end);
        end.saturating_sub(self.lines.count(&self.text, range.start))
    }

    /// This file could not be read, because of what stands at a byte.
    pub(crate) fn unread(&self, at: usize, reason: impl Into<String>) -> Unread {
        Unread {
            file: self.path.to_owned(),
            place: self.place(at),
            reason: one_line(&reason.into()),
        }
    }
}

fn utf_8<'a>(path: &'a str, bytes: &'a [u8]) -> Result<Cow<'a, str>, Unread> {
    str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let before = String::from_utf8_lossy(valid);
        let end = before.len();
        Source::of_text(path, before).unread(
            end,
            "not UTF-8 text: save the file as UTF-8, or as UTF-16 with a byte-order mark",
        )
    })
}

fn utf_16(path: &str, bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Unread> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let mut text = String::with_capacity(bytes.len());
    let mut whole = odd.is_empty();
    for decoded in char::decode_utf16(units) {
        match decoded {
            Ok(character) => text.push(character),
            Err(_) => {
                whole = false;
                break;
            }
        }
    }
    if whole {
        return Ok(text);
    }
    let end = text.len();
    Err(Source::of_text(path, Cow::Owned(text)).unread(
        end,
        "not UTF-16 text, which the byte-order mark promises: save the file as UTF-8",
    ))
}

/// A text without control characters: they are written as escapes such as `\u{1b}`.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || is_invisible(character) {
            line.extend(character.escape_debug());
        } else {
            line.push(character);
        }
    }
    line
}

/// Whether a character moves or hides what stands beside it: marks of direction, line separators.
const fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
