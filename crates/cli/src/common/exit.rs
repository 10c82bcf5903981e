//! How a verb ends.

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

/// The input cannot be used, for this reason.
#[derive(Debug)]
pub struct Unusable(pub String);

impl<E: std::error::Error> From<E> for Unusable {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}
