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
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AliasPattern(String);

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
        &self.0
    }

    /// Whether the pattern matches a name (rule P3).
    ///
    /// The time is at most the product of both lengths, whatever the pattern.
    #[must_use]
    pub fn matches(&self, name: impl AsRef<str>) -> bool {
        let (mut pattern, mut name) = (self.as_str(), name.as_ref());
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
            None => Ok(Self(text.into())),
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
        &self.0
    }
}

impl fmt::Display for AliasPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for AliasPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AliasPattern(\"{self}\")")
    }
}

impl PartialEq<str> for AliasPattern {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}
