//! The body of a request: JSON to the members of its operation, by their types.
//!
//! Unknown members are passed over, whatever they hold, and null is as if it were not there. Ours,
//! where the service's own answer is not known: a body without anything in it is no structure; a
//! member that is said twice is refused, as nobody can tell which was meant; an integer is written
//! without fraction or exponent and fits 64 bits; a blob is base64 with its padding.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::error::Category;

use super::fault::Fault;
use super::operation::MOST_MEMBERS;
use super::value::{Value, read_members};
use kms_alias::Refusal;
use kms_alias::model::Member;

/// Room for what the members of any operation hold.
pub(super) type Room<'a> = [Value<'a>; MOST_MEMBERS];

/// Room that nothing is in yet.
pub(super) const fn room<'a>() -> Room<'a> {
    [const { Value::Absent }; MOST_MEMBERS]
}

/// The members of a request as they came.
#[derive(Clone, Copy)]
pub(super) struct Request<'r> {
    members: &'static [Member],
    values: &'r [Value<'r>],
}

impl<'r> Request<'r> {
    /// The members with what they hold.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'static Member, &'r Value<'r>)> {
        self.members.iter().zip(self.values)
    }

    /// What a member holds, if the operation has such a one.
    pub(super) fn value(&self, name: &str) -> &'r Value<'r> {
        self.values()
            .find(|(member, _)| member.name == name)
            .map_or(&Value::Absent, |(_, value)| value)
    }

    /// A text, if it is there.
    pub(super) fn text(&self, name: &str) -> Option<&'r str> {
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
        self.value(name).is_there()
    }
}

/// Reads the body of a request into empty room.
pub(super) fn request<'r, 'a: 'r>(
    members: &'static [Member],
    body: &'a [u8],
    room: &'r mut Room<'a>,
) -> Result<Request<'r>, Fault> {
    let text = core::str::from_utf8(body).map_err(|error| {
        let byte = error.valid_up_to();
        Fault::NotJson(format!("byte {byte} is not UTF-8 text"))
    })?;
    let mut json = serde_json::Deserializer::from_str(text);
    Members {
        members,
        values: room,
    }
    .deserialize(&mut json)
    .and_then(|()| json.end())
    .map_err(|error| Fault::NotJson(words(&error)))?;
    let request = Request {
        members,
        values: room,
    };
    right_types(&request)?;
    Ok(request)
}

/// What is wrong with a body: the reader's own words speak of Rust.
fn words(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Eof => "it ends too early".to_string(),
        Category::Syntax | Category::Io => format!("line {line}, column {column} is not JSON"),
        Category::Data => {
            let told = error.to_string();
            let (told, _) = told.rsplit_once(" at line ").unwrap_or((&told, ""));
            match told.strip_prefix("invalid type: ") {
                // Members of other types are told by the service model.
                Some(_) => "it is of another type".to_string(),
                None => told.to_string(),
            }
        }
    }
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

/// The members of a request that are to be read, and where to.
struct Members<'r, 'a> {
    members: &'static [Member],
    values: &'r mut [Value<'a>],
}

impl<'de> DeserializeSeed<'de> for Members<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a structure")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        read_members(self.members, self.values, map)
    }
}
