//! What a member holds, and how it is read by its type.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use kms_alias::model::{Given, Member, Shape, TextShape};

/// Any text at all.
const ANY_TEXT: Shape = Shape::Text(TextShape::new(0, i64::MAX));

/// What a member holds.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    /// It is not there.
    Absent,
    /// It is null, which is as if it were not there.
    Null,
    Text(Cow<'a, str>),
    Integer(i64),
    Boolean(bool),
    /// So many bytes; which they are decides nothing.
    Blob(usize),
    /// A list of texts or of structures.
    List(Vec<Self>),
    /// A map: whether it has a null in the place of a text, and whether it has nothing.
    Map {
        has_null: bool,
        is_empty: bool,
    },
    /// A structure, in the order of its members.
    Structure(Vec<Self>),
    /// JSON of another type than the member's.
    Other,
}

impl Value<'_> {
    /// Whether there is anything but null.
    pub(super) const fn is_there(&self) -> bool {
        !matches!(self, Self::Absent | Self::Null)
    }

    /// The value as the service model judges it; none for one that has parts.
    pub(super) fn given(&self) -> Option<Given<'_>> {
        match self {
            Self::Absent | Self::Null => Some(Given::Nothing),
            Self::Text(text) => Some(Given::Text(text)),
            Self::Integer(integer) => Some(Given::Integer(*integer)),
            Self::Blob(length) => Some(Given::Blob(*length)),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads members, each to its place in the list of them.
pub(super) fn read_members<'de, A: MapAccess<'de>>(
    members: &'static [Member],
    values: &mut [Value<'de>],
    mut map: A,
) -> Result<(), A::Error> {
    while let Some(place) = map.next_key_seed(PlaceSeed(members))? {
        let known = place.and_then(|place| Some((members.get(place)?, values.get_mut(place)?)));
        match known {
            None => {
                map.next_value::<IgnoredAny>()?;
            }
            Some((member, value @ Value::Absent)) => {
                *value = map.next_value_seed(ValueSeed(member.shape))?;
            }
            Some((member, _)) => {
                let twice = format!("the member {} is there twice", member.name);
                return Err(A::Error::custom(twice));
            }
        }
    }
    Ok(())
}

/// The name of a member, as its place in the list of members; none for an unknown one.
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

/// The value of a member of a type.
#[derive(Clone, Copy)]
struct ValueSeed(Shape);

impl<'de> DeserializeSeed<'de> for ValueSeed {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        match self.0 {
            // Its digits tell an integer, whatever else the JSON library makes of numbers.
            Shape::Integer(_) => <&RawValue>::deserialize(deserializer).map(integer),
            _ => deserializer.deserialize_any(self),
        }
    }
}

fn integer<'a>(json: &RawValue) -> Value<'a> {
    match json.get() {
        "null" => Value::Null,
        digits => digits.parse().map_or(Value::Other, Value::Integer),
    }
}

impl<'de> ValueSeed {
    fn text(&self, text: Cow<'de, str>) -> Value<'de> {
        match self.0 {
            Shape::Text(_) | Shape::OneOf(_) => Value::Text(text),
            Shape::Blob(_) => match BASE64.decode(&*text) {
                Ok(bytes) => Value::Blob(bytes.len()),
                Err(_) => Value::Other,
            },
            _ => Value::Other,
        }
    }
}

impl<'de> Visitor<'de> for ValueSeed {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.expected())
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(self.text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.text(Cow::Owned(String::from(text))))
    }

    fn visit_bool<E: Error>(self, boolean: bool) -> Result<Self::Value, E> {
        Ok(match self.0 {
            Shape::Boolean => Value::Boolean(boolean),
            _ => Value::Other,
        })
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Value::Other)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        match self.0 {
            Shape::Texts { each, .. } => list(seq, Self(*each)),
            Shape::Structures(members) => list(seq, Self(Shape::Structure(members))),
            _ => {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Value::Other)
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        match self.0 {
            Shape::Structure(members) => structure(members, map),
            Shape::Map => text_map(map),
            _ => {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Value::Other)
            }
        }
    }
}

/// A list whose elements are all of the right type, or read to its end.
fn list<'de, A: SeqAccess<'de>>(mut seq: A, each: ValueSeed) -> Result<Value<'de>, A::Error> {
    let mut list = Some(Vec::new());
    while let Some(value) = seq.next_element_seed(each)? {
        match (value, &mut list) {
            (Value::Other, _) => list = None,
            (value, Some(list)) => list.push(value),
            (_, None) => {}
        }
    }
    Ok(list.map_or(Value::Other, Value::List))
}

/// A structure whose members are all of the right type, or read to its end.
fn structure<'de, A: MapAccess<'de>>(
    members: &'static [Member],
    map: A,
) -> Result<Value<'de>, A::Error> {
    let mut values: Vec<Value<'de>> = members.iter().map(|_| Value::Absent).collect();
    read_members(members, &mut values, map)?;
    let mut wrong = values.iter().filter(|value| matches!(value, Value::Other));
    Ok(match wrong.next() {
        Some(_) => Value::Other,
        None => Value::Structure(values),
    })
}

/// A map of texts, likewise.
fn text_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Value<'de>, A::Error> {
    let mut read = Value::Map {
        has_null: false,
        is_empty: true,
    };
    while map.next_key::<IgnoredAny>()?.is_some() {
        if let Value::Map { is_empty, .. } = &mut read {
            *is_empty = false;
        }
        match (map.next_value_seed(ValueSeed(ANY_TEXT))?, &mut read) {
            (Value::Null, Value::Map { has_null, .. }) => *has_null = true,
            (Value::Other, _) => read = Value::Other,
            _ => {}
        }
    }
    Ok(read)
}
