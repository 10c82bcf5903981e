//! Runs of which nothing is left open: every order that their dependencies allow, through a closed
//! table alone.

use std::collections::{BTreeMap, BTreeSet};

use kms_alias::{
    AccountId, AliasListEntry, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, KeySpec,
    KeyState, KeyUsage, Operation, Region, Scope, Snapshot, Timestamp,
};
use kms_alias_files::{Accounts, File, JudgedRun, Options, read_account};
use kms_alias_foresee::verdict::{Conclusion, Outcome};
use serde_json::{Value, json};

pub const SCOPE: Scope = Scope::new(
    Region::from_static("eu-west-3"),
    AccountId::from_static("111122223333"),
);
/// When the runs happen.
pub const AT: Timestamp = Timestamp::from_millis(1_793_491_200_000);

/// As many runs of a closed table may a file take: completions times orders.
const MOST: usize = 6_000;

/// What a key can be, as far as an alias meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Symmetric,
    Hmac,
    Rsa,
    PendingDeletion,
}

pub const KINDS: [Kind; 4] = [
    Kind::Symmetric,
    Kind::Hmac,
    Kind::Rsa,
    Kind::PendingDeletion,
];

impl Kind {
    pub const fn spec(self) -> KeySpec {
        match self {
            Self::Symmetric | Self::PendingDeletion => KeySpec::SymmetricDefault,
            Self::Hmac => KeySpec::Hmac256,
            Self::Rsa => KeySpec::Rsa2048,
        }
    }

    pub const fn usage(self) -> KeyUsage {
        match self {
            Self::Symmetric | Self::PendingDeletion => KeyUsage::EncryptDecrypt,
            Self::Hmac => KeyUsage::GenerateVerifyMac,
            Self::Rsa => KeyUsage::SignVerify,
        }
    }

    const fn state(self) -> KeyState {
        match self {
            Self::PendingDeletion => KeyState::PendingDeletion,
            _ => KeyState::Enabled,
        }
    }

    pub fn key(self, id: KeyId) -> KeyMetadata {
        let key = KeyMetadata::builder(KeyArn::new(SCOPE, id));
        let key = key.spec(self.spec()).usage(self.usage());
        key.state(self.state()).build().expect("a key")
    }
}

pub fn key_id(number: usize) -> KeyId {
    let number = u8::try_from(number).expect("few keys");
    KeyId::new([number + 0x10; 16], false)
}

pub fn key_arn(number: usize) -> String {
    KeyArn::new(SCOPE, key_id(number)).to_string()
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Ask {
    /// A key is made: no request of the rules.
    Make(KeyMetadata),
    Request(Operation),
    /// A request that no rule lets through, whatever stands: its name is none.
    Malformed,
}

#[derive(Clone, Debug)]
pub struct Step {
    pub address: String,
    pub operation: &'static str,
    pub ask: Ask,
}

impl Step {
    pub fn make(address: &str, key: KeyMetadata) -> Self {
        Self {
            address: address.to_owned(),
            operation: "CreateKey",
            ask: Ask::Make(key),
        }
    }

    pub fn create(address: &str, name: &str, target: KeyId) -> Self {
        let operation = |alias_name| Operation::CreateAlias {
            alias_name,
            target_key_id: target.into(),
        };
        Self::of(address, "CreateAlias", name, operation)
    }

    pub fn update(address: &str, name: &str, target: KeyId) -> Self {
        let operation = |alias_name| Operation::UpdateAlias {
            alias_name,
            target_key_id: target.into(),
        };
        Self::of(address, "UpdateAlias", name, operation)
    }

    pub fn delete(address: &str, name: &str) -> Self {
        let operation = |alias_name| Operation::DeleteAlias { alias_name };
        Self::of(address, "DeleteAlias", name, operation)
    }

    fn of(
        address: &str,
        operation: &'static str,
        name: &str,
        ask: impl Fn(AliasName) -> Operation,
    ) -> Self {
        Self {
            address: address.to_owned(),
            operation,
            ask: name
                .parse()
                .map_or(Ask::Malformed, |name| Ask::Request(ask(name))),
        }
    }
}

/// A run of which nothing is left open but the order.
#[derive(Clone, Debug)]
pub struct Closed {
    pub keys: Vec<KeyMetadata>,
    /// Each alias that stands, with its key.
    pub aliases: Vec<(String, KeyId)>,
    pub quota: u32,
    pub steps: Vec<Step>,
    /// Pairs of steps, of which the first comes before the second.
    pub before: Vec<(usize, usize)>,
}

impl Closed {
    fn table(&self) -> AliasTable {
        let mut parts = Snapshot::new(SCOPE);
        parts.aliases_per_key = self.quota;
        parts.keys.clone_from(&self.keys);
        let entry = |(name, key_id): &(String, KeyId)| {
            AliasListEntry::new(name.parse().expect("a name"), Some(*key_id))
        };
        parts.aliases = self.aliases.iter().map(entry).collect();
        parts.into_table().expect("a table")
    }

    /// Every order, or nothing if there are more than so many.
    fn orders(&self, most: usize) -> Option<Vec<Vec<usize>>> {
        let mut found = Vec::new();
        let mut open = vec![Vec::new()];
        while let Some(order) = open.pop() {
            if order.len() == self.steps.len() {
                found.push(order);
                if found.len() > most {
                    return None;
                }
                continue;
            }
            for step in 0..self.steps.len() {
                let waits =
                    |(first, second): &(usize, usize)| *second == step && !order.contains(first);
                if !order.contains(&step) && !self.before.iter().any(waits) {
                    let mut next = order.clone();
                    next.push(step);
                    open.push(next);
                }
            }
        }
        assert!(!found.is_empty(), "dependencies go round: {self:#?}");
        Some(found)
    }

    /// Whether each step succeeds in an order. What follows a refused step is asked all the same.
    fn run(&self, order: &[usize]) -> Vec<bool> {
        let mut table = self.table();
        let mut succeeds = vec![true; self.steps.len()];
        for number in order {
            succeeds[*number] = match &self.steps[*number].ask {
                Ask::Make(key) => table.insert_key(key.clone()).is_ok(),
                Ask::Request(operation) => table.apply(operation, AT).is_ok(),
                Ask::Malformed => false,
            };
        }
        succeeds
    }
}

/// Holds the verdicts on a file against every closed run that it stands for: what is said to be
/// `ok` or `refused` is so in each, and the steps are those of the runs.
pub fn check(judged: &JudgedRun, worlds: &[Closed], shown: &dyn Fn() -> String) {
    let mut orders = Vec::new();
    let mut left = MOST;
    for world in worlds {
        let Some(of_world) = world.orders(left) else {
            return;
        };
        left -= of_world.len();
        orders.push(of_world);
    }
    let mut results: BTreeMap<(&str, &str), BTreeSet<bool>> = BTreeMap::new();
    let mut whole = BTreeSet::new();
    for (world, orders) in worlds.iter().zip(&orders) {
        for order in orders {
            let succeeds = world.run(order);
            whole.insert(succeeds.iter().all(|it| *it));
            for (step, succeeds) in world.steps.iter().zip(succeeds) {
                let own = results.entry((&step.address, step.operation)).or_default();
                own.insert(succeeds);
            }
        }
    }
    let mut said = BTreeSet::new();
    for (step, outcome) in judged.read.run.steps.iter().zip(&judged.judgement.outcomes) {
        let own = (
            step.address.as_deref().unwrap_or_default(),
            step.request.operation(),
        );
        said.insert(own);
        let results = results.get(&own);
        let results = results.unwrap_or_else(|| panic!("no step {own:?}: {}", shown()));
        let is_so = match outcome {
            Outcome::Ok => !results.contains(&false),
            Outcome::Refused { .. } => !results.contains(&true),
            Outcome::Undecided { .. } => true,
        };
        assert!(is_so, "{own:?} is not {outcome:?}: {}", shown());
    }
    for own in results.keys() {
        assert!(said.contains(own), "{own:?} is passed over: {}", shown());
    }
    let conclusion = judged.conclusion();
    let is_so = match conclusion {
        Conclusion::Passes => !whole.contains(&false),
        Conclusion::Fails => !whole.contains(&true),
        _ => true,
    };
    assert!(is_so, "not {conclusion:?}: {}", shown());
}

/// The files of an account whose aliases are all listed: those, and the keys that are described.
pub fn account(aliases: &[(String, KeyId)], described: &[KeyMetadata]) -> String {
    let entry = |(name, key_id): &(String, KeyId)| json!({"AliasName": name, "AliasArn": format!("{SCOPE_ARN}:{name}"), "TargetKeyId": key_id.to_string()});
    let list: Vec<Value> = aliases.iter().map(entry).collect();
    let mut text = json!({"Aliases": list}).to_string();
    for key in described {
        let mut document = json!({"KeyMetadata": {
            "KeyId": key.key_id().to_string(), "Arn": key.arn().to_string(), "KeyState": key.state().to_string(),
            "KeySpec": key.spec().to_string(), "KeyUsage": key.usage().to_string(), "Origin": "AWS_KMS",
            "KeyManager": "CUSTOMER"
        }});
        if key.state() == KeyState::PendingDeletion {
            document["KeyMetadata"]["DeletionDate"] = json!("2030-01-01T00:00:00Z");
        }
        text.push('\n');
        text.push_str(&document.to_string());
    }
    text
}

pub const SCOPE_ARN: &str = "arn:aws:kms:eu-west-3:111122223333";

pub fn accounts(text: &str, quota: u32) -> Accounts {
    let options = Options::default();
    let options = options.with_scope(SCOPE).with_aliases_per_key(quota);
    let file = File {
        name: "account",
        bytes: text.as_bytes(),
    };
    read_account(&[file], options).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Every choice of one of each list.
pub fn product<T: Clone>(lists: &[Vec<T>]) -> Vec<Vec<T>> {
    let mut all = vec![Vec::new()];
    for list in lists {
        let each = all.iter().flat_map(|chosen: &Vec<T>| {
            list.iter().map(|next| {
                let mut chosen = chosen.clone();
                chosen.push(next.clone());
                chosen
            })
        });
        all = each.collect();
    }
    all
}
