//! Kubernetes manifests: the aliases of ACK, Crossplane and Upbound.
//!
//! | API group | name | target | Region |
//! |---|---|---|---|
//! | `kms.services.k8s.aws` (ACK) | `spec.name`, `alias/` added where it is missing | `spec.targetKeyID` | annotation `services.k8s.aws/region` |
//! | `kms.aws.crossplane.io` | annotation `crossplane.io/external-name`, else `metadata.name`; `alias/` always added | `spec.forProvider.targetKeyId` | `spec.forProvider.region` |
//! | `kms.aws.upbound.io`, `kms.aws.m.upbound.io` | the same, `alias/` added where it is missing | `spec.forProvider.targetKeyId`, `spec.initProvider.targetKeyId` | `spec.forProvider.region` |
//!
//! The policies that texts of such objects hold as JSON are checked too, and the objects that a
//! Composition makes. What Flux, Helm or `envsubst` fills (`${...}`, `{{ ... }}`, `$NAME`) is a hole.

use super::Sink;
use super::composition;
use super::embedded::document_in;
use super::placeholder::{with_holes, without_variables};
use crate::names::NameRole;
use crate::policy::{self, PolicyKind};
use crate::text::Text;
use crate::tree::{Node, Value};

/// Whether a tree is an object of Kubernetes.
pub(crate) fn is_object(node: &Node) -> bool {
    node.member("apiVersion").is_some() && node.member("kind").is_some()
}

/// What adds `alias/` to a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefix {
    Always,
    WhereMissing,
}

/// How a controller describes an alias.
struct Controller {
    group: &'static str,
    /// Where the name may stand; the first that is there is the one.
    names: &'static [&'static [&'static str]],
    prefix: Prefix,
    targets: &'static [&'static [&'static str]],
    region: &'static [&'static str],
}

const EXTERNAL_NAMES: &[&[&str]] = &[
    &["metadata", "annotations", "crossplane.io/external-name"],
    &["metadata", "name"],
];

const REGION: &[&str] = &["spec", "forProvider", "region"];

const UPBOUND: Controller = Controller {
    group: "kms.aws.upbound.io",
    names: EXTERNAL_NAMES,
    prefix: Prefix::WhereMissing,
    targets: &[
        &["spec", "forProvider", "targetKeyId"],
        &["spec", "initProvider", "targetKeyId"],
    ],
    region: REGION,
};

const CONTROLLERS: &[Controller] = &[
    Controller {
        group: "kms.services.k8s.aws",
        names: &[&["spec", "name"]],
        prefix: Prefix::WhereMissing,
        targets: &[&["spec", "targetKeyID"]],
        region: &["metadata", "annotations", "services.k8s.aws/region"],
    },
    Controller {
        group: "kms.aws.crossplane.io",
        names: EXTERNAL_NAMES,
        prefix: Prefix::Always,
        targets: &[&["spec", "forProvider", "targetKeyId"]],
        region: REGION,
    },
    UPBOUND,
    Controller {
        group: "kms.aws.m.upbound.io",
        ..UPBOUND
    },
];

/// Checks an object, or the objects of a list.
pub(crate) fn lint(node: &Node, sink: &mut Sink) {
    let kind = node
        .member("kind")
        .and_then(Node::literal)
        .unwrap_or_default();
    if kind.ends_with("List") {
        for item in node.member("items").into_iter().flat_map(Node::items) {
            lint(item, sink);
        }
    }
    if kind == "Composition" {
        for object in composition::objects(node) {
            lint(&object, sink);
        }
    }
    let version = node.member("apiVersion").and_then(Node::literal);
    let group = version.and_then(|version| version.split_once('/'));
    let controller = group.and_then(|(group, _)| CONTROLLERS.iter().find(|own| own.group == group));
    if let Some((group, _)) = group.filter(|(group, _)| is_of_aws(group)) {
        let kind = if group.starts_with("kms.") {
            PolicyKind::Key
        } else {
            PolicyKind::Identity
        };
        let spec = node.member("spec").into_iter();
        spec.for_each(|spec| policies(spec, kind, sink));
    }
    if let Some(controller) = controller.filter(|_| kind == "Alias") {
        alias(node, controller, sink);
    }
}

/// Whether a group is of a controller of AWS's resources: of ACK, Crossplane or Upbound.
fn is_of_aws(group: &str) -> bool {
    const ENDS: &[&str] = &[
        ".services.k8s.aws",
        ".aws.crossplane.io",
        ".aws.upbound.io",
        ".aws.m.upbound.io",
    ];
    ENDS.iter().any(|end| group.ends_with(end))
}

/// The policies that texts of an object hold as JSON.
fn policies(node: &Node, kind: PolicyKind, sink: &mut Sink) {
    match &node.value {
        Value::Text(text) => {
            if let Some(document) = document_in(&filled(text)) {
                sink.policy(policy::document(&document, kind, ""));
            }
        }
        Value::List(items) => items.iter().for_each(|item| policies(item, kind, sink)),
        Value::Map(members) => {
            for member in members {
                policies(&member.node, kind, sink);
            }
        }
        Value::Plain(_) | Value::Unknown => {}
    }
}

fn alias(node: &Node, controller: &Controller, sink: &mut Sink) {
    let name = name(node, controller);
    let is_observed = is_observed(node);
    if let Some(name) = name.and_then(Node::text) {
        let role = if is_observed {
            NameRole::Any
        } else {
            NameRole::New
        };
        sink.name(&prefixed(&filled(name), controller.prefix), role);
    }
    if is_observed {
        return;
    }
    let region = node.path(controller.region).and_then(Node::literal);
    let region = region.filter(|region| !region.contains(['$', '{']));
    for path in controller.targets {
        if let Some(target) = node.path(path).and_then(Node::text) {
            sink.target(&filled(target), region);
        }
    }
}

/// The name of an alias: the first that is there, and not empty where another may take its place.
fn name<'a>(node: &'a Node, controller: &Controller) -> Option<&'a Node> {
    let names = controller.names.iter().filter_map(|path| node.path(path));
    let mut names = names.filter(|name| !matches!(name.value, Value::Plain(_)));
    match controller.names {
        [_] => names.next(),
        _ => names.find(|name| name.literal() != Some("")),
    }
}

/// Whether the controller only looks at the alias, which then may be AWS's own.
fn is_observed(node: &Node) -> bool {
    let read_only = ["metadata", "annotations", "services.k8s.aws/read-only"];
    let policies = node.path(&["spec", "managementPolicies"]);
    let policy = node.path(&["spec", "managementPolicy"]);
    let only_observes = policies.is_some_and(
        |policies| matches!(policies.items(), [only] if only.literal() == Some("Observe")),
    );
    only_observes
        || policy.and_then(Node::literal) == Some("ObserveOnly")
        || node.path(&read_only).and_then(Node::literal) == Some("true")
}

fn filled(text: &Text) -> Text {
    without_variables(&with_holes(text, &[("${", "}"), ("{{", "}}")]))
}

fn prefixed(name: &Text, prefix: Prefix) -> Text {
    let has_it = name.as_str().starts_with("alias/");
    // A hole may bring the prefix with it.
    let may_have_it = prefix == Prefix::WhereMissing
        && name.has_holes()
        && name.as_str().starts_with(crate::text::HOLE);
    if prefix == Prefix::WhereMissing && (has_it || may_have_it) {
        return name.clone();
    }
    let mut text = Text::default();
    text.push("alias/", name.at());
    text.push_text(name);
    text
}
