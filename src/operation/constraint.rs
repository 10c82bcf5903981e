//! The constraints of the service model, and the service's form of saying that one is broken.

use core::fmt;

use crate::identifier::{AnyAliasName, is_model_byte};
use crate::key::WaitingPeriod;

/// A bound that a length or a number broke, with KMS's words for it (rules A2, K7, L2, S4).
///
/// ```
/// use kms_alias::{Bound, ListAliases, Refusal};
///
/// let refusal = ListAliases::parse(None, Some(101), None).unwrap_err();
/// let bound = Bound::AtMost(100); // rule L2
/// assert_eq!(refusal, Refusal::PageLimit { limit: 101, bound });
/// assert_eq!(bound.to_string(), "less than or equal to 100");
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

/// The bounds of a length or a number, both of them allowed.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The least that fits.
    pub least: i64,
    /// The most that fits.
    pub most: i64,
}

impl Bounds {
    /// From the least to the most that fits.
    #[must_use]
    pub const fn new(least: i64, most: i64) -> Self {
        Self { least, most }
    }

    /// The bound that a number breaks.
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
    pub fn broken_by_count(&self, count: usize) -> Option<Bound> {
        self.broken_by(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

/// The characters that a text may hold.
#[derive(Clone, Copy)]
pub struct Pattern {
    /// As the service model writes it.
    pub words: &'static str,
    /// Whether a text holds such characters only.
    pub fits: fn(&str) -> bool,
}

/// A text of the service model.
#[derive(Clone, Copy)]
pub struct TextShape {
    /// Of the length, in characters.
    length: Bounds,
    pattern: Option<Pattern>,
}

impl TextShape {
    /// A text of this many characters.
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

    /// The bound of the length that a text breaks.
    pub fn broken_bound(&self, text: &str) -> Option<Bound> {
        // A character has one to four bytes, so most texts need no count of theirs.
        let bytes = text.len();
        let within = |bytes: usize| self.length.broken_by_count(bytes).is_none();
        if within(bytes) && within(bytes / 4) {
            return None;
        }
        self.length.broken_by_count(text.chars().count())
    }

    /// The constraint that a text breaks: its length first (ours).
    pub fn broken_by(&self, text: &str) -> Option<Constraint> {
        let bound = self.broken_bound(text).map(Constraint::Length);
        bound.or_else(|| {
            let pattern = self.pattern?;
            (!(pattern.fits)(text)).then_some(Constraint::Pattern(pattern.words))
        })
    }
}

/// The service model's pattern of an alias name.
pub const ALIAS_NAME_PATTERN: &str = "^[a-zA-Z0-9:/_-]+$";

/// The service model's pattern of a marker.
pub const MARKER_PATTERN: &str = "[\\u0020-\\u00FF]*";

/// Rules A2 and A3, as far as the service model goes.
pub const ALIAS_NAME: TextShape = TextShape::new(1, 256).of(Pattern {
    words: ALIAS_NAME_PATTERN,
    // Most names are valid, which is told at once.
    fits: |text| AnyAliasName::is_valid(text) || text.bytes().all(is_model_byte),
});

/// Rule K7.
pub const KEY_ID: TextShape = TextShape::new(1, 2048);

/// Rule K7.
pub const MARKER: TextShape = TextShape::new(1, 1024).of(Pattern {
    words: MARKER_PATTERN,
    fits: |text| {
        text.chars()
            .all(|character| matches!(character, '\u{20}'..='\u{ff}'))
    },
});

/// Rule L2: how many aliases a page may hold.
pub const ALIASES_PER_PAGE: Bounds = Bounds::new(1, 100);

/// Rule L2: how many keys a page may hold.
pub const KEYS_PER_PAGE: Bounds = Bounds::new(1, 1000);

/// Rule S4: how many days a key waits for its deletion.
pub const WAITING_PERIOD: Bounds = Bounds::new(
    WaitingPeriod::LEAST.days() as i64,
    WaitingPeriod::MOST.days() as i64,
);

/// What a member has to be, in the service's words.
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

/// A value as an error shows it, with the space before it.
#[derive(Clone, Copy, Debug)]
pub enum Shown<'a> {
    /// A member that is not there.
    Null,
    /// A text.
    Text(&'a str),
    /// A number.
    Number(i64),
    /// A blob, which is kept out of errors.
    Nothing,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str(" null"),
            Self::Text(text) => write!(f, " '{text}'"),
            Self::Number(number) => write!(f, " '{number}'"),
            Self::Nothing => Ok(()),
        }
    }
}

/// A member that breaks a constraint; how many of them there are is said before it.
#[derive(Clone, Copy, Debug)]
pub struct Violation<'a, C = Constraint> {
    /// What was sent.
    pub value: Shown<'a>,
    /// The member's name.
    pub member: &'a str,
    /// The constraint that it breaks.
    pub constraint: C,
}

impl<C: fmt::Display> fmt::Display for Violation<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            value,
            member,
            constraint,
        } = self;
        write!(
            f,
            "Value{value} at '{member}' failed to satisfy constraint: {constraint}"
        )
    }
}
