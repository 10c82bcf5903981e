//! Keys that an object of a template has twice. Readers of JSON and YAML commonly take the later one without an
//! error, so that a resource or a property that was written is not made: such a template is refused here (ours).

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::fault::{AccountError, Fault};

/// The lines of the logical IDs of a template.
type Lines = BTreeMap<String, usize>;

/// Refuses JSON with an object that has a key twice, and tells the lines of its resources; YAML is on the same
/// lines in it.
pub(super) fn check(file: &str, json: &str) -> Result<Lines, AccountError> {
    let mut lines = Lines::new();
    let Some(Repeated { path, first, again }) = repeated(json, &mut lines) else {
        return Ok(lines);
    };
    let words = format!(
        "this key is a duplicate of the one on line {first}: most readers use the later one and ignore the other \
         without an error; remove one of them, or rename it"
    );
    Err(AccountError {
        line: Some(again),
        entry: Some(path),
        ..AccountError::of_file(file, Fault::Json(words))
    })
}

/// A key that an object has twice: what leads to it, and the lines of both, from 1.
struct Repeated {
    path: String,
    first: usize,
    again: usize,
}

/// What is open around a place of a document.
enum Around<'j> {
    Object {
        /// Each key so far, with its line.
        keys: BTreeMap<Cow<'j, str>, usize>,
        /// The one whose value stands here; none where a key is to follow.
        key: Option<Cow<'j, str>>,
    },
    /// A list, and the index of the value that stands here.
    List(usize),
}

/// Whether the keys of an object are the logical IDs of a template, or of one that `get-template` prints.
fn is_resources(around: &[Around<'_>]) -> bool {
    let is_at = |one: &Around<'_>, name: &str| matches!(one, Around::Object { key: Some(key), .. } if key == name);
    match around {
        [root, _] => is_at(root, "Resources"),
        [root, body, _] => is_at(root, "TemplateBody") && is_at(body, "Resources"),
        _ => false,
    }
}

/// The first key that an object of a JSON document has twice; the lines of logical IDs up to there are noted.
fn repeated(json: &str, lines: &mut Lines) -> Option<Repeated> {
    let mut around: Vec<Around<'_>> = Vec::new();
    let (mut line, mut rest) = (1_usize, json);
    while let Some(first) = rest.chars().next() {
        let is_resources = is_resources(&around);
        let (token, after) = match first {
            '"' => rest.split_at_checked(length_of_text(rest))?,
            _ => rest.split_at_checked(first.len_utf8())?,
        };
        rest = after;
        match (first, around.last_mut()) {
            ('\n', _) => line = line.saturating_add(1),
            ('{', _) => around.push(Around::Object {
                keys: BTreeMap::new(),
                key: None,
            }),
            ('[', _) => around.push(Around::List(0)),
            ('}' | ']', _) => drop(around.pop()),
            (',', Some(Around::Object { key, .. })) => *key = None,
            (',', Some(Around::List(index))) => *index = index.saturating_add(1),
            ('"', Some(Around::Object { keys, key })) if key.is_none() => {
                let name = written(token);
                *key = Some(name.clone());
                if is_resources {
                    lines.insert(name.clone().into_owned(), line);
                }
                if let Some(first) = keys.insert(name, line) {
                    return Some(Repeated {
                        path: path(&around),
                        first,
                        again: line,
                    });
                }
            }
            _ => {}
        }
    }
    None
}

/// How many bytes the text has with which this begins, its quotes counted.
fn length_of_text(json: &str) -> usize {
    let mut bytes = json.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'"' => return at.saturating_add(1),
            _ => {}
        }
    }
    json.len()
}

/// What a text in quotes is.
fn written(token: &str) -> Cow<'_, str> {
    match serde_json::from_str::<&str>(token) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => match serde_json::from_str::<String>(token) {
            Ok(text) => Cow::Owned(text),
            Err(_) => Cow::Borrowed(token),
        },
    }
}

fn path(around: &[Around<'_>]) -> String {
    let mut path = String::new();
    for one in around {
        match one {
            Around::Object { key, .. } => {
                let dot = if path.is_empty() { "" } else { "." };
                path.push_str(dot);
                path.push_str(key.as_deref().unwrap_or_default());
            }
            Around::List(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}
