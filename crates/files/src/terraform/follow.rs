//! Values that are known after apply, followed through references to the key that a plan makes.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::address::{Address, Segment, join, longest, segments};
use super::configuration::Tree;
use super::index::{is_by_index, is_of_region, made_alike};
use super::instance::{Instance, Instances, Kind};
use super::origin::{Form, Origin, each_key_once};
use super::plan::Expression;
use super::read::Read;

/// Where an expression stands: what its references are relative to.
#[derive(Clone)]
pub(super) struct Standpoint {
    /// The module in the configuration, and its instance.
    pub(super) module_path: String,
    pub(super) module_instance: String,
    /// The index of the resource or of the module call that has the expression.
    pub(super) index: Option<String>,
    /// What `for_each` goes over.
    pub(super) for_each: Vec<String>,
    /// The Region of the resource itself, if the plan says it (provider 6).
    pub(super) region: Option<String>,
}

/// Follows references.
pub(super) struct Follower<'t, 'p, 'a> {
    pub(super) tree: &'t Tree<'p, 'a>,
    pub(super) instances: &'t Instances<'a>,
    /// As many references are followed for one value.
    pub(super) budget: usize,
    /// The provider block of the resource that has the value.
    pub(super) provider: Option<String>,
    /// Whether the index of a resource or of a module, which differs between instances, was on the way.
    pub(super) by_index: bool,
    /// By module instance and resource, the keys that are made alike, by their index.
    alike: BTreeMap<(String, String), BTreeMap<String, usize>>,
}

/// The references that are followed for one value.
const BUDGET: usize = 2_000;

/// As many modules and aliases may a value pass through.
const DEEPEST: usize = 60;

impl Standpoint {
    pub(super) fn of(instance: &Instance<'_>, tree: &Tree<'_, '_>) -> Self {
        let resource = tree.resource(&instance.path);
        let for_each = resource.and_then(|resource| resource.for_each_expression);
        Self {
            module_path: instance.module_path.clone(),
            module_instance: instance.module_instance.clone(),
            index: instance.index.clone(),
            for_each: for_each.map_or_else(Vec::new, |raw| Expression::of(raw).references),
            region: instance.after.text("region").map(ToOwned::to_owned),
        }
    }
}

impl<'t, 'p, 'a> Follower<'t, 'p, 'a> {
    pub(super) const fn new(tree: &'t Tree<'p, 'a>, instances: &'t Instances<'a>) -> Self {
        Self {
            tree,
            instances,
            budget: BUDGET,
            provider: None,
            by_index: false,
            alike: BTreeMap::new(),
        }
    }
}

impl Follower<'_, '_, '_> {
    /// All that a value can come from that refers to these. What was known when the plan was made
    /// is left out: had the value come from it, the value would be known.
    pub(super) fn origins(&mut self, at: &Standpoint, references: &[String]) -> BTreeSet<Origin> {
        self.budget = BUDGET;
        self.by_index = false;
        let mut found = BTreeSet::new();
        self.follow(at, references, &mut found, DEEPEST);
        each_key_once(found)
    }

    fn follow(
        &mut self,
        at: &Standpoint,
        references: &[String],
        found: &mut BTreeSet<Origin>,
        depth: usize,
    ) {
        let own_index = at.index.as_deref().filter(|_| is_by_index(references));
        self.by_index |= own_index.is_some();
        let mut inner = BTreeSet::new();
        for reference in longest(references) {
            let (Some(depth), Some(budget)) = (depth.checked_sub(1), self.budget.checked_sub(1))
            else {
                inner.insert(elsewhere(at, reference, Read::Not));
                break;
            };
            self.budget = budget;
            self.follow_one((at, own_index), reference, &mut inner, depth);
        }
        let hangs_on_index =
            |reference: &String| reference.starts_with("each.") || reference.starts_with("count.");
        match at.index.as_deref() {
            Some(index) if references.iter().any(hangs_on_index) => {
                found.extend(inner.into_iter().map(|origin| origin.at_index(index)));
            }
            _ => found.append(&mut inner),
        }
    }

    fn follow_one(
        &mut self,
        (at, own_index): (&Standpoint, Option<&str>),
        reference: &str,
        found: &mut BTreeSet<Origin>,
        depth: usize,
    ) {
        let segments = segments(reference);
        match segments.as_slice() {
            [
                Segment {
                    name: "count" | "path" | "terraform",
                    ..
                },
                ..,
            ] => {}
            [
                Segment { name: "each", .. },
                Segment { name: "key", .. },
                ..,
            ] => {}
            [Segment { name: "each", .. }, ..] => {
                let over = at.for_each.clone();
                let at = Standpoint {
                    for_each: Vec::new(),
                    ..at.clone()
                };
                let mut inner = BTreeSet::new();
                self.follow(&at, &over, &mut inner, depth);
                found.append(&mut self.of_same_index(inner, at.index.as_deref()));
            }
            [Segment { name: "var", .. }, variable, ..] => {
                self.follow_variable(at, variable.name, found, depth);
            }
            [Segment { name: "module", .. }, call, rest @ ..] => {
                self.follow_module(at, call, rest, found, depth);
            }
            [
                Segment {
                    name: "local" | "self",
                    ..
                },
                ..,
            ] => {
                found.insert(elsewhere(at, reference, Read::Not));
            }
            _ => {
                let address = Address::of(&segments);
                self.follow_resource((at, own_index), &address, reference, found, depth);
            }
        }
    }

    /// Of keys of several instances, those of the same index, or in a module of that index, if there
    /// are any.
    fn of_same_index(&self, found: BTreeSet<Origin>, index: Option<&str>) -> BTreeSet<Origin> {
        let Some(index) = index else {
            return found;
        };
        let same = |origin: &&Origin| match origin {
            Origin::Key(number, _) => self.instances.all.get(*number).is_some_and(|key| {
                let module = Address::parse(&key.module_instance).modules.pop();
                let of_module = module.and_then(|module| module.index);
                key.index.as_deref().or(of_module) == Some(index)
            }),
            _ => false,
        };
        let same: BTreeSet<Origin> = found.iter().filter(same).cloned().collect();
        if same.is_empty() { found } else { same }
    }

    fn follow_variable(
        &mut self,
        at: &Standpoint,
        name: &str,
        found: &mut BTreeSet<Origin>,
        depth: usize,
    ) {
        // A variable of the root module is known, and so is a default.
        let Some(node) = self.tree.module(&at.module_path) else {
            return;
        };
        let Some(call) = node.call else { return };
        let Some(raw) = call.expressions.get(name) else {
            return;
        };
        let mut outer = Address::parse(&at.module_instance);
        let called = outer.modules.pop();
        let index = called.and_then(|module| module.index);
        let over = call.for_each_expression;
        let outer = Standpoint {
            module_path: node.parent.clone(),
            module_instance: outer.module_instance(),
            index: index.map(ToOwned::to_owned),
            for_each: over.map_or_else(Vec::new, |raw| Expression::of(raw).references),
            region: None,
        };
        let references = Expression::of(raw).references;
        self.follow(&outer, &references, found, depth);
    }

    fn follow_module(
        &mut self,
        at: &Standpoint,
        call: &Segment<'_>,
        rest: &[Segment<'_>],
        found: &mut BTreeSet<Origin>,
        depth: usize,
    ) {
        let name = ["module.", call.name].concat();
        let module_path = join(&at.module_path, &name);
        let node = self.tree.module(&module_path);
        let outputs = node.map(|node| &node.module.outputs);
        // Which output is taken is not seen where the index is computed: `module.keys[each.key].id`.
        let references: Vec<String> = match (rest.first(), outputs) {
            (Some(output), Some(outputs)) => {
                let expression = outputs
                    .get(output.name)
                    .and_then(|output| output.expression);
                let attribute = rest.get(1).map(|segment| segment.name);
                expression.map(|raw| taking(attribute, Expression::of(raw).references))
            }
            (None, Some(outputs)) if !outputs.is_empty() => {
                let each = outputs.values().filter_map(|output| output.expression);
                Some(
                    each.flat_map(|raw| Expression::of(raw).references)
                        .collect(),
                )
            }
            _ => None,
        }
        .unwrap_or_default();
        if references.is_empty() {
            let output = rest.first().map(|output| [".", output.name].concat());
            let label = [&*name, &output.unwrap_or_default()].concat();
            found.insert(elsewhere(at, &label, Read::Not));
            return;
        }
        let index = call.index.map(ToOwned::to_owned);
        for module_instance in self.module_instances(&join(&at.module_instance, &name), index) {
            let inner = Standpoint {
                module_path: module_path.clone(),
                module_instance,
                index: None,
                for_each: Vec::new(),
                region: None,
            };
            self.follow(&inner, &references, found, depth);
        }
    }

    /// The instances of a module that have resources of KMS; that of this index, if there is one.
    fn module_instances(&self, called: &str, index: Option<String>) -> BTreeSet<String> {
        let all: BTreeSet<String> = self
            .instances
            .all
            .iter()
            .filter_map(|instance| {
                let rest = instance.module_instance.strip_prefix(called)?;
                let end = match rest.chars().next() {
                    None | Some('.') => 0,
                    Some('[') => rest.find(']')?.saturating_add(1),
                    Some(_) => return None,
                };
                Some([called, rest.get(..end)?].concat())
            })
            .collect();
        if let Some(index) = index {
            let one = [called, "[", &index, "]"].concat();
            if all.contains(&one) {
                return BTreeSet::from([one]);
            }
        }
        if all.is_empty() {
            // Nothing of KMS is in it, but another module may be.
            return BTreeSet::from([called.to_owned()]);
        }
        all
    }

    fn follow_resource(
        &mut self,
        (at, own_index): (&Standpoint, Option<&str>),
        address: &Address<'_>,
        reference: &str,
        found: &mut BTreeSet<Origin>,
        depth: usize,
    ) {
        let kind = address.resource.split('.').next().unwrap_or_default();
        if Kind::of(kind).is_none() {
            found.insert(self.of_data(at, address, reference));
            return;
        }
        let numbers = self
            .instances
            .of_resource(&at.module_instance, &address.resource);
        let of_index = |index: &str| {
            numbers.iter().copied().find(|number| {
                let instance = self.instances.all.get(*number);
                instance.and_then(|instance| instance.index.as_deref()) == Some(index)
            })
        };
        let chosen: Vec<usize> = match address.index {
            // An instance that is not made: a count of 0.
            Some(index) => of_index(index).into_iter().collect(),
            // Which index is taken, a plan does not tell: `k[each.key]` and `k["${each.key}-old"]`
            // have the same references. Of keys that are alike it is no matter, and of keys of several
            // Regions none but that of the alias's Region can be meant (ours).
            None => {
                let own = own_index.and_then(|index| {
                    let of_region = of_index(index)
                        .filter(|own| is_of_region(*own, at, self.instances, &numbers));
                    of_region.or_else(|| self.alike_at(index, at, &address.resource, &numbers))
                });
                own.map_or_else(|| numbers.clone(), |own| Vec::from([own]))
            }
        };
        for number in chosen {
            self.follow_instance(number, address.attribute, reference, at, found, depth);
        }
    }

    /// Of keys that are made alike the one of an index.
    fn alike_at(
        &mut self,
        index: &str,
        at: &Standpoint,
        resource: &str,
        numbers: &[usize],
    ) -> Option<usize> {
        let keys = (at.module_instance.clone(), resource.to_owned());
        let (tree, instances) = (self.tree, self.instances);
        let alike = self.alike.entry(keys);
        let alike = alike.or_insert_with(|| made_alike(tree, instances, numbers));
        alike.get(index).copied()
    }

    fn follow_instance(
        &mut self,
        number: usize,
        attribute: Option<&str>,
        reference: &str,
        at: &Standpoint,
        found: &mut BTreeSet<Origin>,
        depth: usize,
    ) {
        let instances = self.instances;
        let Some(instance) = instances.all.get(number) else {
            return;
        };
        match (instance.kind, attribute) {
            (Kind::Alias, Some(target @ ("target_key_id" | "target_key_arn"))) => {
                self.follow_target(instance, target, found, depth);
            }
            (Kind::Alias, Some("arn" | "id" | "name" | "alias_name")) => {
                found.extend(name_of(instance, at, reference));
            }
            // Which attribute is taken is not seen: the name, or the key.
            (Kind::Alias, None) => {
                found.extend(name_of(instance, at, reference));
                self.follow_target(instance, "target_key_id", found, depth);
            }
            (kind, None | Some("id" | "key_id" | "arn")) if kind.is_key() => {
                if instance.is_created() {
                    found.insert(Origin::Key(number, Form::of(attribute)));
                }
            }
            _ => {
                found.insert(elsewhere(at, reference, Read::Not));
            }
        }
    }

    /// The key of an alias.
    fn follow_target(
        &mut self,
        alias: &Instance<'_>,
        attribute: &str,
        found: &mut BTreeSet<Origin>,
        depth: usize,
    ) {
        match alias.after.text("target_key_id") {
            // The ARN of a new alias's key follows from its ID.
            Some(text) if attribute == "target_key_arn" && alias.is_created() => {
                found.insert(Origin::Text(text.to_owned()));
            }
            Some(_) => {}
            None => {
                let resource = self.tree.resource(&alias.path);
                let target = resource.and_then(|it| it.expression("target_key_id"));
                let references = target.map(|target| target.references);
                let inner = Standpoint::of(alias, self.tree);
                self.follow(&inner, &references.unwrap_or_default(), found, depth);
            }
        }
    }
}

/// The name of an alias in place of its key.
fn name_of(alias: &Instance<'_>, at: &Standpoint, reference: &str) -> Option<Origin> {
    match alias.after.text(alias.name_attribute()) {
        Some(name) => alias.is_created().then(|| Origin::Text(name.to_owned())),
        None => Some(elsewhere(at, reference, Read::Not)),
    }
}

/// What an attribute of an output that has whole resources refers to.
fn taking(attribute: Option<&str>, references: Vec<String>) -> Vec<String> {
    let is_of_kms = |attribute: &&str| {
        [
            "arn",
            "id",
            "key_id",
            "name",
            "target_key_arn",
            "target_key_id",
        ]
        .contains(attribute)
    };
    let Some(attribute) = attribute.filter(is_of_kms) else {
        return references;
    };
    let with_attribute = |reference: String| {
        let address = Address::parse(&reference);
        let kind = address.resource.split('.').next().unwrap_or_default();
        match address.attribute {
            None if Kind::of(kind).is_some() => [&*reference, ".", attribute].concat(),
            _ => reference,
        }
    };
    references.into_iter().map(with_attribute).collect()
}

fn elsewhere(at: &Standpoint, reference: &str, read: Read) -> Origin {
    Origin::Elsewhere {
        label: join(&at.module_instance, reference),
        read,
        series: None,
    }
}
