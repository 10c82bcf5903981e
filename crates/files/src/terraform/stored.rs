//! New resources that are given the ARN of an alias where the service stores that of the key (rule F1).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::address::Address;
use super::attributes::Attributes;
use super::configuration::Tree;
use super::plan::{Plan, ResourceChange};
use crate::advice::{Advice, AdviceRule};
use kms_alias::AliasArn;

/// Resources of which it is known that the service answers with the ARN of the key, whatever named it,
/// and that a change of the argument replaces them (ours: others may be alike).
const STORED: [(&str, &str); 3] = [
    ("aws_db_instance", "kms_key_id"),
    ("aws_rds_cluster", "kms_key_id"),
    ("aws_ebs_volume", "kms_key_id"),
];

/// What is to be said of the resources that a plan makes.
pub(super) fn advice(plan: &Plan<'_>, tree: &Tree<'_, '_>) -> Vec<Advice> {
    let changes = plan.resource_changes.iter().flatten();
    changes
        .filter_map(|change| {
            let (_, attribute) = STORED.iter().find(|(kind, _)| *kind == &*change.kind)?;
            let is_new = change.change.actions.iter().map(|it| &**it).eq(["create"]);
            let alias = named_alias(change, attribute, tree).filter(|_| is_new)?;
            let words = format!(
                "`{attribute}` is the ARN of {alias}, and the service stores that of the key: the next plan shows a change \
                 that replaces the resource; write the ARN of the key"
            );
            Some(Advice::about(&change.address, AdviceRule::F1, words))
        })
        .collect()
}

/// The alias whose ARN a new resource is given: one that stands, or one that the plan makes.
fn named_alias(
    change: &ResourceChange<'_>,
    attribute: &str,
    tree: &Tree<'_, '_>,
) -> Option<String> {
    if let Some(text) = Attributes::of(change.change.after).text(attribute) {
        let arn: AliasArn = text.parse().ok()?;
        return Some(format!("{}", arn.alias_name()));
    }
    if !Attributes::of(change.change.after_unknown).is_true(attribute) {
        return None;
    }
    let resource = tree.resource(&Address::parse(&change.address).path())?;
    let references = resource.expression(attribute)?.references;
    // A reference is followed by those that are its beginning.
    let (first, others) = references.split_first()?;
    if !others.iter().all(|other| first.starts_with(&**other)) {
        return None;
    }
    let address = Address::parse(first);
    let is_alias = address.resource.starts_with("aws_kms_alias.");
    (is_alias && address.attribute == Some("arn")).then_some(address.resource)
}
