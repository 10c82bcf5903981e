//! AWS KMS key aliases for programs that use `aws-sdk-kms`.
//!
//! - [`Alias`] and [`Key`] convert between the SDK's types and those of [`kms_alias`], both ways.
//! - [`MemoryKms`] is an HTTP client that answers from a table in memory: the SDK's client as it is
//!   in production, with every rule of aliases and no socket.
//! - [`AliasJudge`] is an interceptor: what KMS would refuse of a change to an alias is refused
//!   before it is sent.
//!
//! The three are independent of each other. Every choice that no public source settles is that of
//! [`kms_alias`] and [`kms_alias_wire`].
#![forbid(unsafe_code)]
#![warn(missing_docs, unreachable_pub, unnameable_types)]
#![warn(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::use_self,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc
)]

mod alias;
mod date;
mod judge;
mod key;
mod memory;
mod request;

pub use alias::{Alias, InvalidAlias};
pub use judge::{AliasJudge, Refused};
pub use key::{InvalidKey, Key};
pub use memory::MemoryKms;
