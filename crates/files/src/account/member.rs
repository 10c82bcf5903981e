//! A member of a document to the value that it stands for, or what is wrong with it.

use alloc::borrow::Cow;
use alloc::string::ToString;

use crate::date::Date;
use crate::fault::Fault;
use kms_alias::ParseError;
use kms_alias::{Timestamp, UnknownName};

/// A member that has to be there.
pub(crate) fn required<'a>(
    member: &'static str,
    value: Option<&'a Cow<'_, str>>,
) -> Result<&'a str, Fault> {
    value.map(AsRef::as_ref).ok_or(Fault::Missing(member))
}

pub(crate) fn identifier<T>(member: &'static str, text: &str) -> Result<T, Fault>
where
    T: core::str::FromStr<Err = ParseError>,
{
    text.parse()
        .map_err(|error| Fault::Identifier { member, error })
}

pub(crate) fn named<T>(member: &'static str, value: Option<&Cow<'_, str>>) -> Result<T, Fault>
where
    T: core::str::FromStr<Err = UnknownName>,
{
    required(member, value)?
        .parse()
        .map_err(|error| Fault::Unknown { member, error })
}

pub(crate) fn timestamp(date: Option<&Date<'_>>) -> Result<Option<Timestamp>, Fault> {
    let Some(date) = date else { return Ok(None) };
    date.timestamp()
        .map(Some)
        .ok_or_else(|| Fault::Date(date.to_string()))
}
