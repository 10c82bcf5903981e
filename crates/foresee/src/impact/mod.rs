//! What a change does to those who use keys.

mod effect;
mod tell;

pub use effect::{AliasImpact, Impact, KeyAliases, KeyImpact, UseRefusal};
