//! The body of a request: JSON to the members of its operation, and their types.
//!
//! Unknown members are passed over, whatever they hold. Ours, where the service's own answer is
//! not known: a member that is said twice is refused, as nobody can tell which was meant; an
//! integer is written without fraction or exponent; an empty body is no structure.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::fault::Fault;
use super::shape::{Member, Shape};
use crate::operation::Refusal;

/// The most members that an operation has.
const MOST_MEMBERS: usize = 12;

/// The members of a request as they came.
pub(super) struct Request<'a> {
    pub(super) members: &'static [Member],
    values: [Value<'a>; MOST_MEMBERS],
}

/// The value of a member.
#[derive(Clone, Debug, Default)]
pub(super) enum Value<'a> {
    /// It is not there, or null.
    #[default]
    Absent,
    Text(Cow<'a, str>),
    Integer(i64),
    Boolean(bool),
    /// JSON of another type than the member's.
    Other,
}

impl Request<'_> {
    /// The members with their values.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'static Member, &Value<'_>)> {
        self.members.iter().zip(&self.values)
    }

    fn value(&self, name: &str) -> &Value<'_> {
        self.values()
            .find(|(member, _)| member.name == name)
            .map_or(&Value::Absent, |(_, value)| value)
    }

    /// A text, if the operation has that member and the request too.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.value(name) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A boolean, likewise; false if it is not there.
    pub(super) fn boolean(&self, name: &str) -> bool {
        matches!(self.value(name), Value::Boolean(true))
    }

    /// An integer, likewise.
    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        match self.value(name) {
            Value::Integer(integer) => Some(*integer),
            _ => None,
        }
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

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let members = self.0;
        let mut values: [Option<Value<'de>>; MOST_MEMBERS] = Default::default();
        while let Some(place) = map.next_key_seed(PlaceSeed(members))? {
            let known = place.and_then(|place| Some((members.get(place)?, values.get_mut(place)?)));
            match known {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some((member, Some(_))) => {
                    return Err(A::Error::custom(format!("{} is there twice", member.name)));
                }
                Some((member, value)) => {
                    *value = Some(map.next_value_seed(ValueSeed(&member.shape))?)
                }
            }
        }
        Ok(Request {
            members,
            values: values.map(Option::unwrap_or_default),
        })
    }
}

/// The name of a member, as its place in the list of members.
struct PlaceSeed(&'static [Member]);

impl<'de> DeserializeSeed<'de> for PlaceSeed {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for PlaceSeed {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|member| member.name == name))
    }
}

/// The value of a member of a shape.
struct ValueSeed(&'static Shape);

impl<'de> DeserializeSeed<'de> for ValueSeed {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> ValueSeed {
    fn text(&self, text: Cow<'de, str>) -> Value<'de> {
        match self.0 {
            Shape::Text(_) | Shape::OneOf(_) => Value::Text(text),
            Shape::Integer(_) | Shape::Boolean => Value::Other,
        }
    }

    fn integer(&self, integer: Option<i64>) -> Value<'de> {
        match (self.0, integer) {
            (Shape::Integer(_), Some(integer)) => Value::Integer(integer),
            _ => Value::Other,
        }
    }
}

impl<'de> Visitor<'de> for ValueSeed {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value of a member")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Absent)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(self.text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.text(Cow::Owned(String::from(text))))
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<Self::Value, E> {
        Ok(self.integer(Some(integer)))
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<Self::Value, E> {
        Ok(self.integer(integer.try_into().ok()))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Value::Other)
    }

    fn visit_bool<E: Error>(self, boolean: bool) -> Result<Self::Value, E> {
        Ok(match self.0 {
            Shape::Boolean => Value::Boolean(boolean),
            _ => Value::Other,
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }
}
