//! The integration tests, in one binary.

mod audit;
mod check;
mod check_plans;
mod check_remedies;
mod check_touched;
mod corpus;
mod explain;
mod fetch;
mod habits;
mod lint;
mod lint_named_twice;
mod malformed;
mod mistaken;
mod plan;
mod plan_terraform;
mod program;
mod rules_page;
mod serve;
