//! The files: those that were named, and those in folders that were named.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::common::machine::Unread;
use crate::common::{Input, Unusable};

/// Files with their paths and content, and those that could not be read.
#[derive(Default)]
pub struct Files {
    pub read: Vec<(String, Vec<u8>)>,
    pub unread: Vec<Unread>,
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
        unread: Vec::new(),
    }
}

/// Reads all files of these paths; folders are walked in the order of names.
pub fn read(paths: &[PathBuf]) -> Files {
    let mut files = Files::default();
    for path in paths {
        if path.is_dir() {
            files.walk(path);
        } else {
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
                    message: error.to_string(),
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
                    message,
                }),
            }
            return;
        }
        match fs::read(path) {
            Ok(bytes) => self.read.push((name, bytes)),
            Err(error) => self.unread.push(Unread {
                message: error.to_string(),
                file: name,
            }),
        }
    }
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
