//! What happens to the model, told as CloudTrail would tell it.
#![allow(dead_code, reason = "each test has its own use of it")]

use serde_json::{Map, Value, json};

use crate::model::key::{Key, Role};
use crate::model::world::Event;
use crate::model::{Model, Refused, Request};
use crate::trail_writer::{Answer, by_aws, of, record};

/// Lets an event happen to the model, and tells it if AWS's log would.
pub fn told(model: &mut Model, event: &Event, second: i64) -> Option<Value> {
    let record = match event {
        Event::Ask(request, _) => match request.operation {
            "DeleteKey" => deleted(model, request, second),
            "SetKeyState" => changed(model, request, second),
            _ => Some(asked(model, request, second)),
        },
        Event::Insert(key_id, key) => inserted(model, key_id, key, second),
        // No log has what is not done by a call.
        Event::InsertUndescribed(_) | Event::Remove(_) => None,
    };
    record.map(|record| here(model, record))
}

/// A call on a key by any identifier, told.
pub fn call(model: &Model, operation: &str, key_id: &str, second: i64) -> Value {
    let verdict = model.check_use(operation, key_id).map(drop);
    let request = json!({"keyId": key_id});
    here(model, record(second, operation, request, &answer(verdict)))
}

fn here(model: &Model, record: Value) -> Value {
    let [_, region, account] = &model.scope;
    of(record, [region, account])
}

/// The model's verdict as the log has it: where the rules have no words, neither has the log.
pub fn answer(verdict: Result<(), Refused>) -> Answer {
    match verdict {
        Ok(()) => Answer::Ok,
        Err(refused) => {
            let exception = refused.exception.expect("an exception");
            Answer::Error(exception.to_owned(), refused.message)
        }
    }
}

pub fn parameters(request: &Request) -> Value {
    let texts = [
        ("aliasName", &request.alias_name),
        ("targetKeyId", &request.target_key_id),
        ("keyId", &request.key_id),
    ];
    let members = texts.into_iter();
    let mut members: Map<String, Value> = members
        .filter_map(|(name, value)| Some((name.to_owned(), json!(value.clone()?))))
        .collect();
    if let Some(days) = request.pending_window_in_days {
        members.insert("pendingWindowInDays".to_owned(), json!(days));
    }
    members.into()
}

fn asked(model: &mut Model, request: &Request, second: i64) -> Value {
    let verdict = model.apply(request, second * 1000);
    record(
        second,
        request.operation,
        parameters(request),
        &answer(verdict),
    )
}

/// AWS carries out what is due, and says nothing of what is not.
fn deleted(model: &mut Model, request: &Request, second: i64) -> Option<Value> {
    let key_id = request.key_id.clone().expect("a key ID");
    model.apply(request, second * 1000).ok()?;
    Some(by_aws(second, "DeleteKey", &model.key_arn(&key_id)))
}

/// The changes of a state that AWS's log tells: key material that comes and goes.
fn changed(model: &mut Model, request: &Request, second: i64) -> Option<Value> {
    let key_id = request.key_id.clone().expect("a key ID");
    let key = model.keys.get(&key_id)?;
    let name = match (key.origin, key.state, request.state?) {
        ("EXTERNAL", "PendingImport", "Enabled") => "ImportKeyMaterial",
        ("EXTERNAL", "Enabled" | "Disabled", "PendingImport") => "DeleteImportedKeyMaterial",
        _ => return None,
    };
    model
        .apply(request, second * 1000)
        .expect("a possible state");
    let request = json!({"keyId": key_id});
    Some(record(second, name, request, &Answer::Ok))
}

/// A new key, if it is one of which CreateKey tells all.
fn inserted(model: &mut Model, key_id: &str, key: &Key, second: i64) -> Option<Value> {
    let all_told = key.returns_to.is_none()
        && key.waits.is_none()
        && key.due.is_none()
        && matches!(key.role, Role::Single | Role::Primary(0) | Role::Replica);
    if !all_told || model.insert_key(key_id, key.clone()).is_err() {
        return None;
    }
    let kind = if key.role == Role::Replica {
        "REPLICA"
    } else {
        "PRIMARY"
    };
    let mut record = record(
        second,
        "CreateKey",
        json!({"origin": key.origin}),
        &Answer::Ok,
    );
    record["responseElements"] = json!({"keyMetadata": {
        "aWSAccountId": model.scope[2], "keyId": key_id, "arn": model.key_arn(key_id),
        "keyState": key.state, "keySpec": key.spec, "keyUsage": key.usage, "origin": key.origin,
        "keyManager": key.manager,
    }});
    if key.origin == "EXTERNAL" && !key.awaits_import && key.state != "PendingImport" {
        let metadata = &mut record["responseElements"]["keyMetadata"];
        metadata["expirationModel"] = json!("KEY_MATERIAL_DOES_NOT_EXPIRE");
    }
    if key.role != Role::Single {
        let configuration = json!({"multiRegionKeyType": kind});
        record["responseElements"]["keyMetadata"]["multiRegionConfiguration"] = configuration;
    }
    Some(record)
}
