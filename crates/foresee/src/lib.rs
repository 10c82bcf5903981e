//! What a change to AWS KMS key aliases means: verdicts on what is half known, impact, access by alias, plans.
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

pub mod access;
mod external;
pub mod impact;
pub mod plan;
pub mod verdict;

pub use access::*;
pub use impact::*;
pub use plan::*;
