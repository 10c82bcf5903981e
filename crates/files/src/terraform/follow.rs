//! Values that are known after apply, followed through references to the key that a plan makes.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::address::{Address, Segment, has_index, join, longest, segments};
use super::assumed_index::AssumedIndexes;
use super::configuration::Tree;
use super::index::{Indexes, OwnIndex, is_of_region, made_alike};
use super::instance::{Instances, Kind};
use super::origin::{Origin, each_key_once};
use super::output::taking;
use super::plan::Expression;
use super::read::Read;
use super::standpoint::Standpoint;
use super::values::Values;

/// What a value can come from, whichever instance has it.
struct Found {
    /// What has the value, without its index, and its provider block.
    of: (String, Option<String>),
    references: Vec<String>,
    origins: BTreeSet<Origin>,
    by_any_value: bool,
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
    /// Whether an index was on the way that is a value of which the plan tells nothing.
    pub(super) by_any_value: bool,
    /// By module instance and resource, the keys that are made alike, by their index.
    alike: BTreeMap<(String, String), BTreeMap<String, usize>>,
    /// The indexes of what has several instances.
    pub(super) indexes: Indexes,
    /// Which of them were assumed to be taken.
    pub(super) assumed: AssumedIndexes,
    /// The values that the plan tells of variables and of what is iterated over.
    pub(super) values: Values,
    /// What was found last, by what asked for it without its index, where that does not matter.
    last: Option<Found>,
}

/// The references that are followed for one value.
pub(super) const BUDGET: usize = 2_000;

/// As many modules and aliases may a value pass through.
const DEEPEST: usize = 60;

impl<'t, 'p, 'a> Follower<'t, 'p, 'a> {
    pub(super) fn new(tree: &'t Tree<'p, 'a>, instances: &'t Instances<'a>) -> Self {
        Self {
            tree,
            instances,
            budget: BUDGET,
            provider: None,
            by_index: false,
            by_any_value: false,
            alike: BTreeMap::new(),
            indexes: Indexes::default(),
            assumed: AssumedIndexes::default(),
            values: Values::default(),
            last: None,
        }
    }
}

impl<'a> Follower<'_, '_, 'a> {
    /// All that a value can come from that refers to these. What was known when the plan was made
    /// is left out: had the value come from it, the value would be known.
    pub(super) fn origins(
        &mut self,
        at: &Standpoint<'a>,
        references: &[String],
    ) -> BTreeSet<Origin> {
        self.by_index = false;
        let of = (at.indexed.clone(), self.provider.clone());
        let last = self.last.as_ref();
        if let Some(last) = last.filter(|last| last.of == of && last.references == references) {
            self.by_any_value |= last.by_any_value;
            return last.origins.clone();
        }
        self.budget = BUDGET;
        let by_any_value_before = core::mem::take(&mut self.by_any_value);
        let mut found = BTreeSet::new();
        self.follow(at, references, &mut found, DEEPEST);
        let found = each_key_once(found);
        // One of several keys, whichever instance asks: an index that matters is looked at anew.
        let is_of_all = !self.by_index
            && self.own_index(at, references).is_none()
            && !references.iter().any(|it| it.starts_with("each.value"))
            && found.iter().all(Origin::is_key);
        self.last = is_of_all.then(|| Found {
            of,
            references: references.to_vec(),
            origins: found.clone(),
            by_any_value: self.by_any_value,
        });
        self.by_any_value |= by_any_value_before;
        found
    }

    pub(super) fn follow(
        &mut self,
        at: &Standpoint<'a>,
        references: &[String],
        found: &mut BTreeSet<Origin>,
        depth: usize,
    ) {
        let own_index = self.own_index(at, references);
        self.by_index |= own_index.as_ref().is_some_and(OwnIndex::is_key);
        let mut inner = BTreeSet::new();
        for reference in longest(references) {
            if own_index
                .as_ref()
                .is_some_and(|own| own.is_value(reference))
            {
                continue;
            }
            let (Some(depth), Some(budget)) = (depth.checked_sub(1), self.budget.checked_sub(1))
            else {
                inner.insert(elsewhere(at, reference, Read::Not));
                break;
            };
            self.budget = budget;
            self.follow_one((at, own_index.as_ref()), reference, &mut inner, depth);
        }
        let depends_on_index =
            |reference: &String| reference.starts_with("each.") || reference.starts_with("count.");
        // What is no key follows the keys, and of a key the index says nothing.
        let has_more = inner.last().is_some_and(|last| !last.is_key());
        match at.index.as_deref() {
            Some(index) if has_more && references.iter().any(depends_on_index) => {
                found.extend(inner.into_iter().map(|origin| origin.at_index(index)));
            }
            _ => found.append(&mut inner),
        }
    }

    fn follow_one(
        &mut self,
        (at, own_index): (&Standpoint<'a>, Option<&OwnIndex>),
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
                let over = at.for_each.map(|raw| Expression::of(raw).references);
                let over = over.unwrap_or_default();
                let others = at
                    .index
                    .as_deref()
                    .and_then(|index| self.others_than(index, at, &over));
                let at = Standpoint {
                    for_each: None,
                    each_of: None,
                    ..at.clone()
                };
                let mut inner = BTreeSet::new();
                self.follow(&at, &over, &mut inner, depth);
                // `{a = k["b"].arn, b = k["a"].arn}` says itself which of them each has.
                let index = at
                    .index
                    .as_deref()
                    .filter(|_| !over.iter().any(|it| has_index(it)));
                let index = index.zip(others.as_deref());
                found.append(&mut self.of_same_index(inner, index));
            }
            [Segment { name: "var", .. }, variable, ..] => {
                self.follow_variable(at, variable.name, found, depth);
            }
            [Segment { name: "module", .. }, call, rest @ ..] => {
                self.follow_module((at, own_index), call, rest, found, depth);
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
    /// are any, and none has one of the others.
    fn of_same_index(
        &self,
        found: BTreeSet<Origin>,
        index: Option<(&str, &[String])>,
    ) -> BTreeSet<Origin> {
        let Some((index, others)) = index else {
            return found;
        };
        let has = |origin: &Origin, is_it: &dyn Fn(&str) -> bool| match origin {
            Origin::Key(number, _) => self.instances.all.get(*number).is_some_and(|key| {
                let module = Address::parse(&key.module_instance).modules.pop();
                let of_module = module.and_then(|module| module.index);
                key.index.as_deref().or(of_module).is_some_and(is_it)
            }),
            _ => false,
        };
        let is_other = |of: &str| of != index && others.iter().any(|other| other == of);
        if found.iter().any(|origin| has(origin, &is_other)) {
            return found;
        }
        let same = |origin: &&Origin| has(origin, &|of| of == index);
        let same: BTreeSet<Origin> = found.iter().filter(same).cloned().collect();
        if same.is_empty() { found } else { same }
    }

    fn follow_variable(
        &mut self,
        at: &Standpoint<'a>,
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
        let module_instance = outer.module_instance();
        let name = called.map_or("", |module| module.name);
        let outer = Standpoint {
            module_path: node.parent.clone(),
            index: index.map(ToOwned::to_owned),
            indexed: join(&module_instance, &["module.", name].concat()),
            module_instance,
            for_each: call.for_each_expression,
            each_of: call
                .for_each_expression
                .and_then(|raw| self.tree.variable_of(&node.parent, raw)),
            region: None,
        };
        let references = Expression::of(raw).references;
        self.follow(&outer, &references, found, depth);
    }

    fn follow_module(
        &mut self,
        (at, own_index): (&Standpoint<'a>, Option<&OwnIndex>),
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
        let called = join(&at.module_instance, &name);
        let index = call.index.map(ToOwned::to_owned);
        let index = index.or_else(|| {
            let own = own_index?;
            let pair = (&*at.indexed, &*called);
            let index = self.indexes.own(self.instances, own, pair.0, pair.1)?;
            if !own.is_known() {
                self.note_module(pair, &module_path, &references, depth);
            }
            Some(index)
        });
        for module_instance in self.module_instances(&called, index.as_deref()) {
            let inner = Standpoint::within(&module_path, module_instance);
            self.follow(&inner, &references, found, depth);
        }
    }

    /// The instances of a module that have resources of KMS; that of this index, if there is one.
    pub(super) fn module_instances(&self, called: &str, index: Option<&str>) -> Vec<String> {
        let of = |index: Option<&str>| match index {
            Some(index) => [called, "[", index, "]"].concat(),
            None => called.to_owned(),
        };
        if index.is_some() && self.instances.has_call(called, index) {
            return Vec::from([of(index)]);
        }
        let all: Vec<String> = self.instances.of_call(called).map(of).collect();
        if all.is_empty() {
            // Nothing of KMS is in it, but another module may be.
            return Vec::from([called.to_owned()]);
        }
        all
    }

    fn follow_resource(
        &mut self,
        (at, own_index): (&Standpoint<'a>, Option<&OwnIndex>),
        address: &Address<'_>,
        reference: &str,
        found: &mut BTreeSet<Origin>,
        depth: usize,
    ) {
        let kind = address.resource.split('.').next().unwrap_or_default();
        if Kind::of(kind).is_none() {
            found.insert(self.of_data((at, own_index), address, reference));
            return;
        }
        let taken = join(&at.module_instance, &address.resource);
        let of = self.indexes.of(self.instances, &taken);
        let chosen: Vec<usize> = match address.index {
            // An instance that is not made: a count of 0.
            Some(index) => of.number(index).into_iter().collect(),
            // Which index is taken, a plan does not tell: `k[each.key]` and `k["${each.key}-old"]`
            // have the same references. Where each has one of its own it is that; of keys that are
            // alike it is no matter, and of keys of several Regions none but that of the alias's
            // Region can be meant (all ours).
            None => {
                let own = own_index.and_then(|own| {
                    let same = self.indexes.own(self.instances, own, &at.indexed, &taken);
                    if let Some(number) = same.and_then(|index| of.number(&index)) {
                        let (tree, pair) = (self.tree, (&*at.indexed, &*taken));
                        if !own.is_known() {
                            self.assumed.note(tree, self.instances, pair, of.numbers());
                        }
                        return Some(number);
                    }
                    let index = own.key()?;
                    let of_region = of.number(index);
                    let of_region = of_region
                        .filter(|own| is_of_region(*own, at, self.instances, of.numbers()));
                    of_region.or_else(|| self.alike_at(index, at, &address.resource, of.numbers()))
                });
                own.map_or_else(|| of.numbers().to_vec(), |own| Vec::from([own]))
            }
        };
        // Keys are many at times: a set of all of them is made at once.
        let key = |number: &usize| self.key_made(*number, address.attribute);
        let mut keys: BTreeSet<Origin> = chosen.iter().filter_map(key).collect();
        found.append(&mut keys);
        for number in chosen {
            if self.key_made(number, address.attribute).is_some() {
                continue;
            }
            self.follow_instance(number, address.attribute, reference, at, found, depth);
        }
    }

    /// Of keys that are made alike the one of an index.
    fn alike_at(
        &mut self,
        index: &str,
        at: &Standpoint<'a>,
        resource: &str,
        numbers: &[usize],
    ) -> Option<usize> {
        let keys = (at.module_instance.clone(), resource.to_owned());
        let (tree, instances) = (self.tree, self.instances);
        let alike = self.alike.entry(keys);
        let alike = alike.or_insert_with(|| made_alike(tree, instances, numbers));
        alike.get(index).copied()
    }
}

pub(super) fn elsewhere(at: &Standpoint<'_>, reference: &str, read: Read) -> Origin {
    Origin::Elsewhere {
        label: join(&at.module_instance, reference),
        read,
        series: None,
    }
}
