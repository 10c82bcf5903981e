//! Scalars of YAML without quotes that YAML 1.1, which CloudFormation reads, may have as another value than a text.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::template::Template;
use crate::fault::{AccountError, Fault};
use crate::file::File;
use crate::text;
use crate::yaml::plain_values;

/// The properties of resources of KMS that are texts.
const TEXTS: [&str; 6] = [
    "AliasName",
    "KeySpec",
    "KeyUsage",
    "Origin",
    "PrimaryKeyArn",
    "TargetKeyId",
];

/// Refuses such a scalar in a text of a resource of KMS: what CloudFormation makes of it is not known (ours).
pub(super) fn check(file: File<'_>, template: &Template) -> Result<(), AccountError> {
    let Some(yaml) = text::yaml(file) else {
        return Ok(());
    };
    let is_text = |path: &[String]| match path {
        [section, id, properties, property, ..] => {
            section == "Resources"
                && properties == "Properties"
                && TEXTS.contains(&property.as_str())
                && template.resource(id).is_some()
        }
        _ => false,
    };
    let found = plain_values(&yaml).into_iter();
    let mut found = found.filter(|value| is_text(&value.path) && is_ambiguous(&value.text));
    let Some(value) = found.next() else {
        return Ok(());
    };
    let path = value
        .path
        .get(..4)
        .map_or_else(String::new, |path| path.join("."));
    let words = format!(
        "{path}: `{}` is written without quotes, and YAML 1.1, which CloudFormation reads, may have it as another value: put \
         it in quotes",
        value.text
    );
    Err(AccountError {
        line: Some(value.line),
        ..AccountError::of_file(file.name, Fault::in_template(&path, words))
    })
}

/// Whether YAML 1.1 has a plain scalar as a boolean or a number that is written in another way.
fn is_ambiguous(text: &str) -> bool {
    // The specification has `y` and `n` too, which readers of YAML 1.1 commonly take as texts.
    const BOOLEANS: [&str; 4] = ["yes", "no", "on", "off"];
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let begins = digits.starts_with(|first: char| first == '.' || first.is_ascii_digit());
    let bare: String = digits.chars().filter(|one| *one != '_').collect();
    let is_whole =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|one| one.is_ascii_digit());
    let of_base = |prefix: &str| {
        bare.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty())
    };
    let in_base =
        (of_base("0x") || of_base("0b")) && bare.bytes().skip(2).all(|it| it.is_ascii_hexdigit());
    let parts: Vec<&str> = bare.split(':').collect();
    let is_odd = bare.len() != text.len() || (bare.len() > 1 && bare.starts_with('0'));
    BOOLEANS.iter().any(|it| text.eq_ignore_ascii_case(it))
        || (begins && in_base)
        || (begins && is_whole(&bare) && is_odd)
        || (begins && !is_whole(&bare) && bare.parse::<f64>().is_ok())
        || (parts.len() > 1 && parts.iter().all(|part| is_whole(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_yaml_1_1_may_have_as_another_value_is_ambiguous() {
        for text in [
            "yes", "On", "NO", "off", "017", "1_000", "1e3", "1.50", "0x1F", "0b11", "1:30", "+5",
        ] {
            assert!(is_ambiguous(text), "{text}");
        }
        for text in [
            "alias/yes",
            "app",
            "n",
            "7",
            "0",
            "2024-01-01",
            "true",
            "a1",
            "-",
            "_",
            "",
            "1a",
            ":",
            "infinity",
        ] {
            assert!(!is_ambiguous(text), "{text}");
        }
    }
}
