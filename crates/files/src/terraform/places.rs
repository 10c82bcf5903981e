//! Where a resource of a plan is: its account and Region, as far as a plan tells them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::address::{Address, Segment, segments};
use super::attributes::Attributes;
use super::configuration::Tree;
use super::instance::{Instance, Instances};
use super::manager::account_of_manager;
use super::plan::{Expression, Plan, ProviderConfig, StateResource};
use super::touched::touched;
use crate::account::Accounts;
use crate::run::Assumption;
use crate::whose::{Settled, Where, Whose};
use kms_alias::{AccountId, AliasArn, KeyArn, Region, Scope};
use kms_alias_foresee::verdict::Place;

/// What is known of each block of provider configuration.
pub(super) struct Places<'p, 'a> {
    providers: BTreeMap<String, Provider>,
    accounts_of: BTreeMap<String, BTreeSet<AccountId>>,
    tree: &'p Tree<'p, 'a>,
    /// The account and Region of what says none, by the options.
    options: Place,
    settled: Settled,
}

/// The arguments of a provider that decide in whose account it acts.
const CREDENTIALS: [&str; 9] = [
    "access_key",
    "allowed_account_ids",
    "assume_role",
    "assume_role_with_web_identity",
    "endpoints",
    "profile",
    "shared_config_files",
    "shared_credentials_files",
    "token",
];

/// Members of an assumed role that do not decide whose it is.
const NO_CREDENTIAL: [&str; 7] = [
    "duration",
    "external_id",
    "policy",
    "policy_arns",
    "session_name",
    "tags",
    "transitive_tag_keys",
];

#[derive(Default)]
struct Provider {
    region: Option<Region>,
    /// What the block says in place of a Region (rule K4).
    wrong_region: Option<String>,
    /// What decides the Region, where it is not known: blocks that are alike in it have one.
    region_of: String,
    /// Whether its account or Region may differ between the resources that it configures.
    is_each: bool,
    /// Regions that ARNs of its resources tell.
    seen: BTreeSet<Region>,
    account: Option<AccountId>,
    /// What decides whose account it is: blocks that are alike in it are of one account.
    credentials: String,
    /// Whether an expression decides it whose value the plan does not have.
    is_account_said: bool,
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
            options: Place::default(),
            settled: Settled::default(),
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
            if resource.mode.as_deref() != Some("data") {
                places.learn_account(address, &resource.kind, &values);
            }
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
        let module = key.rsplit_once(':').map_or("", |(module, _)| module);
        let (mut account, mut credentials) = (None, String::new());
        let (mut is_each, mut is_account_said) = (false, false);
        for name in CREDENTIALS {
            let Some(raw) = block.expressions.get(name) else {
                continue;
            };
            let told = self.told(
                plan,
                module,
                &serde_json::from_str(raw.get()).unwrap_or_default(),
            );
            is_each |= told.contains("\"each.");
            let account_told = account_in(name, &told);
            // Of a role whose ARN has a variable in it a plan tells the variable alone.
            let is_role = told.contains("role_arn:");
            is_account_said |= told.contains("references") || (is_role && account_told.is_none());
            account = account.or(account_told);
            // What an expression that is not known will be can differ between modules.
            let of = if told.contains("references") {
                module
            } else {
                ""
            };
            credentials.push_str(&[name, "=", of, &told, ";"].concat());
        }
        let raw = block.expressions.get("region");
        let told = raw.map(|raw| Expression::of(raw));
        let said = told.and_then(|told| self.constant(plan, module, &told));
        let region = said.as_deref().and_then(|said| said.parse::<Region>().ok());
        let is_each_region = raw.is_some_and(|raw| raw.get().contains("\"each."));
        Provider {
            region,
            wrong_region: said.filter(|_| region.is_none()),
            region_of: raw.map_or_else(String::new, |raw| [module, raw.get()].concat()),
            is_each: is_each || is_each_region,
            account,
            credentials,
            is_account_said,
            ..Provider::default()
        }
    }

    /// An expression with its variables replaced by their values, as far as these are known.
    fn told(&self, plan: &Plan<'_>, module: &str, expression: &Value) -> String {
        match expression {
            Value::Array(blocks) => {
                let each = blocks.iter().map(|block| self.told(plan, module, block));
                each.collect::<Vec<_>>().join(",")
            }
            Value::Object(members) if !members.contains_key("references") => {
                let each = members
                    .iter()
                    .filter(|(name, _)| !NO_CREDENTIAL.contains(&&***name));
                let each =
                    each.map(|(name, value)| [name, ":", &self.told(plan, module, value)].concat());
                each.collect::<Vec<_>>().join(" ")
            }
            Value::Object(_) => {
                let read = serde_json::from_value::<Expression>(expression.clone());
                let known = self.constant(plan, module, &read.unwrap_or_default());
                known.map_or_else(
                    || expression.to_string(),
                    |text| ["constant_value:", &Value::String(text).to_string()].concat(),
                )
            }
            other => other.to_string(),
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

    /// The key of the block that configures what is at an address; the only block, where the
    /// configuration lacks it.
    fn block_of(&self, address: &str) -> Option<String> {
        let only = || match self.providers.len() {
            1 => self.providers.keys().next().cloned(),
            _ => None,
        };
        self.key_of(&Address::parse(address)).or_else(only)
    }

    /// The provider of what is at an address, and what its block says in place of a Region (rule K4).
    pub(super) fn wrong_region(&self, address: &str) -> Option<(String, &str)> {
        let key = self.block_of(address)?;
        let region = self.providers.get(&key)?.wrong_region.as_deref()?;
        Some((key, region))
    }

    /// Takes what the values of a resource tell of its provider.
    fn learn(&mut self, address: &str, kind: &str, values: &Attributes<'_>) {
        let (region, account) = match kind {
            "aws_caller_identity" => (None, values.text("account_id").map(str::parse)),
            "aws_region" => (values.text("name").or(values.text("region")), None),
            // A data source reads the key of an ARN in another account too.
            "aws_kms_key"
                if values
                    .text("key_id")
                    .is_some_and(|it| it.starts_with("arn:")) =>
            {
                (
                    values.text("arn").and_then(|arn| arn.split(':').nth(3)),
                    None,
                )
            }
            _ => match scope_of(values) {
                Some(scope) => return self.learn_scope(address, scope, values),
                None => return,
            },
        };
        let Some(key) = self.block_of(address) else {
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

    /// Takes the account of the ARN of a resource that a provider manages. Of its Region the ARN is not
    /// taken to tell: not every service has one.
    fn learn_account(&mut self, address: &str, kind: &str, values: &Attributes<'_>) {
        let account = values
            .text("arn")
            .and_then(|arn| account_of_manager(kind, arn));
        let (Some(account), Some(key)) = (account, self.block_of(address)) else {
            return;
        };
        let credentials = self.providers.entry(key).or_default().credentials.clone();
        let accounts = self.accounts_of.entry(credentials).or_default();
        accounts.insert(account);
    }

    fn learn_scope(&mut self, address: &str, scope: Scope, values: &Attributes<'_>) {
        let Some(key) = self.block_of(address) else {
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

    /// Settles the places of the instances that a plan does not tell, as far as files do; the rest
    /// is asked for.
    pub(super) fn settle(
        &mut self,
        instances: &Instances<'a>,
        accounts: &Accounts,
        assumed: &[Assumption],
    ) {
        self.options = accounts.options.place();
        let places = instances.all.iter().flat_map(|instance| {
            let each = [self.where_stands(instance), self.where_made(instance)];
            each.map(|place| (place, instance))
        });
        let places: Vec<_> = places.collect();
        self.settled = Settled::of(&touched(&places), accounts, assumed);
    }

    /// The first comparison of accounts or Regions that is neither told nor assumed.
    pub(super) fn open(&self) -> Option<Assumption> {
        self.settled.open.clone()
    }

    /// Where a resource is, by its own values first.
    pub(super) fn of_resource(
        &self,
        address: &str,
        values: [&Attributes<'_>; 2],
        unknown: &Attributes<'_>,
    ) -> Place {
        self.settled.place(&self.where_is(address, values, unknown))
    }

    /// Where an instance is before the run, or where it is made if it is not there.
    pub(super) fn of_standing(&self, instance: &Instance<'_>) -> Place {
        self.settled.place(&self.where_stands(instance))
    }

    /// Where an instance is after the run, or where it was if it goes.
    pub(super) fn of_made(&self, instance: &Instance<'_>) -> Place {
        self.settled.place(&self.where_made(instance))
    }

    fn where_stands(&self, instance: &Instance<'_>) -> Where {
        let values = [&instance.before, &instance.after];
        self.where_is(&instance.address, values, &instance.unknown)
    }

    /// A Region that what replaces an instance has is its own, whatever the ARN of the old one tells.
    fn where_made(&self, instance: &Instance<'_>) -> Where {
        let stands = self.where_stands(instance);
        if !instance.is_created() {
            return stands;
        }
        let after = &instance.after;
        let said = after.text("region").and_then(|text| text.parse().ok());
        if let Some(region) = said {
            let region = Whose::Known(region);
            return Where { region, ..stands };
        }
        let is_unknown = instance.unknown.is_true("region") && self.has_region(&instance.address);
        if !is_unknown && !after.has("region") {
            return stands;
        }
        let own = || Whose::Of([&*instance.address, " region"].concat());
        Where {
            region: self.options.region.map_or_else(own, Whose::Known),
            is_region_said: true,
            ..stands
        }
    }

    fn where_is(
        &self,
        address: &str,
        values: [&Attributes<'_>; 2],
        unknown: &Attributes<'_>,
    ) -> Where {
        let key = self.block_of(address);
        let who = key.as_ref().map(|key| ["provider ", key].concat());
        let who = who.unwrap_or_default();
        if let Some(scope) = values.into_iter().find_map(scope_of) {
            return Where {
                account: Whose::Known(scope.account()),
                region: Whose::Known(scope.region()),
                who,
                is_account_said: false,
                is_region_said: false,
            };
        }
        let provider = key.and_then(|key| self.providers.get(&key));
        let none = Provider::default();
        let provider = provider.unwrap_or(&none);
        // A block for each of several has places of which the plan does not tell which is which.
        let apart = if provider.is_each { address } else { "" };
        let own = values.into_iter().find_map(|values| values.text("region"));
        let own: Option<Region> = own.and_then(|region| region.parse().ok());
        // A Region that is hidden, or known after apply.
        let is_hidden = own.is_none() && values.iter().any(|values| values.has("region"));
        let is_own_unknown = is_hidden || (unknown.is_true("region") && self.has_region(address));
        let of_provider = provider.region.or_else(|| only(&provider.seen));
        let of_provider = of_provider.filter(|_| !provider.is_each && !is_own_unknown);
        let region = match own.or(of_provider).or(self.options.region) {
            Some(region) => Whose::Known(region),
            None if is_own_unknown => Whose::Of([address, " region"].concat()),
            None => Whose::Of([apart, &provider.region_of].concat()),
        };
        let seen = self.accounts_of.get(&provider.credentials);
        let account = provider.account.or_else(|| only(seen?));
        let account = account.filter(|_| !provider.is_each);
        let account = match account.or(self.options.account) {
            Some(account) => Whose::Known(account),
            None => Whose::Of([apart, &provider.credentials].concat()),
        };
        Where {
            account,
            region,
            who,
            is_account_said: provider.is_account_said,
            is_region_said: is_own_unknown || !provider.region_of.is_empty(),
        }
    }

    /// Whether the configuration says the Region of a resource.
    fn has_region(&self, address: &str) -> bool {
        let resource = self.tree.resource(&Address::parse(address).path());
        resource.is_some_and(|resource| resource.has_expression("region"))
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
fn account_in(argument: &str, told: &str) -> Option<AccountId> {
    if argument.starts_with("assume_role") {
        // Of several roles that follow from each other the last one acts.
        let role = told.rsplit("role_arn:").next()?;
        return role.split(":iam::").nth(1)?.get(..12)?.parse().ok();
    }
    if argument != "allowed_account_ids" || told.contains("references") {
        return None;
    }
    let mut accounts = told
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok());
    match (accounts.next(), accounts.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}
