//! What is known of keys: of those that a plan makes, and of those that its prior state has.

use super::attributes::Attributes;
use super::configuration::Tree;
use super::instance::{Instance, Kind};
use super::plan::Text;
use crate::new_key;
use alloc::vec::Vec;
use kms_alias::{
    KeyArn, KeyId, KeyManager, KeyMetadata, KeySpec, KeyState, KeyUsage, Origin, Refusal,
};
use kms_alias_foresee::verdict::{Fact, KeyFacts};
use serde::Deserialize;
use serde_json::value::RawValue;

/// What is known of the key that an instance makes.
///
/// What the configuration does not say is the provider's default, which is that of KMS. A replica
/// has spec, usage and origin of its primary, which are not asked here.
pub(super) fn made(instance: &Instance<'_>, tree: &Tree<'_, '_>) -> KeyFacts {
    let after = &instance.after;
    let mut facts = KeyFacts::customer_managed();
    if instance.kind.is_replica() {
        facts.multi_region = Some(true);
    } else {
        facts.multi_region = said(
            instance,
            tree,
            "multi_region",
            after.boolean("multi_region"),
            false,
        );
        facts.spec = said(
            instance,
            tree,
            spec_attribute(instance),
            spec(after),
            KeySpec::SymmetricDefault,
        );
        facts.usage = said(
            instance,
            tree,
            "key_usage",
            usage(after),
            KeyUsage::EncryptDecrypt,
        );
    }
    facts.origin = origin(instance, tree);
    let enabled = instance.enabled_attribute();
    let is_enabled = said(instance, tree, enabled, after.boolean(enabled), true);
    facts.state = match (facts.origin, is_enabled) {
        (Some(Origin::External), is_enabled) => state_of_imported(instance, is_enabled),
        // A replica of imported key material waits for it, whatever is said here.
        (None, _) if instance.kind == Kind::ReplicaKey => {
            facts.enabled = is_enabled;
            None
        }
        (_, Some(true)) => Some(KeyState::Enabled),
        (_, Some(false)) => Some(KeyState::Disabled),
        (_, None) => None,
    };
    facts
}

/// What CreateKey is asked for that is no value of KMS, so that it is refused (rule K7).
pub(super) fn none_of_kms(instance: &Instance<'_>) -> Option<Refusal> {
    let member = match spec_attribute(instance) {
        "key_spec" => "KeySpec",
        _ => "CustomerMasterKeySpec",
    };
    let spec = shown(instance, spec_attribute(instance));
    let usage = shown(instance, "key_usage");
    let origin = shown(instance, "origin").filter(|_| instance.is_awscc);
    new_key::none_of_kms(&[(member, spec), ("KeyUsage", usage), ("Origin", origin)])
}

/// Whether no CreateKey of a key with these facts is refused (rules K7 and M). A replica may be refused for what its
/// primary key is, and a key of the spec SM2 for its Region.
pub(super) fn is_certainly_made(instance: &Instance<'_>, facts: &KeyFacts) -> bool {
    let (Some(spec), Some(usage), Some(origin), Some(multi_region)) =
        (facts.spec, facts.usage, facts.origin, facts.multi_region)
    else {
        return false;
    };
    let key_id = KeyId::new([0; 16], multi_region);
    let key = KeyMetadata::builder(KeyArn::new(ANY_KEY.scope(), key_id))
        .spec(spec)
        .usage(usage)
        .origin(origin);
    !instance.kind.is_replica() && none_of_kms(instance).is_none() && key.build().is_ok()
}

/// A key of some account and Region.
const ANY_KEY: KeyArn = KeyArn::from_static(
    "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000",
);

/// The facts of a new key of which the value may be none that KMS has, or is not known.
pub(super) fn open(facts: &KeyFacts) -> Vec<Fact> {
    let spec = facts.spec.is_none().then_some(Fact::KeyType);
    let usage = facts.usage.is_none().then_some(Fact::KeyUsage);
    let each = spec.into_iter().chain(usage);
    each.chain(new_key::open_state(facts)).collect()
}

/// A value that is not hidden.
fn shown<'i>(instance: &'i Instance<'_>, attribute: &str) -> Option<&'i str> {
    let value = instance.after.text(attribute);
    value.filter(|_| !instance.sensitive.is_true(attribute))
}

/// The ID that a replica will have: that of its primary (rule K2), where the plan has its ARN.
pub(super) fn id_of_replica(instance: &Instance<'_>) -> Option<KeyId> {
    let key_id = primary(instance)?.key_id();
    key_id.is_multi_region().then_some(key_id)
}

/// The primary key of a replica, where the plan has its ARN.
pub(super) fn primary(instance: &Instance<'_>) -> Option<KeyArn> {
    let primary = instance
        .kind
        .is_replica()
        .then(|| instance.after.text("primary_key_arn"));
    primary.flatten()?.parse().ok()
}

fn spec_attribute(instance: &Instance<'_>) -> &'static str {
    if instance.is_awscc || instance.kind == Kind::ExternalKey {
        "key_spec"
    } else {
        "customer_master_key_spec"
    }
}

/// The value that is planned; the default where the configuration is silent; nothing where it
/// says what is not known yet.
fn said<T>(
    instance: &Instance<'_>,
    tree: &Tree<'_, '_>,
    attribute: &str,
    value: Option<T>,
    default: T,
) -> Option<T> {
    if value.is_some() {
        return value;
    }
    let resource = tree.resource(&instance.path);
    let is_said = resource.map_or_else(
        || instance.unknown.is_true(attribute),
        |resource| resource.has_expression(attribute) && instance.unknown.is_true(attribute),
    );
    let is_hidden = instance.sensitive.is_true(attribute);
    (!is_said && !is_hidden && !instance.after.has(attribute)).then_some(default)
}

fn spec(values: &Attributes<'_>) -> Option<KeySpec> {
    let text = values
        .text("customer_master_key_spec")
        .or(values.text("key_spec"));
    text.and_then(|text| text.parse().ok())
}

fn usage(values: &Attributes<'_>) -> Option<KeyUsage> {
    values.text("key_usage").and_then(|text| text.parse().ok())
}

/// Where the material of a key comes from that is made.
fn origin(instance: &Instance<'_>, tree: &Tree<'_, '_>) -> Option<Origin> {
    let after = &instance.after;
    let resource = tree.resource(&instance.path);
    // What nobody says has its default, though a provider plans it as known after apply.
    let is_open = |attribute: &str| {
        let is_said = resource.is_none_or(|resource| resource.has_expression(attribute));
        is_said && instance.unknown.is_true(attribute)
    };
    match instance.kind {
        Kind::ExternalKey | Kind::ReplicaExternalKey => Some(Origin::External),
        Kind::ReplicaKey | Kind::Alias => None,
        Kind::Key if is_open("custom_key_store_id") || is_open("origin") => None,
        Kind::Key => match after.text("origin").map(str::parse) {
            Some(Ok(origin)) => Some(origin),
            _ if after.has("xks_key_id") => Some(Origin::ExternalKeyStore),
            _ if after.has("custom_key_store_id") => Some(Origin::AwsCloudhsm),
            _ => Some(Origin::AwsKms),
        },
    }
}

/// The state of a key whose material is imported by the provider, or later by someone else.
fn state_of_imported(instance: &Instance<'_>, is_enabled: Option<bool>) -> Option<KeyState> {
    let material = "key_material_base64";
    if instance.unknown.is_true(material) || instance.sensitive.is_true(material) {
        return None;
    }
    match (instance.after.has(material), is_enabled) {
        (false, _) => Some(KeyState::PendingImport),
        (true, Some(false)) => Some(KeyState::Disabled),
        (true, Some(true)) => Some(KeyState::Enabled),
        (true, None) => None,
    }
}

/// What the prior state tells of a key that a resource manages.
pub(super) fn standing(kind: Kind, is_awscc: bool, values: &Attributes<'_>) -> KeyFacts {
    let mut facts = KeyFacts::customer_managed();
    facts.spec = spec(values);
    facts.usage = usage(values);
    facts.multi_region = values.boolean("multi_region");
    // No resource of the provider makes a primary key of a replica (UpdatePrimaryRegion).
    facts.is_primary = Some(!kind.is_replica());
    let enabled = values.boolean("is_enabled").or(values.boolean("enabled"));
    facts.enabled = enabled;
    let state = values.text("key_state").and_then(|text| text.parse().ok());
    // The providers take a key that is pending deletion as gone, and wait while one is created: a
    // key in a state that is not enabled is disabled, or its material is not there.
    facts.state = state.or(match (enabled, kind) {
        (Some(true), _) => Some(KeyState::Enabled),
        (Some(false), Kind::Key | Kind::ReplicaKey) if !values.has("custom_key_store_id") => {
            Some(KeyState::Disabled)
        }
        _ => None,
    });
    facts.origin = match kind {
        Kind::ExternalKey | Kind::ReplicaExternalKey => Some(Origin::External),
        Kind::Key if is_awscc => values.text("origin").and_then(|text| text.parse().ok()),
        Kind::Key if values.has("custom_key_store_id") => None,
        Kind::Key => Some(Origin::AwsKms),
        Kind::ReplicaKey | Kind::Alias => None,
    };
    if facts.origin == Some(Origin::External) {
        facts.spec = facts.spec.or(Some(KeySpec::SymmetricDefault));
    }
    facts
}

/// What of the data source `aws_kms_key` is nested.
#[derive(Deserialize)]
struct Described<'a> {
    #[serde(borrow, default)]
    multi_region_configuration: Vec<Related<'a>>,
}

#[derive(Deserialize)]
struct Related<'a> {
    #[serde(borrow)]
    multi_region_key_type: Option<Text<'a>>,
}

/// Whether a key that is described is a primary key; nothing of one that is no multi-Region key.
fn is_primary(values: Option<&RawValue>) -> Option<bool> {
    let described = serde_json::from_str::<Described<'_>>(values?.get()).ok()?;
    let of_key = described.multi_region_configuration.first()?;
    match of_key.multi_region_key_type.as_deref()? {
        "PRIMARY" => Some(true),
        "REPLICA" => Some(false),
        _ => None,
    }
}

/// What the data source `aws_kms_key` tells of a key: its values, and the same as text.
pub(super) fn described(values: &Attributes<'_>, raw: Option<&RawValue>) -> KeyFacts {
    let mut facts = KeyFacts::existing();
    facts.is_primary = is_primary(raw);
    facts.spec = spec(values);
    facts.usage = usage(values);
    facts.multi_region = values.boolean("multi_region");
    facts.enabled = values.boolean("enabled");
    facts.manager = values
        .text("key_manager")
        .and_then(|text| text.parse::<KeyManager>().ok());
    facts.state = values.text("key_state").and_then(|text| text.parse().ok());
    facts.origin = values.text("origin").and_then(|text| text.parse().ok());
    facts
}
