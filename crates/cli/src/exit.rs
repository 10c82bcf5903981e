//! The exit code of a verb, as a number: that of the standard library cannot be read.

use std::process::Termination;

/// The exit code of the program.
///
/// ```
/// use kms_alias_cli::ExitCode;
///
/// assert_eq!(u8::from(ExitCode::from(3)), 3);
/// assert_eq!(u8::from(ExitCode::SUCCESS), 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExitCode(u8);

impl ExitCode {
    /// Everything passes.
    pub const SUCCESS: Self = Self(0);
    /// Something is refused, found or different.
    pub const FAILURE: Self = Self(1);
}

impl From<u8> for ExitCode {
    fn from(code: u8) -> Self {
        Self(code)
    }
}

impl From<ExitCode> for u8 {
    fn from(ExitCode(code): ExitCode) -> Self {
        code
    }
}

impl Termination for ExitCode {
    fn report(self) -> std::process::ExitCode {
        self.0.into()
    }
}
