//! What a plan tells of the keys and aliases that stand: its prior state, and what changes before.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::attributes::Attributes;
use super::instance::{Instances, Kind};
use super::keys;
use super::places::Places;
use super::plan::StateResource;
use crate::fact::Fact;
use crate::named_key::key_id_in;
use kms_alias::AnyAliasName;
use kms_alias_foresee::verdict::Place;

/// The facts of a plan, each once or more.
pub(super) fn facts(
    state: &[&StateResource<'_>],
    instances: &Instances<'_>,
    places: &Places<'_, '_>,
) -> Vec<Fact> {
    let none = Attributes::default();
    let mut facts = Vec::new();
    for resource in state {
        let values = Attributes::of(resource.values);
        let address = resource.address.as_deref().unwrap_or_default();
        let place = || places.of_resource(address, [&values, &none], &none);
        let is_data = resource.mode.as_deref() == Some("data");
        if is_data {
            data(resource, &values, place, &mut facts);
        } else if let Some(kind) = Kind::of(&resource.kind) {
            let is_awscc = resource.kind.starts_with("awscc_");
            managed(kind, is_awscc, &values, place(), &mut facts);
        }
    }
    for instance in &instances.all {
        let place = places.of_standing(instance);
        let before = &instance.before;
        managed(instance.kind, instance.is_awscc, before, place, &mut facts);
    }
    facts
}

fn managed(
    kind: Kind,
    is_awscc: bool,
    values: &Attributes<'_>,
    place: Place,
    facts: &mut Vec<Fact>,
) {
    if kind.is_key() {
        let named = values
            .text("key_id")
            .or(values.text("id"))
            .or(values.text("arn"));
        let Some(key_id) = named.and_then(key_id_in) else {
            return;
        };
        facts.push(Fact::Key {
            place,
            key_id,
            facts: keys::standing(kind, is_awscc, values),
        });
        return;
    }
    let name = values
        .text("name")
        .or(values.text("alias_name"))
        .or(values.text("id"));
    alias(
        name,
        values
            .text("target_key_id")
            .or(values.text("target_key_arn")),
        place,
        facts,
    );
}

fn alias(name: Option<&str>, target: Option<&str>, place: Place, facts: &mut Vec<Fact>) {
    let name = name.and_then(|name| name.to_string().parse::<AnyAliasName>().ok());
    if let (Some(alias_name), Some(key_id)) = (name, target.and_then(key_id_in)) {
        facts.push(Fact::Alias {
            place,
            alias_name,
            key_id,
        });
    }
}

/// What data sources read.
fn data(
    resource: &StateResource<'_>,
    values: &Attributes<'_>,
    place: impl Fn() -> Place,
    facts: &mut Vec<Fact>,
) {
    match &*resource.kind {
        "aws_kms_alias" => {
            let target = values
                .text("target_key_id")
                .or(values.text("target_key_arn"));
            alias(values.text("name"), target, place(), facts);
        }
        "aws_kms_key" => {
            // `key_id` is what was asked for, which may be an alias.
            let named = values.text("arn").or(values.text("id"));
            if let Some(key_id) = named.and_then(key_id_in) {
                facts.push(Fact::Key {
                    place: place(),
                    key_id,
                    facts: keys::described(values, resource.values),
                });
            }
        }
        _ => {}
    }
}
