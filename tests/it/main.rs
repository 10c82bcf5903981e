//! The integration tests, in one binary.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

mod algorithms;
mod alias_name;
mod arn;
mod exhaustive;
mod forged;
mod identifiers;
mod key_id;
mod key_identifier;
mod key_model;
mod key_names;
mod key_state_table;
mod laws;
mod long_life;
mod operations;
mod pages;
mod refusals;
mod scale;
mod timestamps;
