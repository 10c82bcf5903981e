//! Findings for machines: SARIF, and annotations of GitHub Actions.

mod github;
mod sarif;

use clap::ValueEnum;

use super::Unusable;

pub use github::annotation;
pub use sarif::document;

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
    /// SARIF 2.1.0, one document
    Sarif,
    /// Annotations of GitHub Actions, one a line
    Github,
}

impl Format {
    /// The format that the flags ask for: `--json` is short for `--format json`.
    pub const fn of(format: Self, json: bool) -> Self {
        if json { Self::Json } else { format }
    }

    /// Whether a program reads what is printed.
    pub const fn is_for_programs(self) -> bool {
        !matches!(self, Self::Text)
    }
}

/// How bad a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Error,
    Warning,
    Note,
}

/// A finding, or a step that does not pass.
pub struct Finding {
    pub rule: &'static str,
    /// What the rule says.
    pub text: &'static str,
    pub level: Level,
    pub message: String,
    pub file: String,
    /// Line and column from 1, and the column after the last marked character.
    pub region: Option<Region>,
    /// A Terraform address, a logical ID, the path in a policy.
    pub address: Option<String>,
}

#[derive(Clone, Copy)]
pub struct Region {
    pub line: usize,
    pub columns: Option<(usize, usize)>,
}

/// A file that could not be read.
pub struct Unread {
    pub file: String,
    /// Where reading stopped, if that is known.
    pub region: Option<Region>,
    pub message: String,
}

impl Unread {
    /// The message behind the place, without the file.
    pub fn told(&self) -> String {
        match self.region {
            None => self.message.clone(),
            Some(Region {
                line,
                columns: None,
            }) => format!("{line}: {}", self.message),
            Some(Region {
                line,
                columns: Some((column, _)),
            }) => format!("{line}:{column}: {}", self.message),
        }
    }

    /// What makes an input unusable; where it is no file's, this one stands for it.
    pub fn of(unusable: &Unusable, file: String) -> Self {
        let (file, line) = match unusable.place() {
            Some((file, line)) => (file.to_owned(), line),
            None => (file, None),
        };
        let columns = None;
        Self {
            file,
            region: line.map(|line| Region { line, columns }),
            message: unusable.reason().to_owned(),
        }
    }
}

/// A file that could not be read, as a finding: what stands for a rule says so.
impl From<&Unread> for Finding {
    fn from(unread: &Unread) -> Self {
        Self {
            rule: "unread",
            text: "A file that could not be read is not checked.",
            level: Level::Error,
            message: unread.message.clone(),
            file: unread.file.clone(),
            region: unread.region,
            address: None,
        }
    }
}
