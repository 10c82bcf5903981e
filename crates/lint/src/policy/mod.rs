//! Policies: what they say, and the rules W1–W14 about it.

mod check;
mod explain;
mod model;
mod operator;
mod pattern;
mod read;
mod resource;
mod rules;
mod vocabulary;

pub(crate) use check::{Fault, check, check_completeness};
pub use explain::PolicyRule;
pub(crate) use model::Policy;
pub use model::PolicyKind;
pub(crate) use read::{PERHAPS, document, is_document, policies, statements};
pub use vocabulary::AWS_ALIAS_SERVICES;
