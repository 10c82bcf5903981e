//! Valid values out of a fuzzer's bytes, for every type that a caller hands in.

use alloc::string::String;

use arbitrary::{Arbitrary, Error, Result, Unstructured};

use super::values::*;

macro_rules! arbitraries {
    ($($chosen:ident)*; $($type:ty: $parts:ty => $make:expr;)*) => {
        $(arbitraries! { @ $chosen: |u| u.choose(Self::ALL).copied() })*
        $(arbitraries! { @ $type: |u| {
            let make: fn($parts) -> Option<Self> = $make;
            make(<$parts>::arbitrary(u)?).ok_or(Error::IncorrectFormat)
        } })*
    };
    (@ $type:ty: |$u:ident| $value:expr) => {
        impl<'a> Arbitrary<'a> for $type {
            fn arbitrary($u: &mut Unstructured<'a>) -> Result<Self> {
                $value
            }
        }
    };
}

described!(arbitraries);

/// Short names more often than long ones.
impl<'a, const MOST: usize> Arbitrary<'a> for Tail<MOST> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let most = if u.ratio(7_u8, 8_u8)? { 12 } else { MOST };
        let length = u.int_in_range(1..=most)?;
        let characters = (0..length).map(|_| Ok(char::from(*u.choose(NAME_BYTES)?)));
        characters.collect::<Result<String>>().map(Self)
    }
}

impl<'a> Arbitrary<'a> for Text {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        u.arbitrary().map(Self)
    }
}
