//! The integration tests, in one binary.

mod audit;
mod audit_laws;
mod choices;
