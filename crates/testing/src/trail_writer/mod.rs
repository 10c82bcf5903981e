//! Writes records as CloudTrail does.
#![allow(dead_code, reason = "each test has its own use of it")]

use serde_json::{Value, json};

pub const ACCOUNT: &str = "111122223333";
pub const REGION: &str = "eu-west-3";

/// What AWS answered.
#[derive(Clone, Debug)]
pub enum Answer {
    Ok,
    Error(String, Option<String>),
}

impl Answer {
    pub fn error(code: &str, message: impl Into<String>) -> Self {
        Self::Error(code.to_owned(), Some(message.into()))
    }

    /// An error of which the log has no words.
    pub fn bare(code: &str) -> Self {
        Self::Error(code.to_owned(), None)
    }
}

/// A second since the Unix epoch as CloudTrail writes it.
pub fn time(second: i64) -> String {
    jiff::Timestamp::from_second(second)
        .expect("a time")
        .to_string()
}

/// A record of a request, its ID being its name and its second.
pub fn record(second: i64, name: &str, request: Value, answer: &Answer) -> Value {
    let mut record = json!({
        "eventVersion": "1.08",
        "userIdentity": {"type": "IAMUser", "accountId": ACCOUNT, "userName": "Alice"},
        "eventTime": time(second),
        "eventSource": "kms.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "requestParameters": request,
        "responseElements": null,
        "eventID": format!("{name} at {second}"),
        "eventType": "AwsApiCall",
        "recipientAccountId": ACCOUNT,
    });
    if let Answer::Error(code, message) = answer {
        record["errorCode"] = json!(code);
        if let Some(message) = message {
            record["errorMessage"] = json!(message);
        }
    }
    record
}

/// A record of what AWS did by itself to a key.
pub fn by_aws(second: i64, name: &str, key_arn: &str) -> Value {
    let mut record = record(second, name, Value::Null, &Answer::Ok);
    record["eventType"] = json!("AwsServiceEvent");
    record["userIdentity"] = json!({"accountId": ACCOUNT, "invokedBy": "AWS Internal"});
    record["resources"] = json!([{"ARN": key_arn, "accountId": ACCOUNT, "type": "AWS::KMS::Key"}]);
    record
}

/// A record of a new key.
pub fn create_key(second: i64, arn: &str, spec: &str, usage: &str) -> Value {
    let mut record = record(second, "CreateKey", json!({"keySpec": spec}), &Answer::Ok);
    let key_id = arn.rsplit('/').next().expect("a key ID");
    let account = arn.split(':').nth(4).expect("an account");
    record["responseElements"] = json!({"keyMetadata": {
        "aWSAccountId": account, "keyId": key_id, "arn": arn, "keyState": "Enabled",
        "creationDate": "Aug 10, 2022, 10:38:27 PM", "keySpec": spec, "keyUsage": usage,
        "origin": "AWS_KMS", "keyManager": "CUSTOMER", "multiRegion": key_id.starts_with("mrk-"),
    }});
    record
}

/// The same record of another account and Region.
pub fn of(mut record: Value, [region, account]: [&str; 2]) -> Value {
    record["awsRegion"] = json!(region);
    record["recipientAccountId"] = json!(account);
    record["userIdentity"]["accountId"] = json!(account);
    record
}

/// A file of a trail.
pub fn file(records: &[Value]) -> String {
    json!({"Records": records}).to_string()
}
