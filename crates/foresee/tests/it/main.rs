//! The integration tests, in one binary.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

mod access;
mod impact;
mod patterns;
mod plan;
mod plan_laws;
mod plan_search;
mod strategies;
mod verdict;
