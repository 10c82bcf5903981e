//! The slow path: the line and the entry of a fault, found by reading the file again.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::document::{KeyItem, KeyListItem};
use super::fault::{AccountError, Fault};
use super::file::File;
use super::listing::AliasItem;
use super::object::Object;

/// Where something stands: which file, which document of it, which entry of that.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    file: usize,
    document: usize,
    section: Section,
    index: usize,
}

/// The part of a document.
#[derive(Clone, Copy, Debug, Default)]
pub enum Section {
    /// The document as a whole.
    #[default]
    Document,
    Aliases,
    Keys,
    KeyMetadata,
}

impl Place {
    /// A document as a whole.
    pub const fn document(file: usize, document: usize) -> Self {
        Self {
            file,
            document,
            section: Section::Document,
            index: 0,
        }
    }

    pub const fn of(self, section: Section, index: usize) -> Self {
        Self {
            section,
            index,
            ..self
        }
    }
}

/// A document whose entries are kept as the text that they are.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entries<'a> {
    #[serde(borrow)]
    aliases: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    key_metadata: Option<&'a RawValue>,
    #[serde(borrow)]
    keys: Option<Vec<&'a RawValue>>,
}

/// A file's text, without the mark that some editors put before it.
pub fn text(file: File<'_>) -> Result<&str, AccountError> {
    core::str::from_utf8(file.bytes)
        .map(|text| text.trim_start_matches('\u{feff}'))
        .map_err(|error| {
            let before = file.bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = before
                .iter()
                .filter(|byte| **byte == b'\n')
                .count()
                .saturating_add(1);
            AccountError {
                line: Some(line),
                ..AccountError::of_file(file.name, Fault::NotUtf8)
            }
        })
}

/// Lines of a text, for parts of it that are asked for in their order: each byte is looked at once.
pub struct Lines<'a> {
    text: &'a str,
    offset: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    pub const fn of(text: &'a str) -> Self {
        Self {
            text,
            offset: 0,
            line: 1,
        }
    }

    /// The line, from 1, at which a part of the text begins, which is not before the last one.
    pub fn at(&mut self, part: &str) -> usize {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let between = self
            .text
            .as_bytes()
            .get(self.offset..offset)
            .unwrap_or_default();
        let breaks = between.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(breaks);
        self.offset = offset;
        self.line
    }
}

/// A fault at a place of one of these files, which was read before.
pub fn error(files: &[File<'_>], place: Place, fault: Fault) -> AccountError {
    let nowhere = File {
        name: "",
        bytes: b"",
    };
    let file = files.get(place.file).copied().unwrap_or(nowhere);
    error_in(file, text(file).unwrap_or_default(), place, fault)
}

/// A fault at a place of this file.
pub fn error_in(file: File<'_>, text: &str, place: Place, fault: Fault) -> AccountError {
    let raw = raw_document(text, place.document);
    let part = raw.and_then(|raw| entry(raw, place).or(Some(raw.get())));
    AccountError {
        line: part.map(|part| Lines::of(text).at(part)),
        entry: entry_name(place),
        ..AccountError::of_file(file.name, fault)
    }
}

fn raw_document(text: &str, index: usize) -> Option<&RawValue> {
    let mut documents = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    documents.nth(index)?.ok()
}

/// The text of an entry.
fn entry(document: &RawValue, place: Place) -> Option<&str> {
    let Object(entries) = serde_json::from_str::<Object<Entries<'_>>>(document.get()).ok()?;
    let raw = match place.section {
        Section::Document => None,
        Section::Aliases => entries.aliases?.get(place.index).copied(),
        Section::Keys => entries.keys?.get(place.index).copied(),
        Section::KeyMetadata => entries.key_metadata,
    };
    raw.map(RawValue::get)
}

fn entry_name(place: Place) -> Option<String> {
    match place.section {
        Section::Document => None,
        Section::Aliases => Some(format!("Aliases[{}]", place.index)),
        Section::Keys => Some(format!("Keys[{}]", place.index)),
        Section::KeyMetadata => Some("KeyMetadata".to_string()),
    }
}

/// An error of the JSON reader, with the entry that it is in, if the document is JSON at all.
pub fn json_error(
    file: File<'_>,
    text: &str,
    place: Place,
    error: &serde_json::Error,
) -> AccountError {
    let place = raw_document(text, place.document)
        .and_then(|raw| culprit(raw, place))
        .unwrap_or(place);
    AccountError {
        entry: entry_name(place),
        ..AccountError::json(file.name, error)
    }
}

/// The first entry of a document that cannot be read.
fn culprit(document: &RawValue, place: Place) -> Option<Place> {
    let Object(entries) = serde_json::from_str::<Object<Entries<'_>>>(document.get()).ok()?;
    let alias = first_bad::<Object<AliasItem<'_>>>(entries.aliases.as_deref())
        .map(|at| place.of(Section::Aliases, at));
    let key = || {
        first_bad::<Object<KeyListItem<'_>>>(entries.keys.as_deref())
            .map(|at| place.of(Section::Keys, at))
    };
    let metadata = || {
        let raw = entries.key_metadata?;
        serde_json::from_str::<Object<KeyItem<'_>>>(raw.get())
            .is_err()
            .then(|| place.of(Section::KeyMetadata, 0))
    };
    alias.or_else(key).or_else(metadata)
}

fn first_bad<'a, T: Deserialize<'a>>(entries: Option<&[&'a RawValue]>) -> Option<usize> {
    entries?
        .iter()
        .position(|raw| serde_json::from_str::<T>(raw.get()).is_err())
}
