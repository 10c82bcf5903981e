//! New resources that are given the ARN of an alias where the service stores that of the key (rule F1).

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::address::Address;
use super::attributes::Attributes;
use super::configuration::Tree;
use super::plan::{Plan, ResourceChange};
use super::reference_to::{self, References};
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
pub(super) fn advice(
    plan: &Plan<'_>,
    tree: &Tree<'_, '_>,
    references: &References<'_>,
) -> Vec<Advice> {
    let changes = plan.resource_changes.iter().flatten();
    changes
        .filter_map(|change| {
            let (_, attribute) = STORED.iter().find(|(kind, _)| *kind == &*change.kind)?;
            let is_new = change.change.actions.iter().map(|it| &**it).eq(["create"]);
            let alias = named_alias(change, attribute, tree, references).filter(|_| is_new)?;
            let Named { alias, reference } = alias;
            let write = match reference {
                Some(reference) => format!("`{reference}`, which is the ARN of the key"),
                None => "the ARN of the key".to_string(),
            };
            let words = format!(
                "`{attribute}` is the ARN of {alias}, and the service stores that of the key: the next plan shows a change \
                 that replaces the resource; write {write}"
            );
            Some(Advice::about(&change.address, AdviceRule::F1, words))
        })
        .collect()
}

/// An alias whose ARN a resource is given.
struct Named {
    alias: String,
    /// What to write in its place, where the plan has it.
    reference: Option<String>,
}

/// The alias whose ARN a new resource is given: one that stands, or one that the plan makes.
fn named_alias(
    change: &ResourceChange<'_>,
    attribute: &str,
    tree: &Tree<'_, '_>,
    references: &References<'_>,
) -> Option<Named> {
    if let Some(text) = Attributes::of(change.change.after).text(attribute) {
        let arn: AliasArn = text.parse().ok()?;
        let name = arn.alias_name();
        return Some(Named {
            alias: format!("{name}"),
            reference: references.key_of_alias(&change.address, name, None),
        });
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
    (is_alias && address.attribute == Some("arn")).then(|| Named {
        reference: Some(format!("{}.target_key_arn", reference_to::within(first))),
        alias: address.resource,
    })
}
