//! The terminal: its width, and the colours of what is said on it.

use std::env;

use anstyle::{AnsiColor, Style};

/// The width where nothing tells it.
const WIDTH: usize = 100;

/// The narrowest width that text is broken for: below it words would be.
const NARROWEST: usize = 30;

/// The columns of a line: `COLUMNS` if it is set, else what the terminal says.
pub fn width() -> usize {
    let set = env::var("COLUMNS")
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let told = || {
        let (width, _) = terminal_size::terminal_size()?;
        Some(usize::from(width.0))
    };
    set.filter(|width| *width > 0)
        .or_else(told)
        .unwrap_or(WIDTH)
        .max(NARROWEST)
}

/// A text broken into lines of the terminal's width, all of them indented by so many blanks.
///
/// For our own words only: KMS's words stay whole, so that they can be copied.
pub fn indented(text: &str, blanks: usize) -> String {
    wrapped(text, blanks, blanks)
}

/// The same, with lines after the first two blanks further in: an item of a list.
pub fn item(text: &str, blanks: usize) -> String {
    wrapped(text, blanks, blanks + 2)
}

fn wrapped(text: &str, first: usize, rest: usize) -> String {
    let (first, rest) = (" ".repeat(first), " ".repeat(rest));
    let options = textwrap::Options::new(width())
        .initial_indent(&first)
        .subsequent_indent(&rest)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

/// The colours of verdicts.
pub struct Palette;

impl Palette {
    pub const GOOD: Style = AnsiColor::Green.on_default();
    pub const BAD: Style = AnsiColor::Red.on_default().bold();
    pub const OPEN: Style = AnsiColor::Yellow.on_default().bold();
    pub const HEAD: Style = Style::new().bold();
    pub const FAINT: Style = Style::new().dimmed();
}
