//! The integration tests, in one binary.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

mod account;
mod accounts;
mod builder;
mod changes;
mod cloudformation;
mod laws;
mod plans;
mod recognised;
mod terraform;
mod wanted;
mod ways;
