//! Paths as they are given, some from the root and some from the current folder, made alike: files
//! belong together by the text of their paths.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The same paths, all from the current folder, or all from the root where one leads out of it.
///
/// Paths that are alike already stay as they are given, and so does what is no file.
pub fn alike(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = paths.iter().filter(|path| is_file(path));
    let first = files.next().is_some_and(|path| path.is_absolute());
    if files.all(|path| path.is_absolute() == first) {
        return paths.to_vec();
    }
    let current = env::current_dir().and_then(fs::canonicalize);
    let current = current.unwrap_or_default();
    let whole: Vec<_> = paths.iter().map(|path| whole(path)).collect();
    let within = whole.iter().map(|path| match path {
        Some(path) => path.strip_prefix(&current).map(from_here).ok(),
        None => Some(PathBuf::new()),
    });
    let within: Option<Vec<_>> = within.collect();
    let alike = within.map(|within| within.into_iter().map(Some).collect());
    let alike = alike.unwrap_or_else(|| whole.clone());
    let known = paths.iter().zip(whole).zip(alike);
    let known = known.map(|((given, whole), alike)| match (whole, alike) {
        (Some(_), Some(alike)) => alike,
        _ => given.clone(),
    });
    known.collect()
}

fn from_here(path: &Path) -> PathBuf {
    Path::new(".").join(path)
}

fn is_file(path: &Path) -> bool {
    path != Path::new("-") && path.exists()
}

/// A path from the root, without links but a last one to a file: the file belongs to the folder in which the link is.
fn whole(path: &Path) -> Option<PathBuf> {
    if !is_file(path) {
        return None;
    }
    if path.is_dir() {
        return fs::canonicalize(path).ok();
    }
    let folder = path.parent().filter(|own| !own.as_os_str().is_empty());
    let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
    Some(folder.join(path.file_name()?))
}
