//! The keys of the objects of a JSON document, with what leads to each and its line.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::ControlFlow;

/// What is open around a place of a document.
pub(super) enum Around<'j> {
    Object {
        /// Each key so far, with its line.
        keys: BTreeMap<Cow<'j, str>, usize>,
        /// The one whose value stands here; none where a key is to follow.
        key: Option<Cow<'j, str>>,
    },
    /// A list, and the index of the value that stands here.
    List(usize),
}

impl Around<'_> {
    /// The key whose value stands here.
    pub(super) fn key(&self) -> Option<&str> {
        match self {
            Self::Object { key, .. } => key.as_deref(),
            Self::List(_) => None,
        }
    }
}

/// A key of an object: the last of what is around its value, its line, and that of the same key before it.
pub(super) struct Key<'a, 'j> {
    pub(super) around: &'a [Around<'j>],
    pub(super) line: usize,
    pub(super) before: Option<usize>,
}

impl Key<'_, '_> {
    /// What leads there, such as `Resources.Alias.Properties`.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for one in self.around {
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
}

/// Visits the keys of a JSON document as they are written, until one is broken off at.
pub(super) fn visit<B>(
    json: &str,
    mut visit: impl FnMut(&Key<'_, '_>) -> ControlFlow<B>,
) -> Option<B> {
    let mut around: Vec<Around<'_>> = Vec::new();
    let (mut line, mut rest) = (1_usize, json);
    while let Some(first) = rest.chars().next() {
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
                let before = keys.insert(name, line);
                let around = &around;
                if let ControlFlow::Break(found) = visit(&Key {
                    around,
                    line,
                    before,
                }) {
                    return Some(found);
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
