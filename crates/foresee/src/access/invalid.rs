//! What is wrong with a condition: what cannot be interpreted is refused, and never without effect.

use alloc::boxed::Box;

use super::condition_key::ConditionKey;
use super::pattern::PatternError;
use kms_alias::Rule;

/// Why a condition is not one that can be evaluated (rules P1, P2, P3).
///
/// Each of these says that something would be left out of the answer; none is passed over.
///
/// ```
/// use kms_alias::Rule;
/// use kms_alias_foresee::ConditionFault;
/// use kms_alias_foresee::{AliasCondition, ConditionKey};
///
/// // A key of many values needs `ForAnyValue:` or `ForAllValues:`.
/// let operator = "StringLike".parse()?;
/// let fault = AliasCondition::new(operator, ConditionKey::ResourceAliases, ["alias/*"]).unwrap_err();
/// assert_eq!(fault, ConditionFault::SetOperatorMissing(ConditionKey::ResourceAliases));
/// assert_eq!(fault.rule(), Some(Rule::P2));
/// # Ok::<(), ConditionFault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ConditionFault {
    /// A text that is not JSON, or something of another type than IAM has there.
    #[error("{0}")]
    Json(Box<str>),
    /// No condition at all.
    #[error(
        "no condition is there: expected an object of names, each with the Condition element of a \
         policy, such as {{\"readers\": {{\"ForAnyValue:StringLike\": {{\"kms:ResourceAliases\": \
         \"alias/prod-*\"}}}}}}"
    )]
    NoConditions,
    /// A condition without an operator, or an operator without a key.
    #[error("nothing is compared: a condition has at least one operator, key and value")]
    Empty,
    /// A name, an operator or a key that is there twice, so that one of them would be lost.
    #[error("`{0}` is there twice")]
    Duplicate(Box<str>),
    /// P3: an operator that does not compare alias names.
    #[error(
        "`{0}` is not interpreted: expected StringEquals, StringNotEquals, StringEqualsIgnoreCase, \
         StringNotEqualsIgnoreCase, StringLike or StringNotLike, with ForAnyValue: or ForAllValues: \
         before it or IfExists after it, or Null"
    )]
    UnknownOperator(Box<str>),
    /// `ForAnyValue:` and `IfExists` together.
    #[error(
        "`{0}` is not interpreted: whether IfExists has an effect after ForAnyValue: is not \
         documented, and there is evidence for both"
    )]
    AnyValueIfExists(Box<str>),
    /// P1, P2: a condition key about something else than aliases.
    #[error(
        "`{0}` is not interpreted: this is about kms:RequestAlias and kms:ResourceAliases alone, and \
         whether the rest of the condition holds is not known here"
    )]
    UnknownKey(Box<str>),
    /// P2: a key of many values, compared as if it had one.
    #[error(
        "{0} holds many values: say ForAnyValue: or ForAllValues: before the operator, without \
         which IAM does not match it as meant"
    )]
    SetOperatorMissing(ConditionKey),
    /// No value to compare with.
    #[error("no value is there to compare with")]
    NoValues,
    /// P3: a policy variable.
    #[error("{0}")]
    Variable(PatternError),
    /// A value of `Null` that is neither true nor false, or more than one.
    #[error("Null takes one value, `true` or `false`")]
    NullValue,
}

impl ConditionFault {
    /// The rule that says so; none for a fault of form.
    #[must_use]
    pub const fn rule(&self) -> Option<Rule> {
        match self {
            Self::Variable(_) | Self::UnknownOperator(_) => Some(Rule::P3),
            Self::SetOperatorMissing(_) => Some(Rule::P2),
            Self::Json(_)
            | Self::NoConditions
            | Self::Empty
            | Self::Duplicate(_)
            | Self::AnyValueIfExists(_)
            | Self::UnknownKey(_)
            | Self::NoValues
            | Self::NullValue => None,
        }
    }
}
