//! Objects that have a key twice: Terraform takes them, the later value wins, and the parser does not
//! take them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use hcl_edit::structure::Body;

use super::large_objects;
use crate::json::Fault;

/// What the parser says of a key that its object has already.
const REPEATED: &str = "redefined object key";

/// How many keys are put aside before a file is given up.
const MOST_REPEATED: usize = 64;

/// How many bytes are parsed again, in all rounds together.
const MOST_PARSED: usize = 1 << 26;

/// Parses a file with other keys, each as long, in place of those that are repeated.
///
/// They are told by the byte at which each begins.
pub(super) fn parse(text: &str) -> Result<(Body, HashMap<usize, String>), Fault> {
    if let Some(at) = large_objects::first_in(text) {
        let most = large_objects::MOST_KEYS;
        let reason =
            format!("an object with more than {most} keys is not read, so the file is not checked");
        return Err(Fault::new(at, reason));
    }
    let mut text = Cow::Borrowed(text);
    let mut repeated = HashMap::new();
    for round in 0_usize.. {
        let error = match hcl_edit::parser::parse_body(&text) {
            Ok(body) => return Ok((body, repeated)),
            Err(error) => error,
        };
        let at = error.location().offset();
        let is_repeated = error.message().contains(REPEATED) && round < most_repeated(text.len());
        let Some(key) = key_at(&text, at).filter(|_| is_repeated) else {
            return Err(Fault::new(at, format!("not HCL: {}", error.message())));
        };
        let name = text.get(key.clone()).unwrap_or_default().to_owned();
        let other = other_key(round, key.len());
        repeated.entry(key.start).or_insert(name);
        text.to_mut().replace_range(key, &other);
    }
    Err(Fault::new(0, "not HCL"))
}

/// How many keys are put aside of a file of this length: each makes it be parsed again.
fn most_repeated(length: usize) -> usize {
    MOST_REPEATED.min(MOST_PARSED.checked_div(length).unwrap_or(MOST_REPEATED))
}

/// The key that stands at a byte, without quotes.
fn key_at(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let (start, length) = match rest.strip_prefix('"') {
        Some(inner) => (at.saturating_add(1), inner.find(['"', '\\'])?),
        None => {
            let is_part = |character: char| character.is_alphanumeric() || "_-".contains(character);
            let end = rest.find(|character| !is_part(character));
            (at, end.unwrap_or(rest.len()))
        }
    };
    (length > 0).then(|| start..start.saturating_add(length))
}

/// A key that no file is likely to have, of this length: underscores, and the number of the round.
fn other_key(round: usize, length: usize) -> String {
    let number = format!("{round:02}");
    if length > number.len() {
        return format!("{number:_>length$}");
    }
    let letter = b"abcdefghijklmnopqrstuvwxyz".get(round.wrapping_rem(26));
    let letter = char::from(letter.copied().unwrap_or(b'_'));
    format!("{letter:_>length$}")
}
