//! The body of a request: JSON to the members of its operation, by their types.
//!
//! Unknown members are passed over, whatever they hold, and null is as if it were not there. Ours,
//! where the service's own answer is not known: a body without anything in it is no structure; a
//! member that is said twice is refused, as nobody can tell which was meant; an integer is written
//! without fraction or exponent and fits 64 bits; a blob is base64 with its padding.

use alloc::string::ToString;
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::fault::Fault;
use super::operation::MOST_MEMBERS;
use super::shape::Member;
use super::value::{Value, read_members};
use crate::operation::Refusal;

/// The members of a request as they came.
pub(super) struct Request<'a> {
    members: &'static [Member],
    values: [Value<'a>; MOST_MEMBERS],
}

impl<'a> Request<'a> {
    /// The members with what they hold.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'static Member, &Value<'a>)> {
        self.members.iter().zip(&self.values)
    }

    /// What a member holds, if the operation has such a one.
    pub(super) fn value(&self, name: &str) -> &Value<'a> {
        self.values()
            .find(|(member, _)| member.name == name)
            .map_or(&Value::Absent, |(_, value)| value)
    }

    /// A text, if it is there.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.value(name).text()
    }

    /// An integer, if it is there.
    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        match self.value(name) {
            Value::Integer(integer) => Some(*integer),
            _ => None,
        }
    }

    /// A boolean, which is false if it is not there.
    pub(super) fn is_true(&self, name: &str) -> bool {
        matches!(self.value(name), Value::Boolean(true))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        !matches!(self.value(name), Value::Absent)
    }
}

/// Reads the body of a request.
pub(super) fn request<'a>(
    members: &'static [Member],
    body: &'a [u8],
) -> Result<Request<'a>, Fault> {
    let text = core::str::from_utf8(body).map_err(|error| Fault::NotJson(error.to_string()))?;
    let mut json = serde_json::Deserializer::from_str(text);
    let request = RequestSeed(members)
        .deserialize(&mut json)
        .and_then(|request| json.end().map(|()| request))
        .map_err(|error| Fault::NotJson(error.to_string()))?;
    right_types(&request)?;
    Ok(request)
}

/// The service model's types, told of the first member that has another.
fn right_types(request: &Request<'_>) -> Result<(), Refusal> {
    let mut values = request.values();
    match values.find(|(_, value)| matches!(value, Value::Other)) {
        Some((member, _)) => Err(Refusal::MemberType {
            member: member.name,
            expected: member.shape.expected(),
        }),
        None => Ok(()),
    }
}

struct RequestSeed(&'static [Member]);

impl<'de> DeserializeSeed<'de> for RequestSeed {
    type Value = Request<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RequestSeed {
    type Value = Request<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a structure")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut values: [Option<Value<'de>>; MOST_MEMBERS] = Default::default();
        read_members(self.0, &mut values, map)?;
        Ok(Request {
            members: self.0,
            values: values.map(Option::unwrap_or_default),
        })
    }
}
