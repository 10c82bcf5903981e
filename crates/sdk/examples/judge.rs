//! A change that KMS would refuse is refused before it is sent.

use aws_sdk_kms::Client;
use kms_alias::{AliasTable, KeyArn, KeyMetadata, KeyState};
use kms_alias_sdk::{AliasJudge, MemoryKms, Refused};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arn: KeyArn =
        "arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab".parse()?;
    let dying = KeyMetadata::builder(arn).state(KeyState::PendingDeletion);
    let mut known = AliasTable::new(arn.scope());
    known.insert_key(dying.build()?)?;

    // In production the configuration comes from `aws_config`.
    let config = MemoryKms::new(AliasTable::new(arn.scope())).config();
    let client = Client::from_conf(config.interceptor(AliasJudge::new(known)).build());
    let create = client.create_alias().alias_name("alias/payments");
    let error = create.target_key_id(arn.to_string()).send().await;
    if let Err(error) = &error {
        println!("not sent: {}", Refused::of(error).ok_or("it was sent")?);
    }
    Ok(())
}
