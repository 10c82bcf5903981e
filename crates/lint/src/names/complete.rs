//! Whether a text that is known in part can become an alias name.

use kms_alias::ParseError;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Known(char),
    /// Any one character.
    One,
    /// Any text, of any length.
    Any,
}

/// The prefix of an alias name (rule A1).
const PREFIX: &str = "alias/";

/// How an open piece within the prefix is filled.
#[derive(Clone, Copy)]
enum WithinPrefix {
    /// By nothing: what follows goes on with the prefix.
    Nothing,
    /// By what the prefix lacks, and this.
    Rest(&'static str),
}

/// Every way of filling that has to be tried: within the prefix, and after it. The first is the
/// one whose error is told.
const FILLINGS: &[(WithinPrefix, &str)] = &[
    (WithinPrefix::Rest("x"), "x"),
    (WithinPrefix::Rest("x"), ""),
    (WithinPrefix::Rest(""), "x"),
    (WithinPrefix::Rest(""), ""),
    (WithinPrefix::Nothing, "x"),
    (WithinPrefix::Nothing, ""),
];

/// A text without open pieces.
struct Candidate {
    text: String,
    /// The piece that each byte comes from.
    origins: Vec<usize>,
}

/// Asks whether some filling of the open pieces is taken.
///
/// If none is, the answer is the error of the likeliest one and the index of the piece at fault,
/// which is the number of pieces if the text ends too early.
pub(crate) fn complete_alias_name(
    pieces: &[Piece],
    is_name: impl Fn(&str) -> Result<(), ParseError>,
) -> Result<(), (ParseError, usize)> {
    let mut first = None;
    for (within, after) in FILLINGS {
        let candidate = Candidate::new(pieces, *within, after);
        let Err(error) = is_name(&candidate.text) else {
            return Ok(());
        };
        let origin = candidate.origins.get(error.position()).copied();
        first.get_or_insert((error, origin.unwrap_or(pieces.len())));
        if pieces.iter().all(|piece| matches!(piece, Piece::Known(_))) {
            break;
        }
    }
    first.map_or(Ok(()), Err)
}

impl Candidate {
    fn new(pieces: &[Piece], within: WithinPrefix, after: &str) -> Self {
        let mut candidate = Self {
            text: String::new(),
            origins: Vec::new(),
        };
        for (index, piece) in pieces.iter().enumerate() {
            let lacking = PREFIX.strip_prefix(candidate.text.as_str());
            match (piece, lacking.filter(|lacking| !lacking.is_empty())) {
                (Piece::Known(character), _) => {
                    candidate.push(character.encode_utf8(&mut [0; 4]), index);
                }
                (Piece::One, Some(lacking)) => {
                    candidate.push(lacking.get(..1).unwrap_or_default(), index);
                }
                (Piece::One, None) => candidate.push("x", index),
                (Piece::Any, None) => candidate.push(after, index),
                (Piece::Any, Some(lacking)) => {
                    if let WithinPrefix::Rest(more) = within {
                        candidate.push(lacking, index);
                        candidate.push(more, index);
                    }
                }
            }
        }
        candidate
    }

    fn push(&mut self, text: &str, origin: usize) {
        self.text.push_str(text);
        self.origins.extend(std::iter::repeat_n(origin, text.len()));
    }
}
