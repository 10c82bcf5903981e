//! A test double for code that takes a KMS client: it refuses what KMS refuses.
//!
//! Code that moves aliases is written against a trait, with the AWS SDK behind it in production and
//! an `AliasTable` behind it in tests. A mock answers what its author believed; this double answers
//! by the rules, so that the tests find what KMS would refuse.
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

use std::cell::RefCell;
use std::fmt;

use kms_alias::{
    AccountId, AliasTable, Change, KeyArn, KeyId, KeyMetadata, KmsOperation, Operation, Refusal,
    Region, RequestText, ReservedNames, Scope, Timestamp, parse_key_identifier,
};

// The code under test, which knows nothing of this crate.

/// What the code under test needs of KMS. In production the AWS SDK is behind it.
trait Kms {
    fn create_key(&self) -> Result<String, KmsError>;
    fn create_alias(&self, alias_name: &str, target_key_id: &str) -> Result<(), KmsError>;
    fn update_alias(&self, alias_name: &str, target_key_id: &str) -> Result<(), KmsError>;
    fn disable_key(&self, key_id: &str) -> Result<(), KmsError>;
    fn describe_key(&self, key_id: &str) -> Result<String, KmsError>;
}

/// An error of KMS, as the SDK tells it.
#[derive(Debug)]
struct KmsError {
    code: &'static str,
    message: String,
}

impl fmt::Display for KmsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

/// Gives an alias a new key and disables its old one. The alias is made if it is not there.
fn rotate(kms: &impl Kms, alias_name: &str) -> Result<String, KmsError> {
    let old = kms.describe_key(alias_name);
    let new = kms.create_key()?;
    match old {
        Ok(old) => {
            kms.update_alias(alias_name, &new)?;
            kms.disable_key(&old)?;
        }
        Err(error) if error.code == "NotFoundException" => kms.create_alias(alias_name, &new)?,
        Err(error) => return Err(error),
    }
    Ok(new)
}

/// The same with a mistake that a mock would not show: an alias is no name for a key here (K8).
fn rotate_with_a_mistake(kms: &impl Kms, alias_name: &str) -> Result<String, KmsError> {
    let new = kms.create_key()?;
    kms.disable_key(alias_name)?;
    kms.update_alias(alias_name, &new)?;
    Ok(new)
}

// The double.

/// KMS in a test: one account and Region, a clock that ticks, and key IDs in their order.
struct TestKms {
    inner: RefCell<Inner>,
}

struct Inner {
    table: AliasTable,
    now: i64,
    keys_made: u8,
}

impl TestKms {
    fn new() -> Self {
        let scope = Scope::new(
            Region::from_static("eu-west-3"),
            AccountId::from_static("111122223333"),
        );
        let inner = RefCell::new(Inner {
            table: AliasTable::new(scope),
            now: 1_700_000_000_000,
            keys_made: 0,
        });
        Self { inner }
    }

    /// A request as KMS takes it: read, checked, done.
    fn request(&self, operation: KmsOperation, text: &RequestText<'_>) -> Result<Change, Refusal> {
        let mut inner = self.inner.borrow_mut();
        let operation = Operation::parse(operation, text, ReservedNames::default())?;
        inner.now += 1000;
        let at = Timestamp::from_millis(inner.now);
        inner.table.apply(&operation, at)
    }
}

impl From<Refusal> for KmsError {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: refusal.exception(),
            message: refusal.to_string(),
        }
    }
}

impl Kms for TestKms {
    fn create_key(&self) -> Result<String, KmsError> {
        let mut inner = self.inner.borrow_mut();
        inner.keys_made += 1;
        let key_id = KeyId::new([inner.keys_made; 16], false);
        let arn = KeyArn::new(inner.table.scope(), key_id);
        let key = KeyMetadata::builder(arn).build().expect("a possible key");
        inner.table.insert_key(key).expect("a key of its own");
        Ok(key_id.to_string())
    }

    fn create_alias(&self, alias_name: &str, target_key_id: &str) -> Result<(), KmsError> {
        let text = RequestText {
            alias_name: Some(alias_name),
            target_key_id: Some(target_key_id),
            ..RequestText::default()
        };
        self.request(KmsOperation::CreateAlias, &text)?;
        Ok(())
    }

    fn update_alias(&self, alias_name: &str, target_key_id: &str) -> Result<(), KmsError> {
        let text = RequestText {
            alias_name: Some(alias_name),
            target_key_id: Some(target_key_id),
            ..RequestText::default()
        };
        self.request(KmsOperation::UpdateAlias, &text)?;
        Ok(())
    }

    fn disable_key(&self, key_id: &str) -> Result<(), KmsError> {
        let text = RequestText {
            key_id: Some(key_id),
            ..RequestText::default()
        };
        self.request(KmsOperation::DisableKey, &text)?;
        Ok(())
    }

    fn describe_key(&self, key_id: &str) -> Result<String, KmsError> {
        let identifier = parse_key_identifier(Some(key_id))?;
        let inner = self.inner.borrow();
        let key = inner.table.describe_key(&identifier)?;
        Ok(key.key_id().to_string())
    }
}

/// What would be `#[test]` functions in your crate.
fn main() {
    let kms = TestKms::new();
    let first = rotate(&kms, "alias/payments").expect("the first key");
    let second = rotate(&kms, "alias/payments").expect("the second key");
    assert_ne!(first, second);
    assert_eq!(kms.describe_key("alias/payments").expect("a key"), second);
    println!("rotate: alias/payments went from {first} to {second}");

    // What KMS would say is what the test sees.
    let error = rotate(&kms, "alias/pay.ments").expect_err("a bad name");
    println!("rotate, a bad name: {error}");
    let error = rotate_with_a_mistake(&kms, "alias/payments").expect_err("a mistake");
    println!("rotate_with_a_mistake: {error}");

    // The table can be looked at: what stands, since when, and in which state its key is.
    let inner = kms.inner.borrow();
    for alias in inner.table.iter() {
        let key_id = alias.target_key_id().expect("a customer's alias has a key");
        let key = inner.table.key(key_id).expect("a key of the table");
        println!("{} -> {key_id} ({})", alias.name(), key.state());
    }
}
