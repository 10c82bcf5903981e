//! The account: a table a Region, each behind a lock of its own.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use kms_alias::{AccountId, AliasArn, AliasTable, KeyArn, Region, Scope};
use kms_alias_files::{File, Loaded, Options};

use super::Unusable;

/// Where nothing says which Region is meant.
const DEFAULT_REGION: Region = Region::from_static("us-east-1");

/// Where nothing says which account it is.
const DEFAULT_ACCOUNT: AccountId = AccountId::from_static("123456789012");

/// AWS has fewer; without a bound, made-up Regions would fill the memory.
const MOST_REGIONS: usize = 100;

/// As many warnings of a Region are said one by one.
const MOST_WARNINGS: usize = 10;

type Table = Arc<Mutex<AliasTable>>;

/// The keys and aliases of one account in all Regions.
pub(crate) struct Account {
    id: AccountId,
    /// That of requests that name none.
    region: Region,
    options: Options,
    tables: RwLock<BTreeMap<Region, Table>>,
}

impl Account {
    /// The account of these files; without files, an empty one.
    pub(crate) fn load(
        paths: &[PathBuf],
        id: Option<AccountId>,
        options: Options,
    ) -> Result<Self, Unusable> {
        let inputs = paths
            .iter()
            .map(Input::read)
            .collect::<Result<Vec<_>, _>>()?;
        let region = inputs.iter().find_map(|input| input.scope);
        let mut account = Self {
            id: id
                .or(region.map(|scope| scope.account()))
                .unwrap_or(DEFAULT_ACCOUNT),
            region: region.map_or(DEFAULT_REGION, |scope| scope.region()),
            options,
            tables: RwLock::default(),
        };
        for files in by_region(&inputs) {
            account.take(&files)?;
        }
        Ok(account)
    }

    /// Loads the files of one Region.
    fn take(&mut self, files: &[File<'_>]) -> Result<(), Unusable> {
        let loaded = Loaded::read(files, self.options)?;
        let table = loaded.table();
        let (scope, id) = (table.scope(), self.id);
        if scope.account() != id {
            let name = files.first().map_or("", |file| file.name);
            let found = scope.account();
            return Err(Unusable(format!(
                "{name}: it is of account {found}, not {id}"
            )));
        }
        for warning in table.warnings().take(MOST_WARNINGS) {
            super::say(&mut std::io::stderr(), &format!("warning: {warning}"));
        }
        for key_id in loaded.undescribed_keys().iter().take(MOST_WARNINGS) {
            let words =
                format!("warning: key {key_id} is listed and not described: it is unknown here");
            super::say(&mut std::io::stderr(), &words);
        }
        let tables = self
            .tables
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        tables.insert(scope.region(), Arc::new(Mutex::new(loaded.into_table())));
        Ok(())
    }

    /// The table of a Region, made if it is the first that is heard of it; none if there are too
    /// many.
    pub(crate) fn table(&self, region: Option<Region>) -> Option<Table> {
        let region = region.unwrap_or(self.region);
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = tables.get(&region) {
            return Some(Arc::clone(table));
        }
        drop(tables);
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        if tables.len() >= MOST_REGIONS && !tables.contains_key(&region) {
            return None;
        }
        let table = tables.entry(region).or_insert_with(|| self.empty(region));
        Some(Arc::clone(table))
    }

    fn empty(&self, region: Region) -> Table {
        let mut table = AliasTable::new(Scope::new(region, self.id))
            .with_reserved_names(self.options.reserved_names);
        if let Some(quota) = self.options.aliases_per_key {
            table = table.with_aliases_per_key(quota);
        }
        Arc::new(Mutex::new(table))
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

/// A file, and the scope of the first ARN in it.
struct Input {
    name: String,
    bytes: Vec<u8>,
    scope: Option<Scope>,
}

impl Input {
    fn read(path: &PathBuf) -> Result<Self, Unusable> {
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|error| Unusable(format!("{name}: {error}")))?;
        let scope = first_scope(&bytes);
        Ok(Self { name, bytes, scope })
    }

    fn file(&self) -> File<'_> {
        File {
            name: &self.name,
            bytes: &self.bytes,
        }
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
fn by_region(inputs: &[Input]) -> Vec<Vec<File<'_>>> {
    let mut groups: Vec<(Option<Scope>, Vec<File<'_>>)> = Vec::new();
    let first = inputs.iter().find_map(|input| input.scope);
    for input in inputs {
        let scope = input.scope.or(first);
        match groups.iter_mut().find(|(of, _)| *of == scope) {
            Some((_, files)) => files.push(input.file()),
            None => groups.push((scope, vec![input.file()])),
        }
    }
    groups.into_iter().map(|(_, files)| files).collect()
}
