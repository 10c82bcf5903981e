//! Keys that an object of a template has twice. Readers of JSON and YAML commonly take the later one without an
//! error, so that a resource or a property that was written is not made: such a template is refused here (ours).

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use core::ops::ControlFlow;

use super::keys::{self, Around};
use crate::fault::{AccountError, Fault};

/// The lines of the logical IDs of a template.
type Lines = BTreeMap<String, usize>;

/// Refuses JSON with an object that has a key twice, and tells the lines of its resources; YAML is on the same
/// lines in it.
pub(super) fn check(file: &str, json: &str) -> Result<Lines, AccountError> {
    let mut lines = Lines::new();
    let repeated = keys::visit(json, |key| {
        if let Some(logical_id) = logical_id(key.around) {
            lines.insert(logical_id.to_string(), key.line);
        }
        match key.before {
            Some(first) => ControlFlow::Break((key.path(), first, key.line)),
            None => ControlFlow::Continue(()),
        }
    });
    let Some((path, first, again)) = repeated else {
        return Ok(lines);
    };
    let words = format!("this key {}", kms_alias_yaml::duplicate_key(first));
    Err(AccountError {
        line: Some(again),
        entry: Some(path),
        ..AccountError::of_file(file, Fault::Json(words))
    })
}

/// The last key around a value, if it is a logical ID of a template, or of one that `get-template` prints.
fn logical_id<'a>(around: &'a [Around<'_>]) -> Option<&'a str> {
    let is_at = |one: &Around<'_>, name: &str| one.key() == Some(name);
    match around {
        [root, last] if is_at(root, "Resources") => last.key(),
        [root, body, last] if is_at(root, "TemplateBody") && is_at(body, "Resources") => last.key(),
        _ => None,
    }
}
