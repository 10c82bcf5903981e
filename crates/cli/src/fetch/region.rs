//! One Region into one file, and several one after the other.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use kms_alias::Region;

use super::account;
use super::kms::{Failure, Kms};
use super::pace::Pace;
use super::partial::Partial;
use super::reader::{self, Holdings, Stopped};
use crate::common::{Exit, Output, Unusable, fail, note, replace, warn};

/// Where it takes longer, it says so before.
const SAY_FROM: Duration = Duration::from_secs(10);

/// Reads each Region into a file of the folder. One that fails does not keep the others back.
pub async fn fetch_all<K: Kms>(
    regions: &[Region],
    connect: impl Fn(&Region) -> K,
    folder: &Path,
    requests_per_second: u32,
    out: &mut Output,
) -> Exit {
    let mut exit = Exit::Passes;
    for region in regions {
        let kms = connect(region);
        // The quotas are of a Region each.
        let pace = Pace::per_second(requests_per_second);
        match fetch(&kms, region, folder, pace).await {
            Ok(summary) => {
                // The output notes its own failure.
                let _ = writeln!(out, "{summary}").and_then(|()| out.flush());
            }
            Err(unusable) => {
                fail(&format!("{region}: {unusable}"));
                exit = Exit::Unusable;
            }
        }
    }
    exit
}

/// Reads one Region into its file, and sums it up.
pub async fn fetch<K: Kms>(
    kms: &K,
    region: &Region,
    folder: &Path,
    mut pace: Pace,
) -> Result<String, Unusable> {
    let path = folder.join(format!("{region}.json"));
    let mut partial = open(&path)?;
    let read = read(kms, region, &mut pace, &mut partial).await;
    let holdings = read.map_err(|stopped| stopped_words(&stopped, &partial))?;
    replace(&path, &account::text(&holdings, &partial), &[])?;
    let summary = summary(&path, &holdings, &partial);
    say_what_is_missing(region, &holdings);
    let name = partial.path().to_owned();
    if let Err(error) = partial.remove() {
        warn(&format!("{}: {error}: remove it", name.display()));
    }
    Ok(summary)
}

/// The file beside the account file that keeps what is described.
pub fn partial_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

fn open(path: &Path) -> Result<Partial, Unusable> {
    let words = |name: &Path, error: io::Error| Unusable::from(error).of_file(name.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| words(folder, error))?;
    }
    let partial = partial_path(path);
    Partial::open(partial.clone()).map_err(|error| words(&partial, error))
}

async fn read<K: Kms>(
    kms: &K,
    region: &Region,
    pace: &mut Pace,
    partial: &mut Partial,
) -> Result<Holdings, Stopped> {
    let mut holdings = reader::list(kms, pace).await?;
    let undescribed = holdings.undescribed(partial).len();
    let keys = holdings.keys.len();
    let resumed = keys.saturating_sub(undescribed);
    if resumed > 0 {
        let name = partial.path().display();
        note(&format!(
            "{region}: {resumed} of {keys} keys were described by a run that did not end; remove {name} \
             to ask for them again"
        ));
    }
    let time = pace.time_of(undescribed);
    if time > SAY_FROM {
        let minutes = time.as_secs().div_ceil(60);
        note(&format!(
            "{region}: {undescribed} of {keys} keys are to be described, minutes at this pace: {minutes}"
        ));
    }
    reader::describe(kms, pace, &mut holdings, partial).await?;
    Ok(holdings)
}

/// Why the reading ended, what to do, and what is kept.
fn stopped_words(stopped: &Stopped, partial: &Partial) -> Unusable {
    let operation = &stopped.operation;
    let advice = match stopped.failure {
        Failure::Denied(_) => format!(": allow the caller `kms:{operation}`"),
        Failure::Busy(_) => ": give fewer `--requests-per-second`".to_owned(),
        Failure::Gone(_) | Failure::Other(_) => String::new(),
    };
    let kept = match partial.len() {
        0 => "no key is described yet".to_owned(),
        keys => format!(
            "descriptions kept in {}: {keys}; the same command goes on from there",
            partial.path().display()
        ),
    };
    Unusable::new(format!("{stopped}{advice}; {kept}"))
}

fn summary(path: &Path, holdings: &Holdings, partial: &Partial) -> String {
    format!(
        "{}: {} aliases, {} keys, {} of them described",
        path.display(),
        holdings.aliases.len(),
        holdings.keys.len(),
        account::descriptions(holdings, partial).count()
    )
}

fn say_what_is_missing(region: &Region, holdings: &Holdings) {
    let (denied, keys) = (holdings.denied.len(), holdings.keys.len());
    if denied > 0 {
        note(&format!(
            "{region}: {denied} of {keys} keys may not be described (`kms:DescribeKey`): what depends \
             on them stays undecided"
        ));
    }
    if !holdings.keys_are_listed {
        note(&format!(
            "{region}: keys may not be listed (`kms:ListKeys`): those without an alias are missing"
        ));
    }
    if holdings.gone > 0 {
        note(&format!(
            "{region}: keys that KMS does not find, left out with their aliases: {}",
            holdings.gone
        ));
    }
}
