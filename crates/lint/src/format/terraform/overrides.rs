//! Override files: `override.tf`, and files whose name ends with `_override.tf`, which Terraform reads
//! last, in the order of their names.

use std::collections::{HashMap, HashSet};

use super::expression::{Block, Expression};

/// The ends of the names of Terraform's files.
const ENDINGS: &[&str] = &[".tf", ".tofu", ".tf.json", ".tofu.json"];

/// Whether a file of this name says what takes the place of what other files say.
pub(crate) fn is_override(file_name: &str) -> bool {
    let mut names = ENDINGS.iter().filter_map(|end| file_name.strip_suffix(end));
    names.any(|name| name == "override" || name.ends_with("_override"))
}

/// Puts the blocks of override files in the place of what a module has; one that the module does not have
/// is a block more.
pub(crate) fn put_over(blocks: &mut Vec<Block>, overrides: Vec<Block>) {
    if overrides.is_empty() {
        return;
    }
    let mut places: HashMap<_, _> = blocks
        .iter()
        .enumerate()
        .map(|(place, block)| (identity(block), place))
        .collect();
    for own in overrides {
        if own.kind == "locals" {
            let given = given(&own);
            for block in blocks.iter_mut().filter(|block| block.kind == "locals") {
                block.attributes.retain(|(name, _)| !given.contains(name));
            }
            blocks.push(own);
            continue;
        }
        let end = blocks.len();
        let place = *places.entry(identity(&own)).or_insert(end);
        match blocks.get_mut(place) {
            Some(block) => put_into(block, own),
            None => blocks.push(own),
        }
    }
}

/// What a block is found by: its kind, its labels and, of a provider, its alias.
fn identity(block: &Block) -> Vec<String> {
    let alias = block.attribute("alias").and_then(Expression::literal);
    let alias = alias.filter(|_| block.kind == "provider");
    let names = [block.kind.as_str()].into_iter();
    let names = names.chain(block.labels.iter().map(String::as_str));
    names.chain(alias).map(str::to_owned).collect()
}

fn given(block: &Block) -> HashSet<String> {
    block.attributes.iter().map(|own| own.0.clone()).collect()
}

/// An attribute takes the place of the one of its name, and the blocks of a kind that of all of that kind.
fn put_into(block: &mut Block, over: Block) {
    let given = given(&over);
    let kinds: HashSet<_> = over.blocks.iter().map(made_kind).collect();
    let is_kept = |inner: &Block| !kinds.contains(made_kind(inner));
    block.attributes.retain(|(name, _)| !given.contains(name));
    block.blocks.retain(is_kept);
    block.attributes.extend(over.attributes);
    block.blocks.extend(over.blocks);
    block.tested.extend(over.tested);
}

/// The kind of a block, or of those that a `dynamic` block makes.
fn made_kind(block: &Block) -> &str {
    match block.kind.as_str() {
        "dynamic" => block.label(0),
        kind => kind,
    }
}
