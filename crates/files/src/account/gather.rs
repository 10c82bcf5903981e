//! What the files of an account tell, document by document.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::Deserialize;

use super::config::{Item, Told};
use super::document::{Document, KeyListItem};
use super::listing::{AliasItem, AliasRun, Aliases};
use super::metadata::KeyItem;
use crate::fault::{AccountError, Fault};
use crate::file::File;
use crate::locate::{self, Documents, Next, Position, Section};
use crate::object::Object;
use crate::recognise::{self, Kind};
use crate::text;
use kms_alias::{AliasListEntry, KeyArn, KeyId, KeyMetadata, Scope, Timestamp};
use kms_alias_foresee::verdict::KeyFacts;

/// A file's name, and its text as JSON documents.
pub(crate) struct Source<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: Cow<'a, str>,
}

/// What the files have told so far.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) keys: Vec<(KeyMetadata, Position)>,
    /// Keys of which some members are missing, as a query of AWS Config selects them.
    pub(crate) facts: Vec<(KeyArn, KeyFacts, Position)>,
    pub(crate) lists: Vec<(AliasRun, Position)>,
    /// Aliases that stand by themselves, and not in a list.
    pub(crate) aliases: Vec<(AliasListEntry, Option<Scope>, Position)>,
    /// What `list-keys` printed.
    pub(crate) listed: Vec<(KeyId, Option<Scope>, Position)>,
    pub(crate) pages: Vec<Page>,
    /// The newest item of AWS Config of each resource, by its ARN, where it says when it was taken.
    captured: BTreeMap<Box<str>, (Timestamp, Told, Position)>,
}

/// A page of a list.
pub(crate) struct Page {
    pub(crate) of: Listed,
    pub(crate) scope: Option<Scope>,
    /// Whether the list goes on in another document.
    pub(crate) goes_on: bool,
    pub(crate) position: Position,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listed {
    Aliases,
    Keys,
}

/// The files as JSON.
pub(crate) fn sources<'a>(files: &[File<'a>]) -> Result<Vec<Source<'a>>, AccountError> {
    let source = |file: &File<'a>| {
        Ok(Source {
            name: file.name,
            text: text::json(*file)?,
        })
    };
    files.iter().map(source).collect()
}

impl Gathered {
    pub(crate) fn of(sources: &[Source<'_>]) -> Result<Self, AccountError> {
        let mut gathered = Self::default();
        for (index, source) in sources.iter().enumerate() {
            gathered.read(index, source).map_err(|error| {
                let kind = recognise::of_json(&source.text);
                let file = File {
                    name: source.name,
                    bytes: b"",
                };
                text::explain(error, file, kind.mistaken_for(&[Kind::Account]))
            })?;
        }
        for (_, told, position) in core::mem::take(&mut gathered.captured).into_values() {
            gathered.take_told(told, position);
        }
        Ok(gathered)
    }

    fn read(&mut self, file: usize, source: &Source<'_>) -> Result<(), AccountError> {
        let mut documents = Documents::of(&source.text);
        let mut count = 0_usize;
        let mut is_blank = true;
        loop {
            let part = documents.next_part();
            let part =
                part.map_err(|error| locate::json_from(source.name, documents.line(), &error))?;
            match part {
                None => break,
                Some(Next::Document(rest)) => {
                    let position = Position::document(file, count);
                    let length = self.read_one(source, position, rest, &documents)?;
                    documents.advance(length);
                    count = count.saturating_add(1);
                }
                Some(Next::List(list)) => {
                    is_blank = false;
                    for raw in list {
                        let position = Position::document(file, count);
                        self.nested(raw.get(), position, 0)
                            .map_err(|(position, fault)| source.blame(position, fault))?;
                        count = count.saturating_add(1);
                    }
                }
            }
        }
        if count == 0 {
            let fault = if is_blank {
                Fault::Empty
            } else {
                Fault::EmptyArray
            };
            return Err(AccountError::of_file(source.name, fault));
        }
        Ok(())
    }

    /// Reads the document that a text begins with; its length.
    fn read_one(
        &mut self,
        source: &Source<'_>,
        position: Position,
        rest: &str,
        documents: &Documents<'_>,
    ) -> Result<usize, AccountError> {
        let mut stream =
            serde_json::Deserializer::from_str(rest).into_iter::<Object<Document<'_>>>();
        let read = stream.next().transpose();
        let length = stream.byte_offset();
        let Some(Object(document)) = read.map_err(|error| {
            if error.is_data() && !rest.starts_with('{') {
                return source.blame(position, Fault::NotAnAccount);
            }
            locate::json_error(
                source.name,
                &source.text,
                position,
                documents.line(),
                &error,
            )
        })?
        else {
            return Ok(rest.len());
        };
        let raw = rest.get(..length).unwrap_or_default();
        self.take(position, document, raw, 0)
            .map_err(|(position, fault)| source.blame(position, fault))?;
        Ok(length)
    }

    /// Takes a document that stands inside another one.
    fn nested(
        &mut self,
        raw: &str,
        position: Position,
        depth: usize,
    ) -> Result<(), (Position, Fault)> {
        /// A row of a query inside a recorded answer is as deep as it gets.
        const DEEPEST: usize = 3;
        if depth > DEEPEST {
            return Err((position, Fault::NotAnAccount));
        }
        if !raw.starts_with('{') {
            return Err((position, Fault::NotAnAccount));
        }
        let document = serde_json::from_str::<Object<Document<'_>>>(raw);
        let Object(document) = document.map_err(|error| (position, Fault::of_part(&error)))?;
        self.take(position, document, raw, depth)
    }

    fn take(
        &mut self,
        position: Position,
        mut document: Document<'_>,
        raw: &str,
        depth: usize,
    ) -> Result<(), (Position, Fault)> {
        let deeper = depth.saturating_add(1);
        if document.resource_type.is_some() {
            return self
                .take_item(raw, position)
                .map_err(|fault| (position, fault));
        }
        if let Some(data) = document.data {
            return self.nested(data.get(), position, deeper);
        }
        if let Some(rows) = document.results.take() {
            return self.take_rows(position, &rows);
        }
        if let Some(items) = document.configuration_items.take() {
            for (index, item) in items.into_iter().enumerate() {
                let position = position.of(Section::Items, index);
                self.take_item(item.get(), position)
                    .map_err(|fault| (position, fault))?;
            }
            return Ok(());
        }
        if !document.is_of_an_account() {
            return self
                .take_bare(position, raw)
                .map_err(|fault| (position, fault));
        }
        self.take_lists(position, document)
    }

    fn take_lists(
        &mut self,
        position: Position,
        mut document: Document<'_>,
    ) -> Result<(), (Position, Fault)> {
        let goes_on = document.goes_on();
        if let Some(Object(key)) = &mut document.key_metadata {
            key.take_tags(document.tags);
            let position = position.of(Section::KeyMetadata, 0);
            let key = key.read().map_err(|fault| (position, fault))?;
            self.keys.push((key, position));
        }
        if let Some(keys) = &document.keys {
            self.take_keys(position, keys, goes_on)?;
        }
        match document.aliases {
            Some(aliases) => self.take_aliases(position, aliases, goes_on),
            None => Ok(()),
        }
    }

    fn take_keys(
        &mut self,
        position: Position,
        keys: &[Object<KeyListItem<'_>>],
        goes_on: bool,
    ) -> Result<(), (Position, Fault)> {
        let mut of_page = None;
        for (index, Object(key)) in keys.iter().enumerate() {
            let position = position.of(Section::Keys, index);
            let (key_id, scope) = key.read().map_err(|fault| (position, fault))?;
            of_page = of_page.or(scope);
            self.listed.push((key_id, scope.or(of_page), position));
        }
        self.pages.push(Page {
            of: Listed::Keys,
            scope: of_page,
            goes_on,
            position,
        });
        Ok(())
    }

    fn take_aliases(
        &mut self,
        position: Position,
        list: Aliases,
        goes_on: bool,
    ) -> Result<(), (Position, Fault)> {
        if let Some(fault) = list.fault {
            let read = list.runs.iter().map(|run| run.entries.len()).sum();
            return Err((position.of(Section::Aliases, read), fault));
        }
        let page = |scope| Page {
            of: Listed::Aliases,
            scope,
            goes_on,
            position,
        };
        if list.runs.is_empty() {
            self.pages.push(page(None));
        }
        for run in list.runs {
            self.pages.push(page(run.scope.map(|(_, scope)| scope)));
            self.lists.push((run, position));
        }
        Ok(())
    }

    /// Takes the rows of a query of AWS Config.
    fn take_rows(
        &mut self,
        position: Position,
        rows: &[Cow<'_, str>],
    ) -> Result<(), (Position, Fault)> {
        for (index, row) in rows.iter().enumerate() {
            let position = position.of(Section::Results, index);
            self.take_item(row, position)
                .map_err(|fault| (position, fault))?;
        }
        Ok(())
    }

    /// Takes an item of AWS Config; those of other resources are left out.
    fn take_item(&mut self, raw: &str, position: Position) -> Result<(), Fault> {
        let item = serde_json::from_str::<Object<Item<'_>>>(raw);
        let Object(item) = item.map_err(|error| Fault::of_part(&error))?;
        let told = item.read()?;
        let Some((arn, at)) = item.captured() else {
            self.take_told(told, position);
            return Ok(());
        };
        match self.captured.get(arn) {
            Some((known, ..)) if *known >= at => {}
            _ => {
                self.captured.insert(arn.into(), (at, told, position));
            }
        }
        Ok(())
    }

    fn take_told(&mut self, told: Told, position: Position) {
        match told {
            Told::Alias(alias, scope) => {
                self.aliases.push((alias, scope, position));
            }
            Told::Key(key) => self.keys.push((*key, position)),
            Told::Facts(arn, facts) => self.facts.push((arn, facts, position)),
            Told::Nothing => {}
        }
    }

    /// Takes an entry without the document around it, as `--query` prints it.
    fn take_bare(&mut self, position: Position, raw: &str) -> Result<(), Fault> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Shape {
            alias_name: Option<serde::de::IgnoredAny>,
            key_arn: Option<serde::de::IgnoredAny>,
            arn: Option<serde::de::IgnoredAny>,
            key_id: Option<serde::de::IgnoredAny>,
        }
        let part = |error: serde_json::Error| Fault::of_part(&error);
        let Object(shape) = serde_json::from_str::<Object<Shape>>(raw).map_err(part)?;
        if shape.alias_name.is_some() {
            let Object(item) = serde_json::from_str::<Object<AliasItem<'_>>>(raw).map_err(part)?;
            let (alias, scope) = item.read()?;
            self.aliases.push((alias, scope, position));
        } else if shape.key_arn.is_some() {
            let Object(item) =
                serde_json::from_str::<Object<KeyListItem<'_>>>(raw).map_err(part)?;
            let (key_id, scope) = item.read()?;
            self.listed.push((key_id, scope, position));
        } else if shape.arn.is_some() && shape.key_id.is_some() {
            let Object(item) = serde_json::from_str::<Object<KeyItem<'_>>>(raw).map_err(part)?;
            self.keys.push((item.read()?, position));
        } else {
            return Err(Fault::NotAnAccount);
        }
        Ok(())
    }
}

impl Source<'_> {
    pub(crate) fn blame(&self, position: Position, fault: Fault) -> AccountError {
        locate::error_in(self.name, &self.text, position, fault)
    }
}

/// A fault at a position of one of these files.
pub(crate) fn blame(sources: &[Source<'_>], position: Position, fault: Fault) -> AccountError {
    match sources.get(position.file) {
        Some(source) => source.blame(position, fault),
        None => AccountError::of_file("no file", fault),
    }
}
