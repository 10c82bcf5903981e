//! What the pages for contributors name is there: files, functions, types, examples.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const PAGES: &[&str] = &["CONTRIBUTING.md", "DESIGN.md", "TESTING.md", "src/rules.md"];

/// The texts of the files in a folder of this repository by their paths in it.
fn collect(root: &Path, folder: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(root.join(folder)).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("a name in UTF-8");
        let path = format!("{folder}/{name}");
        let path = path.trim_start_matches("./").to_owned();
        if entry.file_type().expect("a type").is_dir() {
            let not_ours = ["target", ".git", ".venv", "venv", "node_modules", "corpus"];
            if !not_ours.contains(&&*name) {
                collect(root, &path, files);
            }
        } else {
            let text = if path.ends_with(".rs") || path.ends_with(".md") {
                fs::read_to_string(entry.path()).expect("a text")
            } else {
                String::new()
            };
            files.insert(path, text);
        }
    }
}

fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        ".",
        &mut files,
    );
    files
}

/// Whether a file or a folder is there, named from the root or by the end of its path.
fn is_there(files: &BTreeMap<String, String>, named: &str) -> bool {
    let named = named.trim_end_matches('/');
    let (end, inside) = (format!("/{named}"), format!("/{named}/"));
    files.keys().any(|path| {
        let path = format!("/{path}");
        path.ends_with(&end) || path.contains(&inside)
    })
}

/// Whether a text defines a name: an item, a variant, a field, or an item made by a macro.
fn defines(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.lines().any(|line| {
        let line = line.trim_start();
        let code = !line.starts_with("//");
        let mut words = line.split(|c: char| !is_word(c));
        code && words.any(|word| word == name)
    })
}

/// What is wrong with a path such as `kms_alias_audit::Choice` or `ReservedNames::AliasAws`.
fn is_defined(files: &BTreeMap<String, String>, path: &str) -> bool {
    let path = path.trim_end_matches("()").trim_end_matches('!');
    let mut names = path.split("::");
    let first = names.next().unwrap_or_default();
    let folder = match first.strip_prefix("kms_alias") {
        Some("") => "src/".to_owned(),
        Some(name) => format!("crates/{}/src/", name.trim_start_matches('_')),
        None if first.starts_with(|c: char| c.is_ascii_uppercase()) => String::new(),
        // A module has no meaning without its crate.
        None => return false,
    };
    let mut of_crate = files
        .iter()
        .filter(|(path, _)| path.contains("src/") && path.starts_with(&folder));
    let mut names: Vec<_> = names.collect();
    if folder.is_empty() {
        names.push(first);
    }
    of_crate.any(|(_, text)| names.iter().all(|name| defines(text, name)))
}

/// What a page names that is not there.
fn missing(files: &BTreeMap<String, String>, page: &str) -> Vec<String> {
    let mut missing = Vec::new();
    // Blocks of commands and of pictures name what they like.
    let prose: Vec<_> = page.split("```").step_by(2).collect();
    let prose = prose.concat().replace('\n', " ");
    let parts: Vec<_> = prose.split('`').collect();
    let mut last_file = "";
    for (at, quoted) in parts.iter().enumerate().skip(1).step_by(2) {
        let before = parts[at - 1];
        let is_file = [".rs", ".md", ".txt", ".toml"];
        let is_file = is_file.iter().any(|end| quoted.ends_with(end));
        let is_folder = ["src", "crates/", "tests/", "key/", "table/", "operation/"];
        let is_folder = is_folder.iter().any(|start| quoted.starts_with(start));
        let good = if quoted.contains([' ', '*', '=']) {
            true
        } else if is_file || (is_folder && quoted.contains('/')) {
            last_file = quoted;
            is_there(files, quoted)
        } else if quoted.contains("::") {
            is_defined(files, quoted)
        } else if before.ends_with("example ") {
            is_there(files, &format!("examples/{quoted}.rs"))
        } else if before == " (" && !last_file.is_empty() {
            // A function in brackets is one of the file before it.
            let end = format!("/{last_file}");
            let mut of_name = files
                .iter()
                .filter(|(path, _)| format!("/{path}").ends_with(&end));
            of_name.any(|(_, text)| defines(text, quoted))
        } else {
            true
        };
        if !good {
            missing.push((*quoted).to_owned());
        }
    }
    missing
}

#[test]
fn what_the_pages_name_is_there() {
    let files = files();
    for page in PAGES {
        assert_eq!(missing(&files, &files[*page]), [""; 0], "{page}");
    }
}

#[test]
fn what_is_not_there_is_missed() {
    let files = files();
    let page = "See `table/machine.rs`, `account::audit::Choice`, the example `audit`, \
                `ReservedNames::Everything`, `kms_alias::Forgotten`, `src/table/rules.rs` (`judge_all`), \
                `tests/nowhere`; and `table/rules.rs` (`judge`), `kms_alias_audit::Choice`, \
                `ReservedNames::AliasAws`, `alias/aws`.";
    let expected = [
        "table/machine.rs",
        "account::audit::Choice",
        "audit",
        "ReservedNames::Everything",
        "kms_alias::Forgotten",
        "judge_all",
        "tests/nowhere",
    ];
    assert_eq!(missing(&files, page), expected);
}
