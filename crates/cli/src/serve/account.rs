//! The account: a table a Region, each behind a lock of its own.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use kms_alias::{AccountId, AliasArn, AliasTable, KeyArn, Region, Scope, Snapshot};
use kms_alias_files::{File, Loaded, Options};

use super::credential::Signed;
use super::predefined;
use super::refusal::Refusal;
use crate::common::{Input, Unusable, warn, warn_of_what_stands};

/// Where nothing says which Region is meant.
pub(crate) const DEFAULT_REGION: Region = Region::from_static("us-east-1");

/// Where nothing says which account it is.
pub(crate) const DEFAULT_ACCOUNT: AccountId = AccountId::from_static("123456789012");

/// AWS has fewer; without a bound, keys in made-up Regions would fill the memory.
const MOST_REGIONS: usize = 100;

/// As many keys that are not described are said one by one.
const MOST_WARNINGS: usize = 10;

type Table = Arc<Mutex<AliasTable>>;

/// What an account is where no file says otherwise.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) options: Options,
    /// Whether the aliases that AWS predefines are in Regions that no file is about.
    pub(crate) has_aws_aliases: bool,
}

/// The keys and aliases of one account in all Regions.
///
/// A Region has a table from the first change in it on. Before that it is empty, and costs nothing.
pub(crate) struct Account {
    id: AccountId,
    /// That of requests that name none.
    region: Region,
    settings: Settings,
    tables: RwLock<BTreeMap<Region, Table>>,
}

impl Account {
    /// The account of these files; without files, an empty one.
    pub(crate) fn load(
        paths: &[PathBuf],
        id: Option<AccountId>,
        settings: Settings,
    ) -> Result<Self, Unusable> {
        let inputs = paths
            .iter()
            .map(|path| Input::read(path))
            .collect::<Result<Vec<_>, _>>()?;
        let files: Vec<_> = inputs.iter().map(Input::file).collect();
        let scope = files.iter().find_map(|file| first_scope(file.bytes));
        let mut account = Self {
            id: id
                .or(scope.map(|scope| scope.account()))
                .unwrap_or(DEFAULT_ACCOUNT),
            region: scope.map_or(DEFAULT_REGION, |scope| scope.region()),
            settings,
            tables: RwLock::default(),
        };
        for files in by_region(&files) {
            account.take(&files)?;
        }
        let (region, default) = (account.region, account.empty(account.region));
        let tables = account.tables_mut();
        let default = || Arc::new(Mutex::new(default));
        tables.entry(region).or_insert_with(default);
        Ok(account)
    }

    /// Loads the files of one Region.
    fn take(&mut self, files: &[File<'_>]) -> Result<(), Unusable> {
        let loaded = Loaded::read(files, self.settings.options)?;
        let table = loaded.table();
        let (scope, id) = (table.scope(), self.id);
        if scope.account() != id {
            let name = files.first().map_or("", |file| file.name);
            let found = scope.account();
            return Err(Unusable(format!(
                "{name}: it is of account {found}, not {id}"
            )));
        }
        warn_of_what_stands(table);
        for key_id in loaded.undescribed_keys().iter().take(MOST_WARNINGS) {
            warn(&format!(
                "key {key_id} is listed and not described: it is unknown here"
            ));
        }
        let table = Arc::new(Mutex::new(loaded.into_table()));
        self.tables_mut().insert(scope.region(), table);
        Ok(())
    }

    fn tables_mut(&mut self) -> &mut BTreeMap<Region, Table> {
        self.tables
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The Region that a request is about.
    pub(crate) fn region(&self, signed: Signed) -> Result<Region, Refusal> {
        match signed {
            Signed::Nowhere => Ok(self.region),
            Signed::For(region) => Ok(region),
            Signed::ForNoRegion(text) => Err(Refusal::NoRegion(text)),
            Signed::ForAny(set) if set.contains(&self.region) => Ok(self.region),
            Signed::ForAny(set) => {
                let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
                let kept = tables.keys().find(|region| set.contains(region)).copied();
                kept.or_else(|| set.first())
                    .ok_or(Refusal::NoRegionOfSet(set.0))
            }
        }
    }

    /// Asks the table of a Region.
    pub(crate) fn ask<T>(
        &self,
        region: Region,
        ask: impl FnOnce(&mut AliasTable) -> T,
    ) -> Result<T, Refusal> {
        let kept = |tables: &BTreeMap<Region, Table>| tables.get(&region).map(Arc::clone);
        let table = kept(&self.tables.read().unwrap_or_else(PoisonError::into_inner));
        if let Some(table) = table {
            // A refused operation changes nothing, so what a panic would leave behind is whole.
            return Ok(ask(&mut table
                .lock()
                .unwrap_or_else(PoisonError::into_inner)));
        }
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = kept(&tables) {
            drop(tables);
            return Ok(ask(&mut table
                .lock()
                .unwrap_or_else(PoisonError::into_inner)));
        }
        let mut table = self.empty(region);
        let before = table.sequence();
        let answer = ask(&mut table);
        if table.sequence() != before {
            if tables.len() >= MOST_REGIONS {
                return Err(Refusal::TooManyRegions);
            }
            tables.insert(region, Arc::new(Mutex::new(table)));
        }
        Ok(answer)
    }

    /// The table of a Region in which nothing was changed yet.
    fn empty(&self, region: Region) -> AliasTable {
        let options = self.settings.options;
        let mut parts = Snapshot::new(Scope::new(region, self.id));
        parts.reserved_names = options.reserved_names;
        parts.aliases_per_key = options.aliases_per_key.unwrap_or(parts.aliases_per_key);
        if self.settings.has_aws_aliases {
            parts.aliases.extend(predefined::aliases());
        }
        let bare = AliasTable::new(parts.scope);
        parts.into_table().unwrap_or(bare)
    }
}

/// What stands at the start.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "account {}, default Region {}", self.id, self.region)?;
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        for (region, table) in tables.iter() {
            let table = table.lock().unwrap_or_else(PoisonError::into_inner);
            let (aliases, keys) = (table.len(), table.key_count());
            write!(f, "; {region}: {aliases} aliases, {keys} keys")?;
        }
        Ok(())
    }
}

/// The scope of the first text in a file that is an ARN of a key or an alias.
fn first_scope(bytes: &[u8]) -> Option<Scope> {
    let mut texts = bytes.split(|byte| *byte == b'"');
    texts.find_map(|text| {
        let text = std::str::from_utf8(text).ok()?;
        let of_key = || text.parse().map(|arn: KeyArn| arn.scope());
        let of_alias = || text.parse().map(|arn: AliasArn| arn.scope());
        of_key().or_else(|_| of_alias()).ok()
    })
}

/// The files of each Region together; one that names none is read with the first.
fn by_region<'a>(files: &[File<'a>]) -> Vec<Vec<File<'a>>> {
    let mut groups: Vec<(Option<Scope>, Vec<File<'a>>)> = Vec::new();
    let first = files.iter().find_map(|file| first_scope(file.bytes));
    for file in files {
        let scope = first_scope(file.bytes).or(first);
        match groups.iter_mut().find(|(of, _)| *of == scope) {
            Some((_, files)) => files.push(*file),
            None => groups.push((scope, vec![*file])),
        }
    }
    groups.into_iter().map(|(_, files)| files).collect()
}
