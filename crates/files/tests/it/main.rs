//! The integration tests, in one binary.

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
