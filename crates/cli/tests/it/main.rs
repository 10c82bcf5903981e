//! The integration tests, in one binary.

mod audit;
mod check;
mod check_touched;
mod corpus;
mod habits;
mod plan;
mod program;
mod rules_page;
mod serve;
