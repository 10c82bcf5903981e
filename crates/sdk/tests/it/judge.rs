//! The judge before requests are sent.

use aws_sdk_kms::Client;
use kms_alias_sdk::{AliasJudge, MemoryKms, Refused};

use super::{DYING, NEW, OLD, table};

fn judged() -> (Client, MemoryKms, AliasJudge) {
    let (kms, judge) = (MemoryKms::new(table()), AliasJudge::new(table()));
    let config = kms.config().interceptor(judge.clone()).build();
    (Client::from_conf(config), kms, judge)
}

/// Rules T5, A6, A1.
#[tokio::test]
async fn what_kms_would_refuse_is_not_sent() {
    let (client, kms, judge) = judged();
    // Whatever reaches this KMS would be taken.
    *kms.table() = table().with_aliases_per_key(1_000);
    let update = client.update_alias().alias_name("alias/app");
    let update = update.target_key_id(DYING.to_string()).send().await;
    let error = update.expect_err("refused");
    let refused = Refused::of(&error).expect("by the judge");
    assert_eq!(refused.exception(), "KMSInvalidStateException");
    assert_eq!(
        refused.message(),
        format!("arn:aws:kms:eu-west-3:111122223333:key/{DYING} is pending deletion.")
    );
    for (name, exception) in [
        ("alias/app", "AlreadyExistsException"),
        ("b", "ValidationException"),
    ] {
        let create = client.create_alias().alias_name(name);
        let create = create.target_key_id(OLD.to_string()).send().await;
        let error = create.expect_err("refused");
        assert_eq!(Refused::of(&error).map(Refused::exception), Some(exception));
    }
    assert_eq!(
        *kms.table(),
        table().with_aliases_per_key(1_000),
        "nothing got there"
    );
    assert_eq!(*judge.table(), table());
}

#[tokio::test]
async fn what_succeeds_is_followed_and_what_kms_refuses_is_not() {
    let (client, kms, judge) = judged();
    let create = |name: &str| {
        client
            .create_alias()
            .alias_name(name)
            .target_key_id(NEW.to_string())
    };
    create("alias/b").send().await.expect("created");
    assert_eq!(judge.table().len(), 2);
    let again = create("alias/b").send().await.expect_err("refused");
    assert!(Refused::of(&again).is_some());
    // The judge does not know of it: KMS answers.
    let mut theirs = table();
    let name = kms_alias::AliasName::from_static("alias/theirs");
    let at = kms_alias::Timestamp::from_millis(0);
    theirs.create_alias(name, OLD, at).expect("it is free");
    *kms.table() = theirs;
    let taken = create("alias/theirs").send().await.expect_err("refused");
    assert!(Refused::of(&taken).is_none());
    assert!(taken.into_service_error().is_already_exists_exception());
    assert!(judge.table().get("alias/theirs").is_none());
}

#[tokio::test]
async fn other_operations_are_none_of_its() {
    let (client, ..) = judged();
    client.create_key().send().await.expect("created");
    let missing = client.describe_key().key_id("alias/nowhere").send().await;
    assert!(Refused::of(&missing.expect_err("refused")).is_none());
}
