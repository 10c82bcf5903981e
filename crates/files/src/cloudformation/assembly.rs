//! Assemblies of CDK: a manifest, and a template for each stack.

use alloc::borrow::Cow;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;

use super::evaluate::{Exports, Scope};
use super::parameters::{Given, check_defaults, check_names};
use super::stack::{Resources, environment, exports};
use super::steps::Stack;
use super::template::Template;
use super::texts::Parameters;
use super::{check, parse, parse_deployed, references, run};
use crate::account::Accounts;
use crate::advice::{Advice, AdviceRule};
use crate::fault::{AccountError, Fault};
use crate::file::File;
use crate::locate;
use crate::run::{Assumption, Planned, RunInput};
use crate::text;
use kms_alias_foresee::verdict::Place;

#[derive(Deserialize)]
struct Manifest<'a> {
    #[serde(borrow, default)]
    artifacts: BTreeMap<Cow<'a, str>, Artifact<'a>>,
}

#[derive(Deserialize)]
struct Artifact<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    environment: Option<Cow<'a, str>>,
    #[serde(borrow)]
    properties: Option<Properties<'a>>,
    #[serde(borrow, default)]
    dependencies: Vec<Cow<'a, str>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    #[serde(borrow)]
    template_file: Option<Cow<'a, str>>,
    #[serde(borrow)]
    stack_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    directory_name: Option<Cow<'a, str>>,
}

/// A stack of an assembly.
struct Deployed<'m> {
    name: String,
    artifact: &'m str,
    place: Place,
    /// The file of its template, by the name that it was given.
    file: String,
    template: Template,
    old: Option<Template>,
    dependencies: Vec<&'m str>,
}

/// The names of the templates of an assembly, as its manifest has them.
///
/// ```
/// use kms_alias_files::{File, assembly_templates};
///
/// let bytes = br#"{"artifacts": {"App": {"type": "aws:cloudformation:stack",
///     "properties": {"templateFile": "App.template.json"}}}}"#;
/// let names = assembly_templates(File { name: "manifest.json", bytes })?;
/// assert_eq!(names, ["App.template.json"]);
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
///
/// # Errors
/// A file that is no manifest.
pub fn assembly_templates(manifest: File<'_>) -> Result<Vec<String>, AccountError> {
    let json = text::json(manifest)?;
    let read = manifest_of(manifest.name, &json)?;
    let each = read.artifacts.values().filter_map(Artifact::template_file);
    Ok(each.map(ToString::to_string).collect())
}

fn manifest_of<'a>(name: &str, json: &'a str) -> Result<Manifest<'a>, AccountError> {
    serde_json::from_str(json).map_err(|error| locate::json_from(name, 1, &error))
}

impl Artifact<'_> {
    fn template_file(&self) -> Option<&str> {
        if self.kind.as_deref() != Some("aws:cloudformation:stack") {
            return None;
        }
        self.properties.as_ref()?.template_file.as_deref()
    }
}

/// The file of this name, wherever it lies.
fn find<'f>(files: &[File<'f>], name: &str) -> Option<File<'f>> {
    let is_it = |file: &&File<'_>| {
        let rest = file.name.strip_suffix(name);
        rest.is_some_and(|before| before.is_empty() || before.ends_with(['/', '\\']))
    };
    files.iter().find(is_it).copied()
}

/// Reads an assembly: the runs of its stacks as one.
pub(crate) fn read_assembly(
    input: &RunInput<'_>,
    json: &str,
    accounts: &mut Accounts,
) -> Result<Planned, AccountError> {
    let manifest = manifest_of(input.file.name, json)?;
    let mut deployed = Vec::new();
    let mut advice = Vec::new();
    for (id, artifact) in &manifest.artifacts {
        let properties = artifact.properties.as_ref();
        if let Some(directory) = properties.and_then(|it| it.directory_name.as_deref()) {
            let words = format!(
                "the assembly `{directory}` inside this one is not judged: check its manifest by itself"
            );
            advice.push(Advice::new(AdviceRule::F8, words));
        }
        if let Some(file) = artifact.template_file() {
            deployed.push(stack_of(input, id, artifact, file, accounts)?);
        }
    }
    let given = Given::of(input);
    let templates: Vec<&Template> = deployed.iter().map(|stack| &stack.template).collect();
    check_names(input.file.name, "--parameter", &given.new, &templates)?;
    for stack in &deployed {
        check_defaults(&stack.file, &stack.template, &given.new)?;
    }
    let olds: Vec<&Template> = deployed
        .iter()
        .filter_map(|stack| stack.old.as_ref())
        .collect();
    check_names(input.file.name, "--deployed-parameter", &given.old, &olds)?;
    let may_be = deployed.iter().map(Deployed::may_be).collect::<Vec<_>>();
    let assumed = (&input.assumptions[..], &may_be[..]);
    let exported = all_exports(&deployed, &given, assumed);
    let stacks: Vec<Stack<'_>> = deployed
        .iter()
        .enumerate()
        .map(|(number, stack)| Stack {
            number,
            place: stack.place,
            new: Resources::of(stack.scope(
                number,
                &stack.template,
                (&given.new, &given.none),
                &exported,
                assumed,
            )),
            old: stack.old.as_ref().map(|old| {
                let values = (&given.old, &given.withheld);
                Resources::of(stack.scope(number, old, values, &exported, assumed))
            }),
            after: stack.after(&deployed),
        })
        .collect();
    if input.assumptions.is_empty() {
        let each = stacks.iter().zip(&deployed);
        let mut each = each.map(|(stack, deployed)| (&deployed.file, stack));
        each.try_for_each(|(file, stack)| check(file, stack))?;
    }
    let mut planned = run(&stacks, accounts, input);
    advice.append(&mut planned.advice);
    planned.advice = advice;
    Ok(planned)
}

fn stack_of<'m>(
    input: &RunInput<'_>,
    id: &'m str,
    artifact: &'m Artifact<'_>,
    file: &str,
    accounts: &Accounts,
) -> Result<Deployed<'m>, AccountError> {
    let Some(template) = find(&input.templates, file) else {
        let fault = Fault::Json(format!(
            "the template `{file}` of the stack `{id}` was not handed in"
        ));
        return Err(AccountError::of_file(input.file.name, fault));
    };
    let old = match find(&input.deployed_templates, file) {
        Some(file) => Some(parse_deployed(file)?),
        None => None,
    };
    let parsed = parse(template.name, &text::json(template)?)?;
    references::check(template.name, &parsed)?;
    let properties = artifact.properties.as_ref();
    let name = properties.and_then(|it| it.stack_name.as_deref());
    let place = environment(artifact.environment.as_deref().unwrap_or_default());
    Ok(Deployed {
        name: name.unwrap_or(id).to_string(),
        artifact: id,
        place: accounts.settle(place),
        file: template.name.to_string(),
        template: parsed,
        old,
        dependencies: artifact.dependencies.iter().map(AsRef::as_ref).collect(),
    })
}

impl Deployed<'_> {
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
            stack_name: Some(&self.name),
            exports,
            assumed,
            may_be: may_be.get(stack),
        }
    }

    /// The stacks that run before this one.
    fn after(&self, all: &[Self]) -> Vec<usize> {
        let numbered = all.iter().enumerate();
        let before = numbered.filter(|(_, other)| self.dependencies.contains(&other.artifact));
        before.map(|(number, _)| number).collect()
    }
}

/// What the stacks export, by name: each may import what another one exports that imports itself.
fn all_exports(
    deployed: &[Deployed<'_>],
    given: &Given,
    assumed: (&[Assumption], &[Parameters<'_>]),
) -> Exports {
    /// As many stacks may a value pass through.
    const DEEPEST: usize = 8;
    let mut known = Exports::new();
    for _ in 0..DEEPEST {
        let mut next = Exports::new();
        for (number, stack) in deployed.iter().enumerate() {
            let scope = stack.scope(
                number,
                &stack.template,
                (&given.new, &given.none),
                &known,
                assumed,
            );
            next.extend(exports(&Resources::of(scope)));
        }
        if next == known {
            break;
        }
        known = next;
    }
    known
}
