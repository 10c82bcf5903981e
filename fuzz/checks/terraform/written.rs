//! A plan as Terraform writes it.

use serde_json::{Value, json};

use super::super::closed::{Kind, SCOPE_ARN, key_arn, key_id};
use super::{Form, Small, Target, address, key_address};

impl Small {
    pub(super) fn plan(&self) -> Value {
        let (mut changes, mut prior, mut resources) = (vec![], vec![], vec![]);
        for (number, (form, kind)) in self.keys.iter().enumerate() {
            let name = format!("k{number}");
            let own = json!({"address": key_address(number), "mode": "managed", "type": "aws_kms_key", "name": name});
            let values = key_values(*kind);
            let change = match form {
                Form::Made => {
                    json!({"actions": ["create"], "before": null, "after": values, "after_unknown": {"key_id": true, "arn": true, "id": true}})
                }
                Form::Managed => {
                    let id = key_id(number).to_string();
                    let standing = with(
                        &values,
                        json!({"id": id, "key_id": id, "arn": key_arn(number)}),
                    );
                    prior.push(with(&own, json!({"values": standing})));
                    json!({"actions": ["no-op"], "before": standing, "after": standing, "after_unknown": {}})
                }
                _ => continue,
            };
            changes.push(with(&own, json!({"change": change})));
            resources.push(with(
                &own,
                json!({"provider_config_key": "aws", "expressions": {}}),
            ));
        }
        for number in 0..self.aliases.len() {
            self.alias_in_plan(number, &mut changes, &mut prior, &mut resources);
        }
        json!({
            "format_version": "1.2", "terraform_version": "1.9.8", "variables": {}, "planned_values": {},
            "resource_changes": changes, "prior_state": {"values": {"root_module": {"resources": prior}}},
            "configuration": {
                "provider_config": {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-3"}}}},
                "root_module": {"resources": resources, "module_calls": {}}
            }
        })
    }

    fn alias_in_plan(
        &self,
        number: usize,
        changes: &mut Vec<Value>,
        prior: &mut Vec<Value>,
        resources: &mut Vec<Value>,
    ) {
        let alias = &self.aliases[number];
        let own = json!({"address": address(number), "mode": "managed", "type": "aws_kms_alias", "name": format!("a{number}")});
        let mut before = Value::Null;
        if let Some((name, on)) = alias.before {
            before = json!({
                "arn": format!("{SCOPE_ARN}:{name}"), "id": name, "name": name, "name_prefix": "",
                "target_key_id": key_id(on).to_string(), "target_key_arn": key_arn(on)
            });
            let of_state = alias
                .depends_on
                .iter()
                .filter(|other| self.aliases[**other].before.is_some());
            let mut depends_on: Vec<String> = of_state.map(|other| address(*other)).collect();
            if self.keys[on].0 == Form::Managed {
                depends_on.push(key_address(on));
            }
            prior.push(with(
                &own,
                json!({"values": before, "depends_on": depends_on}),
            ));
        }
        let (mut after, mut unknown) = (Value::Null, json!({}));
        if alias.is_configured() {
            after = json!({"name": alias.name});
            let (known, references) = self.said(number, alias.target);
            match known {
                Some(text) => after["target_key_id"] = json!(text),
                None => unknown = json!({"target_key_id": true, "arn": true}),
            }
            let configured = alias
                .depends_on
                .iter()
                .filter(|other| self.aliases[**other].is_configured());
            let depends_on: Vec<String> = configured.map(|other| address(*other)).collect();
            resources.push(with(
                &own,
                json!({"provider_config_key": "aws", "depends_on": depends_on,
                    "expressions": {"target_key_id": {"references": references}}}),
            ));
        }
        let change = json!({"actions": alias.actions(), "before": before, "after": after, "after_unknown": unknown});
        changes.push(with(&own, json!({"change": change})));
    }

    /// A target as a plan has it: the text if it is known, and what it refers to.
    fn said(&self, number: usize, target: Target) -> (Option<String>, Vec<String>) {
        let refer = |key: usize| {
            let address = key_address(key);
            [format!("{address}.key_id"), address]
        };
        match target {
            // Each its own: what two aliases take from one place is one key.
            Target::Unknown => (None, vec![format!("local.key_{number}")]),
            Target::OneOf => (None, (0..2).flat_map(refer).collect()),
            Target::Key(key) => match self.keys[key].0 {
                Form::Made => (None, refer(key).to_vec()),
                Form::Managed => (Some(key_arn(key)), refer(key).to_vec()),
                _ => (Some(key_id(key).to_string()), Vec::new()),
            },
        }
    }
}

fn key_values(kind: Kind) -> Value {
    json!({
        "customer_master_key_spec": kind.spec().to_string(), "key_usage": kind.usage().to_string(),
        "is_enabled": true, "multi_region": false, "deletion_window_in_days": null
    })
}

/// The same object with some more members.
fn with(value: &Value, members: Value) -> Value {
    let mut value = value.clone();
    if let (Some(value), Value::Object(members)) = (value.as_object_mut(), members) {
        value.extend(members);
    }
    value
}
