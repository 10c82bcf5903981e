//! CDK assemblies: the manifest tells the Region of each template.

use std::collections::HashMap;

use crate::tree::Node;

/// Whether a tree is the manifest of an assembly.
pub(crate) fn is_manifest(node: &Node) -> bool {
    node.member("artifacts").is_some() && node.member("version").is_some()
}

/// The Region of each template file that a manifest gives one: by the file's name.
pub(crate) fn regions(manifest: &Node) -> HashMap<String, String> {
    let artifacts = manifest
        .member("artifacts")
        .into_iter()
        .flat_map(Node::members);
    let region = |artifact: &Node| {
        let kind = artifact.member("type").and_then(Node::literal)?;
        if kind != "aws:cloudformation:stack" {
            return None;
        }
        let file = artifact.path(&["properties", "templateFile"])?.literal()?;
        let environment = artifact.member("environment").and_then(Node::literal)?;
        let (_, region) = environment.strip_prefix("aws://")?.split_once('/')?;
        (region != "unknown-region").then(|| (file.to_owned(), region.to_owned()))
    };
    artifacts
        .filter_map(|member| region(&member.node))
        .collect()
}
