//! The README's example, run with those of the documentation.

#[doc = include_str!("../../README.md")]
struct Readme;
