//! A naive model of one account and Region: maps of strings, judged by the rules as written.
//!
//! It shares no code with the crate; only `adaptor` knows both.
#![allow(dead_code, reason = "each test has its own use of it")]

use std::collections::{BTreeMap, BTreeSet};

pub mod adaptor;
mod judge;
pub mod key;
pub mod large;
pub mod list;
pub mod states;
mod text;
mod wanted;
pub mod world;

pub use key::{Key, Role};

/// Why something is refused: the rule, the exception and the words where the rules have them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub rule: &'static str,
    pub exception: Option<&'static str>,
    pub message: Option<String>,
}

impl Refused {
    fn without_words(rule: &'static str, exception: &'static str) -> Self {
        Self {
            rule,
            exception: Some(exception),
            message: None,
        }
    }

    /// Neither exception nor words are told by the rules.
    const fn by_rule(rule: &'static str) -> Self {
        Self {
            rule,
            exception: None,
            message: None,
        }
    }
}

fn refused(rule: &'static str, exception: &'static str, message: String) -> Refused {
    Refused {
        message: Some(message),
        ..Refused::without_words(rule, exception)
    }
}

/// A request, or an event, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    pub operation: &'static str,
    pub alias_name: Option<String>,
    pub target_key_id: Option<String>,
    pub key_id: Option<String>,
    pub pending_window_in_days: Option<i64>,
    /// Of `SetKeyState` alone.
    pub state: Option<&'static str>,
}

impl Request {
    pub fn alias(operation: &'static str, name: &str, target: &str) -> Self {
        Self {
            operation,
            alias_name: Some(name.to_owned()),
            target_key_id: Some(target.to_owned()),
            ..Self::default()
        }
    }

    pub fn delete_alias(name: &str) -> Self {
        Self {
            operation: "DeleteAlias",
            alias_name: Some(name.to_owned()),
            ..Self::default()
        }
    }

    pub fn key(operation: &'static str, key_id: &str) -> Self {
        Self {
            operation,
            key_id: Some(key_id.to_owned()),
            ..Self::default()
        }
    }

    pub fn set_state(key_id: &str, state: &'static str) -> Self {
        Self {
            state: Some(state),
            ..Self::key("SetKeyState", key_id)
        }
    }
}

/// An alias, with its dates where they are known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Alias {
    /// One of AWS's own may have none.
    pub target: Option<String>,
    pub created: Option<i64>,
    pub updated: Option<i64>,
}

/// Keys by ID and aliases by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Model {
    /// Partition, Region, account.
    pub scope: [String; 3],
    /// What reserved names begin with (rule A4).
    pub reserved: &'static str,
    /// Aliases per key (rule T6).
    pub quota: usize,
    pub keys: BTreeMap<String, Key>,
    /// The keys of which only their existence is known (rule I6).
    pub undescribed: BTreeSet<String>,
    pub aliases: BTreeMap<String, Alias>,
    /// The names that each key ID has.
    names: BTreeMap<String, BTreeSet<String>>,
}

impl Model {
    pub fn new(scope: [&str; 3]) -> Self {
        Self {
            scope: scope.map(str::to_owned),
            reserved: "alias/aws",
            quota: 50,
            keys: BTreeMap::new(),
            undescribed: BTreeSet::new(),
            aliases: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }

    fn arn(&self, resource: &str) -> String {
        let [partition, region, account] = &self.scope;
        format!("arn:{partition}:kms:{region}:{account}:{resource}")
    }

    pub fn key_arn(&self, key_id: &str) -> String {
        self.arn(&format!("key/{key_id}"))
    }

    pub fn alias_arn(&self, name: &str) -> String {
        self.arn(name)
    }

    /// The names of the aliases that a key ID has, in order.
    pub fn names_of(&self, key_id: &str) -> impl Iterator<Item = &String> {
        self.names.get(key_id).into_iter().flatten()
    }

    /// Rule I1: a key comes without a request.
    pub fn insert_key(&mut self, key_id: &str, key: Key) -> Result<(), &'static str> {
        if self.keys.contains_key(key_id) {
            return Err("I1");
        }
        self.undescribed.remove(key_id);
        self.keys.insert(key_id.to_owned(), key);
        Ok(())
    }

    /// Rule I1: a key of which only its existence is known.
    pub fn insert_undescribed_key(&mut self, key_id: &str) -> Result<(), &'static str> {
        if self.exists(key_id) {
            return Err("I1");
        }
        self.undescribed.insert(key_id.to_owned());
        Ok(())
    }

    /// Whether a key is there, described or not.
    pub fn exists(&self, key_id: &str) -> bool {
        self.keys.contains_key(key_id) || self.undescribed.contains(key_id)
    }

    /// Rules T1, I5: a key goes without a request.
    pub fn remove_key(&mut self, key_id: &str) -> Result<(), &'static str> {
        if !self.exists(key_id) {
            return Err("T1");
        }
        if self.names_of(key_id).next().is_some() {
            return Err("I5");
        }
        self.keys.remove(key_id);
        self.undescribed.remove(key_id);
        Ok(())
    }

    /// Puts an alias there, or gives it another key or dates.
    pub fn put_alias(&mut self, name: &str, alias: Alias) {
        self.drop_alias(name);
        if let Some(target) = &alias.target {
            let names = self.names.entry(target.clone()).or_default();
            names.insert(name.to_owned());
            if !self.keys.contains_key(target) {
                self.undescribed.insert(target.clone());
            }
        }
        self.aliases.insert(name.to_owned(), alias);
    }

    fn drop_alias(&mut self, name: &str) {
        let target = self.aliases.remove(name).and_then(|alias| alias.target);
        let Some(target) = target else { return };
        if let Some(names) = self.names.get_mut(&target) {
            names.remove(name);
            if names.is_empty() {
                self.names.remove(&target);
            }
        }
    }
}
