//! The integration tests, in one binary.

mod account;
mod accounts;
mod changes;
mod plans;
mod recognised;
mod wanted;
