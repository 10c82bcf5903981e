//! What a member of a request may hold: the types of the service model.

use super::constraint::{Bounds, Constraint, TextShape};

/// A member of a request, or of a structure in it.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its name, such as `KeyId`.
    pub name: &'static str,
    /// Whether it has to be there.
    pub presence: Presence,
    /// Its type.
    pub shape: Shape,
}

/// Whether a member has to be there, and how an error shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// It may be absent.
    Optional,
    /// It has to be there; where it is not, the error shows it as null.
    Required,
    /// It has to be there and is secret: an error never shows it, not even as null (measured).
    Secret,
}

/// A closed list of names.
///
/// The service does not list exactly what it accepts (measured): the error on the `KeySpec` of a data
/// key lists the key specs, and `SYMMETRIC_DEFAULT` passes as a signing algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EnumValues {
    /// What passes.
    pub accepted: &'static [&'static str],
    /// What an error lists, in the service's order.
    pub told: &'static [&'static str],
}

impl EnumValues {
    /// A list of names that are accepted, and that errors list.
    #[must_use]
    pub const fn new(names: &'static [&'static str]) -> Self {
        Self {
            accepted: names,
            told: names,
        }
    }

    /// The same names, with another list in the errors.
    #[must_use]
    pub const fn telling(self, told: &'static [&'static str]) -> Self {
        Self { told, ..self }
    }
}

/// The type of a member, and what it has to keep to.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Shape {
    /// A text.
    Text(TextShape),
    /// A text of a closed list.
    OneOf(EnumValues),
    /// An integer.
    Integer(Bounds),
    /// A boolean.
    Boolean,
    /// Bytes, with the bounds of their number.
    Blob(Bounds),
    /// A list of texts.
    Texts {
        /// How many there are.
        length: Bounds,
        /// What each of them is.
        each: &'static Self,
    },
    /// A map from text to text.
    Map,
    /// A structure.
    Structure(&'static [Member]),
    /// A list of structures.
    Structures(&'static [Member]),
}

/// A value of a request that is no list, map or structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Given<'a> {
    /// Nothing, or null.
    Nothing,
    /// A text.
    Text(&'a str),
    /// An integer.
    Integer(i64),
    /// Bytes, by their number.
    Blob(usize),
}

impl Shape {
    /// The type in words, for the error about a value of another type.
    #[must_use]
    pub const fn expected(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::OneOf(_) => "a string",
            Self::Integer(_) => "an integer",
            Self::Boolean => "a boolean",
            Self::Blob(_) => "a blob, which is a string in base64",
            Self::Texts { .. } => "a list of strings",
            Self::Map => "a map of strings",
            Self::Structure(_) => "a structure of the service model's types",
            Self::Structures(_) => "a list of structures of the service model's types",
        }
    }

    /// The constraints that a value breaks; none if it is of another type.
    pub fn broken_by(&self, given: Given<'_>) -> impl Iterator<Item = Constraint> + use<> {
        let text = match (self, given) {
            (Self::Text(shape), Given::Text(text)) => Some(shape.broken_by(text)),
            _ => None,
        };
        let other = match (self, given) {
            (Self::OneOf(names), Given::Text(text)) if !names.accepted.contains(&text) => {
                Some(Constraint::OneOf(names.told))
            }
            (Self::Integer(bounds), Given::Integer(integer)) => {
                bounds.broken_by(integer).map(Constraint::Value)
            }
            (Self::Blob(bounds), Given::Blob(length)) => {
                bounds.broken_by_count(length).map(Constraint::Length)
            }
            _ => None,
        };
        text.into_iter().flatten().chain(other)
    }
}
