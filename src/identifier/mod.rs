//! What a string may be: alias names, key IDs, Regions, accounts and ARNs (rules A1–A5, A7, A8, K).

mod alias_name;
mod arn;
mod doors;
mod grammar;
mod invalid;
mod key_id;
mod name_text;
mod partition;
mod reference;
mod scan;
mod scope;

pub use alias_name::{AliasName, AnyAliasName, AwsAliasName, ReservedNames};
pub use arn::{AliasArn, KeyArn};
pub use invalid::ParseError;
pub use key_id::KeyId;
pub use partition::Partition;
pub use reference::{KeyIdentifier, TargetKeyId};
pub use scope::{AccountId, Region, Scope};

pub(crate) use alias_name::{ALIAS_PREFIX, is_aws_alias_name};
pub(crate) use reference::{is_upper_case_key_id, key_of_arn, names_an_alias};
pub(crate) use scan::is_model_byte;
