//! The story of tests/clients/README.md, by `aws-sdk-kms` for Rust.

#![expect(clippy::result_large_err, reason = "the error is the SDK's own")]

mod refusals;

use std::time::{Duration, SystemTime};

use aws_config::{BehaviorVersion, Region};
use aws_sdk_kms::primitives::DateTime;
use aws_sdk_kms::types::{AliasListEntry, KeySpec, KeyState, KeyUsageType};
use aws_sdk_kms::{Client, Error};
use refusals::Keys;

const REGION: &str = "eu-west-3";
const ELSEWHERE: &str = "eu-west-1";

fn names() -> Vec<String> {
    (0..25)
        .map(|number| format!("alias/client-{number:02}"))
        .collect()
}

/// A client of a Region. It needs no TLS, so it is given an HTTP client without.
async fn client(region: &'static str) -> Client {
    let http = aws_smithy_http_client::Builder::new().build_http();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .region(Region::new(region))
        .load()
        .await;
    Client::new(&config)
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let kms = client(REGION).await;
    let keys = create_keys(&kms).await?;
    create_aliases(&kms, &keys).await?;
    list_in_pages(&kms, &keys).await?;
    update_and_describe(&kms, &keys).await?;
    let refused = refusals::check(&kms, &keys).await;
    create_elsewhere().await?;
    delete(&kms).await?;
    println!("the story was lived, with {refused} refusals");
    Ok(())
}

async fn create_key(kms: &Client, spec: KeySpec, usage: KeyUsageType) -> Result<String, Error> {
    let answer = kms
        .create_key()
        .key_spec(spec)
        .key_usage(usage)
        .send()
        .await?;
    Ok(answer.key_metadata().expect("metadata").key_id().to_owned())
}

async fn create_keys(kms: &Client) -> Result<Keys, Error> {
    let mut keys = Keys::new();
    for (name, spec, usage) in [
        (
            "symmetric",
            KeySpec::SymmetricDefault,
            KeyUsageType::EncryptDecrypt,
        ),
        (
            "other",
            KeySpec::SymmetricDefault,
            KeyUsageType::EncryptDecrypt,
        ),
        (
            "full",
            KeySpec::SymmetricDefault,
            KeyUsageType::EncryptDecrypt,
        ),
        ("rsa", KeySpec::Rsa2048, KeyUsageType::EncryptDecrypt),
        ("signing", KeySpec::Rsa2048, KeyUsageType::SignVerify),
        (
            "disabled",
            KeySpec::SymmetricDefault,
            KeyUsageType::EncryptDecrypt,
        ),
        (
            "dying",
            KeySpec::SymmetricDefault,
            KeyUsageType::EncryptDecrypt,
        ),
    ] {
        keys.insert(name, create_key(kms, spec, usage).await?);
    }
    kms.disable_key().key_id(&keys["disabled"]).send().await?;
    let dying = kms
        .schedule_key_deletion()
        .key_id(&keys["dying"])
        .pending_window_in_days(7);
    let answer = dying.send().await?;
    assert_eq!(answer.key_state(), Some(&KeyState::PendingDeletion));
    is_near(
        answer.deletion_date(),
        SystemTime::now() + Duration::from_secs(7 * 86_400),
    );
    Ok(keys)
}

/// Within ten minutes.
#[track_caller]
fn is_near(found: Option<&DateTime>, expected: SystemTime) {
    let expected = DateTime::from(expected).secs();
    let found = found.expect("a date").secs();
    assert!(found.abs_diff(expected) < 600, "{found} is not {expected}");
}

async fn create_alias(kms: &Client, name: &str, key_id: &str) -> Result<(), Error> {
    kms.create_alias()
        .alias_name(name)
        .target_key_id(key_id)
        .send()
        .await?;
    Ok(())
}

async fn create_aliases(kms: &Client, keys: &Keys) -> Result<(), Error> {
    for name in names() {
        create_alias(kms, &name, &keys["symmetric"]).await?;
    }
    for number in 0..50 {
        create_alias(kms, &format!("alias/full-{number}"), &keys["full"]).await?;
    }
    create_alias(kms, "alias/disabled", &keys["disabled"]).await
}

/// The aliases, page by page.
async fn pages(
    kms: &Client,
    key_id: Option<&str>,
    limit: i32,
) -> Result<Vec<Vec<AliasListEntry>>, Error> {
    let request = kms
        .list_aliases()
        .set_key_id(key_id.map(str::to_owned))
        .limit(limit);
    let mut paginator = request.into_paginator().send();
    let mut pages = Vec::new();
    while let Some(page) = paginator.next().await {
        pages.push(page?.aliases().to_vec());
    }
    Ok(pages)
}

async fn list_in_pages(kms: &Client, keys: &Keys) -> Result<(), Error> {
    let found = pages(kms, Some(&keys["symmetric"]), 10).await?;
    assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
    let aliases = found.concat();
    let found: Vec<_> = aliases
        .iter()
        .filter_map(AliasListEntry::alias_name)
        .collect();
    assert_eq!(found, names());
    for alias in &aliases {
        assert_eq!(alias.target_key_id(), Some(keys["symmetric"].as_str()));
        is_near(alias.creation_date(), SystemTime::now());
    }
    let mut paginator = kms.list_keys().limit(4).into_paginator().send();
    let (mut lengths, mut found) = (Vec::new(), Vec::new());
    while let Some(page) = paginator.next().await {
        let page = page?;
        lengths.push(page.keys().len());
        found.extend(
            page.keys()
                .iter()
                .filter_map(|key| key.key_id().map(str::to_owned)),
        );
    }
    assert_eq!(lengths, [4, 3]);
    let mut created: Vec<_> = keys.values().cloned().collect();
    created.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, created);
    Ok(())
}

async fn update_and_describe(kms: &Client, keys: &Keys) -> Result<(), Error> {
    let (name, other) = (&names()[7], &keys["other"]);
    kms.update_alias()
        .alias_name(name)
        .target_key_id(other)
        .send()
        .await?;
    let aliases = pages(kms, Some(other), 50).await?.concat();
    assert_eq!(aliases.len(), 1);
    let alias = &aliases[0];
    assert_eq!(alias.alias_name(), Some(name.as_str()));
    assert!(alias.last_updated_date() >= alias.creation_date());
    for identifier in [name, alias.alias_arn().expect("an ARN"), other] {
        let answer = kms.describe_key().key_id(identifier).send().await?;
        let key = answer.key_metadata().expect("metadata");
        assert_eq!(
            (key.key_id(), key.key_state()),
            (other.as_str(), Some(&KeyState::Enabled))
        );
    }
    Ok(())
}

async fn create_elsewhere() -> Result<(), Error> {
    let kms = client(ELSEWHERE).await;
    assert!(pages(&kms, None, 50).await?.concat().is_empty());
    let answer = kms.create_key().multi_region(true).send().await?;
    let key_id = answer.key_metadata().expect("metadata").key_id();
    assert!(key_id.starts_with("mrk-"), "{key_id}");
    let name = &names()[0];
    create_alias(&kms, name, key_id).await?;
    let aliases = pages(&kms, None, 50).await?.concat();
    let arn = format!("arn:aws:kms:{ELSEWHERE}:123456789012:{name}");
    assert_eq!(
        aliases
            .iter()
            .map(AliasListEntry::alias_arn)
            .collect::<Vec<_>>(),
        [Some(arn.as_str())]
    );
    Ok(())
}

async fn delete(kms: &Client) -> Result<(), Error> {
    for alias in pages(kms, None, 100).await?.concat() {
        kms.delete_alias()
            .set_alias_name(alias.alias_name)
            .send()
            .await?;
    }
    assert!(pages(kms, None, 100).await?.concat().is_empty());
    let gone = kms.describe_key().key_id(&names()[0]).send().await;
    let error = gone.expect_err("the alias is gone").into_service_error();
    assert!(error.is_not_found_exception(), "{error:?}");
    Ok(())
}
