//! An oracle of identifiers that shares nothing with the crate's own parsers: a regex of each type,
//! one of its beginnings, and every law of the type as a check of one text.
//!
//! Each `check_…` panics if any text breaks a law; property tests and fuzz targets call the same.
#![allow(dead_code, reason = "each test has its own use of it")]

mod broken;
pub mod grammar;

use std::borrow::Borrow;
use std::fmt::{Debug, Display};
use std::hash::{BuildHasher, Hash};
use std::str::FromStr;
use std::sync::LazyLock;

use kms_alias::{
    AccountId, AliasArn, AliasName, AnyAliasName, AwsAliasName, KeyArn, KeyId, KeyIdentifier,
    ParseError, Partition, Region, ReservedNames, Rule, Scope, TargetKeyId,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use grammar::{Grammar, PARTITIONS};

pub static ALIAS_NAMES: LazyLock<Grammar> = LazyLock::new(grammar::alias_names);
pub static AWS_ALIAS_NAMES: LazyLock<Grammar> = LazyLock::new(grammar::aws_alias_names);
pub static KEY_IDS: LazyLock<Grammar> = LazyLock::new(grammar::key_ids);
pub static KEY_ARNS: LazyLock<Grammar> = LazyLock::new(grammar::key_arns);
pub static ALIAS_ARNS: LazyLock<Grammar> = LazyLock::new(grammar::alias_arns);
pub static SCOPES: LazyLock<Grammar> = LazyLock::new(grammar::scopes);
pub static REGIONS: LazyLock<Grammar> = LazyLock::new(grammar::regions_of_all);
pub static PARTITION_NAMES: LazyLock<Grammar> = LazyLock::new(grammar::partitions);
pub static ACCOUNT_IDS: LazyLock<Grammar> = LazyLock::new(grammar::account_ids);
pub static TARGET_KEY_IDS: LazyLock<Grammar> = LazyLock::new(grammar::target_key_ids);
pub static KEY_IDENTIFIERS: LazyLock<Grammar> = LazyLock::new(grammar::key_identifiers);

/// The first and last character of every class of bytes that the grammar knows and those beside them,
/// and some beyond ASCII: long texts are tried with these, as every character is in short ones.
pub const EDGES: &[char] = &[
    '\0',
    ' ',
    ',',
    '-',
    '.',
    '/',
    '0',
    '9',
    ':',
    '@',
    'A',
    'F',
    'G',
    'Z',
    '[',
    '^',
    '_',
    '`',
    'a',
    'f',
    'g',
    'k',
    'm',
    'r',
    's',
    'z',
    '{',
    '\u{7f}',
    '\u{80}',
    'é',
    '\u{ff10}',
    '\u{1f511}',
];

/// The doors that every identifier has.
pub trait Identifier:
    FromStr<Err = ParseError>
    + for<'a> TryFrom<&'a str, Error = ParseError>
    + TryFrom<String, Error = ParseError>
    + Into<String>
    + Display
    + Debug
    + Clone
    + Eq
    + Hash
    + PartialEq<str>
    + for<'a> PartialEq<&'a str>
    + PartialEq<String>
    + Serialize
    + DeserializeOwned
{
}

impl<T> Identifier for T where
    T: FromStr<Err = ParseError>
        + for<'a> TryFrom<&'a str, Error = ParseError>
        + TryFrom<String, Error = ParseError>
        + Into<String>
        + Display
        + Debug
        + Clone
        + Eq
        + Hash
        + PartialEq<str>
        + for<'a> PartialEq<&'a str>
        + PartialEq<String>
        + Serialize
        + DeserializeOwned
{
}

/// What a type's errors say it is, and which rules they may name at a byte.
struct Words {
    type_name: &'static str,
    what: &'static str,
    rules: fn(&str, usize) -> Vec<Rule>,
}

const fn words(
    type_name: &'static str,
    what: &'static str,
    rules: fn(&str, usize) -> Vec<Rule>,
) -> Words {
    Words {
        type_name,
        what,
        rules,
    }
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::new().hash_one(value)
}

/// Every law of a value that stands for a text.
fn is_text<T: Identifier>(type_name: &str, value: &T, text: &str) {
    assert_eq!(value.to_string(), text);
    assert_eq!(Into::<String>::into(value.clone()), text);
    assert_eq!(format!("{value:?}"), format!("{type_name}(\"{text}\")"));
    let (owned, other) = (text.to_owned(), format!("{text}-"));
    assert!(*value == *text && *value == text && *value == owned);
    assert!(*value != *other && *value != other.as_str() && *value != other);
    assert_eq!(hash(value), hash(&value.clone()));
    let json = serde_json::to_string(value).expect("a string");
    assert_eq!(json, serde_json::to_string(text).expect("a string"));
}

/// The laws of a value that holds its text: it can stand for it as a key of a map.
fn borrows_text<T: Identifier + Ord + AsRef<str> + Borrow<str>>(value: &T, text: &str) {
    assert_eq!(value.as_ref(), text);
    assert_eq!(<T as Borrow<str>>::borrow(value), text);
    assert_eq!(hash(value), hash(text));
}

/// Every law of an error: where, why, and in which words.
fn is_error(words: &Words, error: ParseError, text: &str, position: usize, rules: &[Rule]) {
    assert_eq!(error.position(), position, "position in {text:?}: {error}");
    let rule = error.rule();
    assert!(
        rules.contains(&rule),
        "rule of {text:?}: found {rule}, wanted {rules:?}: {error}"
    );
    let found = match text[position..].chars().next() {
        None => String::from("the end"),
        Some('`') => String::from("a backtick"),
        Some(character) => format!("`{}`", character.escape_debug()),
    };
    let (what, quoted, expected) = (words.what, quoted(text), error.expected());
    assert_eq!(
        error.to_string(),
        format!(
            "invalid {what}{quoted}: expected {expected}, found {found} at byte {position} (rule \
             {rule})"
        )
    );
}

/// A text as an error quotes it: its first 80 bytes, nothing of an empty one.
fn quoted(text: &str) -> String {
    let mut begin = String::new();
    for character in text.chars() {
        if begin.len() + character.len_utf8() > 80 {
            return format!(" `{}…`", begin.escape_debug());
        }
        begin.push(character);
    }
    match text {
        "" => String::new(),
        _ => format!(" `{}`", text.escape_debug()),
    }
}

/// The laws that every type shares; the value, if the text is one.
fn check<T: Identifier>(words: &Words, grammar: &Grammar, text: &str) -> Option<T> {
    let parsed = text.parse::<T>();
    let (what, wanted) = (words.type_name, grammar.is_valid(text));
    assert_eq!(
        parsed.is_ok(),
        wanted,
        "{what} of {text:?}: found {parsed:?}"
    );
    assert_eq!(T::try_from(text), parsed);
    assert_eq!(T::try_from(text.to_owned()), parsed);
    let json = serde_json::to_string(text).expect("a string");
    let read = serde_json::from_str::<T>(&json);
    match parsed {
        Ok(value) => {
            assert_eq!(read.expect("what parses is read"), value);
            is_text(words.type_name, &value, text);
            Some(value)
        }
        Err(error) => {
            let said = read
                .expect_err("what does not parse is not read")
                .to_string();
            assert!(said.contains(&error.to_string()), "{said}");
            let position = grammar.first_wrong_byte(text);
            is_error(words, error, text, position, &(words.rules)(text, position));
            None
        }
    }
}

/// [`AliasName`] in both readings, [`AwsAliasName`] and [`AnyAliasName`]: rules A1–A4 and A8.
pub fn check_alias_name(text: &str) {
    const ANY: Words = words("AnyAliasName", "alias name", broken::name);
    const AWS: Words = words("AwsAliasName", "name of an AWS alias", broken::aws_name);
    let any = check::<AnyAliasName>(&ANY, &ALIAS_NAMES, text);
    let aws = check::<AwsAliasName>(&AWS, &AWS_ALIAS_NAMES, text);
    assert_eq!(AnyAliasName::is_valid(text), any.is_some());
    if let Some(any) = &any {
        borrows_text(any, text);
        assert_eq!(any.as_str(), text);
        assert_eq!(any.is_aws(), text.starts_with("alias/aws/"));
        assert_eq!(AwsAliasName::try_from(any.clone()).ok(), aws);
        let reserved = text.starts_with("alias/aws");
        assert_eq!(AliasName::try_from(any.clone()).is_ok(), !reserved);
    }
    if let Some(aws) = aws {
        borrows_text(&aws, text);
        assert_eq!(format!("alias/aws/{}", aws.service()), text);
        assert_eq!(Some(AnyAliasName::from(aws)), any);
    }
    for reserved_names in [ReservedNames::AliasAws, ReservedNames::AliasAwsSlash] {
        check_reading(text, reserved_names, any.as_ref());
    }
    let json = serde_json::to_string(text).expect("a string");
    let read = serde_json::from_str::<AliasName>(&json).ok();
    assert_eq!(read, text.parse().ok());
    assert_eq!(AliasName::try_from(text), text.parse());
    assert_eq!(AliasName::try_from(text.to_owned()), text.parse());
    assert_eq!(
        AliasName::parse_with(text, ReservedNames::default()),
        text.parse()
    );
}

fn check_reading(text: &str, reserved_names: ReservedNames, any: Option<&AnyAliasName>) {
    const CUSTOMER: Words = words("AliasName", "alias name", broken::name);
    let reserved = match reserved_names {
        ReservedNames::AliasAws => "alias/aws",
        ReservedNames::AliasAwsSlash => "alias/aws/",
    };
    assert_eq!(reserved_names.prefix(), reserved);
    assert_eq!(reserved_names.reserves(text), text.starts_with(reserved));
    let parsed = AliasName::parse_with(text, reserved_names);
    let wanted = any.is_some() && !text.starts_with(reserved);
    assert_eq!(
        parsed.is_ok(),
        wanted,
        "{reserved_names:?} of {text:?}: {parsed:?}"
    );
    assert_eq!(AliasName::is_valid_with(text, reserved_names), wanted);
    if reserved_names == ReservedNames::AliasAws {
        assert_eq!(AliasName::is_valid(text), wanted);
    }
    match parsed {
        Ok(name) => {
            is_text("AliasName", &name, text);
            borrows_text(&name, text);
            assert_eq!(name.as_str(), text);
            assert_eq!(Some(&AnyAliasName::from(name)), any);
        }
        // Rule A4 comes after A1–A3, so it has a place only in texts that obey these.
        Err(error) if any.is_some() => {
            is_error(&CUSTOMER, error, text, reserved.len() - 1, &[Rule::A4]);
        }
        Err(error) => {
            let position = ALIAS_NAMES.first_wrong_byte(text);
            is_error(
                &CUSTOMER,
                error,
                text,
                position,
                &broken::name(text, position),
            );
        }
    }
}

/// [`KeyId`]: rules K1 and K2.
pub fn check_key_id(text: &str) {
    const KEY_ID: Words = words("KeyId", "key ID", broken::key_id);
    let parsed = check::<KeyId>(&KEY_ID, &KEY_IDS, text);
    assert_eq!(KeyId::is_valid(text), parsed.is_some());
    if let Some(key_id) = parsed {
        let digits: String = text.trim_start_matches("mrk-").replace('-', "");
        let bytes = key_id.as_bytes().iter().map(|byte| format!("{byte:02x}"));
        assert_eq!(bytes.collect::<String>(), digits);
        assert_eq!(key_id.is_multi_region(), text.starts_with("mrk-"));
        assert_eq!(
            KeyId::new(*key_id.as_bytes(), key_id.is_multi_region()),
            key_id
        );
        assert_eq!(key_id.encode(&mut [0; 36]), text);
        assert_ne!(
            KeyId::new(*key_id.as_bytes(), !key_id.is_multi_region()),
            key_id
        );
    }
}

/// [`KeyArn`]: rules K3 and K4.
pub fn check_key_arn(text: &str) {
    const KEY_ARN: Words = words("KeyArn", "key ARN", broken::key_arn);
    let parsed = check::<KeyArn>(&KEY_ARN, &KEY_ARNS, text);
    assert_eq!(KeyArn::is_valid(text), parsed.is_some());
    if let Some(arn) = parsed {
        let (scope, key_id) = text.split_once(":key/").expect("a key ARN");
        assert_eq!(arn.scope(), scope);
        assert_eq!(arn.key_id(), key_id);
        assert_eq!(KeyArn::new(arn.scope(), arn.key_id()), arn);
    }
}

/// [`AliasArn`]: rules A7, K3 and K4.
pub fn check_alias_arn(text: &str) {
    const ALIAS_ARN: Words = words("AliasArn", "alias ARN", broken::alias_arn);
    if let Some(arn) = check::<AliasArn>(&ALIAS_ARN, &ALIAS_ARNS, text) {
        let (scope, name) = text.split_once(":alias/").expect("an alias ARN");
        assert_eq!(arn.scope(), scope);
        assert_eq!(*arn.alias_name(), format!("alias/{name}"));
        assert_eq!(AliasArn::new(arn.scope(), arn.alias_name().clone()), arn);
        assert_eq!(arn.clone().into_alias_name(), *arn.alias_name());
    }
}

/// [`Scope`]: rules K3 and K4.
pub fn check_scope(text: &str) {
    const SCOPE: Words = words("Scope", "scope", broken::scope);
    if let Some(scope) = check::<Scope>(&SCOPE, &SCOPES, text) {
        let parts: Vec<_> = text.split(':').collect();
        assert_eq!(scope.partition(), parts[1]);
        assert_eq!(scope.region(), parts[3]);
        assert_eq!(scope.account(), parts[4]);
        assert_eq!(Scope::new(scope.region(), scope.account()), scope);
    }
}

/// [`Region`]: rule K4.
pub fn check_region(text: &str) {
    const REGION: Words = words("Region", "Region", broken::region);
    if let Some(region) = check::<Region>(&REGION, &REGIONS, text) {
        borrows_text(&region, text);
        assert_eq!(region.as_str(), text);
        // Two dashes after `us-iso` and the like make the Region of another partition than `aws`.
        let fits = |(_, prefixes, _): &&(&str, &[&str], &str)| {
            prefixes.iter().any(|prefix| {
                let rest = text.strip_prefix(prefix);
                rest.is_some_and(|rest| rest.matches('-').count() == 1)
            })
        };
        let wanted: Vec<_> = PARTITIONS.iter().filter(fits).collect();
        assert_eq!(wanted.len(), 1, "{text}");
        assert_eq!(region.partition(), wanted[0].0);
    }
}

/// [`Partition`]: rule K4.
pub fn check_partition(text: &str) {
    const PARTITION: Words = words("Partition", "partition", broken::region);
    if let Some(partition) = check::<Partition>(&PARTITION, &PARTITION_NAMES, text) {
        borrows_text(&partition, text);
        assert_eq!(partition.as_str(), text);
        assert!(Partition::ALL.contains(&partition));
    }
}

/// [`AccountId`]: rule K3.
pub fn check_account_id(text: &str) {
    const ACCOUNT_ID: Words = words("AccountId", "account ID", broken::account_id);
    if let Some(account) = check::<AccountId>(&ACCOUNT_ID, &ACCOUNT_IDS, text) {
        borrows_text(&account, text);
        assert_eq!(account.as_str(), text);
    }
}

/// [`TargetKeyId`]: rule K5.
pub fn check_target_key_id(text: &str) {
    const TARGET: Words = words("TargetKeyId", "target key", broken::target_key_id);
    let parsed = check::<TargetKeyId>(&TARGET, &TARGET_KEY_IDS, text);
    match &parsed {
        None => {}
        Some(TargetKeyId::KeyId(key_id)) => assert_eq!(*key_id, text),
        Some(TargetKeyId::KeyArn(arn)) => assert_eq!(*arn, text),
    }
    if let Some(target) = parsed {
        assert!(text.ends_with(&target.key_id().to_string()));
        assert_eq!(KeyIdentifier::from(target), text);
    }
}

/// [`KeyIdentifier`]: rule K6.
pub fn check_key_identifier(text: &str) {
    const IDENTIFIER: Words = words("KeyIdentifier", "key identifier", broken::key_identifier);
    let parsed = check::<KeyIdentifier>(&IDENTIFIER, &KEY_IDENTIFIERS, text);
    let form = match &parsed {
        None => return,
        Some(KeyIdentifier::KeyId(key_id)) => (&KEY_IDS, key_id.to_string()),
        Some(KeyIdentifier::KeyArn(arn)) => (&KEY_ARNS, arn.to_string()),
        Some(KeyIdentifier::AliasName(name)) => (&ALIAS_NAMES, name.to_string()),
        Some(KeyIdentifier::AliasArn(arn)) => (&ALIAS_ARNS, arn.to_string()),
    };
    assert!(form.0.is_valid(text) && form.1 == text);
    let name = text.find("alias/").map(|start| &text[start..]);
    let found = parsed.as_ref().and_then(KeyIdentifier::alias_name);
    assert_eq!(found.map(AnyAliasName::as_str), name);
}

/// Every check above.
pub fn check_all(text: &str) {
    check_alias_name(text);
    check_key_id(text);
    check_key_arn(text);
    check_alias_arn(text);
    check_scope(text);
    check_region(text);
    check_partition(text);
    check_account_id(text);
    check_target_key_id(text);
    check_key_identifier(text);
}

/// Two values of a type whose order is that of the texts.
pub fn check_order_of_texts<T: Identifier + Ord>(a: &str, b: &str) {
    let (Ok(left), Ok(right)) = (a.parse::<T>(), b.parse::<T>()) else {
        return;
    };
    assert_eq!(left.cmp(&right), a.cmp(b), "{a:?} and {b:?}");
    assert_eq!(left.partial_cmp(&right), Some(a.cmp(b)));
    assert_eq!(left == right, a == b);
}

/// Two values of a type whose order is that of the parts between colons.
pub fn check_order_of_parts<T: Identifier + Ord>(a: &str, b: &str) {
    let (Ok(left), Ok(right)) = (a.parse::<T>(), b.parse::<T>()) else {
        return;
    };
    let by_parts = a.split(':').cmp(b.split(':'));
    assert_eq!(left.cmp(&right), by_parts, "{a:?} and {b:?}");
    assert_eq!(left.partial_cmp(&right), Some(by_parts));
    assert_eq!(left == right, a == b);
}
