//! An account as people have it: what the AWS CLI, boto3 and AWS Config say of keys and aliases.

mod accounts;
mod config;
pub(crate) mod document;
mod gather;
mod group;
pub(crate) mod listing;
mod load;
mod member;
pub mod metadata;
mod options;
mod tags;

pub use accounts::{Accounts, read_account, read_one_account};
pub use load::{Loaded, load};
pub use options::Options;
