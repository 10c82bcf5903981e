//! What the verbs share: files as they are named or as the crate carries them, and words to people.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets};
use kms_alias::{AliasTable, ReservedNames, Timestamp};
use kms_alias_files::File;

/// As many warnings of a rule are said one by one.
const MOST_WARNINGS: usize = 10;

/// As wide is a table where nothing says how wide it may be.
const WIDTH: u16 = 120;

/// The input cannot be used, for this reason.
pub struct Unusable(pub String);

impl<E: std::error::Error> From<E> for Unusable {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// A file's name and content.
pub struct Input {
    name: String,
    bytes: Vec<u8>,
}

impl Input {
    pub fn read(path: &Path) -> Result<Self, Unusable> {
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|error| Unusable(format!("{name}: {error}")))?;
        Ok(Self { name, bytes })
    }

    /// A file that the program carries.
    pub fn sample(name: &str, content: impl Into<Vec<u8>>) -> Self {
        Self {
            name: format!("{name} (sample)"),
            bytes: content.into(),
        }
    }

    /// The same file with its content made into another, or what is wrong with it.
    pub fn mapped(
        self,
        map: impl FnOnce(Vec<u8>) -> io::Result<Vec<u8>>,
    ) -> Result<Self, Unusable> {
        let name = self.name;
        match map(self.bytes) {
            Ok(bytes) => Ok(Self { name, bytes }),
            Err(error) => Err(Unusable(format!("{name}: {error}"))),
        }
    }

    pub fn file(&self) -> File<'_> {
        File {
            name: &self.name,
            bytes: &self.bytes,
        }
    }
}

/// The two readings of rule A4, by the prefix that each reserves.
#[derive(Clone, Copy, ValueEnum)]
pub enum Reserved {
    #[value(name = "alias/aws")]
    AliasAws,
    #[value(name = "alias/aws/")]
    AliasAwsSlash,
}

impl From<Reserved> for ReservedNames {
    fn from(reserved: Reserved) -> Self {
        match reserved {
            Reserved::AliasAws => Self::AliasAws,
            Reserved::AliasAwsSlash => Self::AliasAwsSlash,
        }
    }
}

/// Says what stands beyond the rules: of each rule a few one by one.
pub fn warn_of_what_stands(table: &AliasTable) {
    let mut count_of_rule = BTreeMap::new();
    for warning in table.warnings() {
        let count = count_of_rule.entry(warning.rule()).or_insert(0_usize);
        *count += 1;
        if *count <= MOST_WARNINGS {
            warn(&warning.to_string());
        }
    }
    for (rule, count) in count_of_rule {
        if count > MOST_WARNINGS {
            let more = count - MOST_WARNINGS;
            warn(&format!("and {more} more beyond rule {rule}"));
        }
    }
}

pub fn note(text: &str) {
    say("note", AnsiColor::Cyan, text);
}

pub fn warn(text: &str) {
    say("warning", AnsiColor::Yellow, text);
}

pub fn fail(text: &str) {
    say("error", AnsiColor::Red, text);
}

fn say(kind: &str, color: AnsiColor, text: &str) {
    let style = Style::new().bold().fg_color(Some(color.into()));
    // Whoever closed standard error does not want to hear it.
    let _ = writeln!(
        anstream::stderr(),
        "{style}{kind}{style:#}: {}",
        printable(text)
    );
}

/// A text from a file, with nothing in it that a terminal would obey.
pub fn printable(text: &str) -> String {
    let plain = |character: char| {
        if character.is_control() {
            '\u{fffd}'
        } else {
            character
        }
    };
    text.chars().map(plain).collect()
}

/// A table for people, without rows.
pub fn table(header: &[&str]) -> Table {
    let mut rows = Table::new();
    rows.load_preset(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    if rows.width().is_none() {
        rows.set_width(WIDTH);
    }
    if anstream::AutoStream::choice(&io::stdout()) == ColorChoice::Never {
        rows.force_no_tty();
    }
    rows.set_header(header);
    rows
}

/// What came of printing; whoever closed standard output has seen enough.
pub fn printed(result: io::Result<()>) -> Result<(), Unusable> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

pub fn system_time() -> Result<Timestamp, Unusable> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(Timestamp::from_millis(i64::try_from(since.as_millis())?))
}
