//! The files: those that were named, and those in folders that were named.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{fs, io};

use ignore::WalkBuilder;
use kms_alias_files::{Kind, Mistaken, recognise};
use kms_alias_lint::Report;

use super::strangers::is_of_kms;
use crate::common::machine::Unread;
use crate::common::{Input, cannot_read, note, warn};

/// Files with their paths and content, and those that could not be read.
#[derive(Default)]
pub struct Files {
    pub read: Vec<(String, Vec<u8>)>,
    pub unread: Vec<Unread>,
    /// The files that were named themselves.
    named: BTreeSet<String>,
    /// The name of each file by its place, so that one that is named twice, or is in a folder that is
    /// named, is read once.
    places: HashMap<PathBuf, String>,
    /// How often a file was met again.
    met_again: usize,
    /// The folders that were named, each with those of the files that were read in it.
    folders: Vec<(String, Range<usize>)>,
    /// How many folders could not be read.
    pub unread_folders: usize,
}

/// What the program carries for a run without paths.
pub fn samples() -> Files {
    let terraform = include_bytes!("../../data/lint/main.tf");
    let template = include_bytes!("../../data/lint/template.yaml");
    Files {
        read: vec![
            ("main.tf".to_owned(), terraform.to_vec()),
            ("template.yaml".to_owned(), template.to_vec()),
        ],
        ..Files::default()
    }
}

/// Reads all files of these paths; folders are walked in the order of names.
pub fn read(paths: &[PathBuf]) -> Files {
    let mut files = Files::default();
    for path in paths {
        if path.is_dir() {
            let (first, met_again) = (files.read.len(), files.met_again);
            files.walk(path);
            let name = path.display().to_string();
            if met_again == files.met_again {
                files.folders.push((name, first..files.read.len()));
            }
        } else {
            let name = files.read(path);
            files.named.insert(name);
        }
    }
    files
}

impl Files {
    /// Reads what may matter in a folder.
    ///
    /// What a build makes, such as an assembly, is often ignored: who names a folder in which all
    /// is ignored by the folders above means it.
    fn walk(&mut self, folder: &Path) {
        let met = |files: &Self| (files.read.len(), files.unread.len(), files.met_again);
        let before = met(self);
        self.walk_by(folder, is_in_repository(folder));
        if before == met(self) {
            self.walk_by(folder, false);
        }
    }

    fn walk_by(&mut self, folder: &Path, by_parents: bool) {
        let mut walk = WalkBuilder::new(folder);
        // Also where no repository is: a folder of a pipeline may lack `.git`.
        walk.require_git(false).sort_by_file_name(OsStr::cmp);
        walk.parents(by_parents);
        for entry in walk.build() {
            match entry {
                Ok(entry) if entry.depth() == 0 => {}
                Ok(entry) => {
                    if may_matter(entry.path()) && is_regular(entry.path()) {
                        self.read(entry.path());
                    }
                }
                Err(error) => {
                    self.unread_folders += 1;
                    self.unread.push(Unread {
                        file: shown(path_of(&error).unwrap_or(folder)),
                        region: None,
                        message: cannot_walk(&error),
                    });
                }
            }
        }
    }

    /// Reads a file, unless it is read already; the answer is the name that it is told by.
    fn read(&mut self, path: &Path) -> String {
        let name = shown(path);
        if let Some(place) = place_of(path) {
            if let Some(known) = self.places.get(&place) {
                self.met_again += 1;
                return known.clone();
            }
            self.places.insert(place, name.clone());
        }
        self.read_as(name.clone(), path);
        name
    }

    fn read_as(&mut self, name: String, path: &Path) {
        let about = fs::metadata(path);
        if path == Path::new("-") || about.as_ref().is_ok_and(is_pipe) {
            match Input::read_unnamed(path) {
                Ok(input) => self.read.push((name, input.file().bytes.to_vec())),
                Err(unusable) => self.unread.push(Unread {
                    file: name,
                    region: None,
                    message: unusable.to_string(),
                }),
            }
            return;
        }
        if about.is_ok_and(|about| !about.is_file()) {
            self.unread.push(Unread {
                message:
                    "this is a device, which need not have an end: name a file, or hand what it \
                          gives in on standard input, as `-`"
                        .to_owned(),
                region: None,
                file: name,
            });
            return;
        }
        match fs::read(path) {
            Ok(bytes) => self.read.push((name, bytes)),
            Err(error) => self.unread.push(Unread {
                message: cannot_read(&error),
                region: None,
                file: name,
            }),
        }
    }
}

impl Files {
    /// Takes out of a report the files of folders that cannot be read and have nothing to do with
    /// KMS: fixtures with faults, and templates that another tool fills.
    pub fn pass_over_strangers(&self, report: &mut Report) {
        let is_told = |one: &kms_alias_lint::Unread| {
            let mut read = self.read.iter();
            let content = read.find(|(name, _)| *name == one.file);
            self.named.contains(&one.file) || content.is_none_or(|(_, bytes)| is_of_kms(one, bytes))
        };
        let all = std::mem::take(&mut report.unread);
        let (told, strangers) = all.into_iter().partition(is_told);
        report.unread = told;
        let strangers: Vec<kms_alias_lint::Unread> = strangers;
        report.looked_at = report.looked_at.saturating_sub(strangers.len());
        let names = strangers.into_iter().map(|one| one.file);
        report.passed_over.extend(names);
    }
}

/// As many files that were passed over are named.
const MOST_NAMED: usize = 5;

/// What is checked.
const KINDS: &str = "Terraform (.tf, .tofu, .tf.json, .tofu.json), and in JSON or YAML \
    CloudFormation, SAM and Serverless templates, CDK assemblies, Kubernetes manifests and IAM policies";

impl Files {
    /// Plans of Terraform that were named: whoever named them means them to be checked.
    pub fn plans(&self, report: &Report) -> Vec<Unread> {
        let named = self.named_and_passed_over(report);
        let plans = named.filter(|(_, bytes)| recognise(bytes) == Kind::TerraformPlan);
        let plan = |(name, _): (&String, &Vec<u8>)| Unread {
            file: name.clone(),
            region: None,
            message: format!(
                "this is a Terraform plan, which lint does not read: judge it with `kms-alias check \
                 --changes {name}`"
            ),
        };
        plans.map(plan).collect()
    }

    /// Says which of the files that were named are of no kind that is checked, and which folders hold
    /// nothing of such a kind.
    pub fn warn_of_passed_over(&self, report: &Report) {
        let named = self.named_and_passed_over(report);
        let named: Vec<_> = named
            .filter(|(_, bytes)| recognise(bytes) != Kind::TerraformPlan)
            .map(|(name, bytes)| (name, what_it_is(bytes)))
            .collect();
        for (name, what) in named.iter().take(MOST_NAMED) {
            warn(&format!("{name}: {what}"));
        }
        if named.len() > MOST_NAMED {
            let more = named.len() - MOST_NAMED;
            warn(&format!(
                "and {more} files more in which nothing is checked"
            ));
        }
        let mut says_kinds = !named.is_empty();
        for (folder, range) in &self.folders {
            let files = self.read.get(range.clone()).unwrap_or_default();
            if files.iter().all(|(name, _)| is_passed_over(report, name)) {
                says_kinds = true;
                warn(&format!(
                    "{folder}: this folder holds no file that is checked"
                ));
            }
        }
        if says_kinds {
            note(&format!("lint checks {KINDS}"));
        }
    }

    fn named_and_passed_over<'f>(
        &'f self,
        report: &'f Report,
    ) -> impl Iterator<Item = (&'f String, &'f Vec<u8>)> {
        let named = self.read.iter().map(|(name, bytes)| (name, bytes));
        named.filter(|(name, _)| self.named.contains(*name) && is_passed_over(report, name))
    }
}

/// What a file is in which nothing is checked.
fn what_it_is(bytes: &[u8]) -> String {
    const LINTED: &[Kind] = &[
        Kind::CloudFormation,
        Kind::CdkManifest,
        Kind::Mistaken(Mistaken::Hcl),
        Kind::Mistaken(Mistaken::Kubernetes),
        Kind::Mistaken(Mistaken::Policy),
    ];
    let mistaken = recognise(bytes).mistaken_for(LINTED);
    mistaken.map_or_else(
        || "nothing in this file is checked".to_owned(),
        |mistaken| format!("nothing in this file is checked: {mistaken}"),
    )
}

fn is_passed_over(report: &Report, name: &str) -> bool {
    report.passed_over.iter().any(|file| file == name)
}

/// A path as it is printed, without any `./`: files of one folder then have one folder.
fn shown(path: &Path) -> String {
    let path: PathBuf = path.components().collect();
    let path = path.strip_prefix(".").unwrap_or(&path);
    path.display().to_string()
}

/// Where a regular file is: its folder with all links followed, and its name there. A link to a file of another
/// folder belongs to the folder in which it is.
fn place_of(path: &Path) -> Option<PathBuf> {
    let name = path.file_name().filter(|_| is_regular(path))?;
    let folder = path.parent().filter(|own| !own.as_os_str().is_empty());
    let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")));
    Some(folder.ok()?.join(name))
}

/// Whether a folder is part of a working copy of git, whose `.gitignore` files then count.
fn is_in_repository(folder: &Path) -> bool {
    let whole = fs::canonicalize(folder);
    whole.is_ok_and(|whole| whole.ancestors().any(|above| above.join(".git").exists()))
}

/// Whether it is a regular file, or a link to one: no other ends, or it is a folder that is walked
/// where it is.
fn is_regular(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|about| about.is_file())
}

/// Whether it is a pipe, such as the shell makes of `<(command)`.
#[cfg(unix)]
fn is_pipe(about: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&about.file_type())
}

#[cfg(not(unix))]
const fn is_pipe(_about: &fs::Metadata) -> bool {
    false
}

/// The folder that a walk could not enter.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            path_of(err)
        }
        _ => None,
    }
}

fn cannot_walk(error: &ignore::Error) -> String {
    let kind = error.io_error().map(io::Error::kind);
    match kind {
        Some(io::ErrorKind::PermissionDenied) => {
            "you may not read this folder: let this user read it (`chmod u+rx`), or run the command \
             as a user who may"
                .to_owned()
        }
        _ => format!("this folder cannot be read: {error}"),
    }
}

/// Whether a file in a folder may hold what is looked for, by its ending: others are not read.
fn may_matter(path: &Path) -> bool {
    const ENDINGS: &[&str] = &[
        "tf", "tofu", "tfvars", "json", "jsonc", "yaml", "yml", "template",
    ];
    let Some(ending) = path.extension() else {
        return true;
    };
    let ending = ending.to_string_lossy().to_ascii_lowercase();
    ENDINGS.contains(&ending.as_str())
}
