//! The integration tests, in one binary.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

mod audit;
mod audit_laws;
mod choices;
