//! Assemblies of CDK: the stacks of a manifest, with a template for each.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;

use super::evaluate::{Exports, Scope};
use super::manifest::{self, Listed, find};
use super::parameters::{Given, check_defaults, check_names};
use super::stack::{Resources, environment, export};
use super::steps::Stack;
use super::template::Template;
use super::texts::Parameters;
use super::{check, circles, parse, parse_deployed, references, run};
use crate::account::Accounts;
use crate::fault::{AccountError, Fault};
use crate::run::{Assumption, Planned, RunInput};
use crate::text;
use kms_alias_foresee::verdict::Place;

/// A stack of an assembly.
struct Deployed {
    listed: Listed,
    /// What it is called among the stacks: by its name, or by its artifact where others have its name.
    label: String,
    place: Place,
    /// The file of its template, by the name that it was given.
    file: String,
    template: Template,
    old: Option<Template>,
    given: Given,
}

/// Reads an assembly: the runs of its stacks as one.
pub(crate) fn read_assembly(
    input: &RunInput<'_>,
    json: &str,
    accounts: &mut Accounts,
) -> Result<Planned, AccountError> {
    let (listed, mut advice) = manifest::stacks(input, json)?;
    let given = Given::of(input);
    let deployed = deployed(input, listed, &given, accounts)?;
    check_parameters(input, &deployed, &given)?;
    let may_be = deployed.iter().map(Deployed::may_be).collect::<Vec<_>>();
    let assumed = (&input.assumptions[..], &may_be[..]);
    let exported = all_exports(&deployed, assumed);
    let mut stacks: Vec<Stack<'_>> = deployed
        .iter()
        .enumerate()
        .map(|(number, stack)| {
            let of = |template, values| stack.scope(number, template, values, &exported, assumed);
            Stack {
                number,
                place: stack.place,
                new: Resources::of(of(&stack.template, stack.given.of_new())),
                old: stack
                    .old
                    .as_ref()
                    .map(|old| Resources::of(of(old, stack.given.of_old()))),
                after: stack.after(&deployed),
            }
        })
        .collect();
    order_by_imports(&mut stacks);
    if input.assumptions.is_empty() {
        let mut each = stacks.iter().zip(&deployed);
        each.try_for_each(|(stack, deployed)| check(&deployed.file, stack))?;
    }
    let mut planned = run(&stacks, accounts, input);
    advice.append(&mut planned.advice);
    planned.advice = advice;
    Ok(planned)
}

/// Lets a stack run after those whose keys it imports: without what they export CloudFormation refuses it
/// before it asks KMS. One that runs already may have exported the same before.
fn order_by_imports(stacks: &mut [Stack<'_>]) {
    for importing in 0..stacks.len() {
        let Some(stack) = stacks.get(importing) else {
            continue;
        };
        let targets = stack
            .new
            .all
            .values()
            .map(|it| stack.new.value(it, "TargetKeyId"));
        let exporting = targets.filter_map(|target| target.as_key().map(|(stack, _)| stack));
        let is_new = |number: &usize| stacks.get(*number).is_some_and(|it| it.old.is_none());
        let exporting: BTreeSet<usize> = exporting
            .filter(|number| is_new(number) && !runs_after(stacks, *number, importing))
            .collect();
        if let Some(stack) = stacks.get_mut(importing) {
            stack.after.extend(exporting);
        }
    }
}

/// Whether a stack is another one, or runs after it.
fn runs_after(stacks: &[Stack<'_>], stack: usize, other: usize) -> bool {
    let (mut open, mut seen) = (Vec::from([stack]), BTreeSet::new());
    while let Some(number) = open.pop() {
        if number == other {
            return true;
        }
        if seen.insert(number) {
            open.extend(stacks.get(number).iter().flat_map(|it| &it.after));
        }
    }
    false
}

/// The stacks with their templates.
fn deployed(
    input: &RunInput<'_>,
    listed: Vec<Listed>,
    given: &Given,
    accounts: &Accounts,
) -> Result<Vec<Deployed>, AccountError> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for stack in &listed {
        let count = names.entry(stack.stack_name.clone()).or_default();
        *count = count.saturating_add(1);
    }
    let each = listed.into_iter().map(|listed| {
        let is_shared = names
            .get(&listed.stack_name)
            .is_some_and(|count| *count > 1);
        let label = match is_shared {
            true => listed.artifact.clone(),
            false => listed.stack_name.clone(),
        };
        stack_of(input, listed, label, given, accounts)
    });
    each.collect()
}

fn stack_of(
    input: &RunInput<'_>,
    listed: Listed,
    label: String,
    given: &Given,
    accounts: &Accounts,
) -> Result<Deployed, AccountError> {
    let Some(template) = find(&input.templates, &listed.template_file) else {
        let fault = Fault::Json(format!(
            "the template `{}` of the stack `{}` was not handed in",
            listed.template_file, listed.artifact
        ));
        return Err(AccountError::of_file(&listed.manifest, fault));
    };
    let old = match find(&input.deployed_templates, &listed.template_file) {
        Some(file) => Some(parse_deployed(file)?),
        None => None,
    };
    let parsed = parse(template.name, &text::json(template)?)?;
    references::check(template.name, &parsed)?;
    circles::check_conditions(template.name, &parsed)?;
    Ok(Deployed {
        label,
        place: accounts.settle(environment(&listed.environment)),
        file: template.name.to_string(),
        template: parsed,
        old,
        given: given.after(&listed.parameters),
        listed,
    })
}

/// Refuses parameters that no stack has, and values that they cannot have.
fn check_parameters(
    input: &RunInput<'_>,
    deployed: &[Deployed],
    given: &Given,
) -> Result<(), AccountError> {
    let file = input.file.name;
    let templates: Vec<&Template> = deployed.iter().map(|stack| &stack.template).collect();
    check_names(file, "`--parameter`", &given.new, &templates)?;
    for stack in deployed {
        let own = &stack.listed;
        let giver = format!("the manifest, for the stack `{}`,", own.artifact);
        check_names(&own.manifest, &giver, &own.parameters, &[&stack.template])?;
        check_defaults(&stack.file, &stack.template, &stack.given.new)?;
    }
    let olds = deployed.iter().filter_map(|stack| stack.old.as_ref());
    let olds: Vec<&Template> = olds.collect();
    check_names(file, "`--deployed-parameter`", &given.old, &olds)
}

impl Deployed {
    fn may_be(&self) -> Parameters<'_> {
        Parameters::of(&self.template, self.old.as_ref())
    }

    fn scope<'v>(
        &'v self,
        stack: usize,
        template: &'v Template,
        (parameters, withheld): (&'v BTreeMap<String, String>, &'v BTreeSet<String>),
        exports: &'v Exports,
        (assumed, may_be): (&'v [Assumption], &'v [Parameters<'v>]),
    ) -> Scope<'v> {
        Scope {
            template,
            parameters,
            withheld,
            place: self.place,
            stack,
            label: Some(&self.label),
            stack_name: Some(&self.listed.stack_name),
            exports,
            assumed,
            may_be: may_be.get(stack),
            conditions: RefCell::default(),
        }
    }

    /// The stacks that run before this one.
    fn after(&self, all: &[Self]) -> Vec<usize> {
        let is_of = |other: &Self, artifact: &String| {
            let rest = other.listed.artifact.strip_prefix(artifact.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let numbered = all.iter().enumerate();
        let before = numbered.filter(|(_, other)| {
            let mut own = self.listed.dependencies.iter();
            own.any(|artifact| is_of(other, artifact))
        });
        before.map(|(number, _)| number).collect()
    }
}

/// What the stacks export, by name: each may import what another one exports that imports itself.
fn all_exports(deployed: &[Deployed], assumed: (&[Assumption], &[Parameters<'_>])) -> Exports {
    /// As many stacks may a value pass through.
    const DEEPEST: usize = 8;
    let mut known = Exports::new();
    for _ in 0..DEEPEST {
        let mut next = Exports::new();
        for (number, stack) in deployed.iter().enumerate() {
            let values = stack.given.of_new();
            let scope = stack.scope(number, &stack.template, values, &known, assumed);
            export(&Resources::of(scope), &mut next);
        }
        if next == known {
            break;
        }
        known = next;
    }
    known
}
