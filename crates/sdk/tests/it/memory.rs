//! The SDK's client, answered from memory.

use std::time::{Duration, UNIX_EPOCH};

use aws_sdk_kms::config::SharedHttpClient;
use aws_sdk_kms::error::ProvideErrorMetadata;
use aws_sdk_kms::operation::update_alias::UpdateAliasError;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::KeySpec;
use aws_smithy_runtime_api::client::http::HttpClient;
use kms_alias_sdk::MemoryKms;

use super::{DYING, NEW, OLD, SIGNING, table};

#[tokio::test]
async fn an_alias_lives_from_create_to_delete() {
    let kms = MemoryKms::new(table());
    let client = kms.client();
    let create = client.create_alias().target_key_id(OLD.to_string());
    create.alias_name("alias/b").send().await.expect("created");
    let update = client.update_alias().target_key_id(NEW.to_string());
    update.alias_name("alias/b").send().await.expect("updated");
    let described = client.describe_key().key_id("alias/b").send().await;
    let described = described.expect("described");
    assert_eq!(
        described.key_metadata().map(|key| key.key_id()),
        Some(&*NEW.to_string())
    );
    let pages = client
        .list_aliases()
        .into_paginator()
        .page_size(1)
        .items()
        .send();
    let names: Vec<_> = pages.collect::<Result<Vec<_>, _>>().await.expect("pages");
    let names: Vec<_> = names
        .iter()
        .filter_map(|alias| alias.alias_name())
        .collect();
    assert_eq!(names, ["alias/app", "alias/b"]);
    client
        .delete_alias()
        .alias_name("alias/b")
        .send()
        .await
        .expect("deleted");
    assert_eq!(kms.table().len(), 1);
}

/// Rules U4, T5, U1, T1.
#[tokio::test]
async fn every_refusal_is_of_its_own_type() {
    let client = MemoryKms::new(table()).client();
    let update = async |name: &str, target: &str| {
        let call = client.update_alias().alias_name(name).target_key_id(target);
        call.send().await.expect_err("refused").into_service_error()
    };
    let dying = update("alias/app", &DYING.to_string()).await;
    assert!(
        matches!(dying, UpdateAliasError::KmsInvalidStateException(_)),
        "{dying:?}"
    );
    let missing = update("alias/nowhere", &NEW.to_string()).await;
    assert!(missing.is_not_found_exception());
    assert_eq!(
        missing.message(),
        Some("Alias arn:aws:kms:eu-west-3:111122223333:alias/nowhere is not found.")
    );
    let usage = update("alias/app", &SIGNING.to_string()).await;
    assert_eq!(usage.code(), Some("ValidationException"));
    let reserved = client
        .create_alias()
        .alias_name("alias/aws/b")
        .target_key_id(OLD.to_string());
    let reserved = reserved
        .send()
        .await
        .expect_err("refused")
        .into_service_error();
    assert!(reserved.is_invalid_alias_name_exception(), "{reserved:?}");
    let sign = client
        .encrypt()
        .key_id(SIGNING.to_string())
        .plaintext(Blob::new("hello"));
    let sign = sign.send().await.expect_err("refused").into_service_error();
    assert!(sign.is_invalid_key_usage_exception(), "{sign:?}");
}

#[tokio::test]
async fn clients_share_a_table_and_a_test_sets_the_time() {
    let kms = MemoryKms::new(table());
    let at = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let time = aws_smithy_async::time::StaticTimeSource::new(at);
    let config = kms.config().time_source(time).build();
    let client = aws_sdk_kms::Client::from_conf(config);
    let key = client
        .create_key()
        .key_spec(KeySpec::EccNistP256)
        .key_usage(aws_sdk_kms::types::KeyUsageType::SignVerify);
    let key = key.send().await.expect("created");
    let key = key.key_metadata().expect("metadata").clone();
    assert_eq!(
        key.creation_date().map(|date| date.secs()),
        Some(1_800_000_000)
    );
    let other = kms
        .client()
        .describe_key()
        .key_id(key.key_id())
        .send()
        .await;
    assert_eq!(other.expect("described").key_metadata(), Some(&key));
}

#[test]
fn it_is_an_http_client_for_any_configuration() {
    fn is_http_client(_: impl HttpClient + Clone + 'static) {}
    let kms = MemoryKms::new(table());
    is_http_client(kms.clone());
    let _shared = SharedHttpClient::new(kms.clone());
    assert_eq!(
        format!("{kms:?}"),
        "MemoryKms { scope: Scope(\"arn:aws:kms:eu-west-3:111122223333\"), aliases: 1, keys: 4 }"
    );
}
