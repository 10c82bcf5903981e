//! Assemblies of CDK: the stacks of a manifest, with a template for each.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::manifest::{self, Listed, find};
use super::member::Member;
use super::nested::{Located, Parent, Tree};
use super::parameters::{Given, check_defaults, check_names};
use super::source::{WrittenIn, source};
use super::stack::environment;
use super::steps::Stack;
use super::template::Template;
use super::{circles, judge_together, parse, parse_deployed, references};
use crate::account::Accounts;
use crate::advice::Advice;
use crate::fault::{AccountError, Fault};
use crate::run::{Planned, RunInput, Source};
use crate::text;

/// A stack of an assembly.
struct Deployed {
    listed: Listed,
    /// What it is called among the stacks: by its name, or by its artifact where others have its name.
    label: String,
    /// The file of its template, by the name that it was given.
    file: String,
    template: Template,
    old: Option<Template>,
    old_file: String,
    given: Given,
}

/// An assembly: its stacks with their templates, and those that are nested in them.
pub(crate) struct Assembly {
    stacks: Vec<Deployed>,
    tree: Tree,
    /// What is said of the manifest.
    advice: Vec<Advice>,
}

impl Assembly {
    /// Reads the templates of a manifest.
    pub(crate) fn parse(input: &RunInput<'_>, json: &str) -> Result<Self, AccountError> {
        let (listed, advice) = manifest::stacks(input, json)?;
        let given = Given::of(input);
        let stacks = deployed(input, listed, &given)?;
        check_parameters(input, &stacks, &given)?;
        let roots = stacks.iter().enumerate();
        let roots: Vec<_> = roots.map(|(number, it)| it.root(number)).collect();
        let tree = Tree::of(input, &roots)?;
        Ok(Self {
            stacks,
            tree,
            advice,
        })
    }

    /// The runs of the stacks as one.
    pub(crate) fn read(
        &self,
        input: &RunInput<'_>,
        accounts: &mut Accounts,
    ) -> Result<Planned, AccountError> {
        let members = self.stacks.iter().map(|stack| Member {
            label: Some(&stack.label),
            stack_name: Some(&stack.listed.stack_name),
            place: accounts.settle(environment(&stack.listed.environment)),
            file: &stack.file,
            template: &stack.template,
            old: stack.old.as_ref(),
            given: &stack.given,
            nested: None,
            after: stack.after(&self.stacks),
        });
        let members = members.collect();
        let mut planned = judge_together(input, members, &self.tree, accounts)?;
        let mut advice = self.advice.clone();
        advice.append(&mut planned.advice);
        planned.advice = advice;
        Ok(planned)
    }

    /// Where what has this address is written.
    pub(crate) fn source(&self, address: &str) -> Option<Source> {
        let roots = self.stacks.iter().map(|stack| WrittenIn {
            labels: ["", &stack.label],
            file: &stack.file,
            new: Some(&stack.template),
            old: stack.old.as_ref(),
        });
        source(address, roots.chain(self.tree.written_in()))
    }
}

/// Lets a stack run after those whose keys it imports: without what they export CloudFormation refuses it
/// before it asks KMS. One that runs already may have exported the same before.
pub(super) fn order_by_imports(stacks: &mut [Stack<'_>]) {
    for importing in 0..stacks.len() {
        let Some(stack) = stacks.get(importing) else {
            continue;
        };
        let own = stack.root;
        let targets = stack.new.all.values().map(|it| stack.new.target(it));
        let exporting = targets.filter_map(|target| target.as_key().map(|(stack, _)| stack));
        let new_root = |number: usize| {
            let exporting = stacks.get(number).filter(|it| it.old.is_none())?;
            Some(exporting.root)
        };
        let exporting: BTreeSet<usize> = exporting
            .filter_map(new_root)
            .filter(|root| *root != own && !runs_after(stacks, *root, own))
            .collect();
        if let Some(stack) = stacks.get_mut(own) {
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
        stack_of(input, listed, label, given)
    });
    each.collect()
}

fn stack_of(
    input: &RunInput<'_>,
    listed: Listed,
    label: String,
    given: &Given,
) -> Result<Deployed, AccountError> {
    let Some(template) = find(&input.templates, &listed.template_file) else {
        let artifact = listed.artifact.rsplit('/').next().unwrap_or_default();
        let path = format!("artifacts.{artifact}.properties.templateFile");
        let words = format!(
            "the template `{}` of the stack `{}`, which the manifest names, is not among the files: run `cdk synth` again, and \
             give the whole folder",
            listed.template_file, listed.artifact
        );
        let fault = Fault::in_template(&path, words);
        return Err(AccountError::of_file(&listed.manifest, fault));
    };
    let old_file = find(&input.deployed_templates, &listed.template_file);
    let mut old = old_file.map(parse_deployed).transpose()?;
    let given = given.after(&listed.parameters);
    if let Some(old) = &mut old {
        old.write_out_loops(&given.lists(old, true));
    }
    let mut parsed = parse(template.name, &text::json(template)?)?;
    parsed.write_out_loops(&given.lists(&parsed, false));
    references::check(template.name, &parsed)?;
    circles::check_conditions(template.name, &parsed)?;
    Ok(Deployed {
        label,
        file: template.name.to_string(),
        template: parsed,
        old,
        old_file: old_file.map_or_else(String::new, |it| it.name.to_string()),
        given,
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
    /// The stack as one that may have nested ones.
    fn root(&self, number: usize) -> Parent<'_> {
        let located = |template, file| Located {
            template,
            file,
            name: &self.listed.template_file,
            within: None,
        };
        let new = located(&self.template, &self.file);
        let old = self.old.as_ref().map(|it| located(it, &self.old_file));
        Parent::root(number, Some(&self.label), new, old, self.given.clone())
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
