//! What is said of a step, and of a run as a whole.

use core::fmt;

use kms_alias::Rule;

/// The verdict on one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The step succeeds, whatever the unknown is and in every order.
    Ok,
    /// The step is refused, whatever the unknown is and in every order.
    Refused {
        /// The answers that KMS may give: one where all agree, else several, in the order of their
        /// rules. Where the exceptions differ no single one is told.
        could_be: Vec<Answer>,
    },
    /// Two completions or orders differ.
    Undecided {
        /// What the outcome depends on: each of these, changed alone, changes it.
        needs: Vec<Need>,
        /// What may come out. Where the bound was reached these are the answers to what the step may
        /// see, and some of them may be impossible.
        could_be: Vec<Possible>,
        /// Commands, and options of the program, that would settle it.
        settle: Vec<Box<str>>,
    },
}

impl Outcome {
    /// The exception with which KMS refuses the step, if it is refused and all its answers have the
    /// same one.
    ///
    /// ```
    /// use kms_alias::Rule;
    /// use kms_alias_foresee::verdict::{Answer, Outcome};
    ///
    /// let answer = |rule| Answer { rule, exception: "NotFoundException", message: "…".into() };
    /// let refused = Outcome::Refused { could_be: vec![answer(Rule::T1), answer(Rule::T2)] };
    /// assert_eq!((refused.exception(), refused.rule()), (Some("NotFoundException"), None));
    /// assert_eq!(Outcome::Ok.exception(), None);
    /// ```
    #[must_use]
    pub fn exception(&self) -> Option<&'static str> {
        self.same(|answer| answer.exception)
    }

    /// The rule by which the step is refused, if it is refused and by one rule alone.
    #[must_use]
    pub fn rule(&self) -> Option<Rule> {
        self.same(|answer| answer.rule)
    }

    fn same<T: PartialEq>(&self, of: impl Fn(&Answer) -> T) -> Option<T> {
        let Self::Refused { could_be } = self else {
            return None;
        };
        let mut each = could_be.iter().map(of);
        let first = each.next()?;
        each.all(|other| other == first).then_some(first)
    }
}

/// An answer of KMS that refuses a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Answer {
    /// The rule that is broken.
    pub rule: Rule,
    /// The name of the exception.
    pub exception: &'static str,
    /// KMS's words, with placeholders such as `<account>` for what is unknown.
    pub message: Box<str>,
}

/// What may come out of a step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Possible {
    /// It succeeds.
    Ok,
    /// It is refused.
    Refused(Answer),
}

/// What an undecided outcome depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Need {
    /// A fact of a key.
    Key {
        /// The key: its ID, or the label of a key that has none yet.
        key: Box<str>,
        /// The fact.
        fact: Fact,
    },
    /// Which of two steps comes first: their indexes, the lower one first.
    Order {
        /// One step.
        first: usize,
        /// The other.
        second: usize,
    },
    /// What a name, or another value, is that is not known.
    Name {
        /// Its label.
        label: Box<str>,
    },
    /// Whether an alias that no list tells of exists, and of which key.
    Alias {
        /// Its name.
        alias_name: Box<str>,
    },
    /// In which account the step runs.
    Account,
    /// In which Region the step runs.
    Region,
    /// The possibilities are more than the bound allows to enumerate: the verdict is not exact.
    BoundReached,
}

/// What it depends on, in words that follow "it depends on"; steps are counted from 1.
impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key {
                key,
                fact: Fact::Identity,
            } => write!(f, "which key {key} is"),
            Self::Key { key, fact } => write!(f, "the {fact} of key {key}"),
            Self::Order { first, second } => write!(
                f,
                "whether step {} or step {} comes first",
                first.saturating_add(1),
                second.saturating_add(1)
            ),
            Self::Name { label } => write!(f, "the value of {label}"),
            Self::Alias { alias_name } => {
                write!(f, "whether {alias_name} exists, and of which key")
            }
            Self::Account => f.write_str("the account in which it runs"),
            Self::Region => f.write_str("the Region in which it runs"),
            Self::BoundReached => f.write_str(
                "more possibilities than are tried: this verdict may be less than could be told",
            ),
        }
    }
}

/// A fact of a key on which an outcome can hang.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Fact {
    /// Whether the key exists (rule T1).
    Existence,
    /// Who manages it (rules T4, S7).
    Manager,
    /// Its key type, which follows from its key spec (rule U3).
    KeyType,
    /// Its key usage (rule U4).
    KeyUsage,
    /// Where its key material comes from (rules S1, S2, S8).
    Origin,
    /// Its state (rules T5, S8).
    KeyState,
    /// Whether it is a multi-Region key (rule K2), and a primary with replicas (rule S4).
    MultiRegion,
    /// When its deletion is due (rule S4).
    DeletionDate,
    /// Whether it has the key material that is imported: if its deletion began without, cancelling
    /// it leads back to pending import (rule S4).
    KeyMaterial,
    /// How many aliases it has (rule T6).
    AliasCount,
    /// Which key it is, of one that is named by a value which is not known.
    Identity,
}

impl Fact {
    /// What the fact is called, such as `key usage`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Existence => "existence",
            Self::Manager => "key manager",
            Self::KeyType => "key spec",
            Self::KeyUsage => "key usage",
            Self::Origin => "origin",
            Self::KeyState => "key state",
            Self::MultiRegion => "multi-Region configuration",
            Self::DeletionDate => "deletion date",
            Self::KeyMaterial => "key material",
            Self::AliasCount => "number of aliases",
            Self::Identity => "identity",
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What is said of a run as a whole.
///
/// ```
/// use kms_alias_foresee::verdict::Conclusion;
///
/// assert_eq!(Conclusion::Undecided.exit_code(), 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conclusion {
    /// Every step succeeds in every completion and order.
    Passes,
    /// Every completion and order has a refusal, though perhaps no single step is refused in all.
    Fails,
    /// Some completions and orders have a refusal, others have none.
    Undecided,
}

impl Conclusion {
    /// The exit code of a program that says this: 0, 1 or 3.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Passes => 0,
            Self::Fails => 1,
            Self::Undecided => 3,
        }
    }
}
