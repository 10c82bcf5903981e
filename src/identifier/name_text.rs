//! The text of an alias name, which needs no allocation where it is short.
//!
//! Parsing a name and handing it on in a change is most of what a table is asked to do; an
//! allocation for each would cost more than all the checks.

use alloc::boxed::Box;
use core::cmp::Ordering;

/// As many bytes as keep the text within 48 bytes: longer than most names.
const INLINE: usize = 46;

/// A text that was checked before.
#[derive(Clone)]
pub(super) enum NameText {
    /// A constant of the program.
    Static(&'static str),
    Inline {
        length: u8,
        // INVARIANT: the first `length` are a text.
        bytes: [u8; INLINE],
    },
    Heap(Box<str>),
}

impl NameText {
    #[inline]
    pub(super) fn new(text: &str) -> Self {
        let mut bytes = [0; INLINE];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(place), Ok(length)) => {
                place.copy_from_slice(text.as_bytes());
                Self::Inline { length, bytes }
            }
            _ => Self::Heap(text.into()),
        }
    }

    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Static(text) => text.as_bytes(),
            Self::Inline { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Self::Heap(text) => text.as_bytes(),
        }
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Static(text) => text,
            Self::Inline { .. } => core::str::from_utf8(self.as_bytes()).unwrap_or_default(),
            Self::Heap(text) => text,
        }
    }
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
        // It is made of names alone; any other text would be kept as well.
        assert_eq!(NameText::new("alias/ä").as_str(), "alias/ä");
    }
}
