//! The policy templates of SAM that take the ID of a KMS key.
//!
//! SAM makes of each a statement whose resource is `key/` and what it is given.

use super::Sink;
use super::intrinsic::{Resolved, Scope};
use crate::policy::{self, PolicyKind};
use crate::text::Text;
use crate::tree::{Member, Node, Value};

/// The templates, each with the action that its statement allows.
const TEMPLATES: &[(&str, &str)] = &[
    ("KMSDecryptPolicy", "kms:Decrypt"),
    ("KMSEncryptPolicy", "kms:Encrypt"),
    ("KMSEncryptPolicyV2", "kms:Encrypt"),
];

/// Checks the policy templates in `Policies` of a resource of SAM.
pub(super) fn policy_templates<'a>(scope: &Scope<'a>, properties: &'a Node, sink: &mut Sink) {
    if let Some(policies) = properties.member("Policies") {
        each_policy(scope, policies, sink);
    }
}

/// Checks policies, alone or in a list, and those that a condition chooses among.
fn each_policy<'a>(scope: &Scope<'a>, policies: &'a Node, sink: &mut Sink) {
    for policy in std::iter::once(policies).chain(policies.items()) {
        for Member { name, node, .. } in policy.members() {
            if name == "Fn::If" {
                let scope = scope.without_defaults();
                let branches = node.items().iter().skip(1);
                branches.for_each(|branch| each_policy(&scope, branch, sink));
            } else if let Some((_, action)) = TEMPLATES.iter().find(|(own, _)| own == name) {
                template(scope, action, node, sink);
            }
        }
    }
}

fn template<'a>(scope: &Scope<'a>, action: &str, parameters: &'a Node, sink: &mut Sink) {
    let key_id = parameters.member("KeyId").into_iter();
    for resolved in key_id.flat_map(|key_id| scope.resolve(key_id)) {
        let key_id = key_named(resolved);
        let document = document(action, &key_id);
        let mut policy = policy::document(&document, PolicyKind::Identity, "");
        policy.is_of_sam = true;
        // Of an alias the rules of policies tell.
        if !key_id.as_str().contains("alias/") {
            sink.key_id_of_sam(&key_id);
        }
        sink.policy(policy);
    }
}

/// What a template is given, as a text.
fn key_named(resolved: Resolved<'_>) -> Text {
    match resolved {
        Resolved::Text(text) => text,
        Resolved::Alias(_, at) => {
            let mut name = Text::literal("alias/", at.clone());
            name.push_hole(at);
            name
        }
    }
}

/// The policy that SAM makes; all of it stands at the ID of the key.
fn document(action: &str, key_id: &Text) -> Node {
    let at = key_id.at();
    let mut resource = Text::default();
    for part in ["arn:", ":kms:", ":"] {
        resource.push(part, at.clone());
        resource.push_hole(at.clone());
    }
    resource.push(":key/", at.clone());
    resource.push_text(key_id);
    let text = |text| Node::new(Value::Text(text), at.clone());
    let map = |members: Vec<(&str, Node)>| {
        let member = |(name, node): (&str, Node)| Member {
            name: name.to_owned(),
            name_at: at.clone(),
            node,
        };
        let members = members.into_iter().map(member).collect();
        Node::new(Value::Map(members), at.clone())
    };
    let literal = |own: &str| text(Text::literal(own, at.clone()));
    let statement = map(vec![
        ("Effect", literal("Allow")),
        ("Action", literal(action)),
        ("Resource", text(resource)),
    ]);
    let statements = Node::new(Value::List(vec![statement]), at.clone());
    map(vec![
        ("Version", literal("2012-10-17")),
        ("Statement", statements),
    ])
}
