//! From files to the events of KMS, in the order of their time.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use hashbrown::HashSet;

use super::event::Event;
use super::record::{Document, Lookup, Record, Source};
use kms_alias::Scope;
use kms_alias::Timestamp;
use kms_alias_files::fault::{AccountError, Fault};
use kms_alias_files::locate::{self, Lines};
use kms_alias_files::object::Object;
use kms_alias_files::{File, Kind, recognise};

/// The events of KMS that a log has, in the order of their time.
///
/// ```
/// use kms_alias_files::File;
/// use kms_alias_audit::read_trail;
///
/// let bytes = br#"{"Records": [{
///     "eventSource": "kms.amazonaws.com", "eventName": "DeleteAlias", "eventID": "1",
///     "eventTime": "2026-01-31T12:00:00Z", "awsRegion": "eu-west-3",
///     "recipientAccountId": "111122223333", "requestParameters": {"aliasName": "alias/old"},
///     "errorCode": "NotFoundException", "errorMessage": "Alias is not found."
/// }]}"#;
/// let trail = read_trail(&[File { name: "trail.json", bytes }])?;
/// assert_eq!((trail.events().len(), trail.other_services(), trail.repeated()), (1, 0, 0));
/// let scopes = trail.scopes();
/// assert_eq!(scopes, [("arn:aws:kms:eu-west-3:111122223333".parse()?, 1)]);
///
/// let later = trail.events()[0].time().plus_days(1);
/// assert!(trail.since(later).events().is_empty());
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Trail {
    events: Vec<Event>,
    other_services: usize,
    without_source: usize,
    repeated: usize,
}

/// Reads CloudTrail's log: any number of files, in any order.
///
/// A file is a stream of JSON documents, each of them a file of a trail (`{"Records": […]}`), a
/// page of what `aws cloudtrail lookup-events` prints (`{"Events": […]}`), or a record by itself.
/// What S3 keeps is compressed: hand in what it unpacks to. Events of other services are left out,
/// and so is an event whose ID came before: CloudTrail may deliver one twice.
///
/// Events of the same second stay in the order in which they came, as the log says no more.
///
/// ```
/// use kms_alias_files::File;
/// use kms_alias_audit::read_trail;
///
/// let bytes = br#"{"Records": [
///     {"eventSource": "s3.amazonaws.com", "eventName": "GetObject"},
///     {"eventSource": "kms.amazonaws.com", "eventName": "DeleteAlias",
///      "eventTime": "2026-01-31T12:00:00Z", "awsRegion": "eu-west-3",
///      "recipientAccountId": "111122223333", "requestParameters": {"aliasName": "alias/old"}}
/// ]}"#;
/// let trail = read_trail(&[File { name: "trail.json", bytes }])?;
/// assert_eq!((trail.events().len(), trail.other_services()), (1, 1));
/// assert_eq!(trail.events()[0].subject().as_deref(), Some("alias/old"));
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
///
/// # Errors
/// A file that is not UTF-8, holds no document or is not JSON; a document that is no log; a record
/// of KMS without `eventName` or `eventTime`, or with a member of the wrong type: the file, the
/// line and the entry.
pub fn read_trail(files: &[File<'_>]) -> Result<Trail, AccountError> {
    let mut reading = Reading::default();
    for file in files {
        let read = reading.read(*file);
        read.map_err(|error| explained(error, *file))?;
    }
    let mut trail = reading.trail;
    trail.events.sort_by_key(Event::time);
    Ok(trail)
}

impl Trail {
    /// The events of KMS, in the order of their time.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The same log without the events before a time, such as that of an account's files.
    #[must_use]
    pub fn since(mut self, at: Timestamp) -> Self {
        self.events.retain(|event| event.time() >= at);
        self
    }

    /// The accounts and Regions that the events are of, each with how many: in the order of their
    /// parts.
    #[must_use]
    pub fn scopes(&self) -> Vec<(Scope, usize)> {
        let mut scopes: Vec<Scope> = self.events.iter().filter_map(Event::scope).collect();
        scopes.sort_unstable_by_key(|scope| (scope.region(), scope.account()));
        let runs = scopes.chunk_by(PartialEq::eq);
        runs.filter_map(|run| Some((*run.first()?, run.len())))
            .collect()
    }

    /// How many records are of other services.
    #[must_use]
    pub const fn other_services(&self) -> usize {
        self.other_services
    }

    /// How many records do not say which service they are of; they are counted as of no service.
    #[must_use]
    pub const fn without_source(&self) -> usize {
        self.without_source
    }

    /// How many events do not say which account and Region they are of, or name a Region that rule
    /// K4 does not know: no account can be held against them.
    ///
    /// ```
    /// use kms_alias_audit::read_trail;
    /// use kms_alias_files::File;
    ///
    /// let bytes = br#"{"Records": [{"eventName": "DeleteAlias"}, {
    ///     "eventSource": "kms.amazonaws.com", "eventName": "DeleteAlias",
    ///     "eventTime": "2026-01-31T12:00:00Z", "recipientAccountId": "111122223333"
    /// }]}"#;
    /// let trail = read_trail(&[File { name: "trail.json", bytes }])?;
    /// assert_eq!((trail.without_source(), trail.without_scope()), (1, 1));
    /// assert!(trail.scopes().is_empty());
    /// # Ok::<(), kms_alias_files::AccountError>(())
    /// ```
    #[must_use]
    pub fn without_scope(&self) -> usize {
        let events = self.events.iter();
        events.filter(|event| event.scope().is_none()).count()
    }

    /// How many events of KMS came again.
    #[must_use]
    pub const fn repeated(&self) -> usize {
        self.repeated
    }
}

/// What the file is that is no log says more than where it stops being one.
fn explained(error: AccountError, file: File<'_>) -> AccountError {
    let is_told = matches!(*error.fault, Fault::Mistaken(_));
    // An empty list says nothing of what it is.
    let is_empty = file.bytes.iter().all(|byte| b"[] \t\r\n".contains(byte));
    match recognise(file.bytes).mistaken_for(&[Kind::Trail]) {
        Some(mistaken) if !is_told && !is_empty => {
            AccountError::of_file(file.name, Fault::Mistaken(mistaken))
        }
        _ => error,
    }
}

/// What the files have told so far.
#[derive(Default)]
struct Reading {
    trail: Trail,
    ids: HashSet<Box<str>>,
}

impl Reading {
    fn read(&mut self, file: File<'_>) -> Result<(), AccountError> {
        let text = locate::text(file)?;
        let mut lines = Lines::of(text);
        let mut documents =
            serde_json::Deserializer::from_str(text).into_iter::<Object<Document<'_>>>();
        let mut begins = 0_usize;
        while let Some(document) = documents.next() {
            let Object(document) =
                document.map_err(|error| AccountError::json(file.name, &error))?;
            let ends = documents.byte_offset();
            let raw = text.get(begins..ends).unwrap_or_default().trim_start();
            begins = ends;
            self.take(&document, raw, &mut lines)
                .map_err(|(line, entry, fault)| AccountError {
                    line: Some(line),
                    entry,
                    ..AccountError::of_file(file.name, fault)
                })?;
        }
        if begins == 0 {
            return Err(AccountError::of_file(file.name, Fault::Empty));
        }
        Ok(())
    }

    /// Takes a document and its text, or tells the line and the entry of what is wrong.
    fn take(
        &mut self,
        document: &Document<'_>,
        raw: &str,
        lines: &mut Lines<'_>,
    ) -> Result<(), (usize, Option<String>, Fault)> {
        if document.source.is_some() {
            return self
                .take_record(raw)
                .map_err(|fault| (lines.at(raw), None, fault));
        }
        if document.records.is_none() && document.events.is_none() {
            let kind = recognise(raw.as_bytes());
            let mistaken = kind.mistaken_for(&[Kind::Trail]);
            let fault = mistaken.map_or(Fault::NotATrail, Fault::Mistaken);
            return Err((lines.at(raw), None, fault));
        }
        for (index, record) in document.records.iter().flatten().enumerate() {
            self.take_record(record.get()).map_err(|fault| {
                let entry = format!("Records[{index}]");
                (lines.at(record.get()), Some(entry), fault)
            })?;
        }
        for (index, lookup) in document.events.iter().flatten().enumerate() {
            self.take_lookup(lookup.get()).map_err(|fault| {
                let entry = format!("Events[{index}]");
                (lines.at(lookup.get()), Some(entry), fault)
            })?;
        }
        Ok(())
    }

    fn take_lookup(&mut self, text: &str) -> Result<(), Fault> {
        let record = object::<Lookup<'_>>(text)?.record;
        self.take_record(&record.ok_or(Fault::Missing("CloudTrailEvent"))?)
    }

    fn take_record(&mut self, text: &str) -> Result<(), Fault> {
        let source = object::<Source<'_>>(text)?;
        if !source.is_told() {
            self.trail.without_source = self.trail.without_source.saturating_add(1);
            return Ok(());
        }
        if !source.is_of_kms() {
            self.trail.other_services = self.trail.other_services.saturating_add(1);
            return Ok(());
        }
        let event = Event::of(&object::<Record<'_>>(text)?)?;
        if event.id().is_some_and(|id| !self.ids.insert(id.into())) {
            self.trail.repeated = self.trail.repeated.saturating_add(1);
        } else {
            self.trail.events.push(event);
        }
        Ok(())
    }
}

/// An object of a file. The place is told by whoever knows it: that in the text is another's.
fn object<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, Fault> {
    let object = serde_json::from_str::<Object<T>>(text);
    object
        .map(|Object(value)| value)
        .map_err(|error| Fault::of_part(&error))
}
