//! The stacks that are judged together: those of an assembly or the one of a template, and their nested ones.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::cell::RefCell;

use super::evaluate::Scope;
use super::links::{IN_COMMON, Links};
use super::nested::{Nested, Tree, is_kept};
use super::parameters::Given;
use super::stack::Resources;
use super::steps::{Parent, Stack};
use super::template::{Template, chosen_by};
use super::texts::Parameters;
use super::{check, passed, references};
use crate::fault::AccountError;
use crate::run::{Assumption, RunInput};
use kms_alias_foresee::verdict::Place;

/// A stack, before it is evaluated.
pub(super) struct Member<'v> {
    pub(super) label: Option<&'v str>,
    pub(super) stack_name: Option<&'v str>,
    pub(super) place: Place,
    /// The file of its template.
    pub(super) file: &'v str,
    pub(super) template: &'v Template,
    pub(super) old: Option<&'v Template>,
    pub(super) given: &'v Given,
    pub(super) nested: Option<&'v Nested>,
    /// Whether it runs and stays as it is: what is deployed has it no longer.
    pub(super) stays: bool,
    /// The stacks that run before it, by number.
    pub(super) after: Vec<usize>,
}

/// What nested stacks have besides what their parents give them.
pub(super) struct OfNested {
    /// Pseudo parameters that are given for all.
    given: Given,
    /// The template of a stack that goes.
    empty: Template,
}

impl OfNested {
    pub(super) fn of(input: &RunInput<'_>) -> Self {
        let mut given = Given::of(input);
        given
            .new
            .retain(|name, _| IN_COMMON.contains(&name.as_str()));
        given
            .old
            .retain(|name, _| IN_COMMON.contains(&name.as_str()));
        given.withheld.clear();
        Self {
            given,
            empty: Template::default(),
        }
    }
}

impl<'v> Member<'v> {
    /// The nested stacks of a tree, after the outermost ones.
    pub(super) fn nested(
        tree: &'v Tree,
        of_nested: &'v OfNested,
        place: impl Fn(usize) -> Place,
    ) -> impl Iterator<Item = Self> {
        tree.all.values().map(move |nested| Self {
            label: Some(&nested.label),
            stack_name: None,
            place: place(nested.root),
            file: &nested.file,
            template: nested.new.as_ref().unwrap_or(&of_nested.empty),
            old: nested.old.as_ref(),
            given: &of_nested.given,
            nested: Some(nested),
            stays: false,
            after: Vec::new(),
        })
    }

    pub(super) fn may_be(&self) -> Parameters<'v> {
        Parameters::of(self.template, self.old)
    }
}

/// The stacks with what is assumed of them.
#[derive(Clone, Copy)]
pub(super) struct World<'w> {
    pub(super) members: &'w [Member<'w>],
    pub(super) assumed: &'w [Assumption],
    pub(super) may_be: &'w [Parameters<'w>],
}

impl<'w> World<'w> {
    /// A stack's template, or that which runs, evaluated.
    pub(super) fn scope<'l>(
        &'l self,
        number: usize,
        is_old: bool,
        links: &'l Links,
    ) -> Option<Scope<'l>> {
        let member = self.members.get(number)?;
        let template = if is_old { member.old? } else { member.template };
        let (parameters, withheld): (&BTreeMap<_, _>, &BTreeSet<_>) = match is_old {
            true => member.given.of_old(),
            false => member.given.of_new(),
        };
        Some(Scope {
            template,
            parameters,
            withheld,
            place: member.place,
            stack: number,
            label: member.label,
            stack_name: member.stack_name,
            links,
            assumed: self.assumed,
            may_be: self.may_be.get(number),
            conditions: RefCell::default(),
        })
    }

    /// The stacks, evaluated.
    pub(super) fn stacks<'l>(
        &'l self,
        tree: &'l Tree,
        empty: &'l OfNested,
        [new, old]: &'l [Links; 2],
    ) -> Vec<Stack<'l>> {
        let mut stacks: Vec<Stack<'l>> = Vec::new();
        for (number, member) in self.members.iter().enumerate() {
            let parent = member.nested.map(|nested| Parent {
                stack: nested.parent,
                logical_id: &nested.logical_id,
                path: &nested.path,
                goes: nested.new.is_none(),
            });
            let is_there = |is_old: bool| match &parent {
                Some(parent) => is_made(&stacks, parent, is_old),
                None => true,
            };
            let is_new = is_there(false);
            let is_old = is_there(true);
            let mut stays = member.stays;
            if let Some(nested) = member.nested {
                let of_around = stacks.get(nested.parent).is_some_and(|it| it.stays);
                stays = !is_new && (of_around || self.is_kept(nested));
            }
            let Some(mut scope) = self.scope(number, false, new) else {
                continue;
            };
            if !is_new {
                scope.template = &empty.empty;
            }
            let running = self.scope(number, true, old).filter(|_| is_old);
            let around = member.nested.and_then(|it| self.members.get(it.parent));
            let around_old = around.and_then(|around| around.old);
            let around = around.map(|around| around.template);
            stacks.push(Stack {
                number,
                root: member.nested.map_or(number, |nested| nested.root),
                place: member.place,
                new: Resources::with_nested(scope, around, tree),
                old: running.map(|old| Resources::with_nested(old, around_old, tree)),
                after: member.after.clone(),
                stays,
                parent,
            });
        }
        stacks
    }

    /// Whether a nested stack stays as it is where its resource goes.
    fn is_kept(&self, nested: &Nested) -> bool {
        let parent = self.members.get(nested.parent);
        let running = parent.and_then(|parent| parent.old);
        running.is_some_and(|running| is_kept(running, &nested.logical_id))
    }

    /// Refuses stacks of which CloudFormation makes nothing, with the values that their parameters have.
    pub(super) fn check(&self, stacks: &[Stack<'_>]) -> Result<(), AccountError> {
        for (stack, member) in stacks.iter().zip(self.members) {
            if !is_certain(stacks, stack) {
                continue;
            }
            if member.nested.is_some_and(|nested| nested.new.is_some()) {
                references::check_any(member.file, member.template)?;
                references::check(member.file, member.template)?;
            }
            check(member.file, stack)?;
            self.check_passed(stacks, stack, member)?;
        }
        Ok(())
    }

    /// Refuses a nested stack that does not get what it needs, or is asked for what it does not have.
    fn check_passed(
        &self,
        stacks: &[Stack<'_>],
        stack: &Stack<'_>,
        member: &Member<'_>,
    ) -> Result<(), AccountError> {
        let Some(nested) = member.nested.filter(|nested| nested.new.is_some()) else {
            return Ok(());
        };
        match (stacks.get(nested.parent), self.members.get(nested.parent)) {
            (Some(parent), Some(around)) => {
                passed::check(around.file, &parent.new.scope, &stack.new.scope, nested)
            }
            _ => Ok(()),
        }
    }

    /// Whether a stack fails for what it passes to a nested one or takes from it.
    pub(super) fn fails_around(&self, stacks: &[Stack<'_>]) -> bool {
        let mut all = stacks.iter().zip(self.members);
        all.any(|(stack, member)| {
            is_certain(stacks, stack) && self.check_passed(stacks, stack, member).is_err()
        })
    }
}

/// Whether the resource of a nested stack is made, or may be, in the template around it.
fn is_made(stacks: &[Stack<'_>], parent: &Parent<'_>, is_old: bool) -> bool {
    let stack = stacks.get(parent.stack);
    stack.is_some_and(|stack| stack.makes(parent.logical_id, is_old))
}

/// Whether a stack is certainly made, and each one around it: of another one CloudFormation reads no template.
fn is_certain(stacks: &[Stack<'_>], stack: &Stack<'_>) -> bool {
    let mut inner = stack;
    while let Some(parent) = &inner.parent {
        let Some(around) = stacks.get(parent.stack) else {
            return false;
        };
        let scope = &around.new.scope;
        let body = scope.template.entry("Resources", parent.logical_id);
        if !body.is_some_and(|body| scope.is_there(body)) {
            return false;
        }
        inner = around;
    }
    true
}

impl Stack<'_> {
    /// Whether the new template makes a resource, or may make it, or the running one.
    pub(super) fn may_have(&self, logical_id: &str) -> bool {
        self.makes(logical_id, false) || self.makes(logical_id, true)
    }

    fn makes(&self, logical_id: &str, is_old: bool) -> bool {
        let resources = if is_old {
            self.old.as_ref()
        } else {
            Some(&self.new)
        };
        resources.is_some_and(|resources| {
            let scope = &resources.scope;
            let body = scope.template.entry("Resources", logical_id);
            let condition = body.and_then(|body| body.get("Condition")?.as_str());
            body.is_some() && condition.is_none_or(|name| scope.condition(name) != Some(false))
        })
    }
}

impl<'v> Resources<'v> {
    /// The resources of a stack; whether nested ones of it are made can depend on conditions too, and what
    /// parameters they get, and of a nested one what outputs it has.
    fn with_nested(scope: Scope<'v>, around: Option<&Template>, tree: &Tree) -> Self {
        let number = scope.stack;
        let mut resources = Self::of(scope);
        let template = resources.scope.template;
        if let Some(around) = around {
            let is_open = |name: &&str| resources.scope.condition(name).is_none();
            let mut named = template.conditions_of_outputs(around);
            named.retain(is_open);
            resources.unknown_conditions.append(&mut named);
        }
        let own = tree.all.values().filter(|nested| nested.parent == number);
        for nested in own {
            let body = template.entry("Resources", &nested.logical_id);
            let condition = body.and_then(|body| body.get("Condition")?.as_str());
            let is_open = |name: &&str| resources.scope.condition(name).is_none();
            let parameters = body.and_then(|body| body.get("Properties")?.get("Parameters"));
            let mut named = chosen_by(parameters);
            named.extend(condition);
            named.retain(is_open);
            resources.unknown_conditions.append(&mut named);
        }
        resources
    }
}
