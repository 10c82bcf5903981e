//! What may happen: the keys and aliases of one account and Region as a state machine.

mod broken;
mod facts;
mod impact;
mod inconsistent;
mod list;
mod machine;
mod order;
mod replay;
mod rules;
mod snapshot;
mod store;

pub use facts::{Alias, Warning};
pub use inconsistent::{Inconsistent, RefusedAt};
pub use list::{AliasPage, KeyPage};
pub use machine::AliasTable;
pub use snapshot::{AssembleError, Assembly, Entry};
