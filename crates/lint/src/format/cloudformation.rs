//! CloudFormation templates: `AWS::KMS::Alias`, and the policies of any resource.
//!
//! Functions are followed as far as the template tells: `Ref` of a parameter is its default,
//! `Ref` of an alias is an alias, `Ref` and `Fn::GetAtt` of a key are its ID and ARN, `Fn::Sub`, `Fn::Join` and `Fn::Select` are put together, both
//! branches of `Fn::If` are checked, in them no defaults. Everything else is a hole. Parameters that
//! name an entry of the Parameter Store are holes too, and so are those with an empty default.

use super::embedded::document_in;
use super::intrinsic::{Dialect, Resolved, Scope};
use super::template_loops::{is_loop, written_out};
use super::{Sink, sam, takes_a_key};
use crate::names::NameRole;
use crate::policy::{self, PolicyKind};
use std::collections::{HashMap, HashSet};

use crate::tree::{Member, Node, Value};

/// Whether a tree is a template: it has resources, each with a type.
pub(crate) fn is_template(node: &Node) -> bool {
    node.member("Resources").is_some_and(has_resource)
}

/// Whether a resource is among these, perhaps in a loop.
fn has_resource(resources: &Node) -> bool {
    let mut members = resources.members().iter();
    members.any(|member| {
        let is_resource = member.node.member("Type").and_then(Node::literal).is_some();
        is_resource || is_loop(member) && member.node.items().iter().any(has_resource)
    })
}

/// Checks a template, whose Region is known only from a CDK assembly.
pub(crate) fn lint(node: &Node, region: Option<&str>, sink: &mut Sink) {
    let resources = node.member("Resources").map(written_out);
    let conditions = node.member("Conditions").map(written_out);
    let resources: Vec<&Node> = resources.iter().map(AsRef::as_ref).collect();
    lint_resources(
        &resources,
        node.member("Parameters"),
        node.member("Mappings"),
        conditions.as_deref(),
        Dialect::CloudFormation,
        region,
        sink,
    );
}

/// Checks the resources of a template, which may stand in several maps.
pub(crate) fn lint_resources(
    resources: &[&Node],
    parameters: Option<&Node>,
    mappings: Option<&Node>,
    conditions: Option<&Node>,
    dialect: Dialect,
    region: Option<&str>,
    sink: &mut Sink,
) {
    let all = resources.iter().flat_map(|map| map.members());
    let resource_type = |node: &'_ Node| {
        node.member("Type")
            .and_then(Node::literal)
            .map(str::to_owned)
    };
    let of_types = |types: &'static [&'static str]| {
        let is_one = move |member: &&Member| {
            resource_type(&member.node).is_some_and(|own| types.contains(&&*own))
        };
        all.clone()
            .filter(is_one)
            .map(|member| member.name.as_str())
    };
    let scope = Scope {
        dialect,
        defaults: parameters.map(defaults).unwrap_or_default(),
        aliases: of_types(&[ALIAS]).collect(),
        keys: of_types(KEYS).collect(),
        mappings,
    };
    let conditions = Conditions::new(conditions);
    let mut conditional: HashMap<&str, Scope<'_>> = HashMap::new();
    for member in all {
        let Some(resource_type) = resource_type(&member.node) else {
            continue;
        };
        let Some(properties) = member.node.member("Properties") else {
            continue;
        };
        let condition = member.node.member("Condition").and_then(Node::literal);
        let scope = match condition {
            None => &scope,
            Some(name) => conditional
                .entry(name)
                .or_insert_with(|| scope.without(&conditions.tested(name))),
        };
        if resource_type == ALIAS {
            alias(scope, properties, region, sink);
        } else if resource_type.starts_with("AWS::") {
            let kind = policy_kind(&resource_type);
            policies(scope, properties, kind, sink);
            key_identifiers(scope, properties, sink);
            sam::policy_templates(scope, properties, sink);
            if resource_type == REPLICA {
                primary_key(scope, properties, sink);
            }
        }
    }
}

const ALIAS: &str = "AWS::KMS::Alias";
const REPLICA: &str = "AWS::KMS::ReplicaKey";
const KEYS: &[&str] = &["AWS::KMS::Key", REPLICA];

/// The conditions of a template by name.
struct Conditions<'a>(HashMap<&'a str, &'a Node>);

impl<'a> Conditions<'a> {
    fn new(conditions: Option<&'a Node>) -> Self {
        let members = conditions.into_iter().flat_map(Node::members);
        Self(members.map(|own| (own.name.as_str(), &own.node)).collect())
    }

    /// The parameters that a condition asks for, which may rule out that a default of theirs is used.
    fn tested(&self, name: &'a str) -> HashSet<&'a str> {
        let (mut names, mut parameters) = (vec![name], HashSet::new());
        let mut known = HashSet::new();
        while let Some(name) = names.pop() {
            if !known.insert(name) {
                continue;
            }
            let mut nodes: Vec<&Node> = self.0.get(name).copied().into_iter().collect();
            while let Some(node) = nodes.pop() {
                nodes.extend(node.items());
                for member in node.members() {
                    match (member.name.as_str(), member.node.literal()) {
                        ("Ref", Some(parameter)) => _ = parameters.insert(parameter),
                        ("Condition", Some(condition)) => names.push(condition),
                        _ => nodes.push(&member.node),
                    }
                }
            }
        }
        parameters
    }
}

/// The parameters that have a default which is a text and not empty.
fn defaults(parameters: &Node) -> HashMap<&str, &crate::text::Text> {
    let of_text = |node: &Node| {
        let kind = node
            .member("Type")
            .and_then(Node::literal)
            .unwrap_or("String");
        kind == "String" || kind.starts_with("AWS::KMS::")
    };
    let members = parameters.members().iter();
    members
        .filter(|member| of_text(&member.node))
        .filter_map(|member| {
            let default = member.node.member("Default").and_then(Node::text)?;
            // An empty one stands for a value that is not given.
            (!default.as_str().is_empty()).then_some((member.name.as_str(), default))
        })
        .collect()
}

fn alias(scope: &Scope<'_>, properties: &Node, region: Option<&str>, sink: &mut Sink) {
    if let Some(name) = properties.member("AliasName") {
        for resolved in scope.resolve(name) {
            if let Resolved::Text(text) = resolved {
                sink.name(&text, NameRole::New);
            }
        }
    }
    if let Some(target) = properties.member("TargetKeyId") {
        for resolved in scope.resolve(target) {
            match resolved {
                Resolved::Text(text) => sink.target(&text, region),
                Resolved::Alias(name, at) => sink.alias_as_target(name, at),
            }
        }
    }
}

/// The primary key of a replica, which no alias can name.
fn primary_key(scope: &Scope<'_>, properties: &Node, sink: &mut Sink) {
    let arn = properties.member("PrimaryKeyArn").into_iter();
    for resolved in arn.flat_map(|arn| scope.resolve(arn)) {
        match resolved {
            Resolved::Text(text) => sink.key_alone(&text),
            Resolved::Alias(name, at) => sink.alias_as_key(name, at),
        }
    }
}

/// Checks what names a key for another service, anywhere among the properties but in policies.
fn key_identifiers(scope: &Scope<'_>, node: &Node, sink: &mut Sink) {
    if policy::is_document(node) {
        return;
    }
    match &node.value {
        Value::List(items) => {
            for item in items {
                key_identifiers(scope, item, sink);
            }
        }
        Value::Map(members) => {
            for Member { name, node, .. } in members {
                if takes_a_key(name) {
                    for resolved in scope.resolve(node) {
                        if let Resolved::Text(text) = resolved {
                            sink.key_identifier(&text);
                        }
                    }
                }
                key_identifiers(scope, node, sink);
            }
        }
        _ => {}
    }
}

fn policy_kind(resource_type: &str) -> PolicyKind {
    match resource_type {
        "AWS::KMS::Key" | "AWS::KMS::ReplicaKey" => PolicyKind::Key,
        "AWS::Organizations::Policy" => PolicyKind::Scp,
        _ => PolicyKind::Identity,
    }
}

/// Every policy document among the properties of a resource. The depth of a tree is bounded.
fn policies(scope: &Scope<'_>, node: &Node, kind: PolicyKind, sink: &mut Sink) {
    if policy::is_document(node) {
        let document = scope.simplified(node);
        sink.policy(policy::document(&document, kind, ""));
        return;
    }
    let puts_together = ["Fn::Sub", "Fn::Join"];
    let is_text =
        node.text().is_some() || puts_together.iter().any(|name| node.member(name).is_some());
    for resolved in is_text.then(|| scope.resolve(node)).into_iter().flatten() {
        if let Resolved::Text(text) = resolved
            && let Some(document) = document_in(&text)
        {
            sink.policy(policy::document(&document, kind, ""));
            return;
        }
    }
    match &node.value {
        Value::List(items) => {
            for item in items {
                policies(scope, item, kind, sink);
            }
        }
        Value::Map(members) => {
            for member in members {
                policies(scope, &member.node, kind, sink);
            }
        }
        _ => {}
    }
}
