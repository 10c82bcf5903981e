//! Files in: by path, from standard input, or samples that the program carries.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use kms_alias_files::File;

use super::exit::Unusable;
use super::io_words::{cannot_read, plain};
use super::unpack::{beginning, unpacked};

/// The path that means standard input.
const STANDARD_INPUT: &str = "-";

/// The most that is read of what need not have an end: standard input, a pipe, a device.
const MOST: u64 = 256 << 20;

/// Whether standard input was read: what it held is gone then.
static STANDARD_INPUT_READ: AtomicBool = AtomicBool::new(false);

/// A file's name and content; what was packed with gzip is unpacked.
pub struct Input {
    name: String,
    path: Option<PathBuf>,
    bytes: Vec<u8>,
}

impl Input {
    /// Reads the file of a path, `-` being standard input. Of what is no regular file more than
    /// 256 MiB are refused.
    pub fn read(path: &Path) -> Result<Self, Unusable> {
        let told = |unusable: Unusable| unusable.of_file(path.display());
        if path == Path::new(STANDARD_INPUT) {
            return Self::standard_input();
        }
        Self::file_at(path, content(path).map_err(told)?)
    }

    /// The same, with errors that do not name the file.
    pub fn read_unnamed(path: &Path) -> Result<Self, Unusable> {
        if path == Path::new(STANDARD_INPUT) {
            return Self::standard_input();
        }
        Self::file_at(path, content(path)?)
    }

    fn file_at(path: &Path, bytes: Vec<u8>) -> Result<Self, Unusable> {
        let name = path.display().to_string();
        Self {
            path: Some(path.to_owned()),
            name,
            bytes,
        }
        .unpacked()
    }

    /// What the content of a file begins with: so many bytes, or all.
    pub fn beginning(path: &Path, length: u64) -> io::Result<Vec<u8>> {
        beginning(fs::File::open(path)?, length)
    }

    fn standard_input() -> Result<Self, Unusable> {
        let name = "standard input".to_owned();
        if STANDARD_INPUT_READ.swap(true, Ordering::Relaxed) {
            return Err(Unusable::new(
                "`-` stands for standard input, which can be read only once".to_owned(),
            ));
        }
        let bytes =
            within(io::stdin().lock(), plain).map_err(|unusable| unusable.of_file(&name))?;
        Self {
            path: Some(STANDARD_INPUT.into()),
            name,
            bytes,
        }
        .unpacked()
    }

    /// A file that the program carries.
    pub fn sample(name: &str, content: impl Into<Vec<u8>>) -> Result<Self, Unusable> {
        Self {
            name: format!("{name} (sample)"),
            path: None,
            bytes: content.into(),
        }
        .unpacked()
    }

    fn unpacked(self) -> Result<Self, Unusable> {
        let bytes =
            unpacked(self.bytes).map_err(|error| Unusable::from(error).of_file(&self.name))?;
        Ok(Self { bytes, ..self })
    }

    pub fn file(&self) -> File<'_> {
        File {
            name: &self.name,
            bytes: &self.bytes,
        }
    }

    /// Whether a path leads to the same file as this input, by whatever name or link.
    pub fn is(&self, path: &Path) -> bool {
        let handle = match &self.path {
            None => return false,
            Some(read) if read == Path::new(STANDARD_INPUT) => same_file::Handle::stdin(),
            Some(read) => same_file::Handle::from_path(read),
        };
        // What does not exist is no input.
        handle.is_ok_and(|handle| {
            same_file::Handle::from_path(path).is_ok_and(|other| handle == other)
        })
    }
}

/// What a file holds; of what is no regular file, up to the bound.
fn content(path: &Path) -> Result<Vec<u8>, Unusable> {
    let unusable = |error| Unusable::new(cannot_read(&error));
    if fs::metadata(path).map_err(unusable)?.is_file() {
        return fs::read(path).map_err(unusable);
    }
    within(fs::File::open(path).map_err(unusable)?, cannot_read)
}

/// All that something gives, up to the bound.
fn within(from: impl Read, words: fn(&io::Error) -> String) -> Result<Vec<u8>, Unusable> {
    let mut bytes = Vec::new();
    let mut from = from.take(MOST.saturating_add(1));
    from.read_to_end(&mut bytes)
        .map_err(|error| Unusable::new(words(&error)))?;
    if bytes.len() as u64 > MOST {
        let words = format!(
            "this gives more than {} MiB, and need not have an end: hand in a file",
            MOST >> 20
        );
        return Err(Unusable::new(words));
    }
    Ok(bytes)
}

/// Reads all files of these paths.
pub fn read_all(paths: &[PathBuf]) -> Result<Vec<Input>, Unusable> {
    paths.iter().map(|path| Input::read(path)).collect()
}
