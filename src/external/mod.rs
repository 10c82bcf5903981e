//! The traits of other crates, each in one file behind its feature: the domain stays plain.

#[cfg(feature = "arbitrary")]
mod arbitrary;
#[cfg(feature = "proptest")]
mod proptest;
#[cfg(doctest)]
mod readme;
#[cfg(feature = "serde")]
mod serde;

/// The bytes of rule A3.
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
const NAME_BYTES: &[u8; 65] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-";

/// What stands before and after a comparison in a condition operator; not all of it together.
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
const AROUND_COMPARISONS: &[(&str, &str)] = &[
    ("", ""),
    ("", "IfExists"),
    ("ForAnyValue:", ""),
    ("ForAllValues:", ""),
    ("ForAllValues:", "IfExists"),
];

/// The condition of some comparisons, if there is one: `Null` has a value of its own, and a key of
/// many values has a set operator.
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
fn condition(comparisons: alloc::vec::Vec<Compared>) -> Option<crate::access::AliasCondition> {
    use crate::access::{AliasCondition, Comparison};
    let mut all = None;
    for (key, operator, patterns) in comparisons {
        let is_null = operator.comparison() == Comparison::Null;
        let null = [if patterns.len() > 1 { "true" } else { "false" }];
        let patterns = patterns.iter().map(AsRef::as_ref).filter(|_| !is_null);
        let values = patterns.chain(null.into_iter().filter(|_| is_null));
        all = match all {
            None => AliasCondition::new(operator, key, values).ok(),
            Some(condition) => AliasCondition::and(condition, operator, key, values).ok(),
        };
    }
    all
}

/// A key, an operator, and patterns as values.
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
type Compared = (
    crate::access::ConditionKey,
    crate::access::ConditionOperator,
    alloc::vec::Vec<crate::access::AliasPattern>,
);

/// A Region of each partition, and more of the first.
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
const REGIONS: &[&str] = &[
    "us-east-1",
    "eu-west-3",
    "ap-southeast-2",
    "cn-north-1",
    "eusc-de-east-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "eu-isoe-west-1",
    "us-isof-south-1",
    "us-gov-west-1",
];
