//! The integration tests, in one binary.

mod account;
mod changes;
mod wanted;
