//! From files to a table.

use alloc::vec::Vec;

use super::gather::{self, Gathered, Listed, Source, blame};
use super::group::Group;
use super::options::Options;
use crate::fault::{AccountError, Fault};
use crate::file::File;
use crate::locate::{Position, Section};
use kms_alias::{AliasListEntry, AliasTable, Snapshot, SnapshotEntry, SnapshotError};
use kms_alias::{KeyId, KeyMetadata, Scope};

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
/// // The table knows that it exists, and no more: what depends on more is open (rule I6).
/// let table = loaded.into_table();
/// assert!(table.undescribed_keys().eq(["1234abcd-12ab-34cd-56ef-1234567890ab"]));
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
        let sources = gather::sources(files)?;
        let gathered = Gathered::of(&sources)?;
        let scope = only_scope(&sources, &gathered)?;
        whole(&sources, &gathered)?;
        let listed = gathered.listed.iter().map(|(key_id, ..)| *key_id);
        let facts = gathered.facts.iter().map(|(arn, ..)| arn.key_id());
        let existing: Vec<KeyId> = listed.chain(facts).collect();
        let mut parts = Parts::of(gathered);
        parts.existing = existing;
        parts.assemble(scope, &sources, options).map(Self::new)
    }

    /// Reads an account's files as [`read`](Self::read) does, where they may tell of several accounts
    /// and Regions: one table for each, in the order of their scopes.
    ///
    /// ```
    /// use kms_alias_files::{File, Loaded, Options};
    ///
    /// let bytes = br#"{"Aliases": [
    ///     {"AliasName": "alias/aws/s3", "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/aws/s3"},
    ///     {"AliasName": "alias/aws/s3", "AliasArn": "arn:aws:kms:eu-west-1:111122223333:alias/aws/s3"}
    /// ]}"#;
    /// let loaded = Loaded::read_all(&[File { name: "aliases.json", bytes }], Options::default())?;
    /// assert_eq!(loaded.len(), 2);
    /// # Ok::<(), kms_alias_files::AccountError>(())
    /// ```
    ///
    /// # Errors
    /// As [`load`], but that nothing has to be of one scope.
    pub fn read_all(files: &[File<'_>], options: Options) -> Result<Vec<Self>, AccountError> {
        let sources = gather::sources(files)?;
        let gathered = Gathered::of(&sources)?;
        let (groups, truncated) = Group::all(gathered, &sources, options)?;
        if let Some((_, position)) = truncated.iter().find(|(of, _)| *of == Listed::Aliases) {
            return Err(blame(&sources, *position, Fault::Truncated));
        }
        let loaded = groups.into_iter().map(|(scope, group)| {
            let parts = group.into_parts();
            parts.assemble(scope, &sources, options).map(Self::new)
        });
        loaded.collect()
    }

    fn new(table: AliasTable) -> Self {
        Self {
            undescribed_keys: table.undescribed_keys().collect(),
            table,
        }
    }

    /// The table.
    #[must_use]
    pub const fn table(&self) -> &AliasTable {
        &self.table
    }

    /// The keys that the files list (`list-keys`), or on which an alias stands, and do not describe
    /// (`describe-key`), in the order of their IDs.
    ///
    /// The table knows that they exist: what depends on more is open (rule I6).
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

/// Rule I2: all that stands is of one scope, that of the first ARN.
pub(super) fn only_scope(
    sources: &[Source<'_>],
    gathered: &Gathered,
) -> Result<Scope, AccountError> {
    let keys = gathered.keys.iter();
    let keys = keys.map(|(key, position)| (key.arn().scope(), *position));
    let runs = gathered.lists.iter().filter_map(|(run, position)| {
        let (index, scope) = run.scope?;
        Some((scope, position.of(Section::Aliases, index)))
    });
    let single = gathered.aliases.iter();
    let single = single.filter_map(|(_, scope, position)| Some(((*scope)?, *position)));
    let listed = gathered.listed.iter();
    let listed = listed.filter_map(|(_, scope, position)| Some(((*scope)?, *position)));
    let mut told: Vec<(Scope, Position)> = keys.chain(runs).chain(single).chain(listed).collect();
    told.sort_by_key(|(_, position)| position.order());
    let Some((scope, _)) = told.first().copied() else {
        let name = sources.first().map_or("no file", |source| source.name);
        return Err(AccountError::of_file(name, Fault::NoScope));
    };
    match told.into_iter().find(|(found, _)| *found != scope) {
        Some((found, position)) => {
            Err(blame(sources, position, Fault::OtherScope { scope, found }))
        }
        None => Ok(scope),
    }
}

/// The last page of the list of aliases is there.
fn whole(sources: &[Source<'_>], gathered: &Gathered) -> Result<(), AccountError> {
    let pages = gathered
        .pages
        .iter()
        .filter(|page| page.of == Listed::Aliases);
    let mut truncated = None;
    for page in pages {
        if !page.goes_on {
            return Ok(());
        }
        truncated = Some(page.position);
    }
    match truncated {
        Some(position) => Err(blame(sources, position, Fault::Truncated)),
        None => Ok(()),
    }
}

/// The parts of a table, and where each stands.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) keys: Vec<KeyMetadata>,
    pub(crate) key_positions: Vec<Position>,
    pub(crate) aliases: Vec<AliasListEntry>,
    /// How many aliases there were before each list of them, and where the first of it stands.
    pub(crate) lists: Vec<(usize, Position)>,
    /// The keys that exist, described or not.
    pub(crate) existing: Vec<KeyId>,
}

impl Parts {
    fn of(gathered: Gathered) -> Self {
        let mut parts = Self::default();
        for (key, position) in gathered.keys {
            parts.push_key(key, position);
        }
        for (run, position) in gathered.lists {
            parts.push_aliases(run.entries, position.of(Section::Aliases, run.first));
        }
        for (alias, _, position) in gathered.aliases {
            parts.push_aliases([alias].into(), position);
        }
        parts
    }

    pub(crate) fn push_key(&mut self, key: KeyMetadata, position: Position) {
        self.keys.push(key);
        self.key_positions.push(position);
    }

    /// Adds aliases that follow each other, the first of which stands at this position.
    pub(crate) fn push_aliases(&mut self, aliases: Vec<AliasListEntry>, first: Position) {
        self.lists.push((self.aliases.len(), first));
        if self.aliases.is_empty() {
            self.aliases = aliases;
        } else {
            self.aliases.extend(aliases);
        }
    }

    /// Where the alias of this number stands, of all that were read.
    pub(crate) fn position_of_alias(lists: &[(usize, Position)], index: usize) -> Option<Position> {
        let list = lists.partition_point(|(before, _)| *before <= index);
        let (before, first) = lists.get(list.checked_sub(1)?)?;
        Some(first.plus(index.saturating_sub(*before)))
    }

    /// The keys of which no more is told than that they exist, each once.
    fn undescribed_keys(&mut self) -> Vec<KeyId> {
        let mut undescribed = core::mem::take(&mut self.existing);
        if undescribed.is_empty() {
            return undescribed;
        }
        let described = self.keys.iter().map(KeyMetadata::key_id);
        let described: hashbrown::HashSet<KeyId> = described.collect();
        undescribed.retain(|key_id| !described.contains(key_id));
        undescribed.sort_unstable();
        undescribed.dedup();
        undescribed
    }

    /// The table of these parts.
    pub(crate) fn assemble(
        mut self,
        scope: Scope,
        sources: &[Source<'_>],
        options: Options,
    ) -> Result<AliasTable, AccountError> {
        let mut assembly = Snapshot::new(scope);
        assembly.reserved_names = options.reserved_names;
        assembly.aliases_per_key = options.aliases_per_key.unwrap_or(assembly.aliases_per_key);
        assembly.undescribed_keys = self.undescribed_keys();
        assembly.keys = self.keys;
        assembly.aliases = self.aliases;
        assembly
            .into_table()
            .map_err(|SnapshotError { entry, cause }| {
                let position = match entry {
                    SnapshotEntry::Key(index) => self.key_positions.get(index).copied(),
                    // Each is there once, so nothing is wrong with any of these.
                    SnapshotEntry::UndescribedKey(_) => None,
                    SnapshotEntry::Alias(index) => Self::position_of_alias(&self.lists, index),
                };
                blame(
                    sources,
                    position.unwrap_or_default(),
                    Fault::Inconsistent(cause),
                )
            })
    }
}
