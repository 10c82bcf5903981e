//! What is broken of the service model, told as the service tells it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use kms_alias::operation::constraint::{Shown, Violation};

/// No more violations are told than this (ours): a small request gets no large answer.
const MOST_VIOLATIONS: usize = 32;

/// What is broken, each in the service's words.
#[derive(Debug, Default)]
pub(super) struct Violations(Vec<String>);

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = if self.0.len() == 1 { "error" } else { "errors" };
        write!(f, "{} validation {errors} detected: ", self.0.len())?;
        f.write_str(&self.0.join("; "))
    }
}

impl core::error::Error for Violations {}

impl Violations {
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add(
        &mut self,
        value: Shown<'_>,
        path: &impl fmt::Display,
        constraint: impl fmt::Display,
    ) {
        if self.0.len() < MOST_VIOLATIONS {
            let violation = Violation {
                value,
                member: &path.to_string(),
                constraint,
            };
            self.0.push(violation.to_string());
        }
    }
}
