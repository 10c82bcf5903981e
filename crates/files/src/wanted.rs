//! The aliases that are wanted: names and their keys, or what `list-aliases` prints.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::account::document::Document;
use super::account::listing::Aliases;
use super::fault::{AccountError, Fault};
use super::file::File;
use super::locate::{self, Lines, Position, Section};
use super::object::Object;
use super::recognise::{self, Kind};
use super::text;
use kms_alias::{AnyAliasName, KeyArn, TargetKeyId};
use kms_alias_foresee::Wanted;

/// The member of a document that makes it a list of aliases: no alias has this name.
const ALIASES: &str = "Aliases";

/// Reads the aliases that are wanted: a stream of JSON documents, each an object of alias names and
/// the key ID or key ARN of each, or what `aws kms list-aliases` prints.
///
/// In a list, AWS's own aliases that name no key ask for nothing and are left out (rule A8), and a
/// key is one of the account and Region that the ARNs of the list tell, where they tell one (ours):
/// a list of another Region is no wish for keys of this one. A name that is wanted twice is a fault.
///
/// ```
/// use kms_alias_files::{File, read_wanted};
///
/// let bytes = br#"{"alias/payments": "1234abcd-12ab-34cd-56ef-1234567890ab"}"#;
/// let wanted = read_wanted(File { name: "wanted.json", bytes })?;
/// let target = wanted.get("alias/payments").expect("a target");
/// assert_eq!(*target, "1234abcd-12ab-34cd-56ef-1234567890ab");
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
///
/// # Errors
/// A file that is not UTF-8, holds no document or is not JSON; a name or a key that is none (rules
/// A1–A3, K1–K5); a name that is wanted twice; a list whose last page is not there.
pub fn read_wanted(file: File<'_>) -> Result<Wanted, AccountError> {
    let json = text::json(file)?;
    let text: &str = &json;
    let mut reading = Reading {
        file,
        text,
        lines: Lines::of(text),
        wanted: Wanted::new(),
        truncated: None,
        last_pages: 0,
    };
    let mut documents = 0_usize;
    for document in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let document = document.map_err(|error| AccountError::json(file.name, &error))?;
        reading
            .read(document, Position::document(0, documents))
            .map_err(|error| {
                // A list of an account's aliases is a list of wanted ones too, and an empty list says
                // nothing of what it is.
                let kind = recognise::of_json(document.get());
                let mistaken = kind.mistaken_for(&[Kind::Wanted, Kind::Account]);
                let is_empty = document
                    .get()
                    .bytes()
                    .all(|byte| b"[] \t\r\n".contains(&byte));
                text::explain(error, file, mistaken.filter(|_| !is_empty))
            })?;
        documents = documents.saturating_add(1);
    }
    if documents == 0 {
        return Err(AccountError::of_file(file.name, Fault::Empty));
    }
    reading.finish()
}

struct Reading<'a> {
    file: File<'a>,
    text: &'a str,
    lines: Lines<'a>,
    wanted: Wanted,
    /// A page that says that the list goes on.
    truncated: Option<Position>,
    last_pages: usize,
}

impl<'a> Reading<'a> {
    fn read(&mut self, document: &'a RawValue, position: Position) -> Result<(), AccountError> {
        let Ok(pairs) = serde_json::from_str::<Pairs<'a>>(document.get()) else {
            return Err(AccountError {
                line: Some(self.lines.at(document.get())),
                ..AccountError::of_file(self.file.name, Fault::NotATarget)
            });
        };
        if pairs.is_list {
            return self.read_list(document, position);
        }
        for (member, pair) in pairs.read {
            let wanted = pair.and_then(|(name, target)| self.want(name, target));
            // What the document is says more than that its first member names no alias.
            let explained = |fault| {
                let mistaken = recognise::of_json(document.get()).mistaken_for(&[Kind::Wanted]);
                mistaken.map_or(fault, Fault::Mistaken)
            };
            wanted.map_err(explained).map_err(|fault| AccountError {
                line: Some(self.lines.at(member.value.get())),
                entry: Some(member.name.into_owned()),
                ..AccountError::of_file(self.file.name, fault)
            })?;
        }
        Ok(())
    }

    fn read_list(&mut self, document: &RawValue, position: Position) -> Result<(), AccountError> {
        let list = serde_json::from_str::<Object<Document<'_>>>(document.get());
        let Object(list) = list.map_err(|error| self.blame_part(document, position, &error))?;
        if list.goes_on() {
            self.truncated = Some(position);
        } else {
            self.last_pages = self.last_pages.saturating_add(1);
        }
        let aliases = list.aliases.unwrap_or_default();
        self.take_list(aliases)
            .map_err(|(index, fault)| self.blame(position.of(Section::Aliases, index), fault))
    }

    /// Every alias of a list, up to the first that is at fault, with its position.
    fn take_list(&mut self, list: Aliases) -> Result<(), (usize, Fault)> {
        let read = list.len();
        let first = list.runs.first().and_then(|run| run.scope);
        let scope = first.map(|(_, scope)| scope);
        let mut others = list.runs.iter().filter_map(|run| run.scope);
        if let (Some(scope), Some((index, found))) = (scope, others.nth(1)) {
            return Err((index, Fault::OtherScope { scope, found }));
        }
        let entries = list.runs.into_iter().flat_map(|run| run.entries);
        for (index, alias) in entries.enumerate() {
            let Some(key_id) = alias.target_key_id else {
                if alias.alias_name.is_aws() {
                    continue;
                }
                return Err((index, Fault::Missing("TargetKeyId")));
            };
            let target =
                scope.map_or_else(|| key_id.into(), |scope| KeyArn::new(scope, key_id).into());
            self.want(alias.alias_name, target)
                .map_err(|fault| (index, fault))?;
        }
        list.fault.map_or(Ok(()), |fault| Err((read, fault)))
    }

    fn want(&mut self, name: AnyAliasName, target: TargetKeyId) -> Result<(), Fault> {
        if self.wanted.get(&name).is_some() {
            return Err(Fault::WantedTwice(name));
        }
        self.wanted.insert(name, target);
        Ok(())
    }

    fn finish(self) -> Result<Wanted, AccountError> {
        match self.truncated {
            Some(position) if self.last_pages == 0 => Err(self.blame(position, Fault::Truncated)),
            _ => Ok(self.wanted),
        }
    }

    fn blame(&self, position: Position, fault: Fault) -> AccountError {
        locate::error_in(self.file.name, self.text, position, fault)
    }

    /// An error of the JSON reader in a document, with the entry that it is in.
    fn blame_part(
        &self,
        document: &RawValue,
        position: Position,
        error: &serde_json::Error,
    ) -> AccountError {
        let begins = Lines::of(self.text).at(document.get());
        AccountError {
            // Both count from 1.
            line: Some(begins.saturating_add(error.line()).saturating_sub(1)),
            fault: Box::new(Fault::of_part(error)),
            ..locate::json_error(self.file.name, self.text, position, 1, error)
        }
    }
}

/// A member of a document, as it came.
struct Member<'a> {
    name: Cow<'a, str>,
    value: &'a RawValue,
}

/// A name and its key.
type Pair = (AnyAliasName, TargetKeyId);

/// The names and keys of a document up to the first member that is none.
#[derive(Default)]
struct Pairs<'a> {
    read: Vec<(Member<'a>, Result<Pair, Fault>)>,
    /// Whether it is a list of aliases, and its members are no names.
    is_list: bool,
}

impl Member<'_> {
    fn pair(&self) -> Result<Pair, Fault> {
        let of = |member| move |error| Fault::Identifier { member, error };
        let name = self.name.parse().map_err(of("AliasName"))?;
        let Ok(Text(target)) = serde_json::from_str(self.value.get()) else {
            return Err(Fault::NotATarget);
        };
        let target = target.parse().map_err(of("TargetKeyId"))?;
        Ok((name, target))
    }
}

/// A string, borrowed where it can be.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Pairs::default();
        let mut at_fault = false;
        while let Some((Text(name), value)) = map.next_entry()? {
            pairs.is_list |= name == ALIASES;
            if !at_fault {
                let member = Member { name, value };
                let pair = member.pair();
                at_fault = pair.is_err();
                pairs.read.push((member, pair));
            }
        }
        Ok(pairs)
    }
}
