//! The text of an alias name, which needs no allocation where it is short.
//!
//! Parsing a name and handing it on in a change is most of what a table is asked to do; an
//! allocation for each would cost more than all the checks.

use alloc::boxed::Box;
use core::cmp::Ordering;

/// How many words a short text has.
const WORDS: usize = 5;
/// One byte is left for the length. Most names are shorter.
const INLINE: usize = 8 * WORDS - 1;

/// A short text, zeros after it, and its length in the last byte.
// Words instead of bytes and a length: it is written and read as whole words, as reading a word
// that was just written in pieces would stall.
#[derive(Clone, Copy)]
#[repr(align(8))]
pub(super) struct Short([[u8; 8]; WORDS]);

/// A text that was checked before.
#[derive(Clone)]
pub(super) enum NameText {
    /// A constant of the program.
    Static(&'static str),
    Inline(Short),
    Heap(Box<str>),
}

impl NameText {
    #[inline(always)]
    pub(super) fn new(text: &str) -> Self {
        Short::new(text.as_bytes()).map_or_else(|| Self::long(text), Self::Inline)
    }

    #[cold]
    fn long(text: &str) -> Self {
        Self::Heap(text.into())
    }

    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Static(text) => text.as_bytes(),
            Self::Inline(short) => short.as_bytes(),
            Self::Heap(text) => text.as_bytes(),
        }
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Static(text) => text,
            Self::Inline(short) => core::str::from_utf8(short.as_bytes()).unwrap_or_default(),
            Self::Heap(text) => text,
        }
    }
}

impl Short {
    /// A text, if it fits.
    #[inline(always)]
    fn new(text: &[u8]) -> Option<Self> {
        let length = u8::try_from(text.len()).ok()?;
        let [first, second, third, fourth, fifth] = words(text)?;
        let fifth = fifth | u64::from(length) << 56;
        Some(Self(
            [first, second, third, fourth, fifth].map(u64::to_le_bytes),
        ))
    }

    #[inline]
    fn as_bytes(&self) -> &[u8] {
        let [.., [.., length]] = self.0;
        self.0
            .as_flattened()
            .get(..usize::from(length))
            .unwrap_or_default()
    }
}

/// A text as words with zeros after it, if it fits.
///
/// Where a text ends within a word, its last bytes are taken and shifted into place.
#[inline(always)]
fn words(text: &[u8]) -> Option<[u64; WORDS]> {
    let word = |at: usize| Some(u64::from_le_bytes(*text.get(at..)?.first_chunk()?));
    // How many bits the text is shorter than this many bytes.
    let missing =
        |bytes: usize| u32::try_from(bytes.wrapping_sub(text.len()).wrapping_mul(8)).unwrap_or(0);
    match text.len() {
        0..=7 => {
            let mut bytes = [0; 8];
            bytes.get_mut(..text.len())?.copy_from_slice(text);
            Some([u64::from_le_bytes(bytes), 0, 0, 0, 0])
        }
        8..=15 => {
            let last = u64::from_le_bytes(*text.last_chunk()?);
            Some([word(0)?, last.unbounded_shr(missing(16)), 0, 0, 0])
        }
        16..=32 => {
            let last = u128::from_le_bytes(*text.last_chunk()?);
            let [third, fourth] = halves(last.unbounded_shr(missing(32)));
            Some([word(0)?, word(8)?, third, fourth, 0])
        }
        33..=INLINE => {
            let last = u64::from_le_bytes(*text.last_chunk()?);
            let fifth = last.unbounded_shr(missing(40));
            Some([word(0)?, word(8)?, word(16)?, word(24)?, fifth])
        }
        _ => None,
    }
}

/// The lower half of a word and the upper.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
const fn halves(word: u128) -> [u64; 2] {
    [word as u64, (word >> 64) as u64]
}

impl PartialEq for NameText {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for NameText {}

impl PartialOrd for NameText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for NameText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::NameText;
    use alloc::format;

    #[test]
    fn a_text_reads_back_wherever_it_is_kept_a2() {
        assert_eq!(size_of::<NameText>(), 48);
        assert_eq!(NameText::Static("alias/a").as_str(), "alias/a");
        for length in 0..300 {
            let text = "a".repeat(length);
            let kept = NameText::new(&text);
            assert_eq!(kept.as_str(), text);
            assert_eq!(kept.as_bytes(), text.as_bytes());
            assert!(kept == NameText::Heap(text.as_str().into()));
            assert!(kept < NameText::new(&format!("{text}b")));
        }
        let is_short =
            |length: usize| matches!(NameText::new(&"a".repeat(length)), NameText::Inline(_));
        assert!((0..300).all(|length| is_short(length) == (length <= 39)));
        // Only names are put in, but any text would be kept.
        assert_eq!(NameText::new("alias/ä").as_str(), "alias/ä");
    }
}
