//! A file's bytes as the text of JSON documents.

use alloc::borrow::Cow;
use alloc::string::String;

use super::fault::{AccountError, Fault};
use super::file::File;
use super::locate;
use super::recognise::{self, Mistaken};
use super::yaml;
use serde::de::IgnoredAny;

/// The mark that some editors and shells put at the beginning of a text.
pub(crate) const MARK: char = '\u{feff}';

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// How bytes that begin like these are written: by the mark, or by the zero byte that every
    /// second byte of ASCII text in UTF-16 is.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xff, 0xfe, ..] => Self::Utf16Le,
            [0xfe, 0xff, ..] => Self::Utf16Be,
            [first, 0, second, 0, ..] if *first != 0 && *second != 0 => Self::Utf16Le,
            [0, first, 0, second, ..] if *first != 0 && *second != 0 => Self::Utf16Be,
            _ => Self::Utf8,
        }
    }
}

/// The text of a file in UTF-8 or UTF-16, without the mark.
///
/// # Errors
/// A file in neither.
pub(crate) fn decode(file: File<'_>) -> Result<Cow<'_, str>, AccountError> {
    let text = match Encoding::of(file.bytes) {
        Encoding::Utf8 => Cow::Borrowed(locate::text(file)?),
        Encoding::Utf16Le => Cow::Owned(from_utf16(file, u16::from_le_bytes)?),
        Encoding::Utf16Be => Cow::Owned(from_utf16(file, u16::from_be_bytes)?),
    };
    Ok(text)
}

fn from_utf16(file: File<'_>, unit: fn([u8; 2]) -> u16) -> Result<String, AccountError> {
    let (pairs, rest) = file.bytes.as_chunks::<2>();
    let text = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
    let text: Result<String, _> = text.filter(|unit| *unit != Ok(MARK)).collect();
    match text {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err(AccountError::of_file(file.name, Fault::NotUtf16)),
    }
}

/// The text of a file as JSON: YAML is rewritten on the same lines.
///
/// # Errors
/// A file that is neither, with what it looks like and what to do.
pub(crate) fn json(file: File<'_>) -> Result<Cow<'_, str>, AccountError> {
    if let Some(mistaken) = recognise::binary(file.bytes) {
        return Err(AccountError::of_file(file.name, Fault::Mistaken(mistaken)));
    }
    let text = decode(file)?;
    let begins = text.trim_start_matches(|c: char| c.is_whitespace() || c == MARK);
    match begins.chars().next() {
        None => Err(AccountError::of_file(file.name, Fault::Empty)),
        Some('{' | '[') if begins.trim_start_matches('[').starts_with("{'") => {
            let fault = Fault::Mistaken(Mistaken::PythonRepr);
            Err(AccountError::of_file(file.name, fault))
        }
        Some('{') => Ok(text),
        Some('[') if !recognise::is_toml(begins) => Ok(text),
        _ => from_yaml(file, text),
    }
}

/// The text of a file that is read as YAML; nothing of any other.
pub(crate) fn yaml(file: File<'_>) -> Option<Cow<'_, str>> {
    let text = decode(file).ok()?;
    let begins = text.trim_start_matches(|c: char| c.is_whitespace() || c == MARK);
    let is_yaml = !begins.starts_with(['{', '[']) && recognise::looks_like_yaml(&text);
    is_yaml.then_some(text)
}

fn from_yaml<'a>(file: File<'a>, text: Cow<'a, str>) -> Result<Cow<'a, str>, AccountError> {
    if let Some(mistaken) = recognise::no_documents(&text) {
        return Err(AccountError::of_file(file.name, Fault::Mistaken(mistaken)));
    }
    if recognise::looks_like_yaml(&text) {
        let json = yaml::to_json(&text).map_err(|error| AccountError {
            line: Some(error.line),
            ..AccountError::of_file(file.name, Fault::Json(error.words))
        });
        return json.map(Cow::Owned);
    }
    // A text that is no mapping is rather broken JSON than YAML.
    let mut documents = serde_json::Deserializer::from_str(&text).into_iter::<IgnoredAny>();
    match documents.next() {
        Some(Err(error)) => Err(AccountError::json(file.name, &error)),
        _ => Ok(text),
    }
}

/// The fault that a file's content explains better than the reader's own words.
pub(crate) fn explain(
    error: AccountError,
    file: File<'_>,
    mistaken: Option<Mistaken>,
) -> AccountError {
    match (&*error.fault, mistaken) {
        (
            Fault::NotAnAccount | Fault::NotAStep | Fault::NotATarget | Fault::Json(_),
            Some(mistaken),
        ) => AccountError::of_file(file.name, Fault::Mistaken(mistaken)),
        _ => error,
    }
}
