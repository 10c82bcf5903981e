//! Many files: each is read, put together with those that it belongs to, and checked.

use std::collections::{BTreeMap, HashMap};

use crate::finding::{Finding, Report, Unread};
use crate::format::terraform::{self, Block, Calls};
use crate::format::{Sink, cdk, cloudformation, kubernetes, serverless};
use crate::json::{self, Fault, Strictness};
use crate::options::Options;
use crate::policy::{self, Policy};
use crate::recognise::{Syntax, file_name, folder, syntax};
use crate::source::Source;
use crate::sources::Sources;
use crate::tree::Node;
use crate::yaml;

/// The Terraform files of a folder.
struct Module<'a> {
    sources: Sources<'a>,
    blocks: Vec<Block>,
    /// What takes the place of what the blocks say.
    overrides: Vec<Block>,
}

/// A file of JSON or YAML, read.
struct Documents<'a> {
    source: Source<'a>,
    documents: Vec<Node>,
}

/// What is read before anything is checked.
#[derive(Default)]
struct Read<'a> {
    modules: BTreeMap<&'a str, Module<'a>>,
    documents: Vec<Documents<'a>>,
    unread: Vec<Unread>,
    looked_at: usize,
    passed_over: Vec<String>,
}

/// Checks files.
pub(crate) fn lint<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    options: &Options,
) -> Report {
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort_by_key(|(path, _)| *path);
    let mut read = Read::default();
    for (path, bytes) in files {
        if let Err(unread) = read.file(path, bytes) {
            read.unread.push(unread);
        }
    }
    let (unread, looked_at) = (std::mem::take(&mut read.unread), read.looked_at);
    let passed_over = std::mem::take(&mut read.passed_over);
    let mut findings = read.check(options);
    once_at_each_place(&mut findings);
    Report {
        findings,
        unread,
        looked_at,
        passed_over,
    }
}

/// Puts findings in order. What breaks a rule at a place is mended once, however often a loop or an
/// anchor uses it: of several findings the worst is told.
fn once_at_each_place(findings: &mut Vec<Finding>) {
    findings.sort_by(|one, other| {
        let place = |own: &Finding| (own.place, own.rule);
        let order = one
            .file
            .cmp(&other.file)
            .then(place(one).cmp(&place(other)));
        let worst_first = other.severity.cmp(&one.severity);
        order.then(worst_first).then_with(|| one.cmp(other))
    });
    findings.dedup_by(|later, first| {
        (&later.file, later.place, later.rule) == (&first.file, first.place, first.rule)
    });
    findings.sort();
}

impl<'a> Read<'a> {
    fn file(&mut self, path: &'a str, bytes: &'a [u8]) -> Result<(), Unread> {
        let Some(syntax) = syntax(path, bytes) else {
            self.passed_over.push(path.to_owned());
            return Ok(());
        };
        self.looked_at = self.looked_at.saturating_add(1);
        let source = Source::decode(path, bytes)?;
        let unread = |fault: Fault| source.unread(fault.at, fault.reason);
        match syntax {
            Syntax::Hcl => {
                let module = self.module(path);
                let blocks = terraform::read_hcl(&source.text, module.sources.end());
                module.add(blocks.map_err(unread)?, source);
            }
            Syntax::HclVariables => {
                let module = self.module(path);
                let end = module.sources.end();
                let blocks = terraform::read_hcl_variables(&source.text, end, file_name(path));
                module.add(blocks.map_err(unread)?, source);
            }
            Syntax::TerraformJson | Syntax::JsonVariables => {
                let root = json::read(&source.text, Strictness::Json);
                let mut root = root.map_err(unread)?;
                let module = self.module(path);
                root.shift(module.sources.end());
                let blocks = if syntax == Syntax::JsonVariables {
                    terraform::read_json_variables(&root, file_name(path))
                } else {
                    terraform::read_json(&root)
                };
                module.add(blocks, source);
            }
            Syntax::Json => {
                let documents = json_documents(&source.text).map_err(unread)?;
                repeated(&source, &documents)?;
                self.documents(source, documents);
            }
            Syntax::JsonWithComments => {
                let documents = documents_with_comments(&source.text).map_err(unread)?;
                self.documents(source, documents);
            }
            Syntax::Yaml => {
                let documents = yaml_documents(&source.text).map_err(unread)?;
                repeated(&source, &documents)?;
                self.documents(source, documents);
            }
        }
        Ok(())
    }

    fn documents(&mut self, source: Source<'a>, documents: Vec<Node>) {
        if !documents.iter().any(is_of_interest) {
            self.passed_over.push(source.path.to_owned());
        }
        self.documents.push(Documents { source, documents });
    }

    fn module(&mut self, path: &'a str) -> &mut Module<'a> {
        self.modules.entry(folder(path)).or_insert_with(|| Module {
            sources: Sources::none(),
            blocks: Vec::new(),
            overrides: Vec::new(),
        })
    }

    fn check(mut self, options: &Options) -> Vec<Finding> {
        let regions = self.regions();
        for module in self.modules.values_mut() {
            let overrides = std::mem::take(&mut module.overrides);
            terraform::put_over(&mut module.blocks, overrides);
        }
        let mut checked = Checked::default();
        let mut calls = Calls::default();
        for (folder, module) in &self.modules {
            calls.add(folder, &module.blocks);
        }
        for (folder, mut module) in self.modules {
            if calls.has(folder) {
                module.blocks.retain(|block| !block.is_of_values());
            }
            let mut sink = Sink::new(options.reserved_names);
            terraform::lint(module.blocks, &calls.overridden(folder), &mut sink);
            checked.add(module.sources, sink);
        }
        for Documents { source, documents } in self.documents {
            let mut sink = Sink::new(options.reserved_names);
            let region = regions.get(source.path).map(String::as_str);
            for document in &documents {
                document_of(document, region, options, &mut sink);
            }
            checked.add(Sources::one(source), sink);
        }
        checked.findings(options.complete)
    }

    /// The Region of each template of a CDK assembly, by path.
    fn regions(&self) -> HashMap<String, String> {
        let manifests = self.documents.iter().filter(|file| {
            file_name(file.source.path) == "manifest.json"
                && file.documents.iter().any(cdk::is_manifest)
        });
        let mut regions = HashMap::new();
        for file in manifests {
            let path = file.source.path;
            let length = path.len().saturating_sub(file_name(path).len());
            let prefix = path.get(..length).unwrap_or_default();
            for (name, region) in file.documents.iter().flat_map(cdk::regions) {
                regions.insert(format!("{prefix}{name}"), region);
            }
        }
        regions
    }
}

impl<'a> Module<'a> {
    fn add(&mut self, blocks: Vec<Block>, source: Source<'a>) {
        if terraform::is_override(file_name(source.path)) {
            self.overrides.extend(blocks);
        } else {
            self.blocks.extend(blocks);
        }
        self.sources.push(source);
    }
}

/// Reads JSON. Files of editors with comments are no fault, unless they would be checked.
fn json_documents(text: &str) -> Result<Vec<Node>, Fault> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    json::read_all(text).or_else(|fault| match json::read(text, Strictness::WithComments) {
        Ok(document) if !is_of_interest(&document) => Ok(Vec::new()),
        _ => Err(fault),
    })
}

/// Reads JSON whose ending says that it has comments.
fn documents_with_comments(text: &str) -> Result<Vec<Node>, Fault> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    json::read(text, Strictness::WithComments).map(|document| vec![document])
}

/// Reads YAML. The templates of Helm are not YAML before they are filled, and no fault.
fn yaml_documents(text: &str) -> Result<Vec<Node>, Fault> {
    let is_template = || text.contains("{{") && !text.contains("AWS::");
    match yaml::read(text) {
        Err(_) if is_template() => Ok(Vec::new()),
        read => read,
    }
}

/// Refuses a template of CloudFormation with a key that an object has twice, as `check` does (ours): what was
/// written first is passed over in silence.
fn repeated(source: &Source<'_>, documents: &[Node]) -> Result<(), Unread> {
    let mut templates = documents
        .iter()
        .filter(|document| cloudformation::is_template(document));
    let Some((name, first, again)) = templates.find_map(Node::repeated) else {
        return Ok(());
    };
    let first = source.place(first).line;
    let words = format!("the key `{name}` {}", kms_alias_yaml::duplicate_key(first));
    Err(source.unread(again, words))
}

fn is_of_interest(document: &Node) -> bool {
    cloudformation::is_template(document)
        || serverless::is_service(document)
        || kubernetes::is_object(document)
        || cdk::is_manifest(document)
        || !policy::policies(document, policy::PolicyKind::Identity).is_empty()
}

/// Checks a document of JSON or YAML.
fn document_of(document: &Node, region: Option<&str>, options: &Options, sink: &mut Sink) {
    if cloudformation::is_template(document) {
        cloudformation::lint(document, region, sink);
    } else if serverless::is_service(document) {
        serverless::lint(document, sink);
    } else if kubernetes::is_object(document) {
        kubernetes::lint(document, sink);
    } else {
        let policies = policy::policies(document, options.policy_kind);
        policies.into_iter().for_each(|policy| sink.policy(policy));
    }
}

/// What was found in each unit.
#[derive(Default)]
struct Checked<'a> {
    units: Vec<Sources<'a>>,
    findings: Vec<Finding>,
    /// Each policy, with the unit that it stands in.
    policies: Vec<(usize, Policy)>,
}

impl<'a> Checked<'a> {
    fn add(&mut self, sources: Sources<'a>, sink: Sink) {
        let mistakes = sink.mistakes.into_iter();
        self.findings
            .extend(mistakes.filter_map(|mistake| sources.of_name(mistake)));
        let unit = self.units.len();
        for policy in sink.policies {
            let faults = policy::check(&policy).into_iter();
            self.findings
                .extend(faults.filter_map(|fault| sources.of_policy(fault)));
            self.policies.push((unit, policy));
        }
        self.units.push(sources);
    }

    fn findings(mut self, complete: bool) -> Vec<Finding> {
        if complete {
            let all: Vec<&Policy> = self.policies.iter().map(|(_, policy)| policy).collect();
            for (index, fault) in policy::check_completeness(&all) {
                let unit = self
                    .policies
                    .get(index)
                    .and_then(|(unit, _)| self.units.get(*unit));
                let finding = unit.and_then(|sources| sources.of_policy(fault));
                self.findings.extend(finding);
            }
        }
        self.findings
    }
}
