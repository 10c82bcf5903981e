//! A run of which every way in which a template can be has a part: what is `ok` in it is `ok` in each.

use super::evaluate::Scope;
use super::stack::Resources;
use super::steps::Stack;
use super::template::{Kind, Resource, names_in};
use kms_alias_foresee::verdict::{Request, Run};

/// Whether each way in which what stacks leave open can be has some of these steps and no others, in
/// one of the orders that they may have, and names that these may be.
///
/// So it is where all that is open is whether a resource is made, and the value of a part of a name:
/// a key or an alias less refuses none of the others, since a template is refused that refers to what
/// is not made.
pub(super) fn covers_each_way(stacks: &[Stack<'_>], run: &Run) -> bool {
    let [stack] = stacks else {
        return false;
    };
    let is_creation = |request: &Request| {
        matches!(
            request,
            Request::CreateAlias { .. } | Request::CreateKey { .. }
        )
    };
    let template = stack.new.scope.template;
    stack.old.is_none()
        && template.is_as_written()
        && template.section("Rules").next().is_none()
        && template.resources().all(|it| stack.new.is_settled(&it))
        && run.steps.iter().all(|step| is_creation(&step.request))
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
