//! What AWS publishes of KMS's operations: the service model and the key-state table.
//!
//! For those who speak KMS's protocol, or explain an answer of it; whoever asks a table needs none of
//! this. [`KmsOperation::members`](crate::KmsOperation::members) gives the members of an operation,
//! [`Violations`] tells what a request breaks of them, in KMS's words (rule K7);
//! [`KmsOperation::in_state`](crate::KmsOperation::in_state) gives a [`Cell`] of the table, and a
//! [`Footnote`] is what refuses (rule S8).

mod constraint;
pub(in crate::key) mod member_types;
mod shape;
mod violation;

pub use super::key_state_table::{Cell, Footnote};
pub use constraint::{Bound, Bounds, Constraint, Pattern, TextShape};
pub(crate) use member_types::{ALIASES_PER_PAGE_UNLESS_ASKED, KEYS_PER_PAGE_UNLESS_ASKED};
pub use shape::{Given, Member, Names, Presence, Shape};
pub use violation::{Of, Path, Violation, Violations};
