//! The vocabulary of the state machine: what may be asked, what happened, what was refused.

mod change;
mod parse;
mod refusal;
mod request;

pub use change::{AliasListEntry, Change, Effect};
pub use parse::{RequestText, parse_key_identifier, read_key_id, read_key_identifier};
pub use refusal::{Refusal, StateRefusal};
pub(crate) use refusal::{other_account, other_region};
pub use request::{ListAliases, ListKeys, Operation};

pub use request::marker_after;
