//! A text that may be known in part: what stands in the file, and holes that only a run fills.

use std::ops::Range;

/// Stands for text that is not known, of any length. It is a noncharacter: where a file holds it,
/// it is read as [`NOT_A_HOLE`].
pub(crate) const HOLE: char = '\u{FFFF}';

/// Another noncharacter, which no identifier and no pattern can hold either.
const NOT_A_HOLE: &str = "\u{FFFE}";

/// Stands for a hole while the document around it is read.
pub(crate) const MASK: char = '\u{FFFE}';

/// A text with the places that its parts come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    value: String,
    parts: Vec<Part>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    /// The byte of the value at which it begins.
    start: usize,
    /// The bytes of the file that it is written with.
    at: Range<usize>,
    /// Whether it stands there byte for byte.
    is_exact: bool,
}

impl Part {
    /// A piece of it, from one byte of the value to another.
    fn piece(&self, from: usize, to: usize) -> Self {
        let at = if self.is_exact {
            let place = |byte: usize| {
                self.at
                    .start
                    .saturating_add(byte.saturating_sub(self.start))
            };
            place(from)..place(to)
        } else {
            self.at.clone()
        };
        Self { at, ..self.clone() }
    }
}

impl Text {
    pub(crate) fn literal(value: &str, at: Range<usize>) -> Self {
        let mut text = Self::default();
        text.push(value, at);
        text
    }

    pub(crate) fn hole(at: Range<usize>) -> Self {
        let mut text = Self::default();
        text.push_hole(at);
        text
    }

    pub(crate) fn push(&mut self, value: &str, at: Range<usize>) {
        self.begin_part(at);
        self.value.push_str(&value.replace(HOLE, NOT_A_HOLE));
    }

    pub(crate) fn push_hole(&mut self, at: Range<usize>) {
        self.begin_part(at);
        self.value.push(HOLE);
    }

    pub(crate) fn push_text(&mut self, text: &Self) {
        let offset = self.value.len();
        self.value.push_str(&text.value);
        self.parts.extend(text.parts.iter().map(|part| Part {
            start: part.start.saturating_add(offset),
            ..part.clone()
        }));
    }

    fn begin_part(&mut self, at: Range<usize>) {
        let start = self.value.len();
        let is_exact = false;
        self.parts.push(Part {
            start,
            at,
            is_exact,
        });
    }

    /// Adds a character that is written with these bytes, alone.
    pub(crate) fn push_exact(&mut self, character: char, at: Range<usize>) {
        let start = self.value.len();
        let is_exact = at.len() == character.len_utf8();
        match self.parts.last_mut() {
            Some(last) if last.is_exact && is_exact && last.at.end == at.start => {
                last.at.end = at.end;
            }
            _ => self.parts.push(Part {
                start,
                at,
                is_exact,
            }),
        }
        match character {
            HOLE => self.value.push_str(NOT_A_HOLE),
            other => self.value.push(other),
        }
    }

    /// Where a byte of the value is written, as far as that is known; else where its part begins.
    pub(crate) fn place_of(&self, byte: usize) -> usize {
        let piece = self.part_of(byte).map(|part| part.piece(byte, byte));
        piece.map_or(0, |piece| piece.at.start)
    }

    /// The same text with each occurrence of one text replaced by another of the same length.
    pub(crate) fn replaced(&self, from: &str, to: &str) -> Self {
        debug_assert_eq!(from.len(), to.len(), "the places of the parts stay");
        Self {
            value: self.value.replace(from, to),
            parts: self.parts.clone(),
        }
    }

    /// The same text with each letter of ASCII made another one.
    pub(crate) fn mapped(&self, to: impl Fn(char) -> char) -> Self {
        Self {
            value: self.value.chars().map(to).collect(),
            parts: self.parts.clone(),
        }
    }

    /// The same text, so many bytes later in the file.
    pub(crate) fn shifted(&self, by: usize) -> Self {
        let parts = self.parts.iter().map(|part| Part {
            at: shifted(&part.at, by),
            ..part.clone()
        });
        Self {
            value: self.value.clone(),
            parts: parts.collect(),
        }
    }

    /// The same text, with each place put to another one.
    pub(crate) fn moved(&self, to: &impl Fn(usize) -> usize) -> Self {
        let parts = self.parts.iter().map(|part| Part {
            at: to(part.at.start)..to(part.at.end),
            ..part.clone()
        });
        Self {
            value: self.value.clone(),
            parts: parts.collect(),
        }
    }

    /// The same text, all of it at one place.
    pub(crate) fn placed(&self, at: &Range<usize>) -> Self {
        let mut text = Self::default();
        text.begin_part(at.clone());
        text.value.clone_from(&self.value);
        text
    }

    /// The same text, of one part, in which masked interpolations are holes.
    pub(crate) fn unmasked(&self) -> Self {
        let mut text = Self::default();
        text.begin_part(self.at());
        text.value = unmasked(&self.value);
        text
    }

    /// The same text, with a hole in place of each of these ranges, which are in order.
    pub(crate) fn with_holes_at(&self, holes: &[Range<usize>]) -> Self {
        let mut text = Self::default();
        let mut from = 0;
        for hole in holes {
            text.push_text(&self.slice(from..hole.start));
            let part = self.part_of(hole.start);
            let at = part.map_or(0..0, |part| part.piece(hole.start, hole.end).at);
            text.push_hole(at);
            from = hole.end;
        }
        text.push_text(&self.slice(from..self.value.len()));
        text
    }

    /// The part that a byte of the value is in.
    fn part_of(&self, byte: usize) -> Option<&Part> {
        let index = self.parts.partition_point(|part| part.start <= byte);
        self.parts.get(index.saturating_sub(1))
    }

    /// What stands between two bytes of the value.
    pub(crate) fn slice(&self, range: Range<usize>) -> Self {
        let value = self.value.get(range.clone()).unwrap_or_default();
        let first = self.parts.partition_point(|part| part.start <= range.start);
        let last = self.parts.partition_point(|part| part.start < range.end);
        let within = first.saturating_sub(1)..last;
        let parts = self.parts.get(within.clone()).unwrap_or_default();
        let later = self.parts.iter().skip(within.start.saturating_add(1));
        let ends = later.map(|part| part.start).chain([usize::MAX]);
        let pieces = parts.iter().zip(ends).map(|(part, end)| {
            let (from, to) = (part.start.max(range.start), end.min(range.end));
            Part {
                start: from.saturating_sub(range.start),
                ..part.piece(from, to)
            }
        });
        Self {
            value: value.to_owned(),
            parts: if value.is_empty() {
                Vec::new()
            } else {
                pieces.collect()
            },
        }
    }

    /// The text from a byte of the value on.
    pub(crate) fn rest_at(&self, byte: usize) -> Self {
        let value = self.value.get(byte..).unwrap_or_default();
        let mut text = Self::default();
        text.begin_part(self.at_byte(byte));
        text.value = value.to_owned();
        let later = self.parts.iter().filter(|part| part.start > byte);
        text.parts.extend(later.map(|part| Part {
            start: part.start.saturating_sub(byte),
            ..part.clone()
        }));
        text
    }

    /// The text, with [`HOLE`] where it is not known.
    pub(crate) fn as_str(&self) -> &str {
        &self.value
    }

    pub(crate) fn has_holes(&self) -> bool {
        self.value.contains(HOLE)
    }

    /// Where the first part stands in the file.
    pub(crate) fn at(&self) -> Range<usize> {
        self.parts.first().map_or(0..0, |part| part.at.clone())
    }

    /// Where the part stands in the file that a byte of the value is in.
    pub(crate) fn at_byte(&self, byte: usize) -> Range<usize> {
        self.part_of(byte).map_or(0..0, |part| part.at.clone())
    }
}

/// A range, so many bytes later.
pub(crate) const fn shifted(at: &Range<usize>, by: usize) -> Range<usize> {
    at.start.saturating_add(by)..at.end.saturating_add(by)
}

/// A text in which each run of [`MASK`] is one hole.
pub(crate) fn unmasked(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            MASK if result.ends_with(HOLE) => {}
            MASK => result.push(HOLE),
            other => result.push(other),
        }
    }
    result
}

/// Stands for the ID of a key that a reference leads to: any would do. Messages show it as unknown.
pub(crate) const SOME_KEY_ID: &str = "7d5c1e0a-93b4-4f26-8e1d-b06a2c94f37e";

/// A text as a message shows it: in backticks, cut if it is long, holes as `…`.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 120;
    if text.is_empty() {
        return "the empty text".to_owned();
    }
    let text = text.replace(SOME_KEY_ID, "…");
    let mut shown = String::from("`");
    for (index, character) in text.chars().enumerate() {
        match character {
            _ if index == MOST => {
                shown.push('…');
                break;
            }
            HOLE => shown.push('…'),
            other => shown.push(other),
        }
    }
    shown.push('`');
    crate::source::one_line(&shown)
}
