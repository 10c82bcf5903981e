//! CreateKey: what the new key is, or why there can be no such key.
//!
//! A table has no custom key stores: one that is named is taken to be there (ours). Tags and
//! policy are checked and not kept. The quota of keys (rule Q) is not enforced (ours).

use alloc::vec::Vec;

use serde::de::IgnoredAny;

use super::fault::Fault;
use super::output;
use super::perform::Call;
use super::response::Response;
use super::validate::is_there;
use super::value::Value;
use kms_alias::Refusal;
use kms_alias::{KeyArn, KeyId};
use kms_alias::{KeyDetails, KeyMaterialId, KeyMetadata, KeySpec, KeyUsage, Origin};

/// The most tags that a key has.
const MOST_TAGS: usize = 50;

impl Call<'_, '_> {
    /// Makes a key of the 16 bytes that were handed in.
    pub(super) fn create_key(self) -> Result<Response, Fault> {
        let (spec, usage) = self.spec_and_usage()?;
        let origin = self.origin()?;
        self.check_policy()?;
        self.check_tags()?;
        let key_id = new_key_id(self.new_key, self.request.is_true("MultiRegion"));
        let key = KeyMetadata::builder(KeyArn::new(self.table.scope(), key_id))
            .spec(spec)
            .usage(usage)
            .origin(origin)
            .creation_date(self.at)
            .details(KeyDetails {
                description: self.request.text("Description").unwrap_or_default().into(),
                current_key_material_id: (spec == KeySpec::SymmetricDefault
                    && origin == Origin::AwsKms)
                    .then(|| new_key_material_id(self.new_key)),
                ..KeyDetails::default()
            })
            .build()
            .map_err(Fault::ImpossibleKey)?;
        let answer = output::key(&key);
        self.table.insert_key(key).map_err(Fault::KeyNotNew)?;
        Ok(answer)
    }

    /// A member that is one of a closed list of names.
    fn named<T: core::str::FromStr>(&self, member: &str) -> Option<T> {
        self.request.text(member)?.parse().ok()
    }

    /// Rule M: a usage has to be named for all but symmetric encryption keys.
    fn spec_and_usage(&self) -> Result<(KeySpec, KeyUsage), Fault> {
        let spec = match (self.named("KeySpec"), self.named("CustomerMasterKeySpec")) {
            (Some(_), Some(_)) => return Err(Fault::KeySpecTwice),
            (spec, old_name) => spec.or(old_name).unwrap_or(KeySpec::SymmetricDefault),
        };
        match self.named("KeyUsage") {
            Some(usage) => Ok((spec, usage)),
            None if spec == KeySpec::SymmetricDefault => Ok((spec, KeyUsage::EncryptDecrypt)),
            None => Err(Fault::KeyUsageMissing),
        }
    }

    /// The origin, with the members that go with it and no others.
    fn origin(&self) -> Result<Origin, Fault> {
        let origin = self.named("Origin").unwrap_or(Origin::AwsKms);
        let goes_with = |member, does| match does {
            true => Ok(is_there(&self.request, member).map_err(Refusal::Constraints)?),
            false if self.request.has(member) => Err(Fault::OtherOrigin { member, origin }),
            false => Ok(()),
        };
        goes_with("CustomKeyStoreId", origin.is_custom_key_store())?;
        goes_with("XksKeyId", origin == Origin::ExternalKeyStore)?;
        Ok(origin)
    }

    /// A policy is JSON; what it says is for IAM to judge.
    fn check_policy(&self) -> Result<(), Fault> {
        let Some(policy) = self.request.text("Policy") else {
            return Ok(());
        };
        let is_structure = policy.trim_start().starts_with('{');
        match serde_json::from_str::<IgnoredAny>(policy) {
            Ok(_) if is_structure => Ok(()),
            _ => Err(Fault::MalformedPolicy),
        }
    }

    /// Tags are few, each has its own key, and none is AWS's.
    fn check_tags(&self) -> Result<(), Fault> {
        let Value::List(tags) = self.request.value("Tags") else {
            return Ok(());
        };
        let mut keys: Vec<&str> = tags.iter().filter_map(tag_key).collect();
        keys.sort_unstable();
        if keys.iter().any(|key| is_reserved(key)) {
            Err(Fault::Tags("Tags beginning with aws: are reserved"))
        } else if keys.len() > MOST_TAGS {
            Err(Fault::Tags("Too many tags"))
        } else if keys.is_sorted_by(|a, b| a < b) {
            Ok(())
        } else {
            Err(Fault::Tags("Duplicate tag keys"))
        }
    }
}

/// Whether a tag key begins with `aws:` in any case (recorded).
fn is_reserved(key: &str) -> bool {
    key.get(..4)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
}

/// The first member of a tag.
fn tag_key<'a>(tag: &'a Value<'_>) -> Option<&'a str> {
    match tag {
        Value::Structure(members) => members.first().and_then(Value::text),
        _ => None,
    }
}

/// A key ID of random bytes: version and variant are those of a random UUID.
const fn new_key_id(bytes: [u8; 16], is_multi_region: bool) -> KeyId {
    const VERSION: u128 = 0x4 << 76;
    const VERSION_BITS: u128 = 0xf << 76;
    const VARIANT: u128 = 0b10 << 62;
    const VARIANT_BITS: u128 = 0b11 << 62;
    let random = u128::from_be_bytes(bytes) & !VERSION_BITS & !VARIANT_BITS;
    KeyId::new((random | VERSION | VARIANT).to_be_bytes(), is_multi_region)
}

/// The ID of the first key material (ours): the random bytes, and then their complement.
fn new_key_material_id(bytes: [u8; 16]) -> KeyMaterialId {
    let mut id = [0; 32];
    let (first, second) = id.split_at_mut(16);
    first.copy_from_slice(&bytes);
    second.copy_from_slice(&bytes.map(|byte| !byte));
    KeyMaterialId::new(id)
}
