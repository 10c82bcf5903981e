//! What an interrupted run had described already: a file that grows by a line for each key.
//!
//! A line is `{"KeyMetadata": …}`, as KMS answered. A line that is torn or is something else is
//! passed over: that key is asked for again.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::value::RawValue;

/// Older descriptions are not used: keys change. The limit is ours.
const USABLE_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// An answer of DescribeKey.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    key_metadata: Box<RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Identity {
    arn: String,
}

/// The descriptions so far, by the ARN of their keys, and the file that keeps them.
pub struct Partial {
    path: PathBuf,
    file: Option<File>,
    described: BTreeMap<String, Box<RawValue>>,
}

impl Partial {
    /// What stands in the file; nothing if there is none, or none of the last 24 hours.
    pub fn open(path: PathBuf) -> io::Result<Self> {
        let bytes = match fs::metadata(&path) {
            Ok(metadata) if is_fresh(metadata.modified()?) => fs::read(&path)?,
            Ok(_) => {
                fs::remove_file(&path)?;
                Vec::new()
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error),
        };
        let lines = bytes.split(|byte| *byte == b'\n');
        Ok(Self {
            path,
            file: None,
            described: lines.filter_map(read).collect(),
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many keys are described.
    pub fn len(&self) -> usize {
        self.described.len()
    }

    /// The description of the key with this ARN.
    pub fn get(&self, arn: &str) -> Option<&RawValue> {
        self.described.get(arn).map(AsRef::as_ref)
    }

    /// Keeps an answer of DescribeKey and tells the ARN of its key; `None` if it is no such answer.
    pub fn keep(&mut self, answer: &[u8]) -> io::Result<Option<String>> {
        let Some((arn, metadata)) = read(answer) else {
            return Ok(None);
        };
        // Line breaks in JSON stand between its tokens only.
        let text = metadata.get().replace(['\n', '\r'], " ");
        let line = format!("{{\"KeyMetadata\":{text}}}\n");
        self.writable()?.write_all(line.as_bytes())?;
        let metadata = RawValue::from_string(text)?;
        self.described.insert(arn.clone(), metadata);
        Ok(Some(arn))
    }

    /// Removes the file: what it kept is in the account file now.
    pub fn remove(self) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn writable(&mut self) -> io::Result<&mut File> {
        if self.file.is_none() {
            let mut file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(&self.path)?;
            if file.metadata()?.len() > 0 {
                // The last line may be torn.
                file.write_all(b"\n")?;
            }
            self.file = Some(file);
        }
        self.file
            .as_mut()
            .ok_or_else(|| io::Error::other("the file is not open"))
    }
}

/// A time ahead of the clock counts as now.
fn is_fresh(modified: SystemTime) -> bool {
    SystemTime::now()
        .duration_since(modified)
        .is_ok_and(|age| age < USABLE_FOR)
        || modified > SystemTime::now()
}

fn read(answer: &[u8]) -> Option<(String, Box<RawValue>)> {
    let answer: Answer = serde_json::from_slice(answer).ok()?;
    let identity: Identity = serde_json::from_str(answer.key_metadata.get()).ok()?;
    Some((identity.arn, answer.key_metadata))
}
