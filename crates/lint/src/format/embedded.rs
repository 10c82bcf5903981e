//! Policies that a text holds as JSON.

use std::ops::Range;

use crate::json::{self, Strictness};
use crate::policy;
use crate::text::{HOLE, MASK};
use crate::tree::Node;

/// The policy document that a text holds, if it does; all of it stands where the text begins.
pub(crate) fn document_in(text: &str, at: &Range<usize>) -> Option<Node> {
    if !text.trim_start().starts_with('{') {
        return None;
    }
    let masked = text.replace(HOLE, MASK.encode_utf8(&mut [0; 4]));
    let mut node = json::read(&masked, Strictness::Json).ok()?;
    node.unmask(0);
    node.move_places(&|_| at.start);
    policy::is_document(&node).then_some(node)
}
