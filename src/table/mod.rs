//! What may happen: the keys and aliases of one account and Region as a state machine.

mod arena;
mod block;
mod broken;
mod facts;
#[cfg(test)]
mod full;
mod inconsistent;
mod index;
mod key_aliases;
mod life;
mod list;
mod machine;
mod order;
mod record;
mod replay;
mod rules;
mod slots;
mod snapshot;
mod sort;
mod store;

pub use facts::{Alias, Warning};
pub use inconsistent::{Inconsistent, RefusedAt};
pub use list::{AliasPage, KeyPage};
pub use machine::AliasTable;
pub use snapshot::{AssembleError, Assembly, Entry};
