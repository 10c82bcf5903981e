//! What the SDK listed and described, as a table that judges changes.

use aws_sdk_kms::types::AliasListEntry;
use kms_alias::{AliasTable, Operation, Snapshot, Timestamp};
use kms_alias_sdk::{Alias, Key, MemoryKms};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let scope = kms_alias::Scope::new(
        kms_alias::Region::from_static("eu-west-3"),
        kms_alias::AccountId::from_static("111122223333"),
    );
    let client = MemoryKms::new(AliasTable::new(scope)).client();
    let key = client.create_key().send().await?;
    let key = key.key_metadata().ok_or("no metadata")?;
    let create = client.create_alias().alias_name("alias/payments");
    create.target_key_id(key.key_id()).send().await?;

    let mut parts = Snapshot::new(scope);
    parts.keys.push(Key::try_from(key)?.0);
    for entry in client.list_aliases().send().await?.aliases() {
        let entry: &AliasListEntry = entry;
        parts.aliases.push(Alias::try_from(entry)?.entry);
    }
    let table = parts.into_table()?;
    let delete = Operation::DeleteAlias {
        alias_name: "alias/billing".parse()?,
    };
    let verdict = table.check(&delete, Timestamp::from_millis(1_700_000_000_000));
    println!("{}", verdict.err().ok_or("it would succeed")?);
    Ok(())
}
