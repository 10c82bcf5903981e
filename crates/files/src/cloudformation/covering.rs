//! A run of which every way in which a template can be has a part: what is certain in it is certain in each.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::evaluate::Scope;
use super::stack::Resources;
use super::steps::Stack;
use super::template::{Kind, Resource, names_in};
use crate::advice::Advice;
use crate::run::Covering;
use kms_alias_foresee::verdict::{Request, Run};

/// What a run covers, if each way in which what stacks leave open can be has some of its steps and no
/// others, in one of the orders that they may have, and names that these may be.
///
/// So it is where all that is open is whether a resource is made, and the value of a part of a name.
/// What happens in a way before a step can happen here before it too, and the rest after it: what a
/// step depends on is there in each way that has the step, since a template is refused that refers to
/// what is not made.
pub(super) fn covering(stacks: &[Stack<'_>], run: &Run, advice: Vec<Advice>) -> Option<Covering> {
    let [stack] = stacks else { return None };
    let is_creation = |request: &Request| {
        matches!(
            request,
            Request::CreateAlias { .. } | Request::CreateKey { .. }
        )
    };
    let template = stack.new.scope.template;
    let covers = stack.old.is_none()
        && template.is_as_written()
        && template.section("Rules").next().is_none()
        && template.resources().all(|it| stack.new.is_settled(&it))
        && run.steps.iter().all(|step| is_creation(&step.request));
    covers.then(|| Covering {
        advice,
        conditions: conditions(&stack.new, run),
    })
}

/// The conditions that are not known, each by the number of a step that is taken if it holds.
fn conditions(resources: &Resources<'_>, run: &Run) -> BTreeMap<usize, Box<str>> {
    let condition = |address: &str| {
        let condition = resources.all.get(address)?.condition()?;
        let is_open = resources.scope.condition(condition).is_none();
        is_open.then(|| Box::from(condition))
    };
    let steps = run.steps.iter().enumerate();
    let of_steps = steps.filter_map(|(number, step)| {
        let condition = condition(step.address.as_deref()?)?;
        Some((number, condition))
    });
    of_steps.collect()
}

impl Resources<'_> {
    /// Whether a resource is known but for its condition and parts of the name of its alias.
    fn is_settled(&self, resource: &Resource<'_>) -> bool {
        let is_name = |name: &str| resource.kind == Kind::Alias && name == "AliasName";
        let others = resource.read().filter(|(name, _)| !is_name(name));
        let names = names_in(others.map(|(_, value)| value));
        resource.chosen_by().is_empty() && !names.iter().any(|name| self.scope.is_open(name))
    }
}

impl Scope<'_> {
    /// Whether a name is that of a parameter whose value is not known.
    fn is_open(&self, name: &str) -> bool {
        let parameter = self.template.entry("Parameters", name);
        parameter.is_some_and(|it| self.parameter(name, it).as_known().is_none())
    }
}
