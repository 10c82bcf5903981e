//! Who may use a key through its aliases: IAM's conditions on them, evaluated (rules P1–P5).
//!
//! Nothing here knows a table: it is given the aliases of a key, or what a change does to them.

mod condition;
mod condition_key;
mod conditions;
mod document;
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
pub(crate) mod from_parts;
mod invalid;
mod operator;
mod pattern;
mod values;

pub use condition::{AliasCondition, Standing};
pub use condition_key::ConditionKey;
pub use conditions::{AccessChange, AliasConditions, RequestedBy};
pub use document::ConditionsError;
pub use invalid::ConditionFault;
pub use operator::{Comparison, ConditionOperator, SetOperator};
pub use pattern::{AliasPattern, PatternError};
