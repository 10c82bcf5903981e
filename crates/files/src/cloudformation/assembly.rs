//! Assemblies of CDK: the stacks of a manifest, with a template for each.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::manifest::{self, Listed, find};
use super::member::Member;
use super::nested::{Located, Parent, Tree};
use super::parameters::{Given, check_defaults, check_names};
use super::running::{Running, Runs};
use super::source::{WrittenIn, source};
use super::steps::Stack;
use super::template::Template;
use super::{circles, judge_together, parse, parse_deployed, references};
use crate::account::Accounts;
use crate::advice::Advice;
use crate::fault::{AccountError, Fault};
use crate::file::File;
use crate::run::{Planned, RunInput, Source};
use crate::text;
use crate::whose::{Settled, Touched, Where, Whose};
use kms_alias_foresee::verdict::Place;

/// A stack of an assembly, or one that runs and that the assembly lacks.
pub(super) struct Deployed {
    /// What the manifest has of it; of one that the assembly lacks, the running manifest, if it is there.
    listed: Option<Listed>,
    /// What it is called among the stacks: by its name, or by its artifact where others have its name.
    label: String,
    /// The file of its template, by the name that it was given.
    file: String,
    /// Its template; none where it stays as it is.
    template: Option<Template>,
    old: Option<Template>,
    /// The file of the running template, and its path from the running manifest.
    old_file: String,
    old_name: String,
    given: Given,
}

/// An assembly: its stacks with their templates, and those that are nested in them.
pub(crate) struct Assembly {
    stacks: Vec<Deployed>,
    tree: Tree,
    /// The template of what stays as it is.
    empty: Template,
    /// What is said of the manifests.
    advice: Vec<Advice>,
}

impl Assembly {
    /// Reads the templates of a manifest, and of the one that runs.
    pub(crate) fn parse(
        input: &RunInput<'_>,
        json: &str,
        options: Place,
    ) -> Result<Self, AccountError> {
        let (listed, mut advice) = manifest::stacks(input.file.name, json, &input.templates)?;
        let mut running = Running::of(input, &listed, options)?;
        advice.append(&mut running.advice);
        let given = Given::of(input);
        let stacks = deployed(input, listed, running, &given)?;
        check_parameters(input, &stacks, &given)?;
        let roots = stacks.iter().enumerate();
        let roots: Vec<_> = roots.map(|(number, it)| it.root(number)).collect();
        let tree = Tree::of(input, &roots)?;
        Ok(Self {
            stacks,
            tree,
            empty: Template::default(),
            advice,
        })
    }

    /// The runs of the stacks as one.
    pub(crate) fn read(
        &self,
        input: &RunInput<'_>,
        accounts: &mut Accounts,
    ) -> Result<Planned, AccountError> {
        let options = accounts.options.place();
        let places = self.stacks.iter().map(|stack| stack.place(options));
        let places: Vec<Where> = places.collect();
        let mut touched: BTreeMap<&Where, Touched<'_>> = BTreeMap::new();
        for (place, stack) in places.iter().zip(&self.stacks) {
            stack.touch(touched.entry(place).or_default());
        }
        let settled = Settled::of(&touched, accounts, &input.assumptions);
        let members = self
            .stacks
            .iter()
            .zip(&places)
            .map(|(stack, place)| Member {
                label: Some(&stack.label),
                stack_name: stack.listed.as_ref().map(|it| &*it.stack_name),
                place: settled.place(place),
                file: &stack.file,
                template: stack.template.as_ref().unwrap_or(&self.empty),
                old: stack.old.as_ref(),
                given: &stack.given,
                nested: None,
                stays: stack.template.is_none(),
                after: stack.after(&self.stacks),
            });
        let members = members.collect();
        let mut planned = judge_together(input, members, &self.tree, accounts)?;
        let mut advice = self.advice.clone();
        advice.append(&mut planned.advice);
        planned.advice = advice;
        if settled.open.is_some() {
            planned.open = settled.open;
            planned.covers = None;
        }
        Ok(planned)
    }

    /// Where what has this address is written.
    pub(crate) fn source(&self, address: &str) -> Option<Source> {
        let roots = self.stacks.iter().map(|stack| WrittenIn {
            labels: ["", &stack.label],
            file: &stack.file,
            new: stack.template.as_ref(),
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

/// The stacks with their templates: those of the assembly, then those that only run.
fn deployed(
    input: &RunInput<'_>,
    listed: Vec<Listed>,
    mut running: Running<'_>,
    given: &Given,
) -> Result<Vec<Deployed>, AccountError> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let only_running = running.left.iter().filter_map(|it| it.listed.as_ref());
    for stack in listed.iter().chain(only_running) {
        let count = names.entry(stack.stack_name.clone()).or_default();
        *count = count.saturating_add(1);
    }
    let label = |listed: &Listed, shared: String| match names.get(&listed.stack_name) {
        Some(count) if *count > 1 => shared,
        _ => listed.stack_name.clone(),
    };
    let mut stacks = Vec::new();
    for (number, listed) in listed.into_iter().enumerate() {
        let label = label(&listed, listed.artifact.clone());
        let runs = running.followed.remove(&number);
        stacks.push(stack_of(input, listed, label, runs, given)?);
    }
    for runs in running.left {
        let label = match &runs.listed {
            Some(listed) => label(listed, runs.label()),
            None => runs.label(),
        };
        stacks.extend(left(runs, label, given)?);
    }
    Ok(stacks)
}

fn stack_of(
    input: &RunInput<'_>,
    listed: Listed,
    label: String,
    runs: Option<Runs<'_>>,
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
    let (old_listed, old_file) = runs.map_or((None, None), |runs| (runs.listed, runs.file));
    let (given, old) = old_of(old_listed.as_ref(), old_file, &listed.parameters, given)?;
    let mut parsed = parse(template.name, &text::json(template)?)?;
    parsed.write_out_loops(&given.lists(&parsed, false));
    references::check(template.name, &parsed)?;
    circles::check_conditions(template.name, &parsed)?;
    Ok(Deployed {
        label,
        file: template.name.to_string(),
        template: Some(parsed),
        old,
        old_file: old_file.map_or_else(String::new, |it| it.name.to_string()),
        old_name: old_listed.map_or_else(|| listed.template_file.clone(), |it| it.template_file),
        given,
        listed: Some(listed),
    })
}

/// A stack that runs and stays as it is; nothing where its template is not there.
fn left(runs: Runs<'_>, label: String, given: &Given) -> Result<Option<Deployed>, AccountError> {
    let Some(file) = runs.file else {
        return Ok(None);
    };
    let (given, old) = old_of(runs.listed.as_ref(), Some(file), &BTreeMap::new(), given)?;
    let name = || file.name.rsplit('/').next().unwrap_or_default().to_string();
    Ok(Some(Deployed {
        label,
        file: file.name.to_string(),
        template: None,
        old,
        old_file: file.name.to_string(),
        old_name: (runs.listed.as_ref()).map_or_else(name, |it| it.template_file.clone()),
        given,
        listed: runs.listed,
    }))
}

/// The values of parameters, and the running template with its own.
fn old_of(
    listed: Option<&Listed>,
    file: Option<File<'_>>,
    parameters: &BTreeMap<String, String>,
    given: &Given,
) -> Result<(Given, Option<Template>), AccountError> {
    let none = BTreeMap::new();
    let given = given.after(parameters, listed.map_or(&none, |it| &it.parameters));
    let mut old = file.map(parse_deployed).transpose()?;
    if let Some(old) = &mut old {
        old.write_out_loops(&given.lists(old, true));
        if let Some(listed) = listed {
            let giver = format!("the running manifest, for the stack `{}`,", listed.artifact);
            check_names(&listed.manifest, &giver, &listed.parameters, &[old])?;
        }
    }
    Ok((given, old))
}

/// Refuses parameters that no stack has, and values that they cannot have.
fn check_parameters(
    input: &RunInput<'_>,
    deployed: &[Deployed],
    given: &Given,
) -> Result<(), AccountError> {
    let file = input.file.name;
    let templates = deployed.iter().filter_map(|stack| stack.template.as_ref());
    let templates: Vec<&Template> = templates.collect();
    check_names(file, "`--parameter`", &given.new, &templates)?;
    for stack in deployed {
        let (Some(own), Some(template)) = (&stack.listed, &stack.template) else {
            continue;
        };
        let giver = format!("the manifest, for the stack `{}`,", own.artifact);
        check_names(&own.manifest, &giver, &own.parameters, &[template])?;
        check_defaults(&stack.file, template, &stack.given.new)?;
    }
    let olds = deployed.iter().filter_map(|stack| stack.old.as_ref());
    let olds: Vec<&Template> = olds.collect();
    check_names(file, "`--deployed-parameter`", &given.old, &olds)
}

impl Deployed {
    /// The stack as one that may have nested ones.
    fn root(&self, number: usize) -> Parent<'_> {
        let located = |template, file, name| Located {
            template,
            file,
            name,
            within: None,
        };
        let name = self.listed.as_ref().map(|it| &*it.template_file);
        let new = self.template.as_ref().zip(name);
        let new = new.map(|(it, name)| located(it, &*self.file, name));
        let old = self.old.as_ref();
        let old = old.map(|it| located(it, &*self.old_file, &*self.old_name));
        Parent::root(number, Some(&self.label), new, old, self.given.clone())
    }

    /// Where it runs, as far as its manifest and the options say it. One run of CDK deploys all stacks without an
    /// environment to one account and Region (ours).
    fn place(&self, options: Place) -> Where {
        let place = self.listed.as_ref().map_or(options, |it| it.place(options));
        // Of what runs without a manifest nothing is told.
        let who = match self.listed {
            Some(_) => String::new(),
            None => format!("the running template {}", self.file),
        };
        Where {
            account: place
                .account
                .map_or_else(|| Whose::Of(who.clone()), Whose::Known),
            region: place
                .region
                .map_or_else(|| Whose::Of(who.clone()), Whose::Known),
            who,
            is_account_said: false,
            is_region_said: false,
            regions: Vec::new(),
        }
    }

    fn touch<'v>(&'v self, touched: &mut Touched<'v>) {
        let runs = self.old.is_some();
        for template in [&self.template, &self.old].into_iter().flatten() {
            touched.add_template(template, runs);
        }
    }

    /// What the new manifest has of it.
    fn listed_new(&self) -> Option<&Listed> {
        self.listed.as_ref().filter(|_| self.template.is_some())
    }

    /// The stacks that run before this one.
    fn after(&self, all: &[Self]) -> Vec<usize> {
        let is_of = |other: &Listed, artifact: &String| {
            let rest = other.artifact.strip_prefix(artifact.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let Some(listed) = self.listed_new() else {
            return Vec::new();
        };
        let numbered = all.iter().enumerate();
        let numbered = numbered.filter_map(|(number, it)| Some((number, it.listed_new()?)));
        let before = numbered.filter(|(_, other)| {
            let mut own = listed.dependencies.iter();
            own.any(|artifact| is_of(other, artifact))
        });
        before.map(|(number, _)| number).collect()
    }
}
