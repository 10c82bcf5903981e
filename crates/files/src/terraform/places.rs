//! Where a resource of a plan is: its account and Region, as far as a plan tells them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::address::Address;
use super::attributes::Attributes;
use super::blocks::{self, Block};
use super::configuration::Tree;
use super::instance::{Instance, Instances};
use super::manager::account_of_manager;
use super::plan::{Plan, StateResource};
use super::provider::{Blocks, Provider};
use super::touched::touched;
use crate::account::Accounts;
use crate::run::Assumption;
use crate::whose::{Settled, Where, Whose};
use kms_alias::{AccountId, AliasArn, KeyArn, Region, Rule, Scope};
use kms_alias_foresee::verdict::{Note, Place};

/// What is known of each block of provider configuration.
pub(super) struct Places<'p, 'a> {
    providers: BTreeMap<String, Provider>,
    /// Of an entry that is no block, what configures its resources.
    handed_on: BTreeMap<String, Block>,
    /// By credentials, the accounts that what is of KMS tells, or the caller's identity.
    accounts_of: BTreeMap<String, BTreeSet<AccountId>>,
    /// Those that ARNs of other services tell, each with a resource that has it.
    inferred: BTreeMap<String, BTreeMap<AccountId, String>>,
    tree: &'p Tree<'p, 'a>,
    /// The account and Region of what says none, by the options.
    options: Place,
    settled: Settled,
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
            handed_on: blocks::handed_on(plan),
            accounts_of: BTreeMap::new(),
            inferred: BTreeMap::new(),
            tree,
            options: Place::default(),
            settled: Settled::default(),
        };
        let configuration = plan.configuration.iter();
        let blocks = Blocks { plan, tree };
        for (key, block) in configuration.flat_map(|all| &all.provider_config) {
            if !places.handed_on.contains_key(&**key) {
                places
                    .providers
                    .insert(key.to_string(), blocks.of(key, block));
            }
        }
        for (key, block) in &places.handed_on {
            if let Block::OneOf(keys) = block {
                let one_of =
                    Provider::one_of(key, keys.iter().filter_map(|key| places.providers.get(key)));
                places.providers.insert(key.clone(), one_of);
            }
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
        if let Some(Block::One(block)) = self.handed_on.get(&**key) {
            return Some(block.clone());
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

    /// What to do where the plan does not tell which block configures a resource.
    pub(super) fn note(&self, address: &str) -> Option<Note> {
        let key = self.block_of(address)?;
        let Some(Block::OneOf(blocks)) = self.handed_on.get(&key) else {
            return None;
        };
        let words = format!(
            "the plan does not tell which provider {key} is: {}; where `required_providers` names it in each module on \
             the way, the plan tells it; or say it with --region and --account-id",
            blocks.join(" or ")
        );
        Some(Note::new(
            words,
            &[Rule::A6, Rule::U1, Rule::T1, Rule::T2, Rule::T3],
        ))
    }

    /// Takes what the values of a resource tell of its provider. What the configuration sets tells nothing of it: an
    /// argument may name what is another account's, or another Region.
    fn learn(&mut self, address: &str, kind: &str, values: &Attributes<'_>) {
        let is_said = |attribute: &str| self.is_said(address, attribute);
        let (region, account) = match kind {
            "aws_caller_identity" => (None, values.text("account_id").map(str::parse)),
            "aws_region" if ["name", "region", "endpoint"].into_iter().any(is_said) => return,
            "aws_region" => (values.text("name").or(values.text("region")), None),
            _ if !kind.contains("_kms_") || is_said("arn") => return,
            // A data source reads the key of an ARN in another account too.
            _ if values
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

    /// Whether the configuration sets an attribute of a resource.
    fn is_said(&self, address: &str, attribute: &str) -> bool {
        let resource = self.tree.resource(&Address::parse(address).path());
        resource.is_some_and(|resource| resource.has_expression(attribute))
    }

    /// Takes the account of the ARN of a resource that a provider manages, if the configuration has the resource and
    /// does not set the ARN. Of its Region the ARN is not taken to tell: not every service has one.
    fn learn_account(&mut self, address: &str, kind: &str, values: &Attributes<'_>) {
        let account = values
            .text("arn")
            .and_then(|arn| account_of_manager(kind, arn));
        let resource = self.tree.resource(&Address::parse(address).path());
        let is_computed = resource.is_some_and(|resource| !resource.has_expression("arn"));
        let account = account.filter(|_| is_computed);
        let (Some(account), Some(key)) = (account, self.block_of(address)) else {
            return;
        };
        let credentials = self.providers.entry(key).or_default().credentials.clone();
        let inferred = self.inferred.entry(credentials).or_default();
        inferred
            .entry(account)
            .or_insert_with(|| address.to_string());
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

    /// The account of credentials, as resources tell it; and the resource, where it is of another service.
    fn account_of(&self, credentials: &str) -> Option<(AccountId, Option<&str>)> {
        if let Some(told) = self.accounts_of.get(credentials) {
            return only(told).map(|account| (account, None));
        }
        let mut inferred = self.inferred.get(credentials)?.iter();
        match (inferred.next(), inferred.next()) {
            (Some((account, resource)), None) => Some((*account, Some(resource))),
            _ => None,
        }
    }

    /// From what it was learned in which account an instance is, where that is another service's ARN.
    pub(super) fn note_of_account(&self, instance: &Instance<'_>) -> Option<Note> {
        if instance.target_after().is_none() || scope_of(&instance.before).is_some() {
            return None;
        }
        let key = self.block_of(&instance.address)?;
        let provider = self
            .providers
            .get(&key)
            .filter(|it| it.account.is_none() && !it.is_each)?;
        let (account, resource) = self.account_of(&provider.credentials)?;
        let words = format!(
            "that provider {key} acts in account {account} is known only by the ARN of {}: if it acts in another one, \
             `allowed_account_ids` of the provider says so",
            resource?
        );
        Some(Note::new(words, &[Rule::T1, Rule::T3]))
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
            let each = [self.where_asked(instance), self.where_made(instance)];
            each.map(|place| (place, instance))
        });
        let places: Vec<_> = places.collect();
        self.settled = Settled::of(&touched(&places, self.tree), accounts, assumed);
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

    /// Where the requests on an instance that stands go.
    pub(super) fn of_asked(&self, instance: &Instance<'_>) -> Place {
        self.settled.place(&self.where_asked(instance))
    }

    /// Where an instance is after the run, or where it was if it goes.
    pub(super) fn of_made(&self, instance: &Instance<'_>) -> Place {
        self.settled.place(&self.where_made(instance))
    }

    fn where_stands(&self, instance: &Instance<'_>) -> Where {
        let values = [&instance.before, &instance.after];
        self.where_is(&instance.address, values, &instance.unknown)
    }

    /// Where its ARN says, and otherwise where the provider certainly acts: then Terraform asks there, and takes what
    /// it does not find as gone.
    fn where_asked(&self, instance: &Instance<'_>) -> Where {
        let stands = self.where_stands(instance);
        match self.contradiction(instance) {
            Some(Contradiction {
                region, account, ..
            }) => Where {
                region: Whose::Known(region),
                account: Whose::Known(account),
                ..stands
            },
            None => stands,
        }
    }

    /// Where a provider certainly acts, if the ARN of an instance that it manages says another Region or account.
    pub(super) fn contradiction(&self, instance: &Instance<'_>) -> Option<Contradiction> {
        let said = scope_of(&instance.before)?;
        let resource = self.tree.resource(&instance.path)?;
        let key = resource.provider_config_key.as_deref()?;
        let provider = self.providers.get(key).filter(|it| !it.is_each)?;
        let own = instance.before.text("region");
        let region = match own {
            Some(own) => own.parse().ok(),
            None if instance.before.has("region") => None,
            None => provider.region,
        };
        let found = Contradiction {
            said,
            region: region.unwrap_or(said.region()),
            account: provider.account.unwrap_or(said.account()),
            provider: key.to_string(),
        };
        ((found.region, found.account) != (said.region(), said.account())).then_some(found)
    }

    /// A Region that what replaces an instance has is its own, whatever the ARN of the old one tells.
    fn where_made(&self, instance: &Instance<'_>) -> Where {
        let stands = self.where_asked(instance);
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
            regions: Vec::new(),
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
                regions: Vec::new(),
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
        let seen = || self.account_of(&provider.credentials);
        let account = provider.account.or_else(|| Some(seen()?.0));
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
            regions: match is_own_unknown || provider.is_each {
                true => Vec::new(),
                false => provider.regions.clone(),
            },
        }
    }

    /// Whether the configuration says the Region of a resource.
    fn has_region(&self, address: &str) -> bool {
        self.is_said(address, "region")
    }
}

/// What the ARN of an instance says, and where its provider acts.
pub(super) struct Contradiction {
    pub(super) said: Scope,
    pub(super) region: Region,
    pub(super) account: AccountId,
    pub(super) provider: String,
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
