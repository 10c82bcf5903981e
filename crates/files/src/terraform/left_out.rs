//! What of a plan is not read or not known.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::configuration::{Node, Tree};
use super::instance::Kind;
use super::plan::{Plan, StateResource};
use crate::advice::{Advice, AdviceRule};

/// The lists of actions that Terraform and OpenTofu write for a managed resource.
const ACTIONS: [&[&str]; 9] = [
    &["no-op"],
    &["create"],
    &["update"],
    &["delete"],
    &["delete", "create"],
    &["create", "delete"],
    &["forget"],
    &["forget", "create"],
    &["create", "forget"],
];

/// What of a plan is not read (rule F8).
pub(super) fn advice(
    plan: &Plan<'_>,
    tree: &Tree<'_, '_>,
    state: &[&StateResource<'_>],
) -> Vec<Advice> {
    let mut advice = unknown_actions(plan);
    if plan.resource_changes.is_none() && has_keys(plan, tree, state) {
        let words = "the plan has no `resource_changes`, so that what changes is not known: hand in all that \
                     `terraform show -json` prints of a plan";
        advice.push(Advice::new(AdviceRule::F8, words));
    }
    let version = plan.format_version.as_deref().unwrap_or("1.0");
    if !matches!(version.split('.').next(), Some("0" | "1")) {
        let words = format!(
            "the format of the plan is {version}, and 0.1 to 1.x are known: what is new in it is not judged"
        );
        advice.push(Advice::new(AdviceRule::F8, words));
    }
    if plan.errored == Some(true) {
        let words = "the plan ended with an error and is not whole: mend the error and plan again";
        advice.push(Advice::new(AdviceRule::F8, words));
    }
    let deferred = plan.deferred_changes.as_ref().map_or(0, Vec::len);
    if deferred > 0 {
        let words = match deferred {
            1 => "1 change is deferred and not judged: apply, and plan again".to_string(),
            _ => format!("{deferred} changes are deferred and not judged: apply, and plan again"),
        };
        advice.push(Advice::new(AdviceRule::F8, words));
    }
    // An error, and what is deferred, are told above.
    if plan.complete == Some(false) && plan.errored != Some(true) && deferred == 0 {
        let words =
            "the plan is not complete, and what it leaves out is not judged: apply, and plan again";
        advice.push(Advice::new(AdviceRule::F8, words));
    }
    advice
}

/// Actions on resources of KMS that no known version writes.
fn unknown_actions(plan: &Plan<'_>) -> Vec<Advice> {
    let is_managed = |mode: Option<&str>| mode.is_none_or(|mode| mode == "managed");
    let changes = plan.resource_changes.iter().flatten();
    let of_kms =
        changes.filter(|it| Kind::of(&it.kind).is_some() && is_managed(it.mode.as_deref()));
    let unknown = of_kms.filter_map(|it| {
        let actions = &it.change.actions;
        let is_known = ACTIONS.iter().any(|known| known == actions);
        let shown: Vec<String> = actions.iter().map(|it| format!("{it:?}")).collect();
        let words = format!(
            "what the actions [{}] do to a resource is not known, and not judged",
            shown.join(", ")
        );
        (!is_known).then(|| Advice::about(&it.address, AdviceRule::F8, words))
    });
    unknown.collect()
}

/// Whether a plan has keys or aliases of which something has to be listed: where its configuration
/// is not there, it may (ours). Of what has a `count` or `for_each` there may be none.
fn has_keys(plan: &Plan<'_>, tree: &Tree<'_, '_>, state: &[&StateResource<'_>]) -> bool {
    let is_one = |node: &Node<'_, '_>| {
        let resource = node.resource;
        let is_of_kms = resource.address.split('.').next().and_then(Kind::of);
        let is_counted =
            resource.count_expression.is_some() || resource.for_each_expression.is_some();
        is_of_kms.is_some() && !is_counted && node.module.is_empty()
    };
    let is_managed = |it: &&StateResource<'_>| {
        Kind::of(&it.kind).is_some() && it.mode.as_deref() != Some("data")
    };
    plan.configuration.is_none()
        || tree.resources.iter().any(is_one)
        || state.iter().any(is_managed)
}
