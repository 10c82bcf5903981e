//! How a verb ends.

use std::error::Error;
use std::fmt;

use kms_alias_files::AccountError;

use crate::exit::ExitCode;

/// What a verb found, each with its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well, whatever the unknown is.
    Passes,
    /// Something is wrong, whatever the unknown is.
    Fails,
    /// What is unknown decides.
    Undecided,
    /// The input cannot be used, or the output cannot be written.
    Unusable,
}

impl Exit {
    /// [`Exit::Passes`] if so, else [`Exit::Fails`].
    pub const fn passes_if(passes: bool) -> Self {
        if passes { Self::Passes } else { Self::Fails }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Passes => 0,
            Exit::Fails => 1,
            Exit::Unusable => 2,
            Exit::Undecided => 3,
        })
    }
}

/// The input cannot be used: the file and the line of what is wrong, where it is a file's, and why.
#[derive(Debug)]
pub struct Unusable {
    place: Option<(String, Option<usize>)>,
    reason: String,
}

impl Unusable {
    /// What is wrong with no file.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            place: None,
            reason: reason.into(),
        }
    }

    /// What is wrong with a file as a whole.
    pub fn of_file(self, file: impl fmt::Display) -> Self {
        self.on_line(file, None)
    }

    /// What is wrong on a line of a file, if it is on one.
    pub fn on_line(self, file: impl fmt::Display, line: Option<usize>) -> Self {
        Self {
            place: Some((file.to_string(), line)),
            ..self
        }
    }

    /// The file of what is wrong, and the line.
    pub fn place(&self) -> Option<(&str, Option<usize>)> {
        let place = self.place.as_ref();
        place.map(|(file, line)| (file.as_str(), *line))
    }

    /// What is wrong, without the place.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some((file, Some(line))) => write!(f, "{file}:{line}: ")?,
            Some((file, None)) => write!(f, "{file}: ")?,
            None => {}
        }
        f.write_str(&self.reason)
    }
}

impl<E: Error + 'static> From<E> for Unusable {
    fn from(error: E) -> Self {
        let any: &dyn Error = &error;
        let Some(of_file) = any.downcast_ref::<AccountError>() else {
            return Self::new(error.to_string());
        };
        let fault = of_file.fault().to_string();
        let reason = match of_file.entry() {
            Some(entry) => format!("{entry}: {fault}"),
            None => fault,
        };
        Self::new(reason).on_line(of_file.file(), of_file.line())
    }
}
