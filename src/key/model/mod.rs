//! The service model of KMS, as far as its operations are described here: members and their types.
//!
//! [`KmsOperation::members`](crate::KmsOperation::members) gives the members of an operation;
//! [`Violations`] tells what a request breaks of them, in KMS's words (rule K7).

mod constraint;
pub(in crate::key) mod named_shapes;
mod shape;
mod violation;

pub use constraint::{Bound, Bounds, Constraint, Pattern, TextShape};
pub use shape::{Given, Member, Names, Presence, Shape};
pub use violation::{Of, Path, Violation, Violations};
