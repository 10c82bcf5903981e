//! The two doors that a step goes through: the entry points for text, and the wire.

use std::collections::BTreeMap;

use kms_alias::{
    Alias, AliasTable, ListAliases, ListKeys, Operation, Refusal, RequestText, Timestamp,
    parse_key_identifier,
};
use kms_alias_wire::handle;
use serde_json::Value;

use super::case::{Request, Step};

/// How a request comes in.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Door {
    /// As texts, to the table.
    Table,
    /// As the bytes that a client sends.
    Wire,
}

/// What a step got, as far as the expectations ask.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) aliases: Option<Vec<Listed>>,
    pub(crate) keys: Option<Vec<String>>,
    pub(crate) key: Option<BTreeMap<String, String>>,
    pub(crate) next_marker: Option<String>,
}

/// An alias in a list, with its dates in milliseconds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) name: String,
    pub(crate) created: Option<i64>,
    pub(crate) updated: Option<i64>,
}

/// Why a step was refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) exception: String,
    pub(crate) message: String,
}

impl Step {
    pub(crate) fn take(
        &self,
        table: &mut AliasTable,
        next_marker: Option<&str>,
        at: Timestamp,
        door: Door,
    ) -> Result<Answer, Refused> {
        let mut request = self.request.clone();
        if request.marker.as_deref() == Some("$NextMarker") {
            request.marker = Some(next_marker.expect("the step before has a marker").into());
        }
        match door {
            Door::Table => ask(table, &self.op, &request, at).map_err(|refusal| Refused {
                exception: refusal.exception().into(),
                message: refusal.to_string(),
            }),
            Door::Wire => send(table, &self.op, &request, at),
        }
    }
}

fn ask(
    table: &mut AliasTable,
    operation: &str,
    request: &Request,
    at: Timestamp,
) -> Result<Answer, Refusal> {
    let (key_id, marker) = (request.key_id.as_deref(), request.marker.as_deref());
    match operation {
        "ListAliases" => {
            let page = table.list_aliases(&ListAliases::parse(key_id, request.limit, marker)?)?;
            Ok(Answer {
                aliases: Some(page.aliases.iter().map(listed).collect()),
                next_marker: page.next_marker,
                ..Answer::default()
            })
        }
        "ListKeys" => {
            let page = table.list_keys(&ListKeys::parse(request.limit, marker)?);
            let ids = page.keys.iter().map(|key| key.key_id().to_string());
            Ok(Answer {
                keys: Some(ids.collect()),
                next_marker: page.next_marker,
                ..Answer::default()
            })
        }
        "DescribeKey" => {
            let key = table.describe_key(&parse_key_identifier(key_id)?)?;
            let members = [
                ("KeyId".to_owned(), key.key_id().to_string()),
                ("KeyState".to_owned(), key.state().to_string()),
            ];
            Ok(Answer {
                key: Some(members.into()),
                ..Answer::default()
            })
        }
        operation => {
            let operation = operation.parse().expect("an operation");
            let operation = Operation::parse(operation, &request.text(), table.reserved_names())?;
            let foreseen = table.check(&operation, at);
            let done = table.apply(&operation, at);
            assert_eq!(foreseen, done, "check and apply differ");
            done.map(|_| Answer::default())
        }
    }
}

fn listed(alias: &Alias<'_>) -> Listed {
    // An alias of AWS's without a key is listed without its dates.
    let alias = if alias.target_key_id().is_none() {
        return Listed {
            name: alias.name().into(),
            created: None,
            updated: None,
        };
    } else {
        alias
    };
    Listed {
        name: alias.name().into(),
        created: alias.creation_date().map(Timestamp::as_millis),
        updated: alias.last_updated_date().map(Timestamp::as_millis),
    }
}

impl Request {
    fn text(&self) -> RequestText<'_> {
        RequestText {
            alias_name: self.alias_name.as_deref(),
            target_key_id: self.target_key_id.as_deref(),
            key_id: self.key_id.as_deref(),
            pending_window_in_days: self.pending_window_in_days,
        }
    }
}

fn send(
    table: &mut AliasTable,
    operation: &str,
    request: &Request,
    at: Timestamp,
) -> Result<Answer, Refused> {
    let target = format!("TrentService.{operation}");
    let body = serde_json::to_vec(request).expect("a request");
    let response = handle(table, &target, &body, at, [0; 16]);
    let body: Value = match response.body() {
        [] => Value::Null,
        body => serde_json::from_slice(body).expect("JSON"),
    };
    let text = |member: &str| body[member].as_str().map(str::to_owned);
    match response.status() {
        200 => Ok(Answer {
            aliases: body["Aliases"]
                .as_array()
                .map(|aliases| aliases.iter().map(sent_alias).collect()),
            keys: body["Keys"].as_array().map(|keys| {
                let id = |key: &Value| key["KeyId"].as_str().expect("an ID").to_owned();
                keys.iter().map(id).collect()
            }),
            key: body["KeyMetadata"].as_object().map(|_| {
                let member = |name: &str| {
                    let value = body["KeyMetadata"][name].as_str().expect("a member");
                    (name.to_owned(), value.to_owned())
                };
                [member("KeyId"), member("KeyState")].into()
            }),
            next_marker: text("NextMarker"),
        }),
        status => {
            assert_eq!(status, 400);
            Err(Refused {
                exception: text("__type").expect("an exception"),
                message: text("message").expect("a message"),
            })
        }
    }
}

fn sent_alias(alias: &Value) -> Listed {
    let millis = |member: &str| {
        let seconds = alias[member].as_f64()?;
        Some((seconds * 1000.0).round() as i64)
    };
    Listed {
        name: alias["AliasName"].as_str().expect("a name").into(),
        created: millis("CreationDate"),
        updated: millis("LastUpdatedDate"),
    }
}
