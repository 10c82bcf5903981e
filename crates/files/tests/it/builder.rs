//! Small plans, made by hand.

use serde_json::{Map, Value, json};

pub(crate) const ACCOUNT: &str = "210987654321";
pub(crate) const REGION: &str = "eu-west-3";

/// A plan of Terraform, member by member.
#[derive(Default)]
pub(crate) struct Plan {
    changes: Vec<Value>,
    prior: Vec<Value>,
    resources: Vec<Value>,
    providers: Map<String, Value>,
    modules: Map<String, Value>,
    variables: Map<String, Value>,
}

pub(crate) fn id(number: u32) -> String {
    format!("{number:08x}-12ab-34cd-56ef-{number:012x}")
}

pub(crate) fn scope() -> String {
    format!("arn:aws:kms:{REGION}:{ACCOUNT}")
}

/// What a plan has of an alias that stands.
pub(crate) fn alias(name: &str, key: u32) -> Value {
    json!({
        "arn": format!("{}:{name}", scope()), "id": name, "name": name, "name_prefix": "",
        "target_key_arn": format!("{}:key/{}", scope(), id(key)), "target_key_id": id(key)
    })
}

/// What a plan has of a key that stands.
pub(crate) fn key(number: u32) -> Value {
    json!({
        "arn": format!("{}:key/{}", scope(), id(number)), "id": id(number), "key_id": id(number),
        "customer_master_key_spec": "SYMMETRIC_DEFAULT", "key_usage": "ENCRYPT_DECRYPT", "is_enabled": true,
        "multi_region": false, "deletion_window_in_days": null
    })
}

/// What a plan has of a key that is made.
pub(crate) fn new_key() -> Value {
    json!({
        "customer_master_key_spec": "SYMMETRIC_DEFAULT", "key_usage": "ENCRYPT_DECRYPT", "is_enabled": true,
        "deletion_window_in_days": null
    })
}

/// The same object with some members set anew.
pub(crate) fn with(mut value: Value, members: Value) -> Value {
    if let (Some(value), Value::Object(members)) = (value.as_object_mut(), members) {
        value.extend(members);
    }
    value
}

fn parts(address: &str) -> (String, String, bool) {
    let last = address.rsplit("module.").next().unwrap_or(address);
    let resource = if last == address {
        address
    } else {
        last.split_once('.').map_or("", |(_, rest)| rest)
    };
    let (mode, resource) = match resource.strip_prefix("data.") {
        Some(rest) => (true, rest),
        None => (false, resource),
    };
    let (kind, name) = resource.split_once('.').expect("a type and a name");
    (
        kind.to_owned(),
        name.split('[').next().unwrap_or(name).to_owned(),
        mode,
    )
}

impl Plan {
    pub(crate) fn new() -> Self {
        Self::default().provider("aws", json!({"region": {"constant_value": REGION}}))
    }

    pub(crate) fn provider(mut self, key: &str, expressions: Value) -> Self {
        self.providers.insert(
            key.to_owned(),
            json!({"name": "aws", "expressions": expressions}),
        );
        self
    }

    /// A block of another provider.
    pub(crate) fn provider_of(mut self, name: &str, expressions: Value) -> Self {
        let block = json!({"name": name, "expressions": expressions});
        self.providers.insert(name.to_owned(), block);
        self
    }

    /// An entry of a module that has no block of its own, as Terraform writes it where it does not follow it.
    pub(crate) fn handed_on(mut self, module: &str) -> Self {
        self.providers.insert(
            format!("{module}:aws"),
            json!({"name": "aws", "module_address": module}),
        );
        self
    }

    pub(crate) fn variable(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value: Value = value.into();
        self.variables
            .insert(name.to_owned(), json!({"value": value}));
        self
    }

    pub(crate) fn change(
        mut self,
        address: &str,
        actions: &[&str],
        before: Value,
        after: Value,
        unknown: Value,
    ) -> Self {
        let (kind, name, is_data) = parts(address);
        self.changes.push(json!({
            "address": address, "type": kind, "name": name, "mode": if is_data { "data" } else { "managed" },
            "change": {"actions": actions, "before": before, "after": after, "after_unknown": unknown}
        }));
        self
    }

    /// The last change is of a resource that had another address, as a block `moved` says.
    pub(crate) fn moved_from(mut self, address: &str) -> Self {
        let change = self.changes.last_mut().expect("a change");
        change["previous_address"] = json!(address);
        self
    }

    /// The last change is of a resource that a block `import` brings in.
    pub(crate) fn importing(mut self, id: &str) -> Self {
        let change = self.changes.last_mut().expect("a change");
        change["change"]["importing"] = json!({"id": id});
        self
    }

    pub(crate) fn create(self, address: &str, after: Value, unknown: Value) -> Self {
        self.change(address, &["create"], Value::Null, after, unknown)
    }

    pub(crate) fn delete(self, address: &str, before: Value) -> Self {
        self.change(address, &["delete"], before, Value::Null, json!({}))
    }

    /// A new alias whose key is known after apply.
    pub(crate) fn alias_of_unknown(self, address: &str, name: &str) -> Self {
        self.create(
            address,
            json!({"name": name}),
            json!({"target_key_id": true, "arn": true}),
        )
    }

    pub(crate) fn key(self, address: &str) -> Self {
        self.create(
            address,
            new_key(),
            json!({"key_id": true, "arn": true, "id": true}),
        )
    }

    pub(crate) fn prior(mut self, address: &str, values: Value, depends_on: &[&str]) -> Self {
        let (kind, name, is_data) = parts(address);
        self.prior.push(json!({
            "address": address, "type": kind, "name": name, "mode": if is_data { "data" } else { "managed" },
            "values": values, "depends_on": depends_on
        }));
        self
    }

    pub(crate) fn resource(mut self, address: &str, expressions: Value) -> Self {
        self.resources.push(resource(address, "aws", expressions));
        self
    }

    pub(crate) fn resource_with(
        mut self,
        address: &str,
        provider: &str,
        expressions: Value,
        more: Value,
    ) -> Self {
        self.resources
            .push(with(resource(address, provider, expressions), more));
        self
    }

    /// Members of a resource of the configuration, beside those that it has.
    pub(crate) fn more(mut self, address: &str, members: Value) -> Self {
        for resource in &mut self.resources {
            if resource["address"] == address {
                *resource = with(resource.take(), members.clone());
            }
        }
        self
    }

    /// A call of a module: its expressions, and the module itself.
    pub(crate) fn module(mut self, name: &str, call: Value) -> Self {
        self.modules.insert(name.to_owned(), call);
        self
    }

    pub(crate) fn json(&self) -> String {
        json!({
            "format_version": "1.2", "terraform_version": "1.9.8", "variables": self.variables,
            "planned_values": {}, "resource_changes": self.changes,
            "prior_state": {"values": {"root_module": {"resources": self.prior}}},
            "configuration": {
                "provider_config": self.providers,
                "root_module": {"resources": self.resources, "module_calls": self.modules}
            }
        })
        .to_string()
    }
}

pub(crate) fn resource(address: &str, provider: &str, expressions: Value) -> Value {
    let (kind, name, _) = parts(address);
    json!({"address": address, "type": kind, "name": name, "provider_config_key": provider, "expressions": expressions})
}

pub(crate) fn refers(references: &[&str]) -> Value {
    json!({"references": references})
}
