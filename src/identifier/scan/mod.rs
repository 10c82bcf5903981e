//! Byte classes and lengths: the fast path, which only says yes or no.
//!
//! Every function is `const`, so that `from_static` and parsing at run time share one rule. The
//! loops look at whole blocks without leaving early: a compiler turns those into vector code.

mod alias;
mod arn;
mod bytes;
mod key_id;
mod region;

pub(crate) use alias::is_model_byte;
pub(super) use alias::{alias_name, is_alias_byte};
pub(super) use arn::{Arn, account_id, arn, key_arn, scope};
pub(super) use bytes::starts_with;
pub(super) use key_id::{key_id, key_id_text};
pub(super) use region::{region_partition, region_words};
