//! The order of steps that Terraform keeps to: what a plan leaves open stays open.
//!
//! Written `A < B` for "A comes before B", where B depends on A by the configuration or, for what
//! is destroyed, by the state:
//! - create or update of A < create or update of B;
//! - destroy of B < destroy of A, and destroy of B < create or update of A;
//! - of one resource destroy < create, or with `create_before_destroy` create < destroy, and then
//!   create or update of B < destroy of A;
//! - destroy of A < create of B, where B is replaced and was made with A.
//!
//! Whether B is updated before or after A is destroyed, which it no longer depends on, differs
//! between versions of Terraform: it stays open.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::address::{Address, join};
use super::configuration::Tree;
use super::instance::{Action, Instances};
use super::plan::StateResource;
use super::steps::Planned;
use crate::graph::nearest;
use kms_alias_foresee::verdict::{KeyReference, Request};

/// As many pairs of instances of two resources are put in order; beyond it only those of the same
/// index are.
const MOST_PAIRS: usize = 10_000;

/// As many steps through the configuration are taken in all.
const MOST_VISITS: usize = 5_000_000;

/// The steps of a resource, by what they do.
#[derive(Default)]
struct StepsOf {
    /// Steps that create or update.
    creators: Vec<usize>,
    destroyers: Vec<usize>,
    /// Destroyers of what is replaced by another one that is made first.
    late_destroyers: Vec<usize>,
}

/// Puts steps in order.
pub(super) struct Ordering<'t> {
    planned: &'t [Planned],
    instances: &'t Instances<'t>,
    of_path: BTreeMap<&'t str, StepsOf>,
    after: Vec<BTreeSet<usize>>,
}

impl<'t> Ordering<'t> {
    pub(super) fn new(planned: &'t [Planned], instances: &'t Instances<'t>) -> Self {
        let mut of_path: BTreeMap<&str, StepsOf> = BTreeMap::new();
        for (number, step) in planned.iter().enumerate() {
            let Some(instance) = instances.all.get(step.instance) else {
                continue;
            };
            let steps = of_path.entry(&instance.path).or_default();
            match step.action {
                Action::Create | Action::Update => steps.creators.push(number),
                Action::Delete if instance.is_created_first => steps.late_destroyers.push(number),
                Action::Delete => steps.destroyers.push(number),
            }
        }
        let after = planned.iter().map(|_| BTreeSet::new()).collect();
        Self {
            planned,
            instances,
            of_path,
            after,
        }
    }

    /// Of each step those that come before it.
    pub(super) fn order(
        mut self,
        tree: &Tree<'_, '_>,
        state: &[&StateResource<'_>],
    ) -> Vec<Vec<usize>> {
        self.replacements();
        self.made_keys();
        self.configured(tree);
        self.stored(state);
        let each = self.after.into_iter();
        each.map(|before| before.into_iter().collect()).collect()
    }

    fn before(&mut self, first: usize, second: usize) {
        if first != second
            && let Some(before) = self.after.get_mut(second)
        {
            before.insert(first);
        }
    }

    /// The two steps of one instance come one after the other, as the plan lists them.
    fn replacements(&mut self) {
        for second in 1..self.planned.len() {
            let first = second.saturating_sub(1);
            let of = |step: usize| self.planned.get(step).map(|step| step.instance);
            if of(first) == of(second) {
                self.before(first, second);
            }
        }
    }

    /// A key is made before an alias or a replica names it.
    fn made_keys(&mut self) {
        for number in 0..self.planned.len() {
            let step = self.planned.get(number).filter(|it| it.waits_for_key);
            let named = match step.map(|step| &step.step.request) {
                Some(
                    Request::CreateAlias { target_key_id, .. }
                    | Request::UpdateAlias { target_key_id, .. },
                ) => target_key_id,
                Some(Request::ReplicateKey { primary, .. }) => primary,
                _ => continue,
            };
            if let KeyReference::MadeBy(made) = named {
                self.before(*made, number);
            }
        }
    }

    /// Each of some steps before each of others; of too many, those of the same index.
    fn all_before(&mut self, firsts: &[usize], seconds: &[usize]) {
        let is_many = firsts.len().saturating_mul(seconds.len()) > MOST_PAIRS;
        if !is_many {
            for second in seconds {
                for first in firsts {
                    self.before(*first, *second);
                }
            }
            return;
        }
        let index = |step: usize| {
            let instance = self.instances.all.get(self.planned.get(step)?.instance)?;
            Some((&instance.module_instance, instance.index.as_deref()))
        };
        let by_index: BTreeMap<_, _> = firsts.iter().map(|first| (index(*first), *first)).collect();
        let pairs: Vec<_> = seconds
            .iter()
            .filter_map(|second| Some((*by_index.get(&index(*second))?, *second)))
            .collect();
        for (first, second) in pairs {
            self.before(first, second);
        }
    }

    /// What depends on something by the configuration comes after it.
    fn configured(&mut self, tree: &Tree<'_, '_>) {
        if self.of_path.len() < 2 {
            return;
        }
        let dependencies = tree.dependencies();
        let path = |number: usize| {
            let node = tree.resources.get(number)?;
            let name = Address::parse(&node.resource.address).resource;
            Some(join(&node.module, &name))
        };
        let paths: Vec<Option<String>> = (0..tree.resources.len()).map(path).collect();
        let of_number = |number: usize| paths.get(number)?.as_deref();
        let mut visits = MOST_VISITS;
        let all: Vec<String> = self.of_path.keys().map(ToString::to_string).collect();
        for second in &all {
            let Some(start) = tree.number(second) else {
                continue;
            };
            for first in nearest(start, dependencies, &mut visits, |number| {
                of_number(number)
                    .and_then(|path| self.of_path.get(path))
                    .is_some_and(|steps| !steps.creators.is_empty())
            }) {
                let Some(first) = of_number(first) else {
                    continue;
                };
                self.depends(first, second);
            }
        }
    }

    fn depends(&mut self, first: &str, second: &str) {
        let steps = |path| self.of_path.get(path);
        let (Some(first), Some(second)) = (steps(first), steps(second)) else {
            return;
        };
        let (made, late) = (first.creators.clone(), first.late_destroyers.clone());
        let dependents = second.creators.clone();
        self.all_before(&made, &dependents);
        self.all_before(&dependents, &late);
    }

    /// What the state says of the order in which resources were made.
    fn stored(&mut self, state: &[&StateResource<'_>]) {
        let mut steps_of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, step) in self.planned.iter().enumerate() {
            if let Some(instance) = self.instances.all.get(step.instance) {
                steps_of.entry(&instance.address).or_default().push(number);
            }
        }
        for resource in state {
            let address = resource.address.as_deref().unwrap_or_default();
            let Some(numbers) = steps_of.get(address) else {
                continue;
            };
            for dependency in &resource.depends_on {
                let path = Address::parse(dependency).path();
                for number in numbers {
                    self.depended(*number, &path);
                }
            }
        }
    }

    /// A step of a resource that was made with what is at this path.
    fn depended(&mut self, number: usize, path: &str) {
        let Some(step) = self.planned.get(number) else {
            return;
        };
        let Some(steps) = self.of_path.get(path) else {
            return;
        };
        let instance = self.instances.all.get(step.instance);
        let is_created_first = instance.is_some_and(|instance| instance.is_created_first);
        let is_replaced = instance.is_some_and(|instance| instance.actions.len() > 1);
        let own = instance.map(|it| (it.module_path.clone(), it.module_instance.clone()));
        let (destroyers, creators) = (steps.destroyers.clone(), steps.creators.clone());
        let is_apart = |other: usize| {
            let other = self.planned.get(other);
            let other = other.and_then(|step| self.instances.all.get(step.instance));
            let other = other.map(|it| (it.module_path.clone(), it.module_instance.clone()));
            match (&own, &other) {
                (Some(own), Some(other)) => own.0 == other.0 && own.1 != other.1,
                _ => false,
            }
        };
        let is_late = !steps.late_destroyers.is_empty();
        let destroyers: Vec<_> = destroyers.into_iter().filter(|it| !is_apart(*it)).collect();
        let creators: Vec<_> = creators.into_iter().filter(|it| !is_apart(*it)).collect();
        match step.action {
            Action::Delete if !is_created_first => {
                self.all_before(&[number], &destroyers);
                if !is_late {
                    self.all_before(&[number], &creators);
                }
            }
            Action::Create if is_replaced && !is_created_first => {
                self.all_before(&destroyers, &[number]);
            }
            _ => {}
        }
    }
}
