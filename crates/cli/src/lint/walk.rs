//! The files: those that were named, and those in folders that were named.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use kms_alias_files::{Kind, Mistaken, recognise};
use kms_alias_lint::Report;

use crate::common::machine::Unread;
use crate::common::{Input, Unusable, cannot_read, note, warn};

/// Files with their paths and content, and those that could not be read.
#[derive(Default)]
pub struct Files {
    pub read: Vec<(String, Vec<u8>)>,
    pub unread: Vec<Unread>,
    /// The files that were named themselves.
    named: BTreeSet<String>,
    /// The folders that were named, each with those of the files that were read in it.
    folders: Vec<(String, Range<usize>)>,
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
            let first = files.read.len();
            files.walk(path);
            let name = path.display().to_string();
            files.folders.push((name, first..files.read.len()));
        } else {
            files.named.insert(shown(path));
            files.read(path);
        }
    }
    files
}

impl Files {
    fn walk(&mut self, folder: &Path) {
        let mut walk = WalkBuilder::new(folder);
        // Also where no repository is: a folder of a pipeline may lack `.git`.
        walk.require_git(false).sort_by_file_name(OsStr::cmp);
        // An assembly is made by a build, and often ignored: who names it means it.
        walk.parents(false);
        for entry in walk.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
                Ok(entry) => {
                    if may_matter(entry.path()) {
                        self.read(entry.path());
                    }
                }
                Err(error) => self.unread.push(Unread {
                    file: folder.display().to_string(),
                    region: None,
                    message: error
                        .io_error()
                        .map_or_else(|| error.to_string(), cannot_read),
                }),
            }
        }
    }

    fn read(&mut self, path: &Path) {
        let name = shown(path);
        if path == Path::new("-") {
            match Input::read(path) {
                Ok(input) => self.read.push((name, input.file().bytes.to_vec())),
                Err(Unusable(message)) => self.unread.push(Unread {
                    file: name,
                    region: None,
                    message,
                }),
            }
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

/// A path as it is printed: without the `./` of a walk from here.
fn shown(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path);
    path.display().to_string()
}

/// Whether a file in a folder may hold what is looked for, by its ending: others are not read.
fn may_matter(path: &Path) -> bool {
    const ENDINGS: &[&str] = &["tf", "tofu", "json", "yaml", "yml", "template"];
    let Some(ending) = path.extension() else {
        return true;
    };
    let ending = ending.to_string_lossy().to_ascii_lowercase();
    ENDINGS.contains(&ending.as_str())
}
