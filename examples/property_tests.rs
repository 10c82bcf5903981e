//! Property tests of your own crate, with this crate's strategies (feature `proptest`).
//!
//! `any::<AliasName>()` makes alias names, `any::<AliasTable>()` whole accounts, and so on for
//! every type that a caller hands in. Your tests say what has to hold of all of them; proptest finds
//! a small one of which it does not. In your crate:
//!
//! ```toml
//! [dev-dependencies]
//! kms-alias = { version = "0.1", features = ["proptest"] }
//! proptest = "1"
//! ```
#![allow(clippy::pedantic, clippy::restriction, missing_docs, unreachable_pub)]

use kms_alias::{AliasName, AliasTable, KeyIdentifier, Operation, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseResult, TestError, TestRunner};

// The code under test: yours.

/// An alias name as a file name: no directories, and back again.
fn to_file_name(name: &AliasName) -> String {
    let tail = &name.as_str()["alias/".len()..];
    tail.replace('_', "__").replace('/', "_s")
}

fn from_file_name(file_name: &str) -> Option<AliasName> {
    let tail = file_name
        .split("__")
        .map(|part| part.replace("_s", "/"))
        .collect::<Vec<_>>()
        .join("_");
    format!("alias/{tail}").parse().ok()
}

/// The same with a mistake: two names can get one file name.
fn to_file_name_with_a_mistake(name: &AliasName) -> String {
    let tail = &name.as_str()["alias/".len()..];
    tail.replace('/', "-")
}

/// Moves every alias of one key to another, all of them or none.
fn move_all(
    table: &mut AliasTable,
    from: &KeyIdentifier,
    to: &KeyIdentifier,
    at: Timestamp,
) -> Result<usize, String> {
    let from = table.resolve(from).map_err(|refusal| refusal.to_string())?;
    let to = table.resolve(to).map_err(|refusal| refusal.to_string())?;
    let names = table.aliases_of(from).map(|alias| alias.name().to_owned());
    let operations: Vec<Operation> = names
        .filter_map(|name| name.parse().ok())
        .map(|alias_name| Operation::UpdateAlias {
            alias_name,
            target_key_id: to.into(),
        })
        .collect();
    let changes = table.apply_all(&operations, at);
    changes
        .map(|changes| changes.len())
        .map_err(|refused| refused.to_string())
}

// The properties. In your crate they stand in `proptest! { #[test] fn … }`.

fn main() {
    let names = any::<AliasName>();
    let there_and_back = check(&names, |name| {
        let file_name = to_file_name(&name);
        prop_assert!(!file_name.contains('/'));
        prop_assert_eq!(from_file_name(&file_name), Some(name));
        Ok(())
    });
    report("an alias name survives as a file name", there_and_back);

    let accounts = any::<(AliasTable, prop::sample::Index, prop::sample::Index)>();
    let all_or_none = check(&accounts, |(mut table, from, to)| {
        let keys: Vec<_> = table
            .keys()
            .map(|key| KeyIdentifier::from(key.key_id()))
            .collect();
        prop_assume!(!keys.is_empty());
        let (from, to) = (from.get(&keys), to.get(&keys));
        let before = table.clone();
        if move_all(&mut table, from, to, Timestamp::from_millis(0)).is_err() {
            prop_assert_eq!(&table, &before, "refused means unchanged");
        }
        prop_assert_eq!(table.len(), before.len());
        Ok(())
    });
    report("all aliases move or none does", all_or_none);

    let pairs = any::<(AliasName, AliasName)>();
    let mistaken = check(&names_that_differ_in_a_slash(pairs), |(one, other)| {
        prop_assert_ne!(
            to_file_name_with_a_mistake(&one),
            to_file_name_with_a_mistake(&other)
        );
        Ok(())
    });
    report("two names have two file names, with the mistake", mistaken);
}

/// Strategies can be built upon: a name, and the same with its slashes as dashes.
fn names_that_differ_in_a_slash(
    names: impl Strategy<Value = (AliasName, AliasName)>,
) -> impl Strategy<Value = (AliasName, AliasName)> {
    names.prop_filter_map("no slash", |(name, _)| {
        let (_, tail) = name.as_str().split_once('/')?;
        let other = format!("alias/{}", tail.replace('/', "-"));
        let other: AliasName = other.parse().ok()?;
        (other != name).then_some((name, other))
    })
}

/// How many cases each property is tried with.
const CASES: u32 = 500;

/// Tries a property as `proptest!` does.
fn check<S: Strategy>(
    strategy: &S,
    property: impl Fn(S::Value) -> TestCaseResult,
) -> Result<(), TestError<S::Value>> {
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(CASES)
    };
    TestRunner::new(config).run(strategy, property)
}

fn report<T: std::fmt::Debug>(what: &str, result: Result<(), TestError<T>>) {
    match result {
        Ok(()) => println!("{what}: {CASES} cases passed"),
        Err(TestError::Fail(_, example)) => println!("{what}: not so for {example:?}"),
        Err(TestError::Abort(reason)) => println!("{what}: given up, {reason}"),
    }
}
