//! The slow path: the line and the entry of a fault, found by reading the file again.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::account::document::KeyListItem;
use super::account::listing::AliasItem;
use super::account::metadata::KeyItem;
use super::fault::{AccountError, Fault};
use super::file::File;
use super::object::Object;
use super::text::MARK;

/// Where something stands: which file, which document of it, which entry of that.
#[derive(Clone, Copy, Debug, Default)]
pub struct Position {
    pub(crate) file: usize,
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
    /// The list of aliases.
    Aliases,
    /// The list of keys.
    Keys,
    /// The description of a key.
    KeyMetadata,
    /// The rows of a query of AWS Config.
    Results,
    /// The items of AWS Config.
    Items,
}

impl Position {
    /// A document as a whole.
    pub const fn document(file: usize, document: usize) -> Self {
        Self {
            file,
            document,
            section: Section::Document,
            index: 0,
        }
    }

    /// What decides which of two positions comes first: files, then documents, then entries.
    pub const fn order(&self) -> (usize, usize, usize) {
        (self.file, self.document, self.index)
    }

    /// The position of the entry that comes so many entries later.
    pub const fn plus(self, entries: usize) -> Self {
        Self {
            index: self.index.saturating_add(entries),
            ..self
        }
    }

    /// An entry of a part of the document.
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
    #[serde(borrow)]
    results: Option<Vec<&'a RawValue>>,
    #[serde(
        borrow,
        rename = "configurationItems",
        alias = "ConfigurationItems",
        alias = "baseConfigurationItems"
    )]
    items: Option<Vec<&'a RawValue>>,
    #[serde(borrow, rename = "data")]
    data: Option<&'a RawValue>,
}

impl<'a> Entries<'a> {
    /// The entries of a document; of a recorded answer, those of the answer.
    fn of(document: &'a str) -> Option<Self> {
        let Object(entries) = serde_json::from_str::<Object<Self>>(document).ok()?;
        match entries.data {
            None => Some(entries),
            Some(data) => serde_json::from_str::<Object<Self>>(data.get())
                .ok()
                .map(|Object(entries)| entries),
        }
    }

    fn get(&self, position: Position) -> Option<&'a RawValue> {
        let list = match position.section {
            Section::Document => return None,
            Section::KeyMetadata => return self.key_metadata,
            Section::Aliases => &self.aliases,
            Section::Keys => &self.keys,
            Section::Results => &self.results,
            Section::Items => &self.items,
        };
        list.as_ref()?.get(position.index).copied()
    }
}

/// The documents of a text, one after the other: those of an array, each by itself.
pub struct Documents<'a> {
    text: &'a str,
    at: usize,
    list: alloc::vec::IntoIter<&'a RawValue>,
}

/// The next of what a text holds.
pub enum Next<'a> {
    /// A document, and what follows it.
    Document(&'a str),
    /// An array of documents.
    List(Vec<&'a RawValue>),
}

impl<'a> Documents<'a> {
    /// The documents of a text.
    pub fn of(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            list: Vec::new().into_iter(),
        }
    }

    /// What stands next; a document is read by the caller, who says how long it was.
    ///
    /// # Errors
    /// An array that is no JSON.
    pub fn next_part(&mut self) -> Result<Option<Next<'a>>, serde_json::Error> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == MARK);
        self.at = self.text.len().saturating_sub(rest.len());
        if rest.is_empty() {
            return Ok(None);
        }
        if !rest.starts_with('[') {
            return Ok(Some(Next::Document(rest)));
        }
        let mut lists = serde_json::Deserializer::from_str(rest).into_iter::<Vec<&RawValue>>();
        let list = lists.next().transpose()?.unwrap_or_default();
        self.advance(lists.byte_offset());
        Ok(Some(Next::List(list)))
    }

    /// Goes beyond a document of this length.
    pub fn advance(&mut self, length: usize) {
        self.at = self.at.saturating_add(length);
    }

    /// The line, from 1, at which the next document begins.
    pub fn line(&self) -> usize {
        Lines::of(self.text).at(self.text.get(self.at..).unwrap_or_default())
    }
}

/// The documents up to the first that is no JSON.
impl<'a> Iterator for Documents<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            if let Some(raw) = self.list.next() {
                return Some(raw.get());
            }
            match self.next_part().ok()?? {
                Next::List(list) => self.list = list.into_iter(),
                Next::Document(rest) => {
                    let mut one = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
                    let raw = one.next()?.ok()?;
                    self.advance(one.byte_offset());
                    return Some(raw.get());
                }
            }
        }
    }
}

/// A file's text, without the mark that some editors put before it.
///
/// # Errors
/// A file that is not UTF-8.
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
    /// The lines of a text.
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

/// A fault at a position of this file.
pub fn error_in(name: &str, text: &str, position: Position, fault: Fault) -> AccountError {
    let document = Documents::of(text).nth(position.document);
    let part = document.map(|document| entry(document, position).unwrap_or(document));
    AccountError {
        line: part.map(|part| Lines::of(text).at(part)),
        entry: entry_name(position),
        ..AccountError::of_file(name, fault)
    }
}

/// The text of an entry.
fn entry(document: &str, position: Position) -> Option<&str> {
    Some(Entries::of(document)?.get(position)?.get())
}

fn entry_name(position: Position) -> Option<String> {
    match position.section {
        Section::Document => None,
        Section::Aliases => Some(format!("Aliases[{}]", position.index)),
        Section::Keys => Some(format!("Keys[{}]", position.index)),
        Section::KeyMetadata => Some("KeyMetadata".to_string()),
        Section::Results => Some(format!("Results[{}]", position.index)),
        Section::Items => Some(format!("configurationItems[{}]", position.index)),
    }
}

/// An error of the JSON reader in a document that begins at this line, with the entry that it is
/// in, if the document is JSON at all.
pub fn json_error(
    name: &str,
    text: &str,
    position: Position,
    begins: usize,
    error: &serde_json::Error,
) -> AccountError {
    let document = Documents::of(text).nth(position.document);
    let position = document
        .and_then(|document| culprit(document, position))
        .unwrap_or(position);
    AccountError {
        entry: entry_name(position),
        ..json_from(name, begins, error)
    }
}

/// An error of the JSON reader in a part of a file that begins at this line.
pub fn json_from(name: &str, begins: usize, error: &serde_json::Error) -> AccountError {
    // Both count from 1.
    let line = begins.saturating_add(error.line()).saturating_sub(1);
    AccountError {
        line: Some(line),
        ..AccountError::json(name, error)
    }
}

/// The first entry of a document that cannot be read.
fn culprit(document: &str, position: Position) -> Option<Position> {
    let entries = Entries::of(document)?;
    let alias = first_bad::<Object<AliasItem<'_>>>(entries.aliases.as_deref())
        .map(|at| position.of(Section::Aliases, at));
    let key = || {
        first_bad::<Object<KeyListItem<'_>>>(entries.keys.as_deref())
            .map(|at| position.of(Section::Keys, at))
    };
    let metadata = || {
        let raw = entries.key_metadata?;
        serde_json::from_str::<Object<KeyItem<'_>>>(raw.get())
            .is_err()
            .then(|| position.of(Section::KeyMetadata, 0))
    };
    alias.or_else(key).or_else(metadata)
}

fn first_bad<'a, T: Deserialize<'a>>(entries: Option<&[&'a RawValue]>) -> Option<usize> {
    entries?
        .iter()
        .position(|raw| serde_json::from_str::<T>(raw.get()).is_err())
}
