//! Runs the program as its users run it.
#![allow(dead_code, reason = "each test has its own use of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs a verb of the program.
pub fn run(verb: &str, arguments: &[&str]) -> Output {
    command(verb, arguments).output().expect("the program runs")
}

/// The command of a verb, for tests that redirect it.
pub fn command(verb: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kms-alias"));
    // Wide enough that no text is broken, but where a test asks for it.
    command.arg(verb).args(arguments).env("COLUMNS", "400");
    command
}

/// A folder of a test's own.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Writes a file, and tells its path.
pub fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::write(&path, content).expect("a file");
    path.to_str().expect("a path of UTF-8").to_owned()
}

/// The path of a file that the crate carries.
pub fn sample(name: &str) -> String {
    format!("{}/data/{name}", env!("CARGO_MANIFEST_DIR"))
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}
