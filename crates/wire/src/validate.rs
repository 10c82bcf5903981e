//! The constraints of the service model on every member, all that are broken at once.
//!
//! Of one member the first constraint that it breaks is told (ours): where one member is wrong, the
//! words are those of the table's own refusal.

use alloc::format;
use alloc::vec::Vec;
use core::fmt;

use super::read::Request;
use super::shape::{Member, Shape};
use super::value::Value;
use super::violations::Violations;
use kms_alias::operation::constraint::{Bounds, Constraint, Shown};

/// Rules A2, A3, K7, L2 and S4, as far as the service model goes.
pub(super) fn validate(request: &Request<'_>) -> Result<(), Violations> {
    let mut found = Violations::default();
    for (member, value) in request.values() {
        found.check(None, member, value);
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// A member that has to be there, where something else in the request says so.
pub(super) fn is_there(request: &Request<'_>, name: &'static str) -> Result<(), Violations> {
    if request.has(name) {
        return Ok(());
    }
    let mut found = Violations::default();
    found.add(Shown::Null, &Path::Member(None, name), Constraint::NotNull);
    Err(found)
}

impl Violations {
    /// A member of the request, or of a structure in it.
    fn check(&mut self, parent: Option<&Path<'_>>, member: &Member, value: &Value<'_>) {
        let path = &Path::Member(parent, member.name);
        match (member.shape, value) {
            (_, Value::Absent | Value::Null) if member.is_required => {
                self.add(Shown::Null, path, Constraint::NotNull);
            }
            (Shape::Structure(members), value) => self.check_structure(path, members, value),
            (Shape::Structures(members), Value::List(list)) => {
                for (number, value) in (1..).zip(list) {
                    let element = &Path::Element(path, number);
                    if !value.is_there() {
                        self.add(Shown::Null, element, Constraint::NotNull);
                    }
                    self.check_structure(element, members, value);
                }
            }
            (Shape::Texts { length, each }, Value::List(list)) => {
                self.check_list(path, length, *each, list);
            }
            (Shape::Map, Value::Map { has_null: true }) => {
                self.add(Shown::Nothing, path, EachValue(Constraint::NotNull));
            }
            (shape, value) => {
                if let Some((shown, constraint)) = broken(shape, value) {
                    self.add(shown, path, constraint);
                }
            }
        }
    }

    fn check_structure(&mut self, path: &Path<'_>, members: &[Member], value: &Value<'_>) {
        if let Value::Structure(values) = value {
            for (member, value) in members.iter().zip(values) {
                self.check(Some(path), member, value);
            }
        }
    }

    fn check_list(&mut self, path: &Path<'_>, length: Bounds, each: Shape, list: &[Value<'_>]) {
        let shown = || {
            let texts = list.iter().map(|value| value.text().unwrap_or("null"));
            format!("[{}]", texts.collect::<Vec<_>>().join(", "))
        };
        if let Some(bound) = length.broken_by_count(list.len()) {
            return self.add(Shown::Text(&shown()), path, Constraint::Length(bound));
        }
        let mut elements = list.iter();
        if let Some(constraint) = elements.find_map(|value| match value {
            Value::Null => Some(Constraint::NotNull),
            value => broken(each, value).map(|(_, constraint)| constraint),
        }) {
            self.add(Shown::Text(&shown()), path, Each(constraint));
        }
    }
}

/// The constraint that a value without parts breaks, and how the value is shown.
fn broken<'a>(shape: Shape, value: &'a Value<'_>) -> Option<(Shown<'a>, Constraint)> {
    match (shape, value) {
        (Shape::Text(shape), Value::Text(text)) => {
            Some((Shown::Text(text), shape.broken_by(text)?))
        }
        (Shape::OneOf(names), Value::Text(text)) => {
            (!names.contains(&&**text)).then_some((Shown::Text(text), Constraint::OneOf(names)))
        }
        (Shape::Integer(bounds), Value::Integer(integer)) => {
            let bound = bounds.broken_by(*integer)?;
            Some((Shown::Number(*integer), Constraint::Value(bound)))
        }
        (Shape::Blob(bounds), Value::Blob(length)) => {
            let bound = bounds.broken_by_count(*length)?;
            Some((Shown::Nothing, Constraint::Length(bound)))
        }
        _ => None,
    }
}

/// Where in a request a value stands, as the service's errors write it.
enum Path<'a> {
    /// Of the request, or of a structure in it.
    Member(Option<&'a Self>, &'static str),
    Element(&'a Self, u32),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(None, name) => lower_camel(name, f),
            Self::Member(Some(parent), name) => {
                write!(f, "{parent}.")?;
                lower_camel(name, f)
            }
            Self::Element(list, number) => write!(f, "{list}.{number}.member"),
        }
    }
}

/// `TargetKeyId` as `targetKeyId`.
fn lower_camel(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (first, others) = name.split_at_checked(1).unwrap_or_default();
    write!(f, "{}{others}", first.to_ascii_lowercase())
}

/// A constraint on the elements of a list.
struct Each(Constraint);

impl fmt::Display for Each {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Member must satisfy constraint: [{}]", self.0)
    }
}

/// A constraint on the values of a map.
struct EachValue(Constraint);

impl fmt::Display for EachValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Map value must satisfy constraint: [{}]", self.0)
    }
}
