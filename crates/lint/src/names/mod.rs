//! Names and identifiers: whether a text that may be known in part can be what it has to be.

mod complete;

pub(crate) use complete::{Piece, complete_alias_name};
