//! Many patterns over many names in one pass each (feature `pattern`).

use alloc::string::String;
use alloc::vec::Vec;

use regex::{RegexSet, RegexSetBuilder};

use super::pattern::AliasPattern;

/// Many patterns, asked at once which of them match a name (rule P3).
///
/// ```
/// use kms_alias::{AliasPattern, AliasPatternSet};
///
/// let patterns: Vec<AliasPattern> = vec!["alias/prod-*".parse()?, "alias/*-db".parse()?];
/// let set = AliasPatternSet::new(&patterns)?;
/// assert_eq!(set.matching("alias/prod-db"), [0, 1]);
/// assert_eq!(set.matching("alias/test-db"), [1]);
/// assert!(!set.matches_any("alias/payments"));
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct AliasPatternSet {
    patterns: RegexSet,
}

/// The patterns together are too large to be compiled into one set.
///
/// ```
/// use kms_alias::{AliasPattern, AliasPatternSet, PatternSetTooLarge};
///
/// let pattern: AliasPattern = "alias/????????*".repeat(2_000).parse()?;
/// assert_eq!(AliasPatternSet::new(&vec![pattern; 200]).unwrap_err(), PatternSetTooLarge);
/// # Ok::<(), kms_alias::PatternError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("the patterns are too large for one set: ask them in several, or one by one")]
pub struct PatternSetTooLarge;

impl AliasPatternSet {
    /// The set of these patterns.
    ///
    /// # Errors
    /// If they would take more memory than the regular expressions are allowed (10 MiB).
    pub fn new(patterns: &[AliasPattern]) -> Result<Self, PatternSetTooLarge> {
        let expressions: Vec<String> = patterns.iter().map(expression).collect();
        let patterns = RegexSetBuilder::new(expressions)
            .build()
            .map_err(|_| PatternSetTooLarge)?;
        Ok(Self { patterns })
    }

    /// The places, in the list that the set was made of, of the patterns that match a name.
    #[must_use]
    pub fn matching(&self, name: impl AsRef<str>) -> Vec<usize> {
        self.patterns.matches(name.as_ref()).into_iter().collect()
    }

    /// Whether any pattern matches a name.
    #[must_use]
    pub fn matches_any(&self, name: impl AsRef<str>) -> bool {
        self.patterns.is_match(name.as_ref())
    }
}

/// A pattern as a regular expression.
fn expression(pattern: &AliasPattern) -> String {
    let mut expression = String::from(r"\A(?s:");
    let mut rest = pattern.as_str();
    while let Some(at) = rest.find(['*', '?']) {
        let (literal, tail) = rest.split_at(at);
        expression.push_str(&regex::escape(literal));
        expression.push_str(if tail.starts_with('*') { ".*" } else { "." });
        rest = tail.get(1..).unwrap_or_default();
    }
    expression.push_str(&regex::escape(rest));
    expression.push_str(r")\z");
    expression
}
