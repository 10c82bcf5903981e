//! Strategies for the property tests of those who embed this crate: `any::<AliasName>()` and so
//! on, for every type that a caller hands in.

use alloc::string::String;
use alloc::vec::Vec;

use proptest::arbitrary::{Arbitrary, any};
use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Strategy, prop_oneof};
use proptest::sample::select;

use super::values::*;

macro_rules! strategies {
    ($($chosen:ident)*; $($type:ty: $parts:ty => $make:expr;)*) => {
        $(strategies! { @ $chosen: select(Self::ALL) })*
        $(strategies! { @ $type: {
            let make: fn($parts) -> Option<Self> = $make;
            any::<$parts>().prop_filter_map("parts that do not fit together", make)
        } })*
    };
    (@ $type:ty: $strategy:expr) => {
        impl Arbitrary for $type {
            type Parameters = ();
            type Strategy = BoxedStrategy<Self>;

            fn arbitrary_with((): ()) -> Self::Strategy {
                ($strategy).boxed()
            }
        }
    };
}

described!(strategies);

/// Short names more often than long ones.
impl<const MOST: usize> Arbitrary for Tail<MOST> {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        let of_length = |most| vec(select(&NAME_BYTES[..]), 1..=most);
        prop_oneof![7 => of_length(12), 1 => of_length(MOST)]
            .prop_map(|bytes| Self(bytes.into_iter().map(char::from).collect()))
            .boxed()
    }
}

/// Without `std`, proptest has no strategy of its own for text of any characters.
impl Arbitrary for Text {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        vec(any::<char>(), 0..32)
            .prop_map(|text| Self(String::from_iter(text)))
            .boxed()
    }
}

/// Operations about what stands in a table: on names that are taken or free, on keys that are there
/// or not.
///
/// Of ten operations about seven are on aliases and three on keys. A name is one that stands in the
/// table three times out of four, a key nine times out of ten, so most operations reach the rules
/// about keys, and many are accepted. Failing cases shrink towards the first names and keys.
///
/// ```
/// use kms_alias::strategies::operation_on;
/// use kms_alias::{AliasTable, Timestamp};
/// use proptest::prelude::*;
///
/// proptest!(|(
///     (table, operation) in any::<AliasTable>()
///         .prop_flat_map(|table| (operation_on(&table), Just(table)).prop_map(|(a, b)| (b, a))),
/// )| {
///     let at = Timestamp::from_millis(0);
///     let foreseen = table.check(&operation, at);
///     prop_assert_eq!(table.clone().apply(&operation, at), foreseen);
/// });
/// ```
pub fn operation_on(table: &AliasTable) -> BoxedStrategy<Operation> {
    let names = table.iter().filter_map(|alias| alias.name().parse().ok());
    let keys = table.keys().map(|key| TargetKeyId::from(key.key_id()));
    let by_id = any::<KeyId>().prop_map(TargetKeyId::from).boxed();
    let parts = (
        one_of_or(names.collect(), 3, any::<AliasName>().boxed()),
        one_of_or(keys.collect(), 9, by_id),
        any::<OperationParts>(),
    );
    let (on_aliases, on_keys) = OPERATIONS.split_at(3);
    let make = prop_oneof![7 => select(on_aliases), 3 => select(on_keys)];
    (make, parts)
        .prop_map(|(make, (alias_name, key, rest))| {
            make(OperationParts {
                alias_name,
                key,
                ..rest
            })
        })
        .boxed()
}

/// One of these so many times as often as any other.
fn one_of_or<T: Clone + core::fmt::Debug + 'static>(
    these: Vec<T>,
    times: u32,
    other: BoxedStrategy<T>,
) -> BoxedStrategy<T> {
    if these.is_empty() {
        return other;
    }
    prop_oneof![times => select(these), 1 => other].boxed()
}
