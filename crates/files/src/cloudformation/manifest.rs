//! The manifest of an assembly of CDK: its stacks, and those of the assemblies inside it (stages).

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::Deserialize;
use serde_json::Value;

use super::parameters::written;
use crate::advice::{Advice, AdviceRule};
use crate::fault::AccountError;
use crate::file::File;
use crate::locate;
use crate::text;

/// As deep are assemblies read that lie inside each other.
const DEEPEST: usize = 8;

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
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
}

/// A stack as a manifest has it.
pub(super) struct Listed {
    /// The file of the manifest.
    pub(super) manifest: String,
    /// Its artifact, after those of the assemblies that it lies in: `Prod/App`.
    pub(super) artifact: String,
    pub(super) environment: String,
    pub(super) stack_name: String,
    /// Its template, by its path from the outermost manifest.
    pub(super) template_file: String,
    pub(super) parameters: BTreeMap<String, String>,
    /// The artifacts that are deployed before it: stacks, or assemblies with all of theirs.
    pub(super) dependencies: Vec<String>,
}

/// The names of the templates of an assembly, as its manifest has them; those of assemblies inside it
/// are told by their own manifests: see [`nested_manifests`].
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
    names_of(manifest, |artifact| {
        artifact.template_file().map(ToString::to_string)
    })
}

/// The names of the manifests of the assemblies inside an assembly of CDK, one for each stage. They are
/// handed in as the templates are, and so are their templates, by the paths from the outermost manifest.
///
/// ```
/// use kms_alias_files::{File, nested_manifests};
///
/// let bytes = br#"{"artifacts": {"Prod": {"type": "cdk:cloud-assembly",
///     "properties": {"directoryName": "assembly-Prod"}}}}"#;
/// let names = nested_manifests(File { name: "manifest.json", bytes })?;
/// assert_eq!(names, ["assembly-Prod/manifest.json"]);
/// # Ok::<(), kms_alias_files::AccountError>(())
/// ```
///
/// # Errors
/// A file that is no manifest.
pub fn nested_manifests(manifest: File<'_>) -> Result<Vec<String>, AccountError> {
    names_of(manifest, |artifact| artifact.directory().map(manifest_in))
}

fn names_of(
    manifest: File<'_>,
    name: impl Fn(&Artifact<'_>) -> Option<String>,
) -> Result<Vec<String>, AccountError> {
    let json = text::json(manifest)?;
    let read = manifest_of(manifest.name, &json)?;
    Ok(read.artifacts.values().filter_map(name).collect())
}

/// The manifest of an assembly in its folder.
pub(super) const MANIFEST: &str = "manifest.json";

fn manifest_in(directory: &str) -> String {
    [directory, "/", MANIFEST].concat()
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

    /// The folder of the assembly that it is.
    fn directory(&self) -> Option<&str> {
        self.properties.as_ref()?.directory_name.as_deref()
    }
}

/// The file of this name, wherever it lies: of several the one with the shortest path.
pub(super) fn find<'f>(files: &[File<'f>], name: &str) -> Option<File<'f>> {
    let is_it = |file: &&File<'_>| {
        let rest = file.name.strip_suffix(name);
        rest.is_some_and(|before| before.is_empty() || before.ends_with(['/', '\\']))
    };
    let found = files.iter().filter(is_it);
    found.min_by_key(|file| file.name.len()).copied()
}

/// An assembly that is still to be read.
struct Open<'j> {
    manifest: String,
    json: Cow<'j, str>,
    /// Its artifact in the assembly around it, and its folder: with a slash, or empty.
    artifact: String,
    folder: String,
    /// What is deployed before all of it.
    dependencies: Vec<String>,
    depth: usize,
}

/// The stacks of an assembly and of those inside it, and what is to be said of what is not judged.
pub(super) fn stacks(
    name: &str,
    json: &str,
    files: &[File<'_>],
) -> Result<(Vec<Listed>, Vec<Advice>), AccountError> {
    let (mut stacks, mut advice) = (Vec::new(), Vec::new());
    let mut open = Vec::from([Open {
        manifest: name.to_string(),
        json: json.into(),
        artifact: String::new(),
        folder: String::new(),
        dependencies: Vec::new(),
        depth: 0,
    }]);
    while let Some(assembly) = open.pop() {
        let manifest = manifest_of(&assembly.manifest, &assembly.json)?;
        for (id, artifact) in &manifest.artifacts {
            if let Some(directory) = artifact.directory() {
                match assembly.inside(files, id, artifact, directory)? {
                    Some(inner) => open.push(inner),
                    None => advice.push(not_judged(directory)),
                }
            }
            stacks.extend(assembly.stack(id, artifact));
        }
    }
    Ok((stacks, advice))
}

fn not_judged(directory: &str) -> Advice {
    let words = format!(
        "the assembly `{directory}` (a stage) is not judged, as `{directory}/manifest.json` is not among the files: give \
         the whole folder of `cdk synth`, or check that folder by itself"
    );
    Advice::new(AdviceRule::F8, words)
}

impl Open<'_> {
    /// The assembly inside this one that lies in a folder, if its manifest was handed in.
    fn inside<'j>(
        &self,
        files: &[File<'j>],
        id: &str,
        artifact: &Artifact<'_>,
        directory: &str,
    ) -> Result<Option<Open<'j>>, AccountError> {
        let folder = [&self.folder, directory, "/"].concat();
        let file = find(files, &manifest_in(&[&self.folder, directory].concat()));
        let Some(file) = file.filter(|_| self.depth < DEEPEST) else {
            return Ok(None);
        };
        Ok(Some(Open {
            manifest: file.name.to_string(),
            json: text::json(file)?,
            artifact: [&self.artifact, id, "/"].concat(),
            folder,
            dependencies: self.dependencies_of(artifact),
            depth: self.depth.saturating_add(1),
        }))
    }

    fn dependencies_of(&self, artifact: &Artifact<'_>) -> Vec<String> {
        let own = artifact.dependencies.iter();
        let own = own.map(|id| [&self.artifact, &**id].concat());
        own.chain(self.dependencies.iter().cloned()).collect()
    }

    fn stack(&self, id: &str, artifact: &Artifact<'_>) -> Option<Listed> {
        let template_file = artifact.template_file()?;
        let properties = artifact.properties.as_ref()?;
        let parameters = properties.parameters.iter();
        Some(Listed {
            manifest: self.manifest.clone(),
            artifact: [&self.artifact, id].concat(),
            environment: artifact
                .environment
                .as_deref()
                .unwrap_or_default()
                .to_string(),
            stack_name: properties.stack_name.as_deref().unwrap_or(id).to_string(),
            template_file: [&self.folder, template_file].concat(),
            parameters: parameters
                .filter_map(|(name, value)| Some((name.clone(), written(value)?)))
                .collect(),
            dependencies: self.dependencies_of(artifact),
        })
    }
}
