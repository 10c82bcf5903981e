//! What DescribeKey says of a key.
//!
//! There is one reader of key metadata and one writer, and both speak JSON: here the SDK's members
//! are only handed to the one and taken from the other.

use aws_sdk_kms::error::BuildError;
use aws_sdk_kms::primitives::DateTime;
use aws_sdk_kms::types::builders::KeyMetadataBuilder;
use aws_sdk_kms::types::{
    KeyMetadata as SdkKey, MultiRegionConfiguration, MultiRegionKey, MultiRegionKeyType,
};
use kms_alias::{AliasTable, KeyMetadata, Timestamp};
use kms_alias_files::{AccountError, File, Options, load};
use serde_json::{Map, Value, json};

/// A key as DescribeKey describes it.
///
/// ```
/// use aws_sdk_kms::types::{self as sdk, KeyMetadata};
/// use kms_alias_sdk::Key;
///
/// let described = KeyMetadata::builder()
///     .key_id("1234abcd-12ab-34cd-56ef-1234567890ab")
///     .arn("arn:aws:kms:eu-west-3:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab")
///     .key_state(sdk::KeyState::Enabled)
///     .enabled(true)
///     .key_spec(sdk::KeySpec::Rsa2048)
///     .key_usage(sdk::KeyUsageType::SignVerify)
///     .origin(sdk::OriginType::AwsKms)
///     .key_manager(sdk::KeyManagerType::Customer)
///     .build()?;
/// let Key(key) = Key::try_from(&described)?;
/// assert_eq!(key.spec(), kms_alias::KeySpec::Rsa2048);
/// assert_eq!(KeyMetadata::try_from(&Key(key))?.arn(), described.arn());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it is a key and nothing else")]
pub struct Key(pub KeyMetadata);

/// Why the SDK's key metadata describe no key, or a key cannot be described to the SDK.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct InvalidKey(#[from] Reason);

#[derive(Debug, thiserror::Error)]
enum Reason {
    #[error(transparent)]
    Read(#[from] AccountError),
    #[error("it is described as no key")]
    Nothing,
    #[error(transparent)]
    Built(#[from] BuildError),
}

impl TryFrom<&SdkKey> for Key {
    type Error = InvalidKey;

    fn try_from(key: &SdkKey) -> Result<Self, InvalidKey> {
        let document = json!({"KeyMetadata": members(key)}).to_string();
        let file = File {
            name: "DescribeKey",
            bytes: document.as_bytes(),
        };
        let table = load(&[file], Options::default()).map_err(Reason::Read)?;
        let key = table.keys().next().cloned();
        Ok(Self(key.ok_or(Reason::Nothing)?))
    }
}

/// The members that are there, by KMS's names.
fn members(key: &SdkKey) -> Value {
    let date = |date: &DateTime| Value::from(date.as_secs_f64());
    let members = [
        ("AWSAccountId", key.aws_account_id().map(Value::from)),
        ("KeyId", Some(key.key_id().into())),
        ("Arn", key.arn().map(Value::from)),
        ("CreationDate", key.creation_date().map(date)),
        ("Enabled", Some(key.enabled().into())),
        ("Description", key.description().map(Value::from)),
        ("KeyUsage", key.key_usage().map(|name| name.as_str().into())),
        ("KeyState", key.key_state().map(|name| name.as_str().into())),
        ("DeletionDate", key.deletion_date().map(date)),
        ("Origin", key.origin().map(|name| name.as_str().into())),
        (
            "KeyManager",
            key.key_manager().map(|name| name.as_str().into()),
        ),
        ("KeySpec", key.key_spec().map(|name| name.as_str().into())),
        ("MultiRegion", key.multi_region().map(Value::from)),
        (
            "MultiRegionConfiguration",
            key.multi_region_configuration().map(configuration),
        ),
        (
            "PendingDeletionWindowInDays",
            key.pending_deletion_window_in_days().map(Value::from),
        ),
        (
            "CurrentKeyMaterialId",
            key.current_key_material_id().map(Value::from),
        ),
        (
            "ExpirationModel",
            key.expiration_model().map(|name| name.as_str().into()),
        ),
        ("ValidTo", key.valid_to().map(date)),
    ];
    let there = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(there.collect())
}

fn configuration(configuration: &MultiRegionConfiguration) -> Value {
    let related = |key: &MultiRegionKey| json!({"Arn": key.arn(), "Region": key.region()});
    let replicas = configuration.replica_keys().iter().map(related);
    json!({
        "MultiRegionKeyType": configuration.multi_region_key_type().map(MultiRegionKeyType::as_str),
        "PrimaryKey": configuration.primary_key().map(related),
        "ReplicaKeys": replicas.collect::<Vec<_>>(),
    })
}

impl TryFrom<&Key> for SdkKey {
    type Error = InvalidKey;

    fn try_from(Key(key): &Key) -> Result<Self, InvalidKey> {
        let described = describe(key).ok_or(Reason::Nothing)?;
        let builder = described.into_iter().fold(Self::builder(), take);
        Ok(builder.build().map_err(Reason::Built)?)
    }
}

/// What DescribeKey answers for a key.
fn describe(key: &KeyMetadata) -> Option<Map<String, Value>> {
    let mut table = AliasTable::new(key.arn().scope());
    table.insert_key(key.clone()).ok()?;
    let asked = json!({"KeyId": key.key_id().to_string()}).to_string();
    // Before any deletion could be due.
    let (target, at) = ("TrentService.DescribeKey", Timestamp::MIN);
    let answer = kms_alias_wire::handle(&mut table, target, asked.as_bytes(), at, [0; 16]);
    let mut answer: Value = serde_json::from_slice(answer.body()).ok()?;
    match answer.get_mut("KeyMetadata")?.take() {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// Gives a member to the builder, which has one for each.
fn take(builder: KeyMetadataBuilder, (name, value): (String, Value)) -> KeyMetadataBuilder {
    let text = value.as_str();
    match name.as_str() {
        "AWSAccountId" => builder.set_aws_account_id(text.map(str::to_owned)),
        "KeyId" => builder.set_key_id(text.map(str::to_owned)),
        "Arn" => builder.set_arn(text.map(str::to_owned)),
        "CreationDate" => builder.set_creation_date(date(&value)),
        "Enabled" => builder.set_enabled(value.as_bool()),
        "Description" => builder.set_description(text.map(str::to_owned)),
        "KeyUsage" => builder.set_key_usage(text.map(Into::into)),
        "KeyState" => builder.set_key_state(text.map(Into::into)),
        "DeletionDate" => builder.set_deletion_date(date(&value)),
        "Origin" => builder.set_origin(text.map(Into::into)),
        "KeyManager" => builder.set_key_manager(text.map(Into::into)),
        "KeySpec" => builder.set_key_spec(text.map(Into::into)),
        "CurrentKeyMaterialId" => builder.set_current_key_material_id(text.map(str::to_owned)),
        "ExpirationModel" => builder.set_expiration_model(text.map(Into::into)),
        "MultiRegion" => builder.set_multi_region(value.as_bool()),
        "MultiRegionConfiguration" => {
            builder.multi_region_configuration(read_configuration(&value))
        }
        "PendingDeletionWindowInDays" => {
            let days = value.as_i64().and_then(|days| days.try_into().ok());
            builder.set_pending_deletion_window_in_days(days)
        }
        "EncryptionAlgorithms" => builder.set_encryption_algorithms(names(&value)),
        "SigningAlgorithms" => builder.set_signing_algorithms(names(&value)),
        "MacAlgorithms" => builder.set_mac_algorithms(names(&value)),
        "KeyAgreementAlgorithms" => builder.set_key_agreement_algorithms(names(&value)),
        // The old name of KeySpec, which the SDK has deprecated.
        _ => builder,
    }
}

fn date(value: &Value) -> Option<DateTime> {
    value.as_f64().map(DateTime::from_secs_f64)
}

fn names<T: for<'a> From<&'a str>>(value: &Value) -> Option<Vec<T>> {
    let names = value.as_array()?.iter().filter_map(Value::as_str);
    Some(names.map(T::from).collect())
}

fn read_configuration(value: &Value) -> MultiRegionConfiguration {
    let text = |value: &Value, name: &str| Some(value.get(name)?.as_str()?.to_owned());
    let related = |key: &Value| {
        MultiRegionKey::builder()
            .set_arn(text(key, "Arn"))
            .set_region(text(key, "Region"))
            .build()
    };
    let replicas = value.get("ReplicaKeys").and_then(Value::as_array);
    let role = text(value, "MultiRegionKeyType");
    MultiRegionConfiguration::builder()
        .set_multi_region_key_type(role.map(|role| role.as_str().into()))
        .set_primary_key(value.get("PrimaryKey").map(related))
        .set_replica_keys(replicas.map(|keys| keys.iter().map(related).collect()))
        .build()
}
