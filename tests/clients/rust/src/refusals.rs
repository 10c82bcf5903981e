//! Each of `refusals.json` comes out of the SDK as its own error.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::{Client, Error};
use serde_json::Value;

/// The story's keys, by its names for them.
pub type Keys = BTreeMap<&'static str, String>;

/// Errors that the SDK has a type for at the operations that meet them here.
const TYPED: &[(&str, &str)] = &[
    ("CreateAlias", "AlreadyExistsException"),
    ("CreateAlias", "InvalidAliasNameException"),
    ("CreateAlias", "LimitExceededException"),
    ("UpdateAlias", "NotFoundException"),
    ("UpdateAlias", "KMSInvalidStateException"),
    ("DeleteAlias", "NotFoundException"),
    ("ListAliases", "InvalidMarkerException"),
    ("DescribeKey", "InvalidArnException"),
    ("DescribeKey", "NotFoundException"),
    ("EnableKey", "InvalidArnException"),
    ("EnableKey", "KMSInvalidStateException"),
    ("Encrypt", "DisabledException"),
    ("Encrypt", "InvalidKeyUsageException"),
];

/// The name of the type that an error is of; none if the SDK has no type for it.
fn type_name(error: &Error) -> Option<&'static str> {
    Some(match error {
        Error::AlreadyExistsException(_) => "AlreadyExistsException",
        Error::DisabledException(_) => "DisabledException",
        Error::InvalidAliasNameException(_) => "InvalidAliasNameException",
        Error::InvalidArnException(_) => "InvalidArnException",
        Error::InvalidKeyUsageException(_) => "InvalidKeyUsageException",
        Error::InvalidMarkerException(_) => "InvalidMarkerException",
        Error::KmsInvalidStateException(_) => "KMSInvalidStateException",
        Error::LimitExceededException(_) => "LimitExceededException",
        Error::NotFoundException(_) => "NotFoundException",
        _ => return None,
    })
}

/// Asks for every refusal, and says how many there are.
pub async fn check(kms: &Client, keys: &Keys) -> usize {
    let mut text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../refusals.json"))
            .expect("the refusals");
    for (name, key_id) in keys {
        text = text.replace(&format!("{{{name}}}"), key_id);
    }
    let refusals: Vec<Value> = serde_json::from_str(&text).expect("a list");
    let mut met = BTreeSet::new();
    for refusal in &refusals {
        let operation = refusal["operation"].as_str().expect("an operation");
        let exception = refusal["exception"].as_str().expect("an exception");
        let error = call(kms, operation, &refusal["input"]).await;
        assert_eq!(error.code(), Some(exception), "{refusal}: {error:?}");
        let words = error.message().unwrap_or_default();
        let has_no_words = refusal["has_no_words"] == true;
        assert_eq!(words.is_empty(), has_no_words, "{refusal}");
        if let Some(expected) = refusal["message"].as_str() {
            assert_eq!(words, expected);
        }
        let is_typed = TYPED.contains(&(operation, exception));
        assert_eq!(
            type_name(&error),
            is_typed.then_some(exception),
            "{refusal}: {error:?}"
        );
        met.insert(exception);
    }
    assert!(met.len() >= 8, "only {met:?}");
    refusals.len()
}

/// The error of a call that is refused.
fn refused<T, E>(answer: Result<T, SdkError<E>>) -> Error
where
    Error: From<SdkError<E>>,
{
    match answer {
        Ok(_) => panic!("it was not refused"),
        Err(error) => error.into(),
    }
}

/// Sends an operation by its name.
async fn call(kms: &Client, operation: &str, input: &Value) -> Error {
    let text = |member: &str| input[member].as_str().map(str::to_owned);
    let number = |member: &str| {
        input[member]
            .as_i64()
            .and_then(|number| number.try_into().ok())
    };
    let (alias_name, target, key_id) = (text("AliasName"), text("TargetKeyId"), text("KeyId"));
    match operation {
        "CreateAlias" => {
            let call = kms
                .create_alias()
                .set_alias_name(alias_name)
                .set_target_key_id(target);
            refused(call.send().await)
        }
        "UpdateAlias" => {
            let call = kms
                .update_alias()
                .set_alias_name(alias_name)
                .set_target_key_id(target);
            refused(call.send().await)
        }
        "DeleteAlias" => refused(kms.delete_alias().set_alias_name(alias_name).send().await),
        "ListAliases" => {
            let call = kms
                .list_aliases()
                .set_limit(number("Limit"))
                .set_marker(text("Marker"));
            refused(call.send().await)
        }
        "DescribeKey" => refused(kms.describe_key().set_key_id(key_id).send().await),
        "EnableKey" => refused(kms.enable_key().set_key_id(key_id).send().await),
        "ScheduleKeyDeletion" => {
            let days = number("PendingWindowInDays");
            let call = kms
                .schedule_key_deletion()
                .set_key_id(key_id)
                .set_pending_window_in_days(days);
            refused(call.send().await)
        }
        "Encrypt" => {
            let call = kms
                .encrypt()
                .set_key_id(key_id)
                .plaintext(Blob::new("hello"));
            refused(call.send().await)
        }
        "ListRetirableGrants" => {
            let root = text("RetiringPrincipal");
            refused(
                kms.list_retirable_grants()
                    .set_retiring_principal(root)
                    .send()
                    .await,
            )
        }
        other => panic!("{other} is not in the story"),
    }
}
