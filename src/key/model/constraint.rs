//! What the service model asks of a length, a number or a text, and the service's words for it.

use core::fmt;

/// A bound that a length or a number broke, with KMS's words for it (rules A2, K7, L2, S4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    /// It has to be this or more.
    AtLeast(i64),
    /// It has to be this or less.
    AtMost(i64),
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, "greater than or equal to {bound}"),
            Self::AtMost(bound) => write!(f, "less than or equal to {bound}"),
        }
    }
}

/// The least and the most that a length or a number may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// The least that is allowed.
    pub least: i64,
    /// The most that is allowed.
    pub most: i64,
}

impl Bounds {
    /// The bounds from the least number to the most.
    #[must_use]
    pub const fn new(least: i64, most: i64) -> Self {
        Self { least, most }
    }

    /// The bound that a number breaks.
    #[must_use]
    pub const fn broken_by(&self, number: i64) -> Option<Bound> {
        if number < self.least {
            Some(Bound::AtLeast(self.least))
        } else if number > self.most {
            Some(Bound::AtMost(self.most))
        } else {
            None
        }
    }

    /// The bound that a count breaks.
    #[must_use]
    pub fn broken_by_count(&self, count: usize) -> Option<Bound> {
        self.broken_by(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

/// The characters that a text may hold.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// As the service model writes it.
    pub words: &'static str,
    /// Whether a text fits.
    pub fits: fn(&str) -> bool,
}

/// A text of the service model: its length in characters, and its pattern.
#[derive(Clone, Copy, Debug)]
pub struct TextShape {
    length: Bounds,
    pattern: Option<Pattern>,
}

impl TextShape {
    /// A text of `least` to `most` characters.
    #[must_use]
    pub const fn new(least: i64, most: i64) -> Self {
        Self {
            length: Bounds::new(least, most),
            pattern: None,
        }
    }

    /// The same with a pattern.
    #[must_use]
    pub const fn of(self, pattern: Pattern) -> Self {
        Self {
            pattern: Some(pattern),
            ..self
        }
    }

    /// The constraints that a text breaks: its length, then its pattern (measured, rule K7).
    pub fn broken_by(&self, text: &str) -> impl Iterator<Item = Constraint> + use<> {
        let pattern = self.pattern.filter(|pattern| !(pattern.fits)(text));
        let length = self.broken_bound(text).map(Constraint::Length);
        let pattern = pattern.map(|pattern| Constraint::Pattern(pattern.words));
        length.into_iter().chain(pattern)
    }

    fn broken_bound(&self, text: &str) -> Option<Bound> {
        // A character has one to four bytes, so the number of bytes alone shows that most texts are
        // within bounds.
        let bytes = text.len();
        let within = |bytes: usize| self.length.broken_by_count(bytes).is_none();
        if within(bytes) && within(bytes / 4) {
            return None;
        }
        self.length.broken_by_count(text.chars().count())
    }
}

/// What a member has to be; its `Display` is the service's words (rule K7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Constraint {
    /// It has to be there.
    NotNull,
    /// A length.
    Length(Bound),
    /// A number.
    Value(Bound),
    /// Characters, by the service model's pattern.
    Pattern(&'static str),
    /// One of these.
    OneOf(&'static [&'static str]),
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNull => f.write_str("Member must not be null"),
            Self::Length(bound) => write!(f, "Member must have length {bound}"),
            Self::Value(bound) => write!(f, "Member must have value {bound}"),
            Self::Pattern(words) => {
                write!(f, "Member must satisfy regular expression pattern: {words}")
            }
            Self::OneOf(names) => {
                let (first, others) = names.split_first().unwrap_or((&"", &[]));
                write!(f, "Member must satisfy enum value set: [{first}")?;
                others.iter().try_for_each(|name| write!(f, ", {name}"))?;
                f.write_str("]")
            }
        }
    }
}
