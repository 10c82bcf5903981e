//! What a member may hold: the types of the service model.

use kms_alias::operation::constraint::{Bounds, TextShape};

/// A member of a request, or of a structure in it.
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
    pub(super) shape: Shape,
}

/// The type of a member, and what it has to keep to.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    Text(TextShape),
    /// A text that is one of these.
    OneOf(&'static [&'static str]),
    Integer(Bounds),
    Boolean,
    /// Bytes, in base64; the bounds are those of their number.
    Blob(Bounds),
    /// A list of texts.
    Texts {
        length: Bounds,
        each: &'static Self,
    },
    /// A map from text to text.
    Map,
    Structure(&'static [Member]),
    /// A list of structures.
    Structures(&'static [Member]),
}

impl Shape {
    /// What JSON of another type is not.
    pub(super) const fn expected(&self) -> &'static str {
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
}

/// Members as the service model writes them, one a line: name, whether it is there, type.
macro_rules! members {
    ($($name:ident $presence:ident $shape:expr;)*) => {
        &[$($crate::shape::Member {
            name: stringify!($name),
            is_required: $crate::shape::members!(@$presence),
            shape: $shape,
        }),*]
    };
    (@required) => { true };
    (@optional) => { false };
}

pub(super) use members;
