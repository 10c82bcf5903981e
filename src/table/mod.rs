//! What may happen: the keys and aliases of one account and Region as a state machine.

mod alias;
mod alias_table;
mod broken;
mod commit;
#[cfg(test)]
#[path = "../../tests/store/full.rs"]
mod full;
mod inconsistency;
mod keys;
mod life;
mod list;
mod quota;
mod replication;
mod rules;
mod snapshot;
mod store;
mod undo_and_replay;
mod warning;

pub use alias::{Alias, Aliases};
pub use alias_table::AliasTable;
pub use inconsistency::{Inconsistent, InconsistentAt, RefusedAt};
pub use list::{AliasPage, KeyPage};
pub use snapshot::{Snapshot, SnapshotEntry, SnapshotError};
pub use warning::Warning;
