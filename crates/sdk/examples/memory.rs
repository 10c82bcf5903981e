//! Code that uses the SDK, tested without a socket.

use aws_sdk_kms::Client;
use kms_alias::{AccountId, AliasTable, Region, Scope};
use kms_alias_sdk::MemoryKms;

/// The code under test: moves an alias to a new key.
#[expect(clippy::result_large_err, reason = "the error is the SDK's own")]
async fn rotate(kms: &Client, alias_name: &str) -> Result<(), aws_sdk_kms::Error> {
    let key = kms.create_key().send().await?;
    let key_id = key.key_metadata().map_or("", |key| key.key_id());
    let update = kms.update_alias().alias_name(alias_name);
    update.target_key_id(key_id).send().await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let scope = Scope::new(
        Region::from_static("eu-west-3"),
        AccountId::from_static("111122223333"),
    );
    let kms = MemoryKms::new(AliasTable::new(scope));
    match rotate(&kms.client(), "alias/payments").await {
        Err(aws_sdk_kms::Error::NotFoundException(refused)) => println!("refused: {refused}"),
        other => println!("{other:?}"),
    }
    println!("{kms:?}");
}
