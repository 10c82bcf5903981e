//! The integration tests, in one binary.

mod access;
mod impact;
mod patterns;
mod plan;
mod plan_laws;
mod plan_search;
mod strategies;
mod verdict;
