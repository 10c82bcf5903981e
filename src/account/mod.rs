//! An account as the AWS CLI prints it, in and out, and lists of changes (feature `json`).
//!
//! [`load`] takes the documents of `aws kms list-aliases`, `aws kms describe-key` and `aws kms
//! list-keys`, any number of them in any order, and makes an [`AliasTable`](crate::AliasTable) of
//! them, or says which file, line and entry does not fit, and by which rule. [`read_changes`] takes
//! a list of changes, and [`change_json`] writes one; [`read_wanted`] takes the aliases that are
//! wanted, and [`list_aliases_json`] writes what `list-aliases` would print. [`audit`] holds these
//! rules against AWS's own log.

pub mod audit;
mod changes;
mod date;
mod document;
mod fault;
mod file;
mod listing;
mod load;
mod locate;
mod member;
mod object;
mod wanted;
mod write;

pub use changes::{Step, read_changes};
pub use date::parse_timestamp;
pub use fault::{AccountError, Fault};
pub use file::File;
pub use load::{Loaded, Options, load};
pub use wanted::read_wanted;
pub use write::{change_json, list_aliases_json};
