//! A list of changes in the accounts of many files: each account and Region by itself, in parallel.
//!
//! An export of an organisation has a file or a few for each account. Only as many accounts are in
//! memory at a time as there are cores.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use kms_alias::{AliasArn, KeyArn, Scope, Timestamp};
use kms_alias_files::{self as files, Accounts, Kind, recognise};
use kms_alias_foresee::verdict::Place;

use super::arguments::Arguments;
use super::inputs::Inputs;
use super::judge::{self, Asked};
use super::report::Report;
use crate::common::{Input, Unusable, read_all};

/// Nearly every file has an ARN among its first so many bytes, and need not be read whole for it.
const BEGINNING: u64 = 1 << 16;

/// The files of each account and Region.
pub type Groups = BTreeMap<Place, Vec<PathBuf>>;

/// Groups the files by the account and Region of the first ARN in each.
///
/// None where that is not what was asked for, or not sure: fewer than two places, places of which
/// some are chosen, standard input, which can be read once, a file without an ARN, and a run that is
/// not a list of changes.
pub fn groups(arguments: &Arguments, changes: &Input) -> Result<Option<Groups>, Unusable> {
    let paths = &arguments.account;
    let kind = recognise(changes.file().bytes);
    if paths.len() < 2
        || !matches!(kind, Kind::Changes | Kind::Unknown)
        || arguments.after.is_some()
        || paths.iter().any(|path| path == Path::new("-"))
    {
        return Ok(None);
    }
    let mut groups = Groups::new();
    for path in paths {
        // What keeps a file from being read is told where it is read whole.
        let beginning = Input::beginning(path, BEGINNING).unwrap_or_default();
        let mut scope = first_scope(&beginning);
        if scope.is_none() {
            scope = first_scope(Input::read(path)?.file().bytes);
        }
        let Some(scope) = scope else {
            return Ok(None);
        };
        groups.entry(scope.into()).or_default().push(path.clone());
    }
    let mut scopes = groups.keys().filter_map(Place::scope);
    let all = scopes.all(|scope| arguments.chooses(scope));
    Ok((groups.len() > 1 && all).then_some(groups))
}

/// The scope of the first text in a file that is an ARN of a key or an alias.
fn first_scope(bytes: &[u8]) -> Option<Scope> {
    let is_between = |byte: &u8| byte.is_ascii_whitespace() || b"\"',".contains(byte);
    let arns = bytes
        .split(is_between)
        .filter(|text| text.starts_with(b"arn:"));
    let mut texts = arns.filter_map(|text| std::str::from_utf8(text).ok());
    texts.find_map(|text| {
        let of_key = text.parse::<KeyArn>().map(|arn| arn.scope());
        of_key
            .or_else(|_| text.parse::<AliasArn>().map(|arn| arn.scope()))
            .ok()
    })
}

/// What came of one group: a report, or none if its files are of several places after all.
type Judged = Result<Option<Report>, Unusable>;

/// Judges the changes in each group; none if a file is of several places after all, so that the
/// groups are not what they seemed.
pub fn judge(
    groups: &Groups,
    inputs: &Inputs,
    arguments: &Arguments,
    at: Timestamp,
    asked: &Asked<'_>,
) -> Result<Option<Report>, Unusable> {
    let scopes: Vec<Scope> = groups.keys().filter_map(Place::scope).collect();
    let work: Vec<_> = groups.iter().collect();
    let next = AtomicUsize::new(0);
    let judged: Mutex<BTreeMap<usize, Judged>> = Mutex::default();
    let judge_some = || {
        while let Some((place, paths)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
            let one = judge_group(place, paths, &scopes, inputs, arguments, at, asked);
            let stop = !matches!(one, Ok(Some(_)));
            let mut judged = judged.lock().unwrap_or_else(|error| error.into_inner());
            let index = work.iter().position(|(of, _)| of == place);
            judged.insert(index.unwrap_or(usize::MAX), one);
            if stop {
                next.store(work.len(), Ordering::Relaxed);
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 1..threads.min(work.len()) {
            scope.spawn(judge_some);
        }
        judge_some();
    });
    let judged = judged
        .into_inner()
        .unwrap_or_else(|error| error.into_inner());
    let mut whole: Option<Report> = None;
    for one in judged.into_values() {
        let Some(report) = one? else {
            return Ok(None);
        };
        match &mut whole {
            Some(whole) => whole.append(report),
            None => whole = Some(report),
        }
    }
    Ok(whole)
}

fn judge_group(
    place: &Place,
    paths: &[PathBuf],
    scopes: &[Scope],
    inputs: &Inputs,
    arguments: &Arguments,
    at: Timestamp,
    asked: &Asked<'_>,
) -> Judged {
    let account = read_all(paths)?;
    let account: Vec<_> = account.iter().map(Input::file).collect();
    let mut accounts: Accounts = files::read_account(&account, arguments.for_files())?;
    let mut places: BTreeSet<&Place> = accounts.iter().map(|(place, _)| place).collect();
    if !places.remove(place) || !places.is_empty() {
        return Ok(None);
    }
    let run = files::read_run(&inputs.run_input(arguments, at), &mut accounts)?;
    let name = inputs.changes.file().name;
    let (report, _) = judge::judge_changes(name, run, accounts, scopes, asked);
    Ok(Some(report))
}
