//! What the service model asks of a length, a number or a text, and the service's words for it.

use core::fmt;

/// A bound that a length or a number broke, with KMS's words for it (rules A2, K7, L2, S4).
///
/// ```
/// use kms_alias::model::{Bound, Bounds};
///
/// let bound = Bounds::new(1, 100).broken_by(101); // rule L2
/// assert_eq!(bound, Some(Bound::AtMost(100)));
/// assert_eq!(Bound::AtMost(100).to_string(), "less than or equal to 100");
/// ```
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

/// The bounds of a length or a number; both are allowed.
///
/// ```
/// use kms_alias::model::{Bound, Bounds};
///
/// let days = Bounds::new(7, 30); // rule S4
/// assert_eq!((days.least, days.most), (7, 30));
/// assert_eq!(days.broken_by(30), None);
/// assert_eq!(days.broken_by_count(6), Some(Bound::AtLeast(7)));
/// ```
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
///
/// ```
/// use kms_alias::model::{Constraint, Pattern, TextShape};
///
/// let digits = Pattern {
///     words: "[0-9]+",
///     fits: |text| text.bytes().all(|byte| byte.is_ascii_digit()),
/// };
/// let shape = TextShape::new(1, 3).of(digits);
/// let broken: Vec<_> = shape.broken_by("four").collect();
/// assert_eq!(broken.len(), 2); // too long, and no digits
/// assert_eq!(broken[1], Constraint::Pattern("[0-9]+"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// As the service model writes it.
    pub words: &'static str,
    /// Whether a text fits.
    pub fits: fn(&str) -> bool,
}

/// A text of the service model: its length in characters, and its pattern.
///
/// ```
/// use kms_alias::model::{Bound, Constraint, TextShape};
///
/// let shape = TextShape::new(1, 2);
/// assert_eq!(shape.broken_by("äö").count(), 0); // two characters in four bytes
/// let broken: Vec<_> = shape.broken_by("").collect();
/// assert_eq!(broken, [Constraint::Length(Bound::AtLeast(1))]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct TextShape {
    length: Bounds,
    pattern: Option<Pattern>,
}

impl TextShape {
    /// A text of so many characters, whatever they are.
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
        // A character has one to four bytes, so most texts need no count of theirs.
        let bytes = text.len();
        let within = |bytes: usize| self.length.broken_by_count(bytes).is_none();
        if within(bytes) && within(bytes / 4) {
            return None;
        }
        self.length.broken_by_count(text.chars().count())
    }
}

/// What a member has to be; its `Display` is the service's words (rule K7).
///
/// ```
/// use kms_alias::model::Constraint;
///
/// assert_eq!(Constraint::NotNull.to_string(), "Member must not be null");
/// let closed = Constraint::OneOf(&["RAW", "DIGEST"]);
/// assert_eq!(closed.to_string(), "Member must satisfy enum value set: [RAW, DIGEST]");
/// ```
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
