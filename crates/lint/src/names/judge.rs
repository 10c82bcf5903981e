//! Alias names: A1, A2, A3, A4.

use std::ops::Range;

use kms_alias::{AliasName, AnyAliasName, ParseError, ReservedNames, Rule};

use super::complete::{Piece, complete_alias_name};
use crate::text::{HOLE, Text, shown};

/// What is wrong with a name or an identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) rule: Rule,
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
}

/// What a name is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameRole {
    /// An alias that is made.
    New,
    /// What the name of an alias that is made begins with; Terraform adds 26 digits.
    NewPrefix,
    /// An alias that is looked up, a customer's or AWS's.
    Any,
}

/// What Terraform appends to a `name_prefix`.
const UNIQUE_SUFFIX: &str = "00000000000000000000000000";

/// What is wrong with an alias name, whatever a run fills its holes with.
pub(crate) fn judge_name(text: &Text, role: NameRole, reserved: ReservedNames) -> Option<Mistake> {
    let name = text.as_str();
    if role == NameRole::NewPrefix && name.is_empty() {
        // Terraform takes it as absent.
        return None;
    }
    let is_name = |name: &str| match role {
        NameRole::New => AliasName::parse_with(name, reserved).map(|_| ()),
        NameRole::NewPrefix => {
            AliasName::parse_with(&format!("{name}{UNIQUE_SUFFIX}"), reserved).map(|_| ())
        }
        NameRole::Any => name.parse::<AnyAliasName>().map(|_| ()),
    };
    let pieces: Vec<_> = name.chars().map(piece).collect();
    let (error, piece) = complete_alias_name(&pieces, is_name).err()?;
    Some(Mistake {
        rule: error.rule(),
        at: place(text, &error, piece),
        message: format!(
            "{} is no alias name: expected {}{}{}",
            shown(name),
            error.expected(),
            found(&error, name.chars().nth(piece)),
            other_reading(name, &error, reserved)
        ),
    })
}

/// The other published reading of rule A4, where it takes a name that the strict one refuses.
fn other_reading(name: &str, error: &ParseError, reserved: ReservedNames) -> &'static str {
    let by_strict_reading = error.rule() == Rule::A4
        && reserved == ReservedNames::AliasAws
        && !ReservedNames::AliasAwsSlash.reserves(name);
    if by_strict_reading {
        "; AWS's API reference reserves `alias/aws/` only, and `--reserved alias/aws/` judges by that"
    } else {
        ""
    }
}

const fn piece(character: char) -> Piece {
    match character {
        HOLE => Piece::Any,
        other => Piece::Known(other),
    }
}

/// The character that a name cannot have (rule A3), as the end of a sentence on what is expected.
pub(crate) fn found(error: &ParseError, character: Option<char>) -> String {
    let Some(character) = character.filter(|own| error.rule() == Rule::A3 && *own != HOLE) else {
        return String::new();
    };
    let found = match character {
        ' ' => "a space".to_owned(),
        '\t' => "a tab".to_owned(),
        '\n' | '\r' => "a line break".to_owned(),
        '$' => "`$`, so what is written as a variable is plain text here".to_owned(),
        letter if letter.is_alphabetic() => format!("`{letter}`, which is not of `a-z` or `A-Z`"),
        digit if digit.is_numeric() => format!("`{digit}`, which is not of `0-9`"),
        other => shown(&String::from(other)),
    };
    format!(", found {found}")
}

/// The part at fault; the first one for what is about the beginning or the length.
fn place(text: &Text, error: &ParseError, piece: usize) -> Range<usize> {
    if error.rule() != Rule::A3 {
        return text.at();
    }
    let byte = text.as_str().char_indices().nth(piece);
    byte.map_or_else(|| text.at(), |(byte, _)| text.at_byte(byte))
}
