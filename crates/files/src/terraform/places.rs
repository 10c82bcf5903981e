//! Where a resource of a plan is: its account and Region, as far as a plan tells them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::address::{Address, Segment, segments};
use super::attributes::Attributes;
use super::configuration::Tree;
use super::plan::{Expression, Plan, ProviderConfig, StateResource};
use crate::account::Accounts;
use kms_alias::{AccountId, AliasArn, KeyArn, Region, Scope};
use kms_alias_foresee::verdict::Place;

/// What is known of each block of provider configuration.
pub(super) struct Places<'p, 'a> {
    providers: BTreeMap<String, Provider>,
    accounts_of: BTreeMap<String, BTreeSet<AccountId>>,
    tree: &'p Tree<'p, 'a>,
}

#[derive(Default)]
struct Provider {
    region: Option<Region>,
    /// Regions that ARNs of its resources tell.
    seen: BTreeSet<Region>,
    account: Option<AccountId>,
    /// What decides whose account it is: blocks that are alike in it are of one account.
    credentials: String,
}

impl<'p, 'a> Places<'p, 'a> {
    /// The places of a plan's providers, from their blocks and from the ARNs of their resources.
    pub(super) fn of(
        plan: &'p Plan<'a>,
        tree: &'p Tree<'p, 'a>,
        state: &[&'p StateResource<'a>],
    ) -> Self {
        let mut places = Self {
            providers: BTreeMap::new(),
            accounts_of: BTreeMap::new(),
            tree,
        };
        let configuration = plan.configuration.iter();
        for (key, block) in configuration.flat_map(|all| &all.provider_config) {
            let provider = places.provider(plan, key, block);
            places.providers.insert(key.to_string(), provider);
        }
        for resource in state {
            let values = Attributes::of(resource.values);
            let address = resource.address.as_deref().unwrap_or_default();
            places.learn(address, &resource.kind, &values);
        }
        for change in plan.resource_changes.iter().flatten() {
            if change.kind.contains("_kms_") {
                let before = Attributes::of(change.change.before);
                places.learn(&change.address, &change.kind, &before);
            }
        }
        places
    }

    fn provider(&self, plan: &Plan<'_>, key: &str, block: &ProviderConfig<'_>) -> Provider {
        let region = block
            .expressions
            .get("region")
            .map(|raw| Expression::of(raw));
        let module = key.rsplit_once(':').map_or("", |(module, _)| module);
        let region = region.and_then(|region| self.constant(plan, module, &region));
        let others = block.expressions.iter();
        let no_credential = ["region", "default_tags", "alias"];
        let others = others.filter(|(name, _)| !no_credential.contains(&&***name));
        let credentials: Vec<String> = others
            .map(|(name, raw)| [name, raw.get()].concat())
            .collect();
        let name = block.name.as_deref().unwrap_or_default();
        let credentials = [name, &credentials.concat()].concat();
        Provider {
            region: region.and_then(|region| region.parse::<Region>().ok()),
            account: account_in(&credentials),
            credentials,
            ..Provider::default()
        }
    }

    /// The text that an expression is, where it is a constant or a variable with a value.
    fn constant(&self, plan: &Plan<'_>, module: &str, expression: &Expression) -> Option<String> {
        /// As many modules may hand a variable on.
        const DEEPEST: usize = 60;
        let mut module = module.to_string();
        let mut constant = expression.constant.clone();
        let mut references = expression.references.clone();
        for _ in 0..DEEPEST {
            if constant.is_some() {
                return constant;
            }
            let [reference] = references.as_slice() else {
                return None;
            };
            let segments = segments(reference);
            let [Segment { name: "var", .. }, variable] = segments.as_slice() else {
                return None;
            };
            if module.is_empty() {
                let value = plan.variables.as_ref()?.get(variable.name)?.value?;
                return serde_json::from_str(value.get()).ok();
            }
            let node = self.tree.module(&module)?;
            let handed = node
                .call
                .and_then(|call| call.expressions.get(variable.name));
            let Some(raw) = handed else {
                let default = node.module.variables.get(variable.name)?.default?;
                return serde_json::from_str(default.get()).ok();
            };
            let next = Expression::of(raw);
            module = node.parent.clone();
            constant = next.constant;
            references = next.references;
        }
        None
    }

    /// The key of the block that configures a resource.
    fn key_of(&self, address: &Address<'_>) -> Option<String> {
        let key = self
            .tree
            .resource(&address.path())?
            .provider_config_key
            .as_ref()?;
        if self.providers.contains_key(&**key) {
            return Some(key.to_string());
        }
        // A module that has no block of its own has that of the module which calls it.
        let Some((mut module, name)) = key.rsplit_once(':') else {
            return Some(key.to_string());
        };
        while let Some((outer, _)) = module.rsplit_once(".module.") {
            let outer_key = [outer, ":", name].concat();
            if self.providers.contains_key(&outer_key) {
                return Some(outer_key);
            }
            module = outer;
        }
        Some(name.to_string())
    }

    /// Takes what the values of a resource tell of its provider.
    fn learn(&mut self, address: &str, kind: &str, values: &Attributes<'_>) {
        let (region, account) = match kind {
            "aws_caller_identity" => (None, values.text("account_id").map(str::parse)),
            "aws_region" => (values.text("name").or(values.text("region")), None),
            _ => match scope_of(values) {
                Some(scope) => return self.learn_scope(address, scope, values),
                None => return,
            },
        };
        let Some(key) = self.key_of(&Address::parse(address)) else {
            return;
        };
        let provider = self.providers.entry(key).or_default();
        provider
            .seen
            .extend(region.and_then(|region| region.parse::<Region>().ok()));
        if let Some(Ok(account)) = account {
            let credentials = provider.credentials.clone();
            self.accounts_of
                .entry(credentials)
                .or_default()
                .insert(account);
        }
    }

    fn learn_scope(&mut self, address: &str, scope: Scope, values: &Attributes<'_>) {
        let Some(key) = self.key_of(&Address::parse(address)) else {
            return;
        };
        let provider = self.providers.entry(key).or_default();
        // A resource with a Region of its own tells nothing of the provider's.
        if !values.has("region") {
            provider.seen.insert(scope.region());
        }
        let credentials = provider.credentials.clone();
        self.accounts_of
            .entry(credentials)
            .or_default()
            .insert(scope.account());
    }

    /// Where a resource is, by its own values first.
    pub(super) fn of_resource(
        &self,
        address: &str,
        values: [&Attributes<'_>; 2],
        accounts: &Accounts,
    ) -> Place {
        if let Some(scope) = values.into_iter().find_map(scope_of) {
            return scope.into();
        }
        let own = values.into_iter().find_map(|values| values.text("region"));
        let own: Option<Region> = own.and_then(|region| region.parse().ok());
        let key = self.key_of(&Address::parse(address));
        let provider = match &key {
            Some(key) => self.providers.get(key),
            None if self.providers.len() == 1 => self.providers.values().next(),
            None => None,
        };
        let region = own.or_else(|| provider?.region.or_else(|| only(&provider?.seen)));
        let account = provider.and_then(|provider| {
            let seen = self.accounts_of.get(&provider.credentials);
            provider.account.or_else(|| only(seen?))
        });
        accounts.settle(Place {
            partition: region.map(|region| region.partition()),
            region,
            account,
        })
    }
}

impl Places<'_, '_> {
    /// Whether the providers of two resources act with the same credentials, and so in one account.
    pub(super) fn are_of_one_account(&self, one: &str, other: &str) -> bool {
        let credentials = |address: &str| {
            let key = self.key_of(&Address::parse(address))?;
            Some(&*self.providers.get(&key)?.credentials)
        };
        credentials(one) == credentials(other)
    }
}

fn only<T: Copy + Ord>(set: &BTreeSet<T>) -> Option<T> {
    match set.len() {
        1 => set.first().copied(),
        _ => None,
    }
}

/// The account and Region that a resource's own ARN tells.
pub(super) fn scope_of(values: &Attributes<'_>) -> Option<Scope> {
    let arn = values.text("arn").or(values.text("alias_arn"))?;
    let key = arn.parse::<KeyArn>().map(|arn| arn.scope());
    key.or_else(|_| arn.parse::<AliasArn>().map(|arn| arn.scope()))
        .ok()
}

/// The account of the role that a provider assumes, or the only one that it allows.
fn account_in(credentials: &str) -> Option<AccountId> {
    if let Some(role) = credentials.split(":iam::").nth(1) {
        return role.get(..12)?.parse().ok();
    }
    let allowed = credentials.split("allowed_account_ids").nth(1)?;
    let list = allowed.split(']').next()?;
    let mut accounts = list
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok());
    match (accounts.next(), accounts.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}
