//! Runs an example as its users run it.
#![allow(dead_code, reason = "each test has its own use of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

/// One build at a time.
static BUILDING: Mutex<()> = Mutex::new(());

/// The binary of an example, which `cargo test` builds beside the tests; where only tests were
/// asked for, it is built here.
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    let folder = test
        .parent()
        .and_then(Path::parent)
        .expect("the folder of the profile");
    let binary = folder
        .join("examples")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let _one = BUILDING.lock().expect("no build panics");
    if !binary.exists() {
        build(name, folder);
    }
    binary
}

fn build(name: &str, folder: &Path) {
    let profile = folder.file_name().and_then(|name| name.to_str());
    let profile = match profile.expect("a profile") {
        "debug" => "dev",
        other => other,
    };
    let status = Command::new(env!("CARGO"))
        .args([
            "build",
            "--all-features",
            "--example",
            name,
            "--profile",
            profile,
        ])
        .arg("--target-dir")
        .arg(folder.parent().expect("the folder of all"))
        .arg("--manifest-path")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .status();
    let done = status.is_ok_and(|status| status.success());
    assert!(done, "the example is built");
}

pub fn run(name: &str, arguments: &[&str]) -> Output {
    Command::new(binary(name))
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .expect("the example runs")
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
    format!("{}/examples/data/{name}", env!("CARGO_MANIFEST_DIR"))
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}
