//! What a change to AWS KMS key aliases means: verdicts on what is half known, impact, access by alias, plans.
//!
//! - [`verdict::judge`] says of each step of a run whether KMS takes it, in an account that is known in
//!   part. Begin with its example.
//! - [`Impact::of`] says which uses of keys through aliases a change breaks or starts.
//! - [`AliasConditions`] are conditions of policies on aliases; [`AliasCondition`] is one of them.
//! - [`Plan`] is the fewest operations from the aliases of a table to those that are wanted.
//!
//! Files, such as a Terraform plan or what `aws kms list-aliases` prints, are read by `kms-alias-files`, whose
//! `judge_run` is a verdict in one call.

extern crate alloc;

pub mod access;
mod external;
pub mod impact;
pub mod json_words;
pub mod plan;
pub mod verdict;

pub use access::*;
pub use impact::*;
pub use plan::*;
