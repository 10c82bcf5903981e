//! Names and identifiers: whether a text that may be known in part can be what it has to be.

mod complete;
mod judge;
mod target;

pub(crate) use complete::{Piece, complete_alias_name};
pub(crate) use judge::{Mistake, NameRole, found, judge_name};
pub(crate) use target::{
    alias_as_key_id, judge_key, judge_key_id_of_sam, judge_target, key_is_an_alias,
    target_is_an_alias,
};
