//! A stranger with only the README reaches a program of their own that uses `AliasTable`, and the
//! paths and tests that the documents name are there.

use std::fs;
use std::path::Path;
use std::process::Command;

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The first block of a language after a heading.
fn block(text: &str, heading: &str, language: &str) -> String {
    let (_, section) = text.split_once(heading).expect("the heading");
    let fence = format!("```{language}\n");
    let (_, block) = section.split_once(&fence).expect("the block");
    block.split("```").next().expect("its end").to_owned()
}

#[test]
fn the_program_of_the_readme_is_built_in_a_package_of_its_own_and_prints_what_it_says() {
    let readme = read("README.md");
    let heading = "## A program of your own";
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme-program");
    fs::create_dir_all(folder.join("src")).expect("a folder");
    // The published crate is this one: its version becomes a path.
    let dependency = block(&readme, heading, "toml");
    assert!(dependency.contains("kms-alias = \"0.1\""), "{dependency}");
    let root = env!("CARGO_MANIFEST_DIR").replace('\\', "/");
    let dependency = dependency.replace("\"0.1\"", &format!("{{ path = \"{root}\" }}"));
    let package =
        "[package]\nname = \"mine\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(
        folder.join("Cargo.toml"),
        format!("{package}\n{dependency}"),
    )
    .expect("a file");
    fs::write(
        folder.join("src/main.rs"),
        block(&readme, "# kms-alias", "rust"),
    )
    .expect("a file");
    // Cargo drops from the lock what this package does not need, and asks no registry.
    if let Ok(lock) = fs::read_to_string(Path::new(&root).join("Cargo.lock")) {
        fs::write(folder.join("Cargo.lock"), lock).expect("a file");
    }
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(folder.join("target"))
        .output()
        .expect("cargo runs");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    let printed = String::from_utf8(output.stdout).expect("text");
    assert_eq!(printed, block(&readme, heading, "text"));
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn the_tests_that_the_comparison_names_are_there() {
    let readme = read("README.md");
    let (_, section) = readme.split_once("## What it checks").expect("the section");
    let rows = section.lines().filter(|line| line.starts_with("| "));
    let mut seen = 0;
    for cell in rows.filter_map(|row| row.split(" | ").nth(1)) {
        for name in quoted(cell) {
            if let Some((file, test)) = name.split_once("::") {
                let code = read(&format!("tests/{file}.rs"));
                assert!(code.contains(&format!("fn {test}()")), "no {name}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 10, "the names are found at all: {seen}");
}

#[test]
fn the_files_that_the_documents_name_are_there() {
    let mut seen = 0;
    for document in ["CONTRIBUTING.md", "DESIGN.md"] {
        for name in quoted(&read(document)) {
            let is_path = name.starts_with("src/") || name.starts_with("tests/");
            if is_path && !name.contains(' ') {
                let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
                assert!(path.exists(), "{document}: no {name}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "the paths are found at all: {seen}");
}
