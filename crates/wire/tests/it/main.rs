//! The integration tests, in one binary.

mod conformance;
mod wire;
