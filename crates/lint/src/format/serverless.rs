//! The Serverless Framework: the resources of `serverless.yml`, and the statements of its roles.
//!
//! Its variables (`${self:...}`, `${opt:...}`) are holes. The Region may be given on the command
//! line, so that it is never certain.

use super::Sink;
use super::cloudformation::lint_resources;
use super::intrinsic::{Dialect, Scope};
use crate::policy::{self, PolicyKind};
use crate::tree::{Node, Value};

/// Whether a tree is the configuration of a service.
pub(crate) fn is_service(node: &Node) -> bool {
    node.member("service").is_some() && node.member("provider").is_some()
}

/// Checks the configuration of a service.
pub(crate) fn lint(node: &Node, sink: &mut Sink) {
    if let Some(resources) = node.member("resources") {
        let parts = match &resources.value {
            Value::List(items) => items.iter().collect(),
            _ => vec![resources],
        };
        let maps: Vec<_> = parts
            .into_iter()
            .filter_map(|part| part.member("Resources"))
            .collect();
        lint_resources(&maps, None, None, None, Dialect::Serverless, None, sink);
    }
    let provider = [
        &["provider", "iam", "role", "statements"][..],
        &["provider", "iamRoleStatements"],
    ];
    let provider = provider.iter().filter_map(|path| node.path(path));
    let functions = node.member("functions").into_iter().flat_map(Node::members);
    let functions = functions.filter_map(|member| member.node.member("iamRoleStatements"));
    let scope = Scope {
        dialect: Dialect::Serverless,
        defaults: Default::default(),
        aliases: Default::default(),
        keys: Default::default(),
        mappings: None,
    };
    for statements in provider.chain(functions) {
        let statements = scope.simplified(statements);
        sink.policy(policy::statements(&statements, PolicyKind::Identity));
    }
}
