//! What may happen: the keys and aliases of one account and Region as a state machine.

mod alias;
mod broken;
mod commit;
#[cfg(test)]
#[path = "../../tests/store/full.rs"]
mod full;
mod inconsistent;
mod life;
mod list;
mod machine;
mod replay;
mod rules;
mod snapshot;
mod store;
mod warning;

pub use alias::{Alias, Aliases};
pub use inconsistent::{Inconsistent, InconsistentAt, RefusedAt};
pub use list::{AliasPage, KeyPage};
pub use machine::AliasTable;
pub use snapshot::{Entry, Snapshot, SnapshotError};
pub use warning::Warning;
