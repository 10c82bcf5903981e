//! The accounts: a table an account and Region, each behind a lock of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError, RwLock};

use kms_alias::{AccountId, AliasArn, AliasTable, KeyArn, Region, Scope, Snapshot};
use kms_alias_files::{File, Loaded, Options};
use kms_alias_wire::OtherRegions;

use super::credential::Signed;
use super::predefined;
use super::refusal::Refusal;
use super::service::now;
use crate::common::{Input, Unusable, warn_of_undescribed, warn_of_what_stands};

/// Where nothing says which Region is meant.
pub(crate) const DEFAULT_REGION: Region = Region::from_static("us-east-1");

/// Where nothing says which account it is.
pub(crate) const DEFAULT_ACCOUNT: AccountId = AccountId::from_static("123456789012");

/// AWS has fewer; without a bound, keys in made-up Regions would fill the memory.
const MOST_REGIONS: usize = 100;

type Tables = BTreeMap<Scope, Mutex<AliasTable>>;

/// What an account is where no file says otherwise.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) options: Options,
    /// Whether the aliases that AWS predefines are in Regions that no file is about.
    pub(crate) has_aws_aliases: bool,
}

/// The keys and aliases of accounts in all Regions.
///
/// A Region has a table from the first change in it on. Before that it is empty, and costs nothing.
pub(crate) struct Accounts {
    /// That of requests that name none.
    scope: Scope,
    /// Those that the files tell of.
    accounts: BTreeSet<AccountId>,
    settings: Settings,
    tables: RwLock<Tables>,
}

impl Accounts {
    /// The accounts of these files; without files, an empty one. What names no account or Region is
    /// of those that are given.
    pub(crate) fn load(
        paths: &[PathBuf],
        id: Option<AccountId>,
        region: Option<Region>,
        settings: Settings,
    ) -> Result<Self, Unusable> {
        let inputs = paths
            .iter()
            .map(|path| Input::read(path))
            .collect::<Result<Vec<_>, _>>()?;
        let files: Vec<_> = inputs.iter().map(Input::file).collect();
        let (mut accounts, mut tables) = (BTreeSet::new(), Tables::new());
        let loaded = match &*files {
            [] => Vec::new(),
            files => {
                let mut options = settings.options;
                (options.account, options.region) = (id, region);
                Loaded::read_all(files, options)?
            }
        };
        for loaded in loaded {
            warn_of(&loaded);
            let table = loaded.into_table();
            accounts.insert(table.scope().account());
            tables.insert(table.scope(), Mutex::new(table));
        }
        let scope = default_scope(&files, id, region, &tables)?;
        let empty = || Mutex::new(empty(scope, settings));
        tables.entry(scope).or_insert_with(empty);
        Ok(Self {
            scope,
            accounts,
            settings,
            tables: RwLock::new(tables),
        })
    }

    /// The account and Region that a request is about.
    ///
    /// An access key that is the ID of an account of the files stands for that account (ours, as in
    /// other emulators of AWS).
    pub(crate) fn scope(&self, signed: Signed, access_key: Option<&str>) -> Result<Scope, Refusal> {
        // An access key of AWS's begins with letters.
        let named = access_key.filter(|key| key.bytes().all(|byte| byte.is_ascii_digit()));
        let named = named.and_then(|key| key.parse().ok());
        let named = named.filter(|account| self.accounts.contains(account));
        let account = named.unwrap_or(self.scope.account());
        let region = self.region(signed, account)?;
        Ok(Scope::new(region, account))
    }

    fn region(&self, signed: Signed, account: AccountId) -> Result<Region, Refusal> {
        let default = self.scope.region();
        match signed {
            Signed::Nowhere => Ok(default),
            Signed::For(region) => Ok(region),
            Signed::ForNoRegion(text) => Err(Refusal::NoRegion(text)),
            Signed::ForAny(set) if set.contains(&default) => Ok(default),
            Signed::ForAny(set) => {
                let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
                let of_account = tables.keys().filter(|scope| scope.account() == account);
                let mut regions = of_account.map(Scope::region);
                let kept = regions.find(|region| set.contains(region));
                kept.or_else(|| set.first())
                    .ok_or(Refusal::NoRegionOfSet(set.0))
            }
        }
    }

    /// Asks the table of an account and Region; it gets the tables of other Regions as well if it
    /// asks for them, or if a key is to be deleted by now.
    pub(crate) fn ask<T>(
        &self,
        scope: Scope,
        reaches_others: bool,
        ask: impl FnOnce(&mut AliasTable, &mut dyn OtherRegions) -> T,
    ) -> Result<T, Refusal> {
        if !reaches_others {
            // Who holds one table waits for no other, so nobody waits for ever.
            let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(table) = tables.get(&scope) {
                // A refused operation changes nothing, so what a panic would leave behind is whole.
                let mut table = table.lock().unwrap_or_else(PoisonError::into_inner);
                if table.no_deletion_before().is_none_or(|due| now() < due) {
                    return Ok(ask(&mut table, &mut BTreeMap::new()));
                }
            }
        }
        let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
        self.ask_alone(&mut tables, scope, ask)
    }

    /// Asks a table while nobody else is asked.
    fn ask_alone<T>(
        &self,
        tables: &mut Tables,
        scope: Scope,
        ask: impl FnOnce(&mut AliasTable, &mut dyn OtherRegions) -> T,
    ) -> Result<T, Refusal> {
        let room = MOST_REGIONS.saturating_sub(tables.len());
        let mut new = empty(scope, self.settings);
        let (mut own, mut others) = (None, Others::new(scope, self.settings, room));
        for (of, table) in tables.iter_mut() {
            let table = table.get_mut().unwrap_or_else(PoisonError::into_inner);
            if *of == scope {
                own = Some(table);
            } else if of.account() == scope.account() {
                others.kept.insert(of.region(), table);
            }
        }
        if own.is_none() {
            others.room = others.room.saturating_sub(1);
        }
        let before = new.sequence();
        let answer = ask(own.unwrap_or(&mut new), &mut others);
        let made = others.made.into_values();
        let mut made: Vec<_> = made.filter(|table| table.sequence() != before).collect();
        if new.sequence() != before {
            if room == 0 {
                return Err(Refusal::TooManyRegions);
            }
            made.push(new);
        }
        let made = made.into_iter();
        tables.extend(made.map(|table| (table.scope(), Mutex::new(table))));
        Ok(answer)
    }
}

/// The tables of an account in other Regions than the one that is asked.
struct Others<'a> {
    scope: Scope,
    settings: Settings,
    kept: BTreeMap<Region, &'a mut AliasTable>,
    made: BTreeMap<Region, AliasTable>,
    /// How many tables can be made.
    room: usize,
}

impl Others<'_> {
    fn new(scope: Scope, settings: Settings, room: usize) -> Self {
        Self {
            scope,
            settings,
            kept: BTreeMap::new(),
            made: BTreeMap::new(),
            room,
        }
    }
}

impl OtherRegions for Others<'_> {
    fn table(&mut self, region: Region) -> Option<&mut AliasTable> {
        if region == self.scope.region() {
            return None;
        }
        if let Some(table) = self.kept.get_mut(&region) {
            return Some(table);
        }
        if !self.made.contains_key(&region) && self.made.len() >= self.room {
            return None;
        }
        let (account, settings) = (self.scope.account(), self.settings);
        let empty = || empty(Scope::new(region, account), settings);
        Some(self.made.entry(region).or_insert_with(empty))
    }
}

/// The table of a Region in which nothing was changed yet.
fn empty(scope: Scope, settings: Settings) -> AliasTable {
    let options = settings.options;
    let mut parts = Snapshot::new(scope);
    parts.reserved_names = options.reserved_names;
    parts.aliases_per_key = options.aliases_per_key.unwrap_or(parts.aliases_per_key);
    if settings.has_aws_aliases {
        parts.aliases.extend(predefined::aliases());
    }
    parts
        .into_table()
        .unwrap_or_else(|_| AliasTable::new(scope))
}

/// Says what of the files stands beyond the rules or is not known.
fn warn_of(loaded: &Loaded) {
    warn_of_what_stands(loaded.table().warnings());
    warn_of_undescribed(
        loaded.undescribed_keys().iter().copied(),
        "what depends on more than its existence is answered with KMSInternalException",
    );
}

/// The account and Region of requests that name none: those that are asked for, or those of the
/// first ARN of the files.
fn default_scope(
    files: &[File<'_>],
    id: Option<AccountId>,
    region: Option<Region>,
    tables: &Tables,
) -> Result<Scope, Unusable> {
    let is_asked = |scope: &Scope| id.is_none_or(|id| scope.account() == id);
    let mut first = files.iter().filter_map(|file| first_scope(file.bytes));
    let told = first.find(is_asked);
    let told = told.or_else(|| tables.keys().copied().find(is_asked));
    match (told, id, tables.keys().next()) {
        (Some(scope), ..) => Ok(Scope::new(
            region.unwrap_or(scope.region()),
            scope.account(),
        )),
        (None, Some(id), Some(other)) => Err(Unusable::new(format!(
            "--account-id {id}: no file is of this account: the first is of account {}",
            other.account()
        ))),
        (None, id, _) => Ok(Scope::new(
            region.unwrap_or(DEFAULT_REGION),
            id.unwrap_or(DEFAULT_ACCOUNT),
        )),
    }
}

/// What stands at the start.
impl fmt::Display for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (account, region) = (self.scope.account(), self.scope.region());
        write!(f, "account {account}, default Region {region}")?;
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        for (scope, table) in tables.iter() {
            let table = table.lock().unwrap_or_else(PoisonError::into_inner);
            let (aliases, keys) = (table.len(), table.key_count());
            f.write_str("; ")?;
            if scope.account() != account {
                write!(f, "account {}, ", scope.account())?;
            }
            write!(f, "{}: {aliases} aliases, {keys} keys", scope.region())?;
            match table.undescribed_keys().count() {
                0 => {}
                undescribed => write!(f, " and {undescribed} that are not described")?,
            }
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
