//! What a change to AWS KMS key aliases means: verdicts on what is half known, impact, access by alias, plans.

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
