//! The integration tests, in one binary.

mod conversions;
mod judge;
mod memory;

use kms_alias::{
    AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, KeySpec, KeyState, KeyUsage,
    Region, Scope, Timestamp,
};

const OLD: KeyId = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
const NEW: KeyId = KeyId::from_static("0987dcba-09fe-87dc-65ba-ab0987654321");
const SIGNING: KeyId = KeyId::from_static("11111111-12ab-34cd-56ef-1234567890ab");
const DYING: KeyId = KeyId::from_static("22222222-12ab-34cd-56ef-1234567890ab");

fn scope() -> Scope {
    Scope::new(
        Region::from_static("eu-west-3"),
        AccountId::from_static("111122223333"),
    )
}

/// Four keys, and `alias/app` on the first.
fn table() -> AliasTable {
    let mut table = AliasTable::new(scope());
    let key = |key_id| KeyMetadata::builder(KeyArn::new(scope(), key_id));
    for key in [
        key(OLD),
        key(NEW),
        key(SIGNING)
            .spec(KeySpec::Rsa2048)
            .usage(KeyUsage::SignVerify),
        key(DYING).state(KeyState::PendingDeletion),
    ] {
        table.insert_key(key.build().expect("a key")).expect("new");
    }
    let at = Timestamp::from_millis(1_700_000_000_000);
    let created = table.create_alias(AliasName::from_static("alias/app"), OLD, at);
    created.expect("it is free");
    table
}
