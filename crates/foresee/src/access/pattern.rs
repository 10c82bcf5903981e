//! IAM's patterns over alias names (rule P3).

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use kms_alias::Rule;

/// A pattern of IAM's `StringLike`, as conditions on `kms:RequestAlias` and
/// `kms:ResourceAliases` have it (rule P3).
///
/// # Syntax
/// `*` stands for any run of characters, an empty one and `/` too; `?` for exactly one; everything
/// else for itself. Case counts, and both ends are fixed. These keys hold alias names and never
/// ARNs, so a pattern that begins with `arn:` matches none.
///
/// # Errors
/// - `alias/${aws:username}`: a policy variable, whose value only a request knows (ours)
///
/// ```
/// use kms_alias_foresee::AliasPattern;
///
/// let pattern: AliasPattern = "alias/prod-*".parse()?;
/// assert!(pattern.matches("alias/prod-db"));
/// assert!(!pattern.matches("alias/test-db"));
/// assert_eq!(pattern.as_str(), "alias/prod-*");
/// # Ok::<(), kms_alias_foresee::PatternError>(())
/// ```
// INVARIANT: `head` and `tail` are the lengths of what is literal before the first wildcard and
// after the last, in bytes; without a wildcard `head` is all and `tail` is 0.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AliasPattern {
    text: String,
    head: usize,
    tail: usize,
}

/// A pattern with an IAM policy variable or escape in it (rule P3).
///
/// ```
/// use kms_alias::{Rule};
/// use kms_alias_foresee::{AliasPattern};
///
/// let error = "alias/${aws:username}".parse::<AliasPattern>().unwrap_err();
/// assert_eq!((error.position(), error.rule()), (6, Rule::P3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error(
    "invalid alias pattern: expected no policy variable, found `${{` at byte {position} (rule P3): \
     its value is known only when a request is made"
)]
pub struct PatternError {
    position: usize,
}

impl PatternError {
    /// The byte, from 0, at which the variable begins.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position
    }

    /// The rule: P3.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        Rule::P3
    }
}

impl AliasPattern {
    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the pattern matches a name (rule P3).
    ///
    /// The time is at most the product of both lengths, whatever the pattern. Most names are told
    /// by their beginning or their end.
    #[must_use]
    pub fn matches(&self, name: impl AsRef<str>) -> bool {
        let (text, name) = (self.as_str(), name.as_ref());
        let (head, rest) = text.split_at(self.head);
        let (wild, tail) = rest.split_at(rest.len().saturating_sub(self.tail));
        if wild.is_empty() {
            return name == text;
        }
        let name = name
            .strip_prefix(head)
            .and_then(|name| name.strip_suffix(tail));
        name.is_some_and(|name| matches_wild(wild, name))
    }
}

/// Whether a pattern matches a name, by going back to the last star only.
fn matches_wild(mut pattern: &str, mut name: &str) -> bool {
    // Where to go on, with one character more for the star, if what follows it does not fit.
    let mut retry: Option<(&str, &str)> = None;
    loop {
        if let Some(after_star) = pattern.strip_prefix('*') {
            pattern = after_star;
            retry = Some((after_star, name));
            continue;
        }
        match (pattern.chars().next(), name.chars().next()) {
            (None, None) => return true,
            (Some(expected), Some(found)) if expected == '?' || expected == found => {
                (pattern, name) = (tail(pattern), tail(name));
            }
            _ => match retry {
                Some((after_star, rest)) if !rest.is_empty() => {
                    (pattern, name) = (after_star, tail(rest));
                    retry = Some((pattern, name));
                }
                _ => return false,
            },
        }
    }
}

impl AliasPattern {
    /// What is literal before the first wildcard; all if there is none.
    pub(super) fn head(&self) -> &str {
        self.text.get(..self.head).unwrap_or_default()
    }

    /// What is literal after the last wildcard; nothing if there is none.
    pub(super) fn tail(&self) -> &str {
        let begins = self.text.len().saturating_sub(self.tail);
        self.text.get(begins..).unwrap_or_default()
    }

    fn of(text: String) -> Self {
        let head = text.find(is_wildcard).unwrap_or(text.len());
        let last = text.rfind(is_wildcard);
        // A wildcard is one byte.
        let tail = last.map_or(0, |last| text.len().saturating_sub(last).saturating_sub(1));
        Self { text, head, tail }
    }
}

const fn is_wildcard(character: char) -> bool {
    matches!(character, '*' | '?')
}

/// A text without its first character.
fn tail(text: &str) -> &str {
    let mut characters = text.chars();
    characters.next();
    characters.as_str()
}

impl FromStr for AliasPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.find("${") {
            Some(position) => Err(PatternError { position }),
            None => Ok(Self::of(text.into())),
        }
    }
}

impl TryFrom<&str> for AliasPattern {
    type Error = PatternError;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl TryFrom<String> for AliasPattern {
    type Error = PatternError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl AsRef<str> for AliasPattern {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for AliasPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for AliasPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AliasPattern(\"{self}\")")
    }
}

impl PartialEq<str> for AliasPattern {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}
