//! The KMS resources of a plan, one for each instance that changes or stays.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::address::Address;
use super::attributes::Attributes;
use super::plan::{Plan, ResourceChange, StateModule, StateResource};
use kms_alias::KeyId;
use kms_alias_foresee::verdict::{NameForm, NameReference, UnknownName};

/// The types of resources that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Alias,
    Key,
    ExternalKey,
    ReplicaKey,
    ReplicaExternalKey,
}

impl Kind {
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "aws_kms_alias" | "awscc_kms_alias" => Self::Alias,
            "aws_kms_key" | "awscc_kms_key" => Self::Key,
            "aws_kms_external_key" => Self::ExternalKey,
            "aws_kms_replica_key" | "awscc_kms_replica_key" => Self::ReplicaKey,
            "aws_kms_replica_external_key" => Self::ReplicaExternalKey,
            _ => return None,
        })
    }

    pub(super) fn is_key(self) -> bool {
        self != Self::Alias
    }

    pub(super) const fn is_replica(self) -> bool {
        matches!(self, Self::ReplicaKey | Self::ReplicaExternalKey)
    }
}

/// What happens to a resource, in the order in which it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Action {
    Create,
    Update,
    Delete,
}

/// An instance of a KMS resource.
pub(super) struct Instance<'a> {
    /// What it is called; a deposed object has its own label.
    pub(super) address: String,
    pub(super) kind: Kind,
    /// Whether it is of the provider `awscc`, which has names of its own.
    pub(super) is_awscc: bool,
    pub(super) actions: Vec<Action>,
    /// Whether Terraform gives up managing it, and it stays.
    pub(super) is_forgotten: bool,
    /// Whether it is replaced by another one that is made first.
    pub(super) is_created_first: bool,
    pub(super) before: Attributes<'a>,
    pub(super) after: Attributes<'a>,
    pub(super) unknown: Attributes<'a>,
    pub(super) sensitive: Attributes<'a>,
    /// The resource in the configuration.
    pub(super) path: String,
    pub(super) module_path: String,
    pub(super) module_instance: String,
    /// `count.index` or `each.key`, as an address has it.
    pub(super) index: Option<String>,
    pub(super) is_deposed: bool,
}

impl<'a> Instance<'a> {
    fn of(change: &ResourceChange<'a>) -> Option<Self> {
        if change.mode.as_deref() == Some("data") {
            return None;
        }
        let kind = Kind::of(&change.kind)?;
        let address = Address::parse(&change.address);
        let actions = change.change.actions.iter().filter_map(|action| {
            Some(match &**action {
                "create" => Action::Create,
                "update" => Action::Update,
                "delete" => Action::Delete,
                // Nothing is asked of KMS: `no-op`, `forget`; what is not known is told (rule F8).
                _ => return None,
            })
        });
        let actions: Vec<_> = actions.collect();
        let label = match &change.deposed {
            Some(deposed) => [&*change.address, " (deposed object ", deposed, ")"].concat(),
            None => change.address.to_string(),
        };
        Some(Self {
            kind,
            is_awscc: change.kind.starts_with("awscc_"),
            is_forgotten: change.change.actions.iter().any(|it| it == "forget"),
            is_created_first: actions == [Action::Create, Action::Delete],
            actions,
            before: Attributes::of(change.change.before),
            after: Attributes::of(change.change.after),
            unknown: Attributes::of(change.change.after_unknown),
            sensitive: Attributes::of(change.change.after_sensitive),
            path: address.path(),
            module_path: address.module_path(),
            module_instance: address.module_instance(),
            index: address.index.map(ToOwned::to_owned),
            is_deposed: change.deposed.is_some(),
            address: label,
        })
    }

    pub(super) fn is_created(&self) -> bool {
        self.actions.contains(&Action::Create)
    }

    /// The attribute that names the alias.
    pub(super) const fn name_attribute(&self) -> &'static str {
        if self.is_awscc { "alias_name" } else { "name" }
    }

    /// The attribute that says whether the key is enabled.
    pub(super) const fn enabled_attribute(&self) -> &'static str {
        match (self.is_awscc, self.kind) {
            (false, Kind::Key) => "is_enabled",
            _ => "enabled",
        }
    }

    /// The key that an alias is to name; nothing for a text that stands in place of a hidden one.
    pub(super) fn target_after(&self) -> Option<&str> {
        let target = "target_key_id";
        let is_shown = |text: &&str| {
            !self.sensitive.is_true(target)
                || is_key(text)
                || text.starts_with("alias/")
                || text.contains(":alias/")
        };
        let empty = self.after.is_empty_text(target).then_some("");
        self.after.text(target).or(empty).filter(is_shown)
    }

    /// The name of the alias that stands before the run.
    pub(super) fn name_before(&self) -> Option<&str> {
        let before = &self.before;
        let named = before.text(self.name_attribute()).or(before.text("id"));
        // What stands in place of a value that is hidden is no name.
        named.filter(|name| name.starts_with("alias/"))
    }

    /// The name of the alias that stands before the run, as a step names it.
    pub(super) fn standing_name(&self) -> NameReference {
        match self.name_before() {
            Some(name) => NameReference::Text(name.into()),
            None => NameReference::Unknown(UnknownName {
                label: [&*self.address, ".", self.name_attribute()].concat().into(),
                prefix: Box::default(),
                is_unique: false,
                form: NameForm::Any,
            }),
        }
    }

    /// The ID or ARN of the key that stands before the run.
    pub(super) fn key_before(&self) -> Option<&str> {
        let before = &self.before;
        before
            .text("key_id")
            .or(before.text("id"))
            .or(before.text("arn"))
            .filter(|key| is_key(key))
    }
}

/// Whether a text names a key: what stands in place of a value that is hidden does not.
pub(super) fn is_key(text: &str) -> bool {
    let id = text.rsplit(":key/").next();
    id.is_some_and(|id| id.parse::<KeyId>().is_ok())
}

/// An instance of a data source that is read while the plan is applied.
pub(super) struct DataRead<'a> {
    pub(super) address: String,
    index: Option<String>,
    /// The name of an alias, or a key, where it is known.
    asked: Option<String>,
    pub(super) after: Attributes<'a>,
    pub(super) unknown: Attributes<'a>,
}

/// The instances of a plan, found by address.
#[derive(Default)]
pub(super) struct Instances<'a> {
    pub(super) all: Vec<Instance<'a>>,
    /// Of each resource in each module instance, the numbers of its instances.
    by_resource: BTreeMap<String, Vec<usize>>,
    /// Of each data source in each module instance that is read while the plan is applied, what its
    /// instances ask for.
    read: BTreeMap<String, Vec<DataRead<'a>>>,
    /// Of each module, by its address without its own index, the indexes of its instances that have
    /// resources of KMS.
    of_call: BTreeMap<String, BTreeSet<Option<String>>>,
}

impl<'a> Instances<'a> {
    pub(super) fn of(plan: &Plan<'a>) -> Self {
        let mut instances = Self::default();
        for change in plan.resource_changes.iter().flatten() {
            instances.note_read(change);
            let Some(instance) = Instance::of(change) else {
                continue;
            };
            if !instance.is_deposed {
                let resource = Address::parse(&change.address).resource;
                let place = super::address::join(&instance.module_instance, &resource);
                let number = instances.all.len();
                instances.by_resource.entry(place).or_default().push(number);
            }
            instances.note_modules(&change.address);
            instances.all.push(instance);
        }
        instances
    }

    fn note_modules(&mut self, address: &str) {
        let mut outer = String::new();
        for module in Address::parse(address).modules {
            let called = super::address::join(&outer, &["module.", module.name].concat());
            outer = match module.index {
                Some(index) => [&*called, "[", index, "]"].concat(),
                None => called.clone(),
            };
            let indexes = self.of_call.entry(called).or_default();
            indexes.insert(module.index.map(ToOwned::to_owned));
        }
    }

    /// Whether the instance of this index of a module has resources of KMS.
    pub(super) fn has_call(&self, called: &str, index: Option<&str>) -> bool {
        let index = index.map(ToOwned::to_owned);
        self.of_call
            .get(called)
            .is_some_and(|all| all.contains(&index))
    }

    /// The indexes of the instances of a module that have resources of KMS.
    pub(super) fn of_call(&self, called: &str) -> impl Iterator<Item = Option<&str>> {
        let all = self.of_call.get(called).into_iter().flatten();
        all.map(Option::as_deref)
    }

    fn note_read(&mut self, change: &ResourceChange<'a>) {
        let attribute = match (change.mode.as_deref(), &*change.kind) {
            (Some("data"), "aws_kms_alias") => "name",
            (Some("data"), "aws_kms_key") => "key_id",
            _ => return,
        };
        let address = Address::parse(&change.address);
        let place = super::address::join(&address.module_instance(), &address.resource);
        let after = Attributes::of(change.change.after);
        let asked = after.text(attribute).map(ToOwned::to_owned);
        self.read.entry(place).or_default().push(DataRead {
            address: change.address.to_string(),
            index: address.index.map(ToOwned::to_owned),
            asked,
            after,
            unknown: Attributes::of(change.change.after_unknown),
        });
    }

    /// Whether a data source is read while the plan is applied.
    pub(super) fn is_read(&self, place: &str) -> bool {
        self.read.contains_key(place)
    }

    /// The instances of a data source that are read while the plan is applied: that of the index, if
    /// there is one.
    pub(super) fn reads_of(&self, place: &str, index: Option<&str>) -> &[DataRead<'a>] {
        let all = self.read.get(place).map_or(&[][..], Vec::as_slice);
        let of_index = all
            .iter()
            .find(|it| index.is_some() && it.index.as_deref() == index);
        of_index.map_or(all, core::slice::from_ref)
    }

    /// The indexes of the instances of a data source that are read while the plan is applied.
    pub(super) fn indexes_read(&self, place: &str) -> impl Iterator<Item = &str> {
        let all = self.read.get(place).into_iter().flatten();
        all.filter_map(|it| it.index.as_deref())
    }

    /// What the instances of a data source ask for that is read while the plan is applied: that of
    /// the index, if there is one.
    pub(super) fn read_names(&self, place: &str, index: Option<&str>) -> Vec<Option<String>> {
        let chosen = self.reads_of(place, index);
        chosen.iter().map(|it| it.asked.clone()).collect()
    }

    /// The data sources that are read while the plan is applied, and what they ask for.
    pub(super) fn reads(&self) -> impl Iterator<Item = (&DataRead<'a>, &str)> {
        let all = self.read.values().flatten();
        all.filter_map(|it| Some((it, it.asked.as_deref()?)))
    }

    /// The instances of a resource in a module instance that will be there after the run.
    pub(super) fn of_resource(&self, module_instance: &str, resource: &str) -> Vec<usize> {
        self.at(&super::address::join(module_instance, resource))
    }

    /// The same of what has this address, without an index.
    pub(super) fn at(&self, address: &str) -> Vec<usize> {
        let numbers = self.by_resource.get(address).into_iter().flatten();
        let stays = |number: &&usize| {
            let actions = self.all.get(**number).map(|instance| &instance.actions[..]);
            actions != Some(&[Action::Delete])
        };
        numbers.filter(stays).copied().collect()
    }
}

/// Every resource of the prior state.
pub(super) fn state<'p, 'a>(plan: &'p Plan<'a>) -> Vec<&'p StateResource<'a>> {
    let root = plan.prior_state.as_ref();
    let root = root.and_then(|state| state.values.as_ref()?.root_module.as_ref());
    let mut open: Vec<&StateModule<'_>> = root.into_iter().collect();
    let mut resources = Vec::new();
    while let Some(module) = open.pop() {
        resources.extend(&module.resources);
        open.extend(&module.child_modules);
    }
    resources
}
