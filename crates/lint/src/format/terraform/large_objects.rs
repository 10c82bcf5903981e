//! Objects with more keys than are read: the parser compares each key of an object with all before it.
//!
//! They are looked for before a text is parsed, so that its time is bounded. Of the language only that
//! is known which says where an object begins, goes on and ends.

/// How many keys an object may have (ours).
pub(super) const MOST_KEYS: usize = 10_000;

/// What is open at a byte.
enum Open<'a> {
    /// An object, with the byte at which it begins and its keys so far.
    Object {
        at: usize,
        keys: usize,
    },
    /// A block, or what is put into a text.
    Other,
    Quotes,
    /// A heredoc, with the word that ends it.
    Heredoc(&'a str),
}

/// Where the first object of a file begins that has too many keys, if one has.
pub(super) fn first_in(text: &str) -> Option<usize> {
    first_of(text, Vec::new())
}

/// The same of what stands within quotes.
pub(super) fn first_in_template(text: &str) -> Option<usize> {
    first_of(text, vec![Open::Heredoc(NO_WORD)])
}

/// What no line is: it ends no heredoc.
const NO_WORD: &str = "\n";

fn first_of<'a>(text: &'a str, open: Vec<Open<'a>>) -> Option<usize> {
    // Most files have fewer signs than that between all keys and values.
    let signs = text.bytes().filter(|byte| matches!(byte, b'=' | b':'));
    if signs.count() <= MOST_KEYS {
        return None;
    }
    let mut scan = Scan {
        text,
        at: 0,
        open,
        before: b'\n',
    };
    while scan.at < text.len() {
        if let Some(Open::Object { at, keys }) = scan.open.last()
            && *keys > MOST_KEYS
        {
            return Some(*at);
        }
        match scan.open.last() {
            Some(Open::Quotes) => scan.in_quotes(),
            Some(Open::Heredoc(end)) => scan.in_heredoc(end),
            _ => scan.in_code(),
        }
    }
    None
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Open<'a>>,
    /// The last byte of code that is no space.
    before: u8,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn go(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes.max(1));
        while !self.text.is_char_boundary(self.at) {
            self.at = self.at.saturating_add(1);
        }
    }

    fn opens(&mut self, open: Open<'a>, bytes: usize) {
        self.open.push(open);
        self.before = b'\n';
        self.go(bytes);
    }

    /// Goes to the end of what ends with a text.
    fn go_behind(&mut self, end: &str) {
        let length = self.rest().find(end).map(|at| at.saturating_add(end.len()));
        self.go(length.unwrap_or(self.text.len()));
    }

    fn in_quotes(&mut self) {
        match self.rest().as_bytes() {
            [b'\\', ..] => self.go(2),
            [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => self.go(3),
            [b'$' | b'%', b'{', ..] => self.opens(Open::Other, 2),
            [b'"', ..] => {
                self.open.pop();
                self.before = b'"';
                self.go(1);
            }
            _ => self.go(1),
        }
    }

    fn in_heredoc(&mut self, end: &str) {
        match self.rest().as_bytes() {
            [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => self.go(3),
            [b'$' | b'%', b'{', ..] => self.opens(Open::Other, 2),
            [b'\n', ..] => {
                self.go(1);
                let line = self.rest().split('\n').next().unwrap_or_default();
                if line.trim() == end {
                    self.open.pop();
                    self.go(line.len());
                }
            }
            _ => self.go(1),
        }
    }

    fn in_code(&mut self) {
        let rest = self.rest();
        match rest.as_bytes() {
            [b'#', ..] | [b'/', b'/', ..] => self.go_behind("\n"),
            [b'/', b'*', ..] => self.go_behind("*/"),
            [b'"', ..] => self.opens(Open::Quotes, 1),
            [b'<', b'<', ..] => self.heredoc(),
            [b'{', ..] => {
                let object = Open::Object {
                    at: self.at,
                    keys: 0,
                };
                // Before the brace of a block stands its kind or a label.
                let is_block =
                    self.before.is_ascii_alphanumeric() || b"_-\"".contains(&self.before);
                self.opens(if is_block { Open::Other } else { object }, 1);
            }
            [b'}', ..] => {
                self.open.pop();
                self.before = b'}';
                self.go(1);
            }
            [b'=' | b'!' | b'<' | b'>', b'=', ..] => self.code(2),
            [b'=' | b':', ..] => {
                if let Some(Open::Object { keys, .. }) = self.open.last_mut() {
                    *keys = keys.saturating_add(1);
                }
                self.code(1);
            }
            [b' ' | b'\t' | b'\r' | b'\n', ..] => self.go(1),
            _ => self.code(1),
        }
    }

    fn code(&mut self, bytes: usize) {
        self.before = self.text.as_bytes().get(self.at).copied().unwrap_or(b'\n');
        self.go(bytes);
    }

    fn heredoc(&mut self) {
        let line = self.rest().split('\n').next().unwrap_or_default();
        let end = line.trim_start_matches('<');
        let end = end.strip_prefix('-').unwrap_or(end).trim();
        // The line break is of the text: the word may stand on the next line.
        self.opens(Open::Heredoc(end), line.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_keys_of_one_object_count() {
        let keys = |count: usize, separator: &str| -> String {
            (0..count)
                .map(|at| format!("k{at} = \"{{\"{separator}"))
                .collect()
        };
        let (few, many) = (keys(MOST_KEYS, "\n"), keys(MOST_KEYS + 1, "\n"));
        for (text, expected) in [
            (format!("x = {{\n{many}}}"), Some(4)),
            (format!("x = {{\n{few}}}"), None),
            (format!("x = [{{{few}}}, {{\n{few}}}]"), None),
            (format!("locals {{\n{many}}}"), None),
            (format!("b \"l\" {{\n{many}}}"), None),
            (format!("x = \"${{y({{{many}}})}}\""), Some(9)),
            (
                format!("x = <<-E\n ${{ {{{many}}} }}\n E\ny = {{}}"),
                Some(13),
            ),
            (format!("x = <<E\n= {{{many}\nE\ny = {{}}"), None),
            (format!("x = <<E\nE\ny = {{{many}}}"), Some(14)),
            (
                format!("# = {{\n/* = {{ */ // = {{\nx = {{ {many}}}"),
                Some(29),
            ),
            (format!("x = \"\\\" = {{ $${{\"\ny {{\n{many}}}"), None),
            (many.clone(), None),
        ] {
            let start = text.get(..text.len().min(40));
            assert_eq!(first_in(&text), expected, "{start:?}");
        }
    }
}
