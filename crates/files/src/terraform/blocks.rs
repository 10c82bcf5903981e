//! Which block configures a provider where the plan names an entry that is none: a module that has a provider
//! from the module which calls it.
//!
//! Terraform follows such a provider to its block, but only from module to module while each one has resources of
//! the provider or is given it (`providers`). Below a module that has neither, the plan has an entry without
//! arguments.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::plan::{Plan, ProviderConfig, Text};

/// What configures the resources of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// The block of this key.
    One(String),
    /// One of several blocks: a plan does not tell which of them is handed on.
    OneOf(Vec<String>),
}

/// For each entry that is no block of its own, what configures its resources.
pub(super) fn handed_on(plan: &Plan<'_>) -> BTreeMap<String, Block> {
    let Some(configuration) = &plan.configuration else {
        return BTreeMap::new();
    };
    let entries = Entries {
        all: &configuration.provider_config,
        is_followed: is_followed(plan.terraform_version.as_deref()),
    };
    let each = entries.all.keys();
    each.filter_map(|key| Some((key.to_string(), entries.block(key)?)))
        .collect()
}

/// Whether the version that wrote a plan follows a provider that a module has from the one which calls it.
fn is_followed(version: Option<&str>) -> bool {
    const SINCE: (u32, u32) = (1, 3);
    let mut parts = version.unwrap_or_default().split('.');
    let mut next = || parts.next()?.parse::<u32>().ok();
    next().zip(next()).is_some_and(|version| version >= SINCE)
}

/// The entries of `provider_config`.
struct Entries<'p, 'a> {
    all: &'p BTreeMap<Text<'a>, ProviderConfig<'a>>,
    is_followed: bool,
}

impl Entries<'_, '_> {
    /// None of an entry that is a block.
    fn block(&self, key: &str) -> Option<Block> {
        let entry = self.all.get(key)?;
        let (module, name) = key.rsplit_once(':')?;
        if is_block(entry) {
            return None;
        }
        let caller = caller_of(module);
        let of_caller = key_in(caller, name);
        let is_of_caller = |entry: &ProviderConfig<'_>| entry.source() == self.source(key);
        // Terraform would have followed it: this is a block without arguments.
        if self.is_followed && self.all.get(&*of_caller).is_some_and(is_of_caller) {
            return None;
        }
        let blocks = self.blocks_around(module, entry.source());
        let mut each = blocks.into_iter();
        match (each.next(), each.next()) {
            // Nobody wrote one: Terraform makes it in the root module.
            (None, _) => Some(Block::One(name.to_string())),
            (Some(only), None) => Some(Block::One(only)),
            (Some(one), Some(other)) => {
                Some(self.through(caller, name).unwrap_or_else(|| {
                    Block::OneOf([one, other].into_iter().chain(each).collect())
                }))
            }
        }
    }

    /// The block of a module that has no entry, as nothing was handed to it: it has the one of the module which
    /// calls it. That is certain only where that one has an entry, or is the root module.
    fn through(&self, module: &str, name: &str) -> Option<Block> {
        if !self.is_followed || module.is_empty() {
            return None;
        }
        let key = key_in(caller_of(module), name);
        self.all.get(&*key)?;
        Some(self.block(&key).unwrap_or(Block::One(key)))
    }

    /// The blocks of a provider that a module can be given: those of the modules around it.
    fn blocks_around(&self, module: &str, source: &str) -> BTreeSet<String> {
        let around = |of: &str| {
            of.is_empty()
                || module
                    .strip_prefix(of)
                    .is_some_and(|rest| rest.starts_with('.'))
        };
        let each = self.all.iter().filter(|(key, entry)| {
            let of = key.rsplit_once(':').map_or("", |(of, _)| of);
            entry.source() == source && around(of) && (of.is_empty() || is_block(entry))
        });
        each.map(|(key, _)| key.to_string()).collect()
    }

    fn source(&self, key: &str) -> &str {
        self.all.get(key).map_or("", ProviderConfig::source)
    }
}

/// Whether an entry is certainly a block: only one that is written has arguments, or an alias of its own.
fn is_block(entry: &ProviderConfig<'_>) -> bool {
    !entry.expressions.is_empty() || entry.alias.is_some()
}

/// The path of the module that calls a module.
fn caller_of(module: &str) -> &str {
    module
        .rsplit_once(".module.")
        .map_or("", |(caller, _)| caller)
}

fn key_in(module: &str, name: &str) -> String {
    match module {
        "" => name.to_string(),
        _ => [module, ":", name].concat(),
    }
}
