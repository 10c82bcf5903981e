//! The vocabulary of the state machine: what may be asked, what happened, what was refused.

mod change;
mod constraint;
mod impact;
mod parse;
mod refusal;
mod request;

pub use change::{AliasListEntry, Change, Effect};
pub use constraint::Bound;
pub use impact::{AliasImpact, Impact, KeyAliases, KeyImpact, UseRefusal};
pub use parse::{RequestText, parse_key_identifier};
pub use refusal::{Refusal, StateRefusal};
pub use request::{ListAliases, ListKeys, Operation};

#[cfg(feature = "json")]
pub(crate) use constraint::{
    ALIAS_NAME, ALIASES_PER_PAGE, Bounds, Constraint, KEY_ID, KEYS_PER_PAGE, MARKER, Pattern,
    Shown, TextShape, Violation, WAITING_PERIOD,
};
pub(crate) use impact::{Led, Sides};
pub(crate) use request::marker_after;
