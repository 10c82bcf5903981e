//! What a file is, by its name and its content.

use crate::json::{self, Strictness};
use crate::source::Source;
use crate::tree::Node;

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// Terraform or OpenTofu.
    Hcl,
    /// Terraform's JSON syntax.
    TerraformJson,
    /// The values of variables that Terraform loads by itself.
    HclVariables,
    JsonVariables,
    Json,
    JsonWithComments,
    Yaml,
}

/// The syntaxes by the end of the name, in lower case; the first that fits counts.
const ENDINGS: &[(&str, Syntax)] = &[
    (".auto.tfvars", Syntax::HclVariables),
    (".auto.tfvars.json", Syntax::JsonVariables),
    (".tf.json", Syntax::TerraformJson),
    (".tofu.json", Syntax::TerraformJson),
    (".tf", Syntax::Hcl),
    (".tofu", Syntax::Hcl),
    (".json", Syntax::Json),
    (".jsonc", Syntax::JsonWithComments),
    (".yaml", Syntax::Yaml),
    (".yml", Syntax::Yaml),
];

/// The syntax of a file, or nothing for a file of no interest.
///
/// Of a file without an ending, of standard input and of a `.template` the content tells.
pub(crate) fn syntax(path: &str, bytes: &[u8]) -> Option<Syntax> {
    let name = file_name(path).to_ascii_lowercase();
    match name.as_str() {
        "terraform.tfvars" => return Some(Syntax::HclVariables),
        "terraform.tfvars.json" => return Some(Syntax::JsonVariables),
        _ => {}
    }
    let mut endings = ENDINGS.iter();
    endings
        .find_map(|(ending, syntax)| name.ends_with(ending).then_some(*syntax))
        .or_else(|| {
            let is_open = !name.contains('.') || name.ends_with(".template");
            is_open.then(|| by_content(bytes)).flatten()
        })
}

fn by_content(bytes: &[u8]) -> Option<Syntax> {
    let source = Source::decode("", bytes).ok()?;
    let text = source.text.trim_start();
    let begins = |mark: &str| text.lines().any(|line| line.starts_with(mark));
    if text.starts_with(['{', '[']) {
        let is_terraform = json::read(text, Strictness::Json).is_ok_and(|node| is_module(&node));
        Some(if is_terraform {
            Syntax::TerraformJson
        } else {
            Syntax::Json
        })
    } else if text.starts_with('/') && json::read(text, Strictness::WithComments).is_ok() {
        // Told as JSON with comments, which nothing takes.
        Some(Syntax::Json)
    } else if begins("Resources:") || begins("apiVersion:") {
        Some(Syntax::Yaml)
    } else if begins("resource \"") || begins("data \"") {
        Some(Syntax::Hcl)
    } else {
        None
    }
}

/// Whether a tree of JSON is of Terraform: it has no other members than those of a module.
fn is_module(node: &Node) -> bool {
    const BLOCKS: &[&str] = &[
        "//",
        "check",
        "data",
        "import",
        "locals",
        "module",
        "moved",
        "output",
        "provider",
        "removed",
        "resource",
        "terraform",
        "variable",
    ];
    let has = |name| node.member(name).is_some();
    let members = node.members();
    members.iter().all(|member| BLOCKS.contains(&&*member.name))
        && (has("resource") || has("data") || has("module"))
}

/// The folder of a file, without the last separator.
pub(crate) fn folder(path: &str) -> &str {
    path.rfind(['/', '\\'])
        .and_then(|at| path.get(..at))
        .unwrap_or_default()
}

/// The name of a file without its folder.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
