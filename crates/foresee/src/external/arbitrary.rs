//! Valid values out of a fuzzer's bytes.

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use kms_alias::{AnyAliasName, TargetKeyId};

use crate::access::from_parts::{AROUND_COMPARISONS, condition};
use crate::access::{AliasCondition, AliasPattern, Comparison, ConditionKey, ConditionOperator};
use crate::impact::KeyAliases;
use crate::plan::{PlanOptions, ThirdKey, Unmentioned, Wanted};

/// What the bytes hold, or the error that they hold no such value.
fn valid<T, E>(value: core::result::Result<T, E>) -> Result<T> {
    value.map_err(|_| Error::IncorrectFormat)
}

impl<'a> Arbitrary<'a> for ConditionKey {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.choose(Self::ALL).copied()
    }
}

impl<'a> Arbitrary<'a> for AliasPattern {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut pattern = String::from(*u.choose(&["alias/", ""])?);
        for _ in 0..u.int_in_range(0..=16)? {
            pattern.push(char::from(*u.choose(b"**??abz/-_A0")?));
        }
        valid(pattern.parse())
    }
}

impl<'a> Arbitrary<'a> for ConditionOperator {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (before, after) = u.choose(AROUND_COMPARISONS)?;
        let comparison = u.choose(Comparison::ALL)?.as_str();
        valid(format!("{before}{comparison}{after}").parse())
    }
}

impl<'a> Arbitrary<'a> for AliasCondition {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut comparisons = Vec::new();
        for _ in 0..u.int_in_range(1..=3)? {
            let mut patterns = Vec::new();
            for _ in 0..u.int_in_range(1..=3)? {
                patterns.push(u.arbitrary()?);
            }
            comparisons.push((u.arbitrary()?, u.arbitrary()?, patterns));
        }
        condition(comparisons).ok_or(Error::IncorrectFormat)
    }
}

impl<'a> Arbitrary<'a> for KeyAliases {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut names: Vec<AnyAliasName> = Vec::new();
        for _ in 0..u.int_in_range(0..=8)? {
            names.push(u.arbitrary()?);
        }
        Ok(Self::new(names, u.int_in_range(0..=60)?))
    }
}

impl<'a> Arbitrary<'a> for Wanted {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut wanted = Self::new();
        for _ in 0..u.int_in_range(0..=12)? {
            wanted.insert(AnyAliasName::arbitrary(u)?, TargetKeyId::arbitrary(u)?);
        }
        Ok(wanted)
    }
}

impl<'a> Arbitrary<'a> for Unmentioned {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.choose(&[Self::Stay, Self::Go]).copied()
    }
}

impl<'a> Arbitrary<'a> for ThirdKey {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=2)? {
            0 => Self::No,
            1 => Self::Any,
            _ => Self::This(u.arbitrary()?),
        })
    }
}

impl<'a> Arbitrary<'a> for PlanOptions {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let options = Self::default().with_unmentioned(u.arbitrary()?);
        Ok(options.with_third_key(u.arbitrary()?))
    }
}
