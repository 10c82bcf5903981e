//! The constraints of the service model on every member, all that are broken at once.
//!
//! Of one member the first constraint that it breaks is told (ours): where one member is wrong the
//! words are those of the table's own refusal.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::read::{Request, Value};
use super::shape::{Member, Shape};
use crate::operation::{Constraint, Shown, Violation};

/// The members that break a constraint, at least one, each in the service's words.
#[derive(Debug)]
pub(super) struct Violations(Vec<String>);

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = if self.0.len() == 1 { "error" } else { "errors" };
        write!(f, "{} validation {errors} detected: ", self.0.len())?;
        f.write_str(&self.0.join("; "))
    }
}

impl core::error::Error for Violations {}

/// Rules A2, A3, K7, L2 and S4, as far as the service model goes.
pub(super) fn validate(request: &Request<'_>) -> Result<(), Violations> {
    let broken: Vec<String> = request
        .values()
        .filter_map(|(member, value)| violation(member, value))
        .collect();
    if broken.is_empty() {
        Ok(())
    } else {
        Err(Violations(broken))
    }
}

fn violation(member: &Member, value: &Value<'_>) -> Option<String> {
    let (value, constraint) = match (&member.shape, value) {
        (_, Value::Absent) if member.required => (Shown::Null, Constraint::NotNull),
        (Shape::Text(shape), Value::Text(text)) => (Shown::Text(text), shape.broken_by(text)?),
        (Shape::OneOf(names), Value::Text(text)) if !names.contains(&&**text) => {
            (Shown::Text(text), Constraint::OneOf(names))
        }
        (Shape::Integer(bounds), Value::Integer(integer)) => (
            Shown::Number(*integer),
            Constraint::Value(bounds.broken_by(*integer)?),
        ),
        _ => return None,
    };
    let member = &lower_camel(member.name);
    Some(
        Violation {
            value,
            member,
            constraint,
        }
        .to_string(),
    )
}

/// The name of a member as the service's errors write it.
fn lower_camel(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next();
    first
        .into_iter()
        .map(|first| first.to_ascii_lowercase())
        .chain(characters)
        .collect()
}
