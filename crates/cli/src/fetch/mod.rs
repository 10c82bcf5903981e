//! The verb `fetch`: a live account into files that the other verbs take.
//!
//! The reader, its pace and what it keeps know KMS as a trait ([`kms::Kms`]); the AWS SDK stands
//! behind it in one file, with the cargo feature `live`.

#[cfg(any(test, feature = "live"))]
mod account;
mod arguments;
#[cfg(test)]
mod fake;
#[cfg(any(test, feature = "live"))]
mod kms;
#[cfg(any(test, feature = "live"))]
mod listing;
#[cfg(feature = "live")]
mod live;
#[cfg(any(test, feature = "live"))]
mod pace;
#[cfg(any(test, feature = "live"))]
mod partial;
#[cfg(any(test, feature = "live"))]
mod reader;
#[cfg(any(test, feature = "live"))]
mod region;
#[cfg(test)]
mod tests;

pub use arguments::Arguments;

use crate::common::{Exit, Unusable};

/// The verb `fetch`.
#[cfg(feature = "live")]
pub fn run(arguments: &Arguments) -> Result<Exit, Unusable> {
    live::run(arguments)
}

/// The verb `fetch`, of a program that is built without it.
#[cfg(not(feature = "live"))]
pub fn run(_: &Arguments) -> Result<Exit, Unusable> {
    Err(Unusable::new(
        "this program is built without `fetch`: build it with `--features live`, or write the \
         account's files with the AWS CLI (`aws kms list-aliases`, `list-keys`, `describe-key`)"
            .to_owned(),
    ))
}
