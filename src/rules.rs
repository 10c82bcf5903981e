//! Every rule by its number: what it says, where it comes from, what refuses and where it is kept.
//!
//! In code a rule is a [`Rule`](crate::Rule), which has its text and source; a
//! [`Refusal`](crate::Refusal), a [`ParseError`](crate::ParseError) and every other error that a
//! rule raises tells it by `rule()`. The tables of this page are compared with the code by a test.
//!
//! ```
//! use kms_alias::{AliasName, Rule};
//!
//! let error = "alias/pay.ments".parse::<AliasName>().unwrap_err();
//! assert_eq!(error.rule(), Rule::A3);
//! assert_eq!(Rule::A3.number(), "A3");
//! assert!(Rule::A3.text().starts_with("After the prefix an alias name holds only"));
//! ```
#![doc = include_str!("rules.md")]
