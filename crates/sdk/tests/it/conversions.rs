//! The SDK's types and ours, both ways.

use aws_sdk_kms::primitives::DateTime;
use aws_sdk_kms::types::{AliasListEntry, KeyMetadata as SdkKey};
use kms_alias::{
    KeyArn, KeyId, KeyManager, KeyMetadata, KeySpec, KeyStatus, MultiRegionRole, Origin, Timestamp,
};
use kms_alias_sdk::{Alias, InvalidAlias, Key};

use super::{OLD, scope, table};

const ARN: &str = "arn:aws:kms:eu-west-3:111122223333:alias/app";

fn entry() -> aws_sdk_kms::types::builders::AliasListEntryBuilder {
    AliasListEntry::builder()
        .alias_name("alias/app")
        .alias_arn(ARN)
}

#[test]
fn an_alias_is_the_same_there_and_back() {
    for listed in [
        entry().build(),
        entry()
            .target_key_id(OLD.to_string())
            .creation_date(DateTime::from_millis(1_700_000_000_250))
            .last_updated_date(DateTime::from_secs(-1))
            .build(),
        AliasListEntry::builder()
            .alias_name("alias/aws/s3")
            .alias_arn("arn:aws-cn:kms:cn-north-1:111122223333:alias/aws/s3")
            .build(),
    ] {
        let alias = Alias::try_from(&listed).expect("an alias");
        assert_eq!(AliasListEntry::from(&alias), listed);
    }
}

/// Rules A1, A7, K1.
#[test]
fn what_is_no_alias_is_told_by_member() {
    let of = |entry: AliasListEntry| Alias::try_from(&entry).unwrap_err().to_string();
    assert_eq!(
        of(AliasListEntry::builder().build()),
        "`AliasArn` is missing"
    );
    assert_eq!(
        of(AliasListEntry::builder().alias_arn(ARN).build()),
        "`AliasName` is missing"
    );
    assert_eq!(
        of(entry().alias_name("app").build()),
        "`AliasName` is not valid"
    );
    assert_eq!(
        of(entry().target_key_id("app").build()),
        "`TargetKeyId` is not valid"
    );
    let other = Alias::try_from(&entry().alias_name("alias/b").build());
    assert!(matches!(other, Err(InvalidAlias::OtherName { .. })));
}

#[test]
fn a_key_is_the_same_there_and_back() {
    let arn = |key_id| KeyArn::new(scope(), key_id);
    let at = Timestamp::from_millis(1_700_000_000_250);
    let multi_region = KeyId::from_static("mrk-1234abcd12ab34cd56ef1234567890ab");
    let deleted = KeyStatus::PendingDeletion {
        deletion_date: Some(at),
    };
    let mut keys: Vec<KeyMetadata> = table().keys().cloned().collect();
    for builder in [
        KeyMetadata::builder(arn(OLD))
            .creation_date(at)
            .status(deleted),
        KeyMetadata::builder(arn(OLD)).manager(KeyManager::Aws),
        KeyMetadata::builder(arn(OLD)).origin(Origin::External),
        KeyMetadata::builder(arn(OLD)).origin(Origin::AwsCloudhsm),
        KeyMetadata::builder(arn(multi_region))
            .spec(KeySpec::Hmac256)
            .usage(kms_alias::KeyUsage::GenerateVerifyMac)
            .multi_region_role(MultiRegionRole::Replica),
        KeyMetadata::builder(arn(multi_region))
            .multi_region_role(MultiRegionRole::Primary { replicas: 2 }),
    ] {
        keys.push(builder.build().expect("a key"));
    }
    for key in keys {
        let described = SdkKey::try_from(&Key(key.clone())).expect("it is described");
        assert_eq!(described.arn(), Some(key.arn().to_string().as_str()));
        let Key(back) = Key::try_from(&described).expect("a key");
        let facts = |key: &KeyMetadata| {
            let what = (
                key.arn(),
                key.spec(),
                key.usage(),
                key.origin(),
                key.manager(),
            );
            let then = (key.status(), key.multi_region_role(), key.creation_date());
            (what, then)
        };
        assert_eq!(facts(&back), facts(&key), "{described:?}");
        // What a description adds, such as the primary's Region, is there from then on.
        let again = SdkKey::try_from(&Key(back.clone())).expect("it is described");
        assert_eq!(again, described);
        assert_eq!(Key::try_from(&again).expect("a key"), Key(back));
    }
}

#[test]
fn a_key_that_is_not_described_is_none() {
    let described = SdkKey::builder().key_id(OLD.to_string()).build();
    let error = Key::try_from(&described.expect("built")).unwrap_err();
    assert!(error.to_string().contains("is missing"), "{error}");
}
