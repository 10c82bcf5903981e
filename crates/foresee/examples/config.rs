//! A configuration whose fields are validated while serde reads it.
//!
//! Every identifier of this crate deserializes from its text and from no wrong one, so a
//! configuration that was read needs no further checks: an error names the field's line and says
//! what was expected, what was found and at which byte.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

use kms_alias::{
    AccountId, AliasName, AliasTable, AwsAliasName, KeyArn, KeyId, KeyIdentifier, KeyMetadata,
    Region, ReservedNames, Scope, TargetKeyId,
};
use kms_alias_foresee::AliasPattern;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// What a service is told about its keys.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    region: Region,
    account: AccountId,
    /// The key that the service encrypts with, by any of the four forms.
    encrypt_with: KeyIdentifier,
    /// The aliases that it makes at its start.
    aliases: Vec<Alias>,
    /// The aliases that its operators may use.
    #[serde(default)]
    operators: Vec<AliasPattern>,
    /// The AWS managed key of its buckets.
    #[serde(default)]
    buckets: Option<AwsAliasName>,
    /// A name under AWS's newer rule, by which `alias/awsome` is nobody's but yours.
    #[serde(default, deserialize_with = "under_the_newer_rule")]
    legacy: Option<AliasName>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Alias {
    name: AliasName,
    target: TargetKeyId,
}

/// The default reading of rule A4 is the stricter one; a field can choose the other.
fn under_the_newer_rule<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<AliasName>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let parse = |text: String| AliasName::parse_with(&text, ReservedNames::AliasAwsSlash);
    text.map(parse).transpose().map_err(D::Error::custom)
}

const GOOD: &str = r#"{
    "region": "eu-west-3",
    "account": "111122223333",
    "encrypt_with": "alias/payments",
    "aliases": [
        {"name": "alias/payments", "target": "1234abcd-12ab-34cd-56ef-1234567890ab"},
        {"name": "alias/invoices", "target": "arn:aws:kms:eu-west-3:111122223333:key/0987dcba-09fe-87dc-65ba-ab0987654321"}
    ],
    "operators": ["alias/pay*", "alias/invoices"],
    "buckets": "alias/aws/s3",
    "legacy": "alias/awsome"
}"#;

/// Mistakes: a text of the good configuration, and what stands there instead.
const MISTAKES: &[(&str, &str)] = &[
    ("eu-west-3", "eu-west"),
    ("111122223333", "11112222333"),
    ("1234abcd-12ab", "1234ABCD-12ab"),
    ("arn:aws:kms:eu-west-3:111122223333:key/", "alias/"),
    ("alias/aws/s3", "alias/s3"),
    ("alias/pay*", "alias/${aws:username}"),
    ("alias/awsome", "alias/aws/ome"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config: Config = serde_json::from_str(GOOD)?;
    println!("encrypts with {} in {}", config.encrypt_with, config.region);
    println!(
        "buckets by {:?}, legacy {:?}",
        config.buckets, config.legacy
    );
    for alias in &config.aliases {
        let may_use = config
            .operators
            .iter()
            .any(|pattern| pattern.matches(&alias.name));
        println!("{} -> {} (operators: {may_use})", alias.name, alias.target);
    }

    // Together the fields are a scope, and an account that has room for the aliases.
    let scope = Scope::new(config.region, config.account);
    let mut table = AliasTable::new(scope);
    let keys: Vec<KeyId> = config
        .aliases
        .iter()
        .map(|alias| alias.target.key_id())
        .collect();
    for key_id in keys {
        table.insert_key(KeyMetadata::builder(KeyArn::new(scope, key_id)).build()?)?;
    }
    let at = kms_alias::Timestamp::from_millis(0);
    for alias in config.aliases {
        table.create_alias(alias.name, alias.target, at)?;
    }
    println!("{} aliases stand in {scope}", table.len());

    for (good, bad) in MISTAKES {
        let text = GOOD.replacen(good, bad, 1);
        match serde_json::from_str::<Config>(&text) {
            Ok(_) => println!("{bad} is taken"),
            Err(error) => println!("{bad} is refused: {error}"),
        }
    }
    Ok(())
}
