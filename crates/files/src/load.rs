//! From files to a table.

use alloc::vec::Vec;

use super::document::{Document, KeyItem};
use super::fault::{AccountError, Fault};
use super::file::File;
use super::listing::Aliases;
use super::locate::{self, Place, Section};
use super::object::Object;
use kms_alias::AliasListEntry;
use kms_alias::KeyMetadata;
use kms_alias::{AliasTable, AssembleError, Assembly, Entry};
use kms_alias::{KeyId, ReservedNames, Scope};

/// What an account does not say of itself.
///
/// ```
/// use kms_alias::ReservedNames;
/// use kms_alias_files::Options;
///
/// // AWS raised the quota of this account, and its names are judged by today's rule.
/// let options = Options::default()
///     .with_aliases_per_key(200) // rule T6
///     .with_reserved_names(ReservedNames::AliasAwsSlash); // rule A4
/// assert_eq!(options.aliases_per_key, Some(200));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The reading of rule A4.
    pub reserved_names: ReservedNames,
    /// The quota of aliases per key (rule T6), where AWS raised it above 50.
    pub aliases_per_key: Option<u32>,
}

impl Options {
    /// The same options with another reading of rule A4.
    #[must_use]
    pub const fn with_reserved_names(mut self, reserved_names: ReservedNames) -> Self {
        self.reserved_names = reserved_names;
        self
    }

    /// The same options with another quota (rule T6).
    #[must_use]
    pub const fn with_aliases_per_key(mut self, quota: u32) -> Self {
        self.aliases_per_key = Some(quota);
        self
    }
}

/// What the files have told so far.
#[derive(Default)]
struct Loading {
    scope: Option<Scope>,
    keys: Vec<(KeyMetadata, Place)>,
    aliases: Vec<AliasListEntry>,
    /// How many aliases there were before each list of them, and where that list is.
    lists: Vec<(usize, Place)>,
    /// What `list-keys` printed.
    listed: Vec<KeyId>,
    /// A page that says that the list goes on.
    truncated: Option<Place>,
    last_pages: usize,
}

/// Makes a table of an account's files.
///
/// A file is a stream of JSON documents as `aws kms list-aliases`, `aws kms describe-key` and `aws
/// kms list-keys` print them, in any order and number; dates are epoch seconds or ISO 8601. Unknown
/// members are ignored. `KeyMetadata` has to say `KeyId`, `Arn`, `KeyState`, `KeySpec` (or
/// `CustomerMasterKeySpec`), `KeyUsage`, `Origin` and `KeyManager`: to guess one would be to guess
/// at the rules that it decides. What stands beyond the rules for operations is loaded (rule I3):
/// see [`AliasTable::warnings`].
///
/// ```
/// use kms_alias_files::{File, Options, load};
///
/// let bytes = br#"{"Aliases": [{
///     "AliasName": "alias/aws/s3",
///     "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/aws/s3"
/// }]}"#;
/// let table = load(&[File { name: "aliases.json", bytes }], Options::default())?;
/// assert_eq!(table.len(), 1);
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
///
/// # Errors
/// The first thing that does not fit, with its file, line and entry: see [`Fault`].
pub fn load(files: &[File<'_>], options: Options) -> Result<AliasTable, AccountError> {
    Loaded::read(files, options).map(Loaded::into_table)
}

/// A table made of an account's files as [`load`] makes it, and what they say beside it.
///
/// ```
/// use kms_alias_files::{File, Loaded, Options};
///
/// let bytes = br#"{"Keys": [{
///     "KeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
///     "KeyArn": "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
/// }]}"#;
/// let loaded = Loaded::read(&[File { name: "keys.json", bytes }], Options::default())?;
/// assert_eq!(loaded.undescribed_keys(), ["1234abcd-12ab-34cd-56ef-1234567890ab"]);
/// // What it is nobody said, and so it is no key of the table (rule T1).
/// assert_eq!(loaded.table().key_count(), 0);
/// let table = loaded.into_table();
/// assert!(table.is_empty());
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    table: AliasTable,
    undescribed_keys: Vec<KeyId>,
}

impl Loaded {
    /// Reads an account's files: see [`load`].
    ///
    /// # Errors
    /// As [`load`].
    pub fn read(files: &[File<'_>], options: Options) -> Result<Self, AccountError> {
        let mut loading = Loading::of(files)?;
        let mut undescribed_keys = core::mem::take(&mut loading.listed);
        let table = loading.assemble(files, options)?;
        undescribed_keys.retain(|key_id| table.key(key_id).is_none());
        undescribed_keys.sort_unstable();
        undescribed_keys.dedup();
        Ok(Self {
            table,
            undescribed_keys,
        })
    }

    /// The table.
    #[must_use]
    pub const fn table(&self) -> &AliasTable {
        &self.table
    }

    /// The keys that the files list (`list-keys`) and do not describe (`describe-key`), in the order
    /// of their IDs.
    ///
    /// The table does not know them, so an operation that names one is refused as if it did not
    /// exist (rule T1): describe them, or take those verdicts for what they are.
    #[must_use]
    pub fn undescribed_keys(&self) -> &[KeyId] {
        &self.undescribed_keys
    }

    /// The table, by value.
    #[must_use]
    pub fn into_table(self) -> AliasTable {
        self.table
    }
}

/// Where the alias of this number stands, of all that were read.
fn place_of_alias(lists: &[(usize, Place)], index: usize) -> Option<Place> {
    let list = lists.partition_point(|(before, _)| *before <= index);
    let (before, place) = lists.get(list.checked_sub(1)?)?;
    Some(place.of(Section::Aliases, index.saturating_sub(*before)))
}

impl Loading {
    fn of(files: &[File<'_>]) -> Result<Self, AccountError> {
        let mut loading = Self::default();
        for (index, file) in files.iter().enumerate() {
            loading.read(index, *file)?;
        }
        Ok(loading)
    }

    /// The table of what the files told.
    fn assemble(self, files: &[File<'_>], options: Options) -> Result<AliasTable, AccountError> {
        let blame = |place: Place, fault| locate::error(files, place, fault);
        if let (Some(place), 0) = (self.truncated, self.last_pages) {
            return Err(blame(place, Fault::Truncated));
        }
        let Some(scope) = self.scope else {
            let name = files.first().map_or("no file", |file| file.name);
            return Err(AccountError::of_file(name, Fault::NoScope));
        };
        let (keys, key_places): (_, Vec<Place>) = self.keys.into_iter().unzip();
        let lists = self.lists;
        let mut parts = Assembly::new(scope);
        parts.reserved_names = options.reserved_names;
        parts.aliases_per_key = options.aliases_per_key.unwrap_or(parts.aliases_per_key);
        parts.keys = keys;
        parts.aliases = self.aliases;
        parts.assemble().map_err(|AssembleError { entry, cause }| {
            let place = match entry {
                Entry::Key(index) => key_places.get(index).copied(),
                Entry::Alias(index) => place_of_alias(&lists, index),
                // It begins at nothing here.
                Entry::Sequence => None,
            };
            blame(place.unwrap_or_default(), Fault::Inconsistent(cause))
        })
    }

    fn read(&mut self, index: usize, file: File<'_>) -> Result<(), AccountError> {
        let text = locate::text(file)?;
        let mut documents = 0_usize;
        for document in serde_json::Deserializer::from_str(text).into_iter::<Object<Document<'_>>>()
        {
            let place = Place::document(index, documents);
            documents = documents.saturating_add(1);
            let fault = |error| locate::json_error(file, text, place, &error);
            let Object(document) = document.map_err(fault)?;
            self.take(place, document)
                .map_err(|(place, fault)| locate::error_in(file, text, place, fault))?;
        }
        if documents == 0 {
            return Err(AccountError::of_file(file.name, Fault::Empty));
        }
        Ok(())
    }

    fn take(&mut self, place: Place, document: Document<'_>) -> Result<(), (Place, Fault)> {
        if !document.is_of_an_account() {
            return Err((place, Fault::NotAnAccount));
        }
        if let Some(Object(key)) = &document.key_metadata {
            let place = place.of(Section::KeyMetadata, 0);
            self.take_key(place, key).map_err(|fault| (place, fault))?;
        }
        for (index, Object(key)) in document.keys.iter().flatten().enumerate() {
            let place = place.of(Section::Keys, index);
            let (key_id, scope) = key.read().map_err(|fault| (place, fault))?;
            self.in_scope(scope).map_err(|fault| (place, fault))?;
            self.listed.push(key_id);
        }
        let goes_on = document.goes_on();
        if let Some(aliases) = document.aliases {
            self.take_aliases(place, aliases)?;
            if goes_on {
                self.truncated = Some(place);
            } else {
                self.last_pages = self.last_pages.saturating_add(1);
            }
        }
        Ok(())
    }

    fn take_aliases(&mut self, place: Place, list: Aliases) -> Result<(), (Place, Fault)> {
        let at = |index| place.of(Section::Aliases, index);
        if let Some((index, scope)) = list.scope {
            self.in_scope(Some(scope))
                .map_err(|fault| (at(index), fault))?;
        }
        if let Some(fault) = list.fault {
            return Err((at(list.entries.len()), fault));
        }
        self.lists.push((self.aliases.len(), place));
        if self.aliases.is_empty() {
            self.aliases = list.entries;
        } else {
            self.aliases.extend(list.entries);
        }
        Ok(())
    }

    fn take_key(&mut self, place: Place, item: &KeyItem<'_>) -> Result<(), Fault> {
        let key = item.read()?;
        self.in_scope(Some(key.arn().scope()))?;
        self.keys.push((key, place));
        Ok(())
    }

    /// Rule I2: all that stands is of one scope, that of the first ARN.
    fn in_scope(&mut self, found: Option<Scope>) -> Result<(), Fault> {
        match (self.scope, found) {
            (Some(scope), Some(found)) if scope != found => Err(Fault::OtherScope { scope, found }),
            (None, Some(_)) => {
                self.scope = found;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
