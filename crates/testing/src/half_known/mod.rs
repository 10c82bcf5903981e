//! Small accounts that are half known, and what can come of a run in them: every completion and
//! every order, through closed tables alone.

mod compare;
mod completions;
mod generate;
mod oracle;
mod ways;
mod world;

pub use compare::{Tally, compare, untold};
pub use generate::{Choices, LIFE, any_key, crowd, life, list, overdue, replicas, world};
pub use oracle::{Oracle, Truth};
pub use world::{AT, Ask, Key, SCOPE, SmallWorld, THERE, described, described_there, key_id, name};
