//! Serialization: identifiers and names as their text, a table as its parts; all of it validated.

use alloc::string::ToString;
use core::fmt;
use core::marker::PhantomData;
use core::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::identifier::{
    AccountId, AliasArn, AliasName, AnyAliasName, AwsAliasName, KeyArn, KeyId, KeyIdentifier,
    Partition, Region, Scope, TargetKeyId,
};
use crate::key::{
    Exception, KeyManager, KeyMaterialId, KeyMetadata, KeyMetadataBuilder, KeySpec, KeyState,
    KeyType, KeyUsage, KmsOperation, Origin, ReturnsTo,
};
use crate::operation::Refusal;
use crate::rule::Rule;
use crate::table::{AliasTable, Snapshot};

/// Takes a string and parses it.
struct Text<T>(PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! as_text {
    ($method:ident($this:ident => $text:expr): $($type:ident)*) => {
        $(
            impl Serialize for $type {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let $this = self;
                    serializer.$method($text)
                }
            }

            impl<'de> Deserialize<'de> for $type {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    deserializer.deserialize_str(Text(PhantomData))
                }
            }
        )*
    };
}

as_text! {
    collect_str(text => text): AliasArn KeyArn KeyId KeyIdentifier KeyMaterialId Scope TargetKeyId
}

as_text! {
    serialize_str(name => name.as_ref()):
    AccountId AliasName AnyAliasName AwsAliasName Exception KeyManager KeySpec KeyState KeyType
    KeyUsage KmsOperation Origin Partition Region ReturnsTo
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.number())
    }
}

/// As `{"exception": …, "message": …, "rule": …}`; the exception is null where there is none.
impl Serialize for Refusal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut refusal = serializer.serialize_struct("Refusal", 3)?;
        refusal.serialize_field("exception", &self.kind())?;
        refusal.serialize_field("message", &self.to_string())?;
        refusal.serialize_field("rule", &self.rule())?;
        refusal.end()
    }
}

impl Serialize for KeyMetadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for KeyMetadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = KeyMetadataBuilder::deserialize(deserializer)?;
        fields.build().map_err(D::Error::custom)
    }
}

impl Serialize for AliasTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.snapshot().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for AliasTable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parts = Snapshot::deserialize(deserializer)?;
        // A custom error has no source, so it says the whole chain.
        parts
            .into_table()
            .map_err(|error| D::Error::custom(format_args!("{error}: {}", error.cause)))
    }
}
