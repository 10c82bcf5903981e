//! The service's protocol: what a request as bytes gets.
#![cfg(feature = "json")]

use kms_alias::wire::handle;
use kms_alias::{
    AccountId, AliasTable, KeyArn, KeyId, KeyMetadata, KeySpec, Region, Scope, Timestamp,
};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_123);
const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const RSA: &str = "0987dcba-09fe-87dc-65ba-ab0987654321";

fn table() -> AliasTable {
    let scope = Scope::new(
        Region::from_static("eu-west-3"),
        AccountId::from_static("111122223333"),
    );
    let mut table = AliasTable::new(scope);
    let key = |id| KeyMetadata::builder(KeyArn::new(scope, KeyId::from_static(id)));
    let rsa = key(RSA).spec(KeySpec::Rsa2048);
    for key in [key(KEY), rsa] {
        let key = key.build().expect("a possible key");
        table.insert_key(key).expect("a new key");
    }
    table
}

/// The answer to an operation's request: its status, and its body or null.
fn ask(table: &mut AliasTable, operation: &str, request: &Value) -> (u16, Value) {
    let target = format!("TrentService.{operation}");
    let answer = handle(table, &target, request.to_string().as_bytes(), NOW, [7; 16]);
    let body = match answer.body() {
        [] => Value::Null,
        body => serde_json::from_slice(body).expect("JSON"),
    };
    (answer.status(), body)
}

#[test]
fn an_alias_is_created_moved_listed_and_deleted_c1_u6_l1_d1() {
    let mut table = table();
    let request = json!({"AliasName": "alias/payments", "TargetKeyId": KEY});
    assert_eq!(ask(&mut table, "CreateAlias", &request), (200, Value::Null));
    assert_eq!(ask(&mut table, "UpdateAlias", &request), (200, Value::Null));
    let listed = json!({
        "Aliases": [{
            "AliasName": "alias/payments",
            "AliasArn": "arn:aws:kms:eu-west-3:111122223333:alias/payments",
            "TargetKeyId": KEY,
            "CreationDate": 1_700_000_000.123,
            "LastUpdatedDate": 1_700_000_000.123,
        }],
        "Truncated": false,
    });
    assert_eq!(ask(&mut table, "ListAliases", &json!({})), (200, listed));
    let request = json!({"AliasName": "alias/payments"});
    assert_eq!(ask(&mut table, "DeleteAlias", &request), (200, Value::Null));
    assert!(table.is_empty());
}
