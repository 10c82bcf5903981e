//! What `Fn::Split` makes of a text, and the ARN of a stack, of which templates take the last part for a name
//! that no other stack has.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::evaluate::{Evaluated, Part, text_of_parts};
use super::pseudo::is_stack_name;

/// The ARN of a stack; as a part of a text the UUID at its end.
pub(super) const STACK_ID: &str = "AWS::StackId";

/// How long the parts of a UUID are that hyphens separate.
pub(super) const OF_UUID: [usize; 5] = [8, 4, 4, 4, 12];

/// Whether a value that is not known is the UUID of a stack.
pub(super) fn is_uuid(label: &str) -> bool {
    let rest = label.strip_prefix(STACK_ID);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" of "))
}

/// What a part of the UUID of a stack is called, from 1.
pub(super) fn of_stack_id(number: usize) -> String {
    format!("{STACK_ID}, part {number} of its UUID")
}

pub(super) fn split(delimiter: &str, text: Evaluated) -> Evaluated {
    if let Some(text) = text.as_known() {
        let each = text.split(delimiter).map(Evaluated::known);
        return Evaluated::List(each.collect());
    }
    // The ID of a key has no slash, and is what follows the slash in its ARN.
    match text {
        Evaluated::Text(parts)
            if delimiter == "/" && matches!(parts[..], [Part::Key { is_arn: false, .. }]) =>
        {
            Evaluated::List(Vec::from([Evaluated::Text(parts)]))
        }
        Evaluated::Text(parts) if delimiter == "/" => match &parts[..] {
            [
                Part::Key {
                    stack, logical_id, ..
                },
            ] => Evaluated::List(Vec::from([
                before_the_id(),
                Evaluated::Text(Vec::from([Part::Key {
                    stack: *stack,
                    logical_id: logical_id.clone(),
                    is_arn: false,
                }])),
            ])),
            parts => of_parts(delimiter, parts),
        },
        Evaluated::Text(parts) => of_parts(delimiter, &parts),
        _ => Evaluated::unknown("Fn::Split"),
    }
}

/// What the ARN of a key has before its last slash.
fn before_the_id() -> Evaluated {
    let known = |text: &str| Part::Known(text.to_owned());
    let of_place = |name: &str| Part::Unknown(name.to_owned());
    text_of_parts([
        known("arn:"),
        of_place("AWS::Partition"),
        known(":kms:"),
        of_place("AWS::Region"),
        known(":"),
        of_place("AWS::AccountId"),
        known(":key"),
    ])
}

/// A text of several parts, if the delimiter is in none of those that are not known.
fn of_parts(delimiter: &str, parts: &[Part]) -> Evaluated {
    const WITHOUT: [&str; 3] = ["AWS::AccountId", "AWS::Partition", "AWS::Region"];
    let has_none = |label: &str| WITHOUT.contains(&label) || is_uuid(label) || is_stack_name(label);
    if let ("-", [Part::Unknown(label)]) = (delimiter, parts)
        && label == STACK_ID
    {
        let each = (1..=OF_UUID.len()).map(|number| Evaluated::unknown(of_stack_id(number)));
        return Evaluated::List(each.collect());
    }
    let mut list: Vec<Vec<Part>> = Vec::from([Vec::new()]);
    for part in parts {
        match part {
            Part::Known(text) => {
                for (number, piece) in text.split(delimiter).enumerate() {
                    if number > 0 {
                        list.push(Vec::new());
                    }
                    if let Some(last) = list.last_mut() {
                        last.push(Part::Known(piece.to_owned()));
                    }
                }
            }
            Part::Unknown(label) if matches!(delimiter, "/" | ":") && has_none(label) => {
                if let Some(last) = list.last_mut() {
                    last.push(part.clone());
                }
            }
            _ => return Evaluated::unknown("Fn::Split"),
        }
    }
    Evaluated::List(list.into_iter().map(text_of_parts).collect())
}
