//! What a member may hold: the shapes of the service model.

use crate::operation::{Bounds, TextShape};

/// A member of a request.
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) shape: Shape,
}

impl Member {
    pub(super) const fn required(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            required: true,
            shape,
        }
    }

    pub(super) const fn optional(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            required: false,
            shape,
        }
    }
}

/// The type of a member, and what it has to keep to.
pub(super) enum Shape {
    Text(TextShape),
    /// A text that is one of these.
    OneOf(&'static [&'static str]),
    Integer(Bounds),
    Boolean,
}

impl Shape {
    /// What JSON of another type is not.
    pub(super) const fn expected(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::OneOf(_) => "a string",
            Self::Integer(_) => "an integer",
            Self::Boolean => "a boolean",
        }
    }
}
