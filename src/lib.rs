//! Every rule of AWS KMS key aliases: validate names and ARNs, model an account's aliases, foresee
//! which change fails and why.
//!
//! An alias such as `alias/payments` is the name by which code finds a KMS key. Moving it to
//! another key is one call, `UpdateAlias`, with many ways to fail. This crate knows them all: it
//! answers what KMS would answer, with the exception, the words and the number of the rule, before
//! anything runs.
//!
//! It is pure: no I/O, no clock, no threads, no `unsafe`; results are deterministic, and time is a
//! value that you hand in. It is `no_std` (with `alloc`), and it panics on no input.
//!
//! - **Validate**: [`AliasName`], [`KeyId`], [`KeyArn`] and the other identifiers cannot hold a
//!   wrong value. A [`ParseError`] says what was expected, at which byte, by which [`Rule`].
//! - **Model**: [`AliasTable`] holds the keys and aliases of one account and Region. An
//!   [`Operation`] is checked against every rule; a [`Refusal`] has KMS's exception and words.
//! - **Foresee**: `kms-alias-foresee` judges what is half known, says whom a change touches and plans;
//!   `kms-alias-files` reads what people have in hand; `kms-alias-wire` speaks the service's protocol.
//!
//! Every rule has a number, such as U3. The pages of this documentation cite it, errors name it,
//! and the page [`rules`] has what it says, where it comes from and what it refuses. "Ours" marks
//! what no public source settles, so that this crate had to choose.
//!
//! # A tour
//! 1. Names, IDs and ARNs: [`AliasName`], [`KeyId`], [`KeyArn`], and [`KeyIdentifier`] for any of them.
//! 2. What a key is: [`KeyMetadata`], its [`KeySpec`], [`KeyUsage`] and [`KeyState`].
//! 3. What may happen: [`AliasTable`], with [`check`](AliasTable::check) for a dry run,
//!    [`apply`](AliasTable::apply), [`undo`](AliasTable::undo) and [`replay`](AliasTable::replay).
//! 4. Why not: [`Refusal`], and every rule by its number in [`rules`].
//! 5. A whole table in and out: [`Snapshot`].
//!
//! ```
//! use kms_alias::{
//!     AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, KeyState, Region, Rule, Scope,
//!     Timestamp,
//! };
//!
//! let scope = Scope::new(Region::from_static("eu-west-3"), AccountId::from_static("111122223333"));
//! let old = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
//! let dying = KeyId::from_static("0987dcba-09fe-87dc-65ba-ab0987654321");
//!
//! let mut table = AliasTable::new(scope);
//! table.insert_key(KeyMetadata::builder(KeyArn::new(scope, old)).build()?)?;
//! let key = KeyMetadata::builder(KeyArn::new(scope, dying)).state(KeyState::PendingDeletion);
//! table.insert_key(key.build()?)?;
//!
//! let now = Timestamp::from_millis(1_700_000_000_000);
//! let payments: AliasName = "alias/payments".parse()?;
//! table.create_alias(payments.clone(), old, now)?;
//!
//! let refusal = table.update_alias(payments, dying, now).unwrap_err();
//! assert_eq!(refusal.rule(), Rule::T5);
//! assert_eq!(refusal.exception(), "KMSInvalidStateException");
//! assert_eq!(
//!     refusal.to_string(),
//!     "arn:aws:kms:eu-west-3:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321 is pending deletion.",
//! );
//! # Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! # The states of a key
//! Requests lead along the arrows; all else is said by [`Operation::SetKeyState`]:
//!
//! ```text
//!               DisableKey
//!   Enabled  <------------->  Disabled  <--- CancelKeyDeletion ---+
//!               EnableKey       or PendingImport, if its key      |
//!                               material is not there             |
//!                                                                 |
//!   Enabled, Disabled, Creating,                           PendingDeletion ---> deleted,
//!   PendingImport, Unavailable  --- ScheduleKeyDeletion --->      ^            with its aliases
//!                                                                 | the last replica is gone
//!   a primary with replicas     --- ScheduleKeyDeletion ---> PendingReplicaDeletion
//! ```
//!
//! # Features
//! | feature | default | brings |
//! |---|---|---|
//! | `std` | yes | forwarded to the dependencies |
//! | `serde` | yes | `Serialize` and `Deserialize`, validating |
//! | `proptest` | no | `Arbitrary` for the property tests of those who embed this crate |
//! | `arbitrary` | no | the same for fuzzers |
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod external;
mod identifier;
mod key;
mod operation;
mod rule;
pub mod rules;
mod table;

/// Strategies for property tests, beside `any::<T>()` of every type (feature `proptest`).
#[cfg(feature = "proptest")]
#[cfg_attr(docsrs, doc(cfg(feature = "proptest")))]
pub mod strategies {
    pub use crate::external::proptest::operation_on;
}

pub use identifier::*;
pub use key::*;
pub use operation::*;
pub use rule::Rule;
pub use table::*;
