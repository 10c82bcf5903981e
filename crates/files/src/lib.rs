//! An account as the AWS CLI prints it, in and out, and lists of changes.
//!
//! [`load`] takes the documents of `aws kms list-aliases`, `aws kms describe-key` and `aws kms
//! list-keys`, any number of them in any order, and makes an [`AliasTable`](kms_alias::AliasTable) of
//! them, or says which file, line and entry does not fit, and by which rule. [`read_changes`] takes
//! a list of changes, and [`change_json`] writes one; [`read_wanted`] takes the aliases that are
//! wanted, and [`list_aliases_json`] writes what `list-aliases` would print.
#![forbid(unsafe_code)]
#![warn(missing_docs, unreachable_pub, unnameable_types)]
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::use_self,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::too_many_lines,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)]

extern crate alloc;

mod account;
mod advice;
pub mod changes;
mod cloudformation;
mod date;
mod fact;
pub mod fault;
mod file;
mod graph;
pub mod locate;
mod moves;
pub mod object;
mod recognise;
mod run;
mod terraform;
mod text;
mod wanted;
mod way;
mod write;
mod yaml;

pub use account::metadata;
pub use account::{Accounts, Loaded, Options, load, read_account};
pub use advice::{Advice, AdviceRule};
pub use changes::{Step, read_changes};
pub use cloudformation::assembly_templates;
pub use date::parse_timestamp;
pub use fault::{AccountError, Fault};
pub use file::File;
pub use recognise::{Kind, Mistaken, recognise};
pub use run::{ReadRun, RunInput, read_run};
pub use wanted::read_wanted;
pub use way::{aws_cli_commands, terraform_blocks};
pub use write::{change_json, list_aliases_json};
