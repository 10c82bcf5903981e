//! The service's JSON 1.1 protocol as a pure function.
//!
//! [`handle`] takes a table, the value of a request's `X-Amz-Target`, its body and the time, and
//! gives the status and the body of the answer. It opens no socket and reads no clock: a server is
//! a few lines around it, and a test needs none.
//!
//! # Operations
//! - CreateAlias, UpdateAlias, DeleteAlias, ListAliases, ListKeys, DescribeKey, CreateKey,
//!   EnableKey, DisableKey, ScheduleKeyDeletion and CancelKeyDeletion are done.
//! - Encrypt, Decrypt, GenerateDataKey, GenerateDataKeyWithoutPlaintext, Sign, Verify, GenerateMac,
//!   VerifyMac and GetPublicKey are judged, by key or through an alias: by the state of the key
//!   (rule S6), its usage, its spec and the algorithm. This crate holds no key material, so where
//!   nothing stands against them the answer is `UnsupportedOperationException`, or
//!   `DryRunOperationException` if a dry run was asked for and the key decides alone.
//! - Any other is `UnknownOperationException`.
//!
//! # What goes before what
//! 1. The operation; then the body, which is a JSON structure whose members are of the service
//!    model's types: `SerializationException`.
//! 2. What the service model asks of every member, all that is broken at once, as the service tells
//!    it ("2 validation errors detected: …"): `ValidationException`.
//! 3. The rules of the table, in the table's order and words.
//!
//! # Our choices
//! No public source settles these:
//! - A member that is said twice is refused, as nobody can tell which of the two was meant; an
//!   integer has no fraction and no exponent and fits 64 bits; a blob is base64 with its padding; an
//!   empty body is no structure. Unknown members are passed over whatever they hold.
//! - Of one member the first constraint that it breaks is told, and no more than 32 in all.
//! - Every refusal has the status 400, as clients try again after a 5xx.
//! - CreateKey takes a custom key store that is named to be there, checks policy and tags but keeps
//!   neither them nor the description, and enforces no quota of keys. If its key ID is taken, which
//!   16 random bytes never are, it answers `AlreadyExistsException`.
//! - A replica of a multi-Region key is shown as an empty structure: a table knows how many there
//!   are, not where.
//!
//! Words that are known from an emulator only, or are ours, are marked so in the sources.
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

mod create;
mod fault;
mod handle;
mod judge;
mod message;
mod operation;
mod output;
mod perform;
mod read;
mod response;
mod validate;
mod value;

pub use handle::{Judgement, handle, judge};
pub use response::Response;
