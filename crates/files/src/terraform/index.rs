//! Keys that are taken by an index: which index it is, a plan does not tell.

use alloc::collections::BTreeMap;
use alloc::string::String;

use super::configuration::Tree;
use super::follow::Standpoint;
use super::instance::{Instances, Kind};
use super::keys;

/// Whether an expression takes what it refers to by the index of its own resource or module: it refers to
/// that, to keys, aliases and modules, and to nothing else that may be the index.
pub(super) fn is_by_index(references: &[String]) -> bool {
    let is_index = |reference: &str| matches!(reference, "each.key" | "count.index");
    let is_taken = |reference: &str| {
        let kind = reference.split('.').next().unwrap_or_default();
        kind == "module" || Kind::of(kind).is_some()
    };
    let mut each = references.iter().map(String::as_str);
    each.clone().any(is_index) && each.all(|one| is_index(one) || is_taken(one))
}

/// The instances of a resource by their index, if they are new keys that are alike; else none.
pub(super) fn made_alike(
    tree: &Tree<'_, '_>,
    instances: &Instances<'_>,
    numbers: &[usize],
) -> BTreeMap<String, usize> {
    let mut by_index = BTreeMap::new();
    let mut first = None;
    for number in numbers {
        let Some(key) = instances.all.get(*number) else {
            continue;
        };
        let made = (keys::made(key, tree), key.after.text("region"));
        let is_one = key.kind.is_key() && !key.kind.is_replica() && key.is_created();
        if !is_one || *first.get_or_insert(made) != made {
            return BTreeMap::new();
        }
        if let Some(index) = &key.index {
            by_index.insert(index.clone(), *number);
        }
    }
    by_index
}

/// Whether a key is in the Region of what refers to it, and each of the others in another one.
pub(super) fn is_of_region(
    own: usize,
    at: &Standpoint,
    instances: &Instances<'_>,
    numbers: &[usize],
) -> bool {
    let region = |number: usize| {
        let key = instances.all.get(number)?;
        key.after.text("region").filter(|_| key.kind.is_key())
    };
    let Some(here) = at.region.as_deref() else {
        return false;
    };
    let is_elsewhere = |number: usize| region(number).is_some_and(|region| region != here);
    region(own) == Some(here)
        && numbers
            .iter()
            .all(|number| *number == own || is_elsewhere(*number))
}
