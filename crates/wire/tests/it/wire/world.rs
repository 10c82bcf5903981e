//! A small table, and the ways to ask it over the wire.

use kms_alias::{
    AccountId, AliasTable, KeyArn, KeyId, KeyManager, KeyMetadata, KeyMetadataBuilder, KeySpec,
    KeyState, KeyUsage, Origin, Region, Scope, Timestamp,
};
use kms_alias_wire::{Response, handle};
use serde_json::Value;

pub(crate) const SCOPE: Scope = Scope::new(
    Region::from_static("eu-west-3"),
    AccountId::from_static("111122223333"),
);
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_123);
pub(crate) const NEW: [u8; 16] = [0xff; 16];

/// Enabled, symmetric, with `alias/payments`.
pub(crate) const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
/// Enabled, RSA, to encrypt.
pub(crate) const RSA: &str = "0987dcba-09fe-87dc-65ba-ab0987654321";
/// Disabled, symmetric.
pub(crate) const DISABLED: &str = "5d0c7a19-3e42-4b8f-a6d1-09c2e7f4b385";
/// AWS's own, with `alias/aws/s3`.
pub(crate) const OF_AWS: &str = "9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036";
/// Not there.
pub(crate) const NO_KEY: &str = "00000000-0000-4000-8000-000000000000";

pub(crate) fn builder(key_id: &str) -> KeyMetadataBuilder {
    let key_id: KeyId = key_id.parse().expect("a key ID");
    KeyMetadata::builder(KeyArn::new(SCOPE, key_id))
}

pub(crate) fn arn(key_id: &str) -> String {
    format!("arn:aws:kms:eu-west-3:111122223333:key/{key_id}")
}

pub(crate) fn table() -> AliasTable {
    let keys = [
        builder(KEY),
        builder(RSA).spec(KeySpec::Rsa2048),
        builder(DISABLED).state(KeyState::Disabled),
        builder(OF_AWS).manager(KeyManager::Aws),
    ];
    let mut table = AliasTable::new(SCOPE);
    for key in keys {
        let key = key.build().expect("a possible key");
        table.insert_key(key).expect("a new key");
    }
    let payments = "alias/payments".parse().expect("a name");
    let target: KeyId = KEY.parse().expect("a key ID");
    table
        .create_alias(payments, target, NOW)
        .expect("a new alias");
    table
}

/// A table of one key of any kind, under `alias/payments`.
pub(crate) fn table_of(
    spec: KeySpec,
    usage: KeyUsage,
    origin: Origin,
    state: KeyState,
    key_id: &str,
) -> Option<AliasTable> {
    let key = builder(key_id).spec(spec).usage(usage).origin(origin);
    let mut table = AliasTable::new(SCOPE);
    // An alias names the key before it is in a state that allows none.
    table.insert_key(key.clone().build().ok()?).expect("a key");
    let target: KeyId = key_id.parse().expect("a key ID");
    let payments = "alias/payments".parse().expect("a name");
    table
        .create_alias(payments, target, NOW)
        .expect("a new alias");
    let mut parts = table.snapshot();
    parts.keys = vec![key.state(state).build().ok()?];
    Some(parts.into_table().expect("a table"))
}

/// The bytes that an operation's request gets.
pub(crate) fn send(table: &mut AliasTable, operation: &str, body: &[u8]) -> Response {
    handle(table, &format!("TrentService.{operation}"), body, NOW, NEW)
}

/// The answer to a request: status, and body or null.
pub(crate) fn ask(table: &mut AliasTable, operation: &str, request: &Value) -> (u16, Value) {
    let response = send(table, operation, request.to_string().as_bytes());
    let body = match response.body() {
        [] => Value::Null,
        body => serde_json::from_slice(body).expect("JSON"),
    };
    (response.status(), body)
}

/// The answer to a request that is done.
#[track_caller]
pub(crate) fn done(table: &mut AliasTable, operation: &str, request: &Value) -> Value {
    let (status, body) = ask(table, operation, request);
    assert_eq!(status, 200, "{body}");
    body
}

/// Exception and message of a body that is refused and leaves the table as it is.
#[track_caller]
pub(crate) fn refusal_of_bytes(
    table: &AliasTable,
    operation: &str,
    body: &[u8],
) -> (String, String) {
    let mut after = table.clone();
    let response = send(&mut after, operation, body);
    let answer: Value = serde_json::from_slice(response.body()).unwrap_or_default();
    assert_eq!(response.status(), 400, "{answer}");
    assert_eq!(&after, table, "refused means unchanged");
    let members = answer.as_object().expect("a structure");
    assert_eq!(members.len(), 2, "{answer}");
    let text = |name: &str| members[name].as_str().expect("a text").to_owned();
    (text("__type"), text("message"))
}

/// The same of a request as JSON.
#[track_caller]
pub(crate) fn refusal(table: &AliasTable, operation: &str, request: &Value) -> (String, String) {
    refusal_of_bytes(table, operation, request.to_string().as_bytes())
}

/// A request is refused with this exception and these words.
#[track_caller]
pub(crate) fn refused(
    table: &AliasTable,
    operation: &str,
    request: &Value,
    exception: &str,
    message: &str,
) {
    let found = refusal(table, operation, request);
    assert_eq!(found, (exception.to_owned(), message.to_owned()));
}
