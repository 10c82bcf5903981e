//! The integration tests, in one binary.

mod audit_example;
mod corpus;
mod example;
mod plan_example;
mod preflight;
mod preflight_touched;
mod rules_page;
mod serve;
