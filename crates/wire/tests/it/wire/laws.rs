//! What holds of every request: the wire says what the table says, and always in JSON.

use kms_alias::{AliasTable, Timestamp};
use kms_alias_files::{File, Options, load};
use kms_alias_wire::handle;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::model::Request;
use super::model::adaptor::{ask, moment, table};
use super::model::world::{Event, world_and_events, world_and_identifiers};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

/// A request of the model as a client writes it.
fn body(request: &Request) -> String {
    let members = [
        ("AliasName", request.alias_name.as_deref().map(Value::from)),
        (
            "TargetKeyId",
            request.target_key_id.as_deref().map(Value::from),
        ),
        ("KeyId", request.key_id.as_deref().map(Value::from)),
        (
            "PendingWindowInDays",
            request.pending_window_in_days.map(Value::from),
        ),
    ];
    let members = members.into_iter();
    let members: Map<_, _> = members
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect();
    Value::Object(members).to_string()
}

/// Status 200, or exception and message; in JSON either way.
fn answer(response: &kms_alias_wire::Response) -> Result<Value, (String, String)> {
    let body: Value = match response.body() {
        [] => Value::Null,
        body => serde_json::from_slice(body).expect("JSON"),
    };
    match response.status() {
        200 => Ok(body),
        400 => {
            let text = |name: &str| body[name].as_str().expect("a text").to_owned();
            Err((text("__type"), text("message")))
        }
        other => panic!("status {other}"),
    }
}

/// Sends a request, which leaves the table alone if it is refused.
fn send(
    table: &mut AliasTable,
    target: &str,
    body: &[u8],
    at: Timestamp,
) -> Result<Value, (String, String)> {
    let mut before = table.clone();
    before.delete_due_keys(at);
    // Each key that is made has another ID.
    let mut random = [3; 16];
    random[0] = u8::try_from(table.key_count() % 256).expect("a byte");
    let answer = answer(&handle(table, target, body, at, random));
    if answer.is_err() {
        assert_eq!(*table, before, "refused means unchanged");
    }
    answer
}

/// Every document that a client gets of an account: its keys, and its aliases by pages.
fn documents(table: &mut AliasTable) -> Vec<Vec<u8>> {
    let mut sent = |operation: &str, request: Value| {
        let target = format!("TrentService.{operation}");
        let response = handle(
            table,
            &target,
            request.to_string().as_bytes(),
            moment(0),
            [3; 16],
        );
        assert_eq!(response.status(), 200);
        response.into_body()
    };
    let mut documents = Vec::new();
    let keys: Value = serde_json::from_slice(&sent("ListKeys", json!({}))).expect("JSON");
    for key in keys["Keys"].as_array().expect("a list") {
        documents.push(sent("DescribeKey", json!({"KeyId": key["KeyId"]})));
    }
    let mut marker = Value::Null;
    loop {
        let page = sent("ListAliases", json!({"Limit": 2, "Marker": marker}));
        let read: Value = serde_json::from_slice(&page).expect("JSON");
        documents.push(page);
        match &read["NextMarker"] {
            Value::Null => return documents,
            next => marker = next.clone(),
        }
    }
}

/// A piece of JSON, such as clients do and do not send.
fn json_value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| json!(number).to_string()),
        Just("1e309".to_owned()),
        any::<String>().prop_map(|text| json!(text).to_string()),
        Just("\"alias/payments\"".to_owned()),
        Just("\"YQ==\"".to_owned()),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4)
                .prop_map(|list| format!("[{}]", list.join(","))),
            proptest::collection::vec((member(), inner), 0..4).prop_map(|members| {
                let members = members
                    .iter()
                    .map(|(name, value)| format!("{name}:{value}"));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

fn member() -> impl Strategy<Value = String> {
    let known = vec![
        "AliasName",
        "TargetKeyId",
        "KeyId",
        "Limit",
        "Marker",
        "PendingWindowInDays",
        "Tags",
        "TagKey",
        "Policy",
        "Plaintext",
        "GrantTokens",
        "EncryptionContext",
        "Recipient",
        "KeySpec",
        "KeyUsage",
        "DryRun",
        "Unknown",
    ];
    prop_oneof![
        9 => proptest::sample::select(known).prop_map(|name| json!(name).to_string()),
        1 => any::<String>().prop_map(|name| json!(name).to_string()),
    ]
}

fn target() -> impl Strategy<Value = String> {
    let names = vec![
        "UpdateAlias",
        "CreateAlias",
        "DeleteAlias",
        "ListAliases",
        "ListKeys",
        "DescribeKey",
        "CreateKey",
        "EnableKey",
        "DisableKey",
        "ScheduleKeyDeletion",
        "CancelKeyDeletion",
        "Encrypt",
        "Decrypt",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "Sign",
        "Verify",
        "GenerateMac",
        "VerifyMac",
        "GetPublicKey",
        "ReEncrypt",
    ];
    prop_oneof![
        9 => proptest::sample::select(names).prop_map(|name| format!("TrentService.{name}")),
        1 => any::<String>(),
    ]
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => json_value().prop_map(String::into_bytes),
        1 => any::<Vec<u8>>(),
        // A body that is cut.
        1 => (json_value(), any::<prop::sample::Index>()).prop_map(|(json, at)| {
            json.as_bytes()[..at.index(json.len() + 1)].to_vec()
        }),
    ]
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn the_wire_says_what_the_table_says((model, events) in world_and_events(30)) {
        let mut by_text = table(&model);
        let mut by_wire = by_text.clone();
        for event in &events {
            let Event::Ask(request, at) = event else { continue };
            // What is no request of the service's happens to both.
            if matches!(request.operation, "DeleteKey" | "SetKeyState") {
                prop_assert_eq!(ask(&mut by_text, request, *at), ask(&mut by_wire, request, *at));
                continue;
            }
            // Whose deletion is due by then is gone before the request is looked at (rule S5).
            by_text.delete_due_keys(moment(*at));
            let target = format!("TrentService.{}", request.operation);
            let found = send(&mut by_wire, &target, body(request).as_bytes(), moment(*at));
            match (ask(&mut by_text, request, *at), found) {
                (Ok(_), Ok(_)) => {}
                (Err(refusal), Err((exception, message))) => {
                    let refusal = refusal.in_scope(by_text.scope());
                    prop_assert_eq!(refusal.exception(), &exception);
                    prop_assert_eq!(refusal.to_string(), message);
                }
                (by_text, by_wire) => prop_assert!(false, "{:?}: {:?} {:?}", request, by_text, by_wire),
            }
            prop_assert_eq!(&by_text, &by_wire);
        }
    }

    #[test]
    fn an_identifier_names_the_same_key_k6_l5((model, texts) in world_and_identifiers()) {
        let mut table = table(&model);
        for text in texts.iter() {
            let body = json!({"KeyId": text}).to_string();
            let found = send(&mut table, "TrentService.DescribeKey", body.as_bytes(), moment(0));
            let expected = kms_alias::parse_key_identifier(text.as_deref())
                .and_then(|identifier| table.describe_key(&identifier))
                .map(|key| key.key_id().to_string())
                .map_err(|refusal| {
                    let refusal = refusal.in_scope(table.scope());
                    (refusal.exception().to_owned(), refusal.to_string())
                });
            let found = found.map(|body| {
                body["KeyMetadata"]["KeyId"].as_str().expect("an ID").to_owned()
            });
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn what_is_sent_of_an_account_loads_as_that_account((model, events) in world_and_events(10)) {
        let mut told = table(&model);
        for event in &events {
            if let Event::Ask(request, at) = event {
                let _ = ask(&mut told, request, *at);
            }
        }
        let sent = documents(&mut told);
        if told.is_empty() && told.key_count() == 0 {
            // Nothing tells the scope.
            return Ok(());
        }
        let file = |bytes| File { name: "sent", bytes };
        let files: Vec<_> = sent.iter().map(|bytes| file(bytes)).collect();
        let mut loaded = load(&files, Options::default()).expect("an account");
        prop_assert_eq!(documents(&mut loaded), sent);
    }

    #[test]
    fn any_target_and_body_get_an_answer_in_json(
        (model, _) in world_and_events(1),
        requests in proptest::collection::vec((target(), bytes()), 1..8),
    ) {
        let mut table = table(&model);
        for (target, body) in &requests {
            let _ = send(&mut table, target, body, moment(0));
        }
    }
}
