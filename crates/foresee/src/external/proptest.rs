//! Strategies for the property tests of those who embed this crate.

use kms_alias::{AnyAliasName, KeyId, TargetKeyId};
use proptest::arbitrary::{Arbitrary, any};
use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, prop_oneof};
use proptest::sample::select;

use crate::access::from_parts::{AROUND_COMPARISONS, condition};
use crate::access::{AliasCondition, AliasPattern, Comparison, ConditionKey, ConditionOperator};
use crate::impact::KeyAliases;
use crate::plan::{PlanOptions, ThirdKey, Unmentioned, Wanted};

/// Text of these bytes, so many of them.
fn text(
    bytes: &'static [u8],
    count: impl Into<proptest::collection::SizeRange>,
) -> BoxedStrategy<String> {
    let text = |bytes: Vec<u8>| bytes.into_iter().map(char::from).collect();
    vec(select(bytes), count).prop_map(text).boxed()
}

/// The strategy of a type, in one place.
macro_rules! strategies {
    ($($type:ty => $strategy:expr;)*) => {
        $(
            impl Arbitrary for $type {
                type Parameters = ();
                type Strategy = BoxedStrategy<Self>;

                fn arbitrary_with((): ()) -> Self::Strategy {
                    ($strategy).boxed()
                }
            }
        )*
    };
}

strategies! {
    AliasPattern => (select(&["alias/", ""]), text(b"**??abz/-_A0", 0..=16))
        .prop_filter_map("not a pattern", |(prefix, tail)| format!("{prefix}{tail}").parse().ok());
    ConditionKey => select(Self::ALL);
    ConditionOperator => (select(AROUND_COMPARISONS), select(Comparison::ALL)).prop_filter_map(
        "`Null` stands alone",
        |((before, after), comparison)| {
            format!("{before}{}{after}", comparison.as_str()).parse().ok()
        },
    );
    AliasCondition => vec(
        (any::<ConditionKey>(), any::<ConditionOperator>(), vec(any::<AliasPattern>(), 1..4)),
        1..4,
    )
        .prop_filter_map("a set operator is missing", condition);
    KeyAliases => (vec(any::<AnyAliasName>(), 0..8), 0..60_u32)
        .prop_map(|(names, quota)| Self::new(names, quota));
    Wanted => vec(any::<(AnyAliasName, TargetKeyId)>(), 0..12).prop_map(Self::from_iter);
    Unmentioned => prop_oneof![Just(Self::Stay), Just(Self::Go)];
    ThirdKey => prop_oneof![
        Just(Self::No),
        Just(Self::Any),
        any::<KeyId>().prop_map(Self::This),
    ];
    PlanOptions => any::<(Unmentioned, ThirdKey)>().prop_map(|(unmentioned, third_key)| {
        Self::default().with_unmentioned(unmentioned).with_third_key(third_key)
    });
}
