//! CreateKey: what the new key is, or why there can be no such key.

use super::fault::Fault;
use super::output;
use super::perform::Call;
use super::response::Response;
use crate::identifier::{KeyArn, KeyId};
use crate::key::{KeyMetadata, KeySpec, KeyUsage, Origin};

impl Call<'_, '_> {
    /// Makes a key of the 16 bytes that were handed in.
    pub(super) fn create_key(self) -> Result<Response, Fault> {
        let (spec, usage) = self.spec_and_usage()?;
        let origin = self.named("Origin").unwrap_or(Origin::AwsKms);
        let multi_region = self.request.boolean("MultiRegion");
        let key_id = new_key_id(self.new_key, multi_region);
        let key = KeyMetadata::builder(KeyArn::new(self.table.scope(), key_id))
            .spec(spec)
            .usage(usage)
            .origin(origin)
            .creation_date(self.at)
            .build()
            .map_err(Fault::ImpossibleKey)?;
        let answer = output::key(&key);
        self.table.insert_key(key).map_err(Fault::KeyNotNew)?;
        Ok(answer)
    }

    /// Rule M; a usage has to be named for all but symmetric encryption keys.
    fn spec_and_usage(&self) -> Result<(KeySpec, KeyUsage), Fault> {
        let spec = self
            .named("KeySpec")
            .or_else(|| self.named("CustomerMasterKeySpec"))
            .unwrap_or(KeySpec::SymmetricDefault);
        match self.named("KeyUsage") {
            Some(usage) => Ok((spec, usage)),
            None if spec == KeySpec::SymmetricDefault => Ok((spec, KeyUsage::EncryptDecrypt)),
            None => Err(Fault::KeyUsageMissing),
        }
    }

    /// A member that is one of a closed list of names.
    fn named<T: core::str::FromStr>(&self, member: &str) -> Option<T> {
        self.request.text(member)?.parse().ok()
    }
}

/// A key ID of random bytes: version and variant are those of a random UUID.
const fn new_key_id(bytes: [u8; 16], multi_region: bool) -> KeyId {
    const VERSION: u128 = 0x4 << 76;
    const VERSION_BITS: u128 = 0xf << 76;
    const VARIANT: u128 = 0b10 << 62;
    const VARIANT_BITS: u128 = 0b11 << 62;
    let random = u128::from_be_bytes(bytes) & !VERSION_BITS & !VARIANT_BITS;
    KeyId::new((random | VERSION | VARIANT).to_be_bytes(), multi_region)
}
