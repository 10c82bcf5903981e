//! What a request breaks of the service model, in the service's words (rule K7).

use alloc::boxed::Box;
use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;

use super::constraint::Constraint;
use super::shape::{Given, Member, Presence};
use crate::rule::Rule;

/// An error lists at most this many violations (ours), so that a small request gets no large
/// answer.
const MOST_VIOLATIONS: usize = 32;

/// Every constraint that a request breaks; its `Display` is KMS's words (rules A2, A3, K7, L2, S4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Violations(Vec<Violation>);

/// A value that breaks a constraint.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Violation {
    /// Where it is, such as `aliasName` or `tags.1.member.tagKey`.
    pub path: Box<str>,
    /// The value as the error shows it; none if the error does not show it.
    pub shown: Option<Box<str>>,
    /// The constraint.
    pub constraint: Constraint,
    /// What the constraint is on.
    pub of: Of,
}

/// What a constraint is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Of {
    /// The member itself.
    Member,
    /// Each element of a list.
    Elements,
    /// Each value of a map.
    Values,
}

impl Violations {
    /// Whether nothing is broken.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The violations, in the order of the members.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        self.0.iter()
    }

    /// The rule that the first of them breaks.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.0.first().map_or(Rule::K7, Violation::rule)
    }

    /// Adds a violation, unless there are 32 of them already (ours).
    pub fn add(
        &mut self,
        path: &dyn fmt::Display,
        shown: Option<&str>,
        constraint: Constraint,
        of: Of,
    ) {
        if self.0.len() < MOST_VIOLATIONS {
            self.0.push(Violation {
                path: path.to_string().into(),
                shown: shown.map(Into::into),
                constraint,
                of,
            });
        }
    }

    /// Checks the value of a member, if it is no list, map or structure, and adds what it breaks.
    pub fn check(&mut self, path: &dyn fmt::Display, member: &Member, given: Given<'_>) {
        let is_secret = member.presence == Presence::Secret;
        if given == Given::Nothing {
            if member.presence != Presence::Optional {
                let shown = (!is_secret).then_some("null");
                self.add(path, shown, Constraint::NotNull, Of::Member);
            }
            return;
        }
        for constraint in member.shape.broken_by(given) {
            let shown = match given {
                Given::Text(text) if !is_secret => Some(format!("'{text}'")),
                Given::Integer(integer) if !is_secret => Some(format!("'{integer}'")),
                _ => None,
            };
            self.add(path, shown.as_deref(), constraint, Of::Member);
        }
    }

    /// `Ok` if there are no violations.
    ///
    /// # Errors
    /// The violations, if there are any.
    pub fn or_none(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl Violation {
    /// The rule that it breaks: some bounds and patterns have a number of their own.
    fn rule(&self) -> Rule {
        match (&*self.path, self.constraint) {
            ("aliasName", Constraint::Length(_)) => Rule::A2,
            ("aliasName", Constraint::Pattern(_)) => Rule::A3,
            ("limit", Constraint::Value(_)) => Rule::L2,
            ("pendingWindowInDays", Constraint::Value(_)) => Rule::S4,
            _ => Rule::K7,
        }
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = if self.0.len() == 1 { "error" } else { "errors" };
        write!(f, "{} validation {errors} detected: ", self.0.len())?;
        for (index, violation) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value")?;
        if let Some(shown) = &self.shown {
            write!(f, " {shown}")?;
        }
        let constraint = self.constraint;
        write!(f, " at '{}' failed to satisfy constraint: ", self.path)?;
        match self.of {
            Of::Member => write!(f, "{constraint}"),
            Of::Elements => write!(f, "Member must satisfy constraint: [{constraint}]"),
            Of::Values => write!(f, "Map value must satisfy constraint: [{constraint}]"),
        }
    }
}

impl core::error::Error for Violations {}

/// Where in a request a value stands, as the service's errors write it: `TargetKeyId` as
/// `targetKeyId`, the first element of `Tags` as `tags.1.member`.
#[derive(Clone, Copy, Debug)]
pub enum Path<'a> {
    /// A member of the request, or of a structure in it.
    Member(Option<&'a Self>, &'static str),
    /// An element of a list, from 1.
    Element(&'a Self, u32),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(parent, name) => {
                if let Some(parent) = parent {
                    write!(f, "{parent}.")?;
                }
                let (first, others) = name.split_at_checked(1).unwrap_or_default();
                write!(f, "{}{others}", first.to_ascii_lowercase())
            }
            Self::Element(list, number) => write!(f, "{list}.{number}.member"),
        }
    }
}
