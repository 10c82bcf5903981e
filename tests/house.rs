//! The house: who imports whom, how long a file is, and what does not belong on the roof.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, from the ground. A file imports its own floor's room and the floors below it.
const FLOORS: &[&[&str]] = &[
    &["rule"],
    &["identifier"],
    &["key"],
    &["operation"],
    &["table"],
    &["plan"],
    &["account", "access", "wire"],
    // The traits of other crates reach every room.
    &["external"],
];

/// A file that is longer is perhaps two rooms in one.
const LONGEST_FILE: usize = 500;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file of the library, with its text.
fn files() -> Vec<(PathBuf, String)> {
    files_below(source())
}

/// Every Rust file below a folder, with its text; what cargo builds left out.
fn files_below(folder: PathBuf) -> Vec<(PathBuf, String)> {
    let mut folders = vec![folder];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if !path.ends_with("target") {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                files.push((path, text));
            }
        }
    }
    files
}

/// The room that a file belongs to: its folder or its own name, below `src`.
fn room(path: &Path) -> String {
    let inside = path.strip_prefix(source()).expect("a file of the sources");
    let first = inside.iter().next().expect("a name").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

fn floor(room: &str) -> usize {
    FLOORS
        .iter()
        .position(|rooms| rooms.contains(&room))
        .unwrap_or_else(|| panic!("{room} is on no floor"))
}

/// The rooms that a text names by `crate::`, documentation and comments left out.
fn imports(text: &str) -> Vec<String> {
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let mut rooms = Vec::new();
    for line in code {
        for (at, prefix) in line.match_indices("crate::") {
            let rest = &line[at + prefix.len()..];
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            rooms.push(rest[..end].to_owned());
        }
    }
    rooms
}

#[test]
fn no_floor_imports_a_higher_one() {
    let mut seen = 0;
    for (path, text) in files() {
        let own = room(&path);
        if own == "lib" {
            continue;
        }
        for imported in imports(&text) {
            seen += 1;
            let below = floor(&imported) < floor(&own);
            assert!(
                below || imported == own,
                "{} imports `crate::{imported}`",
                path.display()
            );
            assert!(
                own != "access" || imported != "table",
                "access is given values: {}",
                path.display()
            );
        }
    }
    assert!(seen > 50, "the imports are found at all: {seen}");
}

#[test]
fn the_roof_is_prose_and_doors_only() {
    let text = fs::read_to_string(source().join("lib.rs")).expect("the roof");
    for line in text.lines().filter(|line| !line.starts_with("//!")) {
        let door = [
            "mod ",
            "pub mod ",
            "pub use ",
            "extern crate alloc",
            "#",
            "    ",
            ")]",
            "",
        ];
        assert!(
            door.iter()
                .any(|start| line == *start || (!start.is_empty() && line.starts_with(start))),
            "{line}"
        );
        for word in ["fn ", "struct ", "enum ", "trait ", "impl ", "macro_rules"] {
            assert!(!line.contains(word), "{line}");
        }
    }
}

#[test]
fn a_door_has_no_code() {
    let mut doors = 0;
    for (path, text) in files() {
        let is_before_a_folder = path.with_extension("").is_dir();
        if path.file_name().is_some_and(|name| name == "mod.rs") || is_before_a_folder {
            doors += 1;
            for word in ["fn ", "struct ", "enum ", "trait ", "impl ", "macro_rules"] {
                let code = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"));
                let found = code.clone().find(|line| line.contains(word));
                assert_eq!(found, None, "{}", path.display());
            }
        }
    }
    assert!(doors > 7, "the doors are found at all: {doors}");
}

#[test]
fn no_file_is_two_rooms_in_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "tests", "examples", "benches", "fuzz"] {
        let files = files_below(root.join(folder));
        assert!(files.len() > 2, "the files of {folder} are found");
        for (path, text) in files {
            let lines = text.lines().count();
            assert!(
                lines <= LONGEST_FILE,
                "{} has {lines} lines",
                path.display()
            );
        }
    }
}
