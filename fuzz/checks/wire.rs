//! Bytes as requests over the wire.

use kms_alias::{
    AccountId, AliasListEntry, AliasTable, KeyArn, KeyId, KeyManager, KeyMetadata, KeySpec,
    KeyState, KeyUsage, KmsOperation, ListAliases, ListKeys, Operation, Origin, Refusal, Region,
    RequestText, Scope, Snapshot, Timestamp, parse_key_identifier,
};
use kms_alias_wire::{Response, handle};
use serde_json::{Map, Value};

use kms_alias_testing::invariants;

/// What separates the requests; in each a line is the target, and the rest is the body.
const SEPARATOR: u8 = 0;
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_123);

/// Requests get an answer that is JSON or empty; a refused one changes nothing; the same request
/// gets the same answer; what the table can be asked as text is answered as the table does.
pub fn wire(data: &[u8]) {
    let mut table = world();
    for (number, request) in (0_u8..50).zip(data.split(|byte| *byte == SEPARATOR)) {
        let end = request.iter().position(|byte| *byte == b'\n');
        let (target, body) = request.split_at(end.unwrap_or(request.len()));
        let body = body.get(1..).unwrap_or_default();
        let target = String::from_utf8_lossy(target);
        step(&mut table, &target, body, [number; 16]);
    }
    invariants::check(&table);
}

fn step(table: &mut AliasTable, target: &str, body: &[u8], new_key: [u8; 16]) {
    let before = table.clone();
    let response = handle(table, target, body, NOW, new_key);
    assert_eq!(
        handle(&mut before.clone(), target, body, NOW, new_key),
        response
    );
    let answer = answer(&response);
    if answer.is_err() {
        assert_eq!(*table, before, "refused means unchanged");
    }
    if let Some(operation) = target.strip_prefix("TrentService.") {
        as_the_table_says(&before, table, operation, body, &answer);
    }
}

/// The body of an answer, or exception and message.
fn answer(response: &Response) -> Result<Value, (String, String)> {
    let body: Value = match response.body() {
        [] => Value::Null,
        body => serde_json::from_slice(body).expect("JSON"),
    };
    match response.status() {
        200 => Ok(body),
        400 => {
            let text = |name: &str| body[name].as_str().expect("a text").to_owned();
            assert_eq!(body.as_object().map(Map::len), Some(2));
            Err((text("__type"), text("message")))
        }
        other => panic!("status {other}"),
    }
}

/// The same request as texts to the table, where the body is plain enough to be read twice.
fn as_the_table_says(
    before: &AliasTable,
    after: &AliasTable,
    operation: &str,
    body: &[u8],
    answer: &Result<Value, (String, String)>,
) {
    if matches!(answer, Err((exception, _)) if exception == "SerializationException") {
        return;
    }
    let Ok(members) = serde_json::from_slice::<Map<String, Value>>(body) else {
        return;
    };
    let mut by_text = before.clone();
    let Some(said) = said(&mut by_text, operation, &members) else {
        return;
    };
    match (said, answer) {
        (Ok(()), Ok(_)) => {}
        (Err(refusal), Err((exception, message))) => {
            let refusal = refusal.in_scope(before.scope());
            assert_eq!(refusal.exception(), exception, "{message}");
            assert_eq!(refusal.to_string(), *message);
        }
        // The wire makes the key of an alias of AWS's own that has none yet (rule L5).
        (Err(Refusal::AliasNotFound { alias }), Ok(_))
            if operation == "DescribeKey" && before.get(alias.alias_name()).is_some() =>
        {
            return;
        }
        (said, answer) => panic!("{operation}: {said:?}, {answer:?}"),
    }
    assert_eq!(by_text, *after);
}

/// What the table says, of the operations that it knows.
fn said(
    table: &mut AliasTable,
    operation: &str,
    members: &Map<String, Value>,
) -> Option<Result<(), Refusal>> {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let integer = |name: &str| members.get(name).and_then(Value::as_i64);
    let (key_id, limit, marker) = (text("KeyId"), integer("Limit"), text("Marker"));
    Some(match operation {
        "ListAliases" => ListAliases::parse(key_id, limit, marker)
            .and_then(|request| table.list_aliases(&request).map(drop)),
        "ListKeys" => ListKeys::parse(limit, marker).map(|request| drop(table.list_keys(&request))),
        // Its other members are not the table's to judge.
        "DescribeKey" if !members.contains_key("GrantTokens") => parse_key_identifier(key_id)
            .and_then(|identifier| table.describe_key(&identifier).map(drop)),
        "CreateAlias"
        | "UpdateAlias"
        | "DeleteAlias"
        | "EnableKey"
        | "DisableKey"
        | "ScheduleKeyDeletion"
        | "CancelKeyDeletion" => {
            let request = RequestText {
                alias_name: text("AliasName"),
                target_key_id: text("TargetKeyId"),
                key_id,
                pending_window_in_days: integer("PendingWindowInDays"),
            };
            let operation: KmsOperation = operation.parse().expect("an operation");
            Operation::parse(operation, &request, table.reserved_names())
                .and_then(|operation| table.apply(&operation, NOW).map(drop))
        }
        _ => return None,
    })
}

/// Keys of every kind of state and usage, each with an alias.
fn world() -> AliasTable {
    let scope = Scope::new(
        Region::from_static("eu-west-3"),
        AccountId::from_static("111122223333"),
    );
    let key = |id: &str| {
        let key_id: KeyId = id.parse().expect("a key ID");
        KeyMetadata::builder(KeyArn::new(scope, key_id))
    };
    let keys = [
        (
            "alias/payments",
            key("1234abcd-12ab-34cd-56ef-1234567890ab"),
        ),
        (
            "alias/rsa",
            key("0987dcba-09fe-87dc-65ba-ab0987654321").spec(KeySpec::Rsa2048),
        ),
        (
            "alias/mac",
            key("5d0c7a19-3e42-4b8f-a6d1-09c2e7f4b385")
                .spec(KeySpec::Hmac256)
                .usage(KeyUsage::GenerateVerifyMac)
                .state(KeyState::Disabled),
        ),
        (
            "alias/signing",
            key("mrk-1234abcd12ab34cd56ef1234567890ab")
                .spec(KeySpec::EccNistP256)
                .usage(KeyUsage::SignVerify),
        ),
        (
            "alias/dying",
            key("mrk-0987dcba09fe87dc65baab0987654321").state(KeyState::PendingReplicaDeletion),
        ),
        (
            "alias/import",
            key("9f3e6b58-0a7d-4c21-b94e-5d8f1c2a7036").origin(Origin::External),
        ),
        (
            "alias/aws/s3",
            key("b47f1c3e-6d29-4a85-9e01-7c8d5f2a6b40").manager(KeyManager::Aws),
        ),
    ];
    let mut parts = Snapshot::new(scope);
    for (name, key) in keys {
        let key = key.build().expect("a possible key");
        let name = name.parse().expect("a name");
        parts
            .aliases
            .push(AliasListEntry::new(name, Some(key.key_id())));
        parts.keys.push(key);
    }
    parts.into_table().expect("a table")
}
