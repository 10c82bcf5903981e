//! KMS's words, with placeholders for what is not known.

use kms_alias::{KeyId, Refusal};

use super::knowledge::stand_in;
use super::outcome::Answer;
use super::place::Place;
use super::stand_in_name::STAND_IN_NAME;

/// A key whose ID stands in for one that is not known, and what is shown for it.
pub(super) struct Label<'a> {
    pub(super) key_id: KeyId,
    pub(super) label: &'a str,
}

/// What KMS answers, in words that show a placeholder for each part that is unknown.
pub(super) fn answer(refusal: &Refusal, place: Place, labels: &[Label<'_>]) -> Answer {
    let mut message = match refusal {
        // KMS shows the ARN that the key would have (rule K1).
        Refusal::UpperCaseKeyId { value } if !value.starts_with("arn:") => {
            let scope = place.scope().unwrap_or_else(|| stand_in(place));
            refusal.clone().in_scope(scope).to_string()
        }
        _ => refusal.to_string(),
    };
    if place.scope().is_none() {
        message = place_shown(&message, place);
    }
    for Label { key_id, label } in labels {
        for multi_region in [false, true] {
            let text = KeyId::new(*key_id.as_bytes(), multi_region).to_string();
            // A key that is made under a known ID is called by it.
            if text != **label {
                message = message.replace(&text, &format!("<{label}>"));
            }
        }
        message = arn_shown(message, place, label);
    }
    if message.contains(STAND_IN_NAME) {
        message = name_shown(&message);
    }
    Answer {
        rule: refusal.rule(),
        exception: refusal.exception(),
        message: message.into(),
    }
}

/// What follows in a label behind an ARN: from where it is looked at, which is no part of KMS's words.
const SEEN_FROM: &str = " seen from the ";

/// A label that is an ARN itself, of which a part is not known, in place of the ARN that would be made of it.
pub(super) fn arn_shown(message: String, place: Place, label: &str) -> String {
    let arn = label.split(SEEN_FROM).next().unwrap_or_default();
    match label.starts_with("arn:") {
        true => message.replace(&format!("{place}:key/<{label}>"), arn),
        false => message,
    }
}

/// Placeholders for an account, Region or partition that is unknown.
fn place_shown(message: &str, place: Place) -> String {
    let scope = stand_in(place);
    let shown = message.replace(&scope.to_string(), &place.to_string());
    match place.region {
        Some(_) => shown,
        None => shown.replace(scope.region().as_str(), "<region>"),
    }
}

/// A text in which `<name>` stands for the part of each alias name that is not known.
///
/// ```
/// use kms_alias_foresee::verdict::{STAND_IN_NAME, name_shown};
///
/// assert_eq!(name_shown(&format!("alias/app-{STAND_IN_NAME}6b")), "alias/app-<name>");
/// assert_eq!(name_shown("alias/app"), "alias/app");
/// ```
#[must_use]
pub fn name_shown(message: &str) -> String {
    let mut parts = message.split(STAND_IN_NAME);
    let mut shown = String::from(parts.next().unwrap_or_default());
    for part in parts {
        shown.push_str("<name>");
        shown.push_str(part.trim_start_matches(is_of_ending));
    }
    shown
}

/// Whether a character can follow in a name that is not known: of its label, or one that no name
/// has (rule A3).
fn is_of_ending(character: char) -> bool {
    character.is_ascii_hexdigit() || ['~', ':'].contains(&character)
}
