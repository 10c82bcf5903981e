//! The condition operators that compare alias names (rules P2, P3).

use core::fmt;
use core::str::FromStr;

use super::condition_key::ConditionKey;
use super::invalid::ConditionFault;

impl FromStr for ConditionKey {
    type Err = ConditionFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.iter().copied();
        all.find(|key| key.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| ConditionFault::UnknownKey(text.into()))
    }
}

impl TryFrom<&str> for ConditionKey {
    type Error = ConditionFault;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// How the values of a key are to be compared, if they are many (rule P2; IAM documentation).
///
/// ```
/// use kms_alias_foresee::{ConditionOperator, SetOperator};
///
/// let operator: ConditionOperator = "ForAnyValue:StringLike".parse()?;
/// assert_eq!(operator.set_operator(), Some(SetOperator::ForAnyValue));
/// # Ok::<(), kms_alias_foresee::ConditionFault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SetOperator {
    /// `ForAnyValue:`: one of them is enough, and there has to be one.
    ForAnyValue,
    /// `ForAllValues:`: each of them, and none is enough.
    ForAllValues,
}

impl SetOperator {
    /// What stands before the operator, colon included.
    const fn prefix(self) -> &'static str {
        match self {
            Self::ForAnyValue => "ForAnyValue:",
            Self::ForAllValues => "ForAllValues:",
        }
    }
}

/// How one value is compared with those of the policy (rule P3; IAM documentation).
///
/// A negated comparison is true of a value that equals or matches none of them.
///
/// ```
/// use kms_alias_foresee::{Comparison, ConditionOperator};
///
/// for comparison in Comparison::ALL {
///     let operator: ConditionOperator = comparison.as_str().parse()?;
///     assert_eq!(operator.comparison(), *comparison);
/// }
/// assert!(Comparison::StringNotLike.is_negated());
/// # Ok::<(), kms_alias_foresee::ConditionFault>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// `StringEquals`: equal, `*` and `?` being no wildcards.
    StringEquals,
    /// `StringNotEquals`: the negation of `StringEquals`.
    StringNotEquals,
    /// `StringEqualsIgnoreCase`: equal but for the case of ASCII letters, of which alias names are.
    StringEqualsIgnoreCase,
    /// `StringNotEqualsIgnoreCase`: the negation of `StringEqualsIgnoreCase`.
    StringNotEqualsIgnoreCase,
    /// `StringLike`: matched by a pattern (rule P3).
    StringLike,
    /// `StringNotLike`: the negation of `StringLike`.
    StringNotLike,
    /// `Null`: whether the request has the key at all.
    Null,
}

impl Comparison {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::StringEquals,
        Self::StringNotEquals,
        Self::StringEqualsIgnoreCase,
        Self::StringNotEqualsIgnoreCase,
        Self::StringLike,
        Self::StringNotLike,
        Self::Null,
    ];

    /// The name as IAM writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StringEquals => "StringEquals",
            Self::StringNotEquals => "StringNotEquals",
            Self::StringEqualsIgnoreCase => "StringEqualsIgnoreCase",
            Self::StringNotEqualsIgnoreCase => "StringNotEqualsIgnoreCase",
            Self::StringLike => "StringLike",
            Self::StringNotLike => "StringNotLike",
            Self::Null => "Null",
        }
    }

    /// Whether it is true of what equals or matches no value of the policy.
    #[must_use]
    pub const fn is_negated(self) -> bool {
        matches!(
            self,
            Self::StringNotEquals | Self::StringNotEqualsIgnoreCase | Self::StringNotLike
        )
    }

    /// Whether the case of letters does not count.
    pub(super) const fn ignores_case(self) -> bool {
        matches!(
            self,
            Self::StringEqualsIgnoreCase | Self::StringNotEqualsIgnoreCase
        )
    }
}

/// What stands after an operator that is true where the request does not have the key.
const IF_EXISTS: &str = "IfExists";

/// A condition operator of IAM that compares alias names (rule P3; IAM documentation).
///
/// # Syntax
/// A [`Comparison`], before it `ForAnyValue:` or `ForAllValues:` if the values are many, after it
/// `IfExists` if a request without the key is to pass; `Null` stands alone. Case counts.
///
/// # Errors
/// - `NumericEquals`: it does not compare alias names
/// - `ForAnyValue:StringLikeIfExists`: what IAM makes of it is not documented (ours)
///
/// ```
/// use kms_alias_foresee::{Comparison, ConditionOperator, SetOperator};
///
/// let operator: ConditionOperator = "ForAllValues:StringNotLike".parse()?;
/// assert_eq!(operator.set_operator(), Some(SetOperator::ForAllValues));
/// assert_eq!(operator.comparison(), Comparison::StringNotLike);
/// assert_eq!(operator.to_string(), "ForAllValues:StringNotLike");
/// let operator: ConditionOperator = "StringEqualsIfExists".parse()?;
/// assert!(operator.is_if_exists());
/// # Ok::<(), kms_alias_foresee::ConditionFault>(())
/// ```
// INVARIANT: `Null` has neither set operator nor `IfExists`, `ForAnyValue` has no `IfExists`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionOperator {
    set_operator: Option<SetOperator>,
    comparison: Comparison,
    if_exists: bool,
}

impl ConditionOperator {
    /// Whether the values are compared as a set, and how.
    #[must_use]
    pub const fn set_operator(self) -> Option<SetOperator> {
        self.set_operator
    }

    /// How one value is compared.
    #[must_use]
    pub const fn comparison(self) -> Comparison {
        self.comparison
    }

    /// Whether a request without the key passes.
    #[must_use]
    pub const fn is_if_exists(self) -> bool {
        self.if_exists
    }
}

impl FromStr for ConditionOperator {
    type Err = ConditionFault;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let sets = [SetOperator::ForAnyValue, SetOperator::ForAllValues];
        let (set_operator, rest) = sets
            .iter()
            .find_map(|set| Some((Some(*set), text.strip_prefix(set.prefix())?)))
            .unwrap_or((None, text));
        let (rest, if_exists) = rest
            .strip_suffix(IF_EXISTS)
            .map_or((rest, false), |rest| (rest, true));
        let known = Comparison::ALL
            .iter()
            .find(|comparison| comparison.as_str() == rest);
        match known {
            None => Err(ConditionFault::UnknownOperator(text.into())),
            Some(Comparison::Null) if set_operator.is_some() || if_exists => {
                Err(ConditionFault::UnknownOperator(text.into()))
            }
            Some(_) if set_operator == Some(SetOperator::ForAnyValue) && if_exists => {
                Err(ConditionFault::AnyValueIfExists(text.into()))
            }
            Some(comparison) => Ok(Self {
                set_operator,
                comparison: *comparison,
                if_exists,
            }),
        }
    }
}

impl TryFrom<&str> for ConditionOperator {
    type Error = ConditionFault;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl fmt::Display for ConditionOperator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.set_operator.map_or("", SetOperator::prefix))?;
        f.write_str(self.comparison.as_str())?;
        f.write_str(if self.if_exists { IF_EXISTS } else { "" })
    }
}
