//! The integration tests, in one binary.

mod account;
mod accounts;
mod changes;
mod recognised;
mod wanted;
