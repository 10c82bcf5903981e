//! The files: those that were named, or the sample.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kms_alias::Timestamp;
use kms_alias_files::{
    AccountError, File, Kind, Mistaken, RunInput, assembly_templates, nested_manifests,
    nested_templates, recognise,
};
use kms_alias_foresee::AliasConditions;

use super::arguments::Arguments;
use crate::common::{Input, Unusable, note, read_all, warn};

/// The manifest of a CDK assembly in its folder.
const MANIFEST: &str = "manifest.json";

/// All that is read.
pub struct Inputs {
    pub account: Vec<Input>,
    pub changes: Input,
    deployed: Option<Input>,
    templates: Vec<Input>,
    deployed_templates: Vec<Input>,
    /// The file of conditions, and what it says.
    pub conditions: Option<(Input, AliasConditions)>,
}

impl Inputs {
    pub fn of(arguments: &Arguments) -> Result<Self, Unusable> {
        let conditions = arguments.conditions.as_deref().map(Input::read);
        let conditions = conditions.transpose()?;
        let Some(changes) = &arguments.changes else {
            return Self::sample(conditions, arguments.format().is_for_programs());
        };
        let changes = if changes.is_dir() {
            manifest_of(changes)?
        } else {
            changes.clone()
        };
        let mut inputs = Self {
            account: Vec::new(),
            changes: Input::read(&changes)?,
            deployed: None,
            templates: Vec::new(),
            deployed_templates: Vec::new(),
            conditions: conditions.map(read_conditions).transpose()?,
        };
        inputs.read_beside(&changes, arguments.deployed.as_deref())?;
        Ok(inputs)
    }

    /// Reads the files of the account.
    pub fn read_account(&mut self, arguments: &Arguments) -> Result<(), Unusable> {
        if arguments.changes.is_some() {
            self.account = read_all(&arguments.account)?;
        }
        Ok(())
    }

    /// Reads the templates of an assembly, those of nested stacks, and what is deployed.
    fn read_beside(&mut self, changes: &Path, deployed: Option<&Path>) -> Result<(), Unusable> {
        match recognise(self.changes.file().bytes) {
            Kind::CdkManifest => self.read_assembly(changes, deployed),
            Kind::CloudFormation => {
                self.templates = nested_beside(changes, &self.changes)?;
                self.deployed = deployed.map(Input::read).transpose()?;
                if let (Some(path), Some(running)) = (deployed, &self.deployed) {
                    self.deployed_templates = nested_beside(path, running)?;
                }
                Ok(())
            }
            _ => {
                self.deployed = deployed.map(Input::read).transpose()?;
                Ok(())
            }
        }
    }

    fn read_assembly(&mut self, changes: &Path, deployed: Option<&Path>) -> Result<(), Unusable> {
        let folder = changes.parent().unwrap_or(Path::new("."));
        let (names, manifests) = files_of(folder, &self.changes)?;
        let paths: Vec<_> = names.iter().map(|name| folder.join(name)).collect();
        self.templates = read_all(&paths)?;
        let nested = nested_of(folder, names.iter().zip(&self.templates))?;
        self.templates.extend(nested);
        self.templates.extend(manifests);
        if let Some(deployed) = deployed {
            self.deployed_templates = running(deployed, names)?;
        }
        Ok(())
    }

    fn sample(conditions: Option<Input>, for_programs: bool) -> Result<Self, Unusable> {
        let account = Input::sample("account.json", include_str!("../../data/account.json"))?;
        let changes = Input::sample("changes.json", include_str!("../../data/changes.json"))?;
        let conditions = match conditions {
            None if !for_programs => {
                let sample = include_str!("../../data/conditions.json");
                Some(Input::sample("conditions.json", sample)?)
            }
            conditions => conditions,
        };
        if !for_programs {
            note("a sample account, its changes and conditions; see --help for your own");
        }
        Ok(Self {
            account: vec![account],
            changes,
            deployed: None,
            templates: Vec::new(),
            deployed_templates: Vec::new(),
            conditions: conditions.map(read_conditions).transpose()?,
        })
    }

    /// What is about to happen, for the reader of it.
    pub fn run_input(&self, arguments: &Arguments, at: Timestamp) -> RunInput<'_> {
        let mut input = RunInput::new(self.changes.file(), at);
        input.deployed = self.deployed.as_ref().map(Input::file);
        input.parameters.clone_from(&arguments.parameter);
        let deployed = &arguments.deployed_parameter;
        input.deployed_parameters.clone_from(deployed);
        input.templates = self.templates.iter().map(Input::file).collect();
        input.deployed_templates = self.deployed_templates.iter().map(Input::file).collect();
        input
    }

    /// Every file that was read.
    pub fn all(&self) -> Vec<&Input> {
        let conditions = self.conditions.iter().map(|(input, _)| input);
        self.account
            .iter()
            .chain([&self.changes])
            .chain(&self.deployed)
            .chain(&self.templates)
            .chain(&self.deployed_templates)
            .chain(conditions)
            .collect()
    }
}

/// The manifest of the CDK assembly that a folder is.
fn manifest_of(folder: &Path) -> Result<PathBuf, Unusable> {
    let manifest = folder.join(MANIFEST);
    if manifest.is_file() {
        return Ok(manifest);
    }
    let words = format!(
        "this is a folder, and no CDK assembly, as it has no {MANIFEST}: name the file that says what changes"
    );
    Err(Unusable::new(words).of_file(folder.display()))
}

/// The running templates of an assembly, with the manifests that tell of them; of a file only that.
fn running(deployed: &Path, names: Vec<PathBuf>) -> Result<Vec<Input>, Unusable> {
    let mut folder = deployed;
    if !deployed.is_dir() {
        let only = Input::read(deployed)?;
        if recognise(only.file().bytes) != Kind::CdkManifest {
            return Ok(vec![only]);
        }
        folder = deployed.parent().unwrap_or(Path::new("."));
    }
    let manifest = folder.join(MANIFEST);
    let manifest = manifest.is_file().then(|| Input::read(&manifest));
    let manifest = manifest.transpose()?;
    let manifest = manifest.filter(|it| recognise(it.file().bytes) == Kind::CdkManifest);
    let (names, manifests) = match manifest {
        Some(manifest) => {
            let (names, mut manifests) = files_of(folder, &manifest)?;
            manifests.push(manifest);
            (names, manifests)
        }
        None => (with_other_templates(folder, names), Vec::new()),
    };
    // A stack that is new has no template there.
    let is_there = |name: &PathBuf| folder.join(name).is_file();
    let names: Vec<_> = names.into_iter().filter(is_there).collect();
    let paths: Vec<_> = names.iter().map(|name| folder.join(name)).collect();
    let mut all = read_all(&paths)?;
    let nested = nested_of(folder, names.iter().zip(&all))?;
    all.extend(nested);
    all.extend(manifests);
    Ok(all)
}

/// The names, and those of the other templates in a folder: of stacks that the new assembly may lack.
fn with_other_templates(folder: &Path, mut names: Vec<PathBuf>) -> Vec<PathBuf> {
    /// As many are read at most.
    const MOST_FILES: usize = 500;
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let others = entries.map(|entry| PathBuf::from(entry.file_name()));
    let is_template = |name: &PathBuf| {
        let extension = name.extension().and_then(|it| it.to_str());
        let may_be = matches!(extension, Some("json" | "template" | "yaml" | "yml"));
        may_be
            && std::fs::read(folder.join(name))
                .is_ok_and(|it| recognise(&it) == Kind::CloudFormation)
    };
    let mut others: Vec<_> = others.filter(|name| !names.contains(name)).collect();
    others.sort_unstable();
    let others = others.into_iter().filter(is_template).take(MOST_FILES);
    names.extend(others.collect::<Vec<_>>());
    names
}

/// The names of the templates of an assembly and of those inside it, and the manifests of the latter.
fn files_of(folder: &Path, manifest: &Input) -> Result<(Vec<PathBuf>, Vec<Input>), Unusable> {
    /// As deep are assemblies read that lie inside each other.
    const DEEPEST: usize = 8;
    let mut names = named(manifest, Path::new(""), assembly_templates)?;
    let mut manifests = Vec::new();
    let mut level = named(manifest, Path::new(""), nested_manifests)?;
    for _ in 0..DEEPEST {
        let mut next = Vec::new();
        for name in level {
            let inner = Input::read(&folder.join(&name))?;
            let inside = name.parent().unwrap_or(Path::new(""));
            names.extend(named(&inner, inside, assembly_templates)?);
            next.extend(named(&inner, inside, nested_manifests)?);
            manifests.push(inner);
        }
        level = next;
    }
    Ok((names, manifests))
}

/// The templates of nested stacks that lie beside a template, or in folders beside it.
fn nested_beside(path: &Path, template: &Input) -> Result<Vec<Input>, Unusable> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(Vec::new());
    };
    if path == Path::new("-") {
        return Ok(Vec::new());
    }
    nested_of(folder, [(&PathBuf::from(name), template)].into_iter())
}

/// The templates of nested stacks in a folder, by the templates that have them; those that are not there are left
/// out.
fn nested_of<'i>(
    folder: &Path,
    templates: impl Iterator<Item = (&'i PathBuf, &'i Input)>,
) -> Result<Vec<Input>, Unusable> {
    /// As many are read at most.
    const MOST_FILES: usize = 500;
    let mut seen = BTreeSet::new();
    let mut open = Vec::new();
    for (name, template) in templates {
        let name = name.to_string_lossy().into_owned();
        open.extend(nested_templates(template.file(), &name).unwrap_or_default());
        seen.insert(name);
    }
    let mut found = Vec::new();
    while let Some(name) = open.pop() {
        let path = folder.join(&name);
        if found.len() >= MOST_FILES || !seen.insert(name.clone()) || !path.is_file() {
            continue;
        }
        let template = Input::read(&path)?;
        open.extend(nested_templates(template.file(), &name).unwrap_or_default());
        found.push(template);
    }
    Ok(found)
}

/// What a manifest names, by the paths from the outermost one.
fn named(
    manifest: &Input,
    inside: &Path,
    names: fn(File<'_>) -> Result<Vec<String>, AccountError>,
) -> Result<Vec<PathBuf>, Unusable> {
    let names = names(manifest.file())?;
    Ok(names.iter().map(|name| inside.join(name)).collect())
}

/// The conditions that a file holds.
fn read_conditions(input: Input) -> Result<(Input, AliasConditions), Unusable> {
    let File { name, bytes } = input.file();
    let conditions = AliasConditions::from_json(bytes).map_err(|error| {
        if let Some(mistaken) = no_conditions(bytes) {
            return Unusable::new(mistaken.to_string()).of_file(name);
        }
        let place = error
            .place()
            .map_or(String::new(), |place| format!("{place}: "));
        Unusable::new(format!("{place}{}", error.fault())).on_line(name, error.line())
    })?;
    warn_of_idle_values(&conditions);
    Ok((input, conditions))
}

/// What a file is in which nothing is compared with the names of aliases, or which is a policy.
fn no_conditions(bytes: &[u8]) -> Option<Mistaken> {
    let mistaken = recognise(bytes).mistaken_for(&[])?;
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let compares = ["kms:requestalias", "kms:resourcealiases"].map(|key| text.contains(key));
    (mistaken == Mistaken::Policy || compares == [false; 2]).then_some(mistaken)
}

/// Says which values of conditions are no error and yet match nothing.
fn warn_of_idle_values(conditions: &AliasConditions) {
    for (name, condition) in conditions.iter() {
        for value in condition.idle_values() {
            warn(&format!(
                "condition `{name}`: no alias name there can be matches `{value}`: alias names begin \
                 with `alias/`, and conditions do not compare ARNs (rules A1, P3)"
            ));
        }
    }
}
