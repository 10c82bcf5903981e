//! The constraints of the service model on every member, all that are broken at once (rule K7).

use alloc::format;
use alloc::vec::Vec;

use super::read::Request;
use super::value::Value;
use kms_alias::model::{Bounds, Constraint, Given, Member, Of, Path, Shape, Violations};

/// Rules A2, A3, K7, L2 and S4, as far as the service model goes.
pub(super) fn validate(request: &Request<'_>) -> Result<(), Violations> {
    let mut found = Violations::default();
    for (member, value) in request.values() {
        check(&mut found, None, member, value);
    }
    found.or_none()
}

/// A member that has to be there, where something else in the request says so.
pub(super) fn is_there(request: &Request<'_>, name: &'static str) -> Result<(), Violations> {
    let mut found = Violations::default();
    if !request.has(name) {
        let path = Path::Member(None, name);
        found.add(&path, Some("null"), Constraint::NotNull, Of::Member);
    }
    found.or_none()
}

/// A member of the request, or of a structure in it.
fn check(found: &mut Violations, parent: Option<&Path<'_>>, member: &Member, value: &Value<'_>) {
    let path = &Path::Member(parent, member.name);
    match (member.shape, value) {
        (Shape::Structure(members), value @ Value::Structure(_)) => {
            check_structure(found, path, members, value);
        }
        (Shape::Structures(members), Value::List(list)) => {
            for (number, value) in (1..).zip(list) {
                let element = &Path::Element(path, number);
                if !value.is_there() {
                    found.add(element, Some("null"), Constraint::NotNull, Of::Member);
                }
                check_structure(found, element, members, value);
            }
        }
        (Shape::Texts { length, each }, Value::List(list)) => {
            check_list(found, path, length, *each, list);
        }
        (Shape::Map, Value::Map { has_null: true, .. }) => {
            found.add(path, None, Constraint::NotNull, Of::Values);
        }
        (_, value) => {
            if let Some(given) = value.given() {
                found.check(path, member, given);
            }
        }
    }
}

fn check_structure(found: &mut Violations, path: &Path<'_>, members: &[Member], value: &Value<'_>) {
    if let Value::Structure(values) = value {
        for (member, value) in members.iter().zip(values) {
            check(found, Some(path), member, value);
        }
    }
}

fn check_list(
    found: &mut Violations,
    path: &Path<'_>,
    length: Bounds,
    each: Shape,
    list: &[Value<'_>],
) {
    let shown = || {
        let texts = list.iter().map(|value| value.text().unwrap_or("null"));
        format!("'[{}]'", texts.collect::<Vec<_>>().join(", "))
    };
    if let Some(bound) = length.broken_by_count(list.len()) {
        let constraint = Constraint::Length(bound);
        return found.add(path, Some(&shown()), constraint, Of::Member);
    }
    let mut broken = list.iter().filter_map(|value| match value.given()? {
        Given::Nothing => Some(Constraint::NotNull),
        given => each.broken_by(given).next(),
    });
    if let Some(constraint) = broken.next() {
        found.add(path, Some(&shown()), constraint, Of::Elements);
    }
}
