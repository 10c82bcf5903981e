//! CreateKey: what the new key is, or why there can be no such key.
//!
//! A table has no custom key stores: one that is named is taken to be there (ours). The quota of keys (rule Q) is not enforced (ours).

use super::fault::Fault;
use super::output;
use super::perform::Call;
use super::response::Response;
use super::validate::is_there;
use kms_alias::Refusal;
use kms_alias::{AwsAliasName, KeyArn, KeyId, KeyIdentifier, KeyManager};
use kms_alias::{KeyDetails, KeyMaterialId, KeyMetadata, KeySpec, KeyUsage, Origin};

impl Call<'_, '_> {
    /// Makes a key of the 16 bytes that were handed in.
    pub(super) fn create_key(self) -> Result<Response, Fault> {
        let (spec, usage) = self.spec_and_usage()?;
        let origin = self.origin()?;
        let (policy, tags) = (self.policy()?, self.tags()?);
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
                tags,
                policy,
                ..KeyDetails::default()
            })
            .build()?;
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
            None => Err(Refusal::KeyUsageMissing.into()),
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

impl Call<'_, '_> {
    /// An alias of AWS's own that has no key yet, and the key that DescribeKey makes for it (rule L5).
    pub(super) fn predefined(&self, identifier: &KeyIdentifier) -> Option<AwsAliasName> {
        let alias = self.table.get(identifier.alias_name()?)?;
        if alias.target_key_id().is_some() {
            return None;
        }
        alias.to_name().try_into().ok()
    }

    /// Makes the key of an alias of AWS's own: its dates are those of the first use (ours).
    pub(super) fn make_predefined(self, name: AwsAliasName) -> Result<Response, Fault> {
        let key_id = new_key_id(self.new_key, false);
        let details = KeyDetails {
            current_key_material_id: Some(new_key_material_id(self.new_key)),
            ..KeyDetails::default()
        };
        let key = KeyMetadata::builder(KeyArn::new(self.table.scope(), key_id))
            .manager(KeyManager::Aws)
            .creation_date(self.at)
            .details(details)
            .build()?;
        let answer = output::key(&key);
        let inserted = self.table.insert_key(key).map_err(Fault::KeyNotNew)?;
        if let Err(error) = self.table.put_aws_alias(name, key_id, self.at) {
            let undone = self.table.undo(&inserted);
            debug_assert_eq!(undone, Ok(()), "what was just done is undone");
            return Err(Fault::KeyNotNew(error));
        }
        Ok(answer)
    }
}
