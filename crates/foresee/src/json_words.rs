//! What is wrong with JSON, in words for people who write files: the reader's own speak of Rust.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};

use serde_json::error::Category;

/// What is wrong, without the place.
///
/// ```
/// use kms_alias_foresee::json_words;
///
/// let error = serde_json::from_str::<Vec<String>>("[5]").unwrap_err();
/// assert_eq!(json_words::words(&error), "this is the number `5`, and a text is expected here");
/// assert!(json_words::words_at(&error).ends_with("(column 2)"));
/// ```
#[must_use]
pub fn words(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let told = told
        .rsplit_once(" at line ")
        .map_or(&*told, |(words, _)| words);
    match error.classify() {
        Category::Eof => cut(told),
        Category::Syntax => {
            let told = syntax(told);
            format!("this is not JSON: {told}: mend it, or print the file again")
        }
        Category::Data => data(told),
        Category::Io => told.to_string(),
    }
}

/// What is wrong, with the column, where the reader tells one.
#[must_use]
pub fn words_at(error: &serde_json::Error) -> String {
    match error.column() {
        0 => words(error),
        column => format!("{} (column {column})", words(error)),
    }
}

/// What a file that is cut short was in the middle of.
fn cut(told: &str) -> String {
    let what = told.strip_prefix("EOF while parsing ").unwrap_or("a value");
    let what = if what == "a list" { "an array" } else { what };
    format!("the file ends in the middle of {what}: it is cut short, so print or copy it again")
}

/// What breaks the grammar, by the reader's words for it.
const SYNTAX: [(&str, &str); 11] = [
    ("expected value", "a value is expected here"),
    (
        "expected ident",
        "a value is expected here, and no text without quotes",
    ),
    ("expected `,` or `]`", "`,` or `]` is expected here"),
    ("expected `,` or `}`", "`,` or `}` is expected here"),
    ("expected `:`", "`:` is expected here"),
    (
        "key must be a string",
        "the name of a member is expected here, in double quotes",
    ),
    ("trailing comma", "nothing follows a comma"),
    (
        "trailing characters",
        "something follows the end of the document",
    ),
    ("recursion limit exceeded", "values are nested too deep"),
    (
        "invalid escape",
        "a text has a `\\` that stands for nothing",
    ),
    (
        "control character (\\u0000-\\u001F) found while parsing a string",
        "a text has a line break or another control character in it, or its end quote is missing",
    ),
];

fn syntax(told: &str) -> &str {
    let known = SYNTAX.iter().find(|(theirs, _)| *theirs == told);
    known.map_or(told, |(_, ours)| *ours)
}

/// What a value is, and what it has to be.
fn data(told: &str) -> String {
    let value = told
        .strip_prefix("invalid type: ")
        .or_else(|| told.strip_prefix("invalid value: "));
    if let Some((found, expected)) = value.and_then(|told| told.split_once(", expected ")) {
        let (found, expected) = (found_words(found), expected_words(expected));
        return format!("this is {found}, and {expected} is expected here");
    }
    let quoted = |prefix: &str| told.strip_prefix(prefix);
    if let Some(name) = quoted("missing field ") {
        return format!("the member {name} is missing");
    }
    if let Some(name) = quoted("duplicate field ") {
        return format!("the member {name} is there twice");
    }
    told.to_string()
}

fn found_words(found: &str) -> Cow<'_, str> {
    let kinds = [
        ("integer ", "the number "),
        ("floating point ", "the number "),
        ("boolean ", ""),
        ("string ", "the text "),
    ];
    for (theirs, ours) in kinds {
        if let Some(value) = found.strip_prefix(theirs) {
            return format!("{ours}{value}").into();
        }
    }
    match found {
        "sequence" => "an array".into(),
        "map" => "an object".into(),
        "null" | "unit value" => "`null`".into(),
        found => found.into(),
    }
}

fn expected_words(expected: &str) -> Cow<'_, str> {
    match expected {
        "a sequence" => "an array".into(),
        "a map" => "an object".into(),
        "a string" | "a borrowed string" | "a string or bytes" | "a string key" => "a text".into(),
        "a boolean" => "`true` or `false`".into(),
        "u8" | "u16" | "u32" | "u64" | "usize" | "i64" => "a whole number".into(),
        expected if expected.starts_with("struct ") => "an object".into(),
        expected => expected.into(),
    }
}
